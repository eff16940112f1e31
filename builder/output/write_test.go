package output

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

func text(s string) Entry { return Entry{Bytes: []byte(s)} }

func mustSet(t testing.TB, files map[string]string) *Set {
	t.Helper()
	entries := map[string]Entry{}
	for p, s := range files {
		entries[p] = text(s)
	}
	s, err := NewSet(entries)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func mustWrite(t testing.TB, dir string, files map[string]string) Result {
	t.Helper()
	r, err := WriteDir(t.Context(), mustSet(t, files), dir, Options{})
	if err != nil {
		t.Fatalf("WriteDir: %v", err)
	}
	return r
}

// tree reads a folder back, without the marker.
func tree(t testing.TB, dir string) map[string]string {
	t.Helper()
	got := map[string]string{}
	err := filepath.WalkDir(dir, func(p string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || e.Name() == Marker {
			return err
		}
		b, err := []byte("link"), error(nil)
		if e.Type().IsRegular() {
			b, err = os.ReadFile(p)
		}
		rel, _ := filepath.Rel(dir, p)
		got[filepath.ToSlash(rel)] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func sameTree(a, b map[string]string) bool {
	return fmt.Sprint(a) == fmt.Sprint(b)
}

// beside lists what stands in the target's parent besides the target.
func beside(t testing.TB, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(dir))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		if e.Name() != filepath.Base(dir) {
			names = append(names, e.Name())
		}
	}
	return names
}

func TestWriteDirMakesExactlyTheSet(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "public")
	files := map[string]string{"index.html": "home", "hi/course/वुका.html": "वुका", ".nojekyll": ""}
	r := mustWrite(t, dir, files)
	if got := tree(t, dir); !sameTree(got, files) {
		t.Errorf("folder holds %v, want %v", got, files)
	}
	if r.Files != 3 || r.Written != 3 || r.Kept != 0 {
		t.Errorf("result %+v, want 3 files written", r)
	}
	if left := beside(t, dir); len(left) > 0 {
		t.Errorf("left beside the target: %v", left)
	}
}

func TestUnchangedFilesKeepTheirTime(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "public")
	mustWrite(t, dir, map[string]string{"a.html": "a", "b.html": "b"})
	old := time.Date(2001, 2, 3, 4, 5, 6, 0, time.UTC)
	if err := os.Chtimes(filepath.Join(dir, "a.html"), old, old); err != nil {
		t.Fatal(err)
	}
	r := mustWrite(t, dir, map[string]string{"a.html": "a", "b.html": "B"})
	info, err := os.Stat(filepath.Join(dir, "a.html"))
	if err != nil {
		t.Fatal(err)
	}
	if !info.ModTime().Equal(old) || r.Kept != 1 || r.Written != 1 {
		t.Errorf("a.html has time %v (want %v), result %+v (want 1 kept, 1 written)", info.ModTime(), old, r)
	}
}

func TestNothingIsTouchedWhenNothingChanged(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "public")
	files := map[string]string{"a.html": "a", "x/b.html": "b"}
	mustWrite(t, dir, files)
	before, _ := os.Stat(dir)
	r := mustWrite(t, dir, files)
	after, _ := os.Stat(dir)
	if !os.SameFile(before, after) || r.Written != 0 || r.Kept != 2 {
		t.Errorf("an equal build replaced the folder: same %v, result %+v", os.SameFile(before, after), r)
	}
}

func TestAKeyedPageIsNotRenderedAgain(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "public")
	renders := 0
	var memory Memory
	write := func(key string) {
		s, err := NewSet(map[string]Entry{"a.html": {Key: key, Render: func() ([]byte, error) {
			renders++
			return []byte("page " + key), nil
		}}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := WriteDir(t.Context(), s, dir, Options{Memory: &memory}); err != nil {
			t.Fatal(err)
		}
	}
	write("1")
	write("1")
	if renders != 1 {
		t.Errorf("an unchanged key was rendered %d times, want once", renders)
	}
	write("2")
	if got := tree(t, dir)["a.html"]; got != "page 2" || renders != 2 {
		t.Errorf("after a new key the page is %q (%d renders)", got, renders)
	}
	// Somebody edits the output: the key still fits, the bytes do not.
	os.WriteFile(filepath.Join(dir, "a.html"), []byte("page X"), 0o644)
	write("2")
	if got := tree(t, dir)["a.html"]; got != "page 2" {
		t.Errorf("a page changed by hand stays %q", got)
	}
}

func TestFault18DeletedSourcesLeaveNoPage(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "public")
	mustWrite(t, dir, map[string]string{"a.html": "a", "gone/b.html": "b"})
	r := mustWrite(t, dir, map[string]string{"a.html": "a"})
	if got := tree(t, dir); !sameTree(got, map[string]string{"a.html": "a"}) || r.Removed != 1 {
		t.Errorf("folder holds %v, result %+v", got, r)
	}
	if _, err := os.Stat(filepath.Join(dir, "gone")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the empty folder of a deleted page is still there: %v", err)
	}
	// A page that comes in its place is none that was there before.
	r = mustWrite(t, dir, map[string]string{"c.html": "a"})
	if got := tree(t, dir); !sameTree(got, map[string]string{"c.html": "a"}) || r.Removed != 1 || r.Written != 1 {
		t.Errorf("folder holds %v, result %+v", got, r)
	}
}

func TestAFailingPageLeavesTheOldSite(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "public")
	old := map[string]string{"a.html": "a"}
	mustWrite(t, dir, old)
	broken := errors.New("template is broken")
	s, err := NewSet(map[string]Entry{"a.html": text("new"), "b.html": {Render: func() ([]byte, error) { return nil, broken }}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := WriteDir(t.Context(), s, dir, Options{}); !errors.Is(err, broken) || !strings.Contains(err.Error(), "b.html") {
		t.Errorf("error %v does not name the page and the cause", err)
	}
	if got := tree(t, dir); !sameTree(got, old) {
		t.Errorf("folder holds %v, want the old site", got)
	}
	if left := beside(t, dir); len(left) > 0 {
		t.Errorf("left beside the target: %v", left)
	}
}

// Files are drawn one after the other in one buffer: a short one behind a long
// one, and one that fails half way before others, are the bytes that they are.
func TestFilesThatAreDrawnAreTheirOwnBytes(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "public")
	drawn := func(s string) Entry {
		return Entry{
			Render: func() ([]byte, error) { return nil, errors.New("rendered, and not drawn") },
			Draw:   func(b *bytes.Buffer) error { b.WriteString(s); return nil },
		}
	}
	entries, want := map[string]Entry{}, map[string]string{}
	for i := range 40 {
		name := fmt.Sprintf("%02d.html", i)
		want[name] = strings.Repeat(name, 1+i*7%13)
		entries[name] = drawn(want[name])
	}
	entries["static.css"], want["static.css"] = text("x"), "x"
	write := func() error {
		s, err := NewSet(entries)
		if err != nil {
			t.Fatal(err)
		}
		_, err = WriteDir(t.Context(), s, dir, Options{})
		return err
	}
	if err := write(); err != nil {
		t.Fatal(err)
	}
	if got := tree(t, dir); !sameTree(got, want) {
		t.Errorf("folder holds %v, want %v", got, want)
	}
	for i := range 40 { // old files are read in the same buffer, behind what was drawn
		name := fmt.Sprintf("%02d.html", i)
		switch i % 3 {
		case 0:
			want[name] = strings.Repeat(name+"!", 1+i*5%17)
			entries[name] = drawn(want[name])
		case 1: // somebody was there
			if err := os.WriteFile(filepath.Join(dir, name), bytes.Repeat([]byte("?"), max(1, len(want[name])+i-20)), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := write(); err != nil {
		t.Fatal(err)
	}
	if got := tree(t, dir); !sameTree(got, want) {
		t.Errorf("the second time the folder holds %v, want %v", got, want)
	}
	broken := errors.New("the lesson's picture is gone")
	entries["05.html"] = Entry{Draw: func(b *bytes.Buffer) error { b.WriteString("half"); return broken }}
	entries["06.html"] = drawn("new")
	if err := write(); !errors.Is(err, broken) || !strings.Contains(err.Error(), "05.html") {
		t.Errorf("error %v does not name the page and the cause", err)
	}
	if got := tree(t, dir); !sameTree(got, want) {
		t.Errorf("after a page that failed the folder holds %v, want the old site", got)
	}
}

func TestACancelledBuildLeavesTheOldSite(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "public")
	old := map[string]string{"a.html": "a"}
	mustWrite(t, dir, old)
	ctx, cancel := context.WithCancel(t.Context())
	s, _ := NewSet(map[string]Entry{"a.html": {Render: func() ([]byte, error) { cancel(); return []byte("new"), nil }}})
	if _, err := WriteDir(ctx, s, dir, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
	if got, left := tree(t, dir), beside(t, dir); !sameTree(got, old) || len(left) > 0 {
		t.Errorf("folder holds %v, beside it %v", got, left)
	}
}

func TestFault16OutputThatIsNotOurs(t *testing.T) {
	put := func(t *testing.T, p, s string) {
		t.Helper()
		if err := errors.Join(os.MkdirAll(filepath.Dir(p), 0o755), os.WriteFile(p, []byte(s), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	cases := []struct {
		name   string
		reason Reason
		make   func(t *testing.T, dir string) string // gives the --out
	}{
		{"a file", NotAFolder, func(t *testing.T, dir string) string { put(t, dir, "mine"); return dir }},
		{"below a file", NotAFolder, func(t *testing.T, dir string) string { put(t, dir, "mine"); return dir + "/public" }},
		{"foreign files", Foreign, func(t *testing.T, dir string) string { put(t, dir+"/deep/thesis.docx", "mine"); return dir }},
		{"a foreign file in our folder", Foreign, func(t *testing.T, dir string) string {
			mustWrite(t, dir, map[string]string{"index.html": "old"})
			put(t, dir+"/CNAME", "example.in")
			return dir
		}},
		{"a repository", Foreign, func(t *testing.T, dir string) string { put(t, dir+"/.git/HEAD", "ref"); return dir }},
		{"an empty .git", Foreign, func(t *testing.T, dir string) string { os.MkdirAll(dir+"/.git", 0o755); return dir }},
		{"another tool's marker", Foreign, func(t *testing.T, dir string) string { put(t, dir+"/"+Marker, "{}"); return dir }},
		{"a link to a home folder", IsHome, func(t *testing.T, dir string) string {
			home := dir + "-home"
			put(t, home+"/letter.txt", "mine")
			t.Setenv("HOME", home)
			t.Setenv("USERPROFILE", home)
			os.Symlink(home, dir)
			return dir
		}},
		{"a link", IsALink, func(t *testing.T, dir string) string {
			os.Mkdir(dir+"-real", 0o755)
			os.Symlink(dir+"-real", dir)
			return dir
		}},
		{"the home folder", IsHome, func(t *testing.T, dir string) string {
			put(t, dir+"/letter.txt", "mine")
			t.Setenv("HOME", dir)
			t.Setenv("USERPROFILE", dir)
			return dir
		}},
		{"the root", IsRoot, func(t *testing.T, dir string) string { return filepath.VolumeName(dir) + "/" }},
		{"read-only", ReadOnly, func(t *testing.T, dir string) string {
			mustWrite(t, dir, map[string]string{"index.html": "old"})
			os.Chmod(dir, 0o555)
			t.Cleanup(func() { os.Chmod(dir, 0o755) })
			return dir
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			base := t.TempDir()
			out := c.make(t, filepath.Join(base, "public"))
			before := tree(t, base)
			_, err := WriteDir(t.Context(), mustSet(t, map[string]string{"index.html": "new"}), out, Options{})
			var r *Refusal
			if !errors.As(err, &r) || r.Reason != c.reason {
				t.Fatalf("error %v, want a refusal for %q", err, c.reason)
			}
			if r.Message == "" || r.Hint == "" {
				t.Errorf("a refusal without words or next step: %+v", r)
			}
			if after := tree(t, base); !sameTree(before, after) {
				t.Errorf("a refused folder was changed: %v, was %v", after, before)
			}
		})
	}
}

func TestAnEmptyFolderIsTaken(t *testing.T) {
	dir := t.TempDir()
	out := filepath.Join(dir, "public")
	os.Mkdir(out, 0o750)
	os.WriteFile(filepath.Join(out, ".DS_Store"), nil, 0o644) // a person looked into it with Finder
	mustWrite(t, out, map[string]string{"a.html": "a"})
	info, _ := os.Stat(out)
	if info.Mode().Perm() != 0o750 {
		t.Errorf("the folder's rights became %v, were 0750", info.Mode().Perm())
	}
}

func TestFault23SameTreeForAnyWorkerOrder(t *testing.T) {
	files := map[string]string{}
	for i := range 200 {
		files[fmt.Sprintf("m%d/l%03d.html", i%7, i)] = strings.Repeat("x", i)
	}
	read := func() string {
		dir := filepath.Join(t.TempDir(), "public")
		mustWrite(t, dir, files)
		b, err := os.ReadFile(filepath.Join(dir, Marker))
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	if a, b := read(), read(); a != b || strings.Count(a, "\n") < 200 {
		t.Errorf("two builds of one set have different markers:\n%s\n%s", a, b)
	}
}

func TestProgressCountsEveryPage(t *testing.T) {
	var seen []int
	s := mustSet(t, map[string]string{"a": "a", "b": "b", "c": "c"})
	_, err := WriteDir(t.Context(), s, filepath.Join(t.TempDir(), "p"), Options{Progress: func(done, total int) {
		if total != 3 {
			t.Errorf("total %d, want 3", total)
		}
		seen = append(seen, done)
	}})
	if err != nil || !slices.Equal(seen, []int{1, 2, 3}) {
		t.Errorf("progress %v (%v), want 1 2 3", seen, err)
	}
}

// TestWhatIsNearIsMadeTogether with one worker, who makes one entry after the other.
func TestWhatIsNearIsMadeTogether(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	var made []string
	entries := map[string]Entry{}
	for path, near := range map[string]string{"a": "2/x", "b/1": "1/x", "b/2": "2/x", "c": "", "d": "1/", "e": "2/"} {
		entries[path] = Entry{Near: near, Render: func() ([]byte, error) {
			made = append(made, path)
			return []byte(path), nil
		}}
	}
	set, err := NewSet(entries)
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "out")
	if _, err := WriteDir(t.Context(), set, dir, Options{}); err != nil {
		t.Fatal(err)
	}
	if got, want := strings.Join(made, " "), "c d b/1 e a b/2"; got != want {
		t.Errorf("made in the order %s, want %s", got, want)
	}
	if got := tree(t, dir); len(got) != len(entries) || got["b/2"] != "b/2" {
		t.Errorf("written: %v", got)
	}
}
