package page

import (
	"bytes"
	"encoding/json"
	"errors"
	"html/template"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sopan.dev/sopan/builder/course"
	"sopan.dev/sopan/builder/markdown"
)

func TestAddressesAreRelativeAndEncoded(t *testing.T) {
	for _, c := range []struct{ from, to, fragment, want string }{
		{"index.html", "c/index.html", "", "c/index.html"},
		{"c/m/x.html", "c/m/y.html", "", "y.html"},
		{"c/m/x.html", "c/m/x.html", "part", "x.html#part"},
		{"c/m/x.html", "index.html", "", "../../index.html"},
		{"hi/c/x.html", "c/x.html", "", "../../c/x.html"},
		{"a.html", "शुल्क/ग्राम.html", "भाग एक", "%E0%A4%B6%E0%A5%81%E0%A4%B2%E0%A5%8D%E0%A4%95/%E0%A4%97%E0%A5%8D%E0%A4%B0%E0%A4%BE%E0%A4%AE.html#%E0%A4%AD%E0%A4%BE%E0%A4%97%20%E0%A4%8F%E0%A4%95"},
		{"a.html", "b c.pdf", "", "b%20c.pdf"},
		{"a.html", "a&b'c.pdf", "", "a&b%27c.pdf"},
		{"a.html", "50%.pdf", "", "50%25.pdf"},
		{"a.html", "what?.pdf", "", "what%3F.pdf"},
		{"a.html", "#1.pdf", "", "%231.pdf"},
		{"c/a.html", "c/javascript:x.html", "", "./javascript:x.html"},
		{"c/a.html", "c/d/java:x.html", "", "d/java:x.html"},
	} {
		got := href(c.from, c.to, c.fragment)
		if got != c.want && got != strings.ReplaceAll(c.want, "%27", "'") {
			t.Errorf("from %s to %s#%s: %s, want %s", c.from, c.to, c.fragment, got, c.want)
		}
	}
	// Where nothing has to be encoded it is the address that the checks know.
	addresses := []string{"a", "a/b", "a/b/c", "ab/c", "a/bc", "a/b/c/d.html", "x", "x/b/c", strings.Repeat("d/", 14) + "e"}
	for _, from := range addresses {
		for _, to := range addresses {
			if got, want := href(from, to, ""), course.Relative(from, to); got != want {
				t.Errorf("from %s to %s: %s, want %s", from, to, got, want)
			}
		}
	}
	for address, want := range map[string]string{"index.html": "./", "c/x.html": "../", "hi/c/m/x.html": "../../../"} {
		if got := root(address); got != want {
			t.Errorf("root(%s) = %s, want %s", address, got, want)
		}
	}
}

// Fault 4: no text of an author ends the element that carries data, or opens
// another one.
func TestFault04DataCannotLeaveItsElement(t *testing.T) {
	hostile := "</script><script>alert(1)</script><!--<script>\u2028\u2029&amp;\"'\\"
	got := string(dataElement(`id="x"`, struct{ Title string }{hostile}))
	if n := len(regexp.MustCompile(`(?i)</?script|<!--`).FindAllString(got, -1)); n != 2 {
		t.Errorf("the page holds %d script tags: %s", n, got)
	}
	if strings.ContainsAny(got, "\u2028\u2029") {
		t.Errorf("a line separator stands in the page: %q", got)
	}
	body := strings.TrimSuffix(strings.TrimPrefix(got, `<script type="application/json" id="x">`), `</script>`)
	var back struct{ Title string }
	if err := json.Unmarshal([]byte(body), &back); err != nil || back.Title != hostile {
		t.Errorf("the text comes back as %q (%v)", back.Title, err)
	}
}

func TestActivitiesHaveIRIs(t *testing.T) {
	for _, c := range []struct{ base, want string }{
		{"https://courses.example.gov.in", "https://courses.example.gov.in/c/m/fees"},
		{"urn:sopan:negd", "urn:sopan:negd:c:m/fees"},
	} {
		if got := joinIRI(c.base, "c", "m/fees"); got != c.want {
			t.Errorf("%s: %s, want %s", c.base, got, c.want)
		}
	}
}

func TestSharesAndDatesInWords(t *testing.T) {
	for share, want := range map[course.Share]any{1: "all", 0: "none", 0.8: 0.8} {
		if got := shareData(share); got != want {
			t.Errorf("shareData(%v) = %v, want %v", share, got, want)
		}
	}
	for _, c := range []struct{ iso, lang, want string }{
		{"2026-11-21", "en", "21 November 2026"}, {"2026-11-21", "en-IN", "21 November 2026"}, {"2026-01-02", "hi", "2 जनवरी 2026"},
		{"2026-11-21", "ta", "21-11-2026"}, {"", "en", ""}, {"soon", "en", "soon"},
	} {
		if got := date(c.iso, c.lang); got != c.want {
			t.Errorf("date(%q, %s) = %q, want %q", c.iso, c.lang, got, c.want)
		}
	}
	for share, want := range map[float64]string{0.6: "60 %", 1: "100 %", 0.333: "33.3 %"} {
		if got := percent(share); got != want {
			t.Errorf("percent(%v) = %s, want %s", share, got, want)
		}
	}
}

func TestATableOfContentsIsWorthItsPlace(t *testing.T) {
	h := func(levels ...int) (out []markdown.Heading) {
		for _, l := range levels {
			out = append(out, markdown.Heading{Level: l, Text: "x", ID: "x"})
		}
		return out
	}
	for _, c := range []struct {
		levels []int
		want   int
	}{{nil, 0}, {[]int{2, 2}, 0}, {[]int{2, 2, 2}, 3}, {[]int{2, 3, 4, 4, 2}, 3}, {[]int{4, 4, 4}, 0}} {
		if got := len(contents(slices.Values(h(c.levels...)))); got != c.want {
			t.Errorf("headings %v: %d entries, want %d", c.levels, got, c.want)
		}
	}
}

func TestTermsAreInTheOrderOfADictionary(t *testing.T) {
	terms := []TermView{{Term: "zebra"}, {Term: "Apple"}, {Term: "école"}, {Term: "banana"}}
	sortTerms(terms, "en")
	var got []string
	for _, v := range terms {
		got = append(got, v.Term)
	}
	if strings.Join(got, " ") != "Apple banana école zebra" {
		t.Errorf("in order: %v", got)
	}
	hindi := []TermView{{Term: "ज्ञान"}, {Term: "कर्म"}, {Term: "अंक"}}
	sortTerms(hindi, "hi")
	if hindi[0].Term != "अंक" || hindi[1].Term != "कर्म" {
		t.Errorf("in order: %v", hindi)
	}
}

func TestTemplateErrorsHaveTheirPlace(t *testing.T) {
	_, err := template.New("lesson.html").Parse("<p>\n{{nope}}")
	d := templateError("themes/mine/templates/lesson.html", err)
	if d.Start.File != "themes/mine/templates/lesson.html" || d.Start.Line != 2 || !strings.Contains(d.Message, `"nope" not defined`) {
		t.Errorf("%+v", d)
	}
	d = templateError("themes/mine/templates/lesson.html", errors.New("something else"))
	if d.Start.Line != 1 || !strings.Contains(d.Message, "something else") || d.Hint == "" {
		t.Errorf("%+v", d)
	}
}

func TestMovedPagesLeadOnWithoutScript(t *testing.T) {
	v := &course.Version{Lang: "ur", Address: "c/नया.html", Title: `A <b> & "c"`}
	var b bytes.Buffer
	if err := (&planner{}).moved(&b, course.Moved{Address: "old/x.html", To: v}); err != nil {
		t.Fatal(err)
	}
	got := b.String()
	for _, want := range []string{`<html lang="ur" dir="rtl">`, `content="0; url=../c/%e0%a4%a8%e0%a4%af%e0%a4%be.html"`, `<title>A &lt;b&gt; &amp; &#34;c&#34;</title>`} {
		if !strings.Contains(strings.ToLower(got), strings.ToLower(want)) {
			t.Errorf("the page lacks %s:\n%s", want, got)
		}
	}
	if strings.Contains(got, "<script") || strings.Contains(got, "<b>") {
		t.Errorf("the page holds markup of a title, or a script:\n%s", got)
	}
}
