package quiz

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// do is a checklist (`do: [Recorded the search, Signed the reply]`). It is shown
// as done, and has no marks.
type do struct{}

func (do) name() string        { return "do" }
func (do) words() []string     { return []string{"do"} }
func (do) keys() []string      { return nil }
func (do) claims(*fields) bool { return true }

type doAnswer struct{ steps []end }

func (do) read(f *fields) answer {
	steps := f.ends("do", 1, "has nothing to do.", "Write what is to be done, each beginning with a dash.")
	if steps == nil {
		return nil
	}
	return doAnswer{steps}
}

func (a doAnswer) summary() string           { return fmt.Sprintf("checklist of %d", len(a.steps)) }
func (doAnswer) standing() standing          { return unmarked }
func (doAnswer) scheme(marks) (scheme, bool) { return scheme{}, false }
func (a doAnswer) prose(out []Prose) []Prose { return appendTexts(out, a.steps) }
func (doAnswer) feedback() []Feedback        { return nil }

type doData struct {
	Fixed bool        `json:"fixed"` // the order of the page stays
	Steps []Component `json:"steps"`
}

func (a doAnswer) data(d dress) any { return doData{true, components(d, a.steps)} }

func (a doAnswer) view(p painter) (any, string) {
	v := choiceView{Name: p.name, Type: "checkbox"}
	for _, e := range a.steps {
		v.Choices = append(v.Choices, ChoiceView{e.id, p.prose(e.text)})
	}
	return v, p.word("quiz-do-how")
}

// done reads a response: the ids of what was ticked.
func (a doAnswer) done(response json.RawMessage) ([]string, bool) {
	var ids []string
	if json.Unmarshal(response, &ids) != nil || len(ids) == 0 {
		return nil, false
	}
	for i, id := range ids {
		if find(a.steps, id) < 0 || slices.Contains(ids[:i], id) {
			return nil, false
		}
	}
	return ids, true
}

func (a doAnswer) mark(_ scheme, response json.RawMessage) (share float64, marked, ok bool) {
	_, ok = a.done(response)
	return 0, false, ok
}

func (a doAnswer) interaction(d dress) Interaction {
	return Interaction{InteractionType: "performance", Steps: components(d, a.steps)}
}

func (a doAnswer) respond(response json.RawMessage) (string, bool) {
	ids, ok := a.done(response)
	if !ok {
		return "", false
	}
	var out []string
	for _, s := range a.steps {
		out = append(out, fmt.Sprintf("%s[.]%t", s.id, slices.Contains(ids, s.id)))
	}
	return strings.Join(out, "[,]"), true
}

func (doAnswer) translatable() []string { return []string{"do"} }

func (a doAnswer) translate(f *fields) answer { return doAnswer{f.translateEnds("do", a.steps)} }
