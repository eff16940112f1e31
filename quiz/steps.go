package quiz

import (
	"slices"

	"sopan.dev/sopan/internal/diag"
)

// ends reads a list of at least two different texts: the steps of an order, the
// points of a scale, the things of a checklist.
func (f *fields) ends(key string, least int, few, hint string) []end {
	n := f.get(key)
	if n == nil || n.Kind != list {
		if n != nil {
			f.refuse(n, "quiz/not-a-list", "`"+key+"` must be a list.", hint)
		}
		return nil
	}
	out := f.room.ends.piece(len(n.Content))
	for _, p := range f.proses(key) {
		e := end{textID(p.Text), p}
		if i := slices.IndexFunc(out, func(o end) bool { return o.id == e.id }); i >= 0 {
			f.say(diag.Error, "quiz/same-text-twice", p.Start, p.End, "`"+p.Text+"` stands twice in `"+key+"`.", "Take one away.").Related =
				[]diag.Related{{Pos: f.place(out[i].text.Start), Message: "the first one"}}
			continue
		}
		out = append(out, e)
	}
	if len(out) < least {
		f.refuse(f.entry(key).key, "quiz/too-few", f.here()+" "+few, hint)
		return nil
	}
	return out
}

// translateEnds lays the texts of a translation over a copy.
func (f *fields) translateEnds(key string, source []end) []end {
	out := slices.Clone(source)
	for i := range out {
		out[i].text.Fallback = true
	}
	if !f.has(key) {
		f.untranslated(key)
		return out
	}
	texts := f.ends(key, 0, "", "Translate each, in the order of the source.")
	if len(texts) != len(out) {
		f.refuse(f.get(key), "quiz/translation-count", "`"+key+"` has another number of texts here than in the source.", "Translate each, in the order of the source.")
		return out
	}
	for i := range out {
		out[i].text = texts[i].text
	}
	return out
}

func appendTexts(out []Prose, ends []end) []Prose {
	for _, e := range ends {
		out = append(out, e.text)
	}
	return out
}

func find(ends []end, id string) int {
	return slices.IndexFunc(ends, func(e end) bool { return e.id == id })
}
