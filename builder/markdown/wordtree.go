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
		list = slices.Grow(list, len(n.Children))
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
		list = slices.Grow(list, len(n.Str))
		for s := string(n.Str); s != ""; {
			_, size := utf8.DecodeRuneInString(s)
			list = append(list, item{chars: s[:size]})
			s = s[size:]
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
		single := 0 // at the end: items of one character each
		for single < len(items) && utf8.RuneCountInString(items[last-single].chars) == 1 {
			single++
		}
		switch {
		case single > 1:
			literal := make([]rune, 0, single)
			for _, it := range items[len(items)-single:] {
				r, _ := utf8.DecodeRuneInString(it.chars)
				literal = append(literal, r)
			}
			next = c.literal(literal, next)
			items = items[:len(items)-single]
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
		n, branches := branch(ways)
		if n == 0 {
			s.may(c.sequence(ways[0], next))
			n = 1
		}
		for _, b := range branches {
			if len(b.ways) == 1 {
				s.may(c.sequence(b.ways[0], next))
				continue
			}
			rests := make([][]item, len(b.ways))
			for i, way := range b.ways {
				rests[i] = way[1:]
			}
			s.may(c.one(b.head, c.choice(rests, next)))
		}
		ways = ways[n:]
	}
	if len(s.alternatives) == 1 {
		return s.alternatives[0]
	}
	return s
}

// wayBranch is alternatives that begin with the same few characters.
type wayBranch struct {
	head string
	ways [][]item
}

// branch takes those first n of some alternatives that begin with few
// characters each, the same ones or quite others, and sorts them by these.
func branch(ways [][]item) (n int, branches []wayBranch) {
	for n < len(ways) && len(ways[n]) > 0 && ways[n][0].chars != "" {
		head := ways[n][0].chars
		i := slices.IndexFunc(branches, func(b wayBranch) bool { return b.head == head })
		if i < 0 {
			if slices.ContainsFunc(branches, func(b wayBranch) bool { return strings.ContainsAny(b.head, head) }) {
				break
			}
			i = len(branches)
			branches = append(branches, wayBranch{head: head})
		}
		branches[i].ways = append(branches[i].ways, ways[n])
		n++
	}
	return n, branches
}
