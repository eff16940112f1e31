package page

import (
	"net/url"
	"path"
	"slices"
	"strings"

	"sopan.dev/sopan/builder/bundle"
	"sopan.dev/sopan/builder/course"
	"sopan.dev/sopan/runtime"
)

// This file fills what the pages of a folder share: they look at the rest of the
// site from the same place, run the same scripts and stand below the same pages.
// A module of ten lessons and ten quizzes needs it twice and not twenty times.

// vantage is all that it depends on.
type vantage struct {
	folder, kind, lang string
	course             *course.Course
	module             *course.Module // that has a page above this one
	asks, ruled        bool           // there are questions in the page; rules for them
	script             string         // of their kinds
	coded, draft       bool
}

// shared is what such pages share: Common without what is a page's own. Its
// Crumbs are those above the page.
type shared struct {
	Common
	start, end string // of the page's data, around the item
}

func (p *planner) shared(a about) *shared {
	at := vantage{
		folder: path.Dir(a.address), kind: a.kind, lang: a.lang, course: a.course,
		asks: a.quiz(), ruled: a.ruled(), script: bundle.KindScript(kindsIn(a.asked)),
	}
	if v := a.version; v != nil {
		at.coded, at.draft = len(v.Facts.Langs) > 0, v.Front.Status == course.Draft
		if v.Item != nil && v.Item.Module.Slug != "" {
			at.module = v.Item.Module
		}
	}
	return p.shares.get(at, func() *shared { return p.share(at, a.address) })
}

// share makes it as seen from one of the pages.
func (p *planner) share(at vantage, from string) *shared {
	s := p.site.Settings
	first := s.Languages[0]
	language, _ := course.LanguageByTag(at.lang)
	siteRoot := p.site.Root(at.lang)
	style := func(name string) string { return href(from, p.assets.Styles[name], "") }
	script := func(name string) string { return href(from, p.assets.Scripts[at.lang][name], "") }
	c := Common{
		Kind: at.kind, Lang: at.lang, Dir: language.Dir,
		SiteTitle: s.Title.In(at.lang, first),
		Root:      root(strings.TrimPrefix(from, siteRoot)),
		Home:      href(from, p.home(at.lang), ""),
		Map:       href(from, siteRoot+"map.html", ""),
		MyRecords: href(from, siteRoot+"records.html", ""),
		Publisher: s.Publisher.In(at.lang, first),
		Styles:    []string{style(bundle.Main)},
		Late:      []string{style(bundle.Late)},
		Boot:      script("boot"),
		CSP:       p.csp,
		Draft:     at.draft,
		Hosted:    runtime.Hosted(p.options.Profile),
		Words:     p.theme.words[at.lang],
		Icon:      href(from, "favicon.svg", ""),
	}
	if at.course != nil {
		v := p.placeIn(&at.course.Place, at.lang)
		c.Course = &Link{Href: href(from, v.Address, ""), Title: v.Title, Key: at.course.Key}
	}
	if len(p.site.Glossary) > 0 {
		c.Glossary = href(from, siteRoot+"glossary.html", "")
	}
	story := at.kind == "case" || at.kind == "facilitator"
	switch {
	case at.asks && !story && !runtime.Early(at.kind): // practice stands in or behind the text: the text comes first
		c.Late = append(c.Late, style(bundle.Exercise))
	case at.asks || story || at.kind == "certificate":
		c.Styles = append(c.Styles, style(bundle.Exercise))
	}
	if story {
		c.Styles = append(c.Styles, style(bundle.Case))
	}
	if at.coded {
		c.Styles = append(c.Styles, style(bundle.Code))
	}
	var scripts []string
	for _, name := range p.scripts(at) {
		scripts = append(scripts, script(name))
	}
	if at.course != nil {
		scripts = append(scripts, href(from, courseAddress(at.course), ""))
	}
	if runtime.Early(at.kind) {
		c.Scripts = scripts
	} else {
		c.Then = strings.Join(slices.Concat(c.Late, scripts), " ")
	}
	if p.endpoint() != "" {
		c.Spare = script("unsent")
	}
	c.Crumbs = p.above(at, from)
	out := &shared{Common: c}
	out.start, out.end = p.data(at, from)
	return out
}

// above lists the pages above: the front page, the course, the module.
func (p *planner) above(at vantage, from string) []Link {
	var crumbs []Link
	if p.options.Profile == "" {
		crumbs = append(crumbs, Link{Href: href(from, p.home(at.lang), ""), Title: p.theme.words[at.lang]["home"]})
	}
	if at.course != nil && at.kind != "course" {
		v := p.placeIn(&at.course.Place, at.lang)
		crumbs = append(crumbs, Link{Href: href(from, v.Address, ""), Title: v.Title})
	}
	if at.module != nil {
		v := p.placeIn(&at.module.Place, at.lang)
		crumbs = append(crumbs, Link{Href: href(from, v.Address, ""), Title: v.Title})
	}
	return crumbs
}

// scripts lists what a page runs behind the boot script, in order.
func (p *planner) scripts(at vantage) []string {
	names := []string{"base"}
	switch at.kind {
	case "course", "module", "lesson", "case", "facilitator":
		names = append(names, "read")
	}
	if p.endpoint() != "" {
		names = append(names, "recorder")
	}
	if at.kind == "records" {
		names = append(names, "my")
	}
	if at.kind == "certificate" {
		names = append(names, "certificate")
	}
	if at.ruled {
		names = append(names, "rules")
	}
	if at.asks {
		if at.script != "" {
			names = append(names, at.script)
		}
		names = append(names, "quiz")
	}
	if at.kind == "case" {
		names = append(names, "case")
	}
	if at.kind == "course" && p.keepable() {
		names = append(names, "offline")
	}
	return names
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
