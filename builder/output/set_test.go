package output

import (
	"errors"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
)

func TestSetIsOrderedAndReadable(t *testing.T) {
	s, err := NewSet(map[string]Entry{
		"b/a.html": {Render: func() ([]byte, error) { return []byte("rendered"), nil }},
		"a.html":   text("bytes"),
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Paths(); !slices.Equal(got, []string{"a.html", "b/a.html"}) {
		t.Errorf("paths %v", got)
	}
	for path, want := range map[string]string{"a.html": "bytes", "b/a.html": "rendered"} {
		if got, err := s.Open(path); err != nil || string(got) != want {
			t.Errorf("Open(%s) = %q, %v; want %q", path, got, err, want)
		}
	}
	if _, err := s.Open("c.html"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Open of no file: %v, want ErrNotExist", err)
	}
}

func TestFault20PathsThatNoDiskTakes(t *testing.T) {
	bad := []string{
		"", ".", "..", "../a", "a/../../b", "a/..", "/etc/passwd", "a//b", "a/", "./a", `a\b`, `C:\x`, "C:", "C:/x",
		"CON", "con.html", "x/nul.txt", "COM1", "com¹.html", "LPT9.x", "aux .html", "a.", "a ", "x./y", "a\x00b", "a\nb", "a\u0085b",
		"a<b", "a>b", `a"b`, "a|b", "a?b", "a*b", "page.html::$DATA", "\xff", strings.Repeat("क", 86), Marker,
	}
	for _, p := range bad {
		if _, err := NewSet(map[string]Entry{p: text("x")}); err == nil {
			t.Errorf("path %q was taken", p)
		}
	}
	good := []string{"a", "CONFERENCE.html", "com10.html", "..a", "a..b", ".well-known/x", "%2e%2e", "हि/वुका.html", strings.Repeat("क", 85), "a b.html", "null.html"}
	for _, p := range good {
		if _, err := NewSet(map[string]Entry{p: text("x")}); err != nil {
			t.Errorf("path %q was refused: %v", p, err)
		}
	}
}

func TestFault19PathsThatAreOneOnAnotherDisk(t *testing.T) {
	pairs := [][2]string{
		{"A.html", "a.html"},
		{"é.html", "e\u0301.html"}, // NFC and NFD
		{"\u0958.html", "\u0915\u093c.html"},
		{"straße.html", "STRASSE.html"},
		{"M/a.html", "m/b.html"}, // one folder, two spellings: links break on the one or the other
		{"a", "a/b.html"},        // a file and a folder
		{"A", "a/b.html"},
	}
	for _, pair := range pairs {
		_, err := NewSet(map[string]Entry{pair[0]: text("x"), pair[1]: text("x")})
		var p *PathError
		if !errors.As(err, &p) {
			t.Errorf("%q beside %q was taken", pair[0], pair[1])
			continue
		}
		if got := []string{p.Path, p.Other}; !slices.Contains(got, pair[0]) || !slices.Contains(got, pair[1]) {
			t.Errorf("%q beside %q: the error names %q", pair[0], pair[1], got)
		}
	}
	if _, err := NewSet(map[string]Entry{"ab.html": text("x"), "a/b.html": text("x"), "a/c.html": text("x")}); err != nil {
		t.Errorf("different paths were refused: %v", err)
	}
}

func TestUsualPathsAreTakenQuickly(t *testing.T) {
	if !usual([]string{"a.html", "a/b/c.html", "a/b/d.html", "a/x.html", "assets/s.css", "index.html", "z-1/index.html"}) {
		t.Error("paths of a site are not usual")
	}
	for _, paths := range [][]string{{""}, {"/a/b"}, {"a//b"}, {"a/"}, {"a", "a/b"}, {"a/b", "a/b/c"}, {"A/b"}, {"a/../b"}, {"con/a"}, {Marker}} {
		if usual(paths) {
			t.Errorf("%q are usual", paths)
		}
	}
}

func TestEveryBadPathIsNamed(t *testing.T) {
	_, err := NewSet(map[string]Entry{"CON": text("x"), "a/..": text("x"), "ok": text("x")})
	for _, want := range []string{"CON", "a/.."} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v does not name %s", err, want)
		}
	}
}

func TestASetLikeAnotherIsTheOneThatNewSetMakes(t *testing.T) {
	old, err := NewSet(map[string]Entry{"a.html": text("old"), "b/c.html": text("old")})
	if err != nil {
		t.Fatal(err)
	}
	for name, entries := range map[string]map[string]Entry{
		"same paths": {"a.html": text("new"), "b/c.html": text("new")},
		"one more":   {"a.html": text("new"), "b/c.html": text("new"), "d.html": text("new")},
		"one less":   {"b/c.html": text("new")},
		"another":    {"a.html": text("new"), "e.html": text("new")},
	} {
		like, err := NewSetLike(old, maps.All(entries))
		if err != nil {
			t.Fatal(err)
		}
		fresh, err := NewSet(entries)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(like.Paths(), fresh.Paths()) {
			t.Errorf("%s: paths %v, want %v", name, like.Paths(), fresh.Paths())
		}
		for _, p := range fresh.Paths() {
			if got, err := like.Open(p); err != nil || string(got) != "new" {
				t.Errorf("%s: %s is %q, %v", name, p, got, err)
			}
		}
	}
	if b, err := old.Open("a.html"); err != nil || string(b) != "old" {
		t.Errorf("the other set changed: %q, %v", b, err)
	}
	twice := func(yield func(string, Entry) bool) { _ = yield("a.html", text("1")) && yield("a.html", text("2")) }
	if s, err := NewSetLike(old, twice); err != nil || s.Len() != 1 {
		t.Errorf("a path given twice: %v, %v", s.Paths(), err)
	}
	if _, err := NewSetLike(old, maps.All(map[string]Entry{"a.html": text("x"), "A.html": text("x")})); err == nil {
		t.Error("a bad pair of paths was taken")
	}
}
