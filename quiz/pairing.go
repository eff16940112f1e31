package quiz

import (
	"encoding/json"
	"html/template"
	"slices"
	"strings"

	"sopan.dev/sopan/internal/diag"
)

// pairing is what `match` and `sort` have in common: things on one side, each
// of which belongs to one of the other. The kinds differ in how they are written.
type pairing struct {
	sources []end
	targets []end
	right   []int // right[i] is the target of sources[i]
}

// end is one end of a pair.
type end struct {
	id   string
	text Prose
}

// add puts a pair in; a source that stands twice is refused.
func (p *pairing) add(f *fields, source, target Prose) {
	id := textID(source.Text)
	if i := slices.IndexFunc(p.sources, func(e end) bool { return e.id == id }); i >= 0 {
		f.say(diag.Error, "quiz/same-text-twice", source.Start, source.End, "`"+source.Text+"` stands twice.", "Take one away: it can belong to one only.").Related =
			[]diag.Related{{Pos: f.place(p.sources[i].text.Start), Message: "the first one"}}
		return
	}
	p.sources = append(p.sources, end{id, source})
	p.right = append(p.right, p.target(target))
}

// target finds a target by its text, or adds it.
func (p *pairing) target(text Prose) int {
	id := textID(text.Text)
	if i := slices.IndexFunc(p.targets, func(e end) bool { return e.id == id }); i >= 0 {
		return i
	}
	p.targets = append(p.targets, end{id, text})
	return len(p.targets) - 1
}

func (p *pairing) standing() standing { return counts }

func (p *pairing) scheme(m marks) (scheme, bool) { return scheme{Rule: m.rule}, m.rule == all }

func (p *pairing) prose(out []Prose) []Prose {
	own := len(out)
	out = appendTexts(appendTexts(out, p.sources), p.targets)
	slices.SortStableFunc(out[own:], func(a, b Prose) int { return a.Start - b.Start })
	return out
}

func (p *pairing) feedback() []Feedback { return nil }

type pairingData struct {
	Sources []Component       `json:"sources"`
	Targets []Component       `json:"targets"`
	Right   map[string]string `json:"right"` // source -> target; encoding/json sorts keys
}

func components(d dress, ends []end) []Component {
	out := d.parts.piece(len(ends))
	for _, e := range ends {
		out = append(out, Component{e.id, d.plain(e.text)})
	}
	return out
}

func (p *pairing) data(d dress) any {
	right := map[string]string{}
	for i, s := range p.sources {
		right[s.id] = p.targets[p.right[i]].id
	}
	return pairingData{components(d, p.sources), components(d, p.targets), right}
}

// PairView is one thing with the list of what it may belong to.
type PairView struct {
	ID      string // of the source
	Control string // id of the select
	Name    string
	Text    template.HTML
}

type pairingView struct {
	Pairs    []PairView
	Targets  []Component // the words of an option are plain text
	Choose   string
	Describe string
}

func (p *pairing) view(paint painter) pairingView {
	v := pairingView{Choose: paint.word("quiz-choose"), Describe: paint.described()}
	for _, s := range p.sources {
		v.Pairs = append(v.Pairs, PairView{s.id, paint.part(s.id), paint.part(s.id), paint.prose(s.text)})
	}
	// In the order of the source each would stand beside what it belongs to.
	v.Targets = paint.options(p.targets)
	return v
}

// assigned reads a response: source -> target, of those that were answered.
func (p *pairing) assigned(response json.RawMessage) (map[string]string, bool) {
	var said map[string]string
	if len(response) == 0 || response[0] != '{' || json.Unmarshal(response, &said) != nil || len(said) == 0 {
		return nil, false
	}
	for s, t := range said {
		if !slices.ContainsFunc(p.sources, func(e end) bool { return e.id == s }) || !slices.ContainsFunc(p.targets, func(e end) bool { return e.id == t }) {
			return nil, false
		}
	}
	return said, true
}

func (p *pairing) mark(s scheme, response json.RawMessage) (share float64, marked, ok bool) {
	said, ok := p.assigned(response)
	if !ok {
		return 0, true, false
	}
	right := 0
	for i, source := range p.sources {
		if said[source.id] == p.targets[p.right[i]].id {
			right++
		}
	}
	return s.share(float64(right) / float64(len(p.sources))), true, true
}

// pairs writes assignments as xAPI does: s1[.]t1[,]s2[.]t2.
func (p *pairing) pairs(of func(i int) string) string {
	var out []string
	for i, s := range p.sources {
		if t := of(i); t != "" {
			out = append(out, s.id+"[.]"+t)
		}
	}
	return strings.Join(out, "[,]")
}

func (p *pairing) interaction(d dress) Interaction {
	return Interaction{
		InteractionType:         "matching",
		Source:                  components(d, p.sources),
		Target:                  components(d, p.targets),
		CorrectResponsesPattern: []string{p.pairs(func(i int) string { return p.targets[p.right[i]].id })},
	}
}

func (p *pairing) respond(response json.RawMessage) (string, bool) {
	said, ok := p.assigned(response)
	if !ok {
		return "", false
	}
	return p.pairs(func(i int) string { return said[p.sources[i].id] }), true
}

// clone makes a copy whose texts may be laid over.
func (p *pairing) clone() pairing {
	return pairing{slices.Clone(p.sources), slices.Clone(p.targets), p.right}
}

// fallBack marks every text as not translated.
func (p *pairing) fallBack() {
	for _, ends := range [][]end{p.sources, p.targets} {
		for i := range ends {
			ends[i].text.Fallback = true
		}
	}
}

// entries reads `a: b` pairs with a text on the left of each.
func (f *fields) entries(key, hint string) (keys []Prose, values []*node, ok bool) {
	n := f.get(key)
	if n == nil || n.Kind != pairs {
		if n != nil {
			f.refuse(n, "quiz/not-pairs", "`"+key+"` must be pairs, each with a colon between.", hint)
		}
		return nil, nil, false
	}
	for e := range entries(n) {
		k := e.key
		if text, ok := f.asText(k, "the left side of a pair"); ok {
			keys = append(keys, Prose{Text: text, Start: k.Start, End: k.End})
			values = append(values, e.value)
		}
	}
	return keys, values, true
}
