// Package diag holds what Sopan has to say to an author: diagnostics as
// values.
//
// In go findings of every stage (a position, a code, plain words, a next
// step); out come ordered lists and their renderings as text, JSON, SARIF and
// GitHub annotations. The package never reads a file, never prints and never
// decides whether a build may go on: that is the caller's.
package diag

import (
	"cmp"
	"slices"
	"strings"
)

// Severity says how much a diagnostic weighs.
type Severity int

const (
	// Error stops a build: the site would be wrong.
	Error Severity = iota
	// Warning lets a build pass; an author should look.
	Warning
	// Note tells what was assumed.
	Note
)

// String gives the word that stands in front of a message.
func (s Severity) String() string {
	switch s {
	case Error:
		return "error"
	case Warning:
		return "warning"
	default:
		return "note"
	}
}

// Pos is a place in a source file. Line and Col are 1-based; Col counts runes
// (Unicode code points), not bytes, because that is what an editor shows.
// A zero Line means the file as a whole.
type Pos struct {
	File string // slash-separated, relative to the site's folder
	Line int
	Col  int
}

// Related points at a second place that has part in a diagnostic: the twin of
// a duplicate, the definition that is meant.
type Related struct {
	Pos     Pos
	Message string
}

// Diagnostic is one finding.
type Diagnostic struct {
	Start, End Pos // End is exclusive; the zero End means "one character"
	Severity   Severity
	Code       string // "quiz/nothing-right"; each has an entry in docs/diagnostics.md
	Message    string // what is wrong, in plain words: "Question 3 has no right answer."
	Hint       string // what to do next: "Add `right:` with the correct choice."
	Related    []Related
	Secret     bool // the line holds what must not be shown again: no excerpt in a terminal, a log, an overlay
}

// List is the findings of a run.
type List []Diagnostic

// HasErrors tells whether any finding is an Error.
func (l List) HasErrors() bool {
	return slices.ContainsFunc(l, func(d Diagnostic) bool { return d.Severity == Error })
}

// HasErrorsIn tells whether one of a file's diagnostics is an error.
func (l List) HasErrorsIn(file string) bool {
	return slices.ContainsFunc(l, func(d Diagnostic) bool { return d.Severity == Error && d.Start.File == file })
}

// Count gives the number of findings of a severity.
func (l List) Count(s Severity) int {
	n := 0
	for _, d := range l {
		if d.Severity == s {
			n++
		}
	}
	return n
}

// Sort orders findings by file, line, column, code and message (question 3
// before question 10), and drops exact repeats, so that a run's words do not
// depend on which worker came first.
func (l List) Sort() List {
	out := slices.Clone(l)
	slices.SortStableFunc(out, func(a, b Diagnostic) int {
		byPlace := cmp.Or(
			cmp.Compare(a.Start.File, b.Start.File),
			cmp.Compare(a.Start.Line, b.Start.Line),
			cmp.Compare(a.Start.Col, b.Start.Col),
			cmp.Compare(a.Code, b.Code),
		)
		if byPlace != 0 {
			return byPlace
		}
		return byNumbers(a.Message, b.Message)
	})
	return slices.CompactFunc(out, func(a, b Diagnostic) bool {
		return a.Start == b.Start && a.Code == b.Code && a.Message == b.Message
	})
}

// byNumbers compares two texts, and the numbers in them by what they count.
func byNumbers(a, b string) int {
	x, y := a, b
	for x != "" && y != "" {
		n, m := digits(x), digits(y)
		switch {
		case n > 0 && m > 0:
			i, j := strings.TrimLeft(x[:n], "0"), strings.TrimLeft(y[:m], "0")
			if c := cmp.Or(cmp.Compare(len(i), len(j)), cmp.Compare(i, j)); c != 0 {
				return c
			}
			x, y = x[n:], y[m:]
		case x[0] != y[0]:
			return cmp.Compare(x[0], y[0])
		default:
			x, y = x[1:], y[1:]
		}
	}
	return cmp.Or(cmp.Compare(len(x), len(y)), cmp.Compare(a, b))
}

// digits is how many digits a text begins with.
func digits(s string) int { return len(s) - len(strings.TrimLeft(s, "0123456789")) }
