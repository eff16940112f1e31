package course

import (
	"path"
	"slices"
	"strings"

	"sopan.dev/sopan/internal/diag"
)

// dropDraftAssets leaves out the files that only drafts point at: a draft's
// pictures, films and downloads are as unpublished as its words. What stands
// in static is copied as it is.
func (l *loader) dropDraftAssets(drafts []*Version) {
	gone := map[string]bool{}
	for _, v := range drafts {
		for _, m := range v.Mentions {
			d, problem := l.site.Resolve(v, m.Dest)
			if problem != nil || d.Asset == nil || d.Asset.used || !strings.HasPrefix(d.Asset.File, contentRoot+"/") {
				continue
			}
			gone[d.Asset.File] = true
			for _, track := range l.site.Tracks(d.Asset) {
				gone[track.Asset.File] = gone[track.Asset.File] || path.Ext(d.Asset.File) != ".vtt" && !track.Asset.used
			}
		}
	}
	for _, a := range l.site.Assets {
		if gone[a.File] {
			delete(l.site.assets, a.File)
		}
	}
	l.site.Assets = slices.DeleteFunc(l.site.Assets, func(a *Asset) bool { return gone[a.File] })
	l.diags = slices.DeleteFunc(l.diags, func(d diag.Diagnostic) bool { return gone[d.Start.File] })
}

// dropDrafts takes drafts out: a draft in the first language takes its
// translations along. Which files were left out is kept, so that a link to
// one can say so. It gives the texts that it took out.
func (l *loader) dropDrafts() (drafts []*Version) {
	s := l.site
	s.drafts = map[string]bool{}
	first := s.Settings.Languages[0]
	drop := func(versions *Versions) (gone bool) {
		original := versions.In(first)
		whole := original != nil && original.Front.Status == Draft
		*versions = slices.DeleteFunc(*versions, func(v *Version) bool {
			out := whole || v.Front.Status == Draft
			if out && v.File != "" {
				s.drafts[v.File] = true
			}
			return out
		})
		return whole
	}
	s.Courses = slices.DeleteFunc(s.Courses, func(c *Course) bool {
		if drop(&c.Versions) {
			for _, i := range c.Items() {
				for _, v := range i.Versions {
					s.drafts[v.File] = true
				}
			}
			s.dropFolder(c.Dir)
			return true
		}
		c.Modules = slices.DeleteFunc(c.Modules, func(m *Module) bool {
			if m.Slug != "" && drop(&m.Versions) {
				for _, i := range m.Items {
					for _, v := range i.Versions {
						s.drafts[v.File] = true
					}
				}
				s.dropFolder(m.Dir)
				return true
			}
			m.Items = slices.DeleteFunc(m.Items, func(i *Item) bool { return drop(&i.Versions) })
			return m.Slug == "" && len(m.Items) == 0
		})
		return false
	})
	l.texts = slices.DeleteFunc(l.texts, func(v *Version) bool {
		if s.drafts[v.File] {
			drafts = append(drafts, v)
		}
		return s.drafts[v.File]
	})
	for f := range s.drafts {
		delete(s.byFile, f)
	}
	// A draft may be as unfinished as it likes; check --drafts tells what it lacks.
	l.diags = slices.DeleteFunc(l.diags, func(d diag.Diagnostic) bool { return s.drafts[d.Start.File] })
	return drafts
}

// dropFolder forgets a draft course or module with its assets and modules.
func (s *Site) dropFolder(dir string) {
	s.drafts[dir] = true
	for folder := range s.byFolder {
		if folder == dir || strings.HasPrefix(folder, dir+"/") {
			for _, v := range s.byFolder[folder].Versions {
				if v.File != "" {
					s.drafts[v.File] = true
				}
			}
			delete(s.byFolder, folder)
		}
	}
	s.Assets = slices.DeleteFunc(s.Assets, func(a *Asset) bool {
		if strings.HasPrefix(a.File, dir+"/") {
			delete(s.assets, a.File)
			return true
		}
		return false
	})
}
