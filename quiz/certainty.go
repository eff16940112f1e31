package quiz

import "encoding/json"

// With `certainty: asked`, learners say beside their answer how sure they are,
// and that decides what it earns: right 1, 2 or 3 marks, wrong 0, −2 or −6. To
// say what one knows of one's own knowledge pays best. The other definition is
// certainty.ts.

// certainMarks is what a question with `certainty: asked` has when its author
// gives it no marks: then it earns just the numbers above.
const certainMarks = 3

// Thirds of the marks by how sure somebody is, 1 to 3. Who does not say, 0,
// counts as unsure.
func sureRight() [4]float64 { return [4]float64{1, 1, 2, 3} }
func sureWrong() [4]float64 { return [4]float64{0, 0, -2, -6} }

// sureShare is the share of the marks, from the share that the answer earns by
// itself. A part of it is between right and wrong. The conversions keep Go from
// fusing the operations, which JavaScript does not do.
func sureShare(part float64, sure int) float64 {
	part = max(0, part) // a penalty for guessing has no place beside this one
	return (float64(part*sureRight()[sure]) + float64((1-part)*sureWrong()[sure])) / 3
}

// unsure takes a response to a question that asks for certainty apart:
// {"said": RESPONSE, "sure": 0 to 3}.
func unsure(response json.RawMessage) (said json.RawMessage, sure int, ok bool) {
	var parts map[string]json.RawMessage // since encoding/json takes {"SAID": …} for the field said
	if len(response) == 0 || response[0] != '{' || json.Unmarshal(response, &parts) != nil {
		return nil, 0, false
	}
	var v *float64
	if json.Unmarshal(parts["sure"], &v) != nil || v == nil {
		return nil, 0, false
	}
	for sure := range 4 {
		if *v == float64(sure) {
			said = parts["said"]
			return said, sure, len(said) > 0 && string(said) != "null"
		}
	}
	return nil, 0, false
}

// SureView asks how sure the learner is.
type SureView struct {
	Ask     string
	Name    string // of the radios
	Choices []SureChoiceView
}

// SureChoiceView is one answer to it, with what it stands to win and to lose.
type SureChoiceView struct {
	Value string
	Text  string
}

func (p painter) sure() *SureView {
	v := &SureView{Ask: p.word("quiz-sure"), Name: p.part("sure")}
	for _, n := range []string{"1", "2", "3"} {
		v.Choices = append(v.Choices, SureChoiceView{n, p.word("quiz-sure-" + n)})
	}
	return v
}
