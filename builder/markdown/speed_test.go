package markdown

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"sopan.dev/sopan/builder/source"
)

// lesson is a text of some 900 words with what lessons have: headings, a
// table, lists, a callout, an activity, code, links, a footnote.
func lesson() source.Text {
	var b strings.Builder
	para := "Savita Devi is a Revenue Inspector in a tehsil office, and on Monday she reads the [rules](rules.md) again before the counter opens. " +
		"सूचना का अधिकार अधिनियम के अंतर्गत उत्तर **तीस दिन** के भीतर देना होता है, और *कारण* लिखना होता है।\n\n"
	for i := range 12 {
		fmt.Fprintf(&b, "## Part %d: नियम और भूमिका\n\n%s%s", i, para, para)
	}
	b.WriteString("| a | b |\n| --- | --- |\n| c | d |\n\n> [!NOTE]\n> Words.[^1]\n\n:::activity{title=\"Try\" minutes=10}\n1. One\n2. Two\n:::\n\n" +
		"```go\nfunc main() { fmt.Println(1) }\n```\n\n![Alt](a.svg \"Caption\")\n\n[^1]: A note.\n")
	return source.NewText("lesson.md", []byte(b.String()))
}

// glossary is 200 entries, a few of them in the lesson.
func glossary() *Terms {
	entries := []GlossaryTerm{{ID: "rti", Forms: []string{"सूचना का अधिकार"}, Meaning: "x"}, {ID: "tehsil", Forms: []string{"tehsil office"}, Meaning: "y"}}
	for i := range 198 {
		entries = append(entries, GlossaryTerm{ID: fmt.Sprint(i), Forms: []string{fmt.Sprintf("revenue term %d", i), fmt.Sprintf("शब्द %d", i)}, Meaning: "z"})
	}
	return NewTerms(entries)
}

func BenchmarkParse(b *testing.B) {
	t, o := lesson(), Options{Terms: glossary()}
	b.ReportAllocs()
	b.SetBytes(int64(len(t.Bytes)))
	for b.Loop() {
		Parse(t, 0, o).Release()
	}
}

func BenchmarkHTML(b *testing.B) {
	t, o := lesson(), Options{Terms: glossary()}
	d := Parse(t, 0, o)
	b.ReportAllocs()
	for b.Loop() {
		d.HTML(Resolver{})
	}
}

func BenchmarkInline(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		ParseInline("Within how many **days** must a request be answered?", Options{}).Release()
	}
}

func BenchmarkWords(b *testing.B) {
	for name, s := range map[string]string{
		"english": strings.Repeat("Savita Devi reads the rules again, and on Monday (at 10) opens the counter. ", 50),
		"hindi":   strings.Repeat("सूचना का अधिकार अधिनियम के अंतर्गत उत्तर तीस दिन के भीतर देना होता है। ", 20),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(s)))
			for b.Loop() {
				lookOver(s)
			}
		})
	}
}

func TestManyGoroutinesReadAndRenderTheSame(t *testing.T) {
	tx, o := lesson(), Options{Terms: glossary(), RawHTML: Sanitised}
	shared := Parse(tx, 0, o)
	want := string(shared.HTML(Resolver{}))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 5 {
				if got := string(shared.HTML(Resolver{})); got != want {
					t.Error("a shared text renders differently")
				}
				if got := string(Parse(tx, 0, o).HTML(Resolver{})); got != want {
					t.Error("another reading renders differently")
				}
				if got := string(ParseInline("a *b*", o).HTML(Resolver{})); got != "a <em>b</em>" {
					t.Errorf("inline: %s", got)
				}
			}
		})
	}
	wg.Wait()
}

// TestPositionsStartWhereTheFileStarts: offsets and positions are those of the
// file, also when the body starts after a front matter.
func TestPositionsStartWhereTheFileStarts(t *testing.T) {
	front := "---\ntitle: शीर्षक\n---\n"
	md := front + "## भाग {#a}\n\nदेखें [यहाँ](b.md) और [बुरा](javascript:x)।\n\n```quiz\n- id: q\n```\n"
	d := Parse(source.NewText("l.md", []byte(md)), len(front), Options{})
	f := d.Facts()
	for _, r := range [][3]any{
		{"heading", f.Headings[0].Start, f.Headings[0].End}, {"link", f.Refs[0].Start, f.Refs[0].End}, {"quiz", f.Quizzes[0].Start, f.Quizzes[0].End},
	} {
		got := md[r[1].(int):r[2].(int)]
		want := map[any]string{"heading": "## भाग", "link": "b.md", "quiz": "- id: q\n"}[r[0]]
		if got != want {
			t.Errorf("%v: %q, want %q", r[0], got, want)
		}
	}
	if x := d.Diagnostics(); len(x) != 1 || x[0].Start.Line != 6 || x[0].Start.Col != 30 || x[0].Start.File != "l.md" {
		t.Errorf("diagnostics %+v", x)
	}
}

func TestWordsAreCountedInAnyScript(t *testing.T) {
	for s, want := range map[string]int{
		"":                     0,
		"It's one-two, three.": 4,
		"कर्म\u200cयोगी का काम।": 3,
		"தமிழ் சொல்":             2,
		"اردو زبان":              2,
		"中文字":                    3,
		"25,000 rupees":          3,
		"— … !":                  0,
		"क्\u200dषेत्र 2047 तक":  3,
		"ଓଡ଼ିଆ ভাষা ਪੰਜਾਬੀ മലയാളം": 4,
	} {
		if got := countWords(s); got != want {
			t.Errorf("%q has %d words, counted %d", s, want, got)
		}
	}
}
