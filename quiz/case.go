package quiz

import (
	"encoding/json"
	"strconv"
)

// caseStudy is a question that is answered elsewhere: by playing a case study of
// the course to an end (`case: the-missing-file`). The share of the best way's
// points that it earned is the share of the marks.
type caseStudy struct{}

func (caseStudy) name() string        { return "case" }
func (caseStudy) words() []string     { return []string{"case"} }
func (caseStudy) keys() []string      { return nil }
func (caseStudy) claims(*fields) bool { return true }

type caseAnswer struct{ study Ref }

func (caseStudy) read(f *fields) answer {
	text, n := f.text("case")
	if n == nil {
		return nil
	}
	return caseAnswer{Ref{What: "case", Text: text, Start: n.Start, End: n.End}}
}

func (a caseAnswer) summary() string { return "case study " + a.study.Text }

func (caseAnswer) standing() standing { return counts }

func (caseAnswer) scheme(m marks) (scheme, bool) { return scheme{Rule: m.rule}, m.rule == all }

func (caseAnswer) prose(out []Prose) []Prose { return out }
func (caseAnswer) feedback() []Feedback      { return nil }
func (a caseAnswer) refs() []Ref             { return []Ref{a.study} }

// CaseTarget is the case study that a question is about.
type CaseTarget struct {
	Item  string // its key in the course, under which what the learner did is kept
	Href  string // from the page of the quiz
	Title string
}

func (a caseAnswer) target(of func(Ref) CaseTarget) CaseTarget {
	if of == nil {
		return CaseTarget{Title: a.study.Text}
	}
	return of(a.study)
}

type caseData struct {
	Item string    `json:"item"`
	Step Component `json:"step"` // the case as a step of a performance
}

func (a caseAnswer) step(d dress) Component {
	return Component{textID(a.study.Text), a.target(d.Case).Title}
}

func (a caseAnswer) data(d dress) any { return caseData{a.target(d.Case).Item, a.step(d)} }

type caseView struct {
	CaseTarget
	None, Started, Done, Points string
}

func (a caseAnswer) view(p painter) (any, string) {
	return caseView{
		CaseTarget: a.target(p.Data.Case),
		None:       p.word("quiz-case-none"), Started: p.word("quiz-case-started"), Done: p.word("quiz-case-done"), Points: p.word("quiz-case-points"),
	}, p.word("quiz-case-how")
}

// played reads a response: {"scaled": 0.7}, the share of the best way's points,
// or null where the case gives no points.
func (caseAnswer) played(response json.RawMessage) (scaled float64, scored, ok bool) {
	var parts map[string]json.RawMessage
	if len(response) == 0 || response[0] != '{' || json.Unmarshal(response, &parts) != nil {
		return 0, false, false
	}
	var v *float64
	if said, there := parts["scaled"]; !there || json.Unmarshal(said, &v) != nil {
		return 0, false, false
	}
	if v == nil {
		return 0, false, true
	}
	return *v, true, *v >= 0 && *v <= 1
}

func (a caseAnswer) mark(s scheme, response json.RawMessage) (share float64, marked, ok bool) {
	scaled, scored, ok := a.played(response)
	if !ok || !scored {
		return 0, !ok, ok
	}
	return s.share(scaled), true, true
}

func (a caseAnswer) interaction(d dress) Interaction {
	return Interaction{InteractionType: "performance", Steps: []Component{a.step(d)}}
}

func (a caseAnswer) respond(response json.RawMessage) (string, bool) {
	scaled, scored, ok := a.played(response)
	if !ok {
		return "", false
	}
	value := strconv.FormatBool(true)
	if scored {
		value = FormatNumber(scaled)
	}
	return textID(a.study.Text) + "[.]" + value, true
}

func (caseAnswer) translatable() []string     { return nil }
func (a caseAnswer) translate(*fields) answer { return a }
