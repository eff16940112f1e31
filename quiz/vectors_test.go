package quiz

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"sopan.dev/sopan/builder/source"
)

// A vector file holds questions (NAME.yaml) and what responses to them earn
// (NAME.marks): a line is `RESPONSE => SHARE`, `=> skipped`, `=> refused` or
// `=> unmarked`. A string of a response that is the text of a choice, a step or
// an end of a pair stands for its id. Before a response may stand `try 3:`.
type vector struct {
	name     string // "one: [\"30 days\"]"
	question *Question
	response json.RawMessage
	earlier  int // tries that went before
	want     string
}

func vectors(t *testing.T, kind string) []vector {
	t.Helper()
	questions := map[string]*Question{}
	var out []vector
	for _, f := range archive(t, "testdata/"+kind+".txtar") {
		name, isYAML := strings.CutSuffix(f.Name, ".yaml")
		if isYAML {
			questions[name] = oneQuestion(t, f.Name, f.Data)
			if got := questions[name].Kind; got != kind {
				t.Fatalf("%s of %s.txtar is of the kind %s", f.Name, kind, got)
			}
			continue
		}
		name = strings.TrimSuffix(f.Name, ".marks")
		q := questions[name]
		if q == nil {
			t.Fatalf("%s.txtar: no question before %s", kind, f.Name)
		}
		for line := range strings.Lines(string(f.Data)) {
			response, want, ok := strings.Cut(strings.TrimSpace(line), " => ")
			if !ok {
				t.Fatalf("%s.txtar: %s: not a vector: %s", kind, f.Name, line)
			}
			bare, earlier := response, 0
			if try, rest, ok := strings.Cut(response, ": "); ok && strings.HasPrefix(try, "try ") {
				n, err := strconv.Atoi(strings.TrimPrefix(try, "try "))
				if err != nil {
					t.Fatalf("%s.txtar: %s: %s", kind, f.Name, line)
				}
				bare, earlier = rest, n-1
			}
			out = append(out, vector{name + ": " + response, q, withIDs(t, q, bare), earlier, want})
		}
	}
	return out
}

func oneQuestion(t *testing.T, name string, yaml []byte) *Question {
	t.Helper()
	questions, finds := ReadBlock(source.NewText(name, yaml), 0, len(yaml))
	if finds.HasErrors() || len(questions) != 1 {
		t.Fatalf("%s: %d questions, %v", name, len(questions), finds)
	}
	return &questions[0]
}

// withIDs puts ids in the place of the texts they belong to.
func withIDs(t *testing.T, q *Question, response string) json.RawMessage {
	t.Helper()
	in := q.Interaction(nil)
	ids := map[string]string{}
	for _, parts := range [][]Component{in.Choices, in.Scale, in.Source, in.Target, in.Steps} {
		for _, c := range parts {
			ids[c.Text] = c.ID
		}
	}
	// Choices of a blank and points of a rubric are no part of the xAPI description.
	if data, ok := q.answer.data(dress{}).(interface{ ids() map[string]string }); ok {
		for k, id := range data.ids() {
			ids[k] = id
		}
	}
	var v any
	if err := json.Unmarshal([]byte(response), &v); err != nil {
		t.Fatalf("response %s: %v", response, err)
	}
	b, err := json.Marshal(substitute(v, ids))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func substitute(v any, ids map[string]string) any {
	switch v := v.(type) {
	case string:
		if id, ok := ids[v]; ok {
			return id
		}
	case []any:
		for i := range v {
			v[i] = substitute(v[i], ids)
		}
	case map[string]any:
		out := map[string]any{}
		for k, w := range v {
			if id, ok := ids[k]; ok {
				k = id
			}
			out[k] = substitute(w, ids)
		}
		return out
	}
	return v
}

// judged is what a response came to, in the words of the vectors.
func judged(q *Question, response json.RawMessage, earlier int) string {
	r, err := q.MarkTry(response, earlier)
	switch {
	case err != nil:
		return "refused"
	case r.Skipped:
		return "skipped"
	case !r.Marked:
		return "unmarked"
	}
	return strconv.FormatFloat(r.Share, 'g', -1, 64)
}

func TestMarksOfEachKind(t *testing.T) {
	for _, kind := range KindNames() {
		t.Run(kind, func(t *testing.T) {
			all := vectors(t, kind)
			if len(all) < 30 {
				t.Errorf("%d vectors; a kind has at least 30", len(all))
			}
			for _, v := range all {
				if got := judged(v.question, v.response, v.earlier); got != v.want {
					t.Errorf("%s: got %s, want %s", v.name, got, v.want)
				}
			}
		})
	}
}

// A kind is four files and a line in the table.
func TestEachKindIsComplete(t *testing.T) {
	claimed := map[string]bool{}
	for _, kind := range KindNames() {
		for _, file := range []string{kind + ".go", kind + ".ts", kind + ".html", "testdata/" + kind + ".txtar"} {
			if _, err := os.Stat(file); err != nil {
				t.Errorf("the kind %s needs the file quiz/%s", kind, file)
			}
		}
		claimed[kind+".html"] = true
	}
	// The other way round: a template that no line of the table names.
	files, err := Templates.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !claimed[f.Name()] && f.Name() != "form.html" {
			t.Errorf("quiz/%s belongs to no kind of the table in kinds.go", f.Name())
		}
	}
}

func TestNormalisedForms(t *testing.T) {
	for _, v := range normalVectors(t) {
		if got := Normalise(v[0]); got != v[1] {
			t.Errorf("Normalise(%+q): got %+q, want %+q", v[0], got, v[1])
		}
		if again := Normalise(v[1]); again != v[1] {
			t.Errorf("Normalise(%+q) is not a fixed point: %+q", v[1], again)
		}
	}
}

// normalVectors gives the pairs of testdata/normalise.txtar.
func normalVectors(t *testing.T) [][2]string {
	t.Helper()
	var out [][2]string
	for _, f := range archive(t, "testdata/normalise.txtar") {
		for line := range strings.Lines(string(f.Data)) {
			d := json.NewDecoder(strings.NewReader(line))
			var v [2]string
			if err := d.Decode(&v[0]); err != nil {
				t.Fatalf("%s: %s: %v", f.Name, line, err)
			}
			if err := d.Decode(&v[1]); err != nil {
				t.Fatalf("%s: %s: %v", f.Name, line, err)
			}
			out = append(out, v)
		}
	}
	return out
}

// ids gives `#1.2` for the second choice of the first blank.
func (d fillData) ids() map[string]string {
	ids := map[string]string{}
	for i, b := range d.Blanks {
		for j, c := range b.Choices {
			ids[fmt.Sprintf("#%d.%d", i+1, j+1)] = c.ID
		}
	}
	return ids
}

// ids gives `#2` for the second criterion of a rubric.
func (d writeData) ids() map[string]string {
	ids := map[string]string{}
	for i, c := range d.Rubric {
		ids[fmt.Sprintf("#%d", i+1)] = c.ID
	}
	return ids
}
