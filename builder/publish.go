package builder

import (
	"fmt"

	"sopan.dev/sopan/internal/diag"
)

// Told is what a build says of quizzes in its summary, because it is no
// mistake: an author may leave both as they are until the site is released.
type Told struct {
	Nameless int // files with questions that have no id
	Open     int // quizzes whose key is in the page
}

// told takes such findings out of the list and counts them. When the site is
// released they stay in it: from then on a changed prompt costs learners their
// answers.
func told(list diag.List, release bool) (Told, diag.List) {
	var t Told
	kept := make(diag.List, 0, len(list))
	for _, d := range list {
		switch d.Code {
		case "quiz/open-key":
			t.Open++
		case "quiz/id-missing":
			t.Nameless++
		default:
			kept = append(kept, d)
			continue
		}
		if release {
			kept = append(kept, d)
		}
	}
	return t, kept
}

// String gives a line for each that there is.
func (t Told) String() string {
	out := ""
	if t.Nameless > 0 {
		out += fmt.Sprintf("questions without an id in %s: `sopan check --fix` writes them\n", files(t.Nameless))
	}
	if t.Open > 0 {
		out += fmt.Sprintf("open quizzes: %d; whoever reads the source of their pages can read the answers\n", t.Open)
	}
	return out
}

func files(n int) string {
	if n == 1 {
		return "1 file"
	}
	return fmt.Sprintf("%d files", n)
}
