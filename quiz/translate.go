package quiz

import (
	"fmt"
	"slices"

	"sopan.dev/sopan/builder/source"
	"sopan.dev/sopan/internal/diag"
)

// Translate lays the texts of a translation (check.quiz.hi.yaml) over a copy
// of the quiz. The key, the marks and the order stay those of the source: a
// translation holds texts only. What it leaves out stays in the language of the
// source, marked Fallback, with a note.
func (q *Quiz) Translate(t source.Text) (*Quiz, diag.List) {
	r := new(Room).reader(t)
	out := *q
	out.Questions = slices.Clone(q.Questions)
	n := r.document(0, len(t.Bytes), slices.Concat([]string{"title", "questions"}, translatable(nil)))
	if n == nil || n.Kind != pairs {
		if n != nil || len(r.finds) == 0 {
			r.say(diag.Error, "quiz/empty", 0, 0, "The translation holds no texts.", "Write `title: …` and `questions:`, and below it each question's id with its texts.")
		}
		n = &node{Kind: pairs}
	}
	f := r.fields(n)
	f.unknown([]string{"title", "questions"}, func(key string) (string, string) {
		if slices.Contains(quizKeys, key) {
			return "`" + key + "` is not translated; it stands in the source alone.", "Take it away here."
		}
		return "", ""
	})
	if title, at := f.text("title"); at != nil {
		out.Title = title
	} else if !f.has("title") {
		r.untranslatedAt(n.Start, n.Start, "The title")
	}
	texts := &fields{reader: r, node: &node{Kind: pairs}}
	if at := f.meant("questions", []string{"title", "questions"}); at != nil {
		if at.Kind == pairs {
			texts = r.fields(at)
		} else {
			r.refuse(at, "quiz/not-pairs", "In a translation, `questions` has an id for each question.", "Write the id of a question, a colon, and its texts in the lines below, indented by two spaces.")
		}
	}
	var ids []string
	for i := range q.Questions {
		ids = append(ids, q.Questions[i].ID)
	}
	for e := range entries(texts.node) {
		if r.full() {
			break
		}
		k := e.key
		if k.Kind == scalar && !slices.Contains(ids, k.Value) {
			hint := diag.DidYouMean(k.Value, ids)
			if hint == "" {
				hint = "Take it away, or give the question of the source this id."
			}
			r.refuse(k, "quiz/translation-unknown-id", "The source has no question `"+k.Value+"`.", hint)
		}
	}
	for i := range out.Questions {
		r.question = out.Questions[i].Number
		r.translateQuestion(&out.Questions[i], texts)
	}
	return &out, r.finds.Sort()
}

// translatable lists the keys of a question that hold texts.
func translatable(a answer) []string {
	keys := []string{"ask", "hint", "why", "image"}
	if a != nil {
		return append(keys, a.translatable()...)
	}
	return append(keys, answerWords...)
}

func (r *reader) translateQuestion(q *Question, texts *fields) {
	n := texts.get(q.ID)
	if n != nil && n.Kind != pairs {
		r.refuse(n, "quiz/not-pairs", "Below the id of a question stand its texts.", "Write `ask: …` in the next line, indented by two spaces.")
		n = nil
	}
	if n == nil {
		if !texts.has(q.ID) {
			at := texts.node
			r.untranslatedAt(at.Start, at.Start, fmt.Sprintf("Question %d (`%s`)", q.Number, q.ID))
		}
		n = &node{Kind: pairs}
		// Everything falls back; that was said once.
		quiet := *r
		quiet.finds = nil
		(&quiet).overlay(q, (&quiet).fields(n))
		return
	}
	r.overlay(q, r.fields(n))
}

func (r *reader) overlay(q *Question, f *fields) {
	known := translatable(q.answer)
	f.unknown(known, func(key string) (string, string) {
		if slices.Contains(knownKeys, key) {
			return "`" + key + "` is not translated; it stands in the source alone.", "Take it away here."
		}
		return "", ""
	})
	lay := func(key string, p *Prose) {
		switch text := f.prose(key); {
		case text.Text != "" && p.Text == "":
			f.say(diag.Error, "quiz/translation-more", text.Start, text.End, "The source has no `"+key+"` here.", "Add it to the source, or take it away here.")
		case text.Text != "":
			*p = text
		case p.Text != "":
			p.Fallback = true
			f.untranslated(key)
		}
	}
	lay("ask", &q.Ask)
	lay("why", &q.Why)
	hints := f.proses("hint")
	if len(hints) > len(q.Hints) {
		h := hints[len(q.Hints)]
		f.say(diag.Error, "quiz/translation-more", h.Start, h.End, "There are more hints here than in the source.", "Add it to the source, or take it away here.")
		hints = hints[:len(q.Hints)]
	}
	if len(hints) < len(q.Hints) {
		f.untranslated("hint")
	}
	q.Hints = slices.Clone(q.Hints)
	for i := range q.Hints {
		q.Hints[i].Fallback = true
		if i < len(hints) {
			q.Hints[i] = hints[i]
		}
	}
	if q.Image != nil {
		if image := f.image(f); image != nil {
			copied := *q.Image
			copied.Alt = image.Alt
			q.Image = &copied
		} else {
			f.untranslated("image")
		}
	}
	q.answer = q.answer.translate(f)
}

// untranslated notes that a key of the source has no translation here, unless
// it is there and was refused.
func (f *fields) untranslated(key string) {
	if !f.has(key) {
		f.untranslatedAt(f.node.Start, f.node.Start, "`"+key+"` of "+fmt.Sprintf("question %d", f.question))
	}
}

func (r *reader) untranslatedAt(start, end int, what string) {
	r.say(diag.Note, "quiz/translation-missing", start, end, what+" is not translated; learners see the text of the source.", "Add it here when it is translated.")
}
