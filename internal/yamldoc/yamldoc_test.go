package yamldoc

import (
	"strings"
	"testing"

	"sopan.dev/sopan/builder/source"
)

func read(t *testing.T, yaml string) (Value, *Reader) {
	t.Helper()
	text := source.NewText("x.yaml", []byte(yaml))
	return Parse(text, 0, len(text.Bytes), "the file")
}

func TestScalarsKeepTheirSourceText(t *testing.T) {
	v, r := read(t, "list: [012, 1e3, no, 2005-06-15, null, 1.10]\n")
	got := strings.Join(v.Map("x", "list")["list"].Texts(), " ")
	if got != "012 1e3 no 2005-06-15 null 1.10" || len(r.Diags) > 0 {
		t.Errorf("got %q, %v", got, r.Diags)
	}
}

func TestComplaintsStandAtTheirPlace(t *testing.T) {
	for name, c := range map[string]struct {
		yaml      string
		code      string
		line, col int
		hint      string
	}{
		"unknown key": {"title: x\nsumary: y\n", "yaml/unknown-key", 2, 1, "Did you mean `summary`?"},
		"key twice":   {"title: x\ntitle: y\n", "yaml/key-twice", 2, 1, "Keep one"},
		"key twice after a pasted line separator": {"title: x\u2028y\u0085z\u2029\ntitle: y\n", "yaml/key-twice", 2, 1, "Keep one"},
		"anchor":            {"title: &a x\n", "yaml/anchor", 1, 8, "quotes"},
		"tag":               {"title: !important\n", "yaml/tag", 1, 8, "quotes"},
		"colon in a text":   {"summary: s\ntitle: नियम: और भूमिका\n", "yaml/syntax", 2, 12, `title: "नियम: और भूमिका"`},
		"tab":               {"title: x\nlist:\n\t- a\n", "yaml/syntax", 3, 1, "spaces"},
		"backquote":         {"title: `x`\n", "yaml/syntax", 1, 8, "title: \"`x`\""},
		"text after quotes": {"title: \"Yes\" he said\n", "yaml/syntax", 1, 8, `title: '"Yes" he said'`},
		"a list for a text": {"title: [a]\n", "yaml/wrong-shape", 1, 8, "one text"},
	} {
		v, r := read(t, c.yaml)
		if v.Exists() {
			v.Map("the file", "title", "summary", "list")["title"].Text()
		}
		if len(r.Diags) != 1 {
			t.Errorf("%s: %d diagnostics: %+v", name, len(r.Diags), r.Diags)
			continue
		}
		d := r.Diags[0]
		if d.Code != c.code || d.Start.Line != c.line || d.Start.Col != c.col || !strings.Contains(d.Hint, c.hint) {
			t.Errorf("%s: %+v", name, d)
		}
	}
}

func TestFault06BombsAndDeepNestingAreRefused(t *testing.T) {
	bomb := "a: &a [x,x,x,x,x,x,x,x,x]\n"
	for c := 'b'; c < 'j'; c++ {
		bomb += string(c) + ": &" + string(c) + " [" + strings.Repeat("*"+string(c-1)+",", 9) + "]\n"
	}
	for name, yaml := range map[string]string{
		"bomb": bomb, "deep list": strings.Repeat("[", 10_000), "closed deep list": strings.Repeat("[", 9_000) + strings.Repeat("]", 9_000),
		"deep mapping": "a: " + strings.Repeat("{a: ", 5_000) + strings.Repeat("}", 5_000),
	} {
		v, r := read(t, yaml)
		if v.Exists() || !r.Diags.HasErrors() {
			t.Errorf("%s passes", name)
		}
	}
}

func TestPositionsOfAPartOfAFileAreTheFiles(t *testing.T) {
	whole := "---\ntitle: x\nbad: y\n---\n"
	text := source.NewText("a.md", []byte(whole))
	v, r := Parse(text, 4, strings.Index(whole, "\n---\n")+1, "the front matter")
	v.Map("the front matter", "title")
	if len(r.Diags) != 1 || r.Diags[0].Start.Line != 3 {
		t.Errorf("%+v", r.Diags)
	}
}
