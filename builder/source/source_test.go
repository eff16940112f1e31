package source

import (
	"context"
	"errors"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"sopan.dev/sopan/internal/diag"
)

func TestPositionsCountRunesAndSurviveBOMAndCRLF(t *testing.T) {
	text, diags := Normalise("a.md", []byte("\xef\xbb\xbfपहली\r\nदूसरी x\r\nlast"))
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	at := strings.Index(string(text.Bytes), "x")
	if got, want := text.Pos(at), (diag.Pos{File: "a.md", Line: 2, Col: len([]rune("दूसरी ")) + 1}); got != want {
		t.Errorf("x stands at %v, want %v", got, want)
	}
	if got := text.Offset(2, text.Pos(at).Col); got != at {
		t.Errorf("Offset is not the inverse of Pos: %d, want %d", got, at)
	}
	if got := text.Line(2); got != "दूसरी x" {
		t.Errorf("Line(2) = %q", got)
	}
	if got := text.Pos(1 << 20); got.Line != 3 || got.Col != 5 {
		t.Errorf("beyond the end: %v", got)
	}
}

func TestFault12WhatIsNoTextIsReportedWhereItStands(t *testing.T) {
	for name, c := range map[string]struct {
		in        string
		code      string
		line, col int
	}{
		"invalid UTF-8": {"ok\nअ\xffb", "source/not-utf-8", 2, 2},
		"NUL":           {"a\x00b", "source/nul", 1, 2},
		"override":      {"ab\u202Ecd", "source/bidi-control", 1, 3},
		"UTF-16":        {"\xff\xfea\x00", "source/not-utf-8", 1, 1},
	} {
		_, diags := Normalise("a.md", []byte(c.in))
		if len(diags) != 1 || diags[0].Code != c.code || diags[0].Start.Line != c.line || diags[0].Start.Col != c.col {
			t.Errorf("%s: %+v", name, diags)
		}
	}
	for in, want := range map[string]string{"\xef\xbb\xbfa\r\nb\n": "a\nb\n", "a\rb\r\r\nc": "a\nb\n\nc", "\xef\xbb\xbf": ""} {
		if text, diags := Normalise("a.md", []byte(in)); string(text.Bytes) != want || len(diags) > 0 {
			t.Errorf("%q is read as %q, want %q; %v", in, text.Bytes, want, diags)
		}
	}
	for r := rune(0x202A); r <= 0x202E; r++ { // each of them: one quick look decides over whole texts
		if _, diags := Normalise("a.md", []byte("ab"+string(r)+"cd")); len(diags) != 1 || diags[0].Code != "source/bidi-control" {
			t.Errorf("U+%04X: %v", r, diags)
		}
	}
	for _, passes := range []string{"\u2068Urdu\u2069 \u200f ok", "\u2029\u202f", "\u2018\u2026"} {
		if _, diags := Normalise("a.md", []byte(passes)); len(diags) != 0 {
			t.Errorf("%q is refused: %v", passes, diags)
		}
	}
}

func TestTreeListsTheSiteAndNothingBesideIt(t *testing.T) {
	tree, diags, err := Read(context.Background(), fstest.MapFS{
		"sopan.yaml": {Data: []byte("title: x")}, "README.md": {}, "content/a/index.md": {}, "content/a/.x.swp": {},
		"content/a/b.md~": {}, "content/.git/config": {}, "static/x.svg": {}, "public/index.html": {}, "content/out/x": {},
	}, func(p string) bool { return p == "content/out" })
	if err != nil || len(diags) > 0 {
		t.Fatal(err, diags)
	}
	var got []string
	for _, f := range tree.Files() {
		got = append(got, f.Path)
	}
	if want := "content/a/index.md sopan.yaml static/x.svg"; strings.Join(got, " ") != want {
		t.Errorf("files: %v, want %s", got, want)
	}
	if n := len(tree.Under("content")); n != 1 {
		t.Errorf("%d files under content", n)
	}
}

func TestFault19And11NamesThatAreOneOnWindowsAreRefusedTogether(t *testing.T) {
	_, diags, err := Read(context.Background(), fstest.MapFS{
		"content/a/A.md": {}, "content/a/a.md": {},
		"content/b/\u0958.md": {}, "content/b/\u0915\u093C.md": {},
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(diags) != 2 || diags[0].Code != "source/name-twice" || diags[1].Code != "source/name-twice" || len(diags[0].Related) != 1 {
		t.Errorf("diagnostics: %+v", diags)
	}
}

func TestFault20NamesThatWindowsRefuses(t *testing.T) {
	for _, name := range []string{"CON", "con.md", "Aux.quiz.yaml", "COM1.md", "lpt¹.md", "a:b", "a?.md", `a\b`, "a.", "a ", "%2e%2e", "a\u202Eb", "a#b.md", "nul"} {
		if BadName(name) == "" {
			t.Errorf("%q passes", name)
		}
	}
	for _, name := range []string{"नियम.md", "10-vuca.hi.md", "console.md", "com10.md", "a b.md", "أ.md"} {
		if why := BadName(name); why != "" {
			t.Errorf("%q is refused: %s", name, why)
		}
	}
}

// closed is a folder of which no file can be opened.
type closed struct{ fstest.MapFS }

func (c closed) Open(name string) (fs.File, error) {
	if info, err := fs.Stat(c.MapFS, name); err == nil && info.Mode().IsRegular() {
		return nil, &fs.PathError{Op: "open", Path: name, Err: errors.New("this file was to be left closed")}
	}
	return c.MapFS.Open(name)
}

func (c closed) ReadFile(name string) ([]byte, error) {
	return nil, errors.New(name + " was to be left closed")
}

func TestFault06AFileOverTheLimitIsNotRead(t *testing.T) {
	tree, _, err := Read(context.Background(), closed{fstest.MapFS{"content/a/big.quiz.yaml": {Data: make([]byte, MaxTextBytes+1)}}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	text, _, diags, err := tree.Text("content/a/big.quiz.yaml")
	if err != nil || len(diags) != 1 || diags[0].Code != "source/too-large" || len(text.Bytes) != 0 {
		t.Errorf("%v %v, %d bytes", err, diags, len(text.Bytes))
	}
	if _, err := tree.Hash("content/a/big.quiz.yaml"); err != nil {
		t.Error(err)
	}
}
