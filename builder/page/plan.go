// Package page turns a site into pages.
//
// In goes a course.Site with its bundled assets and its theme; out comes a
// plan: an address and a function that renders it for every file of the
// output. A page is a pure function of its one source text and the site's
// facts, so that pages can be rendered in any order, at the same time, or only
// when somebody asks for them. The package writes no file, checks nothing that
// Load has not checked, and lets no author's text become script.
package page

import (
	"bytes"
	"html/template"
	"io/fs"
	"path"
	"sync"

	"sopan.dev/sopan/builder/bundle"
	"sopan.dev/sopan/builder/course"
	"sopan.dev/sopan/builder/output"
	"sopan.dev/sopan/internal/compiled"
	"sopan.dev/sopan/quiz"
)

// Options of a plan. The zero value is what a build publishes.
type Options struct {
	// Endpoint takes the place of the settings' record endpoint; the preview
	// names its own, as a path from the root of its origin.
	Endpoint string
	// Profile is what kind of package the pages go into: "web", "scorm12",
	// "scorm2004", "cmi5", "xapi"; "" for a site. A package holds one course
	// (see course.Site.Only).
	Profile string
	// Split gives each module a shell of its own, in the place of one for the
	// course.
	Split bool
	// Base names all that pages read beside the site's courses and texts: the
	// program, settings, theme, words. With it the plan's files have keys.
	Base string
	// Faces names the faces of the site's courses (course.Face), for the keys.
	Faces map[*course.Course]string
	// Preview is for reviewers: a quiz's page shows its key when it is asked to.
	Preview bool
}

// File is one file of the output: its address and how to make its bytes.
type File struct {
	Address string
	Source  string // the file it comes from, "" for pages that Sopan makes itself
	Render  func() ([]byte, error)
	Draw    func(b *bytes.Buffer) error                                    // see output.Entry; nil where there is nothing to draw
	Key     string                                                         // see output.Entry
	Near    string                                                         // see output.Entry
	Late    func(sum func(path string) (output.Sum, bool)) ([]byte, error) // see output.Entry
	reads   reads                                                          // what Render reads; nil where nobody knows
}

// planner holds what all pages share. It is immutable but for outlines and
// orders, which are made once each, and for buffers that serve again.
type planner struct {
	site      *course.Site
	theme     *Theme
	assets    *bundle.Assets
	options   Options
	csp       string
	standings map[*course.Place]standing
	orders    map[*course.Course]*order
	outlines  recent[outlineKey, *outlineOnce]
	others    recent[othersKey, []Flight]
	around    recent[outlineKey, string]
	shares    recent[vantage, *shared]
	files     []File
	themes    map[string]bool // addresses of the theme's own files
	edit      *edit           // nil where all is made
	sheets    sync.Pool       // of *sheet
}

// Plan lists every file of the output, sorted by nothing in particular; the
// caller's output.Set orders them.
func Plan(site *course.Site, theme *Theme, assets *bundle.Assets, o Options) ([]File, error) {
	p := newPlanner(site, theme, assets, o)
	p.files = make([]File, 0, filesOf(site))
	type part struct {
		course *course.Course
		lang   string
		files  [2][2]int // where in p.files what the language has, and what the course has in it, begins and ends
	}
	var parts []part
	for _, lang := range site.Settings.Languages {
		begin := len(p.files)
		p.generated(lang)
		shared := [2]int{begin, len(p.files)}
		for _, c := range site.Courses {
			begin := len(p.files)
			if p.course(c, lang) {
				parts = append(parts, part{c, lang, [2][2]int{shared, {begin, len(p.files)}}})
			}
		}
	}
	for _, c := range site.Courses {
		p.add(courseAddress(c), "", readsCourse(c), func(b *bytes.Buffer) error { return p.courseItems(b, c) })
		if packs(o.Profile) {
			p.add(knownAddress(c), "", nil, func(b *bytes.Buffer) error { return p.known(b, c) })
		}
	}
	if o.Profile == "" {
		p.add("404.html", "", baseOnly, func(b *bytes.Buffer) error { return p.notFound(b) })
	} else {
		p.start(site.Courses[0])
	}
	for _, m := range site.Moved {
		p.add(m.Address, m.To.File, readsMoved(m), func(b *bytes.Buffer) error { return p.moved(b, m) })
	}
	for name, content := range assets.Files {
		p.copied(name, "", readsBytes(content), func() ([]byte, error) { return content, nil })
	}
	for _, a := range site.Assets {
		p.asset(a)
	}
	p.themeFiles()
	p.worker()
	if p.keepable() {
		for _, one := range parts {
			p.add(unkeptAddress(one.course, one.lang), "", readsUnkept(one.course, one.lang), func(b *bytes.Buffer) error { return p.unkept(b, one.course, one.lang) })
		}
		all := make([]made, len(p.files))
		for i, f := range p.files {
			all[i] = made{f.Address, f.Render}
		}
		for _, one := range parts {
			p.release(one.course, one.lang, [2][]made{all[one.files[0][0]:one.files[0][1]], all[one.files[1][0]:one.files[1][1]]}, all)
		}
	}
	p.nameAll()
	files := p.files
	p.files = nil // it is the caller's; the planner lasts until the last page is made
	return files, nil
}

func newPlanner(site *course.Site, theme *Theme, assets *bundle.Assets, o Options) *planner {
	p := &planner{site: site, theme: theme, assets: assets, options: o}
	p.csp = p.policy()
	p.findStandings()
	p.orders = make(map[*course.Course]*order, len(site.Courses))
	for _, c := range site.Courses {
		p.orders[c] = &order{}
	}
	return p
}

// filesOf guesses how many files a site makes, rather too many than too few.
func filesOf(s *course.Site) int {
	n := len(s.Assets)
	for _, c := range s.Courses {
		for _, m := range c.Modules {
			n += 1 + len(m.Items)
		}
	}
	return 32 + n*len(s.Settings.Languages) + n/8
}

// add plans a file that is drawn. reads says what draw reads (see key.go).
func (p *planner) add(address, source string, reads reads, draw func(b *bytes.Buffer) error) {
	p.copied(address, source, reads, func() ([]byte, error) { return p.drawn(draw) })
	p.files[len(p.files)-1].Draw = draw
}

// copied plans a file whose bytes are there.
func (p *planner) copied(address, source string, reads reads, content func() ([]byte, error)) {
	p.files = append(p.files, File{Address: address, Source: source, Near: source, Render: content, reads: reads})
}

// generated adds the pages of a language that no source stands for.
func (p *planner) generated(lang string) {
	root := p.site.Root(lang)
	if p.options.Profile == "" { // else a course's page stands for it
		p.add(root+"index.html", "", p.readsFront(lang, root+"index.html"), func(b *bytes.Buffer) error { return p.front(b, lang) })
	}
	p.add(root+"map.html", "", everything, func(b *bytes.Buffer) error { return p.siteMap(b, lang) })
	p.add(root+"records.html", "", baseOnly, func(b *bytes.Buffer) error { return p.records(b, lang) })
	if len(p.site.Glossary) > 0 {
		p.add(root+"glossary.html", "content/glossary.yaml", baseOnly, func(b *bytes.Buffer) error { return p.glossary(b, lang) })
	}
	p.add(searchAddress(nil, lang), "", everything, func(b *bytes.Buffer) error { return p.searchIndex(b, nil, lang) })
}

// course adds the pages of a course in a language: what is translated, and the
// course's and modules' own pages wherever anything in them is. It tells
// whether there is any.
func (p *planner) course(c *course.Course, lang string) bool {
	if !p.in(&c.Place, lang) {
		return false
	}
	p.place(&c.Place, lang)
	p.courseIndex(c, lang)
	p.add(p.site.Certificate(c, lang), "", p.readsCertificate(c, lang), func(b *bytes.Buffer) error { return p.certificate(b, c, lang) })
	for _, m := range c.Modules {
		p.place(&m.Place, lang)
		for _, i := range m.Items {
			p.itemPages(i, lang)
		}
	}
	return true
}

// place adds the page of a course or module, if it has one in the language.
func (p *planner) place(place *course.Place, lang string) {
	if place.Slug == "" || !p.in(place, lang) {
		return
	}
	v := p.placeIn(place, lang)
	p.add(v.Address, v.File, readsPlace(place.Course, place, v), func(b *bytes.Buffer) error {
		if place.Module == nil {
			return p.coursePage(b, place.Course, v)
		}
		return p.modulePage(b, place.Module, v)
	})
}

// courseIndex adds the search index of a course's texts, beside whose pages it
// is made: both want what is packed of them.
func (p *planner) courseIndex(c *course.Course, lang string) {
	p.add(searchAddress(c, lang), "", readsTexts(c), func(b *bytes.Buffer) error { return p.searchIndex(b, c, lang) })
	p.files[len(p.files)-1].Near = c.Dir + "/"
}

// itemPages adds the pages of an item, if it has a text in the language.
func (p *planner) itemPages(i *course.Item, lang string) {
	v := i.Versions.In(lang)
	if v == nil {
		return
	}
	p.add(v.Address, v.File, readsItem(i, v), func(b *bytes.Buffer) error { return p.item(b, i, v) })
	if i.Type == course.Case {
		p.add(v.Facilitator(), v.File, readsItem(i, v), func(b *bytes.Buffer) error { return p.facilitatorPage(b, i, v) })
	}
}

func (p *planner) item(b *bytes.Buffer, i *course.Item, v *course.Version) error {
	switch i.Type {
	case course.Quiz:
		return p.quizPage(b, i, v)
	case course.Case:
		return p.casePage(b, i, v)
	default:
		return p.lessonPage(b, i, v)
	}
}

// themeFiles adds the theme's static files, unless the site has a file at the
// same address.
func (p *planner) themeFiles() {
	p.themes = make(map[string]bool, len(p.theme.files))
	for _, name := range p.theme.files {
		p.themes[name] = true
	}
	for _, f := range p.files {
		delete(p.themes, f.Address)
	}
	for _, name := range p.theme.files {
		if p.themes[name] {
			p.copied(name, "", baseOnly, func() ([]byte, error) { return fs.ReadFile(p.theme.static, name) })
		}
	}
}

// Set makes an output.Set of a plan.
func Set(files []File) (*output.Set, error) { return SetLike(nil, files) }

// SetLike is Set for a plan whose addresses are mostly those of another set.
func SetLike(other *output.Set, files []File) (*output.Set, error) {
	return output.NewSetLike(other, func(yield func(string, output.Entry) bool) {
		for _, f := range files {
			if !yield(f.Address, output.Entry{Key: f.Key, Near: f.Near, Render: f.Render, Draw: f.Draw, Late: f.Late}) {
				return
			}
		}
	})
}

// execute runs a template of the theme.
func (p *planner) execute(b *bytes.Buffer, kind string, view any) error {
	if err := p.theme.compiled.Execute(b, kind+".html", view); err != nil {
		return &TemplateError{templateError(path.Join(p.theme.dir, "templates", kind+".html"), err)}
	}
	return nil
}

// sheet is what the pieces of a page are drawn on that are as long as the page:
// its text, its form, its outline. The template borrows them from there.
type sheet struct {
	bytes.Buffer
	easel quiz.Easel
}

// sheet gives an empty sheet of those that serve again; its owner puts it back
// when the template has run.
func (p *planner) sheet() *sheet {
	s, _ := p.sheets.Get().(*sheet)
	if s == nil {
		s = &sheet{}
	}
	s.Reset()
	return s
}

// from is what was drawn from an offset on.
func (s *sheet) from(at int) template.HTML { return compiled.Borrowed(&s.Buffer, at) }

// drawn gives what is drawn, for who keeps it.
func (p *planner) drawn(draw func(b *bytes.Buffer) error) ([]byte, error) {
	s := p.sheet()
	defer p.sheets.Put(s)
	if err := draw(&s.Buffer); err != nil {
		return nil, err
	}
	return bytes.Clone(s.Bytes()), nil
}
