package record

import (
	"errors"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Saved is a file that a learner saved: what a browser held of them, with the statements that no record store had
// acknowledged. runtime/exported.ts writes it.
type Saved struct {
	Site     string    // the site's id
	Learner  string    // the pseudonymous id
	At       string    // when it was saved, by the device's clock
	Waiting  []Unsent  // oldest first
	SetAside []Unsent  // what a store had refused
	Shape    []Mistake // entries that are no statements, left out of the two lists
}

// Unsent is a statement as it is to be sent: byte for byte what the page would have sent.
type Unsent struct {
	ID  string
	Raw jsontext.Value
}

// Mistake is an entry of a file that cannot be sent.
type Mistake struct {
	Index  int // in its list, from 0
	Reason string
}

// ReadSaved reads such a file. The error says what is wrong with the whole of it. Whether a statement is valid is for the
// record store to say: one that it refuses must be seen as refused by it.
func ReadSaved(file []byte) (Saved, error) {
	var whole struct {
		Format  string `json:"format"`
		V       int    `json:"v"`
		Site    string `json:"site"`
		Learner struct {
			ID string `json:"id"`
		} `json:"learner"`
		At string `json:"exportedAt"`

		Waiting  []jsontext.Value `json:"waiting"`
		SetAside []jsontext.Value `json:"setAside"`
	}
	// A byte order mark is what editors on Windows leave.
	file = []byte(strings.TrimPrefix(string(file), "\ufeff"))
	if err := json.Unmarshal(file, &whole); err != nil {
		return Saved{}, fmt.Errorf("it is no file that a learner saved: %w", err)
	}
	switch {
	case whole.Format != "sopan-learner":
		return Saved{}, errors.New("it is no file that a learner saved")
	case whole.V != 1:
		return Saved{}, fmt.Errorf("it was saved by another version (%d)", whole.V)
	}
	s := Saved{Site: whole.Site, Learner: whole.Learner.ID, At: whole.At}
	read := func(list []jsontext.Value) (out []Unsent) {
		for i, v := range list {
			var head struct {
				ID string `json:"id"`
			}
			if err := json.Unmarshal(v, &head); err != nil || !IsUUID(head.ID) {
				s.Shape = append(s.Shape, Mistake{i, "it has no id that is a UUID, and without one it might be stored twice"})
				continue
			}
			v = v.Clone()
			if err := v.Compact(); err != nil {
				s.Shape = append(s.Shape, Mistake{i, err.Error()})
				continue
			}
			out = append(out, Unsent{strings.ToLower(head.ID), v})
		}
		return out
	}
	s.Waiting, s.SetAside = read(whole.Waiting), read(whole.SetAside)
	return s, nil
}
