package course

import (
	"bytes"
	"context"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"sopan.dev/sopan/builder/source"
	"sopan.dev/sopan/internal/diag"
	"sopan.dev/sopan/internal/mutate"
)

// seedFiles is what a fuzz target begins with: of the archives of testdata/wrong each file of the type that it is about.
func seedFiles(f *testing.F, ends ...string) (seeds [][]byte) {
	paths, err := wrongPaths()
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range paths {
		_, files, _ := readWrong(f, name)
		for _, path := range slices.Sorted(maps.Keys(files)) {
			if slices.ContainsFunc(ends, func(end string) bool { return strings.HasSuffix(path, end) }) {
				seeds = append(seeds, files[path].Data)
			}
		}
	}
	return seeds
}

// loadWhole loads a site as a build does, within a time that shows a loop or an explosion, and looks that what is said of the file
// points into it.
func loadWhole(t *testing.T, files fstest.MapFS, file string) {
	t.Helper()
	start := time.Now()
	tree, _, err := source.Read(context.Background(), files, nil)
	if err != nil {
		t.Fatal(err)
	}
	_, diags, err := Load(context.Background(), tree, LoadOptions{Drafts: true})
	if err != nil {
		t.Fatal(err)
	}
	if took := time.Since(start); took > 20*time.Second {
		t.Fatalf("%d bytes took %v", len(files[file].Data), took)
	}
	if !tree.Has(file) {
		return
	}
	text, _ := source.Normalise(file, files[file].Data)
	last := text.Pos(len(text.Bytes))
	for _, d := range diags {
		if d.Start.File != file || d.Start == (diag.Pos{File: file}) {
			continue
		}
		for _, p := range []diag.Pos{d.Start, d.End} {
			if p == (diag.Pos{}) {
				continue
			}
			if p.Line < 1 || p.Col < 1 || p.Line > last.Line || p.Line == last.Line && p.Col > last.Col {
				t.Fatalf("%s (%s) points at %d:%d, and the text ends at %d:%d", d.Code, d.Message, p.Line, p.Col, last.Line, last.Col)
			}
		}
	}
}

func FuzzFrontMatter(f *testing.F) {
	mutate.Add(f, 200, seedFiles(f, "index.md", "lesson.md")...)
	f.Fuzz(func(t *testing.T, b []byte) {
		loadWhole(t, fstest.MapFS{"sopan.yaml": {Data: []byte("title: A\n")}, "content/c/index.md": {Data: b}, "content/c/m/a.md": {Data: b}}, "content/c/index.md")
	})
}

func FuzzCaseStudy(f *testing.F) {
	whole := []byte("---\ntitle: C\n---\n\n## A {#a}\n\n- [B](#b) {x +1}\n- [A](#a)\n\n## B {#b}\n\n:::debrief\nWords\n:::\n")
	mutate.Add(f, 200, append(seedFiles(f, ".case.md"), whole)...)
	f.Fuzz(func(t *testing.T, b []byte) {
		loadWhole(t, fstest.MapFS{"sopan.yaml": {Data: []byte("title: A\n")}, "content/c/m/a.case.md": {Data: b}, "content/c/m/a.case.hi.md": {Data: b}}, "content/c/m/a.case.md")
	})
}

func FuzzSettings(f *testing.F) {
	mutate.Add(f, 300, seedFiles(f, "sopan.yaml")...)
	f.Fuzz(func(t *testing.T, b []byte) {
		loadWhole(t, fstest.MapFS{"sopan.yaml": {Data: b}, "content/c/m/a.md": {Data: []byte("---\ntitle: A\n---\nWords.\n")}}, "sopan.yaml")
	})
}

func FuzzDataFiles(f *testing.F) {
	mutate.Add(f, 200, seedFiles(f, "competencies.yaml", "roles.yaml", "glossary.yaml")...)
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, file := range []string{"content/competencies.yaml", "content/roles.yaml", "content/glossary.yaml"} {
			loadWhole(t, fstest.MapFS{"sopan.yaml": {Data: []byte("title: A\nlanguages: [en, hi]\n")}, file: {Data: b}, "content/c/m/a.md": {Data: []byte("---\ntitle: A\n---\nWords of RTI.\n")}}, file)
		}
	})
}

func FuzzDrawing(f *testing.F) {
	mutate.Add(f, 300, seedFiles(f, ".svg")...)
	f.Fuzz(func(t *testing.T, b []byte) { readSVG("x.svg", b) })
}

func FuzzCaptions(f *testing.F) {
	mutate.Add(f, 300, append(seedFiles(f, ".vtt"), []byte("WEBVTT\n\n00:00.000 --> 00:02.000\nWords\n"))...)
	f.Fuzz(func(t *testing.T, b []byte) {
		checkCaptions("x.vtt", b)
		Transcript(b)
	})
}

func FuzzReadMP4(f *testing.F) {
	whole := box("ftyp", "isom") + box("moov", track(0, 640, 360, upright, "avc1"))
	mutate.Add(f, 500, []byte(whole), []byte(whole[:60]), []byte(be(1)+"mdat"+be(-1, -1)+whole))
	f.Fuzz(func(t *testing.T, b []byte) {
		if got, err := readMP4(bytes.NewReader(b)); err == nil && (got.width <= 0 || got.height <= 0) {
			t.Errorf("%q is a film of %d × %d", b, got.width, got.height)
		}
	})
}
