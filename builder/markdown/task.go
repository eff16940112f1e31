package markdown

import (
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// tasks is GFM's `- [x] done`. The item's words become the label of its box.
func tasks() construct {
	return construct{
		parse: func() []parser.Option {
			return []parser.Option{parser.WithInlineParsers(util.Prioritized(taskParser{extension.NewTaskCheckBoxParser()}, 0))}
		},
		render: map[ast.NodeKind]renderFunc{
			ast.KindTextBlock:     renderTextBlock,
			ast.KindParagraph:     renderParagraph,
			east.KindTaskCheckBox: renderTask,
		},
	}
}

// taskParser asks for white space after the box, as GFM does: without it
// goldmark would take `[x](#scene)` for a box.
type taskParser struct{ parser.InlineParser }

func (p taskParser) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	if line, _ := block.PeekLine(); len(line) < 4 || line[2] != ']' || (line[3] != ' ' && line[3] != '\t') {
		return nil
	}
	return p.InlineParser.Parse(parent, block, pc)
}

func startsWithTask(n ast.Node) bool {
	return n.FirstChild() != nil && n.FirstChild().Kind() == east.KindTaskCheckBox
}

func renderTextBlock(w *writer, n ast.Node, entering bool) ast.WalkStatus {
	task := startsWithTask(n)
	switch {
	case entering && task:
		w.text(`<label class="task">`)
	case !entering && task:
		w.text("</label>")
	}
	if !entering && n.NextSibling() != nil && n.FirstChild() != nil {
		w.text("\n")
	}
	return ast.WalkContinue
}

func renderParagraph(w *writer, n ast.Node, entering bool) ast.WalkStatus {
	open, end := "<p>", "</p>\n"
	if startsWithTask(n) {
		open, end = `<p><label class="task">`, "</label></p>\n"
	}
	if entering {
		w.text(open)
	} else {
		w.text(end)
	}
	return ast.WalkContinue
}

func renderTask(w *writer, n ast.Node, entering bool) ast.WalkStatus {
	if entering {
		w.text(`<input type="checkbox" disabled`)
		if n.(*east.TaskCheckBox).IsChecked {
			w.text(" checked")
		}
		w.text("> ")
	}
	return ast.WalkContinue
}
