package markdown

import (
	"cmp"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// tree is what a parse leaves, what is noted while it is read, and where the
// words and the body stand that are made of it. When these are put away, too,
// its memory serves the next text. To touch new memory for each was a third of
// what a lesson cost.
type tree struct {
	root       ast.Node
	spans      map[ast.Node]linkSpan
	refs       map[ast.Node]Ref
	raw        map[ast.Node]string // what a raw HTML node leaves in the output
	leftOfTabs map[ast.Node]int    // of a block behind a tab of which a part was taken, the rest
	escapes    bool                // something in the text may stand for something else
	inRuns     bool                // words are taken in runs, but for addresses
	addresses  []addressWord
	ids        ids
	scenes     []sceneParts
	notes      ast.Node // the footnotes of a case study, taken out of its last scene
	tooDeep    bool
	footnotes  []*east.Footnote // in the order in which they begin
	unused     []*east.Footnote

	texts      shelf[ast.Text]
	paragraphs shelf[ast.Paragraph]
	emphases   shelf[ast.Emphasis]
	codes      shelf[ast.CodeSpan]
	rows       shelf[east.TableRow]
	cells      shelf[east.TableCell]
	said       []byte // the words of the sections, one after the other
	out        writer // of the body
	lists      Facts  // with the lists that serve again, empty: headings, references, sections
	context    parser.Context
	linker     termLinker
}

func newTree() *tree {
	return &tree{
		spans: map[ast.Node]linkSpan{}, refs: map[ast.Node]Ref{}, raw: map[ast.Node]string{}, leftOfTabs: map[ast.Node]int{}, ids: newIDs(), linker: termLinker{done: map[string]bool{}}, out: *newWriter(nil, Resolver{}),
	}
}

// maxKept is the bytes of a text whose tree serves again: a map remembers how large it was, and is that slow to empty.
const maxKept = 64 << 10

// newDoc gives a Doc that has served before, or a new one.
func newDoc() *Doc {
	if d, ok := blockSetup().docs.Get().(*Doc); ok {
		return d
	}
	return &Doc{tree: newTree()}
}

// fell makes the body of a text, after which nobody asks for the nodes of its tree.
func (d *Doc) fell() {
	d.body = d.out.of(d)
	d.tree, d.felled = nil, d.tree
}

// Release says that nobody has any more use for the text, nor for its body and
// the lists of its facts, of which no part may be held: the next text stands in
// their place. Strings may be, but for those of the sections. A text that is not
// released is left to the collector of garbage.
func (d *Doc) Release() {
	t := cmp.Or(d.felled, d.tree)
	if t == nil || len(d.src) > maxKept {
		return
	}
	*d = Doc{tree: t}
	clear(t.spans)
	clear(t.refs)
	clear(t.raw)
	clear(t.leftOfTabs)
	t.ids.clear()
	t.texts.clear(func(n *ast.Text) { *n = ast.Text{} })
	t.emphases.clear(func(n *ast.Emphasis) { *n = ast.Emphasis{} })
	t.codes.clear(func(n *ast.CodeSpan) { *n = ast.CodeSpan{} })
	t.rows.clear(func(n *east.TableRow) { *n = east.TableRow{} })
	t.paragraphs.clear(func(n *ast.Paragraph) {
		lines := room(n.Lines())
		*n = ast.Paragraph{}
		n.SetLines(&lines)
	})
	t.cells.clear(func(n *east.TableCell) {
		lines := room(n.Lines())
		*n = east.TableCell{}
		n.SetLines(&lines)
	})
	*t = tree{
		spans: t.spans, refs: t.refs, raw: t.raw, leftOfTabs: t.leftOfTabs, ids: t.ids, addresses: t.addresses[:0],
		texts: t.texts, paragraphs: t.paragraphs, emphases: t.emphases, codes: t.codes, rows: t.rows, cells: t.cells,
		said: t.said[:0], out: t.out,
		lists:   Facts{Headings: emptied(t.lists.Headings), Refs: emptied(t.lists.Refs), Sections: emptied(t.lists.Sections)},
		context: asNew(t.context),
		linker:  t.linker.asNew(),
	}
	t.out.clear()
	blockSetup().docs.Put(d)
}

// room is what the lines of a block stand in, without them.
func room(lines *text.Segments) text.Segments {
	lines.SetSliced(0, 0)
	return *lines
}

func emptied[T any](list []T) []T {
	clear(list)
	return list[:0]
}

// parseContext is goldmark's, for this text.
func (d *Doc) parseContext() parser.Context {
	if d.context == nil {
		d.context = parser.NewContext()
	}
	d.context.Set(docKey, d)
	return d.context
}

// asNew takes out of a context what it was about. What cannot be taken out, the
// labels that few texts define, has it thrown away.
func asNew(pc parser.Context) parser.Context {
	if pc == nil || len(pc.References()) > 0 || pc.FirstDelimiter() != nil {
		return nil
	}
	for key := range parser.ContextKeyMax + 1 {
		pc.Set(key, nil)
	}
	pc.SetOpenedBlocks(nil)
	pc.SetBlockOffset(-1)
	pc.SetBlockIndent(-1)
	return pc
}

// shelf is nodes of one kind. They stay where they are.
type shelf[Node any] struct {
	rows [][]Node
	used int
}

const perRow = 32

// next gives a node that is as new.
func (s *shelf[Node]) next() *Node {
	row, i := s.used/perRow, s.used%perRow
	if row == len(s.rows) {
		s.rows = append(s.rows, make([]Node, perRow))
	}
	s.used++
	return &s.rows[row][i]
}

// clear takes all nodes back; renew makes each as new.
func (s *shelf[Node]) clear(renew func(*Node)) {
	for i := range s.used {
		renew(&s.rows[i/perRow][i%perRow])
	}
	s.used = 0
}

// words is a text node.
func (t *tree) words(s text.Segment) *ast.Text {
	n := t.texts.next()
	n.Segment = s
	return n
}

// paragraphParser is goldmark's, whose paragraphs are the tree's.
type paragraphParser struct{ parser.BlockParser }

func (paragraphParser) Open(_ ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, at := reader.PeekLine()
	if util.IsBlank(line) {
		return nil, parser.NoChildren
	}
	p := docOf(pc).paragraphs.next()
	p.Lines().Append(at)
	reader.AdvanceToEOL()
	return p, parser.NoChildren
}
