package quiz

import (
	"encoding/json"
	"fmt"
	"html/template"
	"slices"
	"strconv"
	"strings"

	"sopan.dev/sopan/internal/diag"
)

// fillIn is a text with blanks: `[[30]]` is typed, `[[30 / thirty]]` takes
// either, and of `[[a | b | c]]`, a drop-down, the first is right.
type fillIn struct{}

func (fillIn) name() string        { return "fill" }
func (fillIn) words() []string     { return []string{"fill"} }
func (fillIn) keys() []string      { return nil }
func (fillIn) claims(*fields) bool { return true }

// blank is one blank. A typed one has texts that are accepted, the first of
// which is shown; a drop-down has choices, the first of which is right.
type blank struct {
	accepted []string
	choices  []end
}

type fillAnswer struct {
	texts  []Prose // what stands before, between and after the blanks: one more than blanks
	blanks []blank
}

const fillHint = "Write each blank as `[[30]]`, `[[30 / thirty]]`, or `[[right | wrong | wrong]]` for a drop-down."

func (fillIn) read(f *fields) answer {
	n := f.get("fill")
	if n.Kind == list { // `fill: [[30]]` is a list in a list to YAML
		meant := string(f.reader.text.Bytes[n.Start:max(n.Start, n.End)])
		f.refuse(n, "quiz/needs-quotes", "A text that begins with a bracket must stand in quotation marks.", "Write `fill: "+quoteYAML(strings.TrimSpace(meant))+"`.")
		return nil
	}
	text, ok := f.asText(n, "`fill`")
	if !ok {
		return nil
	}
	a, ok := f.blanks(n, text)
	if !ok {
		return nil
	}
	return a
}

// blanks takes a text with blanks apart. Places within the text are those of
// the whole where quotation marks or folding have moved its letters.
func (f *fields) blanks(n *node, text string) (a fillAnswer, ok bool) {
	place := func(at int) int { return n.Start }
	if at := strings.Index(string(f.reader.text.Bytes[n.Start:max(n.Start, n.End)]), text); at >= 0 {
		place = func(i int) int { return n.Start + at + i }
	}
	ok = true
	refuse := func(from, to int, code, message, hint string) {
		f.say(diag.Error, code, place(from), place(to), message, hint)
		ok = false
	}
	at := 0
	for {
		open := strings.Index(text[at:], "[[")
		if open < 0 {
			break
		}
		open += at
		length := strings.Index(text[open:], "]]")
		if again := strings.Index(text[open+2:], "[["); length < 0 || again >= 0 && again+2 < length {
			refuse(open, min(open+12, len(text)), "quiz/blank-not-closed", "The blank that begins with `"+firstRunes(text[open:], 12)+"` is not closed.", "End it with `]]`.")
			return a, false
		}
		a.texts = append(a.texts, Prose{Text: text[at:open], Start: place(at), End: place(open)})
		inside := text[open+2 : open+length]
		var b blank
		switch parts := strings.Split(inside, "|"); {
		case len(parts) > 1:
			for _, p := range parts {
				p = strings.TrimSpace(p)
				e := end{textID(p), Prose{Text: p, Start: place(open), End: place(open + length + 2)}}
				if Normalise(p) == "" || find(b.choices, e.id) >= 0 {
					refuse(open, open+length+2, "quiz/blank", "The choices of the blank `[["+inside+"]]` are not all different texts.", fillHint)
					break
				}
				b.choices = append(b.choices, e)
			}
		default:
			for _, p := range strings.Split(inside, " / ") {
				p = strings.TrimSpace(p)
				if Normalise(p) == "" || slices.ContainsFunc(b.accepted, func(o string) bool { return Normalise(o) == Normalise(p) }) {
					refuse(open, open+length+2, "quiz/blank", "The blank `[["+inside+"]]` has nothing in it, or the same twice.", fillHint)
					break
				}
				b.accepted = append(b.accepted, p)
			}
		}
		a.blanks = append(a.blanks, b)
		at = open + length + 2
	}
	a.texts = append(a.texts, Prose{Text: text[at:], Start: place(at), End: place(len(text))})
	if len(a.blanks) == 0 {
		refuse(0, len(text), "quiz/no-blank", f.here()+" has no blank to fill.", fillHint)
	}
	return a, ok
}

func firstRunes(s string, n int) string {
	for i := range s {
		if n--; n < 0 {
			return s[:i]
		}
	}
	return s
}

func (a fillAnswer) summary() string {
	if len(a.blanks) == 1 {
		return "fill 1 blank"
	}
	return fmt.Sprintf("fill %d blanks", len(a.blanks))
}

func (fillAnswer) standing() standing            { return counts }
func (fillAnswer) scheme(m marks) (scheme, bool) { return scheme{Rule: m.rule}, m.rule == all }
func (fillAnswer) feedback() []Feedback          { return nil }

func (a fillAnswer) prose(out []Prose) []Prose {
	for _, p := range a.texts {
		if strings.TrimSpace(p.Text) != "" {
			out = append(out, p)
		}
	}
	return out
}

type fillData struct {
	Blanks  []blankData `json:"blanks"`
	Pattern []string    `json:"pattern,omitempty"` // xAPI's, worked out once
}

type blankData struct {
	Accepted []string    `json:"accepted,omitempty"` // of a typed blank
	Choices  []Component `json:"choices,omitempty"`  // of a drop-down; the first is right
}

func (a fillAnswer) data(d dress) any {
	data := fillData{Pattern: a.pattern()}
	for _, b := range a.blanks {
		bd := blankData{Accepted: b.accepted}
		if len(b.choices) > 0 {
			bd.Choices = components(d, b.choices)
		}
		data.Blanks = append(data.Blanks, bd)
	}
	return data
}

// PieceView is a piece of text, or a blank.
type PieceView struct {
	Text    template.HTML
	Blank   bool
	Control string // id of the input or select
	Name    string
	Label   string
	Choices []Component
}

type fillView struct {
	Pieces   []PieceView
	Choose   string
	Describe string
}

func (a fillAnswer) view(p painter) (any, string) {
	v := fillView{Choose: p.word("quiz-choose"), Describe: p.described()}
	for i, t := range a.texts {
		if body := strings.TrimSpace(t.Text); body != "" {
			// Markdown trims; the spaces around a blank are part of the sentence.
			inner := t
			inner.Text = body
			html := p.foreign(inner, false, "")
			if i == len(a.blanks) { // once a sentence is enough
				html = p.prose(inner)
			}
			if strings.TrimLeft(t.Text, " \n") != t.Text {
				html = " " + html
			}
			if strings.TrimRight(t.Text, " \n") != t.Text {
				html += " "
			}
			v.Pieces = append(v.Pieces, PieceView{Text: html})
		} else if t.Text != "" {
			v.Pieces = append(v.Pieces, PieceView{Text: " "})
		}
		if i == len(a.blanks) {
			break
		}
		n := strconv.Itoa(i + 1)
		piece := PieceView{Blank: true, Control: p.part("in" + n), Name: p.part("in" + n), Label: fill(p.word("quiz-blank"), "n", n)}
		if b := a.blanks[i]; len(b.choices) > 0 {
			piece.Choices = p.options(b.choices)
		}
		v.Pieces = append(v.Pieces, piece)
	}
	return v, p.word("quiz-fill-how")
}

// filled reads a response: one text a blank, "" where nothing was put in; of a
// drop-down the id of the choice.
func (a fillAnswer) filled(response json.RawMessage) ([]string, bool) {
	var said []*string
	if json.Unmarshal(response, &said) != nil || len(said) != len(a.blanks) {
		return nil, false
	}
	out := make([]string, len(said))
	something := false
	for i, s := range said {
		if s == nil || *s != "" && len(a.blanks[i].choices) > 0 && find(a.blanks[i].choices, *s) < 0 {
			return nil, false
		}
		out[i] = *s
		something = something || Normalise(*s) != ""
	}
	return out, something
}

func (b blank) takes(said string) bool {
	if len(b.choices) > 0 {
		return said == b.choices[0].id
	}
	said = Normalise(said)
	return slices.ContainsFunc(b.accepted, func(s string) bool { return Normalise(s) == said })
}

func (a fillAnswer) mark(s scheme, response json.RawMessage) (share float64, marked, ok bool) {
	said, ok := a.filled(response)
	if !ok {
		return 0, true, false
	}
	right := 0
	for i, b := range a.blanks {
		if b.takes(said[i]) {
			right++
		}
	}
	return s.share(float64(right) / float64(len(a.blanks))), true, true
}

// most is how many right responses are written out; with more, the pattern is
// left out, since half a list would call right answers wrong.
const most = 32

func (a fillAnswer) pattern() []string {
	out := []string{""}
	for i, b := range a.blanks {
		accepted := b.accepted
		if len(b.choices) > 0 {
			accepted = []string{b.choices[0].text.Text}
		}
		if len(out)*len(accepted) > most {
			return nil
		}
		var next []string
		for _, head := range out {
			if i > 0 {
				head += "[,]"
			}
			for _, s := range accepted {
				next = append(next, head+undelimited(s))
			}
		}
		out = next
	}
	for i := range out {
		out[i] = "{case_matters=false}{order_matters=true}" + out[i]
	}
	return out
}

func (a fillAnswer) interaction(dress) Interaction {
	return Interaction{InteractionType: "fill-in", CorrectResponsesPattern: a.pattern()}
}

func (a fillAnswer) respond(response json.RawMessage) (string, bool) {
	said, ok := a.filled(response)
	if !ok {
		return "", false
	}
	for i, s := range said {
		if j := find(a.blanks[i].choices, s); j >= 0 {
			s = a.blanks[i].choices[j].text.Text
		}
		said[i] = undelimited(s)
	}
	return strings.Join(said, "[,]"), true
}

func (fillAnswer) translatable() []string { return []string{"fill"} }

// translate takes the translated sentence, with its blanks in the same order.
// What is typed may be in either language; a choice keeps its id.
func (a fillAnswer) translate(f *fields) answer {
	fallback := a
	fallback.texts = slices.Clone(a.texts)
	for i := range fallback.texts {
		fallback.texts[i].Fallback = true
	}
	n := f.get("fill")
	if n == nil {
		f.untranslated("fill")
		return fallback
	}
	text, ok := f.asText(n, "`fill`")
	if !ok {
		return fallback
	}
	out, ok := f.blanks(n, text)
	if !ok {
		return fallback
	}
	same := len(out.blanks) == len(a.blanks)
	for i := 0; same && i < len(a.blanks); i++ {
		same = len(out.blanks[i].choices) == len(a.blanks[i].choices)
	}
	if !same {
		f.refuse(n, "quiz/translation-count", "`fill` has other blanks here than in the source.", "Keep the blanks, their order, and the number of choices in each.")
		return fallback
	}
	for i := range out.blanks {
		for j := range out.blanks[i].choices {
			out.blanks[i].choices[j].id = a.blanks[i].choices[j].id
		}
		for _, s := range a.blanks[i].accepted {
			if !out.blanks[i].takes(s) {
				out.blanks[i].accepted = append(out.blanks[i].accepted, s)
			}
		}
	}
	return out
}
