package markdown

import (
	"html"
	"math/rand/v2"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode"

	"sopan.dev/sopan/builder/source"
)

// The shortcuts (texts of words alone, and runs of words) must not be seen in what is read.

// byteByByte and inlineByteByByte are goldmark, which looks at each byte itself.
var (
	byteByByte       = sync.OnceValue(func() *setup { return newSetup(coreParsers(), constructs()) })
	inlineByteByByte = sync.OnceValue(func() *setup { return newSetup(inlineCore(), inlineConstructs()) })
)

// checkShortcuts reads a text with them and without.
func checkShortcuts(t *testing.T, md string) {
	t.Helper()
	text := source.NewText("", []byte(md))
	whole := &Doc{text: text, src: text.Bytes, opts: Options{Terms: caseTerms()}, tree: newTree()}
	whole.read(byteByByte().parser)
	compareDocs(t, md, Parse(text, 0, Options{Terms: caseTerms()}), whole)
	run := &Doc{text: text, src: text.Bytes, inline: true, tree: newTree()}
	run.read(inlineByteByByte().parser)
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

// seen is the HTML but for white space at the ends of lines, which no reader sees: goldmark leaves the last but one of several
// there when it looks for addresses, and none when it does not.
func seen(d *Doc) string { return endOfLine.ReplaceAllString(string(d.HTML(caseResolver())), "$1") }

var endOfLine = regexp.MustCompile(`(?m)[ \t\r\f]+(<br>|</h[1-6]>)?$`)

// told is the facts, without that white space in the words of a heading of several lines.
func told(d *Doc) Facts {
	f := d.Facts()
	f.Headings, f.Sections = slices.Clone(f.Headings), slices.Clone(f.Sections)
	for i := range f.Headings {
		f.Headings[i].Text, _ = oneLine(f.Headings[i].Text)
	}
	for i := range f.Sections {
		f.Sections[i].Heading, _ = oneLine(f.Sections[i].Heading)
	}
	return f
}

func compareDocs(t *testing.T, md string, got, want *Doc) {
	t.Helper()
	if g, w := seen(got), seen(want); g != w {
		t.Errorf("%q\n got %q\nwant %q", md, g, w)
	}
	if g, w := told(got), told(want); !reflect.DeepEqual(g, w) {
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
		"`x`", "![a]", "! [a]", "!", "a|b", "$x^2$", "=", "---", "==\n==", "a {#id}", "1)", "a\tb", "a \n b", "x  \ny", "x\\", "&amp;", "~~a~~", "a~b", "\xff", "a\x00b", "a\x7f",
		"wow! so (*this*), and `that`! Or: _those_; \"these\"  \nend! \nof\t\nit", "a \\ b\\*c*\\\\\\\nd \\*e*", "to a@b.in, (www.c.in) *http://d.in* a:// b@ c\nd@e.in  \nf g@h.in\\\ni",
		"[a b](c \"d e\") f [g\nh]: i [^1]\n\n[^1]: j! k\n\n[g\nh]: l", "> a!\tb\n> c \n\n- d! e\n\tf! g", "| a! b | www.c.in d |\n| - | - |\n| e! `f\\|g` h | i@j.in k! |", strings.Repeat("w", maxBare), strings.Repeat("w", maxBare+1),
		"|a|b|\n|:-|-:|\n|c|\n|d|e|f|\n||\n|\n g | `h|i` \n | |\n", "x\n|a|b|\n|-|-|\nc\n\ny", "- |a|b|\n  |-|-|\n  |c|d\n> e|f\n> -|-\n>\tg|h", "a|b\n-|-\n\tc|d\n \t e|f  \n|g|`h\n\n- i", "a|b\n-\nc|d", "a|b\n-|-\n`c`|d\n-|-\n``e``|` f`|g",
		"`a` `` b` `` ` c ` `d `e` f`g` h``i` `j\nk` `l``m` `` `n`", "`", "``", "`a`", "a`b`")
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

// Where a run of words ends depends on what stands together: signs that mean something, signs that do not, escapes, addresses,
// white space and the ends of lines, in any order.
func TestShortcutsReadWhateverStandsTogether(t *testing.T) {
	parts := []string{"a", "b", "क", "`c`", "|d|", "\n|-|-|\n", "—", "\u00a0", " ", " ", "  ", "    ", "\t", "\f", "\n", "\n", "\n\n", "\\", "\\", "*", "**", "_", "`", "~", "~~", "[", "]", "(", ")", "](", "!", "![",
		"<", ">", "<b>", "<!-- ", "-->", "&", "&amp;", "\"", ".", ":", "|", "@", "a@b.in", "www.", "www.c.in", "://", "http://d.in", "[^1]", "[^1]: x\n", "[x]: y\n",
		"{#a}", "# ", "> ", "- ", "1. ", "---", "\n|-|-|\n", ":::note\n"}
	checkTogether(t, rand.New(rand.NewPCG(1, 2)), parts, 1, 25)
}

// Whether stars begin and end emphasis depends on what stands around them.
func TestShortcutsReadAnyStars(t *testing.T) {
	parts := []string{"*", "*", "*", "**", "**", "***", "a", "b c", "क", "1", " ", " ", " ", "\u00a0", "\u2003", "\t", "\n", "  \n", ".", "—", "(", ")", "“", "₹", "_", "__", "~~", "[", "](d)", "`", "\\", "!", "&amp;", "e@f.in", "|", "> ", "- "}
	checkTogether(t, rand.New(rand.NewPCG(3, 4)), parts, 3, 14)
}

// checkTogether reads texts of any parts: at least so many, and as many more as chance has it, below most.
func checkTogether(t *testing.T, r *rand.Rand, parts []string, least, most int) {
	t.Helper()
	for range 4000 {
		var md strings.Builder
		for range least + r.IntN(most) {
			md.WriteString(parts[r.IntN(len(parts))])
		}
		checkShortcuts(t, md.String())
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
func TestLettersAreUnicodes(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		inWord := unicode.In(r, unicode.L, unicode.M, unicode.N) || r == '\u200c' || r == '\u200d'
		if got := isWordRune(r); got != inWord {
			t.Errorf("%U is of a word: %v, want %v", r, got, inWord)
		}
		if got, want := letterOf(r)&aWord != 0, unicode.Is(unicode.Han, r); got != want {
			t.Errorf("%U is a word: %v, want %v", r, got, want)
		}
		if got, want := letterOf(r), knownLetters().of(r); got != want {
			t.Errorf("%U is looked up as %b, and is %b", r, got, want)
		}
		s := "a" + string(r) + "b"
		if line, _ := oneLine(s); line != strings.Join(strings.Fields(s), " ") {
			t.Errorf("%U: one line is %q", r, line)
		}
	}
}

func TestWordsAreCountedAsTheyAreSeparated(t *testing.T) {
	texts := append(shortcutTexts(t), "中a文b", "it's 'so' o’clock", "'", "a'", "1.5", "क्\u200dष 'क'")
	// Any bytes of ASCII and a few others, in texts of up to 30.
	parts, chance := []string{"क", "’", "中", "\u00a0", "\u0085", "word", "two words "}, rand.New(rand.NewPCG(5, 6))
	for c := range 0x80 {
		parts = append(parts, string(rune(c)), "a", " ")
	}
	for range 20_000 {
		var s strings.Builder
		for range chance.IntN(30) {
			s.WriteString(parts[chance.IntN(len(parts))])
		}
		texts = append(texts, s.String())
	}
	for _, s := range texts {
		if line, _ := oneLine(s); line != strings.Join(strings.Fields(s), " ") {
			t.Errorf("%q: one line is %q", s, line)
		}
		want, in := 0, false
		for _, r := range s {
			switch {
			case unicode.Is(unicode.Han, r):
				want, in = want+1, false
			case isWordRune(r):
				if !in {
					want++
				}
				in = true
			case r != '\'' && r != '’':
				in = false
			}
		}
		if got := countWords(s); got != want {
			t.Errorf("%q has %d words, counted %d", s, want, got)
		}
	}
}
