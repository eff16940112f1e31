package plain

import (
	"testing"

	"sopan.dev/sopan/internal/mutate"
)

func FuzzRead(f *testing.F) {
	c := coderOf(f, &place{})
	mutate.Add(f, 500, c.Append(nil, &tree{Name: "x", shapes: []shape{square{2}}, under: []*tree{{private: []string{"y"}}}}))
	f.Fuzz(func(t *testing.T, b []byte) { c.Read(string(b), nil) })
}
