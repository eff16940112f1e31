package simulate

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// GoldenFile names the file of what a learner leaves on a platform.
func GoldenFile(learner, as string) string { return learner + "." + as + ".jsonl" }

// Compare holds what learners left against the files in a folder. It gives the differences in words, "" for none.
func Compare(folder, as string, left []Left) (string, error) {
	var b strings.Builder
	for _, l := range left {
		file := GoldenFile(l.Learner, as)
		want, err := os.ReadFile(filepath.Join(folder, file))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			fmt.Fprintf(&b, "%s: there is no such file; %s left %d records. Write it with --update.\n", file, l.Learner, len(l.Lines))
			continue
		case err != nil:
			return "", fmt.Errorf("reading what %s left before: %w", l.Learner, err)
		}
		if d := Difference(strings.Split(strings.TrimSuffix(string(want), "\n"), "\n"), l.Lines); d != "" {
			fmt.Fprintf(&b, "%s:\n%s", file, d)
		}
	}
	return b.String(), nil
}

// Update writes what learners left into a folder.
func Update(folder, as string, left []Left) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	for _, l := range left {
		if err := os.WriteFile(filepath.Join(folder, GoldenFile(l.Learner, as)), []byte(strings.Join(l.Lines, "\n")+"\n"), 0o644); err != nil {
			return fmt.Errorf("writing what %s left: %w", l.Learner, err)
		}
	}
	return nil
}

// Difference says in words what is new, gone or other among records, a line each and a line for each field; "" for nothing.
func Difference(want, got []string) string {
	const most = 40 // lines: who changed more reads the files
	var lines, numbers []string
	note := func(format string, args ...any) { lines = append(lines, "  "+fmt.Sprintf(format, args...)) }
	a, b := titles(want), titles(got)
	i, j := 0, 0
	for _, pair := range append(common(a, b), [2]int{len(a), len(b)}) {
		for ; i < pair[0]; i++ {
			note("- %d %s: is gone", i+1, a[i])
		}
		for ; j < pair[1]; j++ {
			note("+ %d %s: is new", j+1, b[j])
		}
		if i < len(a) {
			var before, after any
			if json.Unmarshal([]byte(want[i]), &before) != nil || json.Unmarshal([]byte(got[j]), &after) != nil {
				if want[i] != got[j] {
					note("~ %d %s\n    was %s\n    is  %s", j+1, b[j], want[i], got[j])
				}
			} else {
				for _, d := range fields("", before, after) {
					if d.number {
						numbers = append(numbers, fmt.Sprintf("  ~ %d %s %s", j+1, b[j], d.words))
					} else {
						note("~ %d %s %s", j+1, b[j], d.words)
					}
				}
			}
			i, j = i+1, j+1
		}
	}
	// Behind a record that is new all have another number: that is told only where it is all there is to tell.
	if len(lines) == 0 {
		lines = numbers
	}
	if len(lines) == 0 {
		return ""
	}
	if len(lines) > most {
		lines = append(lines[:most], fmt.Sprintf("  ... and %d differences more", len(lines)-most))
	}
	return strings.Join(lines, "\n") + "\n"
}

// titles name records by what happened to what.
func titles(lines []string) []string {
	out := make([]string, len(lines))
	for i, line := range lines {
		var s struct {
			Verb   struct{ ID string }
			Object struct{ ID string }
			Name   string // of an element of an LMS's data model
			ID     string // of a statement, or of an interaction in such a model
		}
		if json.Unmarshal([]byte(line), &s) != nil {
			out[i] = line
			continue
		}
		switch {
		case s.Verb.ID != "":
			out[i] = s.Verb.ID[strings.LastIndex(s.Verb.ID, "/")+1:] + " " + s.Object.ID
		case s.Name != "":
			out[i] = s.Name
		default:
			out[i] = "interaction " + s.ID
		}
	}
	return out
}

// common pairs the places of the longest common run of titles, in order.
func common(a, b []string) [][2]int {
	length := make([][]int, len(a)+1)
	for i := range length {
		length[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				length[i][j] = length[i+1][j+1] + 1
			} else {
				length[i][j] = max(length[i+1][j], length[i][j+1])
			}
		}
	}
	var out [][2]int
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] == b[j]:
			out = append(out, [2]int{i, j})
			i, j = i+1, j+1
		case length[i+1][j] >= length[i][j+1]:
			i++
		default:
			j++
		}
	}
	return out
}

// different is a part of a record that is not as it was; number: both are numbers that normalised gave.
type different struct {
	words  string
	number bool
}

var given = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^"(00000000-0000-4000-8000-\d{12}|2026-01-01T\d\d:\d\d:\d\d\.000Z)"$`)
})

// fields says which parts of a value differ, by their places.
func fields(at string, a, b any) []different {
	switch x := a.(type) {
	case map[string]any:
		if y, ok := b.(map[string]any); ok {
			var out []different
			keys := map[string]bool{}
			for k := range x {
				keys[k] = true
			}
			for k := range y {
				keys[k] = true
			}
			for _, k := range slices.Sorted(maps.Keys(keys)) {
				was, wasThere := x[k]
				is, isThere := y[k]
				switch place := at + "/" + k; {
				case !wasThere:
					out = append(out, different{words: fmt.Sprintf("%s: is new: %s", place, encoded(is))})
				case !isThere:
					out = append(out, different{words: fmt.Sprintf("%s: is gone, was %s", place, encoded(was))})
				default:
					out = append(out, fields(place, was, is)...)
				}
			}
			return out
		}
	case []any:
		if y, ok := b.([]any); ok && len(x) == len(y) {
			var out []different
			for i := range x {
				out = append(out, fields(fmt.Sprintf("%s/%d", at, i), x[i], y[i])...)
			}
			return out
		}
	}
	if was, is := encoded(a), encoded(b); was != is {
		return []different{{fmt.Sprintf("%s: was %s, is %s", at, was, is), given().MatchString(was) && given().MatchString(is)}}
	}
	return nil
}

func encoded(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // it was read as JSON
	}
	return string(b)
}
