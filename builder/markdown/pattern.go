package markdown

import (
	"math"
	"slices"
	"unicode"
	"unicode/utf8"

	"github.com/dlclark/regexp2/v2/syntax"
)

// pattern is a regular expression of a lexer's rule in a form that is tried at
// one place of a text, some ten times as fast as regexp2 tries it. regexp2
// stays the definition: it parses the expression, and whatever is rare in
// lexers (long looks behind, loops around what can be empty) is left to it. A
// test compares the two on the rules of chroma's lexers.
type pattern struct {
	first  starts // what a match can begin with
	start  *step  // nil: only regexp2 can match the expression
	groups int    // with the whole match, which is the first; 1 where nobody asked for groups
}

// step is one thing to match. The steps of a pattern are linked by what follows,
// and the last one accepts.
type step struct {
	does         action
	next         *step
	first        starts  // what can stand where the step begins, seen together with all that follows
	class        *class  // of a single character
	literal      []rune  // of matchLiteral
	least, most  int     // of a loop over a single character
	alternatives []*step // of choose and of what looks around; a loop over more is a choice that comes back to itself
	slot         int     // of open, shut and again: the group
	fold         bool    // of again: case does not count
	behind       bool    // of look and lookNot: at the character before
}

type action uint8

const (
	accept action = iota
	refuse
	matchClass
	matchLiteral
	loopGreedy
	loopLazy
	loopAtomic
	choose
	open
	shut
	again // what a group holds
	look
	lookNot
	possessive
	lineStart
	lineEnd
	textStart
	textEnd
	lastLineEnd
	wordEdge
	noWordEdge
)

// starts is a set of what can stand at a place: an ASCII character, any other
// character, or the text's end.
type starts [3]uint64

const (
	startOther = 128
	startEnd   = 129
)

// startOf gives the place of a character in a set of starts.
func startOf(r rune) int { return min(int(r), startOther) }

var anyStart = starts{math.MaxUint64, math.MaxUint64, math.MaxUint64}

func (s starts) has(i int) bool { return s[i>>6]>>(i&63)&1 != 0 }

func (s starts) or(o starts) starts { return starts{s[0] | o[0], s[1] | o[1], s[2] | o[2]} }

// class is a set of characters.
type class struct {
	ascii [2]uint64
	other func(rune) bool // of characters beyond ASCII; nil: none of them
}

func newClass(has func(rune) bool) *class {
	c := &class{other: has}
	for r := range rune(128) {
		if has(r) {
			c.ascii[r>>6] |= 1 << (r & 63)
		}
	}
	return c
}

func (c *class) has(r rune) bool {
	if r < 128 {
		return c.ascii[r>>6]>>(r&63)&1 != 0
	}
	return c.other != nil && c.other(r)
}

func (c *class) starts() starts {
	s := starts{c.ascii[0], c.ascii[1], 0}
	if c.other != nil {
		s[2] = 1 << (startOther & 63)
	}
	return s
}

// maxSteps is what a pattern may grow to by counted loops, whose bodies are written out.
const maxSteps = 20_000

// newPattern makes a pattern of an expression, with its groups where they are wanted.
func newPattern(expression string, groups bool) *pattern {
	tree, err := syntax.Parse(expression, syntax.ParseOptions{})
	if err != nil {
		return &pattern{first: anyStart}
	}
	c := patternCompiler{groups: groups || refersBack(tree.Root), classes: map[string]*class{}}
	start := c.compile(tree.Root, &step{does: accept, first: anyStart})
	if c.failed || c.steps > maxSteps || len(tree.Capnumlist) > 0 {
		return &pattern{first: start.first}
	}
	p := &pattern{first: start.first, start: start, groups: 1}
	if c.groups {
		p.groups = tree.Captop
	}
	return p
}

type patternCompiler struct {
	groups  bool
	steps   int
	failed  bool              // something is left to regexp2
	classes map[string]*class // by their characters
}

func (c *patternCompiler) step(s step) *step {
	c.steps++
	return &s
}

// fail stands for what only regexp2 can match. What stands around it is
// compiled all the same, for the pattern's first characters.
func (c *patternCompiler) fail() *step {
	c.failed = true
	return &step{does: refuse, first: anyStart}
}

// compile gives the steps for n and then next.
func (c *patternCompiler) compile(n *syntax.RegexNode, next *step) *step {
	if c.steps > maxSteps {
		return c.fail()
	}
	if look := n.T == syntax.NtPosLook || n.T == syntax.NtNegLook; n.Options&syntax.RightToLeft != 0 && !look {
		return c.fail()
	}
	if cl := c.class(n); cl != nil {
		return c.step(step{does: matchClass, next: next, class: cl, first: cl.starts()})
	}
	switch n.T {
	case syntax.NtEmpty, syntax.NtUpdateBumpalong:
		return next
	case syntax.NtNothing:
		return c.step(step{does: refuse})
	case syntax.NtMulti:
		if n.Options&syntax.IgnoreCase != 0 && slices.ContainsFunc(n.Str, unicode.IsLetter) {
			return c.fail() // does not happen: the parser makes sets of such letters
		}
		return c.literal(n.Str, next)
	case syntax.NtGroup:
		return c.compile(n.Children[0], next)
	case syntax.NtConcatenate:
		for _, child := range slices.Backward(n.Children) {
			next = c.compile(child, next)
		}
		return next
	case syntax.NtAlternate:
		ways := make([][]item, len(n.Children))
		for i, child := range n.Children {
			ways[i] = c.items(child, nil)
		}
		return c.choice(ways, next)
	case syntax.NtCapture:
		return c.capture(n, next)
	case syntax.NtOneloop, syntax.NtNotoneloop, syntax.NtSetloop:
		return c.classLoop(loopGreedy, c.loopClass(n), n.M, n.N, next)
	case syntax.NtOnelazy, syntax.NtNotonelazy, syntax.NtSetlazy:
		return c.classLoop(loopLazy, c.loopClass(n), n.M, n.N, next)
	case syntax.NtOneloopatomic, syntax.NtNotoneloopatomic, syntax.NtSetloopatomic:
		return c.classLoop(loopAtomic, c.loopClass(n), n.M, n.N, next)
	case syntax.NtLoop, syntax.NtLazyloop:
		return c.loop(n, next)
	case syntax.NtRef:
		return c.step(step{does: again, next: next, slot: n.M, fold: n.Options&syntax.IgnoreCase != 0, first: anyStart})
	case syntax.NtPosLook:
		return c.look(look, n, next)
	case syntax.NtNegLook:
		return c.look(lookNot, n, next)
	case syntax.NtAtomic:
		return c.inside(possessive, n, next)
	}
	if does, ok := placeTests[n.T]; ok {
		return c.step(step{does: does, next: next, first: next.first})
	}
	return c.fail()
}

// placeTests is what an expression asks of a place without taking a character.
var placeTests = map[syntax.NodeType]action{
	syntax.NtBol: lineStart, syntax.NtEol: lineEnd, syntax.NtBeginning: textStart, syntax.NtEnd: textEnd,
	syntax.NtEndZ: lastLineEnd, syntax.NtBoundary: wordEdge, syntax.NtNonboundary: noWordEdge,
}

// literal is characters one after the other.
func (c *patternCompiler) literal(runes []rune, next *step) *step {
	first := startOf(runes[0])
	s := c.step(step{does: matchLiteral, next: next, literal: runes})
	s.first[first>>6] = 1 << (first & 63)
	return s
}

// may adds an alternative to a choice.
func (s *step) may(alternative *step) {
	s.alternatives = append(s.alternatives, alternative)
	s.first = s.first.or(alternative.first)
}

// class gives the characters of a node that takes exactly one; nil for any other node.
func (c *patternCompiler) class(n *syntax.RegexNode) *class {
	switch n.T {
	case syntax.NtOne, syntax.NtNotone, syntax.NtSet:
		return c.loopClass(n)
	case syntax.NtGroup:
		return c.class(n.Children[0])
	case syntax.NtCapture:
		if !c.groups {
			return c.class(n.Children[0])
		}
	}
	return nil
}

func (c *patternCompiler) loopClass(n *syntax.RegexNode) *class {
	ch, set := n.Ch, n.Set
	switch {
	case n.IsOneFamily():
		if utf8.ValidRune(ch) {
			return c.oneOf(string(ch))
		}
		return newClass(func(r rune) bool { return r == ch })
	case n.IsNotoneFamily():
		return newClass(func(r rune) bool { return r != ch })
	default:
		return newClass(set.CharIn)
	}
}

func (c *patternCompiler) classLoop(does action, cl *class, least, most int, next *step) *step {
	first := cl.starts()
	if least == 0 {
		first = first.or(next.first)
	}
	return c.step(step{does: does, next: next, class: cl, least: least, most: most, first: first})
}

func (c *patternCompiler) capture(n *syntax.RegexNode, next *step) *step {
	if n.N != -1 { // a balancing group
		return c.fail()
	}
	if !c.groups {
		return c.compile(n.Children[0], next)
	}
	next = c.step(step{does: shut, next: next, slot: n.M, first: next.first})
	body := c.compile(n.Children[0], next)
	return c.step(step{does: open, next: body, slot: n.M, first: body.first})
}

// loop writes out the turns of a loop that are counted; the others are a choice
// between one more turn, which comes back to the choice, and going on.
func (c *patternCompiler) loop(n *syntax.RegexNode, next *step) *step {
	body := n.Children[0]
	endless := n.N == math.MaxInt32
	if cl := c.class(body); cl != nil {
		does := loopGreedy
		if n.T == syntax.NtLazyloop {
			does = loopLazy
		}
		return c.classLoop(does, cl, n.M, n.N, next)
	}
	if (endless || n.N > 1) && canBeEmpty(body) {
		return c.fail()
	}
	choice := func(more func(back *step) *step) *step {
		s := c.step(step{does: choose, first: anyStart}) // until it is known: the body comes back here
		turn := more(s)
		s.first = starts{}
		if n.T == syntax.NtLoop {
			s.may(turn)
			s.may(next)
		} else {
			s.may(next)
			s.may(turn)
		}
		return s
	}
	rest := next
	if endless {
		rest = choice(func(back *step) *step { return c.compile(body, back) })
	} else {
		for range n.N - n.M {
			after := rest
			rest = choice(func(*step) *step { return c.compile(body, after) })
			if c.steps > maxSteps {
				break
			}
		}
	}
	for range n.M {
		if rest = c.compile(body, rest); c.steps > maxSteps {
			break
		}
	}
	return rest
}

// look compiles a look ahead, and a look behind at one character.
func (c *patternCompiler) look(does action, n *syntax.RegexNode, next *step) *step {
	if n.Options&syntax.RightToLeft == 0 {
		return c.inside(does, n, next)
	}
	if cl := c.class(n.Children[0]); cl != nil {
		return c.step(step{does: does, behind: true, class: cl, next: next, first: next.first})
	}
	c.failed = true
	return c.step(step{does: refuse, first: next.first})
}

// inside compiles a part that is matched by itself: what is found in it first stays.
func (c *patternCompiler) inside(does action, n *syntax.RegexNode, next *step) *step {
	body := c.compile(n.Children[0], &step{does: accept, first: anyStart})
	s := step{does: does, next: next, alternatives: []*step{body}, first: next.first}
	if does == possessive {
		s.first = body.first
	}
	return c.step(s)
}

// refersBack tells whether an expression needs its groups to match.
func refersBack(n *syntax.RegexNode) bool {
	return n.T == syntax.NtRef || slices.ContainsFunc(n.Children, refersBack)
}

// canBeEmpty tells whether a node may match without taking a character.
func canBeEmpty(n *syntax.RegexNode) bool {
	switch n.T {
	case syntax.NtOne, syntax.NtNotone, syntax.NtSet, syntax.NtMulti, syntax.NtNothing:
		return false
	case syntax.NtOneloop, syntax.NtNotoneloop, syntax.NtSetloop, syntax.NtOnelazy, syntax.NtNotonelazy, syntax.NtSetlazy,
		syntax.NtOneloopatomic, syntax.NtNotoneloopatomic, syntax.NtSetloopatomic:
		return n.M == 0
	case syntax.NtLoop, syntax.NtLazyloop:
		return n.M == 0 || canBeEmpty(n.Children[0])
	case syntax.NtCapture, syntax.NtGroup, syntax.NtAtomic:
		return canBeEmpty(n.Children[0])
	case syntax.NtConcatenate:
		return !slices.ContainsFunc(n.Children, func(c *syntax.RegexNode) bool { return !canBeEmpty(c) })
	case syntax.NtAlternate:
		return slices.ContainsFunc(n.Children, canBeEmpty)
	}
	return true
}
