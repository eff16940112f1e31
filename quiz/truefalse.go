package quiz

import (
	"encoding/json"
	"strings"
)

// trueFalse is a statement that is true or false (`right: false`). With other
// choices beside it, `true` is a choice like any other.
type trueFalse struct{}

func (trueFalse) name() string    { return "truefalse" }
func (trueFalse) words() []string { return []string{"right"} }
func (trueFalse) keys() []string  { return nil }

func (trueFalse) claims(f *fields) bool {
	n := f.get("right")
	return n.Kind == scalar && isPlain(n) && truth(n.Value) != "" && !f.has("wrong") && !f.has("options")
}

func truth(s string) string {
	if s = strings.ToLower(strings.TrimSpace(s)); s == "true" || s == "false" {
		return s
	}
	return ""
}

type trueFalseAnswer struct{ right bool }

func (trueFalse) read(f *fields) answer {
	return trueFalseAnswer{truth(f.get("right").Value) == "true"}
}

func (trueFalseAnswer) summary() string { return "true or false" }

func (trueFalseAnswer) standing() standing { return counts }

func (trueFalseAnswer) scheme(m marks) (scheme, bool) {
	if m.fair {
		return scheme{Penalty: 1}, true
	}
	return scheme{Penalty: m.minus}, m.minus > 0
}

func (trueFalseAnswer) prose(out []Prose) []Prose { return out }
func (trueFalseAnswer) feedback() []Feedback      { return nil }

type trueFalseData struct {
	Right bool `json:"right"`
}

func (a trueFalseAnswer) data(dress) any { return trueFalseData{a.right} }

type trueFalseView struct{ Name, True, False string }

func (trueFalseAnswer) view(p painter) (any, string) {
	return trueFalseView{p.name, p.word("quiz-true"), p.word("quiz-false")}, p.word("quiz-truefalse-how")
}

func (a trueFalseAnswer) mark(s scheme, response json.RawMessage) (share float64, marked, ok bool) {
	said, ok := a.said(response)
	if said == a.right {
		return 1, true, ok
	}
	return s.wrong(), true, ok
}

// said reads a response: true or false. encoding/json would take null for false.
func (trueFalseAnswer) said(response json.RawMessage) (said, ok bool) {
	switch strings.TrimSpace(string(response)) {
	case "true":
		return true, true
	case "false":
		return false, true
	}
	return false, false
}

func (a trueFalseAnswer) interaction(dress) Interaction {
	pattern := "false"
	if a.right {
		pattern = "true"
	}
	return Interaction{InteractionType: "true-false", CorrectResponsesPattern: []string{pattern}}
}

func (a trueFalseAnswer) respond(response json.RawMessage) (string, bool) {
	if _, ok := a.said(response); !ok {
		return "", false
	}
	return strings.TrimSpace(string(response)), true
}

func (trueFalseAnswer) translatable() []string     { return nil }
func (a trueFalseAnswer) translate(*fields) answer { return a }
