package quiz

import (
	"bytes"
	"iter"
	"strings"

	"go.yaml.in/yaml/v3"

	"sopan.dev/sopan/internal/yamldoc"
)

// node is a piece of YAML with the two ends it has in the source. A scalar's
// text is its source text (quotes and folding undone), never the value that
// YAML would make of it: `012`, `no`, `2005-06-15` and `1e3` stay.
type node = yamldoc.Node

// What a node is.
const (
	unread = yaml.Kind(0) // it could not be read, which was said
	scalar = yaml.ScalarNode
	list   = yaml.SequenceNode
	pairs  = yaml.MappingNode // keys as written, repeats included, each with its value behind it
)

// isPlain tells whether a scalar stands without quotes, isEmpty whether nothing
// of it was written: `why:`.
func isPlain(n *node) bool {
	return n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) == 0
}
func isEmpty(n *node) bool { return n.Kind == scalar && n.Value == "" && isPlain(n) }

// entry is a key and its value.
type entry struct{ key, value *node }

// entries are the pairs of a node, none where it has another shape.
func entries(n *node) iter.Seq[entry] {
	return func(yield func(entry) bool) {
		for i := 0; n.Kind == pairs && i+1 < len(n.Content); i += 2 {
			if !yield(entry{n.Content[i], n.Content[i+1]}) {
				return
			}
		}
	}
}

// tree finds the ends of the parser's nodes.
type tree struct {
	src    []byte // what was parsed
	origin func(int) int
	deep   *node // the first node beyond the permitted depth
	odd    []oddity
}

// oddity is a piece of YAML that the format has no use for.
type oddity struct {
	start, end int
	what       string // "alias", "anchor", "tag"
}

// maxDepth is how deep lists and pairs may nest; the format needs four.
const maxDepth = 100

// place finds the end of a node, whose start is known in src, and of all in it,
// and leads both back to the text; after it, end is an offset in src of which
// nothing before belongs to a later node.
func (t *tree) place(n *node, depth int) (end int) {
	start := n.Start
	n.Start = t.origin(start)
	defer func() { n.End = max(n.Start, t.origin(end)) }()
	if depth > maxDepth {
		if t.deep == nil {
			t.deep = n
		}
		return start
	}
	if n.Kind == yaml.AliasNode {
		end = t.wordEnd(start)
		t.odd = append(t.odd, oddity{n.Start, t.origin(end), "alias"})
		n.Kind, n.Style, n.Value = scalar, 0, ""
		return end
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
	if n.Kind == scalar {
		end = t.scalarEnd(n, body)
	}
	for _, c := range n.Content {
		end = t.place(c, depth+1)
	}
	if n.Style&yaml.FlowStyle != 0 {
		end = t.closing(max(end, body))
	}
	return end
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' }

func (t *tree) wordEnd(at int) int {
	for at < len(t.src) && !isBlank(t.src[at]) && t.src[at] != ',' && t.src[at] != ']' && t.src[at] != '}' {
		at++
	}
	return at
}

// scalarEnd finds where a scalar stops, which the parser does not tell.
func (t *tree) scalarEnd(n *node, at int) int {
	switch {
	case n.Style&yaml.DoubleQuotedStyle != 0:
		return quoteEnd(t.src, at)
	case n.Style&yaml.SingleQuotedStyle != 0:
		return quoteEnd(t.src, at)
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return t.blockEnd(n, at)
	}
	// A plain scalar stands in the source as it is, but for folded white space.
	for v := 0; v < len(n.Value); {
		if isBlank(n.Value[v]) {
			for v < len(n.Value) && isBlank(n.Value[v]) {
				v++
			}
			for at < len(t.src) && isBlank(t.src[at]) {
				at++
			}
			continue
		}
		if at >= len(t.src) || t.src[at] != n.Value[v] {
			break
		}
		v, at = v+1, at+1
	}
	return at
}

// blockEnd finds the end of a | or > text: the end of the last line that
// holds a part of it.
func (t *tree) blockEnd(n *node, at int) int {
	eol := func(i int) int {
		for i < len(t.src) && t.src[i] != '\n' {
			i++
		}
		return i
	}
	end := eol(at)
	left := len(strings.Fields(n.Value))
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
