package course

import (
	"slices"
	"strings"

	"sopan.dev/sopan/builder/markdown"
	"sopan.dev/sopan/internal/plain"
	"sopan.dev/sopan/quiz"
)

// This file keeps apart what a text says to nobody but its own page and the
// search index: its questions, its words and its body. It is nearly all there is
// to know of a site, so it stays packed, as bytes without pointers, in memory
// or wherever the caller has put it, until a page asks.

// Questions is what a text asks.
type Questions struct {
	Quiz     *quiz.Quiz   // of a quiz
	Practice []*quiz.Quiz // the quiz blocks of another text, in order
	Rendered []Rendered   // what of their texts is more than words
}

// All gives whatever a text asks, in a slice that is the caller's.
func (q Questions) All() []*quiz.Quiz {
	all := slices.Clone(q.Practice)
	if q.Quiz != nil {
		all = append(all, q.Quiz)
	}
	return all
}

// QuizFacts is what others need to know of a quiz.
type QuizFacts struct {
	ids     string // of its questions, in order, a line each: one string for the collector of garbage to look at
	Pass    float64
	Purpose string
	Sealed  bool
}

// quizFacts copies its words: those of a quiz are parts of its text, which
// would stay in memory for them.
func quizFacts(q *quiz.Quiz) *QuizFacts {
	f := &QuizFacts{Pass: q.Pass, Purpose: strings.Clone(q.Purpose), Sealed: q.Sealed}
	ids := make([]string, len(q.Questions))
	for i := range q.Questions {
		ids[i] = q.Questions[i].ID
	}
	f.ids = strings.Clone(strings.Join(ids, "\n")) // of one alone Join makes no copy
	return f
}

// IDs gives the ids of the questions, in order.
func (f *QuizFacts) IDs() []string {
	if f.ids == "" {
		return nil
	}
	return strings.Split(f.ids, "\n")
}

// Packed is the part of a Reading that others need not know, as bytes.
type Packed struct {
	Questions string // a Questions; "" where there are none
	Words     string // a []markdown.Section
	Body      string // a markdown.Body; "" for a quiz and a case study, whose scenes are rendered one by one
}

// packer packs and unpacks.
type packer struct {
	questions *plain.Coder[Questions]
	words     *plain.Coder[[]markdown.Section]
	body      *plain.Coder[markdown.Body]
	buffers   plain.Buffers
}

func newPacker() (*packer, error) {
	questions, err := plain.New[Questions](quiz.AnswerTypes())
	if err != nil {
		return nil, err
	}
	words, err := plain.New[[]markdown.Section](nil)
	if err != nil {
		return nil, err
	}
	body, err := plain.New[markdown.Body](nil)
	return &packer{questions: questions, words: words, body: body}, err
}

// pack puts the questions, the words, and the body, which may be nil, away: into
// the reading, or to whoever takes it.
func (s *Survey) pack(r *Reading, q Questions, words []markdown.Section, body *markdown.Body) {
	if q.Quiz != nil {
		r.Quiz = quizFacts(q.Quiz)
	}
	r.Practice = int32(len(q.Practice))
	p := s.site.packer
	p.buffers.Use(func(b []byte) []byte {
		if r.Quiz != nil || r.Practice > 0 {
			b = p.questions.Append(b, &q)
		}
		asked := len(b)
		b = p.words.Append(b, &words)
		said := len(b)
		if body != nil {
			b = p.body.Append(b, body)
		}
		if s.away != nil {
			s.away(b[:asked], b[asked:said], b[said:])
			return b
		}
		all := string(b)
		r.packed = &Packed{all[:asked], all[asked:said], all[said:]}
		return b
	})
}

// body renders a text, where bodies are asked for.
func (s *Survey) body(doc *markdown.Doc) *markdown.Body {
	if !s.Bodies {
		return nil
	}
	b := doc.Body()
	return &b
}

// Packed gives what the reading holds packed.
func (r *Reading) Packed() Packed {
	if r.packed == nil {
		return Packed{}
	}
	return *r.packed
}

// Bare takes what is packed out of a reading that nobody else has yet. Whoever
// joins it says where that is (LoadOptions.Packed), or it is read from the
// source again.
func (r *Reading) Bare() { r.packed = nil }

// Loan is what is packed of texts, for as long as a page is made of it: nobody may
// hold a part of it when it was given back, because that of other texts stands in
// its place then.
type Loan struct {
	site  *Site
	parts []interface{ GiveBack() }
}

// Lend begins a loan, which the borrower gives back.
func (s *Site) Lend() *Loan { return &Loan{site: s} }

// Holds notes what has to be told when the loan is given back. The one who lends
// calls it (LoadOptions.Packed).
func (l *Loan) Holds(part interface{ GiveBack() }) { l.parts = append(l.parts, part) }

// GiveBack ends the loan.
func (l *Loan) GiveBack() {
	for _, part := range l.parts {
		part.GiveBack()
	}
	l.parts = nil
}

// Questions gives what a text asks. A ChangedError says that its file is
// another by now.
func (l *Loan) Questions(v *Version) (Questions, error) { return l.site.questions(v, l) }

// Questions is Loan.Questions for whoever keeps a part of them.
func (s *Site) Questions(v *Version) (Questions, error) { return s.questions(v, nil) }

func (s *Site) questions(v *Version, l *Loan) (Questions, error) {
	if v.Quiz == nil && v.Practice == 0 {
		return Questions{}, nil
	}
	return unpack(s, v, l, s.packer.questions, func(p Packed) string { return p.Questions })
}

// Words gives the words of a text for a search index, with those of the
// fragments that it includes; of a quiz those of its questions.
func (l *Loan) Words(v *Version) ([]markdown.Section, error) {
	own, err := l.ownWords(v)
	if err != nil || len(v.Included) == 0 {
		return own, err
	}
	all := markdown.Facts{Sections: own, Includes: make([]markdown.Inclusion, len(v.Facts.Includes))}
	parts := make([]markdown.Facts, len(v.Facts.Includes))
	for i, at := range v.Facts.Includes {
		all.Includes[i] = markdown.Inclusion{Sections: at.Sections, Hidden: at.Hidden}
		for _, included := range v.Included {
			if included.Start == at.Start {
				if parts[i].Sections, err = l.ownWords(included.Version); err != nil {
					return nil, err
				}
			}
		}
	}
	return all.With(parts).Sections, nil
}

// Body gives the HTML of a text, with gaps for what lies outside it. A case
// study has none, nor has a folder without an index.md.
func (l *Loan) Body(v *Version) (markdown.Body, error) {
	if v.File == "" {
		return markdown.Body{}, nil
	}
	return unpack(l.site, v, l, l.site.packer.body, func(p Packed) string { return p.Body })
}

func (l *Loan) ownWords(v *Version) ([]markdown.Section, error) {
	if v.File == "" || v.Quiz == nil && v.Item != nil && v.Item.Type == Quiz {
		return nil, nil
	}
	return unpack(l.site, v, l, l.site.packer.words, func(p Packed) string { return p.Words })
}

// unpack gets a part of what is packed of a text: from memory, else from where
// the caller has put it, else from the text itself. Without a loan it is the
// caller's for good.
func unpack[T any](s *Site, v *Version, l *Loan, coder *plain.Coder[T], part func(Packed) string) (T, error) {
	p := v.Packed()
	if p == (Packed{}) && s.elsewhere != nil {
		p, _ = s.elsewhere(v.File, v.Hash, l)
	}
	if made, err := read(l, coder, part(p)); err == nil {
		return *made, nil
	}
	var none T
	again := Survey{loader: loader{tree: s.Tree, site: s}, Bodies: true}
	r, err := again.read(v)
	if err != nil {
		return none, err
	}
	if r.Hash != v.Hash {
		return none, &ChangedError{v.File}
	}
	made, err := read(l, coder, part(r.Packed()))
	if err != nil {
		return none, err
	}
	return *made, nil
}

// read reads what was packed, for a loan into memory that serves the next.
func read[T any](l *Loan, coder *plain.Coder[T], packed string) (*T, error) {
	if l == nil {
		return coder.Read(packed, nil)
	}
	lent, err := coder.Lend(packed, nil)
	if err != nil {
		return nil, err
	}
	l.Holds(lent)
	return &lent.Value, nil
}
