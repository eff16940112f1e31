package export

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"sopan.dev/sopan/builder"
	"sopan.dev/sopan/internal/diag"
)

// b is shared, so that scripts are bundled once. No test runs beside another.
var b = builder.New()

// wholeCourse is the front matter of a course that lacks nothing.
const wholeCourse = `---
title: Fees at the counter
summary: What to take, and when.
outcomes: [Take a fee without a mistake.]
keywords: [fees]
competencies: ["Openness, level 1"]
authors: [A clerk]
licence: CC BY 4.0
minutes: 10
audience: Clerks
---
Words.
`

// site is a site of one course, and of more files: pairs of name and text.
func site(pairs ...string) fstest.MapFS {
	files := fstest.MapFS{
		"sopan.yaml":               {Data: []byte("title: A site\n")},
		"content/fees/index.md":    {Data: []byte(wholeCourse)},
		"content/fees/10-first.md": {Data: []byte("---\ntitle: First\n---\nWords.\n")},
		"content/competencies.yaml": {Data: []byte("frameworks:\n- id: ours\n  title: Ours\n  levels: {en: [One]}\n  areas:\n  - title: All\n" +
			"    competencies:\n    - {id: open, title: Openness}\n")},
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		files[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return files
}

// pack makes a package of the course, and gives what is said of it.
func pack(t *testing.T, files fstest.MapFS, format string) (*Package, diag.List) {
	t.Helper()
	f, there := Find(format)
	if !there {
		t.Fatalf("there is no format %s", format)
	}
	result, diags, err := b.Build(context.Background(), files, builder.Options{Course: "fees", Profile: f.Profile})
	if err != nil {
		t.Fatal(err)
	}
	if diags.HasErrors() {
		return nil, diags
	}
	p, found, err := Make(context.Background(), f, result.Site, result.Set, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return p, append(diags, found...)
}

func told(diags diag.List) []string {
	var out []string
	for _, d := range diags {
		out = append(out, fmt.Sprintf("%s %s %s", d.Severity, d.Code, d.Start.File))
	}
	return out
}

func TestAnUploadIsRefusedForWhatItsTakersRefuse(t *testing.T) {
	large := strings.Repeat("0123456789abcdef", 1<<16+1) // a little more than 1 MB
	for _, c := range []struct {
		name  string
		files []string
		want  []string
	}{
		{"nothing wrong", nil, nil},
		{"eval in a script", []string{"static/a.js", "eval('1')"}, []string{"error package/eval static/a.js"}},
		{"eval spelt otherwise", []string{"static/a.mjs", "new  Function('1')"}, []string{"error package/eval static/a.mjs"}},
		{"medieval", []string{"static/a.js", "medieval('1'); retrieval()"}, nil},
		{"a lesson that speaks of eval", []string{"content/fees/20-eval.md", "---\ntitle: E\n---\nNever write `eval` in a script.\n"}, nil},
		{"a foreign picture", []string{"static/a.html", `<img src="https://example.org/a.png">`}, []string{"error package/external static/a.html"}},
		{"without a scheme", []string{"static/a.html", `<IMG SRC=//example.org/a.png>`}, []string{"error package/external static/a.html"}},
		{"in a srcset", []string{"static/a.html", `<img src=a.png srcset="a.png 1x, http://example.org/b.png 2x">`}, []string{"error package/external static/a.html"}},
		{"a foreign script", []string{"static/a.html", `<script src="http://example.org/a.js"></script>`}, []string{"error package/external static/a.html"}},
		{"a foreign style", []string{"static/a.html", `<link rel="Stylesheet" href="https://example.org/a.css">`}, []string{"error package/external static/a.html"}},
		{"in a style attribute", []string{"static/a.html", `<p style="background:url( 'https://example.org/a.png')">`}, []string{"error package/external static/a.html"}},
		{"in a style element", []string{"static/a.html", `<style>@import "https://example.org/a.css";</style>`}, []string{"error package/external static/a.html"}},
		{"in a style sheet", []string{"static/a.css", `p { background: url(//example.org/a.png) }`}, []string{"error package/external static/a.css"}},
		{"a link to be followed", []string{"static/a.html", `<a href="https://example.org">x</a><link rel="canonical" href="https://example.org">`}, nil},
		{"a lesson's link", []string{"content/fees/20-x.md", "---\ntitle: X\n---\n[Rules](https://example.org/rules).\n"}, nil},
		{"a picture in the page itself", []string{"static/a.html", `<img src="data:image/png;base64,AAAA">`}, nil},
		{"a frame", []string{"static/a.html", `<p><iframe src="b.html"></iframe>`}, []string{"error package/frame static/a.html"}},
		{"an object", []string{"static/a.html", `<object data="b.svg"></object>`}, []string{"error package/frame static/a.html"}},
		{"a heavy picture", []string{"static/a.webp", large}, []string{"error package/picture static/a.webp"}},
		{"a heavy film is none", []string{"static/a.webm", large}, nil},
		{"a name with a space", []string{"static/a b.txt", "x"}, []string{"error package/name static/a b.txt"}},
		{"a name with a bracket", []string{"static/a(1).txt", "x"}, []string{"error package/name static/a(1).txt"}},
		{"a short title", []string{"content/fees/index.md", strings.Replace(wholeCourse, "Fees at the counter", "Fee", 1)}, []string{"error package/title content/fees/index.md"}},
		{"five characters of Hindi", []string{"content/fees/index.md", strings.Replace(wholeCourse, "Fees at the counter", "शुल्क", 1)}, nil},
		{"25 MB", []string{"static/a.webm", strings.Repeat(large, 26)}, []string{"warning package/size content/fees"}},
		{"50 MB", []string{"static/a.webm", strings.Repeat(large, 51)}, []string{"error package/size content/fees"}},
	} {
		p, diags := pack(t, site(c.files...), "web")
		if got := told(diags); !slices.Equal(got, c.want) {
			t.Errorf("%s: said is %q, want %q", c.name, got, c.want)
		}
		if (p == nil) != diags.HasErrors() {
			t.Errorf("%s: a package is made: %v", c.name, p != nil)
		}
	}
}

func TestEachDetailThatTheUploadFormAsksForIsMissedByName(t *testing.T) {
	for key, what := range map[string]string{
		"summary": "description", "outcomes": "learning outcomes", "keywords": "keywords", "competencies": "competencies",
		"authors": "authors", "licence": "licence", "audience": "audience",
	} {
		var kept []string
		for line := range strings.Lines(wholeCourse) {
			if !strings.HasPrefix(line, key+":") {
				kept = append(kept, line)
			}
		}
		p, diags := pack(t, site("content/fees/index.md", strings.Join(kept, "")), "web")
		if len(diags) != 1 || diags[0].Severity != diag.Warning || diags[0].Code != "package/details" || !strings.Contains(diags[0].Message, "no "+what) || p == nil {
			t.Errorf("without %s: %+v", key, diags)
		}
	}
	// What lessons say counts for the course.
	bare := strings.Replace(wholeCourse, "competencies: [\"Openness, level 1\"]\n", "", 1)
	lesson := "---\ntitle: First\ncompetencies: [\"Openness, level 1\"]\n---\nWords.\n"
	if _, diags := pack(t, site("content/fees/index.md", bare, "content/fees/10-first.md", lesson), "web"); len(diags) > 0 {
		t.Errorf("a competency of a lesson: %v", told(diags))
	}
}

// TestAPackageBeginsWithIndexHTML judges what no site can bring about: the page that a package begins with is Sopan's own.
func TestAPackageBeginsWithIndexHTML(t *testing.T) {
	result, _, err := b.Build(context.Background(), site(), builder.Options{Course: "fees", Profile: "web"})
	if err != nil {
		t.Fatal(err)
	}
	in := Input{Site: result.Site, Course: result.Site.Courses[0]}
	if got := told(judgeUpload(in, nil)); !slices.Equal(got, []string{"error package/no-index content/fees"}) {
		t.Errorf("a package of nothing: %q", got)
	}
	if got := told(judgeUpload(in, []File{{Path: "index.html"}})); len(got) > 0 {
		t.Errorf("a package of index.html: %q", got)
	}
}

// TestFault73NamesThatAPlatformWouldSpoilAreRefused: what some unpack into question marks, or not at all.
func TestFault73NamesThatAPlatformWouldSpoilAreRefused(t *testing.T) {
	deep := strings.Repeat("a-long-name-of-thirty-letters/", 5)
	for _, c := range []struct{ name, file, want string }{
		{"a Devanagari lesson", "content/fees/20-शुल्क.md", "error package/name content/fees/20-शुल्क.md"},
		{"a Devanagari picture", "static/चित्र.txt", "error package/name static/चित्र.txt"},
		{"a Devanagari folder", "static/चित्र/a.txt", "error package/name static/चित्र/a.txt"},
		{"181 characters", "static/" + deep + strings.Repeat("x", 177-len(deep)) + ".txt", "error package/name"},
	} {
		p, diags := pack(t, site(c.file, "---\ntitle: X\n---\nWords.\n"), "web")
		if p != nil || len(diags) != 1 || !strings.HasPrefix(told(diags)[0], c.want) {
			t.Errorf("%s: %q", c.name, told(diags))
		}
	}
	// A folder is told once, however much is in it.
	if _, diags := pack(t, site("content/fees/20-शुल्क/index.md", "---\ntitle: M\n---\n", "content/fees/20-शुल्क/10-a.md", "---\ntitle: A\n---\nWords.\n", "content/fees/20-शुल्क/20-b.md", "---\ntitle: B\n---\nWords.\n"), "web"); len(diags) != 1 {
		t.Errorf("a folder with two lessons: %q", told(diags))
	}
	// A title in any script is no name, and 180 characters fit.
	if _, diags := pack(t, site("content/fees/10-first.md", "---\ntitle: शुल्क\n---\nशब्द\n", "static/"+deep+strings.Repeat("x", 176-len(deep))+".txt", "x"), "web"); len(diags) > 0 {
		t.Errorf("a title in Hindi, and a path of 180 characters: %q", told(diags))
	}
}
