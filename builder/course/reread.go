package course

import (
	"fmt"
	"path"
	"strings"
	"sync"

	"golang.org/x/text/unicode/norm"

	"sopan.dev/sopan/internal/diag"
)

// rereads finds items and modules by their address without language and
// ".html" ("my-course/why-change/vuca"), and items by course and key. It is
// made when the first question tells somebody to read something again.
type rereads struct {
	courses []*Course
	once    sync.Once
	items   map[string]*Item
	keys    map[*Course]map[string]*Item
	modules map[string]*Module
}

func (r *rereads) index() {
	r.items, r.keys, r.modules = map[string]*Item{}, map[*Course]map[string]*Item{}, map[string]*Module{}
	for _, c := range r.courses {
		keys := map[string]*Item{}
		for _, m := range c.Modules {
			if m.Slug != "" {
				r.modules[c.Slug+"/"+m.Slug] = m
			}
			for _, i := range m.Items {
				keys[i.Key] = i
				r.items[path.Join(c.Slug, m.Slug, i.Slug)] = i
			}
		}
		r.keys[c] = keys
	}
}

// Reread finds what a question tells a learner to read again: a path to a
// source file, or an address without ".html" from the course's root, from the
// module's or from the site's ("why-change/vuca#heading").
func (s *Site) Reread(from *Version, dest string) (Destination, *LinkError) {
	target, fragment, _ := strings.Cut(dest, "#")
	if target == "" || strings.HasSuffix(target, ".md") || strings.HasPrefix(target, ".") || strings.HasPrefix(target, "/") {
		return s.Resolve(from, dest)
	}
	target = strings.TrimSuffix(norm.NFC.String(unescape(target)), ".html")
	s.rereads.once.Do(s.rereads.index)
	c := from.Course()
	var found *Version
	ask := func(i *Item) {
		if i != nil && found == nil {
			found = s.ItemVersion(i, from.Lang)
		}
	}
	ask(s.rereads.items[c.Slug+"/"+target])
	ask(s.rereads.keys[c][target])
	if from.Item != nil {
		ask(s.rereads.items[path.Join(c.Slug, from.Item.Module.Slug, target)])
	}
	ask(s.rereads.items[target])
	if m := s.rereads.modules[c.Slug+"/"+target]; found == nil && m != nil {
		found = s.PlaceVersion(&m.Place, from.Lang)
	}
	if found == nil {
		return Destination{}, s.noReread(c, target)
	}
	return s.toVersion(from, found, norm.NFC.String(unescape(fragment)), dest)
}

// noReread names the nearest lesson of the course.
func (s *Site) noReread(c *Course, target string) *LinkError {
	var known []string
	for _, i := range c.Items() {
		known = append(known, path.Join(i.Module.Slug, i.Slug))
	}
	hint := diag.DidYouMean(target, known)
	for _, k := range known {
		if hint == "" && path.Base(k) == path.Base(target) {
			hint = fmt.Sprintf("Did you mean `%s`?", k)
		}
	}
	return &LinkError{
		Code: "link/no-file", Message: fmt.Sprintf("There is no lesson `%s` in this course.", target),
		Hint: orElse(hint, "Write the module and the lesson as in the page's address: `why-change/vuca#heading`."),
	}
}
