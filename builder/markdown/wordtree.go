package markdown

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/dlclark/regexp2/v2/syntax"
)

// Keywords of a language are alternatives by the hundred. They become a tree by
// their letters, so that a word is looked at once. The order of alternatives
// decides which one matches, and stays: only such change places as begin with
// different characters, of which one at most can match.

// item is a part of a sequence: one of few characters, or any other node.
type item struct {
	chars string
	node  *syntax.RegexNode
}

// maxItemChars is a letter's forms where case does not count.
const maxItemChars = 4

// items appends the parts of a node.
func (c *patternCompiler) items(n *syntax.RegexNode, list []item) []item {
	if n.Options&syntax.RightToLeft != 0 {
		return append(list, item{node: n})
	}
	switch n.T {
	case syntax.NtEmpty:
		return list
	case syntax.NtConcatenate, syntax.NtGroup:
		for _, child := range n.Children {
			list = c.items(child, list)
		}
		return list
	case syntax.NtCapture:
		if !c.groups && n.N == -1 {
			return c.items(n.Children[0], list)
		}
	case syntax.NtOne:
		if utf8.ValidRune(n.Ch) {
			return append(list, item{chars: string(n.Ch)})
		}
	case syntax.NtMulti:
		if slices.ContainsFunc(n.Str, func(r rune) bool { return !utf8.ValidRune(r) }) || n.Options&syntax.IgnoreCase != 0 {
			break
		}
		for _, r := range n.Str {
			list = append(list, item{chars: string(r)})
		}
		return list
	case syntax.NtSet:
		chars := n.Set.GetSetChars(maxItemChars)
		if len(chars) > 0 && !n.Set.IsNegated() && !slices.ContainsFunc(chars, func(r rune) bool { return !utf8.ValidRune(r) }) {
			return append(list, item{chars: string(chars)})
		}
	}
	return append(list, item{node: n})
}

// oneOf is the class of a few characters.
func (c *patternCompiler) oneOf(chars string) *class {
	made := c.classes[chars]
	if made == nil {
		made = &class{}
		for _, r := range chars {
			if r < utf8.RuneSelf {
				made.ascii[r>>6] |= 1 << (r & 63)
			} else {
				made.other = func(r rune) bool { return strings.ContainsRune(chars, r) }
			}
		}
		c.classes[chars] = made
	}
	return made
}

// sequence compiles items one after the other.
func (c *patternCompiler) sequence(items []item, next *step) *step {
	for len(items) > 0 && c.steps <= maxSteps {
		last := len(items) - 1
		var literal []rune
		for i := last; i >= 0 && utf8.RuneCountInString(items[i].chars) == 1; i-- {
			literal = append([]rune(items[i].chars), literal...)
		}
		switch {
		case len(literal) > 1:
			next = c.literal(literal, next)
			items = items[:len(items)-len(literal)]
			continue
		case items[last].node != nil:
			next = c.compile(items[last].node, next)
		default:
			next = c.one(items[last].chars, next)
		}
		items = items[:last]
	}
	return next
}

func (c *patternCompiler) one(chars string, next *step) *step {
	cl := c.oneOf(chars)
	return c.step(step{does: matchClass, next: next, class: cl, first: cl.starts()})
}

// choice compiles alternatives, of which the first that leads to a match is taken.
func (c *patternCompiler) choice(ways [][]item, next *step) *step {
	s := c.step(step{does: choose})
	for len(ways) > 0 && c.steps <= maxSteps {
		n, heads, rests := branches(ways)
		if n == 0 {
			s.may(c.sequence(ways[0], next))
			n = 1
		}
		for _, head := range heads {
			if rest := rests[head]; len(rest) == 1 {
				s.may(c.sequence(append([]item{{chars: head}}, rest[0]...), next))
			} else {
				s.may(c.one(head, c.choice(rest, next)))
			}
		}
		ways = ways[n:]
	}
	if len(s.alternatives) == 1 {
		return s.alternatives[0]
	}
	return s
}

// branches takes those first n of some alternatives that begin with few
// characters each, where none of these overlap, and sorts them by these: the
// heads in their order, and what follows each.
func branches(ways [][]item) (n int, heads []string, rests map[string][][]item) {
	rests = map[string][][]item{}
	headOf := map[rune]string{}
	for n < len(ways) && len(ways[n]) > 0 {
		head := ways[n][0].chars
		if head == "" {
			break
		}
		for _, r := range head {
			if other, taken := headOf[r]; taken && other != head {
				return n, heads, rests
			}
		}
		for _, r := range head {
			headOf[r] = head
		}
		if rests[head] == nil {
			heads = append(heads, head)
		}
		rests[head] = append(rests[head], ways[n][1:])
		n++
	}
	return n, heads, rests
}
