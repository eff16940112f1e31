package course

import (
	"fmt"

	"sopan.dev/sopan/builder/markdown"
	"sopan.dev/sopan/builder/source"
	"sopan.dev/sopan/internal/diag"
)

// overrun says when the blocks of a case study take longer than the case
// itself, at the block with which they do. A case that names no minutes has
// none to overrun.
func overrun(text source.Text, doc *markdown.Doc, minutes int) diag.List {
	if minutes == 0 {
		return nil
	}
	sum := 0
	var over *markdown.Timed
	for _, b := range doc.Timed() {
		if sum += b.Minutes; sum > minutes && over == nil {
			over = &b
		}
	}
	if over == nil {
		return nil
	}
	start, end := text.Span(over.Start, over.End)
	return diag.List{{
		Start: start, End: end, Severity: diag.Warning, Code: "case/overrun",
		Message: fmt.Sprintf("The blocks of this case study take %d minutes, and its front matter names %d; with this one they are over.", sum, minutes),
		Hint:    fmt.Sprintf("Write `minutes: %d` in the front matter, or shorten the blocks.", sum),
	}}
}
