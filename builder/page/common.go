package page

import (
	"fmt"
	"strings"

	"sopan.dev/sopan/builder/course"
)

// about says what a page is, for common.
type about struct {
	sheet   *sheet // of an item's page
	kind    string
	address string
	lang    string
	title   string
	summary string
	course  *course.Course
	version *course.Version  // of an item, module or course; nil for generated pages
	twin    string           // of a generated page: its name in each language's root
	asked   course.Questions // that stand in the page
}

// quiz tells whether there are questions in the page.
func (a about) quiz() bool { return a.asked.Quiz != nil || len(a.asked.Practice) > 0 }

// ruled tells whether they are a quiz with a time, a draw or a purpose.
func (a about) ruled() bool { return a.asked.Quiz != nil && a.asked.Quiz.Ruled() }

// common fills what is in every view.
func (p *planner) common(a about) Common {
	shared := p.shared(a)
	c := shared.Common
	c.Title, c.HeadTitle, c.Description = a.title, a.title, a.summary
	switch {
	case a.kind == "course", a.kind == "site":
	case c.Course != nil:
		c.HeadTitle += " · " + c.Course.Title
	default:
		c.HeadTitle += " · " + c.SiteTitle
	}
	if a.version != nil {
		c.Updated = date(a.version.Front.AsOf, a.lang)
	}
	c.Crumbs = p.crumbs(a, shared.Crumbs)
	c.Alternates = p.alternates(a)
	c.Data = shared.data(a.sheet, p.itemData(a))
	return c
}

// crumbs leads from the front page down to the page; above are those that other
// pages share.
func (p *planner) crumbs(a about, above []Link) []Link {
	if a.kind == "site" {
		return nil
	}
	crumbs := append(make([]Link, 0, len(above)+2), above...)
	if a.kind == "facilitator" {
		crumbs = append(crumbs, Link{Href: href(a.address, a.version.Address, ""), Title: a.version.Title})
	}
	return append(crumbs, Link{Title: a.title})
}

// alternates lists the page in each of the site's languages. Where a page is
// not translated the switch leads to the course in that language, else to
// that language's front page.
func (p *planner) alternates(a about) []Alternate {
	if len(p.site.Settings.Languages) < 2 {
		return nil
	}
	var out []Alternate
	for _, lang := range p.site.Settings.Languages {
		language, _ := course.LanguageByTag(lang)
		alt := Alternate{Lang: lang, Name: language.Name, Current: lang == a.lang}
		to, same := p.twin(a, lang)
		alt.Href, alt.Same = href(a.address, to, ""), same
		out = append(out, alt)
	}
	return out
}

func (p *planner) twin(a about, lang string) (address string, same bool) {
	switch {
	case lang == a.lang:
		return a.address, true
	case a.kind == "facilitator":
		if v := a.version.Item.Versions.In(lang); v != nil {
			return v.Facilitator(), true
		}
	case a.version != nil && a.version.Item != nil:
		if v := a.version.Item.Versions.In(lang); v != nil {
			return v.Address, true
		}
	case a.version != nil && a.version.Place != nil:
		place := a.version.Place
		if place.Module == nil || p.in(place, lang) {
			if p.in(&place.Course.Place, lang) {
				return p.placeIn(place, lang).Address, true
			}
		}
	case a.kind == "certificate":
		if p.in(&a.course.Place, lang) {
			return p.site.Certificate(a.course, lang), true
		}
	case a.twin != "":
		return p.site.Root(lang) + a.twin, true
	}
	if a.course != nil && p.in(&a.course.Place, lang) {
		return p.placeIn(&a.course.Place, lang).Address, false
	}
	return p.home(lang), false
}

// home is the address of the first page in a language: a site's front page, a
// package's course.
func (p *planner) home(lang string) string {
	if p.options.Profile != "" {
		if c := p.site.Courses[0]; p.in(&c.Place, lang) {
			return p.placeIn(&c.Place, lang).Address
		}
		return "index.html"
	}
	return p.site.Root(lang) + "index.html"
}

// word gives a UI word with its placeholders filled: word("left", "n", 3).
func (p *planner) word(lang, key string, pairs ...any) string {
	w := p.theme.words[lang][key]
	for i := 0; i+1 < len(pairs); i += 2 {
		w = strings.ReplaceAll(w, "{"+pairs[i].(string)+"}", fmt.Sprint(pairs[i+1]))
	}
	return w
}
