package quiz

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"sopan.dev/sopan/builder/source"
	"sopan.dev/sopan/internal/diag"
)

// A sealed quiz (`sealed: true`) is asked in the page and marked elsewhere: the
// page gets no key, no hash of one, no explanation and no feedback. A hash would
// be no secret: of four choices one is found in four tries.

// sealable is an answer that can be asked without its key. bare is a copy for
// the kind's template; data is what the browser needs to take a response. In
// both nothing may tell what is right, the order of texts included. A kind
// without it cannot stand in a sealed quiz.
type sealable interface {
	seal(d dress) (bare answer, data any)
}

// byID orders texts by a hash of their words, which tells nothing.
func byID(list []Component) []Component {
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b Component) int { return strings.Compare(a.ID, b.ID) })
	return list
}

func (a choiceAnswer) seal(d dress) (answer, any) {
	bare := choiceAnswer{several: a.several, fixed: a.fixed}
	for _, o := range a.options {
		bare.options = append(bare.options, option{id: o.id, text: o.text})
	}
	var data struct {
		Several bool        `json:"several,omitempty"`
		Fixed   bool        `json:"fixed,omitempty"`
		Choices []Component `json:"choices"`
	}
	data.Several, data.Fixed = a.several, a.fixed
	for _, o := range bare.options {
		data.Choices = append(data.Choices, Component{o.id, d.plain(o.text)})
	}
	if !a.fixed {
		data.Choices = byID(data.Choices)
	}
	return bare, data
}

func (a trueFalseAnswer) seal(dress) (answer, any) { return trueFalseAnswer{}, struct{}{} }

func (a textAnswer) seal(dress) (answer, any) { return textAnswer{}, struct{}{} }

func (a numberAnswer) seal(d dress) (answer, any) {
	var data struct {
		Unit string `json:"unit,omitempty"`
	}
	data.Unit = d.plain(a.unit)
	return numberAnswer{unit: a.unit}, data
}

func (a fillAnswer) seal(d dress) (answer, any) {
	type blankSealed struct {
		Choices []Component `json:"choices,omitempty"`
	}
	var data struct {
		Blanks []blankSealed `json:"blanks"`
	}
	bare := fillAnswer{texts: a.texts}
	for _, b := range a.blanks {
		bare.blanks = append(bare.blanks, blank{choices: b.choices}) // fill.html lists them by id
		data.Blanks = append(data.Blanks, blankSealed{byID(components(d, b.choices))})
	}
	return bare, data
}

type pairingSealed struct {
	Sources []Component `json:"sources"`
	Targets []Component `json:"targets"`
}

func (p *pairing) sealed(d dress) (pairing, any) {
	bare := pairing{sources: p.sources, targets: p.targets}
	return bare, pairingSealed{byID(components(d, p.sources)), byID(components(d, p.targets))}
}

func (a *matchAnswer) seal(d dress) (answer, any) {
	bare, data := a.sealed(d)
	return &matchAnswer{bare}, data
}

func (a *sortAnswer) seal(d dress) (answer, any) {
	bare, data := a.sealed(d)
	return &sortAnswer{bare}, data
}

func (a orderAnswer) seal(d dress) (answer, any) {
	return a, orderData{byID(components(d, a.steps))} // order.html lists them by id
}

// seal leaves the model out, and the rubric: it says what is looked for.
func (a writeAnswer) seal(dress) (answer, any) { return writeAnswer{words: a.words}, struct{}{} }

func (a doAnswer) seal(d dress) (answer, any) { return a, a.data(d) }

func (a rateAnswer) seal(d dress) (answer, any) { return a, a.data(d) }

// sealing refuses what a sealed quiz cannot hold.
func (r *reader) sealing(q *Quiz) {
	if !q.Sealed {
		return
	}
	for i := range q.Questions {
		one := &q.Questions[i]
		if _, ok := one.answer.(sealable); !ok {
			r.say(diag.Error, "quiz/sealed-kind", one.Start, one.Start, fmt.Sprintf("Question %d cannot be asked in a sealed quiz: its points stand in a page of its own.", one.Number),
				"Move the question to a quiz that is not sealed, or take `sealed` away.")
		}
	}
	q.Show = ShowNever // there is nothing that the page could show
}

// openKey says that the answers of a quiz that somebody may pass can be read in
// its page.
func (r *reader) openKey(q *Quiz, f *fields) {
	if at := f.get("pass"); at != nil && q.Pass > 0 && !q.Sealed {
		r.say(diag.Note, "quiz/open-key", at.Start, at.End, "The key is in the page: whoever reads its source can read the answers.",
			"That is right for learning. Where the result must count, write `sealed: true`: the answers stay with you, and you mark what comes back.")
	}
}

// bare makes a copy of a quiz that holds nothing but what may be seen. The
// quiz must be free of errors.
func (q *Quiz) bare(d dress) (*Quiz, []any) {
	out := *q
	out.Questions = slices.Clone(q.Questions)
	var data []any
	for i := range out.Questions {
		one := &out.Questions[i]
		a, ok := one.answer.(sealable)
		if !ok { // in a quiz with errors only
			a = trueFalseAnswer{}
			one.Kind = trueFalse{}.name()
		}
		var own any
		one.answer, own = a.seal(d)
		data = append(data, own)
		one.scheme, one.Why, one.Reread = scheme{}, Prose{}, Ref{}
	}
	return &out, data
}

// Key is what marks the responses to a sealed quiz later: the quiz as its
// author wrote it, with its translations, so that there is one definition of
// what is right. It is kept by the institute and never stands in the output.
type Key struct {
	V            int               `json:"v"`
	ID           string            `json:"id"`     // activity IRI of the quiz
	Course       string            `json:"course"` // the course's stable key
	Quiz         string            `json:"quiz"`   // the quiz's stable key in its course
	Title        string            `json:"title"`
	Source       string            `json:"source"`                 // the quiz file's text
	Translations map[string]string `json:"translations,omitempty"` // by language
}

// JSON is the key as it stands in its file.
func (k Key) JSON() []byte {
	b, err := json.MarshalIndent(k, "", "  ")
	if err != nil {
		panic("quiz: a key that is no JSON: " + err.Error()) // it holds nothing but texts
	}
	return append(b, '\n')
}

// ErrKey says that a file is no key, or one that this program cannot read.
var ErrKey = errors.New("quiz: this is not the key of a sealed quiz")

// maxKeyBytes is what a quiz and its translations into every language may come to.
const maxKeyBytes = 40 * maxBytes

// ReadKey reads a key file.
func ReadKey(in io.Reader) (*Key, error) {
	b, err := io.ReadAll(io.LimitReader(in, maxKeyBytes+1))
	if err != nil {
		return nil, fmt.Errorf("reading a key: %w", err)
	}
	k := &Key{}
	d := json.NewDecoder(strings.NewReader(string(b)))
	d.DisallowUnknownFields()
	if err := d.Decode(k); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrKey, err)
	}
	if _, err := d.Token(); len(b) > maxKeyBytes || err != io.EOF || k.V != 1 || k.Quiz == "" {
		return nil, ErrKey
	}
	return k, nil
}

// Open gives the quiz in a language, "" for that of its author: Question.Mark
// marks with it. A text that is right in the source is right in a translation.
func (k *Key) Open(lang string) (*Quiz, error) {
	q, finds := Read(source.NewText(k.Quiz, []byte(k.Source)))
	if finds.HasErrors() {
		return nil, fmt.Errorf("%w: the quiz in it has errors", ErrKey)
	}
	q.Key = k.Quiz
	if text, ok := k.Translations[lang]; ok {
		if q, finds = q.Translate(source.NewText(k.Quiz, []byte(text))); finds.HasErrors() {
			return nil, fmt.Errorf("%w: its translation into %s has errors", ErrKey, lang)
		}
	}
	return q, nil
}
