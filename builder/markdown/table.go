package markdown

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"sopan.dev/sopan/internal/diag"
)

func tables() construct {
	return construct{
		parse: func() []parser.Option {
			return []parser.Option{
				parser.WithParagraphTransformers(util.Prioritized(tableLimit{extension.NewTableParagraphTransformer()}, 200)),
				parser.WithASTTransformers(util.Prioritized(extension.NewTableASTTransformer(), 0)),
			}
		},
		render: map[ast.NodeKind]renderFunc{
			east.KindTable:       renderTable,
			east.KindTableHeader: renderTableHeader,
			east.KindTableRow:    renderTableRow,
			east.KindTableCell:   renderTableCell,
		},
	}
}

// maxCells is far beyond a table that anyone reads. Rows are filled up to the
// header's width, so that a few kilobytes could ask for millions of cells.
const maxCells = 20_000

// tableLimit leaves a paragraph alone that would make too large a table.
type tableLimit struct{ parser.ParagraphTransformer }

func (t tableLimit) Transform(node *ast.Paragraph, reader text.Reader, pc parser.Context) {
	lines, widest := node.Lines(), 0
	for i := range lines.Len() {
		line := lines.At(i)
		widest = max(widest, 1+bytes.Count(line.Value(reader.Source()), []byte("|")))
	}
	if widest*lines.Len() > maxCells && ruled(lines, reader.Source()) {
		docOf(pc).report(node.Pos(), node.Pos()+1, diag.Error, "markdown/table-too-large", "This table has too many cells.", "Split it.")
		return
	}
	t.ParagraphTransformer.Transform(node, reader, pc)
}

// ruled tells whether lines hold the one of dashes, without which they are no table.
func ruled(lines *text.Segments, source []byte) bool {
	for i := 1; i < lines.Len(); i++ {
		line := lines.At(i)
		if v := line.Value(source); len(bytes.Trim(v, "-:| \t\n")) == 0 && bytes.IndexByte(v, '-') >= 0 {
			return true
		}
	}
	return false
}

// renderTable puts a table into a region that can be scrolled with the keys on
// a narrow screen, named by the heading it stands under.
func renderTable(w *writer, n ast.Node, entering bool) ast.WalkStatus {
	if !entering {
		if n.LastChild().Kind() == east.KindTableRow {
			w.text("</tbody>\n")
		}
		w.text("</table></div>\n")
		return ast.WalkContinue
	}
	under := ""
	if h := headingAbove(n); h != nil {
		under = ": " + w.doc.ids.named[h].words
	}
	w.text(`<div class="table" tabindex="0" role="region"`)
	w.label("table", under)
	w.text("><table>\n")
	return ast.WalkContinue
}

func headingAbove(n ast.Node) ast.Node {
	for ; n != nil; n = n.Parent() {
		for s := n.PreviousSibling(); s != nil; s = s.PreviousSibling() {
			if s.Kind() == ast.KindHeading {
				return s
			}
		}
	}
	return nil
}

func renderTableHeader(w *writer, n ast.Node, entering bool) ast.WalkStatus {
	if entering {
		w.text("<thead>\n<tr>\n")
		return ast.WalkContinue
	}
	w.text("</tr>\n</thead>\n")
	if n.NextSibling() != nil {
		w.text("<tbody>\n")
	}
	return ast.WalkContinue
}

func renderTableRow(w *writer, _ ast.Node, entering bool) ast.WalkStatus {
	if entering {
		w.text("<tr>\n")
	} else {
		w.text("</tr>\n")
	}
	return ast.WalkContinue
}

// renderTableCell says alignment with a class: a style attribute would not
// pass the page's content security policy.
func renderTableCell(w *writer, n ast.Node, entering bool) ast.WalkStatus {
	tag := "td"
	if n.Parent().Kind() == east.KindTableHeader && n.HasChildren() { // an empty corner heads nothing
		tag = "th"
	}
	if !entering {
		w.text("</", tag, ">\n")
		return ast.WalkContinue
	}
	w.text("<", tag)
	if tag == "th" {
		w.text(` scope="col"`)
	}
	if a := n.(*east.TableCell).Alignment; a != east.AlignNone {
		w.attr("class", "align-"+a.String())
	}
	w.text(">")
	return ast.WalkContinue
}
