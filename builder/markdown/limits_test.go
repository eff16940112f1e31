package markdown

import (
	"strings"
	"testing"
	"time"

	"sopan.dev/sopan/builder/source"
)

// hostile is texts whose cost grows with the square of their length, or
// exponentially, in one parser or another; n is how often the piece comes.
func hostile(n int) map[string]string {
	r := strings.Repeat
	indented := func(mark string, n int) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(r("  ", i) + mark + " a\n")
		}
		return b.String()
	}
	return map[string]string{
		"quotations":            r("> ", n) + "x",
		"quotations, no space":  r(">", n) + "x",
		"lists on a line":       r("- ", n) + "x",
		"ordered on a line":     r("1. ", n) + "x",
		"lists by indentation":  indented("-", min(n, 1400)),
		"lists then blanks":     indented("-", min(n, 600)) + r("\n", n),
		"brackets":              r("[", n),
		"bracket pairs":         r("[", n) + r("]", n),
		"links in links":        r("[", n) + "a" + r("](b)", n),
		"images in images":      r("![", n) + "a" + r("](b)", n),
		"image openers":         r("![a](", n),
		"emphasis openers":      r("*a **a ", n),
		"emphasis closers":      r("a** ", n),
		"emphasis nested":       r("*a", n) + r("a*", n),
		"underscores":           r("_", n) + "a",
		"backquotes":            codeRuns(n),
		"angle brackets":        r("<", n),
		"open tags":             r("<a ", n),
		"open comments":         r("<!--", n),
		"processing":            r("<?", n),
		"declarations":          r("<!A", n),
		"entities":              r("&", n),
		"references":            r("[a]: b\n", n) + r("[a]", n),
		"footnote references":   "[^1]: x\n\n" + r("[^1]", n),
		"footnotes":             r("[^1]: x\n\n", n),
		"undefined footnotes":   r("[^x] ", n),
		"wide tables":           r("a|", n) + "\n" + r("-|", n) + "\n" + r("x\n", n),
		"headings":              r("# a\n", n),
		"setext":                r("a\n=\n", n),
		"containers":            r(":::activity\n", n),
		"containers, longer":    longer(n),
		"stray fences":          r(":::\n\n", n),
		"container attributes":  ":::activity{" + r("a=b ", n) + "}",
		"container quotes":      ":::activity{" + r(`a="`, n),
		"alerts":                r("> [!NOTE]\n> x\n\n", n),
		"definitions":           r("a\n: b\n\n", n),
		"nested definitions":    "a\n" + r(": ", n) + "b",
		"autolinks":             r("http://a.b ", n),
		"mail":                  r("a@", n),
		"tildes":                r("~~a ", n),
		"fences":                r("```go\n", n),
		"code in lists":         r("- ```go\n  x\n  ```\n", n),
		"hard breaks":           r("a  \n", n),
		"spaces":                r(" ", n) + "a" + r(" ", n) + "\nb",
		"heading braces":        "## " + r("{#a", n),
		"decisions":             "## a\n\n" + r("- [a](#a) {x +1}\n", n),
		"decision braces":       "## a\n\n- [a](#a) {" + r("x +1 ", n),
		"terms":                 r("RTI Mission Right to ", n),
		"nothing but joiners":   r("\u200d", n),
		"percent of percents":   "[a](" + r("%25", n) + "6Aavascript:x)",
		"entities of entities":  "[a](" + r("&amp;", 1) + r("amp;", n) + "#106;avascript:x)",
		"HTML blocks":           r("<div>\n", n),
		"unbalanced inline tag": "x " + r("<b>", n),
	}
}

func codeRuns(n int) string {
	var b strings.Builder
	for i := 1; i < min(n, 700); i++ {
		b.WriteString("e" + strings.Repeat("`", i))
	}
	return b.String()
}

func longer(n int) string {
	var b strings.Builder
	for i := min(n, 700); i > 3; i-- {
		b.WriteString(strings.Repeat(":", i) + "activity\n")
	}
	return b.String()
}

// TestHostileTextsEndSoon is fault 6 for Markdown: no text takes long. The
// bound is far from what it takes, so that a slow machine passes; what it
// would catch takes minutes.
func TestHostileTextsEndSoon(t *testing.T) {
	const bound = time.Minute // a hang, not a slow machine
	for name, md := range hostile(5_000) {
		md = md[:min(len(md), maxBytes)]
		for _, o := range []Options{{Case: true, Terms: caseTerms()}, {RawHTML: Sanitised}} {
			began := time.Now()
			d := Parse(source.NewText("x.md", []byte(md)), 0, o)
			d.Facts()
			d.HTML(Resolver{})
			d.Scenes()
			if took := time.Since(began); took > bound {
				t.Errorf("%s: %d bytes took %v", name, len(md), took)
			} else if took > 300*time.Millisecond {
				t.Logf("%s: %d bytes took %v", name, len(md), took)
			}
		}
	}
}

// Many short lines are a paragraph, with a stroke in one of them too; only the line of dashes makes them a table.
func TestOnlyATableIsTooLargeForOne(t *testing.T) {
	long := strings.Repeat("a\n", 3_000)
	for md, want := range map[string]bool{
		long: false, "a | b | c | d | e | f | g | h\n" + long: false, "a\n" + strings.Repeat("a | b\n", 11_000): false,
		"a|b|c|d|e|f|g|h\n-|-|-|-|-|-|-|-\n" + long: true, "words\na|b|c|d|e|f|g|h\n" + strings.Repeat(":-:|", 8) + "\n" + long: true,
	} {
		refused := false
		for _, d := range Parse(source.NewText("x.md", []byte(md)), 0, Options{}).Diagnostics() {
			refused = refused || d.Code == "markdown/table-too-large"
		}
		if refused != want {
			t.Errorf("%.40q…: refused %v, want %v", md, refused, want)
		}
	}
}
