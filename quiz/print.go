package quiz

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"slices"
	"strings"
)

// Print is what a release remembers of a question: enough to tell later what
// changed, and nothing that could be read. Hashes are those of textID: eight
// letters and digits.
type Print struct {
	Kind    string
	Ask     string   // hash of the prompt
	Key     string   // hash of what is right, of the marks and of the marking; "" where nothing is marked
	Choices []string // ids of what a response can name, sorted
}

// Print makes the print of a question.
func (q *Question) Print() Print {
	in := q.answer.interaction(dress{})
	p := Print{Kind: q.Kind, Ask: textID(q.Ask.Text)}
	for _, list := range [][]Component{in.Choices, in.Scale, in.Source, in.Target, in.Steps} {
		for _, c := range list {
			p.Choices = append(p.Choices, c.ID)
		}
	}
	slices.Sort(p.Choices)
	if q.answer.standing() == unmarked {
		return p
	}
	key := struct {
		Pattern []string
		Data    any
		Marks   float64
		Scheme  scheme
	}{in.CorrectResponsesPattern, nil, q.Marks, q.scheme}
	if q.Kind == (choice{}).name() {
		// The order of the right ones is no part of the key, nor that of accepted texts.
		ids := strings.Split(strings.Join(in.CorrectResponsesPattern, ""), "[,]")
		slices.Sort(ids)
		key.Pattern = ids
	}
	if len(in.CorrectResponsesPattern) == 0 { // too many right answers to list, or a rubric
		key.Data = q.answer.data(dress{})
	}
	b, err := json.Marshal(key)
	if err != nil {
		panic("quiz: a key that is no JSON: " + err.Error()) // QuizData.JSON has the same fields
	}
	sum := sha256.Sum256(b)
	p.Key = strings.ToLower(base32.StdEncoding.EncodeToString(sum[:])[:8])
	return p
}
