package quiz

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"sopan.dev/sopan/builder/source"
	"sopan.dev/sopan/internal/mutate"
	"sopan.dev/sopan/internal/yamldoc"
)

// Texts that are read in one go are those in which the slow way would find
// nothing: no odd character, nothing to mend, the same tree at the same places.
func TestWhatIsReadInOneGoIsReadTheSameTheSlowWay(t *testing.T) {
	var texts [][]byte
	for _, path := range append(KindNames(), "refused", "translated", "normalise") {
		for _, p := range archive(t, "testdata/"+path+".txtar") {
			texts = append(texts, p.Data)
		}
	}
	texts = append(texts, []byte(typical),
		[]byte("title: x # y\nquestions:\n# z\n- ask: a\n  why: |\n    one\n   \n      two\n    \u00a0\n  wrong:\n  -\n  - \"b\": c\n"),
		[]byte("- ask: What\n  wrong:\n  - ask:What\n"), []byte("title: x\nquestions:\n- ask: y\n-ask: z\n"), []byte("title: x:\u00a0\n"),
		[]byte("title: x:y\n"), []byte("- C #x\n"), []byte("- \"C #x\"\n"), []byte("- [ 'a', b:c ,d, e#f]\n- b:x\n#z\n"))
	const broken = 3000
	texts = append(texts, mutate.Of(t, broken, texts...)...)
	inOneGo := 0
	for _, text := range texts {
		if sameTheSlowWay(t, text) {
			inOneGo++
		}
	}
	if inOneGo < len(texts)/20 {
		t.Errorf("%d of %d texts were read in one go", inOneGo, len(texts))
	}
	t.Logf("%d of %d texts", inOneGo, len(texts))
}

func sameTheSlowWay(t *testing.T, text []byte) bool {
	t.Helper()
	n, ok := yamldoc.Usual(text)
	if !ok || needsMending(text, n, knownKeys) {
		return false
	}
	r := new(Room).reader(source.NewText("q.quiz.yaml", text))
	if kept, _ := r.characters(text, 0); !bytes.Equal(kept, text) || len(r.finds) > 0 {
		t.Errorf("%q has odd characters: %s", text, spoken(r.finds))
	}
	if faults, edits := mend(text, knownKeys); len(faults)+len(edits) > 0 {
		t.Errorf("%q could be mended: %+v, %+v", text, faults, edits)
	}
	want, err := r.parseAny(text, func(i int) int { return i })
	if err != nil || want == nil || len(r.finds) > 0 {
		t.Fatalf("%q is read, and yaml.v3 says %v: %s", text, err, spoken(r.finds))
	}
	if got, want := drawn(n), drawn(want); got != want {
		t.Errorf("%q is read as\n%swant\n%s", text, got, want)
	}
	return true
}

// drawn shows a tree, a node a line, with its ends.
func drawn(n *node) string {
	var b strings.Builder
	walk(n, func(n *node) {
		fmt.Fprintf(&b, "%d-%d kind %d, style %d, %q, %d below it\n", n.Start, n.End, n.Kind, n.Style, n.Value, len(n.Content))
	})
	return b.String()
}
