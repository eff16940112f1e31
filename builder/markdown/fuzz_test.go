package markdown

import (
	"strings"
	"testing"

	"github.com/alecthomas/chroma/v2/lexers"

	"sopan.dev/sopan/builder/source"
	"sopan.dev/sopan/internal/mutate"
)

// FuzzNothingOfAnAuthorsTextRuns is faults 1, 2 and 3: whatever an author
// writes, the parsed page has no script, no handler, no style, no executable
// address, no request to another host, no id twice, and no element left open.
func FuzzNothingOfAnAuthorsTextRuns(f *testing.F) {
	mutate.Add(f, 300, seeds(f)...)
	f.Fuzz(func(t *testing.T, md string) {
		text, _ := source.Normalise("x.md", []byte(md))
		checkText(t, string(text.Bytes))
	})
}

func FuzzShortcutsReadAsTheParserDoes(f *testing.F) {
	mutate.Add(f, 300, seeds(f)...)
	f.Fuzz(func(t *testing.T, md string) {
		text, _ := source.Normalise("x.md", []byte(md))
		checkShortcuts(t, string(text.Bytes))
	})
}

// FuzzAFastLexerGivesChromasTokens begins with the languages that are written most; the search finds the others' names.
func FuzzAFastLexerGivesChromasTokens(f *testing.F) {
	all := samples(f)
	for _, lang := range commonLanguages {
		code := all[lang+".actual"]
		if code == "" {
			continue // its samples are a folder
		}
		code = strings.ToValidUTF8(code[:min(1000, len(code))], "")
		f.Add(lang, code)
		for _, broken := range mutate.Of(f, 20, code) {
			f.Add(lang, broken)
		}
	}
	f.Fuzz(func(t *testing.T, lang, code string) {
		from := lexers.Get(lang)
		if from == nil || len(code) > 4000 {
			return
		}
		if fast := newLexer(from); fast != nil {
			compareLexers(t, from, fast, strings.ReplaceAll(strings.ToValidUTF8(code, ""), "\r", ""))
		}
	})
}
