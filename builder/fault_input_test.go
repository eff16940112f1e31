package builder

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/net/html"

	"sopan.dev/sopan/internal/diag"
)

// courseWith is a site of one course with these files in it, by their paths below content/c.
func courseWith(pairs ...string) fstest.MapFS {
	files := fstest.MapFS{
		"sopan.yaml":           {Data: []byte("title: A site\n")},
		"content/c/index.md":   {Data: []byte("---\ntitle: A course\n---\nWords.\n")},
		"content/c/m/index.md": {Data: []byte("---\ntitle: A module\n---\nWords.\n")},
	}
	for i := 0; i < len(pairs); i += 2 {
		files["content/c/"+pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return files
}

func lesson(body string) string { return "---\ntitle: A lesson\n---\n\n" + body + "\n" }

// elements parses a page and gives its elements.
func elements(t *testing.T, page []byte) []*html.Node {
	t.Helper()
	doc, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var out []*html.Node
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode {
			out = append(out, n)
		}
	}
	return out
}

// acts names what could run in a page: elements that do, beyond those of the theme, and attributes of events.
func acts(t *testing.T, page []byte) (found []string, scripts int) {
	t.Helper()
	for _, n := range elements(t, page) {
		switch n.Data {
		case "script":
			scripts++
		case "iframe", "object", "embed", "base", "marquee":
			found = append(found, "<"+n.Data+">")
		}
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "on") || strings.HasPrefix(strings.TrimSpace(strings.ToLower(a.Val)), "javascript:") || a.Key == "style" || a.Key == "srcdoc" {
				found = append(found, "<"+n.Data+" "+a.Key+">")
			}
		}
	}
	return found, scripts
}

func TestFault02MarkupInATextIsRefusedOrInert(t *testing.T) {
	const hostile = "Words <script>alert(1)</script> <b onclick=\"alert(1)\">bold</b>\n\n<img src=x onerror=alert(1)>\n\n<iframe src=\"https://example.org\"></iframe>\n\n<style>body{display:none}</style>\n\n<svg onload=alert(1)></svg>\n"
	// Off, a tag is an error; a preview still shows the page, with the tag as text.
	plain, _ := build(t, warm, courseWith("m/a.md", lesson("Words.")), Options{Drafts: true})
	_, scripts := acts(t, plain["c/m/a.html"])
	files := courseWith("m/a.md", lesson(hostile))
	out, diags := build(t, warm, files, Options{Drafts: true})
	if !diags.HasErrors() {
		t.Error("a text with <script> in it is no error")
	}
	if found, n := acts(t, out["c/m/a.html"]); len(found) > 0 || n != scripts {
		t.Errorf("with raw HTML off the page holds %v and %d scripts, want none and %d", found, n, scripts)
	}
	// Sanitised, harmless tags stay and the others go.
	files["sopan.yaml"] = &fstest.MapFile{Data: []byte("title: A site\nhtml: sanitised\n")}
	out, _ = build(t, warm, files, Options{Drafts: true})
	page, n := acts(t, out["c/m/a.html"])
	if len(page) > 0 || n != scripts {
		t.Errorf("with the sanitised subset the page holds %v and %d scripts, want none and %d", page, n, scripts)
	}
	// A page that an author put among the texts is not copied.
	out, diags = build(t, warm, courseWith("m/a.md", lesson("Words."), "m/own.html", "<script>alert(1)</script>"), Options{Drafts: true})
	if !diags.HasErrors() || out["c/m/own.html"] != nil {
		t.Errorf("an .html file among the texts: errors %v, copied %v", diags.HasErrors(), out["c/m/own.html"] != nil)
	}
}

func TestFault03HostileNamesAndTitlesAreEscaped(t *testing.T) {
	plain, _ := build(t, warm, courseWith("m/a.md", lesson("Words.")), Options{Drafts: true})
	_, scripts := acts(t, plain["c/m/a.html"])
	for _, breaks := range []string{
		`"><script>alert(1)</script><x y="`,    // ends the element
		`" onmouseover="alert(1)" x="`,         // ends the value
		`' onmouseover='alert(1)' x='`,         // in the other marks
		`</code></p><script>alert(1)</script>`, // ends what stands around it
	} {
		for name, body := range map[string]string{
			"a fence's language":      "```go" + breaks + "\nx\n```",
			"a link's title":          `[a](b.md '` + breaks + `')`,
			"a picture's title":       `![a](b.svg '` + breaks + `')`,
			"a picture's description": `![` + breaks + `](b.svg)`,
			"a container's title":     `:::activity{title="` + strings.ReplaceAll(breaks, `"`, `\"`) + "\"}\nwords\n:::",
			"a title in other marks":  ":::activity{title='" + breaks + "'}\nwords\n:::",
			"a container's name":      ":::" + breaks + "\nwords\n:::",
			"a heading":               "## " + "`" + breaks + "`",
			"a heading's id":          "## Words {#" + breaks + "}",
			"a footnote":              "Words[^" + breaks + "]\n\n[^" + breaks + "]: `" + breaks + "`",
			"a table":                 "| `" + breaks + "` |\n| --- |\n| `" + breaks + "` |",
		} {
			out, _ := build(t, warm, courseWith("m/a.md", lesson(body), "m/b.md", lesson("Words."), "m/b.svg", `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>`), Options{Drafts: true})
			page := out["c/m/a.html"]
			if page == nil {
				t.Errorf("%s: no page", name)
				continue
			}
			if found, n := acts(t, page); len(found) > 0 || n != scripts {
				t.Errorf("%s: the page holds %v and %d scripts, want none and %d", name, found, n, scripts)
			}
		}
	}
}

// find gives the first diagnostic with a code.
func find(diags diag.List, code string) *diag.Diagnostic {
	for i := range diags {
		if diags[i].Code == code {
			return &diags[i]
		}
	}
	return nil
}

func TestFault07SlipsInYAMLAreErrorsWithTheNextStep(t *testing.T) {
	for name, c := range map[string]struct{ quiz, code, hint string }{
		"a key twice":      {"title: Q\nquestions:\n- ask: A?\n  right: x\n  right: y\n  wrong: z\n", "quiz/duplicate-key", ""},
		"a misspelt key":   {"title: Q\nquestions:\n- ask: A?\n  right: x\n  wrogn: z\n", "quiz/unknown-key", "wrong"},
		"no right answer":  {"title: Q\nquestions:\n- ask: A?\n  wrong: [y, z]\n", "quiz/nothing-right", "right"},
		"no answer at all": {"title: Q\nquestions:\n- ask: A?\n", "quiz/no-answer-word", "right"},
	} {
		_, diags, err := warm.Build(t.Context(), courseWith("m/check.quiz.yaml", c.quiz), Options{})
		if err != nil {
			t.Fatal(err)
		}
		d := find(diags, c.code)
		if d == nil {
			t.Errorf("%s: no %s in %v", name, c.code, diags)
			continue
		}
		if d.Severity != diag.Error || d.Start.Line == 0 || d.Start.Col == 0 || d.Hint == "" || !strings.Contains(d.Hint, c.hint) {
			t.Errorf("%s: %+v, want an error with a place and a hint of %q", name, *d, c.hint)
		}
	}
}

// quizData is the data of the first quiz of a page.
func quizData(t *testing.T, page []byte) map[string]any {
	t.Helper()
	for _, n := range elements(t, page) {
		if n.Data != "script" || n.FirstChild == nil {
			continue
		}
		for _, a := range n.Attr {
			if a.Key == "class" && a.Val == "quiz-data" {
				var data map[string]any
				if err := json.Unmarshal([]byte(n.FirstChild.Data), &data); err != nil {
					t.Fatal(err)
				}
				return data
			}
		}
	}
	t.Fatal("the page holds no quiz")
	return nil
}

// YAML 1.1 makes 10 of 012, 1000 of 1e3, false of no, and a time of a date.
func TestFault08AnAnswerIsTheTextThatWasWritten(t *testing.T) {
	answers := []string{"012", "1e3", "no", "2024-01-05", "0x1F", "~", "1_000", "12:30", "Yes", "1.0"}
	quiz := "title: Q\nquestions:\n- ask: Which?\n  right: " + answers[0] + "\n  wrong:\n"
	for _, a := range answers[1:] {
		quiz += "  - " + a + "\n"
	}
	out, diags := build(t, warm, courseWith("m/check.quiz.yaml", quiz), Options{})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	var shown []string
	for _, n := range elements(t, out["c/m/check.html"]) {
		for _, a := range n.Attr {
			if a.Key == "class" && a.Val == "q-text" {
				var b strings.Builder
				for d := range n.Descendants() {
					if d.Type == html.TextNode {
						b.WriteString(d.Data)
					}
				}
				shown = append(shown, strings.TrimSpace(b.String()))
			}
		}
	}
	for _, a := range answers {
		n := 0
		for _, s := range shown {
			if s == a {
				n++
			}
		}
		if n != 1 {
			t.Errorf("the choice %s is shown %d times; the page shows %q", a, n, shown)
		}
	}
}

// Go's and JavaScript's expressions differ, and one of an author's can hang a browser.
func TestFault09AnAnswerIsNeverAnExpression(t *testing.T) {
	for _, key := range []string{"regex", "pattern", "match_regex"} {
		_, diags, err := warm.Build(t.Context(), courseWith("m/check.quiz.yaml", "title: Q\nquestions:\n- ask: A?\n  answer: x\n  "+key+": (a+)+$\n"), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if find(diags, "quiz/unknown-key") == nil {
			t.Errorf("the key %s is taken: %v", key, diags)
		}
	}
	out, diags := build(t, warm, courseWith("m/check.quiz.yaml", "title: Q\nquestions:\n- ask: A?\n  answer: a.c (x+)*\n"), Options{})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	b, err := json.Marshal(quizData(t, out["c/m/check.html"]))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(b), `a.c (x+)*`) {
		t.Errorf("the answer is not in the page as it was written: %s", b)
	}
}
