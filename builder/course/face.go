package course

// Face is what pages show of a course that are not the page of the text at hand:
// its outline, without a word of the texts. It is plain data, and enough to make
// the site's own pages and search index of. A fact that such a page shows has to
// stand here; what a link shows of the text that it leads to stands in the key of
// the link's page (see builder/page/key.go).
type Face struct {
	Dir, Key, Slug string
	Complete       Complete
	Versions       []faceText
	Modules        []faceModule
}

type faceModule struct {
	Key, Slug string
	Versions  []faceText
	Items     []faceItem
}

type faceItem struct {
	Key, Slug string
	Type      ItemType
	Versions  []faceText
}

type faceText struct {
	Lang, Fallback, Address, Title string
	Written                        bool // there is a file, and not only a folder's name
	Front                          Front
}

// Face gives a course's face.
func (s *Site) Face(c *Course) *Face {
	versions := func(of Versions) []faceText {
		out := make([]faceText, 0, len(of))
		for _, lang := range s.Settings.Languages {
			if v := of.In(lang); v != nil {
				f := v.Front
				out = append(out, faceText{v.Lang, v.Fallback, v.Address, v.Title, v.File != "",
					Front{Summary: f.Summary, Minutes: f.Minutes, Status: f.Status, Competencies: f.Competencies}})
			}
		}
		return out
	}
	face := &Face{Dir: c.Dir, Key: c.Key, Slug: c.Slug, Complete: c.Complete, Versions: versions(c.Versions), Modules: make([]faceModule, len(c.Modules))}
	for n, m := range c.Modules {
		items := make([]faceItem, len(m.Items))
		for k, i := range m.Items {
			items[k] = faceItem{i.Key, i.Slug, i.Type, versions(i.Versions)}
		}
		face.Modules[n] = faceModule{m.Key, m.Slug, versions(m.Versions), items}
	}
	return face
}

// course gives a course of which nothing is known but its face.
func (f *Face) course() *Course {
	versions := func(of []faceText) Versions {
		out := make(Versions, len(of))
		for n := range of {
			t := &of[n]
			v := &Version{Lang: t.Lang, Fallback: t.Fallback, Address: t.Address, Title: t.Title, Reading: &Reading{Front: &t.Front, Facts: noFacts}}
			if t.Written {
				v.File = f.Dir
			}
			out[n] = v
		}
		return out
	}
	c := &Course{Place: Place{Dir: f.Dir, Key: f.Key, Slug: f.Slug, Versions: versions(f.Versions)}, Complete: f.Complete, Modules: make([]*Module, len(f.Modules))}
	c.Course = c
	for n, fm := range f.Modules {
		m := &Module{Place: Place{Key: fm.Key, Slug: fm.Slug, Course: c, Versions: versions(fm.Versions)}, Items: make([]*Item, len(fm.Items))}
		m.Module = m
		for k, fi := range fm.Items {
			m.Items[k] = &Item{Key: fi.Key, Type: fi.Type, Slug: fi.Slug, Module: m, Versions: versions(fi.Versions)}
		}
		c.Modules[n] = m
	}
	return c
}

// Among gives a site that holds one course with the faces of all others beside
// it, in the order of the faces; its own course takes the place of its face. ok
// is false where it has none there.
func (s *Site) Among(faces []*Face) (whole *Site, ok bool) {
	out := *s
	out.Courses = make([]*Course, len(faces))
	for n, f := range faces {
		if out.Courses[n] = f.course(); f.Dir == s.Courses[0].Dir {
			out.Courses[n], ok = s.Courses[0], true
		}
	}
	return &out, ok
}
