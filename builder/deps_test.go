package builder

import (
	"encoding/json"
	"errors"
	"io"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const (
	module = "sopan.dev/sopan/"
	table  = "docs/architecture.md, between <!-- imports --> and <!-- /imports -->"
)

type goPackage struct {
	ImportPath string
	Imports    []string
	Deps       []string
}

// packages asks go list for the packages of the project, without their tests.
func packages(t *testing.T) []goPackage {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports,Deps", "./...")
	cmd.Dir = ".."
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var list []goPackage
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p goPackage
		err := d.Decode(&p)
		if errors.Is(err, io.EOF) {
			return list
		}
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, p)
	}
}

// arrows reads the table "room <- what it may import".
func arrows(t *testing.T, doc string) map[string][]string {
	t.Helper()
	_, rest, ok := strings.Cut(doc, "<!-- imports -->")
	body, _, closed := strings.Cut(rest, "<!-- /imports -->")
	if !ok || !closed {
		t.Fatalf("there is no table in %s", table)
	}
	out := map[string][]string{}
	for line := range strings.Lines(body) {
		room, may, ok := strings.Cut(strings.TrimSpace(line), "<-")
		if ok {
			out[strings.TrimSpace(room)] = strings.Fields(may)
		}
	}
	if len(out) < 5 {
		t.Fatalf("the table has %d lines: %s", len(out), table)
	}
	return out
}

// circle gives rooms that lead back to the first of them, nil for none.
func circle(may map[string][]string) []string {
	var path []string
	done := map[string]bool{}
	var walk func(room string) []string
	walk = func(room string) []string {
		if at := slices.Index(path, room); at >= 0 {
			return append(slices.Clone(path[at:]), room)
		}
		if done[room] {
			return nil
		}
		done[room] = true
		path = append(path, room)
		defer func() { path = path[:len(path)-1] }()
		for _, to := range may[room] {
			if found := walk(to); found != nil {
				return found
			}
		}
		return nil
	}
	for _, room := range slices.Sorted(maps.Keys(may)) {
		if found := walk(room); found != nil {
			return found
		}
	}
	return nil
}

// TestRoomsImportWhatTheTableAllows holds the picture of the architecture and
// the code together.
func TestRoomsImportWhatTheTableAllows(t *testing.T) {
	b, err := os.ReadFile("../docs/architecture.md")
	if err != nil {
		t.Fatal(err)
	}
	may := arrows(t, string(b))
	if found := circle(may); found != nil {
		t.Errorf("%s allows a circle: %s", table, strings.Join(found, " <- "))
	}
	seen := map[string]bool{}
	for _, p := range packages(t) {
		room := strings.TrimPrefix(p.ImportPath, module)
		seen[room] = true
		for _, path := range p.Imports {
			to, ours := strings.CutPrefix(path, module)
			if !ours {
				continue
			}
			if _, known := may[room]; !known {
				t.Errorf("the room %s is not in the table. Add the line `%s <- …` to %s", room, room, table)
				break
			}
			if !slices.Contains(may[room], to) {
				t.Errorf("a new arrow: %s <- %s. If it is meant, add %s to the line of %s in %s", room, to, to, room, table)
			}
			if strings.HasPrefix(to, "cmd/") {
				t.Errorf("%s imports %s: what a room needs of a command belongs into a room", room, to)
			}
		}
		for _, to := range may[room] {
			if !slices.Contains(p.Imports, module+to) {
				t.Errorf("%s no longer imports %s: take the arrow out of %s", room, to, table)
			}
		}
		if room == "quiz" || strings.HasPrefix(room, "quiz/") {
			for _, dep := range p.Deps {
				if strings.Contains(dep, "goldmark") {
					t.Errorf("%s reaches %s: a prompt stays a text with a place until builder/page renders it", room, dep)
				}
			}
		}
	}
	for _, room := range slices.Sorted(maps.Keys(may)) {
		if !seen[room] {
			t.Errorf("there is no room %s any more: take its line out of %s", room, table)
		}
	}
}

func TestACircleIsFound(t *testing.T) {
	if found := circle(map[string][]string{"a": {"b"}, "b": {"c"}, "c": {"b"}}); strings.Join(found, " ") != "b c b" {
		t.Errorf("found %v", found)
	}
	if found := circle(map[string][]string{"a": {"b", "c"}, "b": {"c"}, "c": nil}); found != nil {
		t.Errorf("found %v where there is none", found)
	}
}
