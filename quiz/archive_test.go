package quiz

import (
	"os"
	"strings"
	"testing"
)

// part is a file of a txtar archive. The format is four lines of code; the
// module that reads it would bring golang.org/x/tools with it.
type part struct {
	Name string
	Data []byte
}

func archive(t testing.TB, path string) []part {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var parts []part
	for line := range strings.Lines(string(b)) {
		if name, ok := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "-- "); ok && strings.HasSuffix(name, " --") {
			parts = append(parts, part{Name: strings.TrimSuffix(name, " --")})
		} else if len(parts) > 0 {
			last := &parts[len(parts)-1]
			last.Data = append(last.Data, line...)
		}
	}
	return parts
}
