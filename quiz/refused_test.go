package quiz

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"sopan.dev/sopan/builder/source"
	"sopan.dev/sopan/internal/diag"
)

var update = flag.Bool("update", false, "write what is said now into testdata/*.txtar")

// spoken writes diagnostics as the archives have them.
func spoken(finds diag.List) []byte {
	var b bytes.Buffer
	for _, d := range finds {
		fmt.Fprintf(&b, "%d:%d-%d:%d %s %s\n  %s\n  %s\n", d.Start.Line, d.Start.Col, d.End.Line, d.End.Col, d.Severity, d.Code, d.Message, d.Hint)
		for _, r := range d.Related {
			fmt.Fprintf(&b, "  %d:%d %s\n", r.Pos.Line, r.Pos.Col, r.Message)
		}
	}
	return b.Bytes()
}

// compare runs every case of an archive: the parts up to one that ends in
// .said are its input, that one is what is said about it.
func compare(t *testing.T, path string, say func(t *testing.T, in map[string][]byte) diag.List) {
	t.Helper()
	parts := archive(t, path)
	head, _, _ := strings.Cut(string(read(t, path)), "-- ")
	var out bytes.Buffer
	out.WriteString(head)
	in := map[string][]byte{}
	cases := 0
	for _, p := range parts {
		name, isSaid := strings.CutSuffix(p.Name, ".said")
		if !isSaid {
			in[p.Name[strings.LastIndex(p.Name, ".")+1:]] = p.Data
			in[strings.TrimPrefix(p.Name[strings.Index(p.Name+".", "."):], ".")] = p.Data
			fmt.Fprintf(&out, "-- %s --\n%s", p.Name, p.Data)
			continue
		}
		cases++
		input := in
		in = map[string][]byte{}
		t.Run(name, func(t *testing.T) {
			got := spoken(say(t, input))
			fmt.Fprintf(&out, "-- %s --\n%s", p.Name, got)
			if !*update && !bytes.Equal(bytes.TrimSpace(got), bytes.TrimSpace(p.Data)) {
				t.Errorf("got\n%s\nwant\n%s", got, p.Data)
			}
		})
	}
	if cases == 0 {
		t.Fatalf("%s holds no case", path)
	}
	if *update {
		if err := os.WriteFile(path, out.Bytes(), 0o644); err != nil { //nolint:gosec // a file of the repository
			t.Fatal(err)
		}
	}
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Every mistake has a place, plain words and a next step.
func TestWhatIsRefused(t *testing.T) {
	compare(t, "testdata/refused.txtar", func(t *testing.T, in map[string][]byte) diag.List {
		var finds diag.List
		if quiz, ok := in["quiz.yaml"]; ok {
			_, finds = Read(source.NewText("check.quiz.yaml", quiz))
		} else {
			_, finds = ReadBlock(source.NewText("lesson.md", in["yaml"]), 0, len(in["yaml"]))
		}
		for _, d := range finds {
			if d.Start.Line < 1 || d.Message == "" || d.Hint == "" {
				t.Errorf("without a place, words or a next step: %+v", d)
			}
		}
		return finds
	})
}
