package quiz

import (
	"math"
	"slices"
)

// This file is what the browser is told of a quiz's rules beyond its questions
// and attempts; runtime/rules.ts keeps them there.

type rulesData struct {
	Time    *timeData `json:"time,omitempty"`
	Draw    *drawData `json:"draw,omitempty"`
	Purpose string    `json:"purpose,omitempty"`
	Asked   []string  `json:"asked,omitempty"`
}

type timeData struct {
	Seconds int  `json:"seconds"`
	Strict  bool `json:"strict,omitempty"`
}

type drawData struct {
	Any  int           `json:"any,omitempty"`
	From []stratumData `json:"from,omitempty"`
}

// stratumData names questions by their place in the quiz, from 0: competencies
// were resolved here, so that the browser needs to know none.
type stratumData struct {
	Count int   `json:"count"`
	Of    []int `json:"of"`
}

// Ruled tells whether the quiz has a time, a draw or a purpose: its page
// carries the script that keeps them.
func (q *Quiz) Ruled() bool {
	return q.Time.Minutes > 0 || q.Draw.Any > 0 || len(q.Draw.From) > 0 || q.Purpose != ""
}

// Asks is the number of questions that an attempt gets.
func (q *Quiz) Asks() int {
	n := q.Draw.Any
	for _, s := range q.Draw.From {
		n += s.Count
	}
	if n == 0 {
		return len(q.Questions)
	}
	return min(n, len(q.Questions))
}

// Scored tells whether answers are right or wrong, and the learner is told so.
func (q *Quiz) Scored() bool { return q.Purpose != "survey" && q.Purpose != "360" }

func (q *Quiz) rules() rulesData {
	r := rulesData{Purpose: q.Purpose, Asked: q.AskedOf}
	if q.Time.Minutes > 0 {
		r.Time = &timeData{int(math.Round(q.Time.Minutes * 60)), q.Time.Strict}
	}
	if q.Draw.Any > 0 {
		r.Draw = &drawData{Any: q.Draw.Any}
	}
	for _, s := range q.Draw.From {
		data := stratumData{Count: s.Count, Of: []int{}}
		for i := range q.Questions {
			if slices.ContainsFunc(q.Questions[i].Tests, s.Of.covers) {
				data.Of = append(data.Of, i)
			}
		}
		if r.Draw == nil {
			r.Draw = &drawData{}
		}
		r.Draw.From = append(r.Draw.From, data)
	}
	return r
}
