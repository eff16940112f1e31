package page

import (
	"bytes"
	"slices"

	"sopan.dev/sopan/builder/bundle"
	"sopan.dev/sopan/builder/course"
	"sopan.dev/sopan/builder/output"
)

// Written is what is known of the files of the last build.
type Written interface {
	// Key is under which key a file was made (see output.Entry); false where
	// there was none.
	Key(address string) (key string, there bool)
	// Content is a file as it was written; false where it is not so any more.
	Content(address string) (content []byte, same bool)
}

// edit is what a plan starts from that makes anew what shows an edit.
type edit struct {
	last    Written
	changed map[string]bool // the files that the edit touched
}

func newEdit(last Written, texts []*course.Version) *edit {
	e := &edit{last, make(map[string]bool, len(texts))}
	for _, v := range texts {
		e.changed[v.File] = true
	}
	return e
}

// touched tells whether a text, or one that is included in it, says something else.
func (e *edit) touched(v *course.Version) bool {
	return e.changed[v.File] || slices.ContainsFunc(v.Included, func(i course.Included) bool { return e.changed[i.Version.File] })
}

// Amend plans what has to be made anew where texts of one course say something
// that other pages do not show (course.Site.Unheard, course.Reading.Shows):
// their own pages, the course's search indexes, and the lists of its files. All
// other files of the last build stay as they are. The site may hold the course
// of these texts alone.
//
// ok is false where anything else changed, or is not known: then the whole is
// to be planned.
func Amend(site *course.Site, theme *Theme, assets *bundle.Assets, o Options, last Written, texts []*course.Version) (files []File, ok bool) {
	p := newPlanner(site, theme, assets, o)
	p.edit = newEdit(last, texts)
	c := texts[0].Course()
	p.add(courseAddress(c), "", readsCourse(c), nil)
	for _, lang := range site.Settings.Languages {
		if !p.in(&c.Place, lang) {
			continue
		}
		for _, v := range texts {
			if v.Item != nil {
				p.itemPages(v.Item, lang)
			} else {
				p.place(v.Place, lang)
			}
		}
		p.courseIndex(c, lang)
	}
	p.nameAll()
	// The key of a course's script holds its face and the base: what pages show
	// of each other is what it was.
	if !sameKey(p.files[0], last) {
		return nil, false
	}
	p.files = p.files[1:]
	p.relists(last, c)
	return p.files, true
}

// AmendCourse is Amend for texts that say something which other pages show: of
// their course and of the whole site, and of no other course. It plans all pages of
// both. Of all other courses the site holds the faces.
func AmendCourse(site *course.Site, theme *Theme, assets *bundle.Assets, o Options, last Written, c *course.Course, texts []*course.Version) (files []File, ok bool) {
	p := newPlanner(site, theme, assets, o)
	p.edit = newEdit(last, texts)
	p.add("404.html", "", baseOnly, nil)
	for _, lang := range site.Settings.Languages {
		p.generated(lang)
		if p.course(c, lang) && p.keepable() {
			p.add(unkeptAddress(c, lang), "", readsUnkept(c, lang), func(b *bytes.Buffer) error { return p.unkept(b, c, lang) })
		}
	}
	p.add(courseAddress(c), "", readsCourse(c), func(b *bytes.Buffer) error { return p.courseItems(b, c) })
	for _, m := range site.Moved {
		p.add(m.Address, m.To.File, readsMoved(m), func(b *bytes.Buffer) error { return p.moved(b, m) })
	}
	p.nameAll()
	if !sameKey(p.files[0], last) { // another base
		return nil, false
	}
	p.files = p.files[1:]
	p.relists(last, site.Courses...) // each names the site's own pages
	return p.files, true
}

// sameKey tells whether a file is what it was in the last build.
func sameKey(f File, last Written) bool {
	key, there := last.Key(f.Address)
	return there && key != "" && key == f.Key
}

// relists adds the lists of courses' files, in each language that has one.
func (p *planner) relists(last Written, courses ...*course.Course) {
	for _, c := range courses {
		for _, lang := range p.site.Settings.Languages {
			address := releaseAddress(c, lang)
			if _, there := last.Key(address); !there {
				continue
			}
			p.files = append(p.files, File{Address: address, Late: func(sum func(string) (output.Sum, bool)) ([]byte, error) {
				old, same := last.Content(address)
				if !same {
					return nil, output.ErrTouched
				}
				return relist(c.Slug, lang, old, sum)
			}})
		}
	}
}
