package course

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"sync"

	"sopan.dev/sopan/builder/markdown"
	"sopan.dev/sopan/builder/picture"
	"sopan.dev/sopan/builder/source"
	"sopan.dev/sopan/internal/diag"
	"sopan.dev/sopan/internal/parallel"
	"sopan.dev/sopan/internal/yamldoc"
	"sopan.dev/sopan/quiz"
)

// LoadOptions shape Load. The zero value loads what a build publishes.
type LoadOptions struct {
	Drafts bool // keep drafts, as the preview does

	// Packed gives what was packed of a bare Reading; false where it is lost. It stays
	// for as long as the loan, which holds what has to be told of its end, and for
	// good where that is nil.
	Packed func(file string, hash source.Hash, l *Loan) (Packed, bool)

	// Picture gives the plan of a photograph; nil reads it from its file. A caller may remember what it costs.
	Picture func(file string) (picture.Plan, error)
}

// A site is loaded in three steps, so that a caller may remember the second:
//
//	Open    settings, data files, folders   -> a Survey: which texts there are
//	Read    one text                        -> a Reading: what it says by itself
//	Join    all readings                    -> the Site, with everything checked
//
// Load does all three.

// Survey is a site before its texts are read. It serves one Join.
type Survey struct {
	loader

	// Bodies has Read render texts, too: for a caller that puts away what is
	// packed. Without it Loan.Body reads a text again when it is asked.
	Bodies bool

	away func(questions, words, body []byte) // takes what is packed of a text; nil: its reading holds it
}

// loader gathers a Site.
type loader struct {
	tree      *source.Tree
	site      *Site
	texts     []*Version // every version with a file, in a fixed order
	fragments []*Version // of content/shared
	diags     diag.List
	room      *room
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
	err = parallel.Each(ctx, len(readings), func(i int) (err error) {
		readings[i], err = s.Read(i)
		return err
	})
	if err != nil {
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
	packer, err := newPacker()
	if err != nil {
		return nil, err
	}
	s := &Survey{loader: loader{tree: tree, diags: diags, room: &room{}, site: &Site{
		Settings: settings, fronts: &sync.Pool{}, quizzes: &quiz.Rooms{}, packer: packer, Tree: tree, byFile: make(map[string]*Version, len(tree.Under(contentRoot))), byFolder: map[string]*Place{}, assets: map[string]*Asset{}, fragments: map[string]*Fragment{}, Abroad: map[string]bool{},
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

// Settings are those of the site.
func (s *Survey) Settings() Settings { return s.site.Settings }

// Environment is a hash of everything that a Reading depends on beside its own
// path and bytes: languages, competencies, roles, glossary.
func (s *Survey) Environment() source.Hash { return sha256.Sum256(s.env) }

// Read reads the i-th text. It may be called from any number of goroutines.
func (s *Survey) Read(i int) (*Reading, error) {
	return s.read(s.at(i))
}

// ReadBare reads the i-th text into a bare Reading. away is given what is packed of
// it, if there is any, before that: the parts of a Packed, of which it may hold none.
func (s *Survey) ReadBare(i int, away func(questions, words, body []byte)) (*Reading, error) {
	one := *s
	one.away = away
	return one.read(s.at(i))
}

func (s *Survey) read(v *Version) (r *Reading, err error) {
	err = s.tree.Lend(v.File, func(text source.Text, hash source.Hash, diags diag.List) {
		r = s.reading(v, text, diags)
		r.Hash = hash
	})
	return r, err
}

// reading is what a text says. It holds no part of it.
func (s *Survey) reading(v *Version, text source.Text, diags diag.List) *Reading {
	var r *Reading
	if s.site.fragments[v.File] != nil {
		r = s.readFragment(v, text)
	} else if v.Item != nil && v.Item.Type == Quiz {
		r = s.readQuiz(v, text)
	} else {
		r = s.readMarkdown(v, text)
	}
	if r.translation != nil { // which is read when its original is
		own := r.translation.Clone()
		r.translation = &own
	}
	if len(text.Bytes) == 0 && diags.HasErrors() {
		r.Diags = nil // a file that cannot be read lacks no title
	}
	r.Diags = append(append(diags, r.Diags...), credentials(text)...)
	r.tighten()
	return r
}

// Join makes the site of all readings, in the order of the texts, and checks
// what one text says of another.
func (s *Survey) Join(readings []*Reading, o LoadOptions) (*Site, diag.List, error) {
	first := s.site.Settings.Languages[0]
	s.site.elsewhere = o.Packed
	for i := range readings {
		s.at(i).take(readings[i])
		s.diags = append(s.diags, readings[i].Diags...)
	}
	for i, v := range s.texts {
		if readings[i].translation == nil {
			continue
		}
		if original := v.Item.Versions.In(first); original != nil && original.Quiz != nil {
			asked, err := s.site.Questions(original)
			if err != nil {
				return nil, nil, err
			}
			r := s.translate(readings[i], asked.Quiz, v.Lang)
			v.take(r)
			// Of a quiz with mistakes nobody can say what its translation lacks; "take it away" would be the wrong advice.
			if s.diags.HasErrorsIn(original.File) {
				r.Diags = slices.DeleteFunc(r.Diags, func(d diag.Diagnostic) bool { return strings.Contains(d.Code, "translation") })
			}
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
	s.copiedCredentials()
	s.site.rereads = &rereads{courses: s.site.Courses}
	s.site.nearby = &nearby{files: s.site.files}
	s.checkMentions()
	s.dropDraftAssets(drafts)
	if err := s.readPictures(o.Picture); err != nil {
		return nil, nil, err
	}
	found := s.diags
	s.diags = nil // of a site with thousands of quizzes a list as long
	return s.site, hush(found).Sort(), nil
}

// take makes a reading the version's own.
func (v *Version) take(r *Reading) {
	v.Reading = r
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
		l.diags = append(append(append(l.diags, diags...), r.Diags...), credentials(text)...)
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

// Source reads the text of a Markdown version again and says where its body
// starts; the scenes of a case study are rendered from it.
func (s *Site) Source(v *Version) (source.Text, int, error) {
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

// Stale says that the page is out of date, and nothing else is wrong with it
// (the preview asks).
func (e *ChangedError) Stale() bool { return true }

func (e *ChangedError) Error() string {
	return e.File + " was changed while the site was being built; build again when nothing else works in the site's folder"
}
