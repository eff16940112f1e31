package page

import (
	"bytes"
	"encoding/json"
	"maps"
	"path"
	"slices"

	"sopan.dev/sopan/builder/bundle"
	"sopan.dev/sopan/builder/course"
	"sopan.dev/sopan/quiz"
)

// This file is the Go side of KnownData in runtime/recorder/pack.ts: every id
// that the notebook of a learner may hold in a course, of all its languages.
// An LMS of SCORM keeps few characters, so that a notebook is packed by hashes
// of these ids. It stands beside the course's own script, and only a package's
// shell asks for it.

type knownIDs struct {
	V     int               `json:"v"`
	Items map[string]rowIDs `json:"items"`
}

func (p *planner) known(b *bytes.Buffer, c *course.Course) error {
	lent := p.site.Lend()
	defer lent.GiveBack()
	data := knownIDs{V: 1, Items: map[string]rowIDs{}}
	places := rowIDs{}
	for _, lang := range p.site.Settings.Languages {
		for _, place := range append([]*course.Place{&c.Place}, modulePlaces(c)...) {
			v := place.Versions.In(lang)
			if v == nil {
				continue
			}
			asked, err := lent.Questions(v)
			if err != nil {
				return err
			}
			for _, block := range asked.Practice {
				key, _ := practiceOf(p.site, v, block)
				p.knownQuiz(places, key, block)
			}
		}
	}
	data.Items[""] = places // pages that nobody finishes
	for _, i := range c.Items() {
		rows := rowIDs{}
		rows.add("item " + i.Key)
		for _, lang := range p.site.Settings.Languages {
			v := i.Versions.In(lang)
			if v == nil {
				continue
			}
			if v.Graph != nil {
				rows.add("ways " + i.Key)
				for _, s := range v.Graph.Scenes {
					rows.add("ways "+i.Key, s.ID)
					for _, exit := range s.Exits {
						rows.add("ways "+i.Key, exit.ID)
					}
				}
			}
			asked, err := lent.Questions(v)
			if err != nil {
				return err
			}
			if asked.Quiz != nil {
				p.knownQuiz(rows, i.Key, asked.Quiz)
			}
			for _, block := range asked.Practice {
				key, _ := practiceOf(p.site, v, block)
				p.knownQuiz(rows, key, block)
			}
		}
		data.Items[i.Key] = rows
	}
	b.WriteString("sopanKnown=")
	return json.NewEncoder(b).Encode(data)
}

func modulePlaces(c *course.Course) []*course.Place {
	var out []*course.Place
	for _, m := range c.Modules {
		out = append(out, &m.Place)
	}
	return out
}

// rowIDs are the ends of rows' keys, and the ids that each row may name.
type rowIDs map[string][]string

func (r rowIDs) add(key string, ids ...string) {
	if r[key] == nil {
		r[key] = []string{}
	}
	for _, id := range ids {
		if id != "" && !slices.Contains(r[key], id) {
			r[key] = append(r[key], id)
		}
	}
}

// knownQuiz reads the ids out of what the page gets, so that a new kind of
// question needs nothing here.
func (p *planner) knownQuiz(rows rowIDs, key string, q *quiz.Quiz) {
	data := quiz.Data(q, quiz.DataOptions{
		Plain:      func(quiz.Prose) string { return "" },
		Competency: func(c quiz.Competency) string { return p.site.CompetencyTag(c.Name, c.Level) },
		Name:       func(string) string { return "" },
		Case:       func(quiz.Ref) quiz.CaseTarget { return quiz.CaseTarget{} },
	})
	rows.add("clock " + key)
	rows.add("attempts "+key, q.AskedOf...)
	rows.add("attempts "+key, slices.Sorted(maps.Keys(data.Names))...)
	var shape struct{ Questions []any }
	if err := json.Unmarshal(data.JSON(), &shape); err != nil {
		panic("page: the data of a quiz is no JSON: " + err.Error()) // we wrote it
	}
	for n, one := range data.Questions {
		rows.add("attempts "+key, one.ID)
		row := "answer " + key + " " + one.ID
		rows.add(row)
		for _, id := range idsIn(shape.Questions[n]) {
			if id != one.ID {
				rows.add(row, id)
			}
		}
	}
}

// idsIn lists every "id" in a value, whatever it is of.
func idsIn(value any) []string {
	var out []string
	switch v := value.(type) {
	case []any:
		for _, one := range v {
			out = append(out, idsIn(one)...)
		}
	case map[string]any:
		if id, ok := v["id"].(string); ok {
			out = append(out, id)
		}
		for _, key := range slices.Sorted(maps.Keys(v)) {
			out = append(out, idsIn(v[key])...)
		}
	}
	return out
}

// knownAddress is where a course's list of ids stands, beside its script.
func knownAddress(c *course.Course) string {
	return path.Join(bundle.Folder, "course", c.Slug+".known.js")
}

// packs tells that a package's shell packs notebooks.
func packs(profile string) bool { return profile == "scorm12" || profile == "scorm2004" }
