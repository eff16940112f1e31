package scaffold

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTitlesComeFromNames(t *testing.T) {
	for name, want := range map[string]string{
		"20-village-fees": "Village fees", "village_fees": "Village fees", "10-ग्राम-शुल्क": "ग्राम शुल्क", "3. ärger": "Ärger",
		"2024": "2024", "x": "X", "RTI-act": "RTI act",
	} {
		if got := titleFrom(filepath.Join("some", "folder", name)); got != want {
			t.Errorf("titleFrom(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestTitlesAreWrittenAsYAMLReadsThemBack(t *testing.T) {
	for title, want := range map[string]string{
		"Village fees": "Village fees", "ग्राम शुल्क": "ग्राम शुल्क", "Fees: two kinds": `"Fees: two kinds"`, "Fees & forms": `"Fees & forms"`,
		"2024": `"2024"`, `Say "yes"`: `"Say \"yes\""`, "": `""`, "#1": `"#1"`, "A, b": `"A, b"`,
		"Yes": "Yes", // no reader of ours takes words for truth values
	} {
		if got := quoted(title); got != want {
			t.Errorf("quoted(%q) = %s, want %s", title, got, want)
		}
	}
}

// A failure in mid-course takes away what was written: the next try starts
// from nothing.
func TestNothingIsLeftOfAHalfMadeFolder(t *testing.T) {
	dir := t.TempDir()
	course := filepath.Join(dir, "content", "c")
	if err := os.MkdirAll(course, 0o755); err != nil {
		t.Fatal(err)
	}
	// A file where a folder is needed: index.md is written, the module fails.
	blocked := filepath.Join(course, "10-first-module")
	if err := os.WriteFile(blocked, []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	if made, err := New("course", course); err == nil || IsUsage(err) {
		t.Errorf("made %+v; %v", made, err)
	}
	entries, err := os.ReadDir(course)
	if err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
	if b, _ := os.ReadFile(blocked); string(b) != "mine" {
		t.Errorf("the author's file holds %q", b)
	}
}

func TestPathsThatNothingCanBeMadeAt(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct{ what, path, words string }{
		{"lesson", "content/c/CON.md", "reserved on Windows"},
		{"lesson", "content/c/what?.md", "Windows refuses"},
		{"quiz", "content/c/100%", "meaning of its own in addresses"},
		{"module", "content/c/end.", "ends in a dot"},
		{"course", "c", "stands directly in the folder `content`"},
		{"course", "content/a/b", "stands directly in the folder `content`"},
		{"poem", "content/c/x", "cannot be made"},
	} {
		made, err := New(c.what, filepath.Join(dir, filepath.FromSlash(c.path)))
		if err == nil || !IsUsage(err) || !strings.Contains(err.Error(), c.words) {
			t.Errorf("new %s %s: %+v, %v; want %q", c.what, c.path, made, err, c.words)
		}
	}
	if entries, _ := os.ReadDir(dir); len(entries) > 0 {
		t.Errorf("something was made: %v", entries)
	}
}

// A slip in a folder's name makes no new course, and a translation does not begin as an example that says something else.
func TestPlacesWhereAnAuthorMeantSomethingElse(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"sopan.yaml", "content/rti/10-basics/20-fees.md", "content/rti/10-basics/90-check.quiz.yaml", "content/rti/80-form.case.md", "content/rti/10-basics/v1.md"} {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte("mine"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct{ what, path, words string }{
		{"course", "content/rti/content/new", "there is no folder `content` here"},
		{"module", "content/rit/20-more", "there is no folder `rit`"},
		{"lesson", "content/rit/20-fees", "make that course first with `sopan new course`"},
		{"quiz", "content/rti/10-basic/80-test", "make that module first with `sopan new module`"},
		{"lesson", "content/rti/10-basics/20-fees.hi.md", "a translation of `20-fees.md`"},
		{"lesson", "content/rti/10-basics/20-fees.ks-Arab", "a translation of `20-fees.md`"},
		{"quiz", "content/rti/10-basics/90-check.quiz.hi.yaml", "the id of each question"},
		{"case", "content/rti/80-form.case.hi.md", "a translation of `80-form.case.md`"},
	} {
		made, err := New(c.what, filepath.Join(dir, filepath.FromSlash(c.path)))
		if err == nil || !IsUsage(err) || !strings.Contains(err.Error(), c.words) {
			t.Errorf("new %s %s: %+v, %v; want %q", c.what, c.path, made, err, c.words)
		}
	}
	for _, c := range []struct{ what, path string }{
		{"lesson", "content/rti/10-basics/v1.2"}, {"lesson", "content/rti/10-basics/new.hi"}, {"quiz", "content/rti/85-mid"}, {"course", "content/b"},
	} {
		if made, err := New(c.what, filepath.Join(dir, filepath.FromSlash(c.path))); err != nil {
			t.Errorf("new %s %s: %+v, %v", c.what, c.path, made, err)
		}
	}
}

func TestALinkIsNotFollowedAndNotOverwritten(t *testing.T) {
	dir := t.TempDir()
	elsewhere := filepath.Join(dir, "elsewhere.md")
	link := filepath.Join(dir, "lesson.md")
	if err := os.Symlink(elsewhere, link); err != nil {
		t.Fatal(err)
	}
	if _, err := New("lesson", link); err == nil || !IsUsage(err) {
		t.Errorf("a link that leads nowhere counts as a free place: %v", err)
	}
	if _, err := os.Lstat(elsewhere); err == nil {
		t.Error("a file was made where the link leads")
	}
}

func TestEndingsAreAddedOnce(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct{ what, path, want string }{
		{"lesson", "a", "a.md"}, {"lesson", "b.md", "b.md"}, {"quiz", "c", "c.quiz.yaml"}, {"quiz", "d.yaml", "d.quiz.yaml"},
		{"quiz", "e.quiz.yaml", "e.quiz.yaml"}, {"case", "f.md", "f.case.md"}, {"case", "g.case.md", "g.case.md"}, {"lesson", "v1.2", "v1.2.md"},
	} {
		made, err := New(c.what, filepath.Join(dir, c.path))
		if err != nil || len(made.Files) != 1 || filepath.Base(made.Files[0]) != c.want {
			t.Errorf("new %s %s: %+v, %v; want %s", c.what, c.path, made, err, c.want)
		}
	}
}
