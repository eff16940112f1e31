package quiz

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"sopan.dev/sopan/internal/yamldoc"
)

// shape is what a piece of YAML is.
type shape uint8

const (
	scalar shape = iota
	list
	pairs
)

// node is a piece of YAML with the two ends it has in the source. A scalar's
// text is its source text (quotes and folding undone), never the value that
// YAML would make of it: `012`, `no`, `2005-06-15` and `1e3` stay.
type node struct {
	shape      shape
	plain      bool   // a scalar without quotes
	block      bool   // a scalar written with | or >
	empty      bool   // a scalar of which nothing was written: `why:`
	text       string // of a scalar
	start, end int    // byte offsets in the source text
	items      []*node
	keys       []*node // of pairs, as written, repeats included
	values     []*node // values[i] belongs to keys[i]
}

// tree turns the parser's nodes into ours and finds their ends. It walks in
// source order, so that a column becomes an offset by going on from the last
// one: a line of a megabyte costs one pass, not one a node.
type tree struct {
	src    []byte // what was parsed
	lines  []int  // offsets of its lines
	origin func(int) int
	at     struct{ line, col, offset int }
	deep   *yamldoc.Node // the first node beyond the permitted depth
	odd    []oddity
	nodes  []node // made at once, to be used one after the other
}

// oddity is a piece of YAML that the format has no use for.
type oddity struct {
	start, end int
	what       string // "alias", "anchor", "tag"
}

// maxDepth is how deep lists and pairs may nest; the format needs four.
const maxDepth = 100

func newTree(src []byte, origin func(int) int) *tree {
	t := &tree{src: src, origin: origin, lines: make([]int, 1, 1+bytes.Count(src, []byte("\n")))}
	for i, c := range src {
		if c == '\n' {
			t.lines = append(t.lines, i+1)
		}
	}
	t.at.line, t.at.col = 1, 1
	return t
}

// offset turns the parser's line and column (1-based, the column in runes)
// into an offset in src.
func (t *tree) offset(line, col int) int {
	if line < 1 || line > len(t.lines) {
		return len(t.src)
	}
	if t.at.line != line || t.at.col > col {
		t.at.line, t.at.col, t.at.offset = line, 1, t.lines[line-1]
	}
	for t.at.col < col && t.at.offset < len(t.src) && t.src[t.at.offset] != '\n' {
		_, n := utf8.DecodeRune(t.src[t.at.offset:])
		t.at.offset += n
		t.at.col++
	}
	return t.at.offset
}

// grow makes a node of a parser's node; after it, end is an offset in src of
// which nothing before belongs to a later node.
func (t *tree) grow(y *yamldoc.Node, depth int) (n *node, end int) {
	start := t.offset(int(y.Line), int(y.Column))
	if len(t.nodes) == 0 {
		t.nodes = make([]node, 16)
	}
	n, t.nodes = &t.nodes[0], t.nodes[1:]
	n.start = t.origin(start)
	defer func() { n.end = max(n.start, t.origin(end)) }()
	if depth > maxDepth {
		if t.deep == nil {
			t.deep = y
		}
		return n, start
	}
	if y.Kind == yaml.AliasNode {
		end = t.wordEnd(start)
		t.odd = append(t.odd, oddity{n.start, t.origin(end), "alias"})
		n.empty = true
		return n, end
	}
	body := start
	for body < len(t.src) && (t.src[body] == '!' || t.src[body] == '&') {
		what := "tag"
		if t.src[body] == '&' {
			what = "anchor"
		}
		e := t.wordEnd(body)
		t.odd = append(t.odd, oddity{t.origin(body), t.origin(e), what})
		for body = e; body < len(t.src) && isBlank(t.src[body]); body++ {
		}
	}
	end = body
	switch y.Kind {
	case yaml.ScalarNode:
		n.text = y.Value
		n.plain = y.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) == 0
		n.block = y.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0
		n.empty = n.plain && y.Value == ""
		end = t.scalarEnd(y, body)
	case yaml.SequenceNode:
		n.shape = list
		n.items = make([]*node, len(y.Content))
		for i, c := range y.Content {
			n.items[i], end = t.grow(c, depth+1)
		}
	case yaml.MappingNode:
		n.shape = pairs
		both := make([]*node, len(y.Content))
		n.keys, n.values = both[:len(both)/2:len(both)/2], both[len(both)/2:]
		for i := range n.keys {
			n.keys[i], _ = t.grow(y.Content[2*i], depth+1)
			n.values[i], end = t.grow(y.Content[2*i+1], depth+1)
		}
	}
	if y.Style&yaml.FlowStyle != 0 {
		end = t.closing(max(end, body))
	}
	return n, end
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' }

func (t *tree) wordEnd(at int) int {
	for at < len(t.src) && !isBlank(t.src[at]) && t.src[at] != ',' && t.src[at] != ']' && t.src[at] != '}' {
		at++
	}
	return at
}

// scalarEnd finds where a scalar stops, which the parser does not tell.
func (t *tree) scalarEnd(y *yamldoc.Node, at int) int {
	switch {
	case y.Style&yaml.DoubleQuotedStyle != 0:
		return quoteEnd(t.src, at)
	case y.Style&yaml.SingleQuotedStyle != 0:
		return quoteEnd(t.src, at)
	case y.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return t.blockEnd(y, at)
	}
	// A plain scalar stands in the source as it is, but for folded white space.
	for v := 0; v < len(y.Value); {
		if isBlank(y.Value[v]) {
			for v < len(y.Value) && isBlank(y.Value[v]) {
				v++
			}
			for at < len(t.src) && isBlank(t.src[at]) {
				at++
			}
			continue
		}
		if at >= len(t.src) || t.src[at] != y.Value[v] {
			break
		}
		v, at = v+1, at+1
	}
	return at
}

// blockEnd finds the end of a | or > text: the end of the last line that
// holds a part of it.
func (t *tree) blockEnd(y *yamldoc.Node, at int) int {
	eol := func(i int) int {
		for i < len(t.src) && t.src[i] != '\n' {
			i++
		}
		return i
	}
	end := eol(at)
	left := len(strings.Fields(y.Value))
	for i := end; left > 0 && i < len(t.src); {
		e := eol(i + 1)
		if f := len(bytes.Fields(t.src[i+1 : e])); f > 0 {
			left -= f
			end = e
		}
		i = e
	}
	return end
}

// closing finds the end of a [list] or {pairs} from the end of its last item.
func (t *tree) closing(at int) int {
	for i := at; i < len(t.src); i++ {
		switch t.src[i] {
		case ']', '}':
			return i + 1
		case '#':
			for i < len(t.src) && t.src[i] != '\n' {
				i++
			}
		}
	}
	return at
}

// quoteEnd gives the offset after the quotation mark that closes the one at
// src[at], or len(src) when there is none.
func quoteEnd(src []byte, at int) int {
	if at >= len(src) {
		return len(src)
	}
	q, begin := src[at], at+1
	for i := begin; i < len(src); {
		next := bytes.IndexByte(src[i:], q)
		if next < 0 {
			break
		}
		inside := src[begin : i+next]
		i += next + 1
		escapes := len(inside) - len(bytes.TrimRight(inside, `\`)) // each takes the next one's meaning away
		switch {
		case q == '"' && escapes%2 == 1:
		case q == '\'' && i < len(src) && src[i] == q:
			i++
		default:
			return i
		}
	}
	return len(src)
}
