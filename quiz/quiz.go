// Package quiz is the assessment model: what a quiz asks, how an answer is
// marked, and what the browser and the record store are told about it.
//
// In goes the YAML text of a quiz file, of a practice block in a lesson, or of
// a translation. Out come a Quiz with everything an author got wrong as
// diagnostics (Read, ReadBlock, Translate), its HTML form with the data that
// the browser marks with (Form, Data), the xAPI description of each question
// (Question.Interaction), and marks (Question.Mark).
//
// The package never reads a file, never renders Markdown (prompts stay Prose
// until the page renders them), never looks a competency, a lesson or a
// picture up (Quiz.Refs lists them for the one who can), and holds no state.
//
// # A new kind of question
//
// A kind is four files named after it and one line in the table in kinds.go.
// Nothing else in the project names it; TestEachKindIsComplete tells which of
// them is missing. For a kind `match`:
//
//   - match.go: a kind that reads the question's fields (the answer word,
//     strictly, with a diagnostic for each thing that can be wrong), and an
//     answer that knows its prose, its data, its view, its marks, its xAPI
//     interaction and its translation. See the two interfaces in kinds.go.
//   - match.ts: the same marks in the browser, and the way between the
//     controls and a response. It exports `kind`, a Kind of runtime/contract.ts.
//   - match.html: the controls, as they are read without script and printed.
//   - testdata/match.txtar: questions and responses with the share of the marks
//     that each earns. Both graders run all of them.
//
// What a kind says in words goes into words/*.yaml under `quiz-match-…`. Codes of
// its diagnostics begin with `quiz/`. A kind that marks nothing returns false
// from mark and null in TypeScript.
package quiz

import (
	"cmp"
	"fmt"
	"iter"
	"slices"

	"sopan.dev/sopan/builder/source"
	"sopan.dev/sopan/internal/diag"
)

// Quiz is a quiz file, or the practice questions of a block in a lesson.
// It is not changed after it was read.
type Quiz struct {
	Path      string // of its source file
	Lang      string // "" as written by its author; set by Translate's caller when it wants to
	Key       string // the item's stable key, "why-change/check"; the loader sets it
	Title     string
	For       Ref          // the role and activity that it prepares for; Text "" when none
	Tests     []Competency // what questions test that do not say it themselves
	Pass      float64      // share of the marks that passes, 0 when nothing is to be passed
	Time      Time
	Attempts  Attempts
	Show      Show
	Draw      Draw
	Penalty   *float64 // what each earlier try at a question costs where the question does not say; nil: the first try counts alone
	Purpose   string   // "", "survey", "diagnostic", "360"
	AskedOf   []string // in a 360: "self", "peer", "manager", "subordinate"
	Practice  bool     // a block in a lesson: feedback at once, no verdict
	Sealed    bool     // the key stays out of the page; responses are marked elsewhere
	Questions []Question
}

// Question is one question. Its Kind says what can be answered.
type Question struct {
	Number     int    // 1-based, in its file or block
	ID         string // stable; derived from the prompt when the author wrote none
	IDWritten  bool   // the author wrote it
	Kind       string // "choice"
	Ask        Prose
	Tests      []Competency
	Marks      float64
	Hints      []Prose
	Why        Prose
	Reread     Ref
	Image      *Image
	Certainty  bool     // the learner is asked how sure they are
	Penalty    *float64 // share of the marks that each earlier try costs; nil: the first try counts alone
	File       string   // its source file
	Start, End int      // in its source text

	scheme scheme
	answer answer
}

// Prose is a text for learners, inline Markdown unless Block says otherwise,
// with its place in its source.
type Prose struct {
	Text       string
	Start, End int
	Block      bool // paragraphs, lists: Markdown blocks
	Fallback   bool // not translated: the text is in the language of the source
}

// Image is a picture that belongs to a question.
type Image struct {
	File Ref
	Alt  string
}

// Competency is what a question tests: "RTI timelines, level 1".
type Competency struct {
	Name       string
	Level      int // 0 when none is given
	Start, End int
}

// String writes the competency as its author would.
func (c Competency) String() string {
	if c.Level == 0 {
		return c.Name
	}
	return fmt.Sprintf("%s level %d", c.Name, c.Level)
}

// Ref is a mention of something that the package cannot look up itself.
type Ref struct {
	What       string // "activity", "competency", "reread", "image", "case"
	Text       string
	Level      int // of a competency, 0 when none is given
	Start, End int
}

// Read reads a quiz file. The quiz is never nil: it holds what could be read,
// and may be used for a preview even when the list has errors. Its texts may be
// parts of t, whose bytes must stay as they are for as long as it is used.
func Read(t source.Text) (*Quiz, diag.List) { return new(Room).Read(t) }

func (r *reader) quiz() (*Quiz, diag.List) {
	q := &append(r.room.quizzes.piece(1), Quiz{Path: r.text.Path})[0]
	n := r.document(0, len(r.text.Bytes), knownKeys)
	switch {
	case n == nil:
		if len(r.finds) == 0 {
			r.say(diag.Error, "quiz/empty", 0, 0, "The quiz is empty.", "Begin with `title:` and `questions:`.")
		}
	case n.Kind == list:
		r.say(diag.Error, "quiz/no-title", n.Start, n.Start, "The file begins with a question.",
			"Write `title: …` and `questions:` above the first question.")
		q.Questions = r.questions(n, q)
	case n.Kind == scalar:
		r.refuse(n, "quiz/not-pairs", "This is no quiz: a quiz begins with `title:` and `questions:`.", "Write `title: …` in the first line.")
	default:
		r.settings(q, n)
	}
	r.nameMissingIDs(diag.Warning)
	return q, r.finds.Sort()
}

// ReadBlock reads the practice questions of t.Bytes[start:end]: the inside of a
// ```quiz block, a list of questions. Positions refer to t.
func ReadBlock(t source.Text, start, end int) ([]Question, diag.List) {
	return new(Room).ReadBlock(t, start, end)
}

func (r *reader) block(start, end int) ([]Question, diag.List) {
	for start > 0 && r.text.Bytes[start-1] == ' ' { // the block is indented, and so is its first line
		start--
	}
	n := r.document(start, end, knownKeys)
	var questions []Question
	switch {
	case n == nil:
		if len(r.finds) == 0 {
			r.say(diag.Error, "quiz/empty", start, end, "The quiz block is empty.", "Begin the first question with `- ask: …`.")
		}
	case n.Kind == list:
		questions = r.questions(n, &Quiz{Practice: true})
	case n.Kind == pairs && slices.ContainsFunc(slices.Collect(entries(n)), func(e entry) bool { return e.key.Value == "ask" }):
		// One question needs no dash.
		questions = r.questions(&node{Kind: list, Start: n.Start, End: n.End, Content: []*node{n}}, &Quiz{Practice: true})
	default:
		r.refuse(n, "quiz/not-a-list", "A quiz block is a list of questions.", "Begin each question with `- ask: …`. Title, pass mark and the like belong into a quiz file.")
	}
	r.nameMissingIDs(diag.Note)
	return questions, r.finds.Sort()
}

// Duplicates reports ids that stand in more than one block of the same lesson;
// within a block ReadBlock has done so.
func Duplicates(t source.Text, blocks ...[]Question) diag.List {
	if len(blocks) < 2 { // as in nearly all lessons
		return nil
	}
	r := new(Room).reader(t)
	for _, questions := range blocks {
		own := map[string]pos{}
		for _, q := range questions {
			if first, twice := r.ids[q.ID]; twice {
				r.twice(q.ID, first, pos{q.Start, q.Start})
			}
			own[q.ID] = pos{q.Start, q.Start}
		}
		for id, p := range own {
			if _, there := r.ids[id]; !there {
				r.ids[id] = p
			}
		}
	}
	return r.finds.Sort()
}

// Marks is the number of marks of all questions that are marked.
func (q *Quiz) Marks() float64 {
	sum := 0.0
	for i := range q.Questions {
		if q.Questions[i].Counts() {
			sum += q.Questions[i].Marks
		}
	}
	return sum
}

// Counts tells whether the question has marks that count towards passing.
func (q *Question) Counts() bool { return q.answer.standing() == counts }

// Refs lists what the quiz mentions and somebody else must find, in the
// order of the source, each place once.
func (q *Quiz) Refs() []Ref {
	var refs []Ref
	add := func(r Ref) {
		if r.Text != "" {
			refs = append(refs, r)
		}
	}
	competencies := func(cs []Competency) {
		for _, c := range cs {
			add(Ref{What: "competency", Text: c.Name, Level: c.Level, Start: c.Start, End: c.End})
		}
	}
	add(q.For)
	competencies(q.Tests)
	for _, s := range q.Draw.From {
		competencies([]Competency{s.Of})
	}
	for i := range q.Questions {
		one := &q.Questions[i]
		competencies(one.Tests)
		add(one.Reread)
		if one.Image != nil {
			add(one.Image.File)
		}
		if a, ok := one.answer.(interface{ refs() []Ref }); ok { // a kind that mentions something
			for _, ref := range a.refs() {
				add(ref)
			}
		}
	}
	slices.SortStableFunc(refs, func(a, b Ref) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.What, b.What))
	})
	return slices.Compact(refs)
}

// Prose goes over every text of the quiz that is rendered, so that links in it
// can be checked before a page is made.
func (q *Quiz) Prose() iter.Seq[Prose] {
	return func(yield func(Prose) bool) {
		texts := make([]Prose, 0, 8) // of one question: a prompt, four choices, an explanation
		for i := range q.Questions {
			one := &q.Questions[i]
			texts = one.answer.prose(append(texts[:0], one.Ask))
			texts = append(texts, one.Hints...)
			if one.Why.Text != "" {
				texts = append(texts, one.Why)
			}
			for _, text := range texts {
				if !yield(text) {
					return
				}
			}
		}
	}
}
