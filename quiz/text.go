package quiz

import (
	"encoding/json"
	"slices"

	"sopan.dev/sopan/internal/diag"
)

// text is a question whose answer is typed (`answer: …`, and under `also` the
// other texts that are right). There are no patterns: variants are listed.
type text struct{}

func (text) name() string        { return "text" }
func (text) words() []string     { return []string{"answer"} }
func (text) keys() []string      { return []string{"also"} }
func (text) claims(*fields) bool { return true }

type textAnswer struct {
	accepted []Prose // the first is the one to show
}

func (text) read(f *fields) answer {
	if !f.has("answer") {
		f.say(diag.Error, "quiz/nothing-right", f.node.Start, f.headEnd(), f.here()+" has no right answer.", "Add `answer:` with the text that is right; `also` lists the others.")
		return nil
	}
	answer := f.prose("answer")
	if answer.Text == "" {
		return nil
	}
	return textAnswer{accepted: f.differing(append([]Prose{answer}, f.proses("also")...))}
}

// differing refuses accepted texts that are none, or the same to a marker.
func (f *fields) differing(texts []Prose) []Prose {
	var out []Prose
	for _, p := range texts {
		same := slices.IndexFunc(out, func(o Prose) bool { return Normalise(o.Text) == Normalise(p.Text) })
		switch {
		case Normalise(p.Text) == "":
			f.say(diag.Error, "quiz/empty-value", p.Start, p.End, "This answer has no letters.", "Write the answer.")
		case same < 0:
			out = append(out, p)
		case out[same].Text == p.Text:
			f.say(diag.Error, "quiz/same-text-twice", p.Start, p.End, "`"+p.Text+"` stands twice among the answers.", "Take one away.").Related =
				[]diag.Related{{Pos: f.place(out[same].Start), Message: "the first one"}}
		default:
			f.say(diag.Error, "quiz/texts-equal", p.Start, p.End, "`"+p.Text+"` is accepted already, as `"+out[same].Text+"`.", "Take it away: case, spaces, digits of other scripts and the shape of quotation marks make no difference.").Related =
				[]diag.Related{{Pos: f.place(out[same].Start), Message: "the first one"}}
		}
	}
	return out
}

func (textAnswer) summary() string { return "typed text" }

func (textAnswer) standing() standing { return counts }

func (textAnswer) scheme(m marks) (scheme, bool) { return scheme{Penalty: m.minus}, m.minus > 0 }

// prose is empty: an answer is compared and shown letter for letter.
func (textAnswer) prose(out []Prose) []Prose { return out }
func (textAnswer) feedback() []Feedback      { return nil }

type textData struct {
	Accepted []string `json:"accepted"`
}

func (a textAnswer) texts() []string {
	texts := []string{}
	for _, p := range a.accepted {
		texts = append(texts, p.Text)
	}
	return texts
}

func (a textAnswer) data(dress) any { return textData{a.texts()} }

// inputView is what text.html and number.html get.
type inputView struct{ ID, Name, Label, Describe string }

func (p painter) input() inputView {
	return inputView{ID: p.part("in"), Name: p.name, Label: p.word("quiz-answer"), Describe: p.described()}
}

func (textAnswer) view(p painter) (any, string) { return p.input(), p.word("quiz-text-how") }

// typed reads a response: what was typed, when it holds anything.
func typed(response json.RawMessage) (string, bool) {
	if len(response) == 0 || response[0] != '"' {
		return "", false
	}
	var s string
	if json.Unmarshal(response, &s) != nil || Normalise(s) == "" {
		return "", false
	}
	return s, true
}

func (a textAnswer) mark(s scheme, response json.RawMessage) (share float64, marked, ok bool) {
	said, ok := typed(response)
	if !ok {
		return 0, true, false
	}
	said = Normalise(said)
	if slices.ContainsFunc(a.accepted, func(p Prose) bool { return Normalise(p.Text) == said }) {
		return 1, true, true
	}
	return s.wrong(), true, true
}

func (a textAnswer) interaction(dress) Interaction {
	in := Interaction{InteractionType: "fill-in"}
	for _, s := range a.texts() {
		in.CorrectResponsesPattern = append(in.CorrectResponsesPattern, "{case_matters=false}"+undelimited(s))
	}
	return in
}

func (textAnswer) respond(response json.RawMessage) (string, bool) {
	s, ok := typed(response)
	return undelimited(s), ok
}

func (textAnswer) translatable() []string { return []string{"answer", "also"} }

// translate shows the translated answer and accepts it beside all of the
// source: nobody is wrong for answering in English.
func (a textAnswer) translate(f *fields) answer {
	answer := f.prose("answer")
	if answer.Text == "" {
		f.untranslated("answer")
		answer = a.accepted[0]
	}
	accepted := f.differing(append([]Prose{answer}, f.proses("also")...))
	for _, p := range a.accepted {
		if !slices.ContainsFunc(accepted, func(o Prose) bool { return Normalise(o.Text) == Normalise(p.Text) }) {
			accepted = append(accepted, p)
		}
	}
	a.accepted = accepted
	return a
}
