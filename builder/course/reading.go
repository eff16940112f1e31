package course

import (
	"fmt"
	"slices"
	"strings"

	"sopan.dev/sopan/builder/markdown"
	"sopan.dev/sopan/builder/source"
	"sopan.dev/sopan/internal/diag"
	"sopan.dev/sopan/quiz"
)

// Reading is what one source file says by itself: small, without bodies, and
// immutable. It depends on the file's path and bytes and on the survey's
// Environment, on nothing else. What only its own page and the search index
// want to know is packed (packed.go).
type Reading struct {
	Hash      source.Hash
	Title     string // "" where the file names none
	Front     *Front
	Facts     *markdown.Facts // without Headings, and without Sections, which Loan.Words gives
	Headings  Headings
	Quiz      *QuizFacts // of a quiz; what it asks gives Site.Questions
	Practice  int32      // how many quiz blocks stand in a lesson
	estimated bool       // the minutes are ours: the front matter names none
	Graph     *Graph     // of a case
	Mentions  []Mention  // what it says of other things, to be checked when all is read
	Diags     diag.List

	translation *source.Text // of a quiz: the texts that are laid over the original
	packed      *Packed      // nil where Site.elsewhere has it
}

// What a quiz has for front matter and facts of Markdown. Nobody changes them.
var (
	noFront = &Front{Status: Published}
	noFacts = &markdown.Facts{}
)

// Mention is something outside its file that a text speaks of.
type Mention struct {
	What  string // "link", "image", "video", "include", "reread", "competency", "activity"
	Dest  string
	Level int // of a competency
	at    span
}

// span is a place in a text, whose file the text knows: a site has hundreds of
// thousands.
type span struct{ line, col, endLine, endCol int32 }

func spanOf(start, end diag.Pos) span {
	return span{int32(start.Line), int32(start.Col), int32(end.Line), int32(end.Col)}
}

// in gives where a span in a file begins and ends.
func (s span) in(file string) (start, end diag.Pos) {
	return diag.Pos{File: file, Line: int(s.line), Col: int(s.col)}, diag.Pos{File: file, Line: int(s.endLine), Col: int(s.endCol)}
}

// readMarkdown reads a lesson, a case study or an index.md.
func (s *Survey) readMarkdown(v *Version, text source.Text) *Reading {
	start, end, body, diags := splitFront(text)
	isCourse := v.Place != nil && v.Place.Module == nil
	made := &struct { // one piece of memory: there are tens of thousands, and all last
		Reading
		front Front
		facts markdown.Facts
	}{}
	r, front := &made.Reading, &made.front
	var more diag.List
	r.Title, *front, more = s.frontOf(text, start, end, isCourse)
	r.Front, r.Facts, r.Diags = front, &made.facts, append(diags, more...)
	if r.Title == "" && len(r.Diags) == 0 {
		r.Diags = append(r.Diags, noTitle(v, start < end))
	}
	o := s.site.options[v.Lang]
	o.Case = v.Item != nil && v.Item.Type == Case
	doc := markdown.Parse(text, body, o)
	defer doc.Release()
	r.readBody(doc)
	named := front.Minutes
	if v.Item != nil && v.Item.Type == Lesson && r.Facts.Words == 0 && len(r.Facts.Refs) == 0 && len(r.Facts.Quizzes) == 0 && !r.Diags.HasErrors() {
		r.Diags = append(r.Diags, diag.Diagnostic{Start: text.Pos(body), Severity: diag.Warning, Code: "course/empty", Message: "The lesson has no text.", Hint: "Write it below the front matter, or set `status: draft`."})
	}
	if front.Minutes == 0 {
		r.estimated, front.Minutes = true, max(1, r.Facts.Minutes)
	}
	refs := r.Facts.Refs
	if o.Case {
		var more diag.List
		r.Graph, more = readGraph(text, doc, s.site.competencies)
		r.Diags = append(append(r.Diags, more...), overrun(text, doc, named)...)
		// Where a decision leads is the graph's to check.
		refs = slices.DeleteFunc(slices.Clone(refs), func(ref markdown.Ref) bool { return r.Graph.decisions[ref.Start] })
	}
	r.mentionRefs(refs, func(ref markdown.Ref) (diag.Pos, diag.Pos) { return text.Span(ref.Start, ref.End) })
	r.Facts.Refs = nil // kept as mentions
	var asked Questions
	var blocks [][]quiz.Question
	room := s.site.quizzes.Take()
	defer s.site.quizzes.GiveBack(room)
	for n, b := range r.Facts.Quizzes {
		questions, more := room.ReadBlock(text, b.Start, b.End)
		r.Diags = append(r.Diags, more...)
		q := &quiz.Quiz{Path: v.File, Lang: v.Lang, Key: fmt.Sprintf("practice-%d", n+1), Practice: true, Questions: questions}
		asked.Practice = append(asked.Practice, q)
		blocks = append(blocks, questions)
		r.mentionQuiz(q, text)
		asked.Rendered = append(asked.Rendered, r.readProse(q, text, o)...)
	}
	// On the page an id stands once, whichever block it is in.
	r.Diags = append(r.Diags, quiz.Duplicates(text, blocks...)...)
	var html *markdown.Body
	if !o.Case {
		html = s.body(doc)
	}
	s.pack(r, asked, r.Facts.Sections, html)
	r.Facts.Sections = nil
	return r
}

// readBody takes what a text says below its front matter. The references and
// sections are the text's own, until it is released.
func (r *Reading) readBody(doc *markdown.Doc) {
	*r.Facts = doc.Facts()
	r.Headings, r.Facts.Headings = headingsOf(r.Facts.Headings), nil
	r.Diags = append(r.Diags, doc.Diagnostics()...)
}

// noTitle asks for a title; a folder's name serves a course or module without.
func noTitle(v *Version, hasFront bool) diag.Diagnostic {
	d := diag.Diagnostic{
		Start: diag.Pos{File: v.File, Line: 1, Col: 1}, Code: "front/no-title",
		Message: "The text has no title.", Hint: "Add at the very top:\n---\ntitle: " + v.Title + "\n---",
	}
	if hasFront {
		d.Hint = "Add `title: " + v.Title + "` to the front matter."
	}
	if v.Place != nil {
		d.Severity = diag.Warning
	}
	return d
}

func (s *Survey) readQuiz(v *Version, text source.Text) *Reading {
	if v.Lang != s.site.Settings.Languages[0] {
		return &Reading{Front: noFront, Facts: noFacts, translation: &text}
	}
	room := s.site.quizzes.Take()
	defer s.site.quizzes.GiveBack(room)
	q, diags := room.Read(text)
	r := &Reading{Title: strings.Clone(q.Title), Front: noFront, Facts: noFacts, Diags: diags}
	r.mentionQuiz(q, text)
	s.readQuestions(r, q, text, s.site.options[v.Lang])
	return r
}

func (r *Reading) mentionRefs(refs []markdown.Ref, place func(markdown.Ref) (diag.Pos, diag.Pos)) {
	for _, ref := range refs {
		if ref.External || ref.Kind == markdown.TermRef {
			continue
		}
		r.Mentions = append(r.Mentions, Mention{What: string(ref.Kind), Dest: ref.Dest, at: spanOf(place(ref))})
	}
}

func (r *Reading) mentionQuiz(q *quiz.Quiz, text source.Text) {
	for _, ref := range q.Refs() {
		r.Mentions = append(r.Mentions, Mention{What: ref.What, Dest: strings.Clone(ref.Text), Level: ref.Level, at: spanOf(text.Span(ref.Start, ref.End))})
	}
}

// translate lays the texts of a translated quiz over the original.
func (s *Survey) translate(r *Reading, original *quiz.Quiz, lang string) *Reading {
	q, diags := original.Translate(*r.translation)
	out := &Reading{Hash: r.Hash, Front: noFront, Facts: noFacts, Diags: diags}
	if q != nil {
		out.Title = strings.Clone(q.Title)
		s.readQuestions(out, q, *r.translation, s.site.options[lang])
	}
	return out
}

// readQuestions reads the texts of a quiz, and puts it away.
func (s *Survey) readQuestions(r *Reading, q *quiz.Quiz, text source.Text, o markdown.Options) {
	rendered := r.readProse(q, text, o)
	s.pack(r, Questions{Quiz: q, Rendered: rendered}, wordsOf(q, NewProses(rendered, o)), nil)
}
