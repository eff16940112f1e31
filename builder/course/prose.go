package course

import (
	"bytes"
	"slices"

	"sopan.dev/sopan/builder/markdown"
	"sopan.dev/sopan/builder/source"
	"sopan.dev/sopan/internal/diag"
	"sopan.dev/sopan/quiz"
)

// Rendered is what Markdown makes of a text of a question.
type Rendered struct {
	Source string // as it was written
	Block  bool
	HTML   markdown.Body
	Plain  string // its words, without markup
}

// readProse reads the Markdown of a quiz's prompts, choices and explanations:
// what is wrong with it, where its links lead, and what it comes to. Texts of
// words alone, most of them, are not parsed.
func (r *Reading) readProse(q *quiz.Quiz, text source.Text, o markdown.Options) []Rendered {
	var all []Rendered
	for _, p := range q.Prose() {
		if p.Fallback || markdown.IsBare(p.Text) { // what falls back was read with its original
			continue
		}
		doc := parseProse(p, o)
		place := placeIn(text, p)
		for _, d := range doc.Diagnostics() {
			d.Start, d.End = place(d.Start), place(d.End)
			r.Diags = append(r.Diags, d)
		}
		inner := source.NewText("", []byte(p.Text))
		r.mentionRefs(doc.Facts().Refs, func(ref markdown.Ref) (diag.Pos, diag.Pos) {
			return place(inner.Pos(ref.Start)), place(inner.Pos(ref.End))
		})
		all = append(all, rendered(p, doc))
	}
	return all
}

func parseProse(p quiz.Prose, o markdown.Options) *markdown.Doc {
	if p.Block {
		return markdown.ParseBlock(p.Text, o)
	}
	return markdown.ParseInline(p.Text, o)
}

func rendered(p quiz.Prose, doc *markdown.Doc) Rendered {
	return Rendered{p.Text, p.Block, doc.Body(), doc.Plain()}
}

// RenderProse renders a text of a question.
func RenderProse(p quiz.Prose, o markdown.Options) Rendered { return rendered(p, parseProse(p, o)) }

// wordsOf gives what a search finds in a quiz: the words of its prompts.
func wordsOf(q *quiz.Quiz, all []Rendered, o markdown.Options) []markdown.Section {
	words := make([]markdown.Section, len(q.Questions))
	for i := range words {
		ask := q.Questions[i].Ask
		words[i].ID = "q-" + q.Questions[i].ID
		if markdown.IsBare(ask.Text) {
			words[i].Text = markdown.BareWords(ask.Text)
		} else if n := slices.IndexFunc(all, func(r Rendered) bool { return r.Source == ask.Text && r.Block == ask.Block }); n >= 0 {
			words[i].Text = all[n].Plain
		} else {
			words[i].Text = RenderProse(ask, o).Plain
		}
	}
	return words
}

// placeIn gives the place in the file of a place in a text that stands there.
// Where the text stands in the file as it is (unquoted or in simple quotes, on
// one line) the place is exact; a text that YAML folded is named by its start.
func placeIn(file source.Text, p quiz.Prose) func(diag.Pos) diag.Pos {
	start := max(0, min(p.Start, len(file.Bytes)))
	end := max(start, min(p.End, len(file.Bytes)))
	at := bytes.Index(file.Bytes[start:end], []byte(p.Text))
	inner := source.NewText("", []byte(p.Text))
	return func(pos diag.Pos) diag.Pos {
		switch {
		case pos.Line == 0:
			return diag.Pos{}
		case at < 0:
			return file.Pos(start)
		}
		return file.Pos(start + at + inner.Offset(pos.Line, pos.Col))
	}
}
