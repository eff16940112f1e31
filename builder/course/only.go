package course

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"sopan.dev/sopan/internal/diag"
)

// This file cuts a site down to one course, for a package.

// UnknownCourseError says that no course is called so, or that it has nothing to show yet.
type UnknownCourseError struct{ Name, Hint string }

func (e *UnknownCourseError) Error() string {
	return fmt.Sprintf("there is no course `%s`. %s", e.Name, e.Hint)
}

// FindCourse finds a course by its slug, its key, or its folder: "my-course",
// "10-my-course", "content/10-my-course".
func (s *Site) FindCourse(name string) (*Course, error) {
	asked := strings.Trim(strings.ReplaceAll(name, `\`, "/"), "/")
	var known []string
	for _, c := range s.Courses {
		if asked != "" && slices.Contains([]string{c.Slug, c.Key, c.Dir, path.Base(c.Dir)}, asked) {
			if len(s.Langs(c)) == 0 { // a folder of drafts, without an index.md
				return nil, &UnknownCourseError{name, "Its folder holds no text that is published: write one, or give a draft another `status`."}
			}
			return c, nil
		}
		known = append(known, c.Slug)
	}
	e := &UnknownCourseError{Name: name, Hint: diag.DidYouMean(path.Base(asked), known)}
	switch {
	case s.draftCourse(asked):
		e.Hint = "It is a draft: give it another `status` first."
	case e.Hint != "":
	case len(known) == 0:
		e.Hint = "The site has no course."
	default:
		e.Hint = "The courses are: " + strings.Join(known, ", ") + "."
	}
	return nil, e
}

// draftCourse tells whether a course of this name was left out as a draft.
func (s *Site) draftCourse(name string) bool {
	for folder := range s.drafts {
		if path.Dir(folder) == contentRoot && slices.Contains([]string{folder, path.Base(folder), placeSlug(path.Base(folder))}, name) {
			return true
		}
	}
	return false
}

// Only gives the site with one course in it and nothing of the others: its
// languages, its old addresses, the files in its folder, those that its texts
// use, and what stands in static. A text that leads into another course is an
// error: the package would hold a link to nowhere.
func (s *Site) Only(c *Course) (*Site, diag.List) {
	var diags diag.List
	used := map[*Asset]bool{}
	look := func(v *Version, m Mention) {
		d, there := s.leadsTo(v, m)
		if !there {
			return
		}
		if d.Version != nil && d.Version.Course() != c {
			start, end := m.at.in(v.File)
			diags = append(diags, diag.Diagnostic{
				Start: start, End: end, Code: "package/outside-link",
				Message: fmt.Sprintf("`%s` leads into another course, `%s`, which is not in this package.", m.Dest, d.Version.Course().Slug),
				Hint:    "Take the link out, or link to what this course says of it.",
			})
		}
		if d.Asset != nil {
			used[d.Asset] = true
			for _, t := range s.Tracks(d.Asset) {
				used[t.Asset] = true
			}
		}
	}
	for _, v := range c.Texts() {
		for _, m := range v.Mentions {
			look(v, m)
		}
		for _, included := range v.Included {
			for _, m := range included.Version.Mentions {
				look(included.Version.On(v), m)
			}
		}
	}
	only := *s
	only.Courses = []*Course{c}
	first := s.Settings.Languages[0]
	only.Settings.Languages = slices.DeleteFunc(slices.Clone(s.Settings.Languages), func(lang string) bool {
		return lang != first && !c.in(lang) // the first one's root is where the package begins
	})
	only.Moved = slices.DeleteFunc(slices.Clone(s.Moved), func(m Moved) bool { return m.To.Course() != c })
	only.Assets = slices.DeleteFunc(slices.Clone(s.Assets), func(a *Asset) bool {
		return !used[a] && !strings.HasPrefix(a.File, c.Dir+"/") && !strings.HasPrefix(a.File, "static/")
	})
	return &only, diags.Sort()
}

// leadsTo finds what a text mentions, where that is a page or a file.
func (s *Site) leadsTo(v *Version, m Mention) (Destination, bool) {
	var d Destination
	var problem *LinkError
	switch m.What {
	case "competency", "activity", "include":
		return d, false
	case "reread":
		d, problem = s.Reread(v, m.Dest)
	case "case":
		d, problem = s.CaseStudy(v, m.Dest)
	default:
		d, problem = s.Resolve(v, m.Dest)
	}
	return d, problem == nil
}

// Texts lists every text of a course, in a fixed order.
func (c *Course) Texts() []*Version {
	var out []*Version
	out = append(out, c.Versions.Sorted()...)
	for _, m := range c.Modules {
		out = append(out, m.Versions.Sorted()...)
		for _, i := range m.Items {
			out = append(out, i.Versions.Sorted()...)
		}
	}
	return out
}

// Elsewhere tells whether a file belongs to another course than c: what is
// wrong there does not keep a package of c back.
func (s *Site) Elsewhere(c *Course, file string) bool {
	for _, other := range s.Courses {
		if other != c && (file == other.Dir || strings.HasPrefix(file, other.Dir+"/")) {
			return true
		}
	}
	return false
}
