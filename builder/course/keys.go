package course

import (
	"fmt"

	"sopan.dev/sopan/internal/diag"
)

// This file gives courses, modules and items their stable keys.

// name gives courses, modules and items their stable keys.
func (l *loader) name() {
	first := l.site.Settings.Languages[0]
	courseKeys := map[string]*Version{}
	for _, c := range l.site.Courses {
		cv := c.Versions.In(first)
		c.Key = orElse(cv.Front.ID, c.Slug)
		l.unique(courseKeys, c.Key, cv, c.Dir)
		c.Complete = cv.Front.Complete
		keys := map[string]*Version{}
		for _, m := range c.Modules {
			prefix := ""
			if m.Slug != "" {
				m.Key = orElse(m.Versions.In(first).Front.ID, m.Slug)
				l.unique(keys, m.Key, m.Versions.In(first), m.Dir)
				prefix = m.Key + "/"
			}
			for _, i := range m.Items {
				v := i.Versions.In(first)
				i.Key = l.room.join(prefix, orElse(v.Front.ID, i.Slug))
				l.unique(keys, i.Key, v, v.File)
			}
		}
	}
}

func (l *loader) unique(keys map[string]*Version, key string, v *Version, file string) {
	if other, twice := keys[key]; twice {
		if other.Address == v.Address {
			return // which checkAddresses reports, and which comes to the same
		}
		where := func(v *Version, dir string) string { return orElse(v.File, dir) }
		l.diags = append(l.diags, diag.Diagnostic{
			Start: diag.Pos{File: where(v, file)}, Code: "course/id-twice",
			Message: fmt.Sprintf("The id `%s` is taken already: learners' progress on both would be mixed up.", key),
			Hint:    "Give one of them another `id:` in its front matter.",
			Related: []diag.Related{{Pos: diag.Pos{File: where(other, "")}, Message: "the other one"}},
		})
		return
	}
	keys[key] = v
}
