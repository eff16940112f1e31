package markdown

import (
	"github.com/yuin/goldmark/ast"

	"sopan.dev/sopan/internal/diag"
)

// Tab is a part of a tabs container: a heading and what follows it. Without
// script tabs are sections, one after the other.
type Tab struct {
	ast.BaseBlock
	id string
}

var kindTab = ast.NewNodeKind("Tab")

// Kind implements ast.Node.
func (t *Tab) Kind() ast.NodeKind { return kindTab }

// Dump implements ast.Node.
func (t *Tab) Dump(src []byte, level int) { ast.DumpHelper(t, src, level, nil, nil) }

func tabs() construct {
	return construct{render: map[ast.NodeKind]renderFunc{kindTab: renderTab}}
}

// splitTabs puts the children of every tabs container into its tabs. The
// level of the first heading is the level of all its tabs.
func (d *Doc) splitTabs() {
	if !d.holds(":::") {
		return
	}
	var all []*Container
	for n := range blocks(d.root) {
		if c, ok := n.(*Container); ok && c.name == "tabs" {
			all = append(all, c)
		}
	}
	for _, c := range all {
		level := 0
		var tab *Tab
		for child := c.FirstChild(); child != nil; {
			next := child.NextSibling()
			if h, ok := child.(*ast.Heading); ok && (level == 0 || h.Level <= level) {
				level = h.Level
				tab = &Tab{id: d.ids.unique("", d.ids.named[h].id+"-tab")}
				tab.SetPos(h.Pos())
				c.InsertBefore(c, child, tab)
			}
			if tab != nil {
				tab.AppendChild(tab, child)
			}
			child = next
		}
		if first := c.FirstChild(); first == nil || first.Kind() != kindTab {
			d.report(c.start, c.end, diag.Error, "markdown/tabs-heading", "A `tabs` block starts with something else than a heading.",
				"Start each tab with its title: `### Title`.")
		}
	}
}

func renderTab(w *writer, n ast.Node, entering bool) ast.WalkStatus {
	if entering {
		w.text(`<section class="tab"`)
		w.attr("id", n.(*Tab).id)
		w.text(">\n")
	} else {
		w.text("</section>\n")
	}
	return ast.WalkContinue
}
