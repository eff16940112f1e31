package quiz

import (
	"encoding/json"
	"fmt"
	"html/template"
	"slices"
	"strings"

	"sopan.dev/sopan/internal/diag"
)

// choice is a question with choices, one of them right (`right: 30 days`) or
// several (`right: [a, b]`).
type choice struct{}

func (choice) name() string        { return "choice" }
func (choice) words() []string     { return []string{"right"} }
func (choice) keys() []string      { return []string{"wrong", "options"} }
func (choice) claims(*fields) bool { return true }

// option is one choice on offer.
type option struct {
	id       string
	text     Prose
	feedback Prose
	right    bool
}

type choiceAnswer struct {
	several bool
	fixed   bool // the author's order stays
	options []option
	rights  int // how many of the options are right
}

func (choice) read(f *fields) answer {
	right, wrong := f.get("right"), f.get("wrong")
	a := choiceAnswer{several: right != nil && (right.Kind == list || right.Kind == pairs && len(right.Content) > 2)}
	if right == nil || isEmpty(right) || right.Kind == list && len(right.Content) == 0 {
		f.say(diag.Error, "quiz/nothing-right", f.node.Start, f.headEnd(), f.here()+" has no right answer.", "Add `right:` with the correct choice.")
		if right == nil && wrong == nil && !f.has("options") {
			return nil
		}
	}
	if f.has("options") {
		a.fixed = true
		if wrong != nil {
			f.refuse(f.entry("wrong").key, "quiz/options-and-wrong", "`options` lists all choices in their order, so `wrong` has no place beside it.", "Take `wrong` away; what `right` does not name is wrong.")
		}
		a.options = f.options(f.room.options.piece(items(f.get("options"))), "options", f.get("options"))
		f.markRight(a.options, right)
	} else {
		if right != nil && !isEmpty(right) {
			a.options = f.options(f.room.options.piece(items(right)+items(wrong)), "right", right)
		}
		for i := range a.options {
			a.options[i].right = true
		}
		if wrong != nil && !isEmpty(wrong) {
			a.options = f.options(a.options, "wrong", wrong)
		}
	}
	a.options = f.distinct(a.options)
	for _, o := range a.options {
		if o.right {
			a.rights++
		}
	}
	if a.rights > 0 && a.rights == len(a.options) {
		hint := "Add `wrong:` with at least one choice."
		if len(a.options) == 1 && slices.Contains([]string{"yes", "no", "सही", "गलत", "t", "f", "on", "off"}, Normalise(a.options[0].text.Text)) {
			hint = "For a true-or-false question write `right: true` or `right: false`. Otherwise add `wrong:` with at least one choice."
		}
		f.say(diag.Error, "quiz/nothing-wrong", f.node.Start, f.headEnd(), f.here()+" has no wrong answer to choose.", hint)
	}
	if len(a.options) == 0 {
		return nil
	}
	return a
}

// items is how many texts a list holds; another node counts as one.
func items(n *node) int {
	if n == nil || n.Kind != list {
		return 1
	}
	return len(n.Content)
}

// options reads choices, a text, a list of texts, or texts with feedback, and
// puts them behind those that are there.
func (f *fields) options(out []option, key string, n *node) []option {
	if n.Kind != list {
		return f.option(out, n)
	}
	if len(n.Content) == 0 && key != "right" {
		f.refuse(n, "quiz/empty-value", "The list of `"+key+"` is empty.", "Write the choices, each beginning with a dash.")
	}
	for _, item := range n.Content {
		out = f.option(out, item)
	}
	return out
}

// option reads a choice, or several with their feedback.
func (f *fields) option(out []option, n *node) []option {
	if n.Kind != pairs {
		if text, ok := f.asText(n, "a choice"); ok {
			out = append(out, newOption(Prose{Text: text, Start: n.Start, End: n.End}, Prose{}))
		}
		return out
	}
	for e := range entries(n) {
		k, v := e.key, e.value
		text, ok := f.asText(k, "a choice")
		if !ok {
			continue
		}
		var feedback Prose
		if isEmpty(v) {
			f.refuse(k, "quiz/empty-feedback", "After `"+text+":` stands no feedback.", "Write the feedback after the colon, take the colon away, or write `"+quoteYAML(text+":")+"` if it belongs to the choice.")
		} else if s, ok := f.asText(v, "the feedback"); ok {
			feedback = Prose{Text: s, Start: v.Start, End: v.End, Block: strings.Contains(s, "\n")}
		}
		out = append(out, newOption(Prose{Text: text, Start: k.Start, End: k.End}, feedback))
	}
	return out
}

func newOption(text, feedback Prose) option {
	return option{id: textID(text.Text), text: text, feedback: feedback}
}

// markRight marks those of the options that `right` repeats, letter for letter.
func (f *fields) markRight(options []option, right *node) {
	if right == nil || isEmpty(right) {
		return
	}
	var texts []string
	for _, o := range options {
		texts = append(texts, o.text.Text)
	}
	for _, r := range f.options(nil, "right", right) {
		i := slices.Index(texts, r.text.Text)
		if i < 0 {
			hint := diag.DidYouMean(r.text.Text, texts)
			if hint == "" {
				hint = "Repeat one of the options letter for letter: " + words(texts, "or") + "."
			}
			f.say(diag.Error, "quiz/right-not-in-options", r.text.Start, r.text.End, "`"+r.text.Text+"` is none of the options.", hint)
			continue
		}
		if options[i].right {
			f.say(diag.Error, "quiz/same-text-twice", r.text.Start, r.text.End, "`"+r.text.Text+"` stands twice under `right`.", "Take one away.")
		}
		options[i].right = true
		if r.feedback.Text != "" {
			options[i].feedback = r.feedback
		}
	}
}

// distinct refuses choices that a learner could not tell apart, and keeps the
// first of them, in the same slice.
func (f *fields) distinct(options []option) []option {
	out := options[:0]
	for _, o := range options {
		if o.id == noText {
			f.say(diag.Error, "quiz/empty-value", o.text.Start, o.text.End, "This choice has no letters.", "Write the choice.")
			continue
		}
		i := slices.IndexFunc(out, func(p option) bool { return p.id == o.id })
		if i < 0 {
			out = append(out, o)
			continue
		}
		code, message, hint := "quiz/same-text-twice", "`"+o.text.Text+"` stands twice among the choices.", "Take one away."
		switch {
		case out[i].text.Text != o.text.Text:
			code = "quiz/texts-equal"
			message = "`" + o.text.Text + "` and `" + out[i].text.Text + "` are the same choice: only case, spaces, digits or quotation marks differ."
			hint = "Say more clearly how they differ, or take one away."
		case out[i].right != o.right:
			message = "`" + o.text.Text + "` is both right and wrong."
			hint = "Take it out of one of the two lists."
		}
		d := f.say(diag.Error, code, o.text.Start, o.text.End, message, hint)
		d.Related = []diag.Related{{Pos: f.place(out[i].text.Start), Message: "the first one"}}
	}
	return out
}

func (a choiceAnswer) summary() string {
	if a.several {
		return fmt.Sprintf("choose all that apply of %d", len(a.options))
	}
	return fmt.Sprintf("choose one of %d", len(a.options))
}

func (choiceAnswer) standing() standing { return counts }

func (a choiceAnswer) scheme(m marks) (scheme, bool) {
	switch {
	case a.several:
		return scheme{Rule: m.rule}, m.rule != own
	case m.fair:
		return scheme{Penalty: 1 / float64(max(1, len(a.options)-1))}, true
	}
	return scheme{Penalty: m.minus}, m.minus > 0
}

func (a choiceAnswer) prose(out []Prose) []Prose {
	for _, o := range a.options {
		out = append(out, o.text)
		if o.feedback.Text != "" {
			out = append(out, o.feedback)
		}
	}
	return out
}

func (a choiceAnswer) feedback() []Feedback {
	var out []Feedback
	for _, o := range a.options {
		if o.feedback.Text != "" {
			out = append(out, Feedback{o.id, o.feedback})
		}
	}
	return out
}

type choiceData struct {
	Several bool        `json:"several,omitempty"`
	Fixed   bool        `json:"fixed,omitempty"`
	Choices []Component `json:"choices"`
	Right   []string    `json:"right"`
}

func (a choiceAnswer) data(d dress) any {
	data := choiceData{Several: a.several, Fixed: a.fixed, Choices: d.parts.piece(len(a.options)), Right: d.ids.piece(a.rights)}
	for _, o := range a.options {
		data.Choices = append(data.Choices, Component{o.id, d.plain(o.text)})
		if o.right {
			data.Right = append(data.Right, o.id)
		}
	}
	return data
}

// ChoiceView is one choice in choice.html.
type ChoiceView struct {
	ID   string
	Text template.HTML
}

type choiceView struct {
	Name    string // of the inputs
	Type    string // "radio", "checkbox"
	Choices []ChoiceView
}

func (a choiceAnswer) view(p painter) (any, string) {
	v, how := choiceView{Name: p.name, Type: "radio", Choices: p.choices.piece(len(a.options))}, "quiz-choice-one"
	if a.several {
		v.Type, how = "checkbox", "quiz-choice-several"
	}
	for _, o := range a.options {
		v.Choices = append(v.Choices, ChoiceView{o.id, p.prose(o.text)})
	}
	if !a.fixed {
		// Written as they are, the right ones would stand first, and a page
		// without script cannot shuffle. By id is an order that tells nothing.
		slices.SortFunc(v.Choices, func(x, y ChoiceView) int { return strings.Compare(x.ID, y.ID) })
	}
	return v, p.word(how)
}

// picked reads a response: the ids of the choices that were ticked.
func (a choiceAnswer) picked(response json.RawMessage) ([]string, bool) {
	var ids []string
	if json.Unmarshal(response, &ids) != nil || len(ids) == 0 || !a.several && len(ids) > 1 {
		return nil, false
	}
	for i, id := range ids {
		known := slices.ContainsFunc(a.options, func(o option) bool { return o.id == id })
		if !known || slices.Contains(ids[:i], id) {
			return nil, false
		}
	}
	return ids, true
}

func (a choiceAnswer) mark(s scheme, response json.RawMessage) (share float64, marked, ok bool) {
	ids, ok := a.picked(response)
	if !ok {
		return 0, true, false
	}
	var right, wrong float64 // of those ticked
	for _, o := range a.options {
		switch {
		case !slices.Contains(ids, o.id):
		case o.right:
			right++
		default:
			wrong++
		}
	}
	rights, wrongs := float64(max(1, a.rights)), float64(max(1, len(a.options)-a.rights)) // 1 in a quiz with errors only
	part := max(0, right/rights-wrong/wrongs)
	if s.Rule == each {
		part = (right + wrongs - wrong) / (rights + wrongs)
	}
	return s.share(part), true, true
}

func (a choiceAnswer) interaction(d dress) Interaction {
	var right []string
	in := Interaction{InteractionType: "choice"}
	for _, o := range a.options {
		in.Choices = append(in.Choices, Component{o.id, d.plain(o.text)})
		if o.right {
			right = append(right, o.id)
		}
	}
	in.CorrectResponsesPattern = []string{strings.Join(right, "[,]")}
	return in
}

func (a choiceAnswer) respond(response json.RawMessage) (string, bool) {
	ids, ok := a.picked(response)
	if !ok {
		return "", false
	}
	var ordered []string // as the pattern has them
	for _, o := range a.options {
		if slices.Contains(ids, o.id) {
			ordered = append(ordered, o.id)
		}
	}
	return strings.Join(ordered, "[,]"), true
}

func (a choiceAnswer) translatable() []string { return []string{"right", "wrong", "options"} }

func (a choiceAnswer) translate(f *fields) answer {
	a.options = slices.Clone(a.options)
	lay := func(key string, mine func(option) bool) {
		var at []int
		for i, o := range a.options {
			if mine(o) {
				at = append(at, i)
			}
		}
		var texts []option
		if n := f.get(key); n != nil && !isEmpty(n) {
			texts = f.options(nil, key, n)
			if len(texts) != len(at) {
				f.refuse(n, "quiz/translation-count", fmt.Sprintf("`%s` has %d texts here and %d in the source.", key, len(texts), len(at)), "Translate each choice, in the order of the source.")
				texts = nil
			}
		} else {
			f.untranslated(key)
		}
		for j, i := range at {
			o := &a.options[i]
			if texts == nil {
				o.text.Fallback, o.feedback.Fallback = true, true
				continue
			}
			o.text = texts[j].text
			switch feedback := texts[j].feedback; {
			case feedback.Text != "" && o.feedback.Text == "":
				f.say(diag.Error, "quiz/translation-more", feedback.Start, feedback.End, "This choice has feedback here and none in the source.", "Add it to the source, or take it away here.")
			case feedback.Text != "":
				o.feedback = feedback
			case o.feedback.Text != "":
				o.feedback.Fallback = true
				f.say(diag.Note, "quiz/translation-missing", texts[j].text.Start, texts[j].text.End, "The feedback for this choice is not translated; learners see that of the source.", "Write it after the choice and a colon.")
			}
		}
	}
	if a.fixed {
		lay("options", func(option) bool { return true })
	} else {
		lay("right", func(o option) bool { return o.right })
		lay("wrong", func(o option) bool { return !o.right })
	}
	var texts []option // a translation can make two choices one
	for _, o := range a.options {
		if !o.text.Fallback {
			texts = append(texts, newOption(o.text, Prose{}))
		}
	}
	f.distinct(texts)
	return a
}
