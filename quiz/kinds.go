package quiz

import "encoding/json"

// kinds is the table of the kinds of questions. Where two have the same answer
// word, the first that claims a question gets it.
var kinds = []kind{
	trueFalse{},
	choice{},
	text{},
	number{},
	match{},
	sort{},
	order{},
	fillIn{},
	write{},
	do{},
	rate{},
	caseStudy{},
}

// kind reads questions of one sort.
type kind interface {
	name() string    // "choice": its files, its CSS hook, QuestionData.kind
	words() []string // the answer words that mean this kind
	keys() []string  // further keys that it reads
	// claims tells whether a question with one of the words is of this kind.
	claims(f *fields) bool
	// read reads the kind's own keys. It says what is wrong with them; nil when
	// nothing is left that could be asked.
	read(f *fields) answer
}

// answer is what a kind read: the part of a question that only the kind
// understands. It is never changed.
type answer interface {
	// summary is the kind in words: "choose one of 4".
	summary() string
	// standing says whether the question counts.
	standing() standing
	// scheme makes a marking scheme of what the author wrote under `marking`;
	// fits is false where that rule has no meaning for this question.
	scheme(m marks) (s scheme, fits bool)
	// prose puts the texts that are rendered behind others, in the order of the source.
	prose(behind []Prose) []Prose
	// feedback lists what is shown after marking, by the id of what it belongs to.
	feedback() []Feedback
	// data is what the browser marks with: a struct whose JSON fields become
	// fields of the question's data.
	data(d dress) any
	// view is what the kind's template gets, and the words that say how to
	// answer.
	view(p painter) (body any, how string)
	// mark gives the share of the marks of a response. marked is false where
	// nothing is right or wrong; ok is false when it is no response to this question.
	mark(s scheme, response json.RawMessage) (share float64, marked, ok bool)
	// interaction describes the question to a record store.
	interaction(d dress) Interaction
	// respond writes a response as a record store wants it.
	respond(response json.RawMessage) (string, bool)
	// translate lays the texts of a translation over a copy of the answer. keys
	// are those that it takes. What is missing stays as it is, marked as such.
	translate(f *fields) answer
	translatable() []string
}

// standing is how a question counts.
type standing int

const (
	counts       standing = iota // it has marks
	unmarked                     // nothing in it is right or wrong
	selfAssessed                 // the learner gives the marks; they are outside the pass mark
)

// Feedback is a text that belongs to a choice.
type Feedback struct {
	ID    string
	Prose Prose
}

// KindNames lists the kinds; each has a template, a script and vectors of that name.
func KindNames() []string {
	var names []string
	for _, k := range kinds {
		names = append(names, k.name())
	}
	return names
}
