package page

import (
	"strings"
	"testing"

	"sopan.dev/sopan/internal/mutate"
)

// Nothing is lost, no line is too wide, no line begins with a sign that
// belongs to what stands before it.
func FuzzWrapLabel(f *testing.F) {
	mutate.Add(f, 300, "The counter closes", "अन्तरराष्ट्रीयकरण की प्रक्रिया", strings.Repeat("क्ष", 40), "பாராளுமன்றத்தின்", "a\u0301\u0301", "ہنگامی اجلاس")
	f.Fuzz(func(t *testing.T, s string) {
		s = strings.ToValidUTF8(s, "?")
		const width = 900
		lines := wrapLabel(s, width)
		if got, want := strings.ReplaceAll(strings.Join(lines, ""), " ", ""), strings.Join(strings.Fields(s), ""); got != want {
			t.Fatalf("%q became %q", want, got)
		}
		for i, l := range lines {
			if widthOf(l) > width && len(aksharas(l)) > 1 {
				t.Fatalf("the line %q is too wide", l)
			}
			if i > 0 && l == "" {
				t.Fatalf("an empty line in %q", lines)
			}
		}
	})
}
