package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
)

// TestAReleaseHasTheSameLanguages: in the same order, since the first of a name is taken, and no XML is read before one is asked for.
func TestAReleaseHasTheSameLanguages(t *testing.T) {
	dir := t.TempDir()
	if err := workspace(filepath.Join("..", ".."), dir); err != nil {
		t.Fatal(err)
	}
	list := func(work string) (before int, languages string) {
		run := exec.Command("go", "run", "./testdata/list")
		run.Env, run.Stderr = append(os.Environ(), "GOWORK="+work), os.Stderr
		said, err := run.Output()
		if err != nil {
			t.Fatal(err)
		}
		first, rest, _ := bytes.Cut(said, []byte("\n"))
		if before, err = strconv.Atoi(string(first)); err != nil {
			t.Fatal(err)
		}
		return before, string(rest)
	}
	all, want := list("off")
	few, got := list(filepath.Join(dir, "go.work"))
	if got != want {
		t.Errorf("the lists of languages differ:\n%s\n\nwant\n%s", got, want)
	}
	if all < 250 || few > 30 {
		t.Errorf("%d languages before one is asked for, %d with chroma's own file", few, all)
	}
}
