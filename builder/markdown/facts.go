package markdown

import (
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"
)

// Facts is what others need to know of a text: small, without bodies. All
// offsets are into the bytes of the source.Text that was parsed.
type Facts struct {
	Headings []Heading
	Refs     []Ref       // links, images and videos, in the order of the text; external ones too
	Words    int         // that a learner reads, in any script
	Minutes  int         // an estimate: reading time and the minutes that blocks name, at least 1 where there are words
	Sections []Section   // plain text for the search index
	Quizzes  []Range     // the YAML of quiz fences, in order
	Terms    []string    // ids of the glossary terms that are linked
	Langs    []string    // languages of code blocks, as written, each once
	Includes []Inclusion // texts of other files that stand in this one, in order
	Human    []string    // names of the blocks that people act on, in order: "activity", "session", "reflection" …
}

// Heading is a heading of the body. Start and End span its line.
type Heading struct {
	Level      int
	Text       string // plain
	ID         string
	Start, End int
}

// RefKind says what a Ref is.
type RefKind string

// The kinds of references.
const (
	LinkRef    RefKind = "link"
	ImageRef   RefKind = "image"
	VideoRef   RefKind = "video"
	IncludeRef RefKind = "include" // asked of Resolver.Include
	TermRef    RefKind = "term"    // asked of the Resolver only; Dest is the term's id
)

// Ref is something that the text points at. Dest has its escapes and character
// references resolved and is otherwise as written (percent-encoding too).
// Start and End span the destination where it stands in the link, and the
// whole link where it stands elsewhere (`[text][label]`).
type Ref struct {
	Kind       RefKind
	Dest       string
	External   bool // an address with a scheme: the Resolver is not asked
	Start, End int
}

// Section is the text under one heading; the first may have none.
type Section struct {
	ID, Heading, Text string
}

// Range is a range of bytes.
type Range struct{ Start, End int }

// wordsPerMinute is slow on purpose: officers read a second language, on a
// small screen, to act on it.
const wordsPerMinute = 130

// collect fills the facts from the finished tree.
func (d *Doc) collect() {
	c := collector{d: d, said: d.said}
	c.walk(d.root)
	if d.notes != nil {
		c.walk(d.notes)
	}
	c.closeSection()
	d.said = c.said
	f := &d.facts
	d.lists = *f
	f.Headings, f.Refs, f.Sections = orNil(f.Headings), orNil(f.Refs), orNil(f.Sections)
	f.Minutes = readingMinutes(f.Words) + c.minutes
}

// orNil makes a list that holds nothing nil, whatever it has served for before:
// what is put away of a text is the same bytes each time.
func orNil[T any](list []T) []T {
	if len(list) == 0 {
		return nil
	}
	return list
}

func readingMinutes(words int) int { return (words + wordsPerMinute - 1) / wordsPerMinute }

type collector struct {
	d       *Doc
	langs   map[string]bool
	section Section
	said    []byte // the words of the sections so far
	from    int    // where those of this section begin
	minutes int
	hidden  bool // inside a block that learners do not see: only its references count
}

func (c *collector) closeSection() {
	var words int
	c.section.Text, words = oneLine(util.BytesToReadOnlyString(c.said[c.from:]))
	if c.section.Text != "" || c.section.ID != "" {
		c.d.facts.Words += words + countWords(c.section.Heading)
		c.d.facts.Sections = append(c.d.facts.Sections, c.section)
	}
	c.from = len(c.said)
	c.section = Section{}
}

func (c *collector) say(s string) {
	if !c.hidden {
		c.said = append(append(c.said, s...), ' ')
	}
}

func (c *collector) walk(n ast.Node) {
	d, f := c.d, &c.d.facts
	switch n := n.(type) {
	case *ast.Heading:
		h := d.heading(n)
		if !c.hidden {
			c.closeSection()
			f.Headings = append(f.Headings, h)
			c.section.ID, c.section.Heading = h.ID, h.Text
		}
		c.links(n)
		return
	case *QuizBlock:
		f.Quizzes = append(f.Quizzes, Range{d.base + n.start, d.base + n.end})
		return
	case *Include:
		c.take(n)
		return
	case *ast.FencedCodeBlock:
		if lang := d.checkCode(n); lang != "" && !c.langs[lang] {
			if c.langs == nil {
				c.langs = map[string]bool{}
			}
			c.langs[lang] = true
			f.Langs = append(f.Langs, lang)
		}
		return
	case *ast.CodeBlock, *ast.HTMLBlock:
		return
	case *Container:
		if n.kind.human {
			f.Human = append(f.Human, n.name)
		}
		if n.kind.hidden {
			outer := c.hidden
			c.hidden = true
			defer func() { c.hidden = outer }()
		} else if !c.hidden {
			c.minutes += n.minutes
			c.say(n.title)
		}
	case *Figure:
		c.links(n)
		c.say(n.caption(d))
		return
	}
	if n.Type() == ast.TypeBlock && n.HasChildren() && n.FirstChild().Type() == ast.TypeInline {
		c.links(n)
		if !c.hidden {
			c.said = append(d.appendPlain(c.said, n), ' ')
		}
		return
	}
	for child := n.FirstChild(); child != nil; child = child.NextSibling() {
		c.walk(child)
	}
}

// links takes the references among a node's inline descendants.
func (c *collector) links(n ast.Node) {
	for child := n.FirstChild(); child != nil; child = child.NextSibling() {
		switch l := child.(type) {
		case *ast.Link:
			c.d.takeLink(l)
		case *ast.AutoLink:
			c.d.takeAutoLink(l)
		case *ast.Image:
			c.d.takeImage(l)
			continue // links in an alternative text are words
		case *Term:
			c.d.facts.Terms = append(c.d.facts.Terms, l.entry.ID)
		}
		c.links(child)
	}
}

// addRef keeps a reference for the renderer and, with offsets into the whole
// text, for the facts.
func (d *Doc) addRef(n ast.Node, ref Ref) {
	ref.Start += d.base
	ref.End += d.base
	d.refs[n] = ref
	d.facts.Refs = append(d.facts.Refs, ref)
}
