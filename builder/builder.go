// Package builder conducts a build: it is the only place that knows the order
// of the stages.
//
//	source.Read   the folder           -> files
//	course.Load   files                -> the site and what is wrong with it
//	bundle.Build  theme, runtime       -> scripts and style sheet
//	page.Plan     the site             -> an address and a function for each page
//	output.Set    the plan             -> what can be written, packed or served
//
// In goes a site's folder as an fs.FS; out come a Result and every diagnostic
// of the run. The package writes nothing and prints nothing: output.WriteDir
// and preview do, and cmd decides.
package builder

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"sopan.dev/sopan/builder/bundle"
	"sopan.dev/sopan/builder/course"
	"sopan.dev/sopan/builder/markdown"
	"sopan.dev/sopan/builder/output"
	"sopan.dev/sopan/builder/page"
	"sopan.dev/sopan/builder/source"
	"sopan.dev/sopan/internal/diag"
	scripts "sopan.dev/sopan/runtime"
)

// Options of a build. The zero value builds what is published.
type Options struct {
	Drafts   bool                   // keep drafts, with a banner; quizzes show their key to reviewers
	Endpoint string                 // of records, in place of the site's own
	Skip     func(path string) bool // folders inside the site to leave out: an output folder
	Course   string                 // build this course alone, named as FindCourse takes it; "" for the whole site
	Profile  string                 // the kind of package that it is for; "" for a site (see page.Options)
	Split    bool                   // one shell a module (see page.Options)
	Release  bool                   // learners are about to get it: missing ids are warnings

	// Changed names the files that may differ from the last build of this
	// Builder; nil: any may. They are a hint for who builds again and again.
	Changed []string
}

// plan is what the planner of pages hears of the options.
func (o Options) plan(base string, faces map[*course.Course]string) page.Options {
	return page.Options{Endpoint: o.Endpoint, Preview: o.Drafts, Profile: o.Profile, Split: o.Split, Base: base, Faces: faces}
}

// Result is a site that was built.
type Result struct {
	Site *course.Site
	Set  *output.Set // nil when the diagnostics hold an error that leaves nothing to show
	Tree *source.Tree
	Told Told

	Known Known // for Amend; nothing where nobody remembers
}

// Builder builds a site any number of times and remembers what has not
// changed. It is safe for one build at a time.
type Builder struct {
	memo   memo
	kept   *kept   // on the disk; nil where nothing is
	looked *looked // the list of files that the next build works with; nil: it makes its own
	read   texts
	last   *lastSite

	amended bool // the last build was Amend's
}

// New makes a Builder that remembers nothing yet.
func New() *Builder { return &Builder{memo: newMemo()} }

// Build builds the site in fsys, whose root holds sopan.yaml. The error is the
// machine's. With errors among the diagnostics the set, if there is one, is
// for a preview only.
func (b *Builder) Build(ctx context.Context, fsys fs.FS, o Options) (*Result, diag.List, error) {
	if revised, diags, err := b.revise(ctx, fsys, o); revised != nil || err != nil {
		return revised, diags, err
	}
	for try := 1; ; try++ {
		result, diags, err := b.whole(ctx, fsys, o)
		if try < mostTries && errors.Is(err, fs.ErrNotExist) {
			continue // a file went away after it was listed: the next list does not have it
		}
		return result, diags, err
	}
}

// mostTries is how often a site is listed anew because a file of the list was
// gone; a program that deletes all the time must not hold a build up for ever.
const mostTries = 3

// whole is Build without a short way.
func (b *Builder) whole(ctx context.Context, fsys fs.FS, o Options) (*Result, diag.List, error) {
	b.last, b.amended = nil, false
	l := b.looked
	if b.looked = nil; l == nil {
		var err error
		if l, err = b.look(ctx, fsys, o); err != nil {
			return nil, nil, err
		}
	}
	tree, diags := l.tree, l.diags
	defer b.memo.forget()
	survey, err := b.open(tree)
	if err != nil {
		return nil, nil, err
	}
	// Scripts and styles know nothing of the texts, and are made while these are read; but those of a course alone
	// are in its languages.
	var beside errgroup.Group
	var worn dress
	if o.Course == "" {
		beside.Go(func() (err error) {
			worn, err = b.dress(survey.Settings(), tree, o.Profile)
			return err
		})
	}
	site, found, err := b.join(ctx, tree, survey, course.LoadOptions{Drafts: o.Drafts, Picture: b.picture(tree)})
	if err = cmp.Or(err, beside.Wait()); err != nil {
		return nil, nil, err
	}
	if o.Course != "" {
		c, err := site.FindCourse(o.Course)
		if err != nil {
			return nil, nil, err
		}
		whole := site
		found = slices.DeleteFunc(found, func(d diag.Diagnostic) bool { return whole.Elsewhere(c, d.Start.File) })
		only, outside := site.Only(c)
		site, found = only, append(found, outside...)
		if worn, err = b.dress(site.Settings, tree, o.Profile); err != nil {
			return nil, nil, err
		}
	}
	result := &Result{Site: site, Tree: tree}
	result.Told, found = told(found, o.Release)
	diags = append(diags, found...)
	diags = append(diags, worn.diags...)
	if worn.diags.HasErrors() || diags.HasErrors() && !o.Drafts {
		return result, diags.Sort(), nil
	}
	keyBase, err := b.keyBase(tree, o)
	if err != nil {
		return nil, nil, err
	}
	if keyBase != "" {
		result.Known = b.known(site)
	}
	files, err := page.Plan(site, worn.theme, worn.assets, o.plan(keyBase, result.Known.named(site)))
	if err != nil {
		return nil, nil, err
	}
	set, err := page.Set(files)
	if err != nil {
		return result, append(diags, badPaths(err, files)...).Sort(), nil
	}
	result.Set = set
	if o.Drafts && o.Course == "" {
		b.last = &lastSite{options: o, tree: tree, survey: survey, site: site, theme: worn.theme, assets: worn.assets, diags: diags.Sort(), result: result}
	}
	return result, diags.Sort(), nil
}

// looked is the list of a site's files, and what is wrong with it.
type looked struct {
	tree    *source.Tree
	diags   diag.List
	changes *changes // since the last Keep; nil where nobody knows
}

func (b *Builder) look(ctx context.Context, fsys fs.FS, o Options) (*looked, error) {
	tree, diags, err := source.Read(ctx, fsys, o.Skip)
	if err != nil {
		return nil, err
	}
	if b.kept != nil {
		tree = tree.Knowing(b.kept.sums)
	}
	return &looked{tree: tree, diags: diags}, nil
}

// load is course.Load with its readings remembered: a text whose bytes did not
// change is not read again.
func (b *Builder) load(ctx context.Context, tree *source.Tree, o course.LoadOptions) (*course.Site, diag.List, error) {
	survey, err := b.open(tree)
	if err != nil {
		return nil, nil, err
	}
	return b.join(ctx, tree, survey, o)
}

// join reads the texts of a site, or remembers what they say, and lays it together.
func (b *Builder) join(ctx context.Context, tree *source.Tree, survey *course.Survey, o course.LoadOptions) (*course.Site, diag.List, error) {
	readings, err := b.readings(ctx, tree, survey)
	if err != nil {
		return nil, nil, err
	}
	o.Packed = b.kept.packed()
	return survey.Join(readings, o)
}

// open surveys a site; bodies are rendered where the disk will take them.
func (b *Builder) open(tree *source.Tree) (*course.Survey, error) {
	survey, err := course.Open(tree)
	if err == nil {
		survey.Bodies = b.kept != nil
	}
	return survey, err
}

// dress is what the pages of a site wear, and what is wrong with it.
type dress struct {
	theme  *page.Theme
	assets *bundle.Assets
	diags  diag.List
}

// dress reads the theme and makes the scripts and styles of a site.
func (b *Builder) dress(site course.Settings, tree *source.Tree, profile string) (dress, error) {
	layers, base, dir, err := themeOf(site, tree)
	if err != nil {
		return dress{}, err
	}
	theme, diags, err := page.ReadTheme(layers, base, dir, site.Languages)
	if err != nil {
		return dress{}, err
	}
	assets, found, err := b.bundle(site, layers, dir, profile)
	return dress{theme, assets, append(diags, found...)}, err
}

// bundle makes scripts and styles, once for each theme, set of languages and
// kind of package.
func (b *Builder) bundle(site course.Settings, theme fs.FS, dir, profile string) (*bundle.Assets, diag.List, error) {
	hash, err := hashTree(theme, "css")
	if err != nil {
		return nil, nil, err
	}
	xapi := site.XAPI
	if scripts.Hosted(profile) {
		xapi = "" // the platform's
	}
	type made struct {
		assets *bundle.Assets
		diags  diag.List
	}
	m, err := keep(b, key{"bundle", dir, hash, sha256.Sum256([]byte(strings.Join(append([]string{profile, xapi}, site.Languages...), " ")))}, func() (made, error) {
		words := map[string]map[string]string{}
		for _, lang := range site.Languages {
			w, err := scriptWords(lang)
			if err != nil {
				return made{}, err
			}
			words[lang] = w
		}
		assets, diags, err := bundle.Build(bundle.Sources{
			Theme: theme, ThemeDir: dir, Highlight: markdown.HighlightCSS(), Words: words,
			Profile: profile, First: site.Languages[0], XAPI: xapi,
		})
		return made{assets, diags}, err
	})
	return m.assets, m.diags, err
}

// scriptWords gives what the runtime says in a language, English where the
// language lacks a word. The kinds of questions say nothing by script: their
// words stand in the page.
func scriptWords(lang string) (map[string]string, error) {
	out := map[string]string{}
	for _, l := range []string{"en", lang} {
		own, err := page.ReadWords(scripts.Files, "words", l)
		if err != nil {
			return nil, err
		}
		for k, v := range own {
			out[k] = v
		}
	}
	return out, nil
}

// badPaths turns addresses that cannot be published into diagnostics at their
// sources.
func badPaths(err error, files []page.File) diag.List {
	var diags diag.List
	var walk func(error)
	walk = func(err error) {
		if joined, ok := err.(interface{ Unwrap() []error }); ok {
			for _, e := range joined.Unwrap() {
				walk(e)
			}
			return
		}
		var bad *output.PathError
		d := diag.Diagnostic{Code: "site/address", Message: err.Error(), Hint: "Rename the file."}
		if errors.As(err, &bad) {
			d.Message = fmt.Sprintf("The address `%s` cannot be used. %s", bad.Path, bad.Reason)
			if i := slices.IndexFunc(files, func(f page.File) bool { return f.Address == bad.Path }); i >= 0 {
				d.Start.File = files[i].Source
			}
		}
		diags = append(diags, d)
	}
	walk(err)
	return diags
}
