package yamldoc

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"
	"unsafe"

	"go.yaml.in/yaml/v3"
)

// Usual reads YAML as nearly all authors write it, in a fifth of the time that
// yaml.v3 takes: pairs and lists by indentation, texts on one line with or
// without quotation marks, lists in brackets on one line, texts under `|`.
// root is what yaml.v3 would give, with the end of each node, too. At the first
// sign of anything else, a mistake among it, ok is false, and yaml.v3 has to be
// asked. It stays the definition.
//
// All its texts are parts of one string: who keeps one of them for long copies it.
func Usual(src []byte) (root *Node, ok bool) { return new(Room).read(src, string(src)) }

// Room is what trees stand in, one after the other: who reads thousands of texts
// makes no new nodes for each. The zero value is ready, for one goroutine.
type Room struct {
	open  []*Node // children of the nodes that are not complete, innermost last
	nodes []Node  // made at once, to be used one after the other
	links []*Node // as nodes, for their Content
}

// Usual is the function of that name. The nodes that it gave before serve again:
// nobody may hold one of them any more. Their texts are parts of src, so that they
// are worth something for as long as nobody writes there.
func (r *Room) Usual(src []byte) (root *Node, ok bool) {
	return r.read(src, unsafe.String(unsafe.SliceData(src), len(src)))
}

func (r *Room) read(src []byte, text string) (root *Node, ok bool) {
	p := usual{src: src, text: text, Room: r}
	r.open, r.nodes, r.links = r.open[:0], r.nodes[:0], r.links[:0]
	if !p.characters() || !p.nextLine() || p.indent < 0 {
		return nil, false
	}
	root = p.block(p.indent, 0)
	return root, root != nil && p.indent < 0 // all was read
}

const (
	usualDepth = 50   // of lists and pairs; yaml.v3 goes deeper
	usualKey   = 1000 // bytes; YAML ends the search for a key's colon after 1,024 characters
)

// usual reads a text from its beginning to its end. Functions that read a node
// return nil where they meet something unusual.
type usual struct {
	src    []byte
	text   string // the same
	at     int    // offset of what is read next
	line   int    // offset of the line that is read
	indent int    // of the line that is read; -1 after the last one
	*Room
}

// characters tells whether the text holds only such characters as mean the same
// to all. What YAML 1.1 takes for a line end and no editor does is none of them.
func (p *usual) characters() bool {
	for i := 0; i < len(p.src); {
		c := p.src[i]
		if c >= ' ' && c < 0x7f || c == '\n' {
			i++
			continue
		}
		r, n := utf8.DecodeRune(p.src[i:])
		switch {
		case r < 0xa0, r == 0x2028, r == 0x2029, r == 0xfeff, r == 0xfffe, r == 0xffff, r == utf8.RuneError && n == 1:
			return false
		}
		i += n
	}
	return true
}

// nextLine goes to the first character of the next line that holds more than
// spaces and a comment, from the end of a line or from the beginning of the text.
func (p *usual) nextLine() bool {
	for {
		if p.at >= len(p.src) {
			p.indent = -1
			return true
		}
		if p.src[p.at] == '\n' {
			p.at++
		}
		p.line = p.at
		p.spaces()
		if p.end(p.at) {
			continue
		}
		if p.src[p.at] == '#' {
			p.at = p.endOfLine(p.at)
			continue
		}
		p.indent = p.at - p.line
		rest := p.src[p.at:]
		return p.indent > 0 || !bytes.HasPrefix(rest, []byte("---")) && !bytes.HasPrefix(rest, []byte("..."))
	}
}

func (p *usual) spaces() {
	for p.at < len(p.src) && p.src[p.at] == ' ' {
		p.at++
	}
}

// rest goes over the spaces and the comment that end a line, and tells whether
// nothing else stands there.
func (p *usual) rest() bool {
	p.spaces()
	if p.comment(p.at) {
		p.at = p.endOfLine(p.at)
	}
	return p.end(p.at)
}

// comment tells whether a comment begins at an offset, which is none of a line's first.
func (p *usual) comment(at int) bool { return !p.end(at) && p.src[at] == '#' && p.src[at-1] == ' ' }

// end tells whether a line ends at an offset, blank whether a word does.
func (p *usual) end(at int) bool   { return at >= len(p.src) || p.src[at] == '\n' }
func (p *usual) blank(at int) bool { return p.end(at) || p.src[at] == ' ' }

func (p *usual) endOfLine(at int) int {
	if i := bytes.IndexByte(p.src[at:], '\n'); i >= 0 {
		return at + i
	}
	return len(p.src)
}

// dash tells whether an item of a list begins at an offset.
func (p *usual) dash(at int) bool { return at < len(p.src) && p.src[at] == '-' && p.blank(at+1) }

// nodesAtOnce are those that are made first: front matter needs no more, and with
// what Go notes of a piece of memory they fill 1 KB.
const nodesAtOnce = 15

// node makes a node of what stands between two offsets.
func (p *usual) node(kind yaml.Kind, style yaml.Style, start, end int, value string) *Node {
	if len(p.nodes) == cap(p.nodes) {
		p.nodes = make([]Node, 0, max(nodesAtOnce, 2*cap(p.nodes)))
	}
	p.nodes = append(p.nodes, Node{Kind: kind, Style: style, Start: start, End: end, Value: value})
	return &p.nodes[len(p.nodes)-1]
}

// close gives a node the children that were opened since.
func (p *usual) close(n *Node, since int) *Node {
	children := p.open[since:]
	if cap(p.links)-len(p.links) < len(children) {
		p.links = make([]*Node, 0, max(32, 2*cap(p.links), len(children)))
	}
	at := len(p.links)
	p.links = append(p.links, children...)
	n.Content = slices.Clip(p.links[at:])
	p.open = p.open[:since]
	return n
}

// block reads the list or the pairs that begin here, and goes on to the first
// line that is not part of them.
func (p *usual) block(indent, depth int) *Node {
	if depth > usualDepth {
		return nil
	}
	list := p.dash(p.at)
	kind := yaml.MappingNode
	if list {
		kind = yaml.SequenceNode
	}
	n, since := p.node(kind, 0, p.at, p.at, ""), len(p.open)
	for first := true; first || p.indent == indent && list == p.dash(p.at); first = false {
		if list {
			p.at++
		} else {
			key := p.key()
			if key == nil {
				return nil
			}
			p.open = append(p.open, key)
		}
		value := p.value(indent, list, depth)
		if value == nil || p.indent > indent { // more of the value, which only yaml.v3 understands
			return nil
		}
		p.open = append(p.open, value)
		n.End = value.End
	}
	return p.close(n, since)
}

// key reads a key and its colon.
func (p *usual) key() *Node {
	colon := p.colon()
	if colon < 0 || colon-p.at > usualKey {
		return nil
	}
	key := p.scalar(colon)
	p.at = colon + 1
	return key
}

// colon finds the colon of the key that begins here, -1 where there is none.
func (p *usual) colon() int {
	i := p.at
	if quote := p.src[i]; quote == '"' || quote == '\'' {
		i = p.closing(i)
		if i < 0 || i >= len(p.src) || p.src[i] != ':' || !p.blank(i+1) {
			return -1
		}
	} else {
		for ; !p.end(i) && (p.src[i] != ':' || !p.blank(i+1)); i++ {
			if p.src[i] == '#' && p.blank(i-1) {
				return -1
			}
		}
		if p.end(i) {
			return -1
		}
	}
	return i
}

// value reads what stands after a dash or a key's colon, and goes on to the next
// line that is not empty. parent is the column of the list or the pairs it belongs to.
func (p *usual) value(parent int, item bool, depth int) *Node {
	after := p.at
	if p.rest() {
		return p.below(after, parent, item, depth)
	}
	var n *Node
	switch c := p.src[p.at]; {
	case item && (p.dash(p.at) || c != '|' && c != '[' && p.colon() >= 0): // a list or pairs on the same line
		return p.block(p.at-p.line, depth+1)
	case c == '|':
		return p.literal(parent)
	case c == '[':
		n = p.brackets()
	case c == '"' || c == '\'':
		if end := p.closing(p.at); end > 0 {
			n = p.scalar(end)
		}
	case p.colon() < 0:
		end := p.endOfLine(p.at)
		if i := bytes.Index(p.src[p.at:end], []byte(" #")); i >= 0 {
			end = p.at + i
		}
		n = p.scalar(end)
	}
	if n == nil || !p.rest() || !p.nextLine() {
		return nil
	}
	return n
}

// below reads the value of a dash or a colon with nothing behind it.
func (p *usual) below(after, parent int, item bool, depth int) *Node {
	empty := p.node(yaml.ScalarNode, 0, after, after, "")
	if !p.nextLine() {
		return nil
	}
	if p.indent > parent || p.indent == parent && !item && p.dash(p.at) {
		return p.block(p.indent, depth+1)
	}
	return empty
}

// closing gives the offset after the quotation mark that closes the one at an
// offset, -1 when the line holds none.
func (p *usual) closing(at int) int {
	quote, inside := p.src[at], p.src[at+1:]
	if next := bytes.IndexByte(inside, quote); next < 0 || bytes.IndexByte(inside[:next], '\n') >= 0 {
		return -1
	} else if quote == '"' && bytes.IndexByte(inside[:next], '\\') < 0 { // as in most texts
		return at + next + 2
	}
	for i := at + 1; !p.end(i); i++ {
		switch {
		case quote == '"' && p.src[i] == '\\':
			i++
			if p.end(i) || p.src[i] != '"' && p.src[i] != '\\' {
				return -1
			}
		case p.src[i] == quote && quote == '\'' && i+1 < len(p.src) && p.src[i+1] == quote:
			i++
		case p.src[i] == quote:
			return i + 1
		}
	}
	return -1
}

var unescaped = strings.NewReplacer(`\"`, `"`, `\\`, `\`)

// scalar reads a text that goes on to an offset in its line, with the spaces behind it.
func (p *usual) scalar(end int) *Node {
	start, c := p.at, p.src[p.at]
	text := p.text[start:end]
	p.at = end
	switch {
	case c == '"':
		text = text[1 : len(text)-1]
		if strings.IndexByte(text, '\\') >= 0 {
			text = unescaped.Replace(text)
		}
		return p.node(yaml.ScalarNode, yaml.DoubleQuotedStyle, start, end, text)
	case c == '\'':
		return p.node(yaml.ScalarNode, yaml.SingleQuotedStyle, start, end, strings.ReplaceAll(text[1:len(text)-1], "''", "'"))
	case c == '-' && len(text) > 1 && (isDigit(text[1]) || isLetter(text[1])), strings.IndexByte("-?:,[]{}#&*!|>%@`", c) < 0:
		text = strings.TrimRight(text, " ")
		return p.node(yaml.ScalarNode, 0, start, start+len(text), text)
	}
	return nil
}

func isDigit(c byte) bool  { return '0' <= c && c <= '9' }
func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// brackets reads a [list] of texts.
func (p *usual) brackets() *Node {
	n, since := p.node(yaml.SequenceNode, yaml.FlowStyle, p.at, p.at, ""), len(p.open)
	p.at++
	p.spaces()
	for !p.end(p.at) && p.src[p.at] != ']' {
		if len(p.open) > since {
			if p.src[p.at] != ',' {
				return nil
			}
			p.at++
			if p.spaces(); p.end(p.at) {
				return nil
			}
		}
		end := p.at
		if c := p.src[p.at]; c == '"' || c == '\'' {
			end = p.closing(p.at)
		} else {
			for ; !p.end(end) && p.src[end] != ',' && p.src[end] != ']'; end++ {
				switch c := p.src[end]; {
				case c == '[', c == '{', c == '}', c == '?', c == ':' && p.blank(end+1), c == '#' && p.src[end-1] == ' ':
					return nil
				}
			}
		}
		if end <= p.at {
			return nil
		}
		item := p.scalar(end)
		if item == nil {
			return nil
		}
		p.open = append(p.open, item)
		p.spaces()
	}
	if p.end(p.at) {
		return nil
	}
	p.at++
	n.End = p.at
	return p.close(n, since)
}

// literal reads a text under `|` or `|-`.
func (p *usual) literal(parent int) *Node {
	n := p.node(yaml.ScalarNode, yaml.LiteralStyle, p.at, p.at, "")
	p.at++
	strip := p.at < len(p.src) && p.src[p.at] == '-'
	if strip {
		p.at++
	}
	if p.at >= len(p.src) || p.src[p.at] != '\n' {
		return nil
	}
	indent := 0
	for at := p.at + 1; at < len(p.src) && p.src[at] == ' '; at++ {
		indent++
	}
	if indent <= parent || p.end(p.at+1+indent) { // empty, or begins with an empty line
		return nil
	}
	var b strings.Builder
	n.End = p.at
	empty := 0              // lines since the last that holds text
	for p.at < len(p.src) { // from the end of one line to that of the next
		start := p.at + 1
		text := start
		for text < len(p.src) && p.src[text] == ' ' && text-start < indent {
			text++
		}
		end := p.endOfLine(text)
		if text == end {
			empty++
		} else if text-start < indent {
			break
		} else {
			for ; empty > 0; empty-- {
				b.WriteByte('\n')
			}
			b.Write(p.src[text:min(end+1, len(p.src))])
			if len(bytes.TrimSpace(p.src[text:end])) > 0 {
				n.End = end
			}
		}
		p.at = end
	}
	n.Value = b.String()
	if strip {
		n.Value = strings.TrimSuffix(n.Value, "\n")
	}
	if !p.nextLine() {
		return nil
	}
	return n
}
