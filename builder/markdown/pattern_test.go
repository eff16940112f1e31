package markdown

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/lexers"
	"github.com/dlclark/regexp2/v2"
)

// rulesOf gives the expressions of a lexer's rules, each once, in order.
func rulesOf(from chroma.Lexer) []string {
	l := newLexer(from)
	if l == nil {
		return nil
	}
	var expressions []string
	for _, s := range l.states {
		for _, r := range s.of {
			expressions = append(expressions, l.expression(r.CompiledRule))
		}
	}
	slices.Sort(expressions)
	return slices.Compact(expressions)
}

// checkPattern compares a pattern with regexp2 at every place of a text: where
// its match ends, and what its groups hold.
func checkPattern(t *testing.T, expression string, code string) (matches int) {
	t.Helper()
	re, err := regexp2.Compile(`\G` + expression)
	if err != nil {
		return 0
	}
	re.MatchTimeout = matchTimeout
	with, without := newPattern(expression, true), newPattern(expression, false)
	text := []rune(code)
	trial := &trial{text: text}
	for at := range text {
		m, err := re.FindRunesMatchStartingAt(text, at)
		if err != nil {
			continue // too slow for regexp2: nothing to compare with
		}
		want := []int{-1}
		if m != nil && m.RuneIndex == at {
			matches++
			want = nil
			for _, g := range m.Groups() {
				want = append(want, g.RuneIndex, g.RuneIndex+g.RuneLength)
			}
		}
		if !without.first.has(trial.start(at)) && want[0] >= 0 {
			t.Errorf("%s at %d of %q: cannot begin there, it says", expression, at, code)
		}
		for _, p := range []*pattern{with, without} {
			if p.start == nil {
				continue
			}
			got := []int{-1}
			if end, known := trial.match(p, at); !known {
				continue
			} else if end >= 0 {
				got = trial.groups[:2*p.groups]
			}
			want := slices.Clone(want[:min(len(want), len(got))])
			for i := 2; i+1 < len(got) && i+1 < len(want); i += 2 {
				if got[i] == got[i+1] && want[i] == want[i+1] {
					got[i], got[i+1] = want[i], want[i+1] // what is empty is the same anywhere
				}
			}
			if !slices.Equal(got, want) || p == with && got[0] >= 0 && len(got) != 2*len(re.GetGroupNumbers()) {
				t.Errorf("%s at %d of %q: got %v, want %v", expression, at, code, got, want)
				return matches
			}
		}
	}
	return matches
}

// TestPatternsMatchAsRegexp2 compares them on the rules of chroma's lexers and
// on texts put together of pieces of its samples and of the rules themselves.
func TestPatternsMatchAsRegexp2(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	all := samples(t)
	var texts []string
	for name := range all {
		texts = append(texts, name)
	}
	slices.Sort(texts)
	rules, patterns, matches := 0, 0, 0
	for _, from := range lexers.GlobalLexerRegistry.Lexers {
		if !*everyLanguage && random.IntN(12) > 0 {
			continue
		}
		for _, expression := range rulesOf(from) {
			rules++
			if newPattern(expression, true).start != nil {
				patterns++
			}
			code := ""
			for range 4 {
				code += piece(random, all[texts[random.IntN(len(texts))]], 30) + piece(random, expression, 6)
			}
			matches += checkPattern(t, expression, code)
		}
	}
	t.Logf("%d of %d rules are patterns, %d matches", patterns, rules, matches)
	if patterns < rules*19/20 || matches < patterns {
		t.Errorf("only %d of %d rules are patterns, with %d matches", patterns, rules, matches)
	}
}

func FuzzPatternsMatchAsRegexp2(f *testing.F) {
	for _, name := range commonLanguages {
		for _, expression := range rulesOf(lexers.Get(name)) {
			f.Add(expression, `a "b\n" ab12 /* c */ 'x'`)
		}
	}
	for _, expression := range []string{`(a|b)*?c`, `(?:ab|a)+b`, `(a+)(b*)\1`, `(?>a+)b`, `(?i)(Is|In|Int)\b`, `(?<!a)b|(?<=b)c`, `(a){2,3}`, `(?:a|ab)(?:c|bcd)(d*)`, `(?=(a+))a*b\1`} {
		f.Add(expression, "aab abcd ABINT abab is Kb ıſ")
	}
	f.Fuzz(func(t *testing.T, expression, code string) {
		if len(expression) < 200 && len(code) < 200 && !strings.Contains(expression, `\G`) {
			checkPattern(t, "(?m)(?:"+expression+")", code)
		}
	})
}
