package builder

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"sopan.dev/sopan/builder/cache"
)

// A cache that was cut off, changed byte by byte, mixed up or taken away leaves the same site as none.
func TestACacheIsNeverBelievedBlindly(t *testing.T) {
	dir, caches := t.TempDir(), t.TempDir()
	writeDown(t, dir, map[string]string{
		"sopan.yaml": "title: A site\nlanguages: [en, hi]\n", "content/c/index.md": "---\ntitle: A course\n---\nWords.\n",
		"content/c/10-lesson.md": "---\ntitle: A lesson\n---\nWords.\n\n## A heading\n\n```quiz\n- ask: Is it?\n  right: true\n```\n", "content/c/10-lesson.hi.md": "---\ntitle: पाठ\n---\nशब्द\n",
		"content/c/20-check.quiz.yaml":    "title: Check\nquestions:\n- {id: a, ask: Is it?, right: true}\n- {id: b, ask: Which?, right: this, wrong: [that]}\n",
		"content/c/20-check.quiz.hi.yaml": "title: जाँच\nquestions:\n  a: {ask: क्या?}\n",
	})
	want, wantDiags, err := New().Build(t.Context(), os.DirFS(dir), Options{})
	if err != nil || want.Set == nil {
		t.Fatal(err, wantDiags)
	}
	bundles := New()
	check := func(what string) {
		t.Helper()
		b := Remembering(cache.Open(caches, dir, "test"), "test")
		b.memo.made = bundled(bundles).memo.made
		if _, _, err := b.Unchanged(t.Context(), os.DirFS(dir), Options{}); err != nil {
			t.Fatal(err)
		}
		got, diags, err := b.Build(t.Context(), os.DirFS(dir), Options{})
		if err != nil {
			t.Fatal(what, err)
		}
		compareDiags(t, 0, what, diags, wantDiags)
		compareSets(t, what, got.Set, want.Set)
		b.Keep(got.Tree, NameOf(got.Tree))()
	}
	if _, _, err := bundles.Build(t.Context(), os.DirFS(dir), Options{}); err != nil {
		t.Fatal(err)
	}
	check("an empty cache")
	check("a full cache")
	files, err := filepath.Glob(filepath.Join(caches, "*", "*-*"))
	sums, _ := filepath.Glob(filepath.Join(caches, "*", sumsName))
	if files = append(files, sums...); err != nil || len(files) < 2 {
		t.Fatalf("the cache holds %v (%v)", files, err)
	}
	content := make([][]byte, len(files))
	for n, file := range files {
		if content[n], err = os.ReadFile(file); err != nil {
			t.Fatal(err)
		}
	}
	for n, file := range files {
		whole, other := content[n], content[(n+1)%len(files)]
		wrong := append([]byte{}, whole...)
		wrong[len(wrong)/2] ^= 0x40
		for what, b := range map[string][]byte{"cut off": whole[:len(whole)*2/3], "changed": wrong, "another file": other, "empty": nil, "nonsense": []byte("nonsense")} {
			if err := os.WriteFile(file, b, 0o600); err != nil {
				t.Fatal(err)
			}
			check(fmt.Sprint(filepath.Base(file), ": ", what))
			check("the next build") // reads the folder whose file was lost again
			if again, err := os.ReadFile(file); err != nil || len(again) != len(whole) {
				t.Errorf("%s: %s, and two builds later it has %d bytes of %d: %v", filepath.Base(file), what, len(again), len(whole), err)
			}
		}
	}
	if err := os.RemoveAll(caches); err != nil {
		t.Fatal(err)
	}
	check("no cache")
}

// A cache that is taken away, or changed, before the pages are made costs time alone: the texts are read again.
func TestACacheMayGoWhilePagesAreMade(t *testing.T) {
	dir := t.TempDir()
	writeDown(t, dir, map[string]string{
		"sopan.yaml": "title: A site\n", "content/c/index.md": "---\ntitle: A course\n---\nWords.\n",
		"content/c/10-lesson.md":       "---\ntitle: A lesson\n---\nWords.\n\n```quiz\n- ask: Is it?\n  right: true\n```\n",
		"content/c/20-check.quiz.yaml": "title: Check\nquestions:\n- {id: a, ask: Is *it*?, right: true}\n",
	})
	want, diags, err := New().Build(t.Context(), os.DirFS(dir), Options{})
	if err != nil || want.Set == nil {
		t.Fatal(err, diags)
	}
	for what, spoil := range map[string]func(file string) error{
		"taken away": os.Remove,
		"cut off":    func(file string) error { return os.Truncate(file, 100) },
		"changed": func(file string) error {
			b, err := os.ReadFile(file)
			b[len(b)-9] ^= 1
			return errors.Join(err, os.WriteFile(file, b, 0o600))
		},
	} {
		caches := t.TempDir()
		got, diags, err := Remembering(cache.Open(caches, dir, "test"), "test").Build(t.Context(), os.DirFS(dir), Options{})
		if err != nil || got.Set == nil {
			t.Fatal(err, diags)
		}
		packed, err := filepath.Glob(filepath.Join(caches, "*", "packed-*"))
		if err != nil || len(packed) != 1 {
			t.Fatalf("the cache holds %v (%v)", packed, err)
		}
		if err := spoil(packed[0]); err != nil {
			t.Fatal(err)
		}
		compareSets(t, what, got.Set, want.Set)
	}
}

// writeDown writes the files of a site into a folder.
func writeDown(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
