package quiz

import (
	"slices"
	"strings"
	"testing"

	"sopan.dev/sopan/builder/source"
	"sopan.dev/sopan/internal/diag"
	"sopan.dev/sopan/internal/mutate"
)

// Nothing that somebody writes makes the reader panic, and what it says points
// into the file.
func FuzzRead(f *testing.F) {
	var seeds [][]byte
	for _, path := range append(KindNames(), "refused", "translated") {
		for _, p := range archive(f, "testdata/"+path+".txtar") {
			seeds = append(seeds, p.Data)
		}
	}
	mutate.Add(f, 400, seeds...)
	f.Fuzz(func(t *testing.T, b []byte) {
		text := source.NewText("q.quiz.yaml", b)
		check := func(finds diag.List) {
			t.Helper()
			last := text.Pos(len(b))
			for _, d := range finds {
				for _, p := range []diag.Pos{d.Start, d.End} {
					if p.Line < 1 || p.Col < 1 || p.Line > last.Line || p.Line == last.Line && p.Col > last.Col {
						t.Fatalf("%q: %s points at %d:%d, and the text ends at %d:%d", b, d.Code, p.Line, p.Col, last.Line, last.Col)
					}
				}
				if d.End.Line < d.Start.Line || d.End.Line == d.Start.Line && d.End.Col < d.Start.Col {
					t.Fatalf("%q: %s ends before it begins: %+v", b, d.Code, d)
				}
			}
		}
		q, finds := Read(text)
		check(finds)
		Form(q, FormOptions{})
		q.Refs()
		q.Summary()
		_, finds = ReadBlock(text, len(b)/3, len(b))
		check(finds)
		_, finds = q.Translate(text)
		check(finds)
	})
}

// FuzzNames writes ids into whatever reads as questions: the same questions
// are there afterwards, and all have ids.
func FuzzNames(f *testing.F) {
	seeds := []string{"- ask: Who?\n  right: true\n", "- {ask: Who?, right: true}\n- ask: |\n   x\n  answer: y\n"}
	for _, p := range archive(f, "testdata/refused.txtar") {
		if strings.HasSuffix(p.Name, ".yaml") {
			seeds = append(seeds, string(p.Data))
		}
	}
	mutate.Add(f, 400, seeds...)
	f.Fuzz(func(t *testing.T, text string) {
		norm, found := source.Normalise("x", []byte(text))
		before, finds := ReadBlock(norm, 0, len(norm.Bytes))
		if finds.HasErrors() || found.HasErrors() {
			return
		}
		names, said := Names(norm, before, nothingKept)
		out := string(norm.Bytes)
		for _, n := range slices.Backward(names) {
			out = out[:n.At] + n.Insert + out[n.At:]
		}
		named := source.NewText("x", []byte(out))
		after, finds := ReadBlock(named, 0, len(named.Bytes))
		if finds.HasErrors() || len(after) != len(before) {
			t.Fatalf("%q becomes %q:\n%s", text, out, spoken(finds))
		}
		for i := range after {
			a, b := before[i].Print(), after[i].Print()
			if a.Ask != b.Ask || a.Key != b.Key || !after[i].IDWritten && len(said) == 0 {
				t.Errorf("question %d of %q is another one in %q", i+1, text, out)
			}
		}
	})
}
