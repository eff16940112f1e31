package markdown

import (
	"unicode"

	"github.com/dlclark/regexp2/v2/syntax"
)

// maxTries is how often one trial may come to a fork: more is hostile code or
// an expression that goes astray, which are left to regexp2 and its clock.
const maxTries = 1 << 15

// unmatched stands for the places of a group without a match; when all is done they are 0.
const unmatched = -1

// trial is a pattern being tried at a place. It is used for one pattern after another.
type trial struct {
	text   []rune
	groups []int // start and end of each group, then the starts of those that are open
	undo   []int // what groups held before: index, value
	left   int   // of maxTries
}

// match tries a pattern at a place and gives where its match ends, -1 for none;
// known is false where only regexp2 can tell.
func (t *trial) match(p *pattern, at int) (end int, known bool) {
	t.groups = t.groups[:0]
	for range 3 * p.groups {
		t.groups = append(t.groups, unmatched)
	}
	t.undo = t.undo[:0]
	t.left = maxTries
	end = t.run(p.start, at)
	for i, place := range t.groups {
		if place == unmatched {
			t.groups[i] = 0
		}
	}
	t.groups[0], t.groups[1] = at, end
	return end, t.left >= 0
}

// start gives what stands at a place.
func (t *trial) start(at int) int {
	if at == len(t.text) {
		return startEnd
	}
	return startOf(t.text[at])
}

// fork runs one of several ways, and takes back what it noted of groups if it leads nowhere.
func (t *trial) fork(s *step, at int) int {
	if t.left--; t.left < 0 {
		return -1
	}
	mark := len(t.undo)
	end := t.run(s, at)
	if end < 0 {
		for len(t.undo) > mark {
			n := len(t.undo)
			t.groups[t.undo[n-2]] = t.undo[n-1]
			t.undo = t.undo[:n-2]
		}
	}
	return end
}

func (t *trial) note(i, value int) {
	t.undo = append(t.undo, i, t.groups[i])
	t.groups[i] = value
}

// run follows the steps from a place and gives where they end, -1 for nowhere.
func (t *trial) run(s *step, at int) int {
	for {
		switch s.does {
		case accept:
			return at
		case refuse:
			return -1
		case matchClass:
			if at == len(t.text) || !s.class.has(t.text[at]) {
				return -1
			}
			at++
		case matchLiteral:
			if len(t.text)-at < len(s.literal) {
				return -1
			}
			for i, r := range s.literal {
				if t.text[at+i] != r {
					return -1
				}
			}
			at += len(s.literal)
		case loopGreedy, loopAtomic:
			least, end := at+s.least, t.furthest(s, at)
			if end < least {
				return -1
			}
			if s.does == loopAtomic {
				at = end
				break
			}
			for ; end > least; end-- {
				if !s.next.first.has(t.start(end)) {
					continue
				}
				if found := t.fork(s.next, end); found >= 0 || t.left < 0 {
					return found
				}
			}
			at = least
		case loopLazy:
			for taken := 0; ; taken++ {
				if taken >= s.least && s.next.first.has(t.start(at)) {
					if found := t.fork(s.next, at); found >= 0 || t.left < 0 {
						return found
					}
				}
				if taken == s.most || at == len(t.text) || !s.class.has(t.text[at]) {
					return -1
				}
				at++
			}
		case choose:
			var last *step
			here := t.start(at)
			for _, way := range s.alternatives {
				if !way.first.has(here) {
					continue
				}
				if last != nil {
					if found := t.fork(last, at); found >= 0 || t.left < 0 {
						return found
					}
				}
				last = way
			}
			if last == nil {
				return -1
			}
			s = last
			continue
		case open:
			t.note(len(t.groups)/3*2+s.slot, at)
		case shut:
			t.note(2*s.slot, t.groups[len(t.groups)/3*2+s.slot])
			t.note(2*s.slot+1, at)
		case again:
			if at = t.again(s, at); at < 0 {
				return -1
			}
		case look, lookNot:
			if t.looks(s, at) != (s.does == look) {
				return -1
			}
		case possessive:
			if at = t.fork(s.alternatives[0], at); at < 0 {
				return -1
			}
		default:
			if !t.stands(s.does, at) {
				return -1
			}
		}
		s = s.next
	}
}

// furthest gives how far a loop over a single character can go.
func (t *trial) furthest(s *step, at int) int {
	text := t.text
	if s.most < len(text)-at {
		text = text[:at+s.most]
	}
	for at < len(text) && s.class.has(text[at]) {
		at++
	}
	return at
}

// again goes over what a group holds, where it stands once more; -1: it does not.
func (t *trial) again(s *step, at int) int {
	from, to := t.groups[2*s.slot], t.groups[2*s.slot+1]
	if from == unmatched || len(t.text)-at < to-from {
		return -1
	}
	for i := from; i < to; i++ {
		a, b := t.text[i], t.text[at+i-from]
		if a != b && !(s.fold && unicode.ToLower(a) == unicode.ToLower(b)) {
			return -1
		}
	}
	return at + to - from
}

func (t *trial) looks(s *step, at int) bool {
	if s.behind {
		return at > 0 && s.class.has(t.text[at-1])
	}
	return t.fork(s.alternatives[0], at) >= 0
}

// stands tells whether a place is what an action asks for.
func (t *trial) stands(does action, at int) bool {
	switch does {
	case lineStart:
		return at == 0 || t.text[at-1] == '\n'
	case lineEnd:
		return at == len(t.text) || t.text[at] == '\n'
	case textStart:
		return at == 0
	case textEnd:
		return at == len(t.text)
	case lastLineEnd:
		return at == len(t.text) || at == len(t.text)-1 && t.text[at] == '\n'
	}
	edge := (at > 0 && wordClass.has(t.text[at-1])) != (at < len(t.text) && wordClass.has(t.text[at]))
	return edge == (does == wordEdge)
}

var wordClass = newClass(syntax.IsWordChar)
