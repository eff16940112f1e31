package page

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"sopan.dev/sopan/builder/course"
)

// This file names what a page will be without rendering it (output.Entry.Key).
// A name covers everything that rendering reads, rather too much than too
// little: the page's own texts with what is included in them; where their
// links lead; of the course what its pages show of each other: a step's page what
// is around it, the other pages all of it (course.Face); and the base, which the
// caller makes of all the rest: the program, settings, words, theme, glossary,
// frameworks. A page whose reads are not known has no name and is rendered.

// reads adds to a key what a page reads beside the base.
type reads func(k *key)

// key gathers what a page reads. Parts are kept apart by their lengths. One key
// serves for many pages, one after the other.
type key struct {
	planner *planner
	b       []byte
	failed  bool // a file could not be read: the page is rendered, which will say so
}

func (k *key) number(n int) { k.b = binary.AppendVarint(k.b, int64(n)) }

func (k *key) words(words ...string) {
	for _, w := range words {
		k.number(len(w))
		k.b = append(k.b, w...)
	}
}

// file adds the bytes of a file.
func (k *key) file(p string) {
	h, err := k.planner.site.Tree.Sum(p)
	k.failed = k.failed || err != nil
	k.b = append(k.b, h[:]...)
}

// course adds what the pages of a course show of each other.
func (k *key) course(c *course.Course) {
	k.words(k.planner.options.Faces[c])
}

// front adds what every page of a course shows of it.
func (k *key) front(c *course.Course, lang string) {
	k.words(c.Key, c.Slug, fmt.Sprint(c.Complete.Pass), k.planner.placeIn(&c.Place, lang).Title)
	k.place(&c.Place)
}

// place adds where a course or module stands in each language.
func (k *key) place(place *course.Place) {
	for _, lang := range k.planner.site.Settings.Languages {
		address := ""
		if v := k.planner.placeIn(place, lang); v != nil {
			address = v.Address
		}
		k.words(address)
	}
}

// around adds what the pages of a module and its steps show of their course beside
// their own texts.
func (k *key) around(m *course.Module, v *course.Version) {
	around := k.planner.surroundings(m, v)
	k.failed = k.failed || around == ""
	k.words(around)
}

// surroundings names what around adds that is the same for all of a module's pages
// in a language. The outline is a template's, which may show any step of the course
// or, as the built-in one does, those of the module alone: so it is drawn for this.
func (p *planner) surroundings(m *course.Module, v *course.Version) string {
	return p.around.get(outlineKey{m, v.Lang}, func() string {
		outline, err := p.outlineFrom(m, v.Lang, v.Address)
		if err != nil {
			return "" // drawing a page will say so
		}
		k := key{planner: p}
		k.words(outline.html)
		k.front(m.Course, v.Lang)
		if m.Slug != "" {
			k.words(p.placeIn(&m.Place, v.Lang).Title)
			k.place(&m.Place)
		}
		sum := sha256.Sum256(k.b)
		return string(sum[:])
	})
}

// module adds what the page of a module shows beside its own text.
func (k *key) module(m *course.Module, v *course.Version) {
	k.around(m, v)
	k.number(len(m.Items))
	if len(m.Items) > 0 {
		prev, _ := k.planner.neighbours(m.Items[0], v.Lang, v.Address)
		k.steps(prev)
	}
	for _, i := range m.Items {
		s := k.planner.step(i, v.Lang, v.Address)
		k.steps(&s)
	}
}

// steps adds steps as links; nil is none.
func (k *key) steps(steps ...*Step) {
	for _, s := range steps {
		if s == nil {
			k.words("")
			continue
		}
		k.words(s.Href, s.Title, s.Key, s.Lang, s.Type)
		k.number(s.Minutes)
	}
}

// versions adds the texts of an item, a module or a course in all languages: a
// translated quiz has what it lacks from the original, and a place without a
// text in a language has the first one's.
func (k *key) versions(versions course.Versions) {
	for _, lang := range k.planner.site.Settings.Languages {
		v := versions.In(lang)
		if v == nil {
			k.words("")
			continue
		}
		k.words(v.File, v.Address)
		k.b = append(k.b, v.Hash[:]...)
	}
}

// text adds a text as seen from its page: what it includes, and where its
// links lead.
func (k *key) text(v *course.Version) {
	k.words(v.Lang, v.Fallback, v.Address, v.File)
	k.number(v.Front.Minutes)
	k.mentions(v)
	k.included(v)
	for _, i := range v.Included {
		k.mentions(i.Version.On(v))
	}
}

// included adds the fragments in a text.
func (k *key) included(v *course.Version) {
	for _, i := range v.Included {
		k.number(i.Start)
		k.words(i.Version.File)
		k.b = append(k.b, i.Version.Hash[:]...)
		k.number(len(i.Linked))
		k.words(slices.Sorted(maps.Keys(i.Linked))...)
	}
}

func (k *key) mentions(v *course.Version) {
	s := k.planner.site
	for m, d := range s.Mentioned(v) {
		k.words(m.What, m.Dest, d.Address, d.Fragment, d.Lang)
		if to := d.Version; to != nil {
			k.words(to.Title, to.Heading(d.Fragment))
			if to.Item != nil {
				k.words(to.Item.Key)
			}
		}
		if d.Asset == nil {
			continue
		}
		k.asset(d.Asset)
		for _, t := range s.Tracks(d.Asset) {
			k.words(t.Lang)
			k.asset(t.Asset)
			k.file(t.Asset.File) // the transcript stands in the page
		}
	}
}

func (k *key) asset(a *course.Asset) {
	k.words(a.Address)
	k.number(a.Width)
	k.number(a.Height)
	for _, p := range a.Pictures {
		k.words(p.Address)
		k.number(p.Width)
		k.number(p.Height)
	}
}

// digitsOfKey is the length of a file's key.
const digitsOfKey = 32

// name writes the key of a file of the plan; false where it has none.
func (k *key) name(f *File, digits []byte) bool {
	if f.reads == nil {
		return false
	}
	o := k.planner.options
	k.b, k.failed = k.b[:0], false
	k.words(o.Base, o.Endpoint, f.Address)
	if o.Preview {
		k.words("preview")
	}
	f.reads(k)
	sum := sha256.Sum256(k.b)
	hex.Encode(digits, sum[:digitsOfKey/2])
	return !k.failed
}

// nameAll makes the keys of all files of the plan, as parts of one string. What
// the files read is not asked for again.
func (p *planner) nameAll() {
	if p.options.Base != "" {
		digits, named := make([]byte, digitsOfKey*len(p.files)), make([]bool, len(p.files))
		p.withKeys(len(p.files), 256, func(k *key, i int) {
			named[i] = k.name(&p.files[i], digits[digitsOfKey*i:digitsOfKey*(i+1)])
		})
		keys := string(digits)
		for i := range p.files {
			if named[i] {
				p.files[i].Key = keys[digitsOfKey*i : digitsOfKey*(i+1)]
			}
		}
	}
	for i := range p.files {
		p.files[i].reads = nil
	}
}

// withKeys counts to n, in portions and at the same time, each time with a key
// that nobody else uses.
func (p *planner) withKeys(n, portion int, do func(k *key, i int)) {
	var g errgroup.Group
	var taken atomic.Int64
	for range runtime.GOMAXPROCS(0) {
		g.Go(func() error {
			k := key{planner: p}
			for {
				end := int(taken.Add(int64(portion)))
				for i := end - portion; i < min(end, n); i++ {
					do(&k, i)
				}
				if end >= n {
					return nil
				}
			}
		})
	}
	g.Wait() // nothing here fails
}

// What the kinds of files read. Each stands beside the function that renders.

// baseOnly is read by pages that show nothing of the courses.
func baseOnly(*key) {}

// everything is read by pages that list all courses.
func everything(k *key) {
	for _, c := range k.planner.site.Courses {
		k.course(c)
	}
}

func readsCourse(c *course.Course) reads { return func(k *key) { k.course(c) } }

// readsFront is of a page that shows of the courses what their cards say.
func (p *planner) readsFront(lang, address string) reads {
	return func(k *key) { k.b = fmt.Appendf(k.b, "%#v", p.cards(lang, address)) }
}

func (p *planner) readsCertificate(c *course.Course, lang string) reads {
	return func(k *key) {
		k.front(c, lang)
		k.words(p.completeInWords(c, lang))
	}
}

func readsUnkept(c *course.Course, lang string) reads { return func(k *key) { k.front(c, lang) } }

func readsPlace(c *course.Course, place *course.Place, v *course.Version) reads {
	return func(k *key) {
		if place.Module == nil {
			k.course(c)
		} else {
			k.module(place.Module, v)
		}
		k.versions(place.Versions)
		k.text(v)
	}
}

func readsItem(i *course.Item, v *course.Version) reads {
	return func(k *key) {
		k.around(i.Module, v)
		prev, next := k.planner.neighbours(i, v.Lang, v.Address)
		k.steps(prev, next)
		k.words(i.Key, string(i.Type))
		k.versions(i.Versions)
		k.text(v)
	}
}

// readsTexts is of a course's search index: the words of all its texts.
func readsTexts(c *course.Course) reads {
	return func(k *key) {
		k.course(c)
		for _, m := range c.Modules {
			for _, i := range m.Items {
				k.versions(i.Versions)
				for _, lang := range k.planner.site.Settings.Languages {
					if v := i.Versions.In(lang); v != nil {
						k.included(v)
					}
				}
			}
		}
	}
}

func readsMoved(m course.Moved) reads {
	return func(k *key) { k.words(m.To.Lang, m.To.Address, m.To.Title) }
}

func readsFile(a *course.Asset, version string) reads {
	return func(k *key) {
		k.words(version)
		k.file(a.File)
	}
}

// readsBytes is of a file whose bytes are there: its name tells them apart only
// where it is made of a hash.
func readsBytes(content []byte) reads {
	return func(k *key) {
		h := sha256.Sum256(content)
		k.b = append(k.b, h[:]...)
	}
}
