package course

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"sopan.dev/sopan/internal/diag"
)

// sameCase says where the translation of a case study is another case than the
// original: scenes, where their decisions lead, and their points must be the
// same, or the records of two languages cannot be compared.
func sameCase(original, translation *Version) diag.List {
	o, t := original.Graph, translation.Graph
	var diags diag.List
	say := func(start, end diag.Pos, code, message, hint string, there diag.Pos) {
		d := diag.Diagnostic{Start: start, End: end, Code: code, Message: message, Hint: hint}
		if there.File != "" {
			d.Related = []diag.Related{{Pos: there, Message: "in the original"}}
		}
		diags = append(diags, d)
	}
	if len(o.Scenes) == 0 || len(t.Scenes) == 0 {
		return nil // that it has none is said already
	}
	theirs := map[string]*Scene{}
	var ids []string
	for i := range o.Scenes {
		theirs[o.Scenes[i].ID] = &o.Scenes[i]
		ids = append(ids, o.Scenes[i].ID)
	}
	ours := map[string]bool{}
	for i, s := range t.Scenes {
		ours[s.ID] = true
		other := theirs[s.ID]
		switch {
		case other == nil:
			say(s.start, s.end, "case/translation-scene", fmt.Sprintf("The original has no scene `#%s`.", s.ID),
				orElse(diag.DidYouMean(s.ID, ids), "Give the scene the id that it has there: `{#"+ids[min(i, len(ids)-1)]+"}`."), diag.Pos{})
		case i == 0 && s.ID != ids[0]:
			say(s.start, s.end, "case/translation-scene", fmt.Sprintf("The case begins with `#%s` here, and with `#%s` in the original.", s.ID, ids[0]),
				"Put the scenes into the order of the original.", o.Scenes[0].start)
		default:
			diags = append(diags, sameDecisions(*other, s)...)
		}
	}
	for _, id := range ids {
		if !ours[id] {
			say(t.Scenes[0].start, t.Scenes[0].end, "case/translation-scene", fmt.Sprintf("The scene `#%s`, “%s”, is missing in this translation.", id, theirs[id].Title),
				fmt.Sprintf("Translate it, with the same id: `## … {#%s}`.", id), theirs[id].start)
		}
	}
	return diags
}

// sameDecisions compares a scene with its translation.
func sameDecisions(o, t Scene) diag.List {
	var diags diag.List
	for i := range min(len(o.Exits), len(t.Exits)) {
		a, b := o.Exits[i], t.Exits[i]
		switch {
		case a.To != b.To:
			diags = append(diags, diag.Diagnostic{
				Start: b.start, End: b.end, Code: "case/translation-decision",
				Message: fmt.Sprintf("This decision leads to `#%s`; decision %d of the original leads to `#%s`.", b.To, i+1, a.To),
				Hint:    "Keep the order of the decisions, and where each leads.",
				Related: []diag.Related{{Pos: a.start, Message: "in the original"}},
			})
		case !maps.Equal(a.Points, b.Points):
			hint := "Write no points, as there."
			if len(a.Points) > 0 {
				hint = "Write `{" + pointsInWords(a.Points) + "}`, as there."
			}
			diags = append(diags, diag.Diagnostic{
				Start: b.start, End: b.end, Code: "case/translation-points",
				Message: "This decision has other points than in the original.", Hint: hint,
				Related: []diag.Related{{Pos: a.start, Message: "in the original"}},
			})
		}
	}
	if len(o.Exits) != len(t.Exits) {
		diags = append(diags, diag.Diagnostic{
			Start: t.start, End: t.end, Code: "case/translation-decision",
			Message: fmt.Sprintf("This scene offers %s, and %d in the original.", decisionCount(len(t.Exits)), len(o.Exits)),
			Hint:    "Translate each decision, in the same order.",
			Related: []diag.Related{{Pos: o.start, Message: "in the original"}},
		})
	}
	return diags
}

func decisionCount(n int) string {
	if n == 1 {
		return "1 decision"
	}
	return fmt.Sprintf("%d decisions", n)
}

// pointsInWords writes points as an author does: "integrity -2, people-first +1".
func pointsInWords(points map[string]int) string {
	var out []string
	for _, id := range slices.Sorted(maps.Keys(points)) {
		out = append(out, fmt.Sprintf("%s %+d", id, points[id]))
	}
	return strings.Join(out, ", ")
}

// compareCases holds each translated case study against its original.
func (s *Survey) compareCases() {
	first := s.site.Settings.Languages[0]
	for _, v := range s.texts {
		if v.Graph == nil || v.Lang == first || v.Item == nil {
			continue
		}
		if original := v.Item.Versions.In(first); original != nil && original.Graph != nil {
			s.diags = append(s.diags, sameCase(original, v)...)
		}
	}
}
