// Package markdown reads lessons and case studies.
//
// In goes the text of one source file and where its body starts; out come
// small facts (headings, links, words, quiz blocks, scenes), diagnostics with
// exact positions, and, given a Resolver for what lies outside the file, HTML.
//
// The language is CommonMark 0.31.2 and GFM, with footnotes, definition lists,
// `{#id}` on headings, GitHub alerts, `:::name{key=value}` containers, includes,
// figures, videos, quiz fences and glossary terms; each construct is one file, with its
// cases in testdata beside it.
//
// The package never opens a file, never knows an address, never reads the
// YAML of a quiz, and never lets an author's text become script, style or a
// request to another host.
package markdown

import (
	"bytes"
	"fmt"
	"iter"
	"strings"
	"sync"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"sopan.dev/sopan/builder/source"
	"sopan.dev/sopan/internal/diag"
)

// Options says how a text is read. The zero value reads a lesson in English,
// without raw HTML and without a glossary.
type Options struct {
	Lang     string  // BCP 47; of the text
	RawHTML  RawHTML // Off unless the site asks for the sanitised subset
	Terms    *Terms  // the glossary in Lang; nil: no links to it
	IDPrefix string  // before the ids of headings and footnotes, where several texts share a page
	Case     bool    // the text is a case study: its scenes are read and checked
	Fragment bool    // the text stands inside others, which include it
}

// RawHTML says what becomes of HTML tags in a text.
type RawHTML int

const (
	// Off makes a tag an error and shows it as text.
	Off RawHTML = iota
	// Sanitised lets a narrow list of harmless tags through; others are dropped with a warning.
	Sanitised
	// On lets everything through. It is for the CommonMark specification's own tests: no site can ask for it.
	On
)

// Doc is a text that has been read. It is immutable until it is released: its
// methods may be called from any number of goroutines.
type Doc struct {
	text   source.Text
	base   int    // offset of src in text.Bytes
	src    []byte // what goldmark saw; its offsets are into this
	opts   Options
	prompt bool // a text in a question, where no question can stand
	inline bool // one run of text: no blocks, no paragraphs around it
	bare   bool // one run of text in which no sign means anything: it is not parsed
	facts  Facts
	diags  diag.List
	unsaid int // findings beyond maxDiagnostics
	body   Body
	*tree        // of a case study, whose scenes are rendered one by one; else nil when the text is read
	felled *tree // where the body and the words of the sections stand
}

// Parse reads a lesson, a module's text or a case study. start is the offset
// of the body in t, after the front matter; all positions are in t. Who has put
// away what it comes to may Release it.
func Parse(t source.Text, start int, o Options) *Doc {
	start = max(0, min(start, len(t.Bytes)))
	d := newDoc()
	d.text, d.base, d.src, d.opts = t, start, t.Bytes[start:], o
	d.read(blockSetup().parser)
	if !o.Case {
		d.fell()
	}
	return d
}

// ParseBlock reads a short block text that stands in another file, such as the
// prompt of a question. Positions are in text itself, with no file name.
// Glossary terms are not linked in it.
func ParseBlock(text string, o Options) *Doc {
	o.Terms, o.Case = nil, false
	d := newDoc()
	d.src, d.opts, d.prompt = util.StringToReadOnlyBytes(text), o, true
	d.text = source.NewText("", d.src)
	d.read(blockSetup().parser)
	d.fell()
	return d
}

// ParseInline reads one run of inline text, such as a choice of a question:
// what would open a block (a list, a heading, a fence) stays the text it is.
// Positions are in text itself, with no file name.
func ParseInline(text string, o Options) *Doc {
	o.Terms, o.Case = nil, false
	if IsBare(text) {
		return &Doc{src: util.StringToReadOnlyBytes(text), opts: o, inline: true, bare: true}
	}
	d := newDoc()
	d.src, d.opts, d.inline = util.StringToReadOnlyBytes(text), o, true
	d.text = source.NewText("", d.src)
	d.read(inlineSetup().parser)
	d.fell()
	return d
}

// Diagnostics gives what the author should know, in the order of the text.
func (d *Doc) Diagnostics() diag.List { return d.diags }

// Facts gives what others need to know of the text. It holds no HTML and no tree.
func (d *Doc) Facts() Facts {
	if d.bare {
		return bareFacts(d.src)
	}
	return d.facts
}

// Plain gives the words of the text without its markup.
func (d *Doc) Plain() string {
	if d.bare {
		return BareWords(string(d.src))
	}
	var b strings.Builder
	for _, s := range d.facts.Sections {
		b.Grow(len(s.Heading) + 1 + len(s.Text))
		b.WriteString(s.Heading)
		b.WriteByte(' ')
		b.WriteString(s.Text)
	}
	return strings.TrimSpace(b.String())
}

// docKey leads from goldmark's parse context to the Doc that is being read.
var docKey = parser.NewContextKey()

func docOf(pc parser.Context) *Doc { return pc.Get(docKey).(*Doc) }

// read parses, then goes over the tree in passes. Their order matters: scenes
// take their braces away before terms are looked for in them, and facts are
// collected from the tree as it will be rendered.
func (d *Doc) read(p parser.Parser) {
	if !d.withinLimits() {
		d.root = ast.NewDocument()
		return
	}
	d.facts = d.lists
	d.findRuns()
	d.root = p.Parse(text.NewReader(d.src), parser.WithContext(d.parseContext()))
	d.cutDeep(d.root, 0)
	if d.holds(" \n") {
		d.tidyBreaks(d.root)
	}
	d.checkFootnotes()
	d.findQuizzes()
	d.findIncludes()
	d.checkFragment()
	d.nameHeadings()
	d.frameFigures()
	d.splitTabs()
	d.readRawHTML()
	if d.opts.Case {
		d.readScenes()
	}
	d.linkTerms()
	d.collect()
	d.diags = d.diags.Sort()
	if d.unsaid > 0 {
		at, _ := d.text.Span(d.base, d.base)
		d.diags = append(d.diags, diag.Diagnostic{Start: at, Severity: diag.Note, Code: "markdown/too-many",
			Message: fmt.Sprintf("%d more findings in this text are not shown.", d.unsaid), Hint: "Mend these first."})
	}
}

// holds tells whether a sign stands anywhere in the text: where it does not, a
// pass that looks for it has nothing to do.
func (d *Doc) holds(sign string) bool { return bytes.Contains(d.src, []byte(sign)) }

// blocks goes over the blocks below n, each before those that stand in it. What
// stands in paragraphs and headings, most of a tree, is not looked at.
func blocks(n ast.Node) iter.Seq[ast.Node] {
	return func(yield func(ast.Node) bool) { eachBlock(n, yield) }
}

func eachBlock(n ast.Node, yield func(ast.Node) bool) bool {
	for c := n.FirstChild(); c != nil && c.Type() != ast.TypeInline; c = c.NextSibling() {
		if !yield(c) || !eachBlock(c, yield) {
			return false
		}
	}
	return true
}

// report adds a diagnostic for the bytes start to end of src.
func (d *Doc) report(start, end int, s diag.Severity, code, message, hint string, related ...diag.Related) {
	if len(d.diags) >= maxDiagnostics {
		d.unsaid++
		return
	}
	from, to := d.text.Span(d.base+start, d.base+end)
	d.diags = append(d.diags, diag.Diagnostic{Start: from, End: to, Severity: s, Code: code, Message: message, Hint: hint, Related: related})
}

// construct is one extension of the language: how it is parsed and how it is
// rendered. Either half may be nil.
type construct struct {
	parse  func() []parser.Option
	render map[ast.NodeKind]renderFunc
}

// constructs is the whole language beyond CommonMark's core, one line a file.
func constructs() []construct {
	return []construct{
		headings(), links(), figures(), videos(), quizBlocks(), codeBlocks(), alerts(), containers(), includes(), tabs(),
		tables(), footnotes(), tasks(), definitions(), terms(), rawHTML(), strikethrough(), bareAddresses(),
	}
}

// inlineConstructs is those of them that stand among words.
func inlineConstructs() []construct {
	return []construct{links(), figures(), rawHTML(), strikethrough(), bareAddresses()}
}

// blockSetup is the one goldmark for whole texts; what differs between texts
// is in their Doc, so that nothing is built per text.
var blockSetup = sync.OnceValue(func() *setup {
	return newSetup(coreParsers(), append(constructs(), runs(), usualTables()))
})

// coreParsers is CommonMark, with our wrappers around four of its parsers. The
// specification's own examples are run through exactly these.
func coreParsers() []parser.Option {
	return []parser.Option{
		parser.WithBlockParsers(
			util.Prioritized(placed{headingParser{parser.NewSetextHeadingParser()}}, 100),
			util.Prioritized(placed{parser.NewThematicBreakParser()}, 200),
			util.Prioritized(parser.NewListParser(), 300),
			util.Prioritized(parser.NewListItemParser(), 400),
			util.Prioritized(parser.NewCodeBlockParser(), 500),
			util.Prioritized(placed{headingParser{parser.NewATXHeadingParser()}}, 600),
			util.Prioritized(placed{parser.NewFencedCodeBlockParser()}, 700),
			util.Prioritized(placed{alertParser{parser.NewBlockquoteParser()}}, 800),
			util.Prioritized(placed{parser.NewHTMLBlockParser()}, 900),
			util.Prioritized(placed{paragraphParser{parser.NewParagraphParser()}}, 1000),
		),
		parser.WithInlineParsers(coreInline()...),
		parser.WithParagraphTransformers(util.Prioritized(linkDefinitions{parser.LinkReferenceParagraphTransformer}, 100)),
	}
}

// placed is one of goldmark's parsers whose blocks stand where they begin.
// Behind a tab of which a list or a quotation took a part, goldmark's position
// is as much too far as was left of the tab.
type placed struct{ parser.BlockParser }

func (p placed) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	_, at := reader.Position()
	node, state := p.BlockParser.Open(parent, reader, pc)
	if d := docOf(pc); node != nil && at.Padding > 0 {
		d.leftOfTabs[node] = at.Padding
	}
	return node, state
}

func (p placed) Close(node ast.Node, reader text.Reader, pc parser.Context) {
	if d := docOf(pc); len(d.leftOfTabs) > 0 { // few texts have any
		node.SetPos(node.Pos() - d.leftOfTabs[node])
	}
	p.BlockParser.Close(node, reader, pc)
}

// inlineSetup is the one goldmark for runs of inline text: paragraphs are its only block.
var inlineSetup = sync.OnceValue(func() *setup {
	return newSetup(inlineCore(), append(inlineConstructs(), runs()))
})

func inlineCore() []parser.Option {
	return []parser.Option{
		parser.WithBlockParsers(util.Prioritized(paragraphParser{parser.NewParagraphParser()}, 1000)),
		parser.WithInlineParsers(coreInline()...),
	}
}

func coreInline() []util.PrioritizedValue {
	return []util.PrioritizedValue{
		util.Prioritized(parser.NewCodeSpanParser(), 100),
		util.Prioritized(linkParser{parser.NewLinkParser()}, 200),
		util.Prioritized(parser.NewAutoLinkParser(), 300),
		util.Prioritized(parser.NewRawHTMLParser(), 400),
		util.Prioritized(parser.NewEmphasisParser(), 500),
	}
}

// setup is a goldmark parser and renderer, complete and never changed again, and
// memory that serves again.
type setup struct {
	parser   parser.Parser
	renderer renderer.Renderer
	writers  sync.Pool // of *writer
	docs     sync.Pool // of *Doc, with a tree as new
}

func newSetup(options []parser.Option, cs []construct) *setup {
	s := &setup{
		parser: parser.NewParser(options...),
		renderer: renderer.NewRenderer(renderer.WithNodeRenderers(
			util.Prioritized(html.NewRenderer(), 1000),
			util.Prioritized(extension.NewStrikethroughHTMLRenderer(), 500),
			util.Prioritized(extension.NewDefinitionListHTMLRenderer(), 500),
		)),
	}
	for i, c := range cs {
		if c.parse != nil {
			s.parser.AddOptions(c.parse()...)
		}
		s.renderer.AddOptions(renderer.WithNodeRenderers(util.Prioritized(nodeRenderers(c.render), i+1)))
	}
	return s
}

// definitions is goldmark's definition lists, as they are.
func definitions() construct {
	return construct{parse: func() []parser.Option {
		return []parser.Option{parser.WithBlockParsers(
			util.Prioritized(extension.NewDefinitionListParser(), 101),
			util.Prioritized(extension.NewDefinitionDescriptionParser(), 102),
		)}
	}}
}

// strikethrough is GFM's, as it is.
func strikethrough() construct {
	return construct{parse: func() []parser.Option {
		return []parser.Option{parser.WithInlineParsers(util.Prioritized(extension.NewStrikethroughParser(), 500))}
	}}
}
