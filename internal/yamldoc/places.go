package yamldoc

import (
	"bytes"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// places finds the offsets of yaml.v3's nodes, which know a line and a column,
// both from 1 on, the column counted in runes. It is asked in the order of the
// text and goes on from where it was last: a line of a megabyte costs one pass,
// not one a node.
type places struct {
	text  []byte
	lines []int // their offsets
	at    struct{ line, column, offset int }
}

func newPlaces(text []byte) *places {
	p := &places{text: text, lines: make([]int, 1, 1+bytes.Count(text, []byte("\n")))}
	for i, c := range text {
		if c == '\n' {
			p.lines = append(p.lines, i+1)
		}
	}
	p.at.line, p.at.column = 1, 1
	return p
}

func (p *places) node(y *yaml.Node) *Node {
	n := &Node{Kind: y.Kind, Style: y.Style, Value: y.Value, Start: p.offset(y.Line, y.Column)}
	for _, c := range y.Content {
		n.Content = append(n.Content, p.node(c))
	}
	return n
}

func (p *places) offset(line, column int) int {
	if line < 1 || line > len(p.lines) {
		return len(p.text)
	}
	at := &p.at
	if at.line != line || at.column > column {
		at.line, at.column, at.offset = line, 1, p.lines[line-1]
	}
	for at.column < column && at.offset < len(p.text) && p.text[at.offset] != '\n' {
		_, n := utf8.DecodeRune(p.text[at.offset:])
		at.offset += n
		at.column++
	}
	return at.offset
}
