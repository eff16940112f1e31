package markdown

import (
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/chroma/v2"
)

// brokenLexer does what some of chroma's lexers do on odd code.
type brokenLexer struct {
	chroma.Lexer
	next func() chroma.Token
}

func (l brokenLexer) Tokenise(*chroma.TokeniseOptions, string) (chroma.Iterator, error) {
	return l.next, nil
}

func TestALexerThatPanicsOrNeverEndsLeavesPlainCode(t *testing.T) {
	for name, next := range map[string]func() chroma.Token{
		"panics": func() chroma.Token { panic("unknown state comment") },
		"never ends": func() chroma.Token {
			time.Sleep(time.Second)
			return chroma.Token{Type: chroma.Text, Value: "x"}
		},
	} {
		began := time.Now()
		w := (&Doc{}).writer(Resolver{})
		if w.highlight(newLanguage(brokenLexer{next: next}), "code") || w.Len() > 0 {
			t.Errorf("%s: highlighted as %q", name, w.String())
		}
		if took := time.Since(began); took > 2*highlightTime {
			t.Errorf("%s: took %v", name, took)
		}
	}
}

func TestSlowCodeEndsSoon(t *testing.T) {
	md := "```kotlin\n" + strings.Repeat("/*\\", 1200) + "\n```\n"
	began := time.Now()
	out := ParseBlock(md, Options{}).HTML(Resolver{})
	if took := time.Since(began); took > 30*time.Second {
		t.Errorf("took %v", took)
	}
	if !strings.Contains(string(out), "/*\\/*") && !strings.Contains(string(out), "<span") {
		t.Errorf("the code is gone: %.200s", out)
	}
}
