package quiz

import (
	"encoding/json"
	"fmt"
	"html/template"
	"math"
	"regexp"
	"strconv"
	"sync"

	"sopan.dev/sopan/internal/diag"
)

// write is a free text (`write: 150 words`). With a `rubric` the learner gives
// the marks, after comparing with the `model`: they are self-assessed and
// outside the pass mark. The text stays in the page.
type write struct{}

func (write) name() string        { return "write" }
func (write) words() []string     { return []string{"write"} }
func (write) keys() []string      { return []string{"model", "rubric"} }
func (write) claims(*fields) bool { return true }

type writeAnswer struct {
	words  int // about how many are asked for; 0 when not said
	model  Prose
	rubric []end
	points []int // points[i] can be had for rubric[i]
}

var wordCount = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(\d{1,5}) words?$`) })

func (write) read(f *fields) answer {
	if !f.has("write") {
		f.say(diag.Error, "quiz/no-answer-word", f.node.Start, f.headEnd(), f.here()+" does not say what the answer is.", "Add `write: 150 words`.")
		return nil
	}
	a := writeAnswer{model: f.prose("model")}
	if text, n := f.text("write"); n != nil {
		if m := wordCount().FindStringSubmatch(Normalise(text)); m != nil {
			a.words, _ = strconv.Atoi(m[1])
		}
		if a.words == 0 {
			f.refuse(n, "quiz/write", "`write` says about how many words are asked for, and `"+text+"` does not.", "Write `write: 150 words`.")
		}
	}
	if !f.has("rubric") {
		return a
	}
	criteria, points, ok := f.entries("rubric", "Write `rubric: {Names the exact clause: 2, Gives reasons: 1}`.")
	if !ok {
		return a
	}
	for i, c := range criteria {
		text, ok := f.asText(points[i], "the points")
		if !ok {
			continue
		}
		v, isNumber := ParseNumber(text)
		if !isNumber || v != math.Trunc(v) || v < 1 || v > 20 {
			f.refuse(points[i], "quiz/points", "`"+text+"` is no number of points.", "Write a whole number from 1 to 20.")
			continue
		}
		e := end{textID(c.Text), c}
		if find(a.rubric, e.id) >= 0 {
			f.say(diag.Error, "quiz/same-text-twice", c.Start, c.End, "`"+c.Text+"` stands twice in `rubric`.", "Take one away.")
			continue
		}
		a.rubric, a.points = append(a.rubric, e), append(a.points, int(v))
	}
	return a
}

func (a writeAnswer) summary() string           { return fmt.Sprintf("write about %d words", a.words) }
func (writeAnswer) scheme(marks) (scheme, bool) { return scheme{}, false }
func (writeAnswer) feedback() []Feedback        { return nil }

func (a writeAnswer) standing() standing {
	if len(a.rubric) == 0 {
		return unmarked
	}
	return selfAssessed
}

func (a writeAnswer) prose(out []Prose) []Prose {
	out = appendTexts(out, a.rubric)
	if a.model.Text != "" {
		out = append(out, a.model)
	}
	return out
}

type writeData struct {
	Rubric []criterion `json:"rubric,omitempty"`
}

type criterion struct {
	ID     string `json:"id"`
	Points int    `json:"points"`
}

func (a writeAnswer) data(dress) any {
	var d writeData
	for i, e := range a.rubric {
		d.Rubric = append(d.Rubric, criterion{e.id, a.points[i]})
	}
	return d
}

// CriterionView is a point of a rubric with the marks that it can have.
type CriterionView struct {
	ID      string
	Control string // id of the select
	Name    string
	Text    template.HTML
	Points  []int // 0 to the most
}

type writeView struct {
	inputView
	Rows   int
	Count  string        // how many words there are
	Show   string        // the button that shows what follows; "" when nothing does
	First  string        // what is said when it is pressed before anything was written
	Title  string        // of the model
	Model  template.HTML // stands in a template: nobody reads it by the way
	Legend string        // of the rubric
	Rubric []CriterionView
	Choose string
}

func (a writeAnswer) view(p painter) (any, string) {
	v := writeView{
		inputView: p.input(), Rows: min(20, max(4, a.words/12)), Count: p.word("quiz-count"), First: p.word("quiz-write-first"), Choose: p.word("quiz-choose"),
	}
	if len(a.rubric) > 0 {
		v.Show, v.Legend = p.word("quiz-rubric-show"), p.word("quiz-rubric")
	}
	if a.model.Text != "" {
		v.Show, v.Title, v.Model = p.word("quiz-model-show"), p.word("quiz-model"), p.text(a.model, true)
	}
	for i, e := range a.rubric {
		c := CriterionView{ID: e.id, Control: p.part(e.id), Name: p.part(e.id), Text: p.prose(e.text)}
		for n := range a.points[i] + 1 {
			c.Points = append(c.Points, n)
		}
		v.Rubric = append(v.Rubric, c)
	}
	if a.words == 0 { // in a quiz with errors only
		return v, p.word("quiz-write-how")
	}
	return v, fill(p.word("quiz-write-words"), "n", strconv.Itoa(a.words))
}

// written reads a response: {"text": …, "points": {criterion: marks}}. The
// points may be missing, the text may not.
func (a writeAnswer) written(response json.RawMessage) (text string, points map[string]float64, ok bool) {
	// A map, since encoding/json takes {"TEXT": …} for the field text.
	var parts map[string]json.RawMessage
	if len(response) == 0 || response[0] != '{' || json.Unmarshal(response, &parts) != nil {
		return "", nil, false
	}
	if text, ok = typed(parts["text"]); !ok {
		return "", nil, false
	}
	points = map[string]float64{}
	if p := parts["points"]; len(p) > 0 && string(p) != "null" {
		var given map[string]*float64
		if p[0] != '{' || json.Unmarshal(p, &given) != nil {
			return "", nil, false
		}
		for id, v := range given {
			i := find(a.rubric, id)
			if i < 0 || v == nil || *v != math.Trunc(*v) || *v < 0 || *v > float64(a.points[i]) {
				return "", nil, false
			}
			points[id] = *v
		}
	}
	return text, points, true
}

func (a writeAnswer) mark(s scheme, response json.RawMessage) (share float64, marked, ok bool) {
	_, points, ok := a.written(response)
	if !ok || len(points) == 0 {
		return 0, false, ok
	}
	var got, most float64
	for i, e := range a.rubric {
		got += points[e.id]
		most += float64(a.points[i])
	}
	return s.share(got / most), true, true
}

func (writeAnswer) interaction(dress) Interaction {
	return Interaction{InteractionType: "long-fill-in"}
}

// respond leaves the text out: what a learner wrote stays with the learner.
func (a writeAnswer) respond(response json.RawMessage) (string, bool) {
	_, _, ok := a.written(response)
	return "", ok
}

func (writeAnswer) translatable() []string { return []string{"model", "rubric"} }

// translate takes the rubric as a list of texts: the points are the source's.
func (a writeAnswer) translate(f *fields) answer {
	switch model := f.prose("model"); {
	case model.Text != "" && a.model.Text == "":
		f.say(diag.Error, "quiz/translation-more", model.Start, model.End, "The source has no `model` here.", "Add it to the source, or take it away here.")
	case model.Text != "":
		a.model = model
	case a.model.Text != "":
		a.model.Fallback = true
		f.untranslated("model")
	}
	if len(a.rubric) > 0 {
		a.rubric = f.translateEnds("rubric", a.rubric)
	}
	return a
}
