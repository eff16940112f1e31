package markdown

import (
	"fmt"
	"regexp"
	"strconv"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"sopan.dev/sopan/internal/diag"
)

// footnotes is goldmark's `[^1]`, rendered so that a screen reader can go
// there and back. Its ids hold a colon, which no heading's id can.
func footnotes() construct {
	return construct{
		parse: func() []parser.Option {
			return []parser.Option{
				parser.WithBlockParsers(util.Prioritized(footnoteBlockParser{extension.NewFootnoteBlockParser()}, 999)),
				parser.WithInlineParsers(util.Prioritized(footnoteParser{extension.NewFootnoteParser()}, 101)),
				parser.WithASTTransformers(
					util.Prioritized(unusedFootnotes{}, 998),
					util.Prioritized(extension.NewFootnoteASTTransformer(), 999),
				),
			}
		},
		render: map[ast.NodeKind]renderFunc{
			east.KindFootnoteLink:     renderFootnoteLink,
			east.KindFootnoteBacklink: renderFootnoteBacklink,
			east.KindFootnote:         renderFootnote,
			east.KindFootnoteList:     renderFootnoteList,
		},
	}
}

// maxFootnotes keeps the search for a footnote's definition, which is linear,
// from becoming a way to stop a build.
const maxFootnotes = 1000

type footnoteBlockParser struct{ parser.BlockParser }

func (p footnoteBlockParser) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	n, state := p.BlockParser.Open(parent, reader, pc)
	if n == nil {
		return nil, state
	}
	d := docOf(pc)
	if len(d.footnotes) == maxFootnotes {
		_, at := reader.Position()
		d.report(at.Start, at.Start+1, diag.Error, "markdown/too-many", fmt.Sprintf("There are more than %d footnotes.", maxFootnotes), "Split the text.")
		return nil, parser.NoChildren
	}
	d.footnotes = append(d.footnotes, n.(*east.Footnote))
	return n, state
}

type footnoteParser struct{ parser.InlineParser }

var footnoteMark = regexp.MustCompile(`^!?\[\^[^\]\[\s]+\]`)

// Parse reports a mark without a note; goldmark shows it as text.
func (p footnoteParser) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	line, segment := block.PeekLine()
	n := p.InlineParser.Parse(parent, block, pc)
	if n == nil && len(line) > 1 && (line[1] == '^' || (line[0] == '!' && len(line) > 2 && line[2] == '^')) {
		if mark := footnoteMark.Find(line); mark != nil && line[0] != '!' {
			docOf(pc).report(segment.Start, segment.Start+len(mark), diag.Error, "markdown/footnote-missing",
				fmt.Sprintf("There is no footnote `%s`.", mark), fmt.Sprintf("Write it on a line of its own: `%s: The note.`", mark))
		}
	}
	return n
}

// unusedFootnotes runs before goldmark takes footnotes out that nothing refers to.
type unusedFootnotes struct{}

func (unusedFootnotes) Transform(_ *ast.Document, _ text.Reader, pc parser.Context) {
	d := docOf(pc)
	for _, f := range d.footnotes {
		if f.Index < 0 {
			d.unused = append(d.unused, f)
		}
	}
}

func (d *Doc) checkFootnotes() {
	for _, f := range d.unused {
		start := max(0, f.Pos())
		d.report(start, start+len("[^]")+len(f.Ref), diag.Warning, "markdown/footnote-unused",
			fmt.Sprintf("Nothing refers to the footnote `[^%s]`.", f.Ref), "Put its mark into the text, or remove it.")
	}
}

func footnoteID(w *writer, index int) string {
	return w.doc.opts.IDPrefix + "fn:" + strconv.Itoa(index)
}

func footnoteRefID(w *writer, index, ref int) string {
	id := w.doc.opts.IDPrefix + "fnref:" + strconv.Itoa(index)
	if ref > 0 {
		id += ":" + strconv.Itoa(ref+1)
	}
	return id
}

func renderFootnoteLink(w *writer, n ast.Node, entering bool) ast.WalkStatus {
	if entering {
		l := n.(*east.FootnoteLink)
		number := strconv.Itoa(l.Index)
		w.text("<sup><a")
		w.attr("id", footnoteRefID(w, l.Index, l.RefIndex))
		w.attr("class", "footnote-ref")
		w.attr("href", "#"+footnoteID(w, l.Index))
		w.attr("role", "doc-noteref")
		w.label("footnotes", " "+number)
		w.text(">", number, "</a></sup>")
	}
	return ast.WalkSkipChildren
}

func renderFootnoteBacklink(w *writer, n ast.Node, entering bool) ast.WalkStatus {
	if entering {
		l := n.(*east.FootnoteBacklink)
		which := ""
		if l.RefCount > 1 {
			which = " " + strconv.Itoa(l.RefIndex+1)
		}
		w.text("\u00a0<a")
		w.attr("class", "footnote-back")
		w.attr("href", "#"+footnoteRefID(w, l.Index, l.RefIndex))
		w.attr("role", "doc-backlink")
		w.label("back_to_text", which)
		// U+FE0E asks for a glyph: phones would draw a coloured picture.
		w.text(">\u21a9\ufe0e</a>")
	}
	return ast.WalkSkipChildren
}

func renderFootnote(w *writer, n ast.Node, entering bool) ast.WalkStatus {
	if entering {
		w.text("<li")
		w.attr("id", footnoteID(w, n.(*east.Footnote).Index))
		w.text(">\n")
	} else {
		w.text("</li>\n")
	}
	return ast.WalkContinue
}

func renderFootnoteList(w *writer, _ ast.Node, entering bool) ast.WalkStatus {
	if entering {
		w.text(`<section class="footnotes" role="doc-endnotes"`)
		w.label("footnotes", "")
		w.text(">\n<ol>\n")
	} else {
		w.text("</ol>\n</section>\n")
	}
	return ast.WalkContinue
}
