package markdown

import "github.com/yuin/goldmark/ast"

// Timed is a block of a case study that names its minutes, for learners or for
// the facilitator. Blocks inside it are part of its time.
type Timed struct {
	Scene      int // index into Scenes; -1 before the first one
	Title      string
	Minutes    int
	Start, End int // of the line that opens it
}

// Timed gives the blocks of a case study that name minutes, in order.
func (d *Doc) Timed() []Timed {
	d = d.asCase()
	var out []Timed
	scene := -1
	for n := d.root.FirstChild(); n != nil; n = n.NextSibling() {
		if isSceneHeading(n) {
			scene++
			continue
		}
		_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
			c, ok := n.(*Container)
			if !ok || !entering || c.minutes == 0 {
				return ast.WalkContinue, nil
			}
			title := english[c.name]
			if c.title != "" {
				title += ": " + c.title
			}
			out = append(out, Timed{Scene: scene, Title: title, Minutes: c.minutes, Start: d.base + c.start, End: d.base + c.end})
			return ast.WalkSkipChildren, nil
		})
	}
	return out
}
