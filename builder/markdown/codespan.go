package markdown

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// codeSpanParser takes code between two backticks on one line, `so`, without a
// space behind the first: the common kind. The rest is goldmark's. The test of
// runs holds that nothing is read otherwise.
type codeSpanParser struct{}

// codeSpanPriority comes before goldmark's code spans.
const codeSpanPriority = 99

func (codeSpanParser) Trigger() []byte { return []byte{'`'} }

func (codeSpanParser) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	d := docOf(pc)
	line, at := block.PeekLine()
	if !d.takesRuns(at) {
		return nil
	}
	end := 1 + bytes.IndexByte(line[1:], '`')
	if end < 2 || line[1] == ' ' || end+1 < len(line) && line[end+1] == '`' {
		return nil
	}
	code := d.words(text.NewSegment(at.Start+1, at.Start+end))
	code.SetRaw(true)
	n := d.codes.next()
	n.AppendChild(n, code)
	block.Advance(end + 1)
	return n
}
