package course

import (
	"bytes"

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
	for p := range q.Prose() {
		if p.Fallback || markdown.IsBare(p.Text) { // what falls back was read with its original
			continue
		}
		doc := parseProse(p, o)
		if found, refs := doc.Diagnostics(), doc.Facts().Refs; len(found)+len(refs) > 0 { // few texts have either
			inner := source.NewText("", []byte(p.Text))
			place := placeIn(text, inner, p)
			for _, d := range found {
				d.Start, d.End = place(d.Start), place(d.End)
				r.Diags = append(r.Diags, d)
			}
			r.mentionRefs(refs, func(ref markdown.Ref) (diag.Pos, diag.Pos) {
				return place(inner.Pos(ref.Start)), place(inner.Pos(ref.End))
			})
		}
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

// rendered takes what a text comes to, and lets go of it.
func rendered(p quiz.Prose, doc *markdown.Doc) Rendered {
	defer doc.Release()
	body := doc.Body()
	return Rendered{p.Text, p.Block, body.Clone(), doc.Plain()}
}

// Proses gives what Markdown makes of the texts of questions: as it was
// rendered when they were read, else it is rendered now.
type Proses struct {
	options  markdown.Options
	few      []Rendered // which are looked through
	rendered map[proseKey]*Rendered
}

// fewProses are looked through sooner than a map is made of them.
const fewProses = 16

type proseKey struct {
	source string
	block  bool
}

// NewProses is for texts of which some are rendered.
func NewProses(all []Rendered, o markdown.Options) *Proses {
	if len(all) <= fewProses {
		return &Proses{options: o, few: all}
	}
	p := &Proses{options: o, rendered: make(map[proseKey]*Rendered, len(all))}
	for i := range all {
		r := &all[i]
		p.rendered[proseKey{r.Source, r.Block}] = r
	}
	return p
}

// Rendered gives a text as a block or as a line.
func (p *Proses) Rendered(t quiz.Prose, block bool) *Rendered {
	for i := range p.few {
		if r := &p.few[i]; r.Source == t.Text && r.Block == block {
			return r
		}
	}
	key := proseKey{t.Text, block}
	if p.rendered[key] == nil {
		t.Block = block
		r := rendered(t, parseProse(t, p.options))
		if p.rendered == nil {
			p.rendered = map[proseKey]*Rendered{}
		}
		p.rendered[key] = &r
	}
	return p.rendered[key]
}

// Plain gives the words of a text.
func (p *Proses) Plain(t quiz.Prose, block bool) string {
	if markdown.IsBare(t.Text) {
		return markdown.BareWords(t.Text)
	}
	return p.Rendered(t, block).Plain
}

// wordsOf gives what a search finds in a quiz: the words of its prompts.
func wordsOf(q *quiz.Quiz, texts *Proses) []markdown.Section {
	words := make([]markdown.Section, len(q.Questions))
	for i := range words {
		ask := q.Questions[i].Ask
		words[i].ID, words[i].Text = "q-"+q.Questions[i].ID, texts.Plain(ask, ask.Block)
	}
	return words
}

// placeIn gives the place in the file of a place in a text that stands there.
// Where the text stands in the file as it is (unquoted or in simple quotes, on
// one line) the place is exact; a text that YAML folded is named by its start.
func placeIn(file, inner source.Text, p quiz.Prose) func(diag.Pos) diag.Pos {
	start := max(0, min(p.Start, len(file.Bytes)))
	end := max(start, min(p.End, len(file.Bytes)))
	at := bytes.Index(file.Bytes[start:end], inner.Bytes)
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
