package main

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"sopan.dev/sopan/builder"
)

// few is enough for two modules, a Hindi lesson in each, and code in some.
const few = 20

func written(t *testing.T, c corpus, f form) site {
	t.Helper()
	s := site{t.TempDir(), f}
	if err := c.write(s.dir, s.form); err != nil {
		t.Fatal(err)
	}
	return s
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestGeneratedSiteBuildsWithoutDiagnostics(t *testing.T) {
	for _, code := range []bool{true, false} {
		s := written(t, corpus{seed: 1, lessons: few, code: code}, sopanForm())
		result, diags, err := builder.New().Build(context.Background(), os.DirFS(s.dir), builder.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range diags {
			t.Errorf("code %t: %v", code, d)
		}
		pages := map[string]bool{}
		for _, path := range result.Set.Paths() {
			pages[path] = true
		}
		for i := range few {
			check := strings.Replace(address(i), "/lesson-", "/check-", 1)
			if !pages[address(i)] || !pages[check] {
				t.Errorf("code %t: no page %s or %s", code, address(i), check)
			}
		}
	}
}

// Only what a text is called by and how links are written may differ.
func TestBothProgramsGetTheSameLessonsAndQuizzes(t *testing.T) {
	c := corpus{seed: 1, lessons: few, code: true}
	ours, theirs := written(t, c, sopanForm()), written(t, c, hugoForm())
	links := regexp.MustCompile(`\((?:\d+0-)?lesson-(\d+)\.(?:md|html)\)`)
	own := regexp.MustCompile(`(?m)^(weight|layout): .*\n|^---\n`)
	same := func(text string) string { return own.ReplaceAllString(links.ReplaceAllString(text, "(lesson $1)"), "") }
	linked := 0
	for i := range few {
		a, b := read(t, ours.path(i)), read(t, theirs.path(i))
		linked += len(links.FindAllString(a, -1))
		if same(a) != same(b) {
			t.Errorf("lesson %d differs:\n%s\n%s", i, same(a), same(b))
		}
		name, _ := ours.quiz(i, "")
		hugoName, _ := theirs.quiz(i, "")
		a = read(t, filepath.Join(ours.dir, "content", filepath.FromSlash(name)))
		b = read(t, filepath.Join(theirs.dir, "content", filepath.FromSlash(hugoName)))
		if same(a) != same(b) || strings.Count(a, "\n- id: ") != 8 {
			t.Errorf("quiz %d differs, or has not 8 questions:\n%s\n%s", i, same(a), same(b))
		}
	}
	// Within a module of ten, each neighbour is linked to.
	if want := few / lessonsPerModule * 2 * (lessonsPerModule - 1); linked != want {
		t.Errorf("%d links between lessons, want %d", linked, want)
	}
}

func TestACorpusIsMadeFromItsSeedAlone(t *testing.T) {
	nowhere := func(int) string { return "" }
	with := corpus{seed: 1, lessons: few, code: true}
	without := corpus{seed: 1, lessons: few}
	blocks := regexp.MustCompile("(?s)```.*?\n```\n\n")
	coded, bytes := 0, 0
	for i := range few {
		l := with.lesson(i, nowhere)
		bytes += len(l.body)
		if again := (corpus{seed: 1, lessons: few, code: true}).lesson(i, nowhere); again != l {
			t.Errorf("lesson %d is another one the second time", i)
		}
		if other := (corpus{seed: 2, lessons: few, code: true}).lesson(i, nowhere); other.body == l.body {
			t.Errorf("lesson %d is the same with another seed", i)
		}
		if found := blocks.FindAllString(l.body, -1); len(found) > 0 {
			coded++
		}
		if bare := without.lesson(i, nowhere).body; bare != blocks.ReplaceAllString(l.body, "") {
			t.Errorf("lesson %d without code differs in more than its code", i)
		}
	}
	if coded != few*2/5 {
		t.Errorf("%d of %d lessons have code, want two of five", coded, few)
	}
	if mean := bytes / few; mean < 7000 || mean > 10000 {
		t.Errorf("a lesson has %d bytes on average, want about 8 KB", mean)
	}
}

func TestAnEditIsSeenInItsPage(t *testing.T) {
	c := corpus{seed: 1, lessons: few, code: true}
	for _, f := range []form{sopanForm(), hugoForm()} {
		s := written(t, c, f)
		if err := s.edit(3, editText, "mark one"); err != nil {
			t.Fatal(err)
		}
		if err := s.edit(3, editTitle, "mark two"); err != nil {
			t.Fatal(err)
		}
		text := read(t, s.path(3))
		if !strings.HasPrefix(text, "---\ntitle: A new title, mark two\nsummary: ") || !strings.HasSuffix(text, "\nOne more sentence, mark one.\n") {
			t.Errorf("edited twice:\n%s", text)
		}
		if err := s.edit(few, editText, "mark"); err == nil {
			t.Error("a lesson that is not there was edited")
		}
	}
}
