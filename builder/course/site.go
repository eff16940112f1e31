// Package course is the model of a site and its loader.
//
// In goes a source.Tree; out comes a *Site: courses, modules, lessons, cases
// and quizzes in order and in every language, with stable keys, addresses,
// facts about each text (headings, links) and all diagnostics. Bodies are not
// kept, and questions and words are packed: a page is rendered later, from its
// one source and this model.
// The package writes nothing and knows nothing of HTML pages or scripts.
package course

import (
	"slices"
	"strings"
	"sync"

	"sopan.dev/sopan/builder/markdown"
	"sopan.dev/sopan/builder/source"
	"sopan.dev/sopan/quiz"
)

// Site is everything that Sopan knows of a site, read once and then immutable.
type Site struct {
	Settings   Settings
	Tree       *source.Tree
	Frameworks []*Framework
	Positions  []*Position
	Glossary   []*Term
	Courses    []*Course
	Assets     []*Asset // files that are copied: images, captions, downloads, static files

	Moved  []Moved         // old addresses
	Abroad map[string]bool // source paths of texts that other courses' texts, or fragments, speak of

	competencies competencyIndex
	rereads      *rereads
	nearby       *nearby

	options   map[string]markdown.Options // by language
	byFile    map[string]*Version         // source path -> version
	byFolder  map[string]*Place           // source folder -> course or module
	assets    map[string]*Asset           // source path -> asset
	fragments map[string]*Fragment        // source path of any version -> fragment
	drafts    map[string]bool             // source paths, and folders, that were left out
	spelt     map[string]string           // NFC path -> path as the disk spells it, where they differ

	fronts    *sync.Pool // of *yamldoc.Room, for front matter
	quizzes   *quiz.Rooms
	packer    *packer
	elsewhere func(file string, hash source.Hash, l *Loan) (Packed, bool) // nil: nothing is
}

// Moved is an old address that leads on to a page.
type Moved struct {
	Address string
	To      *Version
}

// Place is a course or a module: what has an index.md and holds items.
type Place struct {
	Key      string // stable: the front matter's id, else made from the folder's name
	Dir      string // source folder
	Slug     string // last part of its address
	Course   *Course
	Module   *Module // nil for the course itself
	Versions Versions
}

// Course is a folder directly below content.
type Course struct {
	Place
	Modules  []*Module // in order; items that stand in the course folder itself form modules without a Slug
	Complete Complete
}

// Module is a folder inside a course, or a run of items that stand directly in
// the course's folder (Slug is "" then and there is no page for it).
type Module struct {
	Place
	Items []*Item
}

// ItemType is what a learner can finish.
type ItemType string

// The types of items; the words stand in pages and records.
const (
	Lesson ItemType = "lesson"
	Quiz   ItemType = "quiz"
	Case   ItemType = "case"
)

// Item is a lesson, a quiz or a case study in all its languages.
type Item struct {
	Key      string // stable within the course: the front matter's id under its module, else from the names
	Type     ItemType
	Slug     string
	Module   *Module
	Versions Versions
}

// Version is one item, module or course in one language: one source file.
// A module or course without an index.md has a version without a File.
type Version struct {
	Lang     string
	Fallback string // set where the words are in another language than Lang: that language
	File     string
	Address  string // path in the output: "hi/mission-karmayogi/why-change/vuca.html"
	Title    string
	*Reading        // what the file says, with the facts of what it includes; nil until Join
	Place    *Place // of a course or module index
	Item     *Item  // of an item

	Included []Included // fragments, in order
}

// Versions is an item, module or course in all languages that it is in, in the
// order of the settings. There are few, and a site has tens of thousands of these.
type Versions []*Version

// In gives the version in a language; nil where there is none.
func (vs Versions) In(lang string) *Version {
	for _, v := range vs {
		if v.Lang == lang {
			return v
		}
	}
	return nil
}

// Sorted gives the versions by the tags of their languages.
func (vs Versions) Sorted() []*Version {
	return slices.SortedFunc(slices.Values(vs), func(a, b *Version) int { return strings.Compare(a.Lang, b.Lang) })
}

// version gives an item in a language, or in the site's first language when
// it is not translated; nil only when it exists in neither (then it exists in
// some other language, which is a diagnostic of its own).
func (s *Site) version(versions Versions, lang string) *Version {
	if v := versions.In(lang); v != nil {
		return v
	}
	return versions.In(s.Settings.Languages[0])
}

// Text gives what a file says; nil where it has no page.
func (s *Site) Text(file string) *Version { return s.byFile[file] }

// Twins gives a text in all its languages.
func (s *Site) Twins(v *Version) []*Version {
	return slices.Clone(v.versions())
}

func (v *Version) versions() Versions {
	switch {
	case v.Item != nil:
		return v.Item.Versions
	case v.Place != nil:
		return v.Place.Versions
	}
	return nil
}

// ItemVersion gives the item in lang, else in the site's first language.
func (s *Site) ItemVersion(i *Item, lang string) *Version { return s.version(i.Versions, lang) }

// PlaceVersion gives the course or module in lang, else in the first language.
func (s *Site) PlaceVersion(p *Place, lang string) *Version { return s.version(p.Versions, lang) }

// Options gives the Markdown options of a language.
func (s *Site) Options(lang string) markdown.Options { return s.options[lang] }

// Items lists all items of a course in order.
func (c *Course) Items() []*Item {
	var out []*Item
	for _, m := range c.Modules {
		out = append(out, m.Items...)
	}
	return out
}

// Langs lists the languages of the site that the course has anything in, in
// the order of the settings.
func (s *Site) Langs(c *Course) []string {
	var out []string
	for _, lang := range s.Settings.Languages {
		if c.in(lang) {
			out = append(out, lang)
		}
	}
	return out
}

func (c *Course) in(lang string) bool {
	if v := c.Versions.In(lang); v != nil && v.File != "" {
		return true
	}
	for _, m := range c.Modules {
		if v := m.Versions.In(lang); v != nil && v.File != "" {
			return true
		}
		for _, i := range m.Items {
			if i.Versions.In(lang) != nil {
				return true
			}
		}
	}
	return false
}

// Heading gives the words of a heading of the text, "" when there is none.
func (v *Version) Heading(id string) string {
	for h := range v.Headings.All() {
		if h.ID == id && id != "" {
			return h.Text
		}
	}
	return ""
}

// CompetencyTag gives "people-first:2" for what a question says it tests, ""
// for an unknown competency.
func (s *Site) CompetencyTag(name string, level int) string {
	l, code, _, _ := s.competencies.at(name, level)
	if code != "" {
		return ""
	}
	return l.Tag()
}

// CompetencyTitle gives a competency's name in a language; the id itself when
// there is no such competency.
func (s *Site) CompetencyTitle(id, lang string) string {
	if c := s.competencies.byID[id]; c != nil {
		return c.Title.In(lang, s.Settings.Languages[0])
	}
	return id
}

// ActivityTitle gives the words of "Role > Activity" in a language.
func (s *Site) ActivityTitle(text, lang string) string {
	role, activity, code, _, _ := findRole(s.Positions, text)
	if code != "" {
		return ""
	}
	first := s.Settings.Languages[0]
	if activity == nil {
		return role.Title.In(lang, first)
	}
	return role.Title.In(lang, first) + ": " + activity.Title.In(lang, first)
}
