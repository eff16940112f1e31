package markdown

import (
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// starParser takes words between stars, `*so*` and `**so**`, which begin after
// white space and hold no other sign: the common kind. goldmark makes a node of
// each row of stars, and pairs them at the end of the paragraph. The test of
// runs holds that nothing is read otherwise.
type starParser struct{}

// starPriority comes before goldmark's emphasis.
const starPriority = 499

func (starParser) Trigger() []byte { return []byte{'*'} }

func (starParser) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	d := docOf(pc)
	line, at := block.PeekLine()
	if !d.takesRuns(at) || !util.IsSpaceRune(block.PrecendingCharacter()) {
		return nil
	}
	stars := 1
	if len(line) > 1 && line[1] == '*' {
		stars = 2
	}
	end := stars + d.run(line[stars:], at.Start+stars)
	if end == stars || util.IsSpaceRune(util.ToRune(line, stars)) || !starsEnd(line, end, stars) {
		return nil
	}
	n := d.emphases.next()
	n.Level = stars
	n.SetPos(at.Start)
	n.AppendChild(n, d.words(text.NewSegment(at.Start+stars, at.Start+end)))
	block.Advance(end + stars)
	return n
}

// starsEnd tells whether as many stars as began the words stand at end, and end
// them as CommonMark has it: not after white space, and after punctuation only
// where white space or punctuation follows.
func starsEnd(line []byte, end, stars int) bool {
	n := end
	for n < len(line) && line[n] == '*' {
		n++
	}
	if n-end != stars {
		return false
	}
	inside, outside := util.ToRune(line, end-1), ' '
	if n < len(line) {
		outside = util.ToRune(line, n)
	}
	return !util.IsSpaceRune(inside) && (!util.IsPunctRune(inside) || util.IsSpaceRune(outside) || util.IsPunctRune(outside))
}
