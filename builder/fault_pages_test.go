package builder

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/text/unicode/norm"
)

// This file holds what must be true of the pages that learners open, whatever an author writes: the site is built for a
// preview, which shows a page in spite of its errors, and the pages are parsed as a browser does.

// urls gives the addresses in a page: the values of the attributes that browsers follow or fetch.
func urls(t *testing.T, page []byte) (all []string) {
	t.Helper()
	for _, n := range elements(t, page) {
		for _, a := range n.Attr {
			switch a.Key {
			case "href", "src", "srcset", "action", "formaction", "poster", "data", "cite", "ping", "background":
				all = append(all, a.Val)
			}
		}
	}
	return all
}

// runs tells whether a browser would run an address, or open what it holds: it drops controls and blanks before it looks.
func runs(address string) bool {
	address = strings.ToLower(strings.Map(func(r rune) rune {
		if r <= ' ' || r == '\u200b' || r == '\ufeff' {
			return -1
		}
		return r
	}, address))
	for _, scheme := range []string{"javascript:", "vbscript:", "data:", "blob:", "file:"} {
		if strings.HasPrefix(address, scheme) {
			return true
		}
	}
	return false
}

// places is where an author can write an address: the files of a course, with ADDRESS where it goes.
var places = map[string]string{
	"content/c/m/a.md": lesson("[inline](ADDRESS) [in brackets](<ADDRESS>) [titled](ADDRESS 'x') <ADDRESS> ADDRESS ![image](ADDRESS) [![image in a link](b.svg)](ADDRESS) [ref] ![ref]\n\n" +
		"[ref]: ADDRESS\n\n![a figure](ADDRESS \"caption\")\n\n# [heading](ADDRESS)\n\n> [!NOTE]\n> [alert](ADDRESS)\n\n- [ ] [task](ADDRESS)\n\n| [cell](ADDRESS) |\n| --- |\n| [cell](ADDRESS) |\n\n" +
		"term\n: [definition](ADDRESS)\n\n[^1]\n\n[^1]: [footnote](ADDRESS)\n\n:::details{title=\"[title](ADDRESS)\"}\n[contained](ADDRESS)\n:::\n\n:::include{file=\"ADDRESS\"}\n:::\n\n" +
		"<a href=\"ADDRESS\">raw</a> <img src=\"ADDRESS\"> <form action=\"ADDRESS\"></form>\n"),
	"content/c/m/k.case.md":     "---\ntitle: A case\n---\n\n[intro](ADDRESS)\n\n## One {#one}\n\n[scene](ADDRESS)\n\n- [decision](ADDRESS)\n- [Two](#two)\n\n## Two {#two}\n\nEnd.\n",
	"content/c/m/q.quiz.yaml":   "title: '[title](ADDRESS)'\nquestions:\n- id: a\n  ask: '[ask](ADDRESS) ![image](ADDRESS)'\n  right: '[right](ADDRESS)'\n  wrong: ['[wrong](ADDRESS)', 'other']\n  why: '[why](ADDRESS)'\n  hint: '[hint](ADDRESS)'\n",
	"content/c/index.md":        "---\ntitle: '[course](ADDRESS)'\nsummary: '[summary](ADDRESS)'\n---\n\n[course](ADDRESS)\n",
	"content/c/m/s.md":          "---\ntitle: Sources\nsummary: '[summary](ADDRESS)'\nsources:\n- title: '[source](ADDRESS)'\n  url: 'ADDRESS'\n---\n\nWords of them.\n",
	"content/glossary.yaml":     "terms:\n- id: words\n  term: Words\n  meaning: '[meaning](ADDRESS)'\n",
	"content/competencies.yaml": "frameworks:\n- id: f\n  title: F\n  source:\n    title: S\n    url: 'ADDRESS'\n  levels: [A, B]\n  areas:\n  - title: '[area](ADDRESS)'\n    competencies:\n    - id: x\n      title: '[competency](ADDRESS)'\n",
}

func TestFault01NoAddressOfAnAuthorRuns(t *testing.T) {
	site := func(address string) fstest.MapFS {
		files := courseWith("m/b.svg", `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>`)
		files["sopan.yaml"] = &fstest.MapFile{Data: []byte("title: A site\nhtml: sanitised\n")}
		for name, text := range places {
			files[name] = &fstest.MapFile{Data: []byte(strings.ReplaceAll(text, "ADDRESS", address))}
		}
		return files
	}
	addressesOf := func(address string) (all []string) {
		out, _ := build(t, warm, site(address), Options{Drafts: true})
		for name, page := range out {
			if strings.HasSuffix(name, ".html") {
				all = append(all, urls(t, page)...)
			}
		}
		return all
	}
	// A sound address comes through at most of these places: the test reaches them.
	const sound = "https://sound.example/x"
	n := 0
	for _, a := range addressesOf(sound) {
		if a == sound {
			n++
		}
	}
	t.Log(n, "places")
	if n < 15 {
		t.Errorf("a sound address stands in the pages %d times; the hostile ones are not tried at enough places", n)
	}
	for _, hostile := range []string{
		"javascript:alert(1)", "JaVaScRiPt:alert(1)", "javascript&colon;alert(1)", "&#x6A;avascript:alert(1)", "java&#10;script:alert(1)", "java&Tab;script:alert(1)", "&#1;javascript:alert(1)",
		"%6Aavascript:alert(1)", "javascript%3Aalert(1)", "jav&#x200b;ascript:alert(1)", "javascript:alert(1)//https://sound.example/", "javascript://sound.example/%0aalert(1)",
		"data:text/html,<b>x</b>", "DATA:text/html;base64,PHNjcmlwdD4=", "data&#58;image/svg+xml,x", "vbscript:msgbox(1)", "VBSCRIPT:msgbox(1)", "file:///etc/passwd", "blob:https://sound.example/1",
	} {
		for _, a := range addressesOf(hostile) {
			if runs(a) {
				t.Errorf("%s: a page leads to %q", hostile, a)
			}
		}
	}
}

func TestFault04AQuizOfMarkupAddsNoElementToItsPage(t *testing.T) {
	quiz := func(text string) string {
		b, err := json.Marshal(text) // a JSON text is a YAML text
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprintf("title: %[1]s\nquestions:\n- id: a\n  ask: %[1]s\n  right: %[1]s\n  wrong: [other]\n  why: %[1]s\n- id: b\n  ask: Write\n  answer: %[1]s\n", b)
	}
	count := func(page []byte) map[string]int {
		of := map[string]int{}
		for _, n := range elements(t, page) {
			of[n.Data]++
		}
		return of
	}
	plain, diags := build(t, warm, courseWith("m/q.quiz.yaml", quiz("plain words")), Options{Drafts: true})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	want := count(plain["c/m/q.html"])
	for _, hostile := range []string{"</script><script>alert(1)</script>", "<!--<script", "a\u2028b\u2029c", "]]></svg>", "</title></head><body onload=alert(1)>"} {
		out, _ := build(t, warm, courseWith("m/q.quiz.yaml", quiz(hostile)), Options{Drafts: true})
		page := out["c/m/q.html"]
		if got := count(page); got["script"] != want["script"] || got["body"] != 1 || got["form"] != want["form"] {
			t.Errorf("%q: the page has %v, want %v", hostile, got, want)
		}
		if found, _ := acts(t, page); len(found) > 0 {
			t.Errorf("%q: the page holds %v", hostile, found)
		}
		if accepted := fmt.Sprint(quizData(t, page)["questions"]); !strings.Contains(accepted, hostile) {
			t.Errorf("%q does not come back from the page's data: %s", hostile, accepted)
		}
	}
}

// Headings in the scripts of India's languages, some the same, some of signs alone.
func TestFault10HeadingsOfEveryScriptHaveTheirOwnLastingIDs(t *testing.T) {
	headings := []string{
		"नियम और शर्तें", "নিয়ম", "விதிகள்", "నియమాలు", "ನಿಯಮಗಳು", "നിയമങ്ങൾ", "નિયમો", "ਨਿਯਮ", "ନିୟମ", "قواعد", "ᱱᱤᱭᱚᱢ", "ꯋꯥꯌꯦꯜ", "क्\u200dष", "क़ानून", "क\u093cानून",
		"नियम और शर्तें", "!!!", "???", "१. पहला", "🙂", "Rules", "rules",
	}
	body := func(first string) string {
		text := first
		for _, h := range headings {
			text += "## " + h + "\n\nWords.\n\n"
		}
		return lesson(text)
	}
	ids := func(body string) (all []string) {
		out, _ := build(t, warm, courseWith("m/a.md", body), Options{Drafts: true})
		for _, n := range elements(t, out["c/m/a.html"]) {
			if n.Data == "h2" {
				if id := attr(n, "id"); id != "" && id != "outline-title" {
					all = append(all, id)
				}
			}
		}
		return all
	}
	first := ids(body(""))
	if len(first) < len(headings) {
		t.Fatalf("of %d headings %d have an id: %q", len(headings), len(first), first)
	}
	if distinct := slices.Compact(slices.Sorted(slices.Values(first))); len(distinct) != len(first) {
		t.Errorf("an id comes twice: %q", first)
	}
	// An id is made of its heading's words, marks and all, and lasts: another heading before them changes none. Of no words
	// nothing can be made but a number.
	later := ids(body("## नई शुरुआत\n\nWords.\n\n"))
	if len(first) != len(headings) || len(later) != len(headings)+1 {
		t.Fatalf("%d headings have the ids %q, and with one more %q", len(headings), first, later)
	}
	for i, h := range headings {
		words := strings.FieldsFunc(norm.NFC.String(strings.ReplaceAll(strings.ToLower(h), "\u200d", "")), func(r rune) bool { return !unicode.In(r, unicode.L, unicode.M, unicode.N) })
		if len(words) == 0 {
			continue
		}
		if !strings.HasPrefix(first[i], strings.Join(words, "-")) {
			t.Errorf("the heading %q has the id %q", h, first[i])
		}
		if later[i+1] != first[i] {
			t.Errorf("the heading %q has the id %q, and %q when another heading is written", h, first[i], later[i+1])
		}
	}
	links := ""
	for _, id := range first {
		links += "[there](#" + id + ")\n"
	}
	if _, diags := build(t, warm, courseWith("m/a.md", body(links+"\n")), Options{Drafts: true}); diags.HasErrors() {
		t.Errorf("a link to one of %q does not resolve: %v", first, diags)
	}
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func TestFault25WhatAnotherHostWouldSendIsRefused(t *testing.T) {
	for name, text := range map[string]string{
		"an image":          "![a](https://elsewhere.example/a.png)",
		"without a scheme":  "![a](//elsewhere.example/a.png)",
		"by reference":      "![a][r]\n\n[r]: http://elsewhere.example/a.png",
		"a film":            "![a](https://elsewhere.example/a.mp4)",
		"a script":          "<script src=\"https://elsewhere.example/a.js\"></script>",
		"a frame":           "<iframe src=\"https://elsewhere.example\"></iframe>",
		"a raw image":       "<img src=\"https://elsewhere.example/a.png\" alt=\"a\">",
		"a drawing's image": "![a](d.svg)",
	} {
		out, diags := build(t, warm, courseWith("m/a.md", lesson(text),
			"m/d.svg", `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><image href="https://elsewhere.example/a.png"/></svg>`), Options{Drafts: true})
		if !diags.HasErrors() {
			t.Errorf("%s is no error", name)
		}
		for _, n := range elements(t, out["c/m/a.html"]) {
			for _, a := range n.Attr {
				if n.Data != "a" && strings.Contains(a.Val, "elsewhere.example") {
					t.Errorf("%s: the page fetches <%s %s=%q>", name, n.Data, a.Key, a.Val)
				}
			}
		}
	}
}
