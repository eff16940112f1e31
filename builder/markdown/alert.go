package markdown

import (
	"fmt"
	"regexp"
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

var alertLine = regexp.MustCompile(`^\[!([^\]\s]+)\](.*)\n?$`)

func (p alertParser) Close(node ast.Node, reader text.Reader, pc parser.Context) {
	p.BlockParser.Close(node, reader, pc)
	para, ok := node.FirstChild().(*ast.Paragraph)
	if !ok || para.Lines().Len() == 0 {
		return
	}
	d := docOf(pc)
	first := para.Lines().At(0)
	m := alertLine.FindSubmatch(d.src[first.Start:first.Stop])
	if m == nil {
		return
	}
	name := strings.ToLower(string(m[1]))
	end := first.Start + len("[!]") + len(m[1])
	if !slices.Contains(alertNames[:], name) {
		hint := diag.DidYouMean(name, alertNames[:])
		if hint == "" {
			hint = "There are NOTE, TIP, IMPORTANT, WARNING and CAUTION."
		}
		d.report(first.Start, end, diag.Warning, "markdown/alert-unknown", fmt.Sprintf("There is no alert called `%s`.", m[1]), hint)
		return
	}
	if strings.TrimSpace(string(m[2])) != "" {
		d.report(end, first.Stop, diag.Warning, "markdown/alert-line", fmt.Sprintf("`[!%s]` must stand alone on its line.", m[1]),
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
