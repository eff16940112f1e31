package page

import (
	"html"
	"html/template"
	"path"
	"slices"
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

// othersKey names how the modules of a course look from a module that is
// another one: from all modules with a folder they look the same, and from what
// stands in the course's own folder.
type othersKey struct {
	course *course.Course
	lang   string
	folder bool
}

// recent holds what was made last of what many pages share. Pages are made in
// the order of their addresses, so that what has gone is seldom asked for again,
// and then made anew: a site of thousands of modules is not held in memory for it.
type recent[K comparable, V any] struct {
	mu   sync.Mutex
	made map[K]V
	past map[K]V // what was made before these
}

// mostRecent is how many of each are held, twice: those of the courses that
// pages are in the making of.
const mostRecent = 64

// get gives what is held for a key, else what fn makes. It may be made twice.
func (r *recent[K, V]) get(key K, fn func() V) V {
	r.mu.Lock()
	v, there := r.made[key]
	if !there {
		v, there = r.past[key]
	}
	r.mu.Unlock()
	if there {
		return v
	}
	v = fn()
	r.mu.Lock()
	defer r.mu.Unlock()
	if other, there := r.made[key]; there {
		return other
	}
	if len(r.made) >= mostRecent || r.made == nil {
		r.past, r.made = r.made, make(map[K]V, mostRecent)
	}
	r.made[key] = v
	return v
}

type outlineOnce struct {
	once  sync.Once
	html  string
	marks map[string]int // by the key of a step: where in its link the mark goes
	err   error
}

// outline draws the course's outline onto a sheet, as seen from the page of an
// item, which is marked as current.
func (p *planner) outline(sheet *sheet, i *course.Item, lang, from string) (template.HTML, error) {
	o, err := p.outlineFrom(i.Module, lang, from)
	if err != nil {
		return "", err
	}
	begin, before := sheet.Len(), 0
	if at, there := o.marks[i.Key]; there {
		sheet.WriteString(o.html[:at])
		sheet.WriteString(`aria-current="page" `)
		before = at
	}
	sheet.WriteString(o.html[before:])
	return sheet.from(begin), nil
}

// outlineFrom gives the course's outline as seen from a page of module m.
func (p *planner) outlineFrom(m *course.Module, lang, from string) (*outlineOnce, error) {
	o := p.outlines.get(outlineKey{m, lang}, func() *outlineOnce { return &outlineOnce{} })
	o.once.Do(func() {
		v := p.placeIn(&m.Course.Place, lang)
		s := p.sheet()
		defer p.sheets.Put(s)
		o.err = p.execute(&s.Buffer, "outline", OutlineView{
			Words: p.theme.words[lang], Course: Link{Href: href(from, v.Address, ""), Title: v.Title, Key: m.Course.Key},
			Flights: p.flightsAround(m, lang, from),
		})
		o.html = s.String()
		o.marks = marksIn(o.html)
	})
	return o, o.err
}

// marksIn finds the first link behind each data-item of an outline.
func marksIn(outline string) map[string]int {
	marks := map[string]int{}
	const attribute, link = `data-item="`, "<a "
	for at := 0; ; {
		next := strings.Index(outline[at:], attribute)
		if next < 0 {
			return marks
		}
		at += next + len(attribute)
		key, _, _ := strings.Cut(outline[at:], `"`)
		a := strings.Index(outline[at:], link)
		if a < 0 {
			return marks
		}
		key = html.UnescapeString(key)
		if _, twice := marks[key]; !twice {
			marks[key] = at + a + len(link)
		}
	}
}

// flightsAround lists the modules of a course as seen from a page of one of
// them. It is asked for once a module: the steps of the others are listed once
// for all, or a course of many modules would cost their number squared.
func (p *planner) flightsAround(m *course.Module, lang, from string) []Flight {
	key := othersKey{m.Course, lang, m.Slug != ""}
	out := slices.Clone(p.others.get(key, func() []Flight {
		outside := from
		if key.folder {
			outside = path.Join(path.Dir(path.Dir(from)), "another module", path.Base(from))
		}
		return p.flights(m.Course, lang, outside)
	}))
	at := slices.Index(m.Course.Modules, m)
	out[at] = p.flight(m, lang, from)
	out[at].Current = true
	return out
}

// flights lists a course's modules with their steps, as links from a page.
func (p *planner) flights(c *course.Course, lang, from string) []Flight {
	out := make([]Flight, len(c.Modules))
	for n, m := range c.Modules {
		out[n] = p.flight(m, lang, from)
	}
	return out
}

func (p *planner) flight(m *course.Module, lang, from string) Flight {
	f := Flight{Steps: make([]Step, len(m.Items))}
	if m.Slug != "" {
		f.Link = p.placeLink(&m.Place, lang, from)
		f.Key = m.Key
		f.Summary = p.site.PlaceVersion(&m.Place, lang).Front.Summary
	}
	for n, i := range m.Items {
		f.Steps[n] = p.step(i, lang, from)
		f.Minutes += f.Steps[n].Minutes
	}
	f.Time = p.duration(f.Minutes, lang)
	return f
}

// placeLink leads to a course or module: to its page in the language where
// there is one, else to that of a language that has it.
func (p *planner) placeLink(place *course.Place, lang, from string) Link {
	v := p.site.PlaceVersion(place, lang)
	to := p.placeIn(place, lang)
	for _, other := range p.site.Settings.Languages {
		if to == nil {
			to = p.placeIn(place, other)
		}
	}
	if to == nil { // nothing of it anywhere
		to = v
	}
	l := Link{Title: v.Title, Href: href(from, to.Address, "")}
	if v.Lang != lang {
		l.Lang = v.Lang
	}
	return l
}

// step is an item as a link from a page.
func (p *planner) step(i *course.Item, lang, from string) Step {
	v := p.site.ItemVersion(i, lang)
	s := Step{Link: Link{Href: href(from, v.Address, ""), Title: v.Title, Key: i.Key}, Type: string(i.Type), Minutes: v.Front.Minutes}
	if v.Lang != lang {
		s.Lang = v.Lang
	}
	return s
}
