package quiz

import (
	"bytes"
	"io/fs"
	"os"
	"strings"
	"testing"

	"sopan.dev/sopan/builder/source"
)

// The quizzes that ship are read without a finding (but that their keys are in
// the pages, which is meant), and their forms hold every
// question once.
func TestSampleQuizzesAreClean(t *testing.T) {
	n := 0
	err := fs.WalkDir(os.DirFS("../content"), ".", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".quiz.yaml") {
			return err
		}
		n++
		b, err := os.ReadFile("../content/" + path)
		if err != nil {
			return err
		}
		q, finds := Read(source.NewText(path, b))
		for _, d := range finds {
			if d.Code == "quiz/open-key" {
				continue
			}
			t.Errorf("%s:%d:%d: %s: %s %s (%s)", d.Start.File, d.Start.Line, d.Start.Col, d.Severity, d.Message, d.Hint, d.Code)
		}
		form := Form(q, FormOptions{})
		if got := bytes.Count(form, []byte("<fieldset")); got != len(q.Questions) || got == 0 {
			t.Errorf("%s: %d fieldsets for %d questions", path, got, len(q.Questions))
		}
		return nil
	})
	if err != nil || n == 0 {
		t.Fatalf("%d quizzes, %v", n, err)
	}
}
