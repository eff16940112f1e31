package quiz

import (
	"encoding/json"
	"fmt"
	"html/template"
	"slices"
	"strconv"
	"strings"
)

// order is a question where steps are put in order (`order: [a, b, c]`). With
// script the learner moves steps of a list up and down; without it each has a
// list of positions. A response gives steps their positions; steps without one,
// and two with the same, are in no order.
type order struct{}

func (order) name() string        { return "order" }
func (order) words() []string     { return []string{"order"} }
func (order) keys() []string      { return nil }
func (order) claims(*fields) bool { return true }

type orderAnswer struct{ steps []end }

func (order) read(f *fields) answer {
	steps := f.ends("order", 3, "has fewer than three steps to order.", "Write the steps in their right order, each beginning with a dash. For two, ask with `right` and `wrong`.")
	if steps == nil {
		return nil
	}
	return orderAnswer{steps}
}

func (a orderAnswer) summary() string                  { return fmt.Sprintf("put %d steps in order", len(a.steps)) }
func (orderAnswer) standing() standing                 { return counts }
func (orderAnswer) scheme(m marks) (s scheme, ok bool) { return scheme{Rule: m.rule}, m.rule == all }
func (a orderAnswer) prose(out []Prose) []Prose        { return appendTexts(out, a.steps) }
func (orderAnswer) feedback() []Feedback               { return nil }

type orderData struct {
	Steps []Component `json:"steps"` // in their right order
}

func (a orderAnswer) data(d dress) any { return orderData{components(d, a.steps)} }

// StepView is a step with the list of positions that it may have.
type StepView struct {
	ID      string
	Control string // id of the select
	Name    string
	Text    template.HTML
	Plain   string // its words, for the names of its buttons
}

type orderView struct {
	Steps     []StepView
	Positions []string
	Choose    string
	Up, Down  string
	Moved     string // what is said after a step was moved
	Describe  string
}

func (a orderAnswer) view(p painter) (any, string) {
	v := orderView{
		Choose: p.word("quiz-choose"), Up: p.word("quiz-up"), Down: p.word("quiz-down"), Moved: p.word("quiz-moved"), Describe: p.described(),
	}
	v.Steps, v.Positions = p.steps.piece(len(a.steps)), p.ids.piece(len(a.steps))
	d := dress{Plain: p.Data.Plain}
	for i, s := range a.steps {
		v.Steps = append(v.Steps, StepView{s.id, p.part(s.id), p.part(s.id), p.prose(s.text), d.plain(s.text)})
		v.Positions = append(v.Positions, strconv.Itoa(i+1))
	}
	slices.SortFunc(v.Steps, func(a, b StepView) int { return strings.Compare(a.ID, b.ID) })
	return v, p.word("quiz-order-how")
}

// placed reads a response: step -> position, 1 to n, of those that have one.
func (a orderAnswer) placed(response json.RawMessage) (map[string]int, bool) {
	var said map[string]*int
	if len(response) == 0 || response[0] != '{' || json.Unmarshal(response, &said) != nil || len(said) == 0 {
		return nil, false
	}
	out := map[string]int{}
	for id, at := range said {
		if find(a.steps, id) < 0 || at == nil || *at < 1 || *at > len(a.steps) {
			return nil, false
		}
		out[id] = *at
	}
	return out, true
}

// mark is max(0, Kendall's tau): of all pairs, the share P that stands in the
// right order, as 2P − 1.
func (a orderAnswer) mark(s scheme, response json.RawMessage) (share float64, marked, ok bool) {
	at, ok := a.placed(response)
	if !ok {
		return 0, true, false
	}
	right, pairs := 0, 0
	for i := range a.steps {
		for j := i + 1; j < len(a.steps); j++ {
			pairs++
			x, y := at[a.steps[i].id], at[a.steps[j].id]
			if x > 0 && x < y {
				right++
			}
		}
	}
	return s.share(max(0, float64(2*right-pairs)/float64(pairs))), true, true
}

func (a orderAnswer) interaction(d dress) Interaction {
	var ids []string
	for _, s := range a.steps {
		ids = append(ids, s.id)
	}
	return Interaction{InteractionType: "sequencing", Choices: components(d, a.steps), CorrectResponsesPattern: []string{strings.Join(ids, "[,]")}}
}

func (a orderAnswer) respond(response json.RawMessage) (string, bool) {
	at, ok := a.placed(response)
	if !ok {
		return "", false
	}
	var ids []string
	for _, s := range a.steps {
		if at[s.id] > 0 {
			ids = append(ids, s.id)
		}
	}
	slices.SortStableFunc(ids, func(x, y string) int { return at[x] - at[y] })
	return strings.Join(ids, "[,]"), true
}

func (orderAnswer) translatable() []string { return []string{"order"} }

func (a orderAnswer) translate(f *fields) answer {
	return orderAnswer{f.translateEnds("order", a.steps)}
}
