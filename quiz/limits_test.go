package quiz

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"sopan.dev/sopan/builder/source"
	"sopan.dev/sopan/internal/diag"
)

// codes gives the codes of a list, each once, in its order.
func codes(finds diag.List) []string {
	var out []string
	for _, d := range finds {
		if !slices.Contains(out, d.Code) {
			out = append(out, d.Code)
		}
	}
	return out
}

// What is made to choke a reader is refused, and soon. The clock is generous:
// without a bound these take minutes or all memory.
func TestFault06AndFault12HostileFilesAreRefusedSoon(t *testing.T) {
	bomb := "title: &a [x,x,x,x,x,x,x,x,x]\n"
	for c := 'b'; c <= 'z'; c++ {
		bomb += fmt.Sprintf("k%c: &%c [%s]\n", c, c, strings.TrimSuffix(strings.Repeat("*"+string(c-1)+",", 9), ","))
	}
	blocks := ""
	for i := range 2000 {
		blocks += strings.Repeat(" ", i) + "a:\n"
	}
	var keys strings.Builder
	for i := range 400_000 {
		fmt.Fprintf(&keys, "k%d:\n", i)
	}
	manyKeys := keys.String()
	for _, c := range []struct{ name, text, code string }{
		{"alias bomb", bomb, "quiz/cut-text"},
		{"alias of an anchor", "title: T\nquestions:\n- &q\n  ask: A\n  right: true\n- *q\n", "quiz/anchor"},
		{"lists in brackets, 10,000 deep", "title: " + strings.Repeat("[", 10000) + strings.Repeat("]", 10000), "quiz/too-deep"},
		{"brackets that never close", "title: " + strings.Repeat("[", 1<<20), "quiz/needs-quotes"},
		{"braces that never close", "title: " + strings.Repeat("{a: ", 1<<18), "quiz/needs-quotes"},
		{"dashes, 10,000 deep", strings.Repeat("- ", 10000) + "x", "quiz/too-deep"},
		{"keys, 2,000 deep", blocks, "quiz/too-deep"},
		{"nesting of 101", "title: " + strings.Repeat("[", 101) + strings.Repeat("]", 101), "quiz/too-deep"},
		{"50 MB", strings.Repeat("a", 50<<20), "quiz/too-large"},
		{"a line of 5 MB", "title: " + strings.Repeat("अ", 1<<20), "quiz/no-questions"},
		{"a list of very many", "title: T\nquestions: [" + strings.Repeat("x,", 1<<18) + "x]", "quiz/not-a-question"},
		{"a Devanagari list on one line", "title: T\nquestions: [" + strings.Repeat("अ,", 1<<18) + "x]", "quiz/not-a-question"},
		{"very many quotation marks", "title: T\nquestions:\n" + strings.Repeat("- \"\n", 1<<17), "quiz/unclosed-quote"},
		{"very many broken lines", "title: T\nquestions:\n" + strings.Repeat("- a: b: [\n", 1<<16), "quiz/needs-quotes"},
		{"a long plain text", "title: T\nquestions:\n- ask: x\n" + strings.Repeat("    y\n", 1<<18), "quiz/no-answer-word"},
		{"very many unknown keys", manyKeys + "title: T\nquestions:\n- {id: a, ask: A, right: true}\n", "quiz/too-many"},
		{"very many unknown keys and no questions", manyKeys, "quiz/too-many"},
		{"very many unknown keys of a question", "title: T\nquestions:\n- right: true\n  " + strings.ReplaceAll(manyKeys, "\n", "\n  "), "quiz/too-long"},
		{"very many keys of a question that none answers", "title: T\nquestions:\n- ask: A\n  " + strings.ReplaceAll(manyKeys, "\n", "\n  "), "quiz/too-long"},
		{"a question of very many choices", "title: T\nquestions:\n- ask: A\n  right: yes\n  wrong:\n" + strings.ReplaceAll(manyKeys, "k", "  - k"), "quiz/too-long"},
		{"very many questions of many choices", "title: T\nquestions:\n" + strings.Repeat("- ask: A\n  right: yes\n  wrong: ["+strings.Repeat("x, ", 1900)+"]\n", 400), "quiz/same-text-twice"},
		{"not UTF-8", "title: \xff\xfe", "quiz/not-utf8"},
		{"NUL", "title: a\x00b\nquestions:\n- {id: a, ask: A, right: true}\n", "quiz/control-character"},
	} {
		t.Run(c.name, func(t *testing.T) {
			start := time.Now()
			_, finds := Read(source.NewText("q.quiz.yaml", []byte(c.text)))
			if took := time.Since(start); took > 20*time.Second {
				t.Errorf("took %s", took)
			} else {
				t.Log(took.Round(time.Millisecond), codes(finds))
			}
			if !slices.Contains(codes(finds), c.code) {
				t.Errorf("got %v, want %s among them", codes(finds), c.code)
			}
			if len(finds) > maxFinds+1 {
				t.Errorf("%d findings", len(finds))
			}
		})
	}
}
