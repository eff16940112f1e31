package quiz

import (
	"fmt"
	"slices"

	"sopan.dev/sopan/internal/diag"
)

// match is a question where things are matched with others
// (`match: {Request: Section 6, Appeal: Section 19}`); `extra` are further texts
// on the right-hand side that nothing belongs to.
type match struct{}

func (match) name() string        { return "match" }
func (match) words() []string     { return []string{"match"} }
func (match) keys() []string      { return []string{"extra"} }
func (match) claims(*fields) bool { return true }

const matchHint = "Write `match: {Request: Section 6, Appeal: Section 19}`, or each pair on a line of its own, indented."

type matchAnswer struct{ pairing }

func (match) read(f *fields) answer {
	if !f.has("match") {
		f.say(diag.Error, "quiz/nothing-right", f.node.Start, f.headEnd(), f.here()+" has nothing to match.", matchHint)
		return nil
	}
	left, right, ok := f.entries("match", matchHint)
	if !ok {
		return nil
	}
	var p pairing
	for i, l := range left {
		if text, ok := f.asText(right[i], "the right side of a pair"); ok {
			p.add(f, l, Prose{Text: text, Start: right[i].Start, End: right[i].End})
		}
	}
	if len(p.sources) < 2 {
		f.refuse(f.entry("match").key, "quiz/too-few-pairs", f.here()+" has fewer than two pairs to match.", "Add a pair, or ask for one thing with `right` and `wrong`.")
		return nil
	}
	for _, e := range f.proses("extra") {
		id := textID(e.Text)
		if slices.ContainsFunc(p.targets, func(t end) bool { return t.id == id }) {
			f.say(diag.Error, "quiz/same-text-twice", e.Start, e.End, "`"+e.Text+"` stands on the right-hand side already.", "Take it away from `extra`.")
			continue
		}
		p.target(e)
	}
	return &matchAnswer{p}
}

func (a *matchAnswer) summary() string { return fmt.Sprintf("match %d pairs", len(a.sources)) }

func (a *matchAnswer) view(p painter) (any, string) {
	return a.pairing.view(p), p.word("quiz-match-how")
}

func (a *matchAnswer) translatable() []string { return []string{"match", "extra"} }

func (a *matchAnswer) translate(f *fields) answer {
	out := matchAnswer{a.clone()}
	out.fallBack()
	used := slices.Max(a.right) + 1 // the targets before it belong to something
	if !f.has("match") {
		f.untranslated("match")
	} else if left, right, ok := f.entries("match", matchHint); ok {
		if len(left) != len(out.sources) {
			f.refuse(f.get("match"), "quiz/translation-count", fmt.Sprintf("`match` has %d pairs here and %d in the source.", len(left), len(out.sources)), "Translate each pair, in the order of the source.")
		} else {
			for i, l := range left {
				out.sources[i].text = l
				if text, ok := f.asText(right[i], "the right side of a pair"); ok {
					out.targets[a.right[i]].text = Prose{Text: text, Start: right[i].Start, End: right[i].End}
				}
			}
		}
	}
	extra := f.proses("extra")
	switch {
	case len(extra) == len(out.targets)-used:
		for i, e := range extra {
			out.targets[used+i].text = e
		}
	case f.has("extra"):
		f.refuse(f.get("extra"), "quiz/translation-count", fmt.Sprintf("`extra` has %d texts here and %d in the source.", len(extra), len(out.targets)-used), "Translate each, in the order of the source.")
	default:
		f.untranslated("extra")
	}
	return &out
}
