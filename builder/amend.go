package builder

import (
	"cmp"
	"context"
	"path"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"
	"golang.org/x/text/unicode/norm"

	"sopan.dev/sopan/builder/course"
	"sopan.dev/sopan/builder/output"
	"sopan.dev/sopan/builder/page"
	"sopan.dev/sopan/builder/source"
	"sopan.dev/sopan/internal/diag"
)

// This file is the short way of a build that remembers on the disk: where texts
// of one course changed, and no page of another one can tell, that course alone
// is read and joined, and of its files those are made that show these texts. Where
// it is their titles that changed, or what else stands in the course's face
// (course.Face), these are all pages of the course and of the whole site, and of
// the other courses their faces are known (faces.go). It is revise.go's way for a
// program that begins with nothing in memory. Whenever there is a doubt there is no
// short way, and Build is the law: both come to the same files.

// LastBuilt is what Amend starts from: the last build whose files were written.
type LastBuilt struct {
	Sources string // NameOf the tree that it was built of
	Diags   diag.List
	Keys    bool // there are sealed quizzes, whose keys stand beside the site
	Known   Known
	Memory  *output.Memory
	Out     string // the folder that it was written to
}

// Amended is the files that are to be made anew since the last build. Whoever
// writes them keeps all others (output.Memory.With): what the last build said of
// the site holds for this one.
type Amended struct {
	Set   *output.Set
	Tree  *source.Tree
	Known Known
}

// MayAmend tells whether Amend is worth a try, from what Unchanged saw.
func (b *Builder) MayAmend(o Options, last LastBuilt) bool { return b.changedCourse(o, last) != "" }

// changedCourse gives the folder of the course that all files stand in that changed;
// "" where there is no short way, as far as the list of files tells.
func (b *Builder) changedCourse(o Options, last LastBuilt) string {
	l := b.looked
	if l == nil || len(l.diags) > 0 || l.changes == nil || l.changes.before != last.Sources || o.Drafts || o.Release || o.Course != "" || o.Profile != "" {
		return ""
	}
	changed := l.changes.files
	if len(changed) > mostRevised || slices.ContainsFunc(last.Diags, func(d diag.Diagnostic) bool {
		return slices.ContainsFunc(changed, func(file string) bool { return names(d, file) })
	}) {
		return ""
	}
	return theCourseOf(changed)
}

// Amend gives what is to be made anew since the last build; nil where there is no
// short way. It works with the list of files that Unchanged made.
func (b *Builder) Amend(ctx context.Context, o Options, last LastBuilt) (*Amended, error) {
	amended, err := b.amend(ctx, o, last)
	if amended == nil || err != nil {
		b.read = texts{} // of a part of the site
		return nil, err
	}
	amended.Tree = b.looked.tree
	b.looked, b.amended = nil, true
	return amended, nil
}

func (b *Builder) amend(ctx context.Context, o Options, last LastBuilt) (*Amended, error) {
	dir := b.changedCourse(o, last)
	if dir == "" {
		return nil, nil
	}
	l, changed := b.looked, b.looked.changes.files
	others := map[string]bool{} // folders of other courses
	tree := l.tree.Part(func(file string) bool {
		of := courseOf(file)
		if of != "" && of != dir {
			others[norm.NFC.String(of)] = true
			return false
		}
		return true
	})
	elsewhere := func(file string) bool {
		file = norm.NFC.String(file)
		return others[file] || others[courseOf(file)]
	}
	survey, err := b.open(tree)
	if err != nil {
		return nil, err
	}
	asks, shown := last.Keys || tree.Has("sopan.lock"), false
	for _, file := range changed {
		quiet, shows, err := b.quiet(survey, file, asks)
		if !quiet || err != nil {
			return nil, err
		}
		shown = shown || shows
	}
	// Three things that need nothing of each other.
	var worn dress
	var faces []*course.Face
	var beside errgroup.Group
	beside.Go(func() (err error) {
		worn, err = b.dress(survey.Settings(), tree, o.Profile)
		return err
	})
	if shown {
		beside.Go(func() error { faces = b.faces(last.Known, survey); return nil })
	}
	site, edited, err := b.part(ctx, tree, survey, changed, shown, elsewhere, last)
	if err = cmp.Or(err, beside.Wait()); err != nil || site == nil || worn.diags.HasErrors() {
		return nil, err
	}
	base, err := b.keyBase(tree, o)
	if err != nil {
		return nil, err
	}
	var files []page.File
	known, ok := last.Known, false
	if shown {
		var whole *course.Site
		if whole, known, ok = b.among(site, faces, known); ok {
			files, ok = page.AmendCourse(whole, worn.theme, worn.assets, o.plan(base, known.named(whole)), written(last), site.Courses[0], edited)
		}
	} else {
		files, ok = page.Amend(site, worn.theme, worn.assets, o.plan(base, b.known(site).named(site)), written(last), edited)
	}
	if !ok || slices.ContainsFunc(files, func(f page.File) bool { return ownTwin(f.Address, last) }) {
		return nil, nil
	}
	set, err := page.Set(files)
	return &Amended{Set: set, Known: known}, err
}

// part reads and joins the course of the texts that changed, and gives these; no
// site where the whole has to be joined. shown says that other pages show what
// changed, elsewhere that a file is another course's.
func (b *Builder) part(ctx context.Context, tree *source.Tree, survey *course.Survey, changed []string, shown bool, elsewhere func(file string) bool, last LastBuilt) (site *course.Site, edited []*course.Version, err error) {
	site, _, err = b.join(ctx, tree, survey, course.LoadOptions{Picture: b.picture(tree)})
	if err != nil {
		return nil, nil, err
	}
	for _, file := range changed {
		v := site.Text(file)
		if v == nil || shown && slices.Contains(last.Known.Abroad, file) {
			return nil, nil, nil
		}
		edited = append(edited, v)
	}
	texts := edited
	if shown {
		texts = site.Courses[0].Texts()
	}
	for _, v := range texts {
		for _, twin := range site.Twins(v) { // all their pages are made
			if !site.FoundAll(twin, elsewhere) || !published(site, twin, last) {
				return nil, nil, nil
			}
		}
	}
	return site, edited, nil
}

// theCourseOf gives the folder of the course that all files stand in; "" where
// there is none.
func theCourseOf(files []string) string {
	dir := ""
	for _, file := range files {
		of := courseOf(file)
		if of == "" || dir != "" && dir != of {
			return ""
		}
		dir = of
	}
	return dir
}

// courseOf gives the folder of the course that a file stands in; "" for a file
// of the whole site.
func courseOf(file string) string {
	below, inside := strings.CutPrefix(file, "content/")
	name, _, deep := strings.Cut(below, "/")
	if !inside || !deep || name == "shared" {
		return ""
	}
	return "content/" + name
}

// quiet tells whether a file that changed says the same as before to all other
// texts, and whether pages of others show something else of it. Questions count
// where their keys or their last release are known outside.
func (b *Builder) quiet(survey *course.Survey, file string, asks bool) (quiet, shows bool, err error) {
	kept, known := b.kept.sums.kept().of(file)
	at := survey.Find(file)
	if !known || at < 0 {
		return false, false, nil
	}
	b.kept.in(survey.Environment())
	before := b.kept.facts(path.Dir(file), survey)[textKey{file, kept.Hash}]
	if before == nil {
		return false, false, nil
	}
	now, err := survey.Read(at)
	if err != nil {
		return false, false, err
	}
	if asks && (now.Quiz != nil || now.Practice > 0) {
		return false, false, nil
	}
	return survey.Unheard(file, before, now), !before.Shows(now), nil
}

// published tells whether the pictures and captions that a text shows are those
// that the last build published. Another course has a say in it: of two
// photographs whose names differ only in their endings, the one that is shown
// first takes the names of the versions; and captions that only a draft links to
// are left out.
func published(site *course.Site, v *course.Version, last LastBuilt) bool {
	for _, d := range site.Mentioned(v) {
		if d.Asset == nil {
			continue
		}
		for _, p := range d.Asset.Pictures {
			ext := path.Ext(p.Address)
			if _, contended := last.Memory.Key(strings.TrimSuffix(p.Address, ext) + "-" + ext); contended {
				return false
			}
		}
		tracks := site.Tracks(d.Asset)
		for _, t := range tracks {
			if _, there := last.Memory.Key(t.Asset.Address); !there {
				return false
			}
		}
		if len(tracks) != captions(site, d.Asset) {
			return false
		}
	}
	return !slices.ContainsFunc(v.Included, func(i course.Included) bool { return !published(site, i.Version.On(v), last) })
}

// captions counts the files that stand beside a video as its captions.
func captions(site *course.Site, a *course.Asset) int {
	n := 0
	for _, lang := range append([]string{""}, site.Settings.Languages...) {
		file := strings.TrimSuffix(a.File, path.Ext(a.File))
		if lang != "" {
			file += "." + lang
		}
		if site.Tree.Has(file + ".vtt") {
			n++
		}
	}
	return n
}

// ownTwin tells whether an author's or a theme's file stands where a compressed
// twin would. The key of a twin says what it is (see output.Compressed).
func ownTwin(address string, last LastBuilt) bool {
	for _, ext := range []string{".gz", ".br"} {
		if key, there := last.Memory.Key(address + ext); there && key != "" && !strings.Contains(key, ext) {
			return true
		}
	}
	return false
}

// written is what Amend of page asks of the last build.
type written LastBuilt

func (w written) Key(address string) (string, bool) { return w.Memory.Key(address) }

func (w written) Content(address string) ([]byte, bool) { return w.Memory.Read(w.Out, address) }
