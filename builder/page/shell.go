package page

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"sopan.dev/sopan/builder/bundle"
	"sopan.dev/sopan/builder/course"
	"sopan.dev/sopan/runtime"
)

// This file makes the page that a package for a learning platform begins with,
// the shell. A platform's session must outlive the pages of a course: it is
// opened once and ended once. So the shell opens it, shows the course in a
// frame that fills the window, and ends it when it is left itself.

// Shell is where a package is launched: the course, or one module of it.
type Shell struct {
	Address string
	Course  *course.Course
	Module  *course.Module // nil where the shell is the whole course's
	Key     string         // of the module, also where it has no page of its own
}

// Shells lists the shells of a package: one for the course, or one a module
// that holds anything.
func Shells(c *course.Course, split bool) []Shell {
	if !split {
		return []Shell{{Address: "index.html", Course: c}}
	}
	var out []Shell
	for n, m := range c.Modules {
		if len(m.Items) == 0 {
			continue
		}
		key := m.Key
		if key == "" {
			key = fmt.Sprintf("part-%d", n+1)
		}
		// Not by the module's name, which need not be ASCII.
		out = append(out, Shell{Address: fmt.Sprintf("module-%d.html", n+1), Course: c, Module: m, Key: key})
	}
	return out
}

// Title is the name of what a shell launches, in a language.
func (s Shell) Title(site *course.Site, lang string) string { return s.Version(site, lang).Title }

// Version is what a shell launches, in a language: the one that names it.
func (s Shell) Version(site *course.Site, lang string) *course.Version {
	if s.Module == nil {
		return site.PlaceVersion(&s.Course.Place, lang)
	}
	if s.Module.Slug != "" {
		return site.PlaceVersion(&s.Module.Place, lang)
	}
	return site.ItemVersion(s.Module.Items[0], lang)
}

// ActivityID is the IRI of what a shell launches.
func (s Shell) ActivityID(site *course.Site) string {
	if s.Module == nil {
		return courseIRI(site, s.Course)
	}
	return joinIRI(site.Settings.ID, s.Course.Key, s.Key)
}

// Items lists what a learner can finish in it.
func (s Shell) Items() []*course.Item {
	if s.Module == nil {
		return s.Course.Items()
	}
	return s.Module.Items
}

// shellData is the Go side of what runtime/recorder/shell.ts reads.
type shellData struct {
	V       int       `json:"v"`
	Profile string    `json:"profile"`
	Site    idTitle   `json:"site"`
	Course  shellName `json:"course"`
	Langs   addresses `json:"langs"`
	Module  string    `json:"module,omitempty"` // its key, and what it holds
	Items   []string  `json:"items,omitempty"`
	Unsent  string    `json:"unsent,omitempty"` // scripts that are asked for when they are needed
	Packer  string    `json:"packer,omitempty"`
	Sending string    `json:"sending,omitempty"`
}

type shellName struct {
	Key   string `json:"key"`
	ID    string `json:"id"`
	Title string `json:"title"`
}

// addresses are where the frame begins, by language, in the order of the
// site's languages: the first stands in where the learner has none of them.
type addresses []Link

// MarshalJSON keeps the order, which a map would lose.
func (a addresses) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, l := range a {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "%q:", l.Lang)
		href, err := json.Marshal(l.Href)
		if err != nil {
			return nil, err
		}
		b.Write(href)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// start adds the page that a package begins with.
func (p *planner) start(c *course.Course) {
	if !runtime.Hosted(p.options.Profile) {
		p.add("index.html", "", nil, func(b *bytes.Buffer) error { return p.gate(b, c) })
		return
	}
	for _, s := range Shells(c, p.options.Split) {
		p.add(s.Address, "", nil, func(b *bytes.Buffer) error { return p.shell(b, s) })
	}
}

// beginnings lists where a shell leads, in each language.
func (p *planner) beginnings(s Shell) addresses {
	var out addresses
	for _, lang := range p.site.Langs(s.Course) {
		l := Link{Lang: lang, Title: s.Title(p.site, lang)}
		switch {
		case s.Module == nil:
			l.Href = href(s.Address, p.placeIn(&s.Course.Place, lang).Address, "")
		case !p.in(&s.Module.Place, lang):
			continue
		case s.Module.Slug != "":
			l.Href = href(s.Address, p.placeIn(&s.Module.Place, lang).Address, "")
		default:
			at := slices.IndexFunc(s.Module.Items, func(i *course.Item) bool { return i.Versions.In(lang) != nil })
			v := s.Module.Items[at].Versions.In(lang)
			l.Href, l.Title = href(s.Address, v.Address, ""), v.Title
		}
		out = append(out, l)
	}
	return out
}

func (p *planner) shell(b *bytes.Buffer, s Shell) error {
	langs := p.beginnings(s)
	if len(langs) == 0 {
		return fmt.Errorf("there is nothing to show in %s", s.Address)
	}
	view := ShellPage{Common: p.plain("shell", s.Address, langs[0].Lang, langs[0].Title), Langs: langs}
	view.CSP = p.shellPolicy()
	view.Styles = []string{escapePath(p.assets.Styles[bundle.Shell])}
	// For what they share and how they ask for others: every page of the course has both, too.
	view.Scripts = []string{escapePath(p.assets.Scripts[view.Lang]["boot"]), escapePath(p.assets.Scripts[view.Lang]["base"])}
	if packs(p.options.Profile) {
		view.Scripts = append(view.Scripts, href(s.Address, courseAddress(s.Course), ""), href(s.Address, knownAddress(s.Course), ""))
	}
	view.Scripts = append(view.Scripts, escapePath(p.assets.Scripts[view.Lang][p.options.Profile]))
	settings := p.site.Settings
	data := shellData{
		V: 1, Profile: p.options.Profile, Langs: langs,
		Site:   idTitle{settings.ID, settings.Title.In(view.Lang, settings.Languages[0])},
		Course: shellName{s.Course.Key, courseIRI(p.site, s.Course), p.site.PlaceVersion(&s.Course.Place, view.Lang).Title},
	}
	scripts := p.assets.Scripts[view.Lang]
	data.Unsent, data.Packer, data.Sending = scripts["unsent"], scripts["packer"], scripts[p.options.Profile+"_sending"]
	if s.Module != nil {
		data.Module = s.Key
		for _, i := range s.Items() {
			data.Items = append(data.Items, i.Key)
		}
	}
	view.Data = dataElement(`id="sopan-shell"`, data)
	return p.execute(b, "shell", view)
}

// gate is index.html of a package without a platform: it leads on to the
// course, or asks for the language where there are several.
func (p *planner) gate(b *bytes.Buffer, c *course.Course) error {
	langs := p.beginnings(Shell{Address: "index.html", Course: c})
	view := GatePage{Common: p.plain("gate", "index.html", langs[0].Lang, langs[0].Title), Langs: langs}
	if len(langs) == 1 {
		view.Onward = langs[0].Href
	}
	for i, l := range langs {
		language, _ := course.LanguageByTag(l.Lang)
		view.Alternates = append(view.Alternates, Alternate{Lang: l.Lang, Name: language.Name, Href: l.Href, Same: true, Current: i == 0})
	}
	return p.execute(b, "gate", view)
}

// plain fills what a page has that is no page of a course: it runs no script
// of pages and has neither bar nor foot.
func (p *planner) plain(kind, address, lang, title string) Common {
	language, _ := course.LanguageByTag(lang)
	return Common{
		Kind: kind, Lang: lang, Dir: language.Dir, Title: title, HeadTitle: title, CSP: p.csp, Words: p.theme.words[lang],
		Styles: []string{escapePath(p.assets.Styles[bundle.Main])}, Icon: href(address, "favicon.svg", ""),
		Home: href(address, p.home(lang), ""),
	}
}

// shellPolicy is the shell's Content-Security-Policy: beside what pages may,
// it frames them. Where the platform is reached over the network its address
// comes with the launch, so that it cannot stand here.
func (p *planner) shellPolicy() string {
	connect := "'self'"
	switch p.options.Profile {
	case "cmi5", "xapi":
		connect += " https: http:"
	}
	return "default-src 'self'; connect-src " + connect + "; frame-src 'self'; child-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'"
}
