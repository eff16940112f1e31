package plain

import (
	"testing"

	"sopan.dev/sopan/internal/mutate"
)

func FuzzRead(f *testing.F) {
	c := coderOf(f, &place{})
	mutate.Add(f, 500, c.Append(nil, &tree{Name: "x", shapes: []shape{square{2}}, under: []*tree{{private: []string{"y"}}}}))
	f.Fuzz(func(t *testing.T, b []byte) {
		_, err := c.Read(string(b), nil)
		lent, lentErr := c.Lend(string(b), nil)
		if (err == nil) != (lentErr == nil) {
			t.Fatalf("read: %v, lent: %v", err, lentErr)
		}
		if lentErr == nil {
			lent.GiveBack()
		}
	})
}
