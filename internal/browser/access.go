package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/chromedp"
)

// Accessible is a node of the accessibility tree: what a screen reader has to work with.
type Accessible struct {
	Role, Name, Description, Value string
	Checked                        string // "true", "false"; "" of what cannot be checked
	Disabled                       bool
	Depth                          int
}

// String writes a node as `radio "15 days", not checked: Choose one.`
func (a Accessible) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %q", a.Role, a.Name)
	if a.Value != "" {
		fmt.Fprintf(&b, " = %q", a.Value)
	}
	switch a.Checked {
	case "true":
		b.WriteString(", checked")
	case "false":
		b.WriteString(", not checked")
	}
	if a.Disabled {
		b.WriteString(", disabled")
	}
	if a.Description != "" {
		b.WriteString(": " + a.Description)
	}
	return b.String()
}

// Accessibility gives the accessibility tree of the page in reading order, without what is hidden from its users.
func (p *Page) Accessibility() []Accessible {
	p.t.Helper()
	var nodes []*accessibility.Node
	if err := p.step(func(ctx context.Context) error {
		tree, err := chromedp.Call(ctx, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
		nodes = tree.Nodes
		return err
	}); err != nil {
		p.fail("reading the accessibility tree: %v", err)
	}
	byID := map[accessibility.NodeID]*accessibility.Node{}
	for _, n := range nodes {
		byID[n.NodeID] = n
	}
	var out []Accessible
	var walk func(n *accessibility.Node, depth int)
	walk = func(n *accessibility.Node, depth int) {
		if !n.Ignored {
			a := Accessible{Role: said(n.Role), Name: said(n.Name), Description: said(n.Description), Value: said(n.Value), Depth: depth}
			for _, property := range n.Properties {
				switch property.Name {
				case accessibility.PropertyNameChecked:
					a.Checked = said(property.Value)
				case accessibility.PropertyNameDisabled:
					a.Disabled = said(property.Value) == "true"
				}
			}
			out = append(out, a)
			depth++
		}
		for _, id := range n.ChildIDs {
			if child := byID[id]; child != nil {
				walk(child, depth)
			}
		}
	}
	for _, n := range nodes {
		if n.ParentID == "" {
			walk(n, 0)
		}
	}
	return out
}

// said is a value of the tree as text.
func said(v *accessibility.Value) string {
	if v == nil || len(v.Value) == 0 {
		return ""
	}
	var text string
	if json.Unmarshal(v.Value, &text) == nil {
		return text
	}
	return string(v.Value)
}
