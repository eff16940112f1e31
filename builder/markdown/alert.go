package markdown

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"

	"sopan.dev/sopan/internal/diag"
)

// Callout is a quotation that starts with `[!NOTE]`, as on GitHub.
type Callout struct {
	ast.BaseBlock
	name string // "note"
}

var kindCallout = ast.NewNodeKind("Callout")

// Kind implements ast.Node.
func (c *Callout) Kind() ast.NodeKind { return kindCallout }

// Dump implements ast.Node.
func (c *Callout) Dump(src []byte, level int) {
	ast.DumpHelper(c, src, level, map[string]string{"name": c.name}, nil)
}

var alertNames = [...]string{"note", "tip", "important", "warning", "caution"}

func alerts() construct {
	return construct{render: map[ast.NodeKind]renderFunc{kindCallout: renderCallout}}
}

// alertParser is goldmark's for block quotes; at the end of one it looks at
// the first line, before anything inline is read in it.
type alertParser struct{ parser.BlockParser }

func (p alertParser) Close(node ast.Node, reader text.Reader, pc parser.Context) {
	p.BlockParser.Close(node, reader, pc)
	para, ok := node.FirstChild().(*ast.Paragraph)
	if !ok || para.Lines().Len() == 0 {
		return
	}
	d := docOf(pc)
	first := para.Lines().At(0)
	line, opened := bytes.CutPrefix(d.src[first.Start:first.Stop], []byte("[!"))
	written, rest, closed := bytes.Cut(line, []byte("]"))
	if !opened || !closed || len(written) == 0 || bytes.ContainsAny(written, " \t\n\f\r") {
		return
	}
	name := strings.ToLower(string(written))
	end := first.Start + len("[!]") + len(written)
	if !slices.Contains(alertNames[:], name) {
		hint := diag.DidYouMean(name, alertNames[:])
		if hint == "" {
			hint = "There are NOTE, TIP, IMPORTANT, WARNING and CAUTION."
		}
		d.report(first.Start, end, diag.Warning, "markdown/alert-unknown", fmt.Sprintf("There is no alert called `%s`.", written), hint)
		return
	}
	if len(bytes.TrimSpace(rest)) > 0 {
		d.report(end, first.Stop, diag.Warning, "markdown/alert-line", fmt.Sprintf("`[!%s]` must stand alone on its line.", written),
			"Start the text on the next line, after `> `.")
		return
	}
	para.Lines().SetSliced(1, para.Lines().Len())
	if para.Lines().Len() == 0 {
		node.RemoveChild(node, para)
	}
	c := &Callout{name: name}
	c.SetPos(node.Pos())
	c.SetBlankPreviousLines(node.HasBlankPreviousLines())
	node.Parent().ReplaceChild(node.Parent(), node, c)
	for child := node.FirstChild(); child != nil; {
		next := child.NextSibling()
		c.AppendChild(c, child)
		child = next
	}
}

func renderCallout(w *writer, n ast.Node, entering bool) ast.WalkStatus {
	if !entering {
		w.text("</aside>\n")
		return ast.WalkContinue
	}
	name := n.(*Callout).name
	w.text(`<aside class="callout callout-`, name, `" role="note"`, ">\n", `<p class="callout-title">`)
	w.word(name)
	w.text("</p>\n")
	return ast.WalkContinue
}
