package course

import (
	"context"
	"crypto/sha256"
	"fmt"
	"path"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"
	"golang.org/x/text/unicode/norm"

	"sopan.dev/sopan/builder/markdown"
	"sopan.dev/sopan/builder/source"
	"sopan.dev/sopan/internal/diag"
	"sopan.dev/sopan/internal/yamldoc"
)

// LoadOptions shape Load. The zero value loads what a build publishes.
type LoadOptions struct {
	Drafts bool // keep drafts, as the preview does
}

// A site is loaded in three steps, so that a caller may remember the second:
//
//	Open    settings, data files, folders   -> a Survey: which texts there are
//	Read    one text                        -> a Reading: what it says by itself
//	Join    all readings                    -> the Site, with everything checked
//
// Load does all three.

// Survey is a site before its texts are read. It serves one Join.
type Survey struct{ loader }

// loader gathers a Site.
type loader struct {
	tree      *source.Tree
	site      *Site
	texts     []*Version // every version with a file, in a fixed order
	fragments []*Version // of content/shared
	diags     diag.List
	env       []byte // what a Reading depends on beside its own file
}

// Load reads a site. The error is the machine's; every mistake of an author is
// in the list, all of them in one run. A site with errors is still returned,
// as far as it could be read, for a preview to show.
func Load(ctx context.Context, tree *source.Tree, o LoadOptions) (*Site, diag.List, error) {
	s, err := Open(tree)
	if err != nil {
		return nil, nil, err
	}
	readings := make([]*Reading, s.Len())
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i := range readings {
		g.Go(func() (err error) {
			if err := ctx.Err(); err != nil {
				return err
			}
			readings[i], err = s.Read(i)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, nil, err
	}
	return s.Join(readings, o)
}

// Open reads settings and data files and finds out from the folders which
// texts there are.
func Open(tree *source.Tree) (*Survey, error) {
	settings, diags, err := readSettings(tree)
	if err != nil {
		return nil, err
	}
	s := &Survey{loader{tree: tree, diags: diags, site: &Site{
		Settings: settings, Tree: tree, byFile: map[string]*Version{}, byFolder: map[string]*Place{}, assets: map[string]*Asset{}, fragments: map[string]*Fragment{},
	}}}
	s.site.spelt = spellings(tree)
	if err := s.data(); err != nil {
		return nil, err
	}
	s.layout()
	s.env = fmt.Append(s.env, settings.Languages, settings.RawHTML)
	return s, nil
}

// Len is the number of texts, fragments among them.
func (s *Survey) Len() int { return len(s.texts) + len(s.fragments) }

// File is the path of the i-th text.
func (s *Survey) File(i int) string { return s.at(i).File }

// at is the i-th text; fragments come last.
func (s *Survey) at(i int) *Version {
	if i < len(s.texts) {
		return s.texts[i]
	}
	return s.fragments[i-len(s.texts)]
}

// Environment is a hash of everything that a Reading depends on beside its own
// path and bytes: languages, competencies, roles, glossary.
func (s *Survey) Environment() source.Hash { return sha256.Sum256(s.env) }

// Read reads the i-th text. It may be called from any number of goroutines.
func (s *Survey) Read(i int) (*Reading, error) {
	v := s.at(i)
	text, hash, diags, err := s.tree.Text(v.File)
	if err != nil {
		return nil, err
	}
	var r *Reading
	if s.site.fragments[v.File] != nil {
		r = s.readFragment(v, text)
	} else if v.Item != nil && v.Item.Type == Quiz {
		r = s.readQuiz(v, text)
	} else {
		r = s.readMarkdown(v, text)
	}
	r.Hash = hash
	if len(text.Bytes) == 0 && diags.HasErrors() {
		r.Diags = nil // a file that cannot be read lacks no title
	}
	r.Diags = append(diags, r.Diags...)
	return r, nil
}

// Join makes the site of all readings, in the order of the texts, and checks
// what one text says of another.
func (s *Survey) Join(readings []*Reading, o LoadOptions) (*Site, diag.List, error) {
	first := s.site.Settings.Languages[0]
	for i := range readings {
		s.at(i).take(readings[i])
		s.diags = append(s.diags, readings[i].Diags...)
	}
	for i, v := range s.texts {
		if readings[i].translation == nil {
			continue
		}
		if original := v.Item.Versions[first]; original != nil && original.Quiz != nil {
			r := readings[i].translate(original.Quiz, s.site.options[v.Lang])
			v.take(r)
			s.diags = append(s.diags, r.Diags...)
		}
	}
	s.compareCases()
	s.include()
	var drafts []*Version
	if !o.Drafts {
		drafts = s.dropDrafts()
	}
	s.name()
	s.checkAddresses()
	if err := s.readAssets(); err != nil {
		return nil, nil, err
	}
	s.site.indexRereads()
	s.checkMentions()
	s.dropDraftAssets(drafts)
	return s.site, s.diags.Sort(), nil
}

// take makes a reading the version's own.
func (v *Version) take(r *Reading) {
	v.Hash, v.Front, v.Facts, v.Quiz, v.Practice, v.Graph = r.Hash, r.Front, r.Facts, r.Quiz, r.Practice, r.Graph
	v.headings, v.mentions = r.headings, r.Mentions
	if r.Title != "" {
		v.Title = r.Title
	}
}

// data reads the three data files of content.
func (l *loader) data() error {
	langs := l.site.Settings.Languages
	read := func(name string, into func(yamldoc.Value)) error {
		file := contentRoot + "/" + name
		if !l.tree.Has(file) {
			return nil
		}
		text, _, diags, err := l.tree.Text(file)
		if err != nil {
			return err
		}
		root, r := yamldoc.Parse(text, 0, len(text.Bytes), name)
		into(root)
		l.env = append(append(l.env, file...), text.Bytes...)
		l.diags = append(append(l.diags, diags...), r.Diags...)
		return nil
	}
	if err := read("competencies.yaml", func(v yamldoc.Value) { l.site.Frameworks = readFrameworks(v, langs) }); err != nil {
		return err
	}
	l.site.competencies = indexCompetencies(l.site.Frameworks)
	if err := read("roles.yaml", func(v yamldoc.Value) { l.site.Positions = readPositions(v, langs, l.site.competencies) }); err != nil {
		return err
	}
	if err := read("glossary.yaml", func(v yamldoc.Value) { l.site.Glossary = readGlossary(v, langs) }); err != nil {
		return err
	}
	l.site.options = map[string]markdown.Options{}
	for _, lang := range langs {
		o := markdown.Options{Lang: lang, Terms: compileTerms(l.site.Glossary, lang, langs[0])}
		if l.site.Settings.RawHTML {
			o.RawHTML = markdown.Sanitised
		}
		l.site.options[lang] = o
	}
	return nil
}

// layout turns folders into courses, modules and items, all without content.
func (l *loader) layout() {
	lay := readLayout(l.tree, l.site.Settings.Languages)
	l.diags = append(l.diags, lay.diags...)
	for _, cd := range lay.courses {
		if len(cd.index) == 0 && len(cd.items) == 0 && len(cd.modules) == 0 {
			continue // a folder of pictures is no course
		}
		c := &Course{Place: Place{Dir: cd.dir, Slug: placeSlug(cd.name)}}
		c.Course = c
		l.place(&c.Place, cd.name, cd.index)
		var loose *Module
		closeRun := func() {
			if loose != nil {
				c.Modules = append(c.Modules, loose)
				loose = nil
			}
		}
		apart(cd.items)
		// Items of the course folder and modules share one order.
		items, modules := cd.items, cd.modules
		for len(items) > 0 || len(modules) > 0 {
			if len(modules) == 0 || len(items) > 0 && byOrder(items[0].name, modules[0].name) < 0 {
				if loose == nil {
					loose = &Module{Place: Place{Dir: cd.dir, Course: c}}
					loose.Module = loose
				}
				l.item(loose, items[0])
				items = items[1:]
				continue
			}
			closeRun()
			m := &Module{Place: Place{Dir: modules[0].dir, Slug: placeSlug(modules[0].name), Course: c}}
			m.Module = m
			l.place(&m.Place, modules[0].name, modules[0].index)
			apart(modules[0].items)
			for _, f := range modules[0].items {
				l.item(m, f)
			}
			c.Modules = append(c.Modules, m)
			modules = modules[1:]
		}
		closeRun()
		l.site.Courses = append(l.site.Courses, c)
	}
	for _, f := range lay.shared {
		l.addFragment(f)
	}
	for _, a := range lay.assets {
		l.site.addAsset(a, l.assetAddress(a))
	}
	for _, f := range l.tree.Under("static") {
		l.site.addAsset(f.Path, strings.TrimPrefix(f.Path, "static/"))
	}
}

func placeSlug(name string) string {
	_, rest, _ := splitOrder(name)
	return orElse(Slug(rest), Slug(name))
}

// place makes the versions of a course or module, one for each language of
// the site that has an index.md, and always one in the first language.
func (l *loader) place(p *Place, folder string, index map[string]string) {
	p.Versions = map[string]*Version{}
	l.site.byFolder[p.Dir] = p
	first := l.site.Settings.Languages[0]
	for _, lang := range l.site.Settings.Languages {
		file := index[lang]
		if file == "" && lang != first {
			continue
		}
		v := &Version{Lang: lang, File: file, Place: p, Address: l.address(lang, p.Course, p.Module, "index"), Title: titleOf(folder), Front: Front{Status: Published, Complete: readComplete(yamldoc.Value{})}}
		p.Versions[lang] = v
		if file == "" {
			l.diags = append(l.diags, diag.Diagnostic{
				Start: diag.Pos{File: p.Dir}, Severity: diag.Note, Code: "site/no-index",
				Message: fmt.Sprintf("The folder has no `index.md`; its title is made from its name: “%s”.", v.Title),
				Hint:    "Add an `index.md` with a `title:` to give it another one.",
			})
			continue
		}
		l.text(v)
	}
}

// apart gives a quiz or case that is called as a lesson beside it an address
// of its own: "fees.md" is fees.html, "fees.quiz.yaml" then fees.quiz.html.
func apart(items []*itemFiles) {
	lessons := map[string]bool{}
	for _, f := range items {
		f.slug = placeSlug(f.name)
		if f.typ == Lesson {
			lessons[f.slug] = true
		}
	}
	for _, f := range items {
		if f.typ != Lesson && lessons[f.slug] {
			f.slug += "." + string(f.typ)
		}
	}
}

func (l *loader) item(m *Module, f *itemFiles) {
	i := &Item{Type: f.typ, Slug: f.slug, Module: m, Versions: map[string]*Version{}}
	for _, lang := range l.site.Settings.Languages {
		if file := f.files[lang]; file != "" {
			v := &Version{Lang: lang, File: file, Item: i, Address: l.address(lang, m.Course, m, i.Slug), Title: titleOf(f.name)}
			i.Versions[lang] = v
			l.text(v)
		}
	}
	first := l.site.Settings.Languages[0]
	if i.Versions[first] == nil {
		l.translationAlone(i.Versions)
		return
	}
	m.Items = append(m.Items, i)
}

// translationAlone reports a text that has no version in the first language.
func (l *loader) translationAlone(versions map[string]*Version) {
	for _, lang := range l.site.Settings.Languages {
		if v := versions[lang]; v != nil {
			want := strings.Replace(path.Base(v.File), "."+lang+".", ".", 1)
			l.diags = append(l.diags, diag.Diagnostic{
				Start: diag.Pos{File: v.File}, Code: "site/translation-alone",
				Message: fmt.Sprintf("This is a translation, but `%s`, which it translates, does not exist.", want),
				Hint:    fmt.Sprintf("Add `%s`, or make `%s` the first of `languages` in `sopan.yaml`.", want, lang),
			})
			return
		}
	}
}

func (l *loader) text(v *Version) {
	l.texts = append(l.texts, v)
	l.site.byFile[v.File] = v
}

// address is where a text stands in the output.
func (l *loader) address(lang string, c *Course, m *Module, name string) string {
	parts := []string{c.Slug}
	if lang != l.site.Settings.Languages[0] {
		parts = []string{lang, c.Slug}
	}
	if m != nil && m.Slug != "" {
		parts = append(parts, m.Slug)
	}
	return path.Join(append(parts, name+".html")...)
}

// assetAddress puts a file of a course beside the pages of its folder.
func (l *loader) assetAddress(file string) string {
	parts := strings.Split(strings.TrimPrefix(file, contentRoot+"/"), "/")
	for i := range parts[:len(parts)-1] {
		parts[i] = placeSlug(parts[i])
	}
	last := len(parts) - 1
	parts[last] = strings.ReplaceAll(parts[last], " ", "-")
	return path.Join(parts...)
}

// spellings finds files and folders whose names are not in NFC, as those of a
// zip made on a Mac are: an author's link to them is.
func spellings(tree *source.Tree) map[string]string {
	out := map[string]string{}
	for _, f := range tree.Files() {
		for p := f.Path; p != "." && !norm.NFC.IsNormalString(p); p = path.Dir(p) {
			out[norm.NFC.String(p)] = p
		}
	}
	return out
}

// Body reads the text of a Markdown version again and says where its body
// starts; pages are rendered from it.
func (s *Site) Body(v *Version) (source.Text, int, error) {
	if v.File == "" {
		return source.Text{}, 0, nil
	}
	text, hash, _, err := s.Tree.Text(v.File)
	if err != nil {
		return source.Text{}, 0, err
	}
	if hash != v.Hash {
		return source.Text{}, 0, &ChangedError{v.File}
	}
	_, _, body, _ := splitFront(text)
	return text, body, nil
}

// ChangedError says that a source file changed between being loaded and being
// rendered; the build must start again.
type ChangedError struct{ File string }

func (e *ChangedError) Error() string {
	return e.File + " was changed while the site was being built"
}

// dropDrafts takes drafts out: a draft in the first language takes its
// translations along. Which files were left out is kept, so that a link to
// one can say so. It gives the texts that it took out.
func (l *loader) dropDrafts() (drafts []*Version) {
	s := l.site
	s.drafts = map[string]bool{}
	first := s.Settings.Languages[0]
	drop := func(versions map[string]*Version) (gone bool) {
		whole := versions[first] != nil && versions[first].Front.Status == Draft
		for lang, v := range versions {
			if whole || v.Front.Status == Draft {
				if v.File != "" {
					s.drafts[v.File] = true
				}
				delete(versions, lang)
			}
		}
		return whole
	}
	s.Courses = slices.DeleteFunc(s.Courses, func(c *Course) bool {
		if drop(c.Versions) {
			for _, i := range c.Items() {
				for _, v := range i.Versions {
					s.drafts[v.File] = true
				}
			}
			s.dropFolder(c.Dir)
			return true
		}
		c.Modules = slices.DeleteFunc(c.Modules, func(m *Module) bool {
			if m.Slug != "" && drop(m.Versions) {
				for _, i := range m.Items {
					for _, v := range i.Versions {
						s.drafts[v.File] = true
					}
				}
				s.dropFolder(m.Dir)
				return true
			}
			m.Items = slices.DeleteFunc(m.Items, func(i *Item) bool { return drop(i.Versions) })
			return m.Slug == "" && len(m.Items) == 0
		})
		return false
	})
	l.texts = slices.DeleteFunc(l.texts, func(v *Version) bool {
		if s.drafts[v.File] {
			drafts = append(drafts, v)
		}
		return s.drafts[v.File]
	})
	for f := range s.drafts {
		delete(s.byFile, f)
	}
	// A draft may be as unfinished as it likes; check --drafts tells what it lacks.
	l.diags = slices.DeleteFunc(l.diags, func(d diag.Diagnostic) bool { return s.drafts[d.Start.File] })
	return drafts
}

// dropFolder forgets a draft course or module with its assets and modules.
func (s *Site) dropFolder(dir string) {
	s.drafts[dir] = true
	for folder := range s.byFolder {
		if folder == dir || strings.HasPrefix(folder, dir+"/") {
			for _, v := range s.byFolder[folder].Versions {
				if v.File != "" {
					s.drafts[v.File] = true
				}
			}
			delete(s.byFolder, folder)
		}
	}
	s.Assets = slices.DeleteFunc(s.Assets, func(a *Asset) bool {
		if strings.HasPrefix(a.File, dir+"/") {
			delete(s.assets, a.File)
			return true
		}
		return false
	})
}

// name gives courses, modules and items their stable keys.
func (l *loader) name() {
	first := l.site.Settings.Languages[0]
	courseKeys := map[string]*Version{}
	for _, c := range l.site.Courses {
		cv := c.Versions[first]
		c.Key = orElse(cv.Front.ID, c.Slug)
		l.unique(courseKeys, c.Key, cv, c.Dir)
		c.Complete = cv.Front.Complete
		keys := map[string]*Version{}
		for _, m := range c.Modules {
			prefix := ""
			if m.Slug != "" {
				m.Key = orElse(m.Versions[first].Front.ID, m.Slug)
				l.unique(keys, m.Key, m.Versions[first], m.Dir)
				prefix = m.Key + "/"
			}
			for _, i := range m.Items {
				v := i.Versions[first]
				i.Key = prefix + orElse(v.Front.ID, i.Slug)
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
