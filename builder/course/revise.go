package course

import (
	"maps"
	"reflect"
	"slices"

	"sopan.dev/sopan/builder/markdown"
	"sopan.dev/sopan/builder/source"
)

// On gives the survey of another tree, in which the same texts stand in the
// same places: only what they say may differ.
func (s *Survey) On(tree *source.Tree) *Survey {
	out := *s
	out.tree = tree
	return &out
}

// Find gives the number of the text in a file, -1 where there is none.
func (s *Survey) Find(file string) int {
	for i := range s.Len() {
		if s.File(i) == file {
			return i
		}
	}
	return -1
}

// Unheard tells whether nothing but a text's own pages and what shows its
// title, summary, minutes or headings can differ when it says something else.
// before is what it said. Whatever Join checks or derives from a reading must be
// compared here.
func (s *Survey) Unheard(file string, before, now *Reading) bool {
	return s.site.unheard(file, before, now)
}

func (s *Site) unheard(file string, before, now *Reading) bool {
	v := s.byFile[file]
	if v == nil || !alike(before, now) || v.Included != nil || len(now.Facts.Includes) > 0 {
		return false
	}
	// A translation is held against its original.
	return v.Item == nil || len(v.Item.Versions) == 1 || v.Item.Type == Lesson
}

// Revise gives the site in which one text says something else and is unheard
// (see Survey.Unheard); else ok is false, and the readings have to be joined again. The site
// itself stays as it is; of the new one the course of the text is a copy, and
// all else is shared.
//
// It is what makes a preview of thousands of lessons show an edit at once.
func (s *Site) Revise(tree *source.Tree, file string, before, now *Reading) (revised *Site, ok bool) {
	if !s.unheard(file, before, now) {
		return nil, false
	}
	v := s.byFile[file]
	out := *s
	out.Tree = tree
	out.byFile = maps.Clone(s.byFile)
	out.byFolder = maps.Clone(s.byFolder)
	at := slices.Index(s.Courses, v.Course())
	if at < 0 {
		return nil, false
	}
	c := copyCourse(s.Courses[at], &out)
	out.Courses = slices.Clone(s.Courses)
	out.Courses[at] = c
	out.Moved = slices.Clone(s.Moved)
	for i, m := range out.Moved {
		if to := out.byFile[m.To.File]; to != nil {
			out.Moved[i].To = to
		}
	}
	out.rereads = &rereads{courses: out.Courses}
	out.byFile[file].take(now)
	return &out, true
}

// alike tells whether two readings of a text are the same to all other texts,
// and to every check.
func alike(a, b *Reading) bool {
	if a.translation != nil || b.translation != nil || (a.Quiz == nil) != (b.Quiz == nil) || (a.Graph == nil) != (b.Graph == nil) || a.Graph != nil {
		return false
	}
	if !slices.Equal(a.headingIDs(), b.headingIDs()) || len(a.Mentions) != len(b.Mentions) || (a.Title == "") != (b.Title == "") {
		return false
	}
	for i, m := range a.Mentions { // their places are told of nobody: there is nothing wrong with them
		n := b.Mentions[i]
		if m.What != n.What || m.Dest != n.Dest || m.Level != n.Level {
			return false
		}
	}
	if !reflect.DeepEqual(a.Diags, b.Diags) || !reflect.DeepEqual(checked(*a.Front), checked(*b.Front)) || len(a.Facts.Human) != len(b.Facts.Human) {
		return false
	}
	return a.Practice == b.Practice && reflect.DeepEqual(a.Quiz, b.Quiz)
}

// Shows tells whether pages of other texts show the same of two readings.
func (r *Reading) Shows(other *Reading) bool {
	f, o := r.Front, other.Front
	return r.Title == other.Title && f.Summary == o.Summary && f.Minutes == o.Minutes && f.Status == o.Status &&
		slices.EqualFunc(slices.Collect(r.Headings.All()), slices.Collect(other.Headings.All()), func(a, b markdown.Heading) bool { return a.ID == b.ID && a.Text == b.Text })
}

// headingIDs is what links find in a text, sorted.
func (r *Reading) headingIDs() (ids []string) {
	for h := range r.Headings.All() {
		ids = append(ids, h.ID)
	}
	slices.Sort(ids)
	return ids
}

// checked is a front matter without what pages alone show.
func checked(f Front) Front {
	f.Summary, f.Minutes, f.Authors, f.Licence, f.Sources, f.AsOf, f.ReviewBy = "", 0, nil, "", nil, "", ""
	f.Outcomes, f.Keywords, f.Audience = nil, nil, ""
	for i := range f.Aliases {
		f.Aliases = slices.Clone(f.Aliases)
		f.Aliases[i] = Alias{Address: f.Aliases[i].Address}
	}
	return f
}

// copyCourse copies a course with all that stands in it, and enters the copies
// into the site's indexes.
func copyCourse(c *Course, into *Site) *Course {
	versions := func(of Versions, change func(*Version)) Versions {
		out := make(Versions, len(of))
		for n, v := range of {
			copied := *v
			change(&copied)
			out[n] = &copied
			if v.File != "" {
				into.byFile[v.File] = &copied
			}
		}
		return out
	}
	place := func(p *Place) {
		p.Versions = versions(p.Versions, func(v *Version) { v.Place = p })
		if into.byFolder[p.Dir] != nil {
			into.byFolder[p.Dir] = p
		}
	}
	out := *c
	out.Course = &out
	place(&out.Place)
	out.Modules = make([]*Module, len(c.Modules))
	for n, m := range c.Modules {
		module := *m
		module.Course, module.Module = &out, &module
		if m.Slug != "" {
			place(&module.Place)
		}
		module.Items = make([]*Item, len(m.Items))
		for k, i := range m.Items {
			item := *i
			item.Module = &module
			item.Versions = versions(i.Versions, func(v *Version) { v.Item = &item })
			module.Items[k] = &item
		}
		out.Modules[n] = &module
	}
	return &out
}
