package course

import (
	"fmt"

	"sopan.dev/sopan/internal/diag"
	"sopan.dev/sopan/quiz"
)

// checkQuizzes checks what questions say of things outside their file:
// competencies, activities, links and pictures.
func (l *loader) checkQuizzes() {
	for _, v := range l.texts {
		if v.Quiz != nil && !v.translated {
			l.checkRefs(v, v.Quiz.Refs())
		}
		for _, p := range v.Practice {
			l.checkRefs(v, p.Refs())
		}
	}
}

func (l *loader) checkRefs(v *Version, refs []quiz.Ref) {
	if len(refs) == 0 {
		return
	}
	text, _, _, err := l.tree.Text(v.File)
	if err != nil {
		return
	}
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
