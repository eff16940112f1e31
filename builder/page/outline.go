package page

import (
	"html/template"
	"strings"
	"sync"

	"sopan.dev/sopan/builder/course"
)

// An outline is the same on all pages of a module but for the step that is
// current, so it is rendered once a module and language, and the mark is put
// in for each page.

type outlineKey struct {
	module *course.Module
	lang   string
}

type outlineOnce struct {
	once sync.Once
	html string
	err  error
}

// outline gives the course's outline as seen from a page of module m; item is
// the page's own step, nil on the module's page.
func (p *planner) outline(m *course.Module, lang, from string, item *course.Item) (template.HTML, error) {
	entry, _ := p.outlines.LoadOrStore(outlineKey{m, lang}, &outlineOnce{})
	o := entry.(*outlineOnce)
	o.once.Do(func() {
		v := p.placeIn(&m.Course.Place, lang)
		var b []byte
		b, o.err = p.execute("outline", OutlineView{
			Words: p.theme.words[lang], Course: Link{Href: href(from, v.Address, ""), Title: v.Title, Key: m.Course.Key},
			Flights: p.flights(m.Course, lang, from, m),
		})
		o.html = string(b)
	})
	if o.err != nil || item == nil {
		return template.HTML(o.html), o.err
	}
	mark := `data-item="` + template.HTMLEscapeString(item.Key) + `"`
	if at := strings.Index(o.html, mark); at >= 0 {
		if a := strings.Index(o.html[at:], "<a "); a >= 0 {
			a += at + len("<a ")
			return template.HTML(o.html[:a] + `aria-current="page" ` + o.html[a:]), nil
		}
	}
	return template.HTML(o.html), nil
}

// flights lists a course's modules with their steps, as links from a page.
func (p *planner) flights(c *course.Course, lang, from string, current *course.Module) []Flight {
	var out []Flight
	for _, m := range c.Modules {
		f := p.flight(m, lang, from)
		f.Current = m == current
		out = append(out, f)
	}
	return out
}

func (p *planner) flight(m *course.Module, lang, from string) Flight {
	f := Flight{}
	if m.Slug != "" {
		f.Link = p.placeLink(&m.Place, lang, from)
		f.Key = m.Key
		f.Summary = p.site.PlaceVersion(&m.Place, lang).Front.Summary
	}
	for _, i := range m.Items {
		s := p.step(i, lang, from)
		f.Minutes += s.Minutes
		f.Steps = append(f.Steps, *s)
	}
	f.Time = p.duration(f.Minutes, lang)
	return f
}

// placeLink leads to a course or module: to its page in the language where
// there is one, else to the first language's.
func (p *planner) placeLink(place *course.Place, lang, from string) Link {
	v := p.site.PlaceVersion(place, lang)
	l := Link{Title: v.Title}
	to := v
	if place.Module == nil || p.moduleIn(place.Module, lang) {
		to = p.placeIn(place, lang)
	}
	l.Href = href(from, to.Address, "")
	if v.Lang != lang {
		l.Lang = v.Lang
	}
	return l
}

// step is an item as a link from a page.
func (p *planner) step(i *course.Item, lang, from string) *Step {
	v := p.site.ItemVersion(i, lang)
	s := &Step{Link: Link{Href: href(from, v.Address, ""), Title: v.Title, Key: i.Key}, Type: string(i.Type), Minutes: v.Front.Minutes}
	if v.Lang != lang {
		s.Lang = v.Lang
	}
	return s
}

// neighbours gives the steps before and after an item in its course.
func (p *planner) neighbours(i *course.Item, lang, from string) (prev, next *Step) {
	items := i.Module.Course.Items()
	for n, other := range items {
		if other != i {
			continue
		}
		if n > 0 {
			prev = p.step(items[n-1], lang, from)
		}
		if n+1 < len(items) {
			next = p.step(items[n+1], lang, from)
		}
	}
	return prev, next
}
