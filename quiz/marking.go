package quiz

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"

	"sopan.dev/sopan/internal/diag"
)

// scheme is how an answer becomes a share of the marks, worked out for one
// question. marking.ts is the other definition. The zero scheme is the kind's
// own rule.
type scheme struct {
	Rule    rule    `json:"rule,omitempty"`
	Penalty float64 `json:"penalty,omitempty"` // what a wholly wrong answer costs
}

type rule string

const (
	own  rule = ""
	all  rule = "all"  // all or nothing
	each rule = "each" // every option is a decision of its own
)

// wrong is the share of an answer that earned nothing.
func (s scheme) wrong() float64 {
	if s.Penalty == 0 {
		return 0 // and not -0, which JSON writes otherwise
	}
	return -s.Penalty
}

// share is the share of a part of the marks under a scheme.
func (s scheme) share(part float64) float64 {
	switch {
	case part >= 1:
		return 1
	case part <= 0:
		return s.wrong()
	case s.Rule == all:
		return s.wrong()
	}
	return part
}

// marks is what `marking:` says, before a kind has made a scheme of it.
type marks struct {
	rule  rule
	fair  bool    // a wrong choice costs what guessing wins
	minus float64 // a wrong answer costs this much
}

var markings = []string{"all or nothing", "each decision", "fair guess", "minus 1/3"}

func parseMarking(text string) (m marks, ok bool) {
	switch text = Normalise(text); {
	case text == markings[0]:
		return marks{rule: all}, true
	case text == markings[1]:
		return marks{rule: each}, true
	case text == markings[2]:
		return marks{fair: true}, true
	case strings.HasPrefix(text, "minus "):
		v, ok := parsePart(strings.TrimPrefix(text, "minus "))
		return marks{minus: v}, ok && v > 0
	}
	return marks{}, false
}

// parsePart reads a share of the marks from 0 to 1: "1/3", "0.25", "33%".
func parsePart(text string) (v float64, ok bool) {
	over, under, fraction := strings.Cut(text, "/")
	if !fraction {
		v, _, ok = parseShare(text)
		return v, ok && v >= 0 && v <= 1
	}
	v, ok = ParseNumber(strings.TrimSpace(over))
	d, isNumber := ParseNumber(strings.TrimSpace(under))
	ok = ok && isNumber && d > 0
	if ok {
		v /= d
	}
	return v, ok && v >= 0 && v <= 1
}

// penalty reads `penalty`: what each earlier try at a question costs. nil: there
// is none, and the first try counts alone.
func (r *reader) penalty(f *fields) *float64 {
	text, n := f.text("penalty")
	if n == nil {
		return nil
	}
	v, ok := parsePart(Normalise(text))
	if !ok {
		r.refuse(n, "quiz/penalty", "`penalty` is the share of the marks that each earlier try costs, and `"+text+"` is none.", "Write a share from 0 to 1, such as `penalty: 1/3` or `penalty: 25%`.")
		return nil
	}
	return &v
}

// tried is the share of the marks of an answer that others went before. What is
// below 0 by itself stays there: trying again does not buy a guess back.
func tried(share, penalty float64, earlier int) float64 {
	return max(min(0, share), share-float64(penalty*float64(earlier)))
}

// marking makes a question's scheme of its own `marking`.
func (r *reader) marking(f *fields, quiz *Quiz, a answer) scheme {
	text, n := f.text("marking")
	if n == nil {
		return scheme{}
	}
	m, ok := parseMarking(text)
	if !ok {
		r.unknownMarking(n, text)
		return scheme{}
	}
	s, fits := a.scheme(m)
	if !fits {
		r.refuse(n, "quiz/marking-unfit", "`marking: "+text+"` has no meaning for this kind of question.", "Take the line away. `each decision` is for several right answers, `fair guess` for one right answer, `minus` where an answer is right or wrong.")
	}
	return s
}

// quizMarking gives the quiz's `marking` to every question that it fits and
// that has none of its own.
func (r *reader) quizMarking(q *Quiz, n *node, text string) {
	m, ok := parseMarking(text)
	if !ok {
		r.unknownMarking(n, text)
		return
	}
	used := false
	for i := range q.Questions {
		s, fits := q.Questions[i].answer.scheme(m)
		if fits && q.Questions[i].scheme == (scheme{}) {
			q.Questions[i].scheme = s
		}
		used = used || fits
	}
	if !used && len(q.Questions) > 0 {
		r.say(diag.Warning, "quiz/marking-unfit", n.Start, n.End, "`marking: "+text+"` fits no question of this quiz.", "Take the line away, or choose another rule.")
	}
}

func (r *reader) unknownMarking(n *node, text string) {
	hint := diag.DidYouMean(text, markings)
	if hint == "" {
		hint = "Write one of " + words(markings, "or") + "; after `minus` a share of the marks from 0 to 1."
	}
	r.refuse(n, "quiz/marking", "`marking: "+text+"` is not known.", hint)
}

// ErrResponse says that a stored response does not belong to the question: it
// was edited since, or the record is not ours.
var ErrResponse = errors.New("quiz: the response is none to this question")

// Result is what a response earned.
type Result struct {
	Share   float64 // of the marks: 0 to 1, or below 0 under a penalty for guessing
	Skipped bool    // nothing was answered; Share is 0
	Marked  bool    // false where nothing is right or wrong
}

// Mark marks a response: the JSON value that the browser keeps, or null or
// nothing for a skipped question.
func (q *Question) Mark(response json.RawMessage) (Result, error) {
	if len(response) == 0 || string(response) == "null" {
		return Result{Skipped: true, Marked: true}, nil
	}
	said, sure := response, 0
	if q.Certainty {
		var ok bool
		if said, sure, ok = unsure(response); !ok {
			return Result{}, ErrResponse
		}
	}
	share, marked, ok := q.answer.mark(q.scheme, said)
	if !ok {
		return Result{}, ErrResponse
	}
	if q.Certainty && marked {
		share = sureShare(share, sure)
	}
	return Result{Share: share, Marked: marked}, nil
}

// MarkTry marks a response that earlier ones to the same question went before.
// Where the quiz names no penalty the first alone counts, and they cost nothing.
func (q *Question) MarkTry(response json.RawMessage, earlier int) (Result, error) {
	r, err := q.Mark(response)
	if err == nil && r.Marked && q.Penalty != nil {
		r.Share = tried(r.Share, *q.Penalty, earlier)
	}
	return r, err
}

// MarksText writes a number of marks: "1 mark", "2.5 marks".
func MarksText(v float64) string {
	if v == 1 {
		return "1 mark"
	}
	return strconv.FormatFloat(v, 'g', -1, 64) + " marks"
}
