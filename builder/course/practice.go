package course

import (
	"fmt"

	"sopan.dev/sopan/builder/source"
	"sopan.dev/sopan/internal/diag"
	"sopan.dev/sopan/quiz"
)

// checkQuizzes checks what questions say of things outside their file
// (competencies, activities, links and pictures) and the Markdown in them.
func (l *loader) checkQuizzes() error {
	for _, v := range l.texts {
		quizzes := v.Practice
		if v.Quiz != nil {
			quizzes = append(quizzes, v.Quiz)
		}
		if len(quizzes) == 0 {
			continue
		}
		text, _, _, err := l.tree.Text(v.File)
		if err != nil {
			return err
		}
		for _, q := range quizzes {
			if !v.translated {
				l.checkRefs(v, q.Refs(), text)
			}
			l.checkProse(v, q, text)
		}
	}
	return nil
}

func (l *loader) checkRefs(v *Version, refs []quiz.Ref, text source.Text) {
	for _, ref := range refs {
		var e *LinkError
		switch ref.What {
		case "competency":
			if _, code, message, hint := l.competencies.at(ref.Text, ref.Level); code != "" {
				e = &LinkError{code, message, hint}
			}
		case "activity":
			if _, _, code, message, hint := findRole(l.site.Positions, ref.Text); code != "" {
				e = &LinkError{code, message, hint}
			}
		case "reread":
			_, e = l.site.Reread(v, ref.Text)
		case "image":
			var d Destination
			if d, e = l.site.Resolve(v, ref.Text); e == nil && (d.Asset == nil || !isImage(d.Asset.File)) {
				e = &LinkError{"link/no-image", fmt.Sprintf("`%s` is not a picture.", ref.Text), "Name a picture that stands beside the quiz."}
			}
		}
		if e != nil {
			start, end := text.Span(ref.Start, ref.End)
			l.diags = append(l.diags, diag.Diagnostic{Start: start, End: end, Code: e.Code, Message: e.Message, Hint: e.Hint})
		}
	}
}
