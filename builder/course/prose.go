package course

import (
	"bytes"

	"sopan.dev/sopan/builder/markdown"
	"sopan.dev/sopan/builder/source"
	"sopan.dev/sopan/internal/diag"
	"sopan.dev/sopan/quiz"
)

// readProse reads the Markdown of a quiz's prompts, choices and explanations:
// what is wrong with it, and where its links lead.
func (r *Reading) readProse(q *quiz.Quiz, text source.Text, o markdown.Options) {
	for _, p := range q.Prose() {
		if p.Fallback || !markdownIn(p.Text) { // what falls back was read with its original
			continue
		}
		doc := markdown.ParseInline(p.Text, o)
		if p.Block {
			doc = markdown.ParseBlock(p.Text, o)
		}
		place := placeIn(text, p)
		for _, d := range doc.Diagnostics() {
			d.Start, d.End = place(d.Start), place(d.End)
			r.Diags = append(r.Diags, d)
		}
		inner := source.NewText("", []byte(p.Text))
		r.mentionRefs(doc.Facts().Refs, func(ref markdown.Ref) (diag.Pos, diag.Pos) {
			return place(inner.Pos(ref.Start)), place(inner.Pos(ref.End))
		})
	}
}

// markdownIn tells whether a text can hold anything but words, so that the
// thousands that cannot are not parsed.
func markdownIn(s string) bool {
	for i := range len(s) {
		switch s[i] {
		case '[', '<', '!', ':', '`', '&', '{', '\n', '@', '/':
			return true
		}
	}
	return false
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
