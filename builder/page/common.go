package page

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"sopan.dev/sopan/builder/bundle"
	"sopan.dev/sopan/builder/course"
	"sopan.dev/sopan/runtime"
)

// about says what a page is, for common.
type about struct {
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
	s := p.site.Settings
	words := p.theme.words[a.lang]
	language, _ := course.LanguageByTag(a.lang)
	home := p.home(a.lang)
	c := Common{
		Kind: a.kind, Lang: a.lang, Dir: language.Dir, Title: a.title, Description: a.summary,
		SiteTitle: s.Title.In(a.lang, s.Languages[0]),
		Root:      root(strings.TrimPrefix(a.address, p.site.Root(a.lang))),
		Home:      href(a.address, home, ""),
		Map:       href(a.address, p.site.Root(a.lang)+"map.html", ""),
		MyRecords: href(a.address, p.site.Root(a.lang)+"records.html", ""),
		Publisher: s.Publisher.In(a.lang, s.Languages[0]),
		Styles:    []string{p.style(a, bundle.Main)},
		Boot:      p.script(a, "boot"),
		CSP:       p.csp,
		Hosted:    runtime.Hosted(p.options.Profile),
		Words:     words,
		Icon:      href(a.address, "favicon.svg", ""),
	}
	c.HeadTitle = a.title
	if a.course != nil {
		v := p.placeIn(&a.course.Place, a.lang)
		if a.kind != "course" {
			c.HeadTitle += " · " + v.Title
		}
		c.Course = &Link{Href: href(a.address, v.Address, ""), Title: v.Title, Key: a.course.Key}
	} else if a.kind != "site" {
		c.HeadTitle += " · " + c.SiteTitle
	}
	if len(p.site.Glossary) > 0 {
		c.Glossary = href(a.address, p.site.Root(a.lang)+"glossary.html", "")
	}
	story := a.kind == "case" || a.kind == "facilitator"
	c.Late = []string{p.style(a, bundle.Late)}
	switch {
	case a.quiz() && !story && !runtime.Early(a.kind): // practice stands in or behind the text: the text comes first
		c.Late = append(c.Late, p.style(a, bundle.Exercise))
	case a.quiz() || story || a.kind == "certificate":
		c.Styles = append(c.Styles, p.style(a, bundle.Exercise))
	}
	if story {
		c.Styles = append(c.Styles, p.style(a, bundle.Case))
	}
	if a.version != nil && len(a.version.Facts.Langs) > 0 {
		c.Styles = append(c.Styles, p.style(a, bundle.Code))
	}
	scripts := p.scripts(a)
	if runtime.Early(a.kind) {
		c.Scripts = scripts
	} else {
		c.Then = strings.Join(append(slices.Clone(c.Late), scripts...), " ")
	}
	if p.endpoint() != "" {
		c.Spare = p.script(a, "unsent")
	}
	if v := a.version; v != nil {
		c.Draft = v.Front.Status == course.Draft
		c.Updated = date(v.Front.AsOf, a.lang)
	}
	c.Crumbs = p.crumbs(a)
	c.Alternates = p.alternates(a)
	c.Data = dataElement(`id="sopan-page"`, p.data(a))
	return c
}

// scripts lists what a page runs behind the boot script, in order.
func (p *planner) scripts(a about) []string {
	names := []string{"base"}
	switch a.kind {
	case "course", "module", "lesson", "case", "facilitator":
		names = append(names, "read")
	}
	if p.endpoint() != "" {
		names = append(names, "recorder")
	}
	if a.kind == "records" {
		names = append(names, "my")
	}
	if a.kind == "certificate" {
		names = append(names, "certificate")
	}
	if a.ruled() {
		names = append(names, "rules")
	}
	if a.quiz() {
		if script := bundle.KindScript(kindsIn(a.asked)); script != "" {
			names = append(names, script)
		}
		names = append(names, "quiz")
	}
	if a.kind == "case" {
		names = append(names, "case")
	}
	if a.kind == "course" && p.keepable() {
		names = append(names, "offline")
	}
	var out []string
	for _, name := range names {
		out = append(out, p.script(a, name))
	}
	if a.course != nil {
		out = append(out, href(a.address, courseAddress(a.course), ""))
	}
	return out
}

// kindsIn lists the kinds of questions in a page.
func kindsIn(asked course.Questions) []string {
	var kinds []string
	for _, block := range asked.All() {
		for i := range block.Questions {
			kinds = append(kinds, block.Questions[i].Kind)
		}
	}
	return kinds
}

func (p *planner) style(a about, name string) string {
	return href(a.address, p.assets.Styles[name], "")
}

func (p *planner) script(a about, entry string) string {
	return href(a.address, p.assets.Scripts[a.lang][entry], "")
}

func (p *planner) data(a about) pageData {
	s := p.site.Settings
	d := pageData{
		V: 1, Kind: a.kind, Lang: a.lang, Root: root(a.address),
		Site:   idTitle{s.ID, s.Title.In(a.lang, s.Languages[0])},
		Search: searchAddress(a.course, a.lang),
	}
	if a.course != nil {
		v := p.placeIn(&a.course.Place, a.lang)
		cd := &courseData{Key: a.course.Key, ID: courseIRI(p.site, a.course), Title: v.Title, Href: href(a.address, v.Address, "")}
		cd.Complete.Pass = a.course.Complete.Pass
		d.Course = cd
	}
	if v := a.version; v != nil {
		d.Draft = v.Front.Status == course.Draft
		if i := v.Item; i != nil && a.kind != "facilitator" { // to read the sheet is not to work through the case
			d.Item = &itemData{i.Key, itemIRI(p.site, i), i.Type, v.Title, v.Front.Minutes}
		}
	}
	if a.kind == "quiz" {
		d.Result, d.Preview = p.assets.Scripts[a.lang]["result"], p.options.Preview
	}
	if e := p.endpoint(); e != "" {
		d.Records = &recordsData{e, p.assets.Scripts[a.lang]["unsent"]}
	}
	if runtime.Hosted(p.options.Profile) {
		d.Host = p.options.Profile
	}
	return d
}

// endpoint gives the record endpoint that pages name, "" for none.
func (p *planner) endpoint() string {
	switch e := p.options.Endpoint; {
	case runtime.Hosted(p.options.Profile):
		return "" // the platform gets the records, and the shell tells it
	case e == "":
		return p.site.Settings.Endpoint
	default:
		return strings.TrimRight(e, "/")
	}
}

// policy is the page's Content-Security-Policy. It begins with
// default-src 'self'; nothing unsafe is ever in it. form-action is 'none'
// because no form of a page is sent anywhere.
func (p *planner) policy() string {
	connect := "'self'"
	if e := p.endpoint(); e != "" {
		if u, err := url.Parse(e); err == nil && u.Host != "" {
			connect += " " + u.Scheme + "://" + u.Host
		}
	}
	return "default-src 'self'; connect-src " + connect + "; object-src 'none'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'"
}

// crumbs leads from the front page down to the page.
func (p *planner) crumbs(a about) []Link {
	words := p.theme.words[a.lang]
	if a.kind == "site" {
		return nil
	}
	var crumbs []Link
	if p.options.Profile == "" {
		crumbs = append(crumbs, Link{Href: href(a.address, p.home(a.lang), ""), Title: words["home"]})
	}
	if a.course != nil && a.kind != "course" {
		v := p.placeIn(&a.course.Place, a.lang)
		crumbs = append(crumbs, Link{Href: href(a.address, v.Address, ""), Title: v.Title})
	}
	if a.version != nil && a.version.Item != nil {
		if m := a.version.Item.Module; m.Slug != "" {
			v := p.placeIn(&m.Place, a.lang)
			crumbs = append(crumbs, Link{Href: href(a.address, v.Address, ""), Title: v.Title})
		}
	}
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
