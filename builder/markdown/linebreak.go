package markdown

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
)

// tidyBreaks takes the spaces away that stand before a hard line break. goldmark
// trims them, except where its parser of bare addresses, which wakes at every
// space, has split the text among them (CommonMark examples 226 and 635).
func (d *Doc) tidyBreaks(n ast.Node) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		t, ok := c.(*ast.Text)
		if !ok {
			d.tidyBreaks(c)
			continue
		}
		for t.HardLineBreak() && d.brokenBySpaces(t.Segment.Stop) {
			s := t.Segment
			t.Segment = s.WithStop(s.Start + len(bytes.TrimRight(d.src[s.Start:s.Stop], " ")))
			before, ok := t.PreviousSibling().(*ast.Text)
			if !ok || !t.Segment.IsEmpty() || before.SoftLineBreak() || before.HardLineBreak() {
				break
			}
			n.RemoveChild(n, t)
			before.SetHardLineBreak(true)
			t, c = before, before
		}
	}
}

// brokenBySpaces tells whether only spaces stand between an offset and the line's end.
func (d *Doc) brokenBySpaces(at int) bool {
	rest := bytes.TrimLeft(d.src[at:], " ")
	return len(rest) > 0 && rest[0] == '\n' && (len(rest) < len(d.src[at:]) || at > 0 && d.src[at-1] == ' ')
}
