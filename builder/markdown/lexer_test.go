package markdown

import (
	"flag"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/lexers"
)

// lexed gives the tokens of code, or what went wrong.
func lexed(run func(emit func(chroma.TokenType, string) bool) error) (tokens []chroma.Token, failed bool) {
	defer func() {
		if recover() != nil {
			tokens, failed = nil, true
		}
	}()
	err := run(func(t chroma.TokenType, value string) bool {
		tokens = append(tokens, chroma.Token{Type: t, Value: value})
		return len(tokens) < 10_000 // some of chroma's lexers never end on odd code
	})
	if err != nil {
		return nil, true
	}
	return tokens, false
}

// chromasPatience is after how long chroma stops a match and goes on as if there were none.
const chromasPatience = 250 * time.Millisecond

func compareLexers(t *testing.T, from chroma.Lexer, fast *lexer, code string) {
	t.Helper()
	var want, got []chroma.Token
	var wantFailed, gotFailed bool
	for try := 1; ; try++ {
		start := time.Now()
		want, wantFailed = lexed(func(emit func(chroma.TokenType, string) bool) error {
			return (&language{from, func() *lexer { return nil }}).tokens(code, emit)
		})
		between := time.Now()
		got, gotFailed = lexed(func(emit func(chroma.TokenType, string) bool) error { return fast.tokens(code, emit) })
		if between.Sub(start) < chromasPatience && time.Since(between) < matchTimeout {
			break
		}
		// The clock may have stopped a match, for which a busy machine is enough: that is no lexer's answer.
		if try == 3 {
			t.Logf("%s: %d bytes take too long to be compared", from.Config().Name, len(code))
			return
		}
	}
	if gotFailed != wantFailed || !slices.Equal(got, want) {
		n := 0
		for n < min(len(got), len(want)) && got[n] == want[n] {
			n++
		}
		t.Errorf("%s: %q\nfails: %v, want %v\n got %v\nwant %v", from.Config().Name, code, gotFailed, wantFailed, got[n:min(n+3, len(got))], want[n:min(n+3, len(want))])
	}
}

// samples is chroma's own samples of code, by file.
func samples(t testing.TB) map[string]string {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/alecthomas/chroma/v2").Output()
	if err != nil {
		t.Fatal("asking where chroma is:", err)
	}
	found := map[string]string{}
	root := filepath.Join(strings.TrimSpace(string(out)), "lexers", "testdata")
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".actual") {
			var b []byte
			b, err = os.ReadFile(path)
			found[strings.TrimPrefix(path, root+string(filepath.Separator))] = strings.ReplaceAll(string(b), "\r", "")
		}
		return err
	})
	if err != nil || len(found) < 100 {
		t.Fatal("chroma's samples:", len(found), err)
	}
	return found
}

// everyLanguage takes minutes: chroma compiles 300 lexers.
var everyLanguage = flag.Bool("languages", false, "compare the lexers of all languages")

var commonLanguages = []string{"bash", "css", "diff", "go", "java", "javascript", "json", "python", "ruby", "rust", "typescript", "yaml"}

// TestAFastLexerGivesChromasTokens compares them on every sample in its own
// language, on pieces of it, which begin and end where no author would, and on
// pieces of another language's.
func TestAFastLexerGivesChromasTokens(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	all := samples(t)
	var names []string
	for name := range all {
		names = append(names, name)
	}
	slices.Sort(names)
	compared := map[string]bool{}
	for _, name := range names {
		lang, _, _ := strings.Cut(strings.ReplaceAll(name, string(filepath.Separator), "."), ".")
		from := lexers.Get(lang)
		if from == nil || !*everyLanguage && !slices.Contains(commonLanguages, lang) {
			continue
		}
		fast := newLexer(from)
		if fast == nil {
			continue
		}
		compared[lang] = true
		codes := []string{piece(random, all[name], 4000), piece(random, all[name], 300), piece(random, all[names[random.IntN(len(names))]], 300)}
		for _, code := range codes {
			compareLexers(t, from, fast, code)
		}
	}
	if len(compared) < len(commonLanguages) {
		t.Errorf("only %d languages were compared", len(compared))
	}
}

func piece(random *rand.Rand, code string, length int) string {
	if len(code) > length {
		from := random.IntN(len(code) - length)
		code = code[from : from+length]
	}
	return strings.ToValidUTF8(code, "")
}

func BenchmarkHighlight(b *testing.B) {
	code := "package invoice\n\nimport (\n\t\"errors\"\n\t\"fmt\"\n)\n\nvar ErrEmpty = errors.New(\"invoice: no rows\")\n\n// SumRows sums the values above the limit.\n" +
		"func SumRows(values []int, limit int) (int, error) {\n\tif len(values) == 0 {\n\t\treturn 0, fmt.Errorf(\"sum: %w\", ErrEmpty)\n\t}\n\ttotal := 7\n\tfor _, v := range values {\n\t\tif v > limit {\n\t\t\ttotal += v\n\t\t}\n\t}\n\treturn total, nil\n}\n"
	go_ := languageFor("go")
	for name, lang := range map[string]*language{"fast": go_, "chroma": {go_.lexer, func() *lexer { return nil }}} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				(&Doc{}).writer(Resolver{}).highlight(lang, code)
			}
		})
	}
}
