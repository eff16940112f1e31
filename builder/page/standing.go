package page

import (
	"slices"
	"strings"
	"sync"

	"sopan.dev/sopan/builder/course"
)

// This file answers what the pages of a course ask again and again: what there
// is of it in which language, which step comes before. The answers are worked
// out once, so that a page of a course of thousands costs what one of ten does.

// standing is a course or module in each language that it has anything in: the
// version that its page shows, nil where a module has no page.
type standing map[string]*course.Version

// findStandings looks through all courses.
func (p *planner) findStandings() {
	p.standings = map[*course.Place]standing{}
	for _, c := range p.site.Courses {
		s := standing{}
		for _, lang := range p.site.Langs(c) {
			s[lang] = p.translated(&c.Place, lang)
		}
		p.standings[&c.Place] = s
		for _, m := range c.Modules {
			s := standing{}
			for _, lang := range p.site.Settings.Languages {
				if m.Versions.In(lang) == nil && !slices.ContainsFunc(m.Items, func(i *course.Item) bool { return i.Versions.In(lang) != nil }) {
					continue
				}
				if s[lang] = nil; m.Slug != "" {
					s[lang] = p.translated(&m.Place, lang)
				}
			}
			p.standings[&m.Place] = s
		}
	}
}

// translated gives a course's or module's version in a language; where its
// index.md is not translated, the first language's words at this language's
// address.
func (p *planner) translated(place *course.Place, lang string) *course.Version {
	if v := place.Versions.In(lang); v != nil {
		return v
	}
	v := *p.site.PlaceVersion(place, lang)
	v.Address = p.site.Root(lang) + strings.TrimPrefix(v.Address, p.site.Root(v.Lang))
	v.Fallback, v.Lang = v.Lang, lang
	return &v
}

// in tells whether a course or module has anything in a language.
func (p *planner) in(place *course.Place, lang string) bool {
	_, there := p.standings[place][lang]
	return there
}

// placeIn gives a course's or module's version in a language that it has
// anything in.
func (p *planner) placeIn(place *course.Place, lang string) *course.Version {
	return p.standings[place][lang]
}

// order is a course's items in order, and the place of each.
type order struct {
	once  sync.Once
	items []*course.Item
	at    map[*course.Item]int
}

// neighbours gives the steps before and after an item in its course.
func (p *planner) neighbours(i *course.Item, lang, from string) (prev, next *Step) {
	o := p.orders[i.Module.Course]
	o.once.Do(func() {
		o.items = i.Module.Course.Items()
		o.at = make(map[*course.Item]int, len(o.items))
		for n, one := range o.items {
			o.at[one] = n
		}
	})
	at := o.at[i]
	if at > 0 {
		s := p.step(o.items[at-1], lang, from)
		prev = &s
	}
	if at+1 < len(o.items) {
		s := p.step(o.items[at+1], lang, from)
		next = &s
	}
	return prev, next
}
