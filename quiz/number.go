package quiz

import (
	"encoding/json"
	"html/template"
	"math"
	"strconv"
	"strings"

	"sopan.dev/sopan/internal/diag"
)

// number is a question whose answer is a number (`number: 25,000`), right
// within a tolerance (`within: 5` or `within: 5%`).
type number struct{}

func (number) name() string        { return "number" }
func (number) words() []string     { return []string{"number"} }
func (number) keys() []string      { return []string{"within", "unit"} }
func (number) claims(*fields) bool { return true }

type numberAnswer struct {
	written   string // as its author wrote it: "25,000"
	value     float64
	tolerance float64
	unit      Prose
}

func (number) read(f *fields) answer {
	if !f.has("number") {
		f.say(diag.Error, "quiz/nothing-right", f.node.Start, f.headEnd(), f.here()+" has no right answer.", "Add `number:` with the number that is right.")
		return nil
	}
	text, n := f.text("number")
	if n == nil {
		return nil
	}
	a := numberAnswer{written: text, unit: f.prose("unit")}
	bare := text
	if percent, ok := strings.CutSuffix(text, "%"); ok && (a.unit.Text == "" || a.unit.Text == "%") {
		bare = percent
		if a.unit.Text == "" {
			a.unit = Prose{Text: "%", Start: n.End - 1, End: n.End}
		}
	}
	var isNumber bool
	if a.value, isNumber = ParseNumber(bare); !isNumber {
		f.notANumber(n, text, "number")
	}
	a.written = strings.TrimSpace(bare)
	if text, n := f.text("within"); n != nil {
		v, percent, ok := parseShare(text)
		switch {
		case !ok:
			f.notANumber(n, text, "within").Hint = "Write how far off an answer may be: `within: 5`, or as a share of the right number, `within: 5%`."
		case v < 0:
			f.refuse(n, "quiz/within-negative", "`within` is how far off an answer may be, and cannot be below 0.", "Write `within: "+strings.TrimLeft(text, "-−– ")+"`.")
		case percent:
			a.tolerance = math.Abs(a.value) * v
		default:
			a.tolerance = v
		}
		if math.IsInf(a.tolerance, 0) {
			f.notANumber(n, text, "within")
			a.tolerance = 0
		}
	}
	if !isNumber {
		return nil
	}
	return a
}

func (numberAnswer) summary() string { return "number" }

func (numberAnswer) standing() standing { return counts }

func (numberAnswer) scheme(m marks) (scheme, bool) { return scheme{Penalty: m.minus}, m.minus > 0 }

func (a numberAnswer) prose(out []Prose) []Prose {
	if a.unit.Text == "" {
		return out
	}
	return append(out, a.unit)
}

func (numberAnswer) feedback() []Feedback { return nil }

type numberData struct {
	Number  float64 `json:"number"`
	Within  float64 `json:"within,omitempty"`
	Unit    string  `json:"unit,omitempty"`
	Written string  `json:"written"`
	Pattern string  `json:"pattern"` // the xAPI pattern, so that it is worked out once
}

func (a numberAnswer) data(d dress) any {
	return numberData{a.value, a.tolerance, d.plain(a.unit), a.written, a.pattern()}
}

type numberView struct {
	inputView
	Unit template.HTML
}

func (a numberAnswer) view(p painter) (any, string) {
	v := p.input()
	if a.unit.Text != "" {
		return numberView{v, p.prose(a.unit)}, p.word("quiz-number-how")
	}
	return numberView{inputView: v}, p.word("quiz-number-how")
}

// near tells whether a number is right. A tolerance of 0.1 around 0.3 takes in
// 0.4, though in binary their difference is a little more than 0.1: twelve
// digits count. The conversions keep Go from fusing the operations, which
// JavaScript does not do.
func (a numberAnswer) near(v float64) bool {
	slack := float64(1e-12 * math.Max(math.Abs(v), math.Abs(a.value)))
	return math.Abs(v-a.value) <= float64(a.tolerance+slack)
}

func (a numberAnswer) mark(s scheme, response json.RawMessage) (share float64, marked, ok bool) {
	said, ok := typed(response)
	if !ok {
		return 0, true, false
	}
	if v, ok := a.parse(said); ok && a.near(v) {
		return 1, true, true
	}
	return s.wrong(), true, true
}

// parse reads what a learner typed; the unit may stand after the number.
func (a numberAnswer) parse(said string) (float64, bool) {
	said = Normalise(said)
	if unit := Normalise(a.unit.Text); unit != "" {
		said = strings.TrimSpace(strings.TrimSuffix(said, unit))
	}
	return ParseNumber(said)
}

func (a numberAnswer) pattern() string {
	if a.tolerance == 0 {
		return FormatNumber(a.value)
	}
	return FormatNumber(fifteen(a.value-a.tolerance)) + "[:]" + FormatNumber(fifteen(a.value+a.tolerance))
}

// fifteen rounds to fifteen digits, so that 0.3 − 0.1 is 0.2.
func fifteen(v float64) float64 {
	v, _ = strconv.ParseFloat(strconv.FormatFloat(v, 'g', 15, 64), 64)
	return v
}

func (a numberAnswer) interaction(dress) Interaction {
	return Interaction{InteractionType: "numeric", CorrectResponsesPattern: []string{a.pattern()}}
}

func (a numberAnswer) respond(response json.RawMessage) (string, bool) {
	said, ok := typed(response)
	if v, isNumber := a.parse(said); isNumber {
		return FormatNumber(v), ok
	}
	return undelimited(said), ok
}

func (numberAnswer) translatable() []string { return []string{"unit"} }

func (a numberAnswer) translate(f *fields) answer {
	switch unit := f.prose("unit"); {
	case unit.Text != "" && a.unit.Text == "":
		f.say(diag.Error, "quiz/translation-more", unit.Start, unit.End, "The source has no `unit` here.", "Add it to the source, or take it away here.")
	case unit.Text != "":
		a.unit = unit
	case a.unit.Text != "" && a.unit.Text != "%":
		a.unit.Fallback = true
		f.untranslated("unit")
	}
	return a
}
