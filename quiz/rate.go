package quiz

import (
	"encoding/json"
	"fmt"
)

// rate asks for a point on a scale (`rate: [Not at all, A little, Fully]`).
// Nothing in it is right or wrong.
type rate struct{}

func (rate) name() string        { return "rate" }
func (rate) words() []string     { return []string{"rate"} }
func (rate) keys() []string      { return nil }
func (rate) claims(*fields) bool { return true }

type rateAnswer struct{ scale []end }

func (rate) read(f *fields) answer {
	scale := f.ends("rate", 2, "has a scale of fewer than two points.", "Write `rate: [Not at all, A little, Fairly, Fully]`.")
	if scale == nil {
		return nil
	}
	return rateAnswer{scale}
}

func (a rateAnswer) summary() string           { return fmt.Sprintf("rate from 1 to %d", len(a.scale)) }
func (rateAnswer) standing() standing          { return unmarked }
func (rateAnswer) scheme(marks) (scheme, bool) { return scheme{}, false }
func (a rateAnswer) prose(out []Prose) []Prose { return appendTexts(out, a.scale) }
func (rateAnswer) feedback() []Feedback        { return nil }

type rateData struct {
	Fixed bool        `json:"fixed"` // the order of the page stays
	Scale []Component `json:"scale"`
}

func (a rateAnswer) data(d dress) any { return rateData{true, components(d, a.scale)} }

func (a rateAnswer) view(p painter) (any, string) {
	v := choiceView{Name: p.name, Type: "radio"}
	for _, e := range a.scale {
		v.Choices = append(v.Choices, ChoiceView{e.id, p.prose(e.text)})
	}
	return v, p.word("quiz-rate-how")
}

func (a rateAnswer) mark(_ scheme, response json.RawMessage) (share float64, marked, ok bool) {
	_, ok = a.respond(response)
	return 0, false, ok
}

// interaction has no pattern: an empty one would say that no answer is right.
func (a rateAnswer) interaction(d dress) Interaction {
	return Interaction{InteractionType: "likert", Scale: components(d, a.scale)}
}

func (a rateAnswer) respond(response json.RawMessage) (string, bool) {
	id, ok := typed(response)
	if !ok || find(a.scale, id) < 0 {
		return "", false
	}
	return id, true
}

func (rateAnswer) translatable() []string { return []string{"rate"} }

func (a rateAnswer) translate(f *fields) answer { return rateAnswer{f.translateEnds("rate", a.scale)} }
