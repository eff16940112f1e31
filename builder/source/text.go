package source

import (
	"bytes"
	"slices"
	"sort"
	"unicode/utf8"

	"sopan.dev/sopan/internal/diag"
)

// Text is the text of one source file, normalised once at the door: no byte
// order mark, line ends are "\n", valid UTF-8, no NUL. It knows how an offset
// in Bytes becomes a line and a column; nobody else counts.
//
// The zero value is an empty text without a name.
type Text struct {
	Path  string // slash-separated, relative to the site's folder
	Bytes []byte
	lines []int // offset of the first byte of each line; made once by NewText
}

// NewText wraps bytes that are already normalised (see Normalise).
func NewText(path string, b []byte) Text { return newText(path, b, nil) }

// newText puts the lines into room, where it has enough of it.
func newText(path string, b []byte, room []int) Text {
	count := bytes.Count(b, []byte{'\n'}) + 1
	lines := append(slices.Grow(room[:0], count), 0)
	for at := 0; len(lines) < count; {
		at += bytes.IndexByte(b[at:], '\n') + 1
		lines = append(lines, at)
	}
	return Text{Path: path, Bytes: b, lines: lines}
}

// Pos turns a byte offset into Bytes into a 1-based line and column, the
// column counted in runes. Offsets beyond the text are clamped to its end.
func (t Text) Pos(offset int) diag.Pos {
	if len(t.lines) == 0 {
		return diag.Pos{File: t.Path, Line: 1, Col: 1}
	}
	offset = max(0, min(offset, len(t.Bytes)))
	line := sort.Search(len(t.lines), func(i int) bool { return t.lines[i] > offset }) - 1
	return diag.Pos{File: t.Path, Line: line + 1, Col: 1 + utf8.RuneCount(t.Bytes[t.lines[line]:offset])}
}

// Offset is the inverse of Pos for a line and a column counted in runes, both
// 1-based. It clamps to the line's end.
func (t Text) Offset(line, col int) int {
	if line < 1 || len(t.lines) == 0 {
		return 0
	}
	if line > len(t.lines) {
		return len(t.Bytes)
	}
	at := t.lines[line-1]
	for range col - 1 {
		if at >= len(t.Bytes) || t.Bytes[at] == '\n' {
			break
		}
		_, n := utf8.DecodeRune(t.Bytes[at:])
		at += n
	}
	return at
}

// Line gives the text of a 1-based line without its line end, "" when there is
// no such line.
func (t Text) Line(n int) string {
	if n < 1 || n > len(t.lines) {
		return ""
	}
	end := len(t.Bytes)
	if n < len(t.lines) {
		end = t.lines[n] - 1
	}
	return string(t.Bytes[t.lines[n-1]:end])
}

// Span makes the two ends of a diagnostic from two byte offsets.
func (t Text) Span(start, end int) (diag.Pos, diag.Pos) { return t.Pos(start), t.Pos(end) }
