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
				parser.WithParagraphTransformers(util.Prioritized(tableLimit{extension.NewTableParagraphTransformer()}, tablePriority)),
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

// tablePriority comes after the definitions of links.
const tablePriority = 200

// maxCells is far beyond a table that anyone reads. Rows are filled up to the
// header's width, so that a few kilobytes could ask for millions of cells.
const maxCells = 20_000

// tableLimit leaves a paragraph alone that would make too large a table.
type tableLimit struct{ parser.ParagraphTransformer }

func (t tableLimit) Transform(node *ast.Paragraph, reader text.Reader, pc parser.Context) {
	lines := node.Lines()
	if cells(lines, reader.Source()) > maxCells && ruled(lines, reader.Source()) {
		docOf(pc).report(node.Pos(), node.Pos()+1, diag.Error, "markdown/table-too-large", "This table has too many cells.", "Split it.")
		return
	}
	t.ParagraphTransformer.Transform(node, reader, pc)
}

// cells is how many a table of these lines may have.
func cells(lines *text.Segments, source []byte) int {
	widest := 0
	for i := range lines.Len() {
		line := lines.At(i)
		widest = max(widest, 1+bytes.Count(source[line.Start:line.Stop], []byte("|")))
	}
	return widest * lines.Len()
}

// usualTables has the rows of usual tables read here.
func usualTables() construct {
	return construct{parse: func() []parser.Option {
		return []parser.Option{parser.WithParagraphTransformers(util.Prioritized(usualTable{extension.NewTableParagraphTransformer()}, tablePriority-1))}
	}}
}

// usualTable reads the rows of a table without escapes in nodes that serve
// again. goldmark reads the lines above them: it says whether they begin a
// table. The test of runs holds that nothing is read otherwise.
type usualTable struct{ parser.ParagraphTransformer }

func (t usualTable) Transform(node *ast.Paragraph, reader text.Reader, pc parser.Context) {
	d, lines, parent, next := docOf(pc), node.Lines(), node.Parent(), node.NextSibling()
	all := lines.Len()
	if all < 3 || !isTableRule(lines.At(1), d.src) || cells(lines, d.src) > maxCells {
		return
	}
	if written := d.src[lines.At(0).Start:lines.At(all-1).Stop]; bytes.IndexByte(written, '\\') >= 0 {
		return // `\|` is no end of a cell
	}
	rows := lines.Sliced(2, all)
	lines.SetSliced(0, 2)
	t.ParagraphTransformer.Transform(node, reader, pc)
	if node.Parent() != nil {
		lines.SetSliced(0, all)
		return
	}
	last := parent.LastChild()
	if next != nil {
		last = next.PreviousSibling()
	}
	table := last.(*east.Table)
	for _, line := range rows {
		table.AppendChild(table, d.row(line, table.Alignments))
	}
}

// row reads a line of a table: as many cells as there are columns.
func (d *Doc) row(line text.Segment, columns []east.Alignment) *east.TableRow {
	row := d.rows.next()
	row.Alignments = columns
	row.SetPos(line.Start)
	trimmed := line.TrimLeftSpace(d.src)
	trimmed = trimmed.TrimRightSpace(d.src)
	rest := d.src[trimmed.Start:trimmed.Stop]
	at := 0 // in the trimmed line
	if bytes.HasPrefix(rest, []byte("|")) {
		at++
	}
	if bytes.HasSuffix(rest, []byte("|")) {
		rest = rest[:len(rest)-1]
	}
	for _, alignment := range columns {
		cell := d.cells.next()
		row.AppendChild(row, cell)
		if at >= len(rest) {
			cell.Alignment = east.AlignNone
			continue
		}
		end := len(rest)
		if i := bytes.IndexByte(rest[at:], '|'); i >= 0 {
			end = at + i
		}
		cell.Alignment = alignment
		cell.SetPos(line.Start + at - line.Padding)
		words := text.NewSegment(trimmed.Start+at, trimmed.Start+end)
		words = words.TrimLeftSpace(d.src)
		cell.Lines().Append(words.TrimRightSpace(d.src))
		at = end + 1
	}
	return row
}

// ruled tells whether lines hold the one of dashes, without which they are no table.
func ruled(lines *text.Segments, source []byte) bool {
	for i := 1; i < lines.Len(); i++ {
		if isTableRule(lines.At(i), source) {
			return true
		}
	}
	return false
}

func isTableRule(line text.Segment, source []byte) bool {
	v := source[line.Start:line.Stop]
	return len(bytes.Trim(v, "-:| \t\n")) == 0 && bytes.IndexByte(v, '-') >= 0
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
