package record

import (
	"testing"

	"sopan.dev/sopan/internal/mutate"
)

func FuzzRead(f *testing.F) {
	mutate.Add(f, 500, []byte(full), []byte("["+full+"]"))
	f.Fuzz(func(t *testing.T, body []byte) {
		list, _, err := Read(body)
		if err != nil {
			return
		}
		for _, s := range list {
			again, _, err := Read(s.Raw)
			if err != nil || len(again) != 1 || again[0].ID != s.ID {
				t.Errorf("a statement that was read is refused alone: %v\n%s", err, s.Raw)
			}
		}
	})
}
