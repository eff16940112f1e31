package quiz

import (
	"fmt"
	"slices"
	"strings"

	"sopan.dev/sopan/internal/diag"
)

// sort is a question where things are sorted into groups
// (`sort: {Transfer: [a, b], Answer yourself: [c]}`).
type sort struct{}

func (sort) name() string        { return "sort" }
func (sort) words() []string     { return []string{"sort"} }
func (sort) keys() []string      { return nil }
func (sort) claims(*fields) bool { return true }

const sortHint = "Write the name of each group and a colon, and in the lines below it what belongs to it, each beginning with a dash."

type sortAnswer struct{ pairing }

func (sort) read(f *fields) answer {
	groups, lists, ok := f.entries("sort", sortHint)
	if !ok {
		return nil
	}
	var p pairing
	for i, g := range groups {
		if before := len(p.targets); p.target(g) < before {
			f.say(diag.Error, "quiz/same-text-twice", g.Start, g.End, "The group `"+g.Text+"` stands twice.", "Join the two.")
		}
		for _, thing := range f.things(lists[i], g.Text) {
			p.add(f, thing, g)
		}
	}
	if len(p.targets) < 2 || len(p.sources) < 2 {
		f.refuse(f.entry("sort").key, "quiz/too-few-groups", f.here()+" needs at least two groups and two things to sort.", sortHint)
		return nil
	}
	return &sortAnswer{p}
}

// things reads what belongs to a group: one text or a list of them.
func (f *fields) things(n *node, group string) []Prose {
	items := []*node{n}
	if n.Kind == list {
		items = n.Content
	}
	var out []Prose
	for _, item := range items {
		if text, ok := f.asText(item, "each thing in `"+group+"`"); ok {
			out = append(out, Prose{Text: text, Start: item.Start, End: item.End})
		}
	}
	return out
}

func (a *sortAnswer) summary() string {
	return fmt.Sprintf("sort %d things into %d groups", len(a.sources), len(a.targets))
}

func (a *sortAnswer) view(p painter) (any, string) {
	v := a.pairing.view(p)
	// In the order of the source the things would stand group by group.
	slices.SortFunc(v.Pairs, func(a, b PairView) int { return strings.Compare(a.ID, b.ID) })
	return v, p.word("quiz-sort-how")
}

func (a *sortAnswer) translatable() []string { return []string{"sort"} }

func (a *sortAnswer) translate(f *fields) answer {
	out := sortAnswer{a.clone()}
	out.fallBack()
	if !f.has("sort") {
		f.untranslated("sort")
		return &out
	}
	groups, lists, ok := f.entries("sort", sortHint)
	if !ok {
		return &out
	}
	var things []Prose
	var of []int
	for i, g := range groups {
		for _, thing := range f.things(lists[i], g.Text) {
			things, of = append(things, thing), append(of, i)
		}
	}
	if len(groups) != len(out.targets) || len(things) != len(out.sources) {
		f.refuse(f.get("sort"), "quiz/translation-count", fmt.Sprintf("`sort` has %d groups and %d things here, and %d and %d in the source.", len(groups), len(things), len(out.targets), len(out.sources)), "Translate each, in the order of the source.")
		return &out
	}
	for i := range things {
		if of[i] != a.right[i] {
			f.say(diag.Error, "quiz/translation-count", things[i].Start, things[i].End, "`"+things[i].Text+"` stands in another group than in the source.", "Keep the order of the source.")
			return &out
		}
	}
	for i, g := range groups {
		out.targets[i].text = g
	}
	for i, thing := range things {
		out.sources[i].text = thing
	}
	return &out
}
