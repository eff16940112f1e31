package builder

import (
	"context"
	"errors"
	"io/fs"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"sopan.dev/sopan/builder/cache"
)

// vanishing is a site in which a file is listed, and gone when it is opened; for
// good where it is not listed again.
type vanishing struct {
	mu     sync.Mutex
	files  fstest.MapFS
	file   string
	listed bool // once more, each time
	opened int
}

func (v *vanishing) Open(name string) (fs.File, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if name == v.file {
		v.opened++
		if !v.listed {
			delete(v.files, name)
		}
		return nil, &fs.PathError{Op: "openat", Path: name, Err: fs.ErrNotExist}
	}
	return v.files.Open(name)
}

// A file that is deleted while a site is read is one that was never there: the build starts again.
func TestAFileThatGoesAwayWhileASiteIsReadCountsAsDeletedBefore(t *testing.T) {
	site := func() fstest.MapFS {
		return siteWith("content/c/20-y.md", "---\ntitle: Y\n---\nWords.\n", "content/c/check.quiz.yaml", "title: Check\nquestions:\n- {id: a, ask: Is it?, right: true}\n",
			"content/c/a.svg", `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"/>`, "content/c/a.png", "x", "content/glossary.yaml", "terms: []\n",
			"themes/mine/words/en.yaml", "home: Front page\n", "themes/mine/css/main.css", "a { color: red }\n")
	}
	for _, file := range []string{"content/c/20-y.md", "content/c/check.quiz.yaml", "content/c/a.svg", "content/c/a.png", "content/glossary.yaml", "themes/mine/words/en.yaml", "themes/mine/css/main.css"} {
		without := site()
		delete(without, file)
		want, wantDiags, err := warm.Build(context.Background(), without, Options{})
		if err != nil {
			t.Fatal(err)
		}
		remembering := Remembering(cache.Open(t.TempDir(), t.TempDir(), "test"), "test")
		remembering.memo.made = bundled(warm).memo.made
		for name, b := range map[string]*Builder{"in memory": warm, "on the disk": remembering} {
			v := &vanishing{files: site(), file: file}
			got, diags, err := b.Build(context.Background(), v, Options{})
			if err != nil || v.opened == 0 {
				t.Errorf("%s, %s: opened %d times, then %v", file, name, v.opened, err)
				continue
			}
			compareDiags(t, 0, file, diags, wantDiags)
			if (got.Set == nil) != (want.Set == nil) {
				t.Errorf("%s, %s: a site: %v, want %v", file, name, got.Set != nil, want.Set != nil)
			} else if want.Set != nil {
				compareSets(t, file, got.Set, want.Set)
			}
		}
	}
}

// One that is listed each time and never there ends the build, with a next step.
func TestAFileThatGoesAwayEachTimeIsSaid(t *testing.T) {
	v := &vanishing{files: siteWith("content/c/20-y.md", "---\ntitle: Y\n---\nWords.\n"), file: "content/c/20-y.md", listed: true}
	_, _, err := New().Build(context.Background(), v, Options{})
	if err == nil || v.opened != mostTries || !strings.Contains(err.Error(), "content/c/20-y.md went away") || !strings.Contains(err.Error(), "build again") {
		t.Errorf("opened %d times, then %v", v.opened, err)
	}
}

// What is copied is read when the site is written; who writes may start again.
func TestAFileThatIsGoneWhenItIsCopiedIsStale(t *testing.T) {
	v := &vanishing{files: siteWith("sopan.yaml", "title: A site\n", "static/data/a.pdf", "x"), file: "static/data/a.pdf"}
	r, diags, err := warm.Build(context.Background(), v, Options{})
	if err != nil || r.Set == nil {
		t.Fatal(err, diags)
	}
	for path, entry := range r.Set.All() {
		if path != "data/a.pdf" {
			continue
		}
		_, err := entry.Content()
		var stale interface{ Stale() bool }
		if !errors.As(err, &stale) || !stale.Stale() || !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("got %v", err)
		}
		return
	}
	t.Error("the file is not in the site")
}

// A folder that goes away after the one above it was listed holds nothing.
func TestAFolderThatGoesAwayWhileItIsListedIsEmpty(t *testing.T) {
	v := &vanishing{files: siteWith("sopan.yaml", "title: A site\n", "content/c/10-m/10-y.md", "---\ntitle: Y\n---\nWords.\n"), file: "content/c/10-m", listed: true}
	r, diags, err := warm.Build(context.Background(), v, Options{})
	if err != nil || len(diags) > 0 || v.opened == 0 || r.Tree.Has("content/c/10-m/10-y.md") || !r.Tree.Has("content/c/10-x.md") {
		t.Errorf("opened %d times, then %v %v", v.opened, diags, err)
	}
}
