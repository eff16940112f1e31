package bundle

import (
	"bytes"
	"compress/gzip"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"sopan.dev/sopan/internal/diag"
	"sopan.dev/sopan/runtime"
)

// small is a theme of three sheets, so that a test need not bundle the real one.
func small(pairs ...string) Sources {
	theme := fstest.MapFS{
		"css/main.css":     {Data: []byte("@import \"base.css\";\nbody { color: black }\n")},
		"css/base.css":     {Data: []byte("html { margin: 0 }\n")},
		"css/exercise.css": {Data: []byte(".q { margin: 1px }\n")},
		"css/case.css":     {Data: []byte(".scene { margin: 1px }\n")},
		"css/late.css":     {Data: []byte("@media print { .bar { display: none } }\n")},
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		theme[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return Sources{Theme: theme, ThemeDir: "themes/mine", Highlight: ".chroma { color: red }", Words: map[string]map[string]string{"hi": {"quiz.retake": "फिर से करें", "saved.device": "</script>"}}}
}

func bundleOf(t *testing.T, s Sources) (*Assets, diag.List) {
	t.Helper()
	a, diags, err := Build(s)
	if err != nil {
		t.Fatal(err)
	}
	return a, diags
}

func TestFilesAreNamedByTheirContent(t *testing.T) {
	name := regexp.MustCompile(`^assets/[a-z]+(\.hi)?\.[a-z2-7]{8}\.(css|js)$`)
	a, diags := bundleOf(t, small())
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	for file := range a.Files {
		if !name.MatchString(file) {
			t.Errorf("a file is called %s", file)
		}
	}
	for sheet, file := range a.Styles {
		if _, there := a.Files[file]; !there {
			t.Errorf("the sheet %s is said to be %s, which is not there", sheet, file)
		}
	}
	for _, s := range runtime.Scripts() {
		if s.Name == searchScript {
			if len(a.Search["hi"]) == 0 {
				t.Error("a search index has no script before it")
			}
		} else if _, there := a.Files[a.Scripts["hi"][s.Name]]; !there && s.Profile == "" {
			t.Errorf("the script %s is said to be %q, which is not there", s.Name, a.Scripts["hi"][s.Name])
		}
	}
	again, _ := bundleOf(t, small())
	if !maps.EqualFunc(a.Files, again.Files, bytes.Equal) {
		t.Error("a second bundle is another one")
	}
	other, _ := bundleOf(t, small("css/base.css", "html { margin: 1px }\n"))
	if other.Styles[Main] == a.Styles[Main] {
		t.Error("an imported sheet changed, the name of the sheet did not")
	}
	if other.Styles[Exercise] != a.Styles[Exercise] || other.Scripts["hi"]["base"] != a.Scripts["hi"]["base"] {
		t.Error("files that did not change have new names")
	}
}

// TestScriptsRunFromADiskUnderThePolicy: classic scripts that the site's policy
// lets pass, in the page's language.
func TestScriptsRunFromADiskUnderThePolicy(t *testing.T) {
	a, _ := bundleOf(t, small())
	never := regexp.MustCompile(`\beval\(|new Function|\.innerHTML\s*=|\.outerHTML\s*=|insertAdjacentHTML|document\.write|\bimport\(|https?://[a-z]|sourceMappingURL`)
	for name, file := range a.Scripts["hi"] {
		b := a.Files[file]
		if !bytes.HasPrefix(b, []byte(`"use strict";(()=>{`)) && !bytes.HasPrefix(b, []byte("(()=>{")) {
			t.Errorf("%s is no classic script of its own scope: %.60s", name, b)
		}
		for _, m := range never.FindAll(b, -1) {
			if !bytes.HasPrefix(m, []byte("http")) { // names of vocabularies (xAPI, SVG) are no requests
				t.Errorf("%s holds %s", name, m)
			}
		}
	}
	if !bytes.Contains(a.Files[a.Scripts["hi"]["quiz"]], []byte("फिर से करें")) {
		t.Error("the quiz script does not speak the language")
	}
	if bytes.Contains(a.Files[a.Scripts["hi"]["case"]], []byte("फिर से करें")) {
		t.Error("the case script carries words that it does not say")
	}
}

// TestAPackageCarriesItsOwnRecorderInFourKilobytes: what stands in the way of the first view, with the words of its language.
func TestAPackageCarriesItsOwnRecorderInFourKilobytes(t *testing.T) {
	profiles := map[string]bool{}
	for _, script := range runtime.Scripts() {
		if script.Profile != "" && script.Name == script.Profile {
			profiles[script.Profile] = true
		}
	}
	for profile := range profiles {
		s := small("css/shell.css", "iframe { border: 0 }\n")
		s.Profile, s.First = profile, "hi"
		a, _ := bundleOf(t, s)
		scripts := a.Scripts["hi"]
		var b bytes.Buffer
		w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression)
		_, _ = w.Write(a.Files[scripts[profile]])
		_ = w.Close()
		if n := b.Len(); n > 4096 || n < 2000 {
			t.Errorf("the recorder of %s has %d bytes compressed, at most 4,096 are wanted", profile, n)
		}
		for _, script := range runtime.Scripts() {
			if _, there := scripts[script.Name]; there != script.In(profile) && script.Name != searchScript {
				t.Errorf("a package for %s has the script %s: %t", profile, script.Name, there)
			}
			if script.In(profile) && profiles[script.Name] && script.Name != profile || script.Profile != "" && script.In(profile) && a.Files[scripts[script.Name]] == nil {
				t.Errorf("a package for %s carries the recorder of %s, or lacks a script of its own", profile, script.Name)
			}
		}
	}
}

func TestStylesArePlacedByLineAndColumn(t *testing.T) {
	for _, c := range []struct {
		name, css string
		severity  diag.Severity
		file      string
		line, col int
		words     string
	}{
		{"a stray brace", "a { color: red }\n\n}\n", diag.Warning, "css/main.css", 3, 1, "Unexpected"},
		{"a column behind Devanagari", "/* स्याही का रंग */ @import \"gone.css\";\n", diag.Error, "css/main.css", 1, 29, "gone.css"},
		{"an import from outside", "@import \"../../../secret.css\";\n", diag.Error, "css/main.css", 1, 9, "secret.css"},
		{"an import from another host", "@import url(https://evil.example/a.css);\n", diag.Error, "css/main.css", 1, 9, "evil.example"},
		{"a picture of another host", "a { background: url(//evil.example/a.png) }\n", diag.Error, "css/main.css", 1, 17, "//evil.example"},
		{"a font", "@font-face { font-family: x; src: url(x.woff2) }\n", diag.Error, "css/main.css", 1, 35, "x.woff2"},
		{"in an imported sheet", "@import \"base.css\";\n", diag.Warning, "css/base.css", 2, 1, "Unexpected"},
	} {
		_, diags := style(small("css/main.css", c.css, "css/base.css", "html { margin: 0 }\n}\n"), "theme/css/main.css")
		found := false
		for _, d := range diags {
			found = found || d.Severity == c.severity && d.Code == "theme/style" && d.Start == diag.Pos{File: "themes/mine/" + c.file, Line: c.line, Col: c.col} && strings.Contains(d.Message, c.words) && d.Hint != ""
		}
		if !found {
			t.Errorf("%s: want %s at %s:%d:%d; got %+v", c.name, c.severity, c.file, c.line, c.col, diags)
		}
	}
}

func TestNothingOutsideTheTreesCanBeImported(t *testing.T) {
	s := small()
	theme := s.Theme.(fstest.MapFS)
	delete(theme, "css/exercise.css")
	_, diags := style(s, "theme/css/exercise.css")
	if !diags.HasErrors() {
		t.Error("a theme without a sheet has no error")
	}
	var asked []string
	s.Theme = watched{theme, new(sync.Mutex), &asked}
	style(s, "theme/css/main.css")
	for _, name := range asked {
		if !fs.ValidPath(name) || path.Dir(name) != "css" {
			t.Errorf("the theme was asked for %s", name)
		}
	}
	if len(asked) == 0 {
		t.Error("the theme was not asked for anything")
	}
}

// watched notes which files are asked for; esbuild asks from several goroutines.
type watched struct {
	fs.FS
	mu    *sync.Mutex
	asked *[]string
}

func (w watched) Open(name string) (fs.File, error) {
	w.mu.Lock()
	*w.asked = append(*w.asked, name)
	w.mu.Unlock()
	return w.FS.Open(name)
}
