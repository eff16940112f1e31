package course

import (
	"bytes"

	"sopan.dev/sopan/builder/markdown"
	"sopan.dev/sopan/builder/source"
	"sopan.dev/sopan/internal/diag"
	"sopan.dev/sopan/quiz"
)

// checkProse reads the Markdown of a quiz's prompts, choices and explanations:
// what is wrong with it, and where its links lead.
func (l *loader) checkProse(v *Version, q *quiz.Quiz, text source.Text) {
	o := l.site.options[v.Lang]
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
			l.diags = append(l.diags, d)
		}
		inner := source.NewText("", []byte(p.Text))
		for _, ref := range doc.Facts().Refs {
			if ref.External || ref.Kind == markdown.TermRef {
				continue
			}
			dest, problem := l.site.Resolve(v, ref.Dest)
			if problem == nil {
				problem = l.wrongKind(ref, dest)
			}
			if problem != nil {
				l.diags = append(l.diags, diag.Diagnostic{
					Start: place(inner.Pos(ref.Start)), End: place(inner.Pos(ref.End)),
					Code: problem.Code, Message: problem.Message, Hint: problem.Hint,
				})
			}
		}
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
