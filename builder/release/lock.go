// Package release remembers what was released, so that the next release can
// say what it changes for learners who began with the last one.
//
// In goes a course.Site; out comes a Lock: the keys of its courses and items,
// and of each question its id with hashes of its prompt, its key and its
// choices. Two locks are compared (Compare), the older one read from the file
// sopan.lock at the site's root (Read). The package writes no file, and a lock
// holds no text of the site and nothing that a learner did.
package release

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"sopan.dev/sopan/builder/course"
	"sopan.dev/sopan/builder/source"
	"sopan.dev/sopan/internal/diag"
	"sopan.dev/sopan/quiz"
)

// File is the name of the lock, at the site's root.
const File = "sopan.lock"

// version is that of the file's form.
const version = 1

// Lock is a release: course key -> item key -> item.
type Lock struct {
	V       int                         `json:"v"`
	Courses map[string]map[string]*Item `json:"courses"`
}

// Item is a lesson, quiz or case, or the introduction of a module or course
// that holds practice questions.
type Item struct {
	Type      string               `json:"type"` // "lesson", "quiz", "case", "module", "course"
	Questions map[string]*Question `json:"questions,omitempty"`

	at place
}

// Question is a question of a quiz, or of a practice block in any language.
type Question struct {
	Kind    string   `json:"kind"`
	Ask     string   `json:"ask"`
	Key     string   `json:"key,omitempty"`
	Choices []string `json:"choices,omitempty"`

	at place
}

// place is where a thing stands: in a source of the site, or in the lock.
type place struct {
	file       string
	start, end int // offsets in the file's text; 0, 0 is the file as a whole
}

// name goes from the end of a key in the lock to the whole key.
func (p place) name(t source.Text) place {
	p.start = bytes.LastIndexByte(t.Bytes[:p.end], '\n') + 1
	for p.start < p.end && t.Bytes[p.start] == ' ' {
		p.start++
	}
	return p
}

// Of makes the lock of a site. The error is that of a text that cannot be read
// again.
func Of(site *course.Site) (*Lock, error) {
	l := &Lock{V: version, Courses: map[string]map[string]*Item{}}
	for _, c := range site.Courses {
		items := map[string]*Item{}
		l.Courses[c.Key] = items
		introduction := func(key, typ string, p *course.Place) error {
			i := &Item{Type: typ}
			err := i.add(site, p.Versions)
			if len(i.Questions) > 0 {
				items[key] = i
			}
			return err
		}
		if err := introduction("index", "course", &c.Place); err != nil {
			return nil, err
		}
		for _, m := range c.Modules {
			if m.Slug != "" {
				if err := introduction(m.Key, "module", &m.Place); err != nil {
					return nil, err
				}
			}
			for _, it := range m.Items {
				i := &Item{Type: string(it.Type)}
				if err := i.add(site, it.Versions); err != nil {
					return nil, err
				}
				items[it.Key] = i
			}
		}
	}
	return l, nil
}

// add takes the questions of all languages. A translated quiz has those of its
// source; a translated lesson has its own, with ids of their own where its
// author wrote none.
func (i *Item) add(site *course.Site, versions course.Versions) error {
	for _, lang := range site.Settings.Languages {
		v := versions.In(lang)
		if v == nil {
			continue
		}
		if i.at.file == "" {
			i.at.file = v.File
		}
		asked, err := site.Questions(v)
		if err != nil {
			return err
		}
		for _, b := range asked.All() {
			for n := range b.Questions {
				q := &b.Questions[n]
				if i.Questions == nil {
					i.Questions = map[string]*Question{}
				}
				if _, there := i.Questions[q.ID]; !there {
					p := q.Print()
					i.Questions[q.ID] = &Question{p.Kind, p.Ask, p.Key, p.Choices, place{q.File, q.Start, q.Start + firstKey(q)}}
				}
			}
		}
	}
	return nil
}

// firstKey is how much of a question a diagnostic underlines.
func firstKey(q *quiz.Question) int { return min(q.End-q.Start, 3) }

// Has tells whether a question was released.
func (l *Lock) Has(course, item, id string) bool {
	if l == nil {
		return false
	}
	i := l.Courses[course][item]
	return i != nil && i.Questions[id] != nil
}

// Bytes writes the lock: sorted, a line for each item and question.
func (l *Lock) Bytes() []byte {
	var b bytes.Buffer
	quote := func(s string) string {
		q, err := jsontext.AppendQuote(nil, s)
		if err != nil {
			panic("release: a key that is no text: " + err.Error()) // texts are UTF-8 since source.Read
		}
		return string(q)
	}
	line := func(v any) string {
		out, err := json.Marshal(v, json.Deterministic(true), jsontext.SpaceAfterComma(true), jsontext.SpaceAfterColon(true))
		if err != nil {
			panic("release: " + err.Error()) // strings and lists of them
		}
		return string(out)
	}
	comma := func(i, n int) string {
		if i+1 < n {
			return ","
		}
		return ""
	}
	fmt.Fprintf(&b, "{\n  \"v\": %d,\n  \"courses\": {", l.V)
	courses := slices.Sorted(maps.Keys(l.Courses))
	for ci, ck := range courses {
		fmt.Fprintf(&b, "\n    %s: {", quote(ck))
		items := slices.Sorted(maps.Keys(l.Courses[ck]))
		for ii, ik := range items {
			i := l.Courses[ck][ik]
			fmt.Fprintf(&b, "\n      %s: {\"type\": %s", quote(ik), quote(i.Type))
			if ids := slices.Sorted(maps.Keys(i.Questions)); len(ids) > 0 {
				b.WriteString(", \"questions\": {")
				for qi, id := range ids {
					fmt.Fprintf(&b, "\n        %s: %s%s", quote(id), line(i.Questions[id]), comma(qi, len(ids)))
				}
				b.WriteString("\n      }")
			}
			fmt.Fprintf(&b, "}%s", comma(ii, len(items)))
		}
		fmt.Fprintf(&b, "\n    }%s", comma(ci, len(courses)))
	}
	b.WriteString("\n  }\n}\n")
	return b.Bytes()
}

// UnmarshalJSONFrom remembers where the item stands.
func (i *Item) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	type plain Item
	at := int(d.InputOffset())
	err := json.UnmarshalDecode(d, (*plain)(i))
	i.at = place{File, at, at}
	return err
}

// UnmarshalJSONFrom remembers where the question stands.
func (q *Question) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	type plain Question
	at := int(d.InputOffset())
	err := json.UnmarshalDecode(d, (*plain)(q))
	q.at = place{File, at, at}
	return err
}

// Read reads a lock. One that cannot be read is a diagnostic and a nil lock.
func Read(t source.Text) (*Lock, diag.List) {
	l := &Lock{}
	err := json.Unmarshal(t.Bytes, l, json.RejectUnknownMembers(true))
	at := 0
	why := ""
	var syntax *jsontext.SyntacticError
	var meaning *json.SemanticError
	switch {
	case err == nil && l.V == version:
		for _, items := range l.Courses {
			for _, i := range items {
				if i == nil {
					why = "An item in it is empty."
					continue
				}
				i.at = i.at.name(t)
				for _, q := range i.Questions {
					if q == nil {
						why = "A question in it is empty."
						continue
					}
					q.at = q.at.name(t)
				}
			}
		}
		if why == "" {
			return l, nil
		}
	case err == nil && l.V > version:
		why = "A later version of Sopan wrote it."
	case err == nil:
		why = "It does not say which version it is of."
	case errors.As(err, &syntax):
		at, why = int(syntax.ByteOffset), "Its text is broken here."
	case errors.As(err, &meaning):
		at, why = int(meaning.ByteOffset), "Here stands what does not belong into it."
	default:
		why = "Its text is broken."
	}
	start, end := t.Span(min(at, len(t.Bytes)), min(at+1, len(t.Bytes)))
	return nil, diag.List{{
		Start: start, End: end, Code: "lock/broken",
		Message: "`" + File + "`, which tells what was released, cannot be read. " + why,
		Hint:    "Take it back from version control: `sopan build --release` writes it, and nobody else should. Without any older copy delete it; the next release then compares with nothing.",
	}}
}
