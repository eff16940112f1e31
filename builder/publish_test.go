package builder

import (
	"context"
	"testing"
	"testing/fstest"

	"sopan.dev/sopan/internal/diag"
)

func TestIDsAreAskedForWhenASiteIsReleased(t *testing.T) {
	site := fstest.MapFS{
		"sopan.yaml":               {Data: []byte("title: X\n")},
		"content/c/index.md":       {Data: []byte("---\ntitle: C\n---\n")},
		"content/c/10.quiz.yaml":   {Data: []byte("title: Q\npass: 60%\nquestions:\n- ask: A?\n  right: x\n  wrong: [y]\n")},
		"content/c/20-a.md":        {Data: []byte("---\ntitle: A\n---\nWords.\n")},
		"content/c/30-b.quiz.yaml": {Data: []byte("title: R\nquestions:\n- id: one\n  ask: B?\n  right: x\n  wrong: [y]\n")},
	}
	for release, want := range map[bool]int{false: 0, true: 1} {
		r, diags, err := New().Build(context.Background(), site, Options{Release: release})
		if err != nil {
			t.Fatal(err)
		}
		if got := diags.Count(diag.Warning); got != want {
			t.Errorf("release %v: %d warnings, want %d: %v", release, got, want, diags)
		}
		if r.Told.Open != 1 || r.Told.Nameless != 1 {
			t.Errorf("release %v: told %+v", release, r.Told)
		}
	}
}
