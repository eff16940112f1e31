package compiled

import (
	"bytes"
	"html/template"
	"strings"
	"testing"
)

// Pieces drawn one after the other keep their bytes while the buffer grows, also where the template itself is
// run into that buffer.
func TestPiecesOfABufferStayAsTheyAreWhileItGrows(t *testing.T) {
	set := template.Must(template.New("t").Parse(`{{range .}}[{{.}}]{{end}}`))
	run, err := Compile(set, "t", []template.HTML{})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	for round, sign := range []string{"a", "b"} {
		b.Reset()
		var pieces []template.HTML
		var want strings.Builder
		for n := range 300 {
			at := b.Len()
			b.WriteString(strings.Repeat(sign, n))
			pieces = append(pieces, Borrowed(&b, at))
			want.WriteString("[" + strings.Repeat(sign, n) + "]")
		}
		at := b.Len()
		if err := run.Execute(&b, pieces); err != nil {
			t.Fatal(err)
		}
		if got := string(b.Bytes()[at:]); got != want.String() {
			t.Errorf("round %d gives %d bytes, not %d: %.100s", round, len(got), want.Len(), got)
		}
	}
}
