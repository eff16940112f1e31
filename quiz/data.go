package quiz

import (
	"bytes"
	"encoding/json"
	"strings"
)

// QuizData is what the browser receives; its other side is QuizData in
// runtime/contract.ts. Fields are written in this order, always.
type QuizData struct {
	V        int           `json:"v"`
	Key      string        `json:"key"`
	ID       string        `json:"id"` // activity IRI
	Title    string        `json:"title"`
	Pass     float64       `json:"pass,omitempty"`
	Show     Show          `json:"show"`
	Attempts *AttemptsData `json:"attempts,omitempty"`
	Practice bool          `json:"practice,omitempty"`
	Sealed   bool          `json:"sealed,omitempty"`
	rulesData
	Names     map[string]string `json:"names,omitempty"` // titles of competencies, by id; encoding/json sorts keys
	Questions []QuestionData    `json:"questions"`
}

// AttemptsData says how many attempts there are and which counts.
type AttemptsData struct {
	Most   int    `json:"most,omitempty"`
	Counts string `json:"counts"`
}

// QuestionData is a question: what all have, and beside it what its kind adds.
type QuestionData struct {
	ID        string   `json:"id"`
	Kind      string   `json:"kind"`
	Marks     float64  `json:"marks"` // 0 where nothing counts towards passing
	Tests     []string `json:"tests,omitempty"`
	Certainty bool     `json:"certainty,omitempty"`
	Sealed    bool     `json:"sealed,omitempty"` // its key is not here
	Retry     *float64 `json:"retry,omitempty"`  // what each earlier try costs
	scheme
	own any
}

// common is a question's data without its kind's, and without the method.
type common QuestionData

// MarshalJSON writes the kind's fields beside the common ones.
func (q QuestionData) MarshalJSON() ([]byte, error) {
	a, err := json.Marshal(common(q))
	if err != nil {
		return nil, err
	}
	b, err := json.Marshal(q.own)
	if err != nil {
		return nil, err
	}
	if bytes.Equal(b, []byte("{}")) {
		return a, nil
	}
	a[len(a)-1] = ','
	return append(a, b[1:]...), nil
}

// DataOptions is what the site adds to a quiz. The zero value is a quiz by itself.
type DataOptions struct {
	ID         string                  // activity IRI of the quiz, or of the lesson that holds a block
	Plain      func(Prose) string      // Markdown to plain text, for records
	Competency func(Competency) string // "people-first:2"; "" leaves it out
	Name       func(id string) string  // title of a competency, "people-first", for the result
	Case       func(Ref) CaseTarget    // the case study that a question is about
}

// Data makes what the browser receives. It holds the key, unless the quiz is
// sealed: whoever reads the page's source can read the answers.
func Data(q *Quiz, o DataOptions) QuizData {
	return new(Easel).dataOf(q, o)
}

// dataOf is Data, until the easel's next quiz.
func (e *Easel) dataOf(q *Quiz, o DataOptions) QuizData {
	d := QuizData{V: 1, Key: q.Key, ID: o.ID, Title: q.Title, Pass: q.Pass, Show: q.Show, Practice: q.Practice, Sealed: q.Sealed, rulesData: q.rules(), Questions: e.data.piece(len(q.Questions))}
	if d.Show == "" {
		d.Show = ShowQuestion
	}
	if q.Attempts.Counts != "" && (q.Attempts.Most != 0 || q.Attempts.Counts != "best") {
		d.Attempts = &AttemptsData{Most: q.Attempts.Most, Counts: q.Attempts.Counts}
	}
	dressed := dress{Plain: o.Plain, Competency: o.Competency, Case: o.Case, parts: &e.parts, ids: &e.ids}
	var without []any
	if q.Sealed {
		q, without = q.bare(dressed)
	}
	for i := range q.Questions {
		one := &q.Questions[i]
		data := QuestionData{ID: one.ID, Kind: one.Kind, Marks: one.Marks, Certainty: one.Certainty, Sealed: q.Sealed, Retry: one.Penalty, scheme: one.scheme}
		if q.Sealed {
			data.own = without[i]
		} else {
			data.own = one.answer.data(dressed)
		}
		if !one.Counts() {
			data.Marks = 0 // what is outside the pass mark adds nothing to it
		}
		for _, c := range one.Tests {
			if o.Competency == nil {
				break
			}
			if id := o.Competency(c); id != "" {
				data.Tests = append(data.Tests, id)
				if bare, _, _ := strings.Cut(id, ":"); o.Name != nil {
					if d.Names == nil {
						d.Names = map[string]string{}
					}
					d.Names[bare] = o.Name(bare)
				}
			}
		}
		d.Questions = append(d.Questions, data)
	}
	return d
}

// JSON is the data as it stands in the page. encoding/json writes <, >, & and
// U+2028/9 as escapes, so that no text can end the script element it is in.
func (d QuizData) JSON() []byte {
	var b bytes.Buffer
	d.write(&b)
	return b.Bytes()
}

// write writes what json.Marshal gives, question by question: it would go three
// times over each that has a method of its own.
func (d QuizData) write(b *bytes.Buffer) {
	e := json.NewEncoder(b)
	add := func(v any, dropped int) {
		if err := e.Encode(v); err != nil {
			panic("quiz: data that is no JSON: " + err.Error()) // only NaN could, and no number is one
		}
		b.Truncate(b.Len() - dropped)
	}
	questions := d.Questions
	d.Questions = []QuestionData{}
	add(d, len("]}\n"))
	for i := range questions {
		if i > 0 {
			b.WriteByte(',')
		}
		add((*common)(&questions[i]), len("}\n"))
		at := b.Len()
		add(questions[i].own, len("\n"))
		if own := b.Bytes()[at:]; string(own) == "{}" {
			b.Truncate(at + 1)
			b.Bytes()[at] = '}'
		} else {
			own[0] = ','
		}
	}
	b.WriteString("]}")
}
