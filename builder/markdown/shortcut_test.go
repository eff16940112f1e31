package markdown

import (
	"html"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"sopan.dev/sopan/builder/source"
)

// The shortcuts (texts of words alone, and the parser that looks for no bare
// addresses) must not be seen in what is read.

// checkShortcuts reads a text with them and without.
func checkShortcuts(t *testing.T, md string) {
	t.Helper()
	text := source.NewText("", []byte(md))
	whole := &Doc{text: text, src: text.Bytes, opts: Options{Terms: caseTerms()}}
	whole.read(blockSetup().parser)
	compareDocs(t, md, Parse(text, 0, Options{Terms: caseTerms()}), whole)
	run := &Doc{text: text, src: text.Bytes, inline: true}
	run.read(inlineSetup().parser)
	compareDocs(t, md, ParseInline(md, Options{}), run)
	if IsBare(md) {
		if g, w := BareHTML(md), seen(run); g != w {
			t.Errorf("%q\n got %q\nwant %q", md, g, w)
		}
		if g, w := BareWords(md), run.Plain(); g != w {
			t.Errorf("%q has the words %q, want %q", md, g, w)
		}
	}
}

// seen is the HTML but for tabs at the ends of lines, which no reader sees: goldmark drops one of several there when it looks
// for addresses, and all of them when it does not.
func seen(d *Doc) string { return tabsAtEnd.ReplaceAllString(string(d.HTML(caseResolver())), "") }

var tabsAtEnd = regexp.MustCompile(`(?m)\t+$`)

func compareDocs(t *testing.T, md string, got, want *Doc) {
	t.Helper()
	if g, w := seen(got), seen(want); g != w {
		t.Errorf("%q\n got %q\nwant %q", md, g, w)
	}
	if g, w := got.Facts(), want.Facts(); !reflect.DeepEqual(g, w) {
		t.Errorf("%q\n got %+v\nwant %+v", md, g, w)
	}
	if g, w := got.Diagnostics(), want.Diagnostics(); !reflect.DeepEqual(g, w) {
		t.Errorf("%q\n got %+v\nwant %+v", md, g, w)
	}
}

// shortcutTexts is short texts around what the shortcuts look for.
func shortcutTexts(t *testing.T) []string {
	texts := append(seeds(t), "a", "A clause, and (another)!", "3 + 4 = 7; 50% - or 1.5?", `say "no" and 'yes'`, "two  spaces", "# 1. - + not a block",
		"| a |", "नियम और भूमिका।", "a\u00a0b", "\u00a0a", "a\u2003", "a\u0085b", "www", "www.", "www.a.in", "awww.b.in", "WWW.a.in", "http:", "http://a.in", "a: b", "a://b", "mail a@b.in now",
		"`x`", "![a]", "! [a]", "!", "a|b", "$x^2$", "=", "---", "==\n==", "a {#id}", "1)", "a\tb", "a \n b", "x  \ny", "x\\", "&amp;", "~~a~~", "a~b", "\xff", "a\x00b", "a\x7f", strings.Repeat("w", maxBare), strings.Repeat("w", maxBare+1))
	for _, e := range specExamples(t) {
		texts = append(texts, e.markdown, strings.TrimSpace(e.markdown))
	}
	return texts
}

func TestShortcutsReadAsTheParserDoes(t *testing.T) {
	for _, md := range shortcutTexts(t) {
		checkShortcuts(t, md)
		for line := range strings.Lines(md) {
			checkShortcuts(t, strings.TrimSuffix(line, "\n"))
		}
	}
}

func TestEscapedIsTheStandardLibrarysEscaping(t *testing.T) {
	for _, s := range append(shortcutTexts(t), "", "&", `<a href="x">'&amp;'</a>`) {
		w := (&Doc{}).writer(Resolver{})
		if w.escaped(s); w.String() != html.EscapeString(s) {
			t.Errorf("%q is escaped as %q", s, w.String())
		}
	}
}

// What is looked up of a rune is what Unicode says of it.
func TestWordRunesAreUnicodes(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if got, want := isWordRune(r), findWordRune(r); got != want {
			t.Errorf("%U: %v, want %v", r, got, want)
		}
		if r < firstHan && unicode.Is(unicode.Han, r) {
			t.Errorf("%U is a Han character", r)
		}
		if s := []byte("a" + string(r) + "b"); unicode.IsSpace(r) && r != ' ' && isOneLine(s) {
			t.Errorf("%U is white space, and no line has it", r)
		}
	}
}
