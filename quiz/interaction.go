package quiz

import (
	"encoding/json"
	"strings"
)

// Interaction describes a question as xAPI 1.0.3 does ("Interaction
// Activities"), with the response when there is one. The exports and the
// records read nothing else of a kind.
type Interaction struct {
	InteractionType         string      `json:"interactionType"`
	CorrectResponsesPattern []string    `json:"correctResponsesPattern,omitempty"`
	Choices                 []Component `json:"choices,omitempty"`
	Scale                   []Component `json:"scale,omitempty"`
	Source                  []Component `json:"source,omitempty"`
	Target                  []Component `json:"target,omitempty"`
	Steps                   []Component `json:"steps,omitempty"`
	Response                string      `json:"response,omitempty"`
}

// Component is a part of an interaction: a choice, a step, an end of a pair.
type Component struct {
	ID   string `json:"id"`
	Text string `json:"text"`
}

// dress turns what a question holds into what others want to see of it. Its
// zero value leaves texts as they were written.
type dress struct {
	Plain      func(Prose) string      // Markdown to plain text
	Competency func(Competency) string // "people-first:2", or "" when unknown
	Case       func(Ref) CaseTarget    // a case study

	parts *chunk[Component] // where what is dressed may stand; nil: anew
	ids   *chunk[string]
}

func (d dress) plain(p Prose) string {
	if d.Plain == nil || p.Text == "" { // a number without a unit
		return p.Text
	}
	return d.Plain(p)
}

// Interaction describes the question. plain turns Markdown into plain text; it
// may be nil.
func (q *Question) Interaction(plain func(Prose) string) Interaction {
	return q.answer.interaction(dress{Plain: plain})
}

// Response writes a response, as the browser keeps it, in the form of the
// interaction; ok is false when it is none to this question.
func (q *Question) Response(response json.RawMessage) (s string, ok bool) {
	if q.Certainty {
		if response, _, ok = unsure(response); !ok {
			return "", false
		}
	}
	return q.answer.respond(response)
}

// undelimited takes the delimiters of xAPI out of a text, and out of what
// their going makes.
func undelimited(s string) string {
	for {
		t := s
		for _, d := range []string{"[,]", "[.]", "[:]"} {
			t = strings.ReplaceAll(t, d, "")
		}
		if t == s {
			return s
		}
		s = t
	}
}
