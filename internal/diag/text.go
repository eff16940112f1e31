package diag

import (
	"fmt"
	"io"
	"strings"
	"unicode"
)

// Lines gives the text of a 1-based line of a source file, or false where
// there is none. Renderings use it for excerpts; nil means no excerpts.
type Lines func(file string, line int) (string, bool)

// TextOptions shapes WriteText.
type TextOptions struct {
	Lines Lines
	Color bool // ANSI colour, as an extra: no word is left out without it
}

// excerptColumns is how much of a long line an excerpt shows: what fits a
// terminal of 100 columns behind the line number.
const excerptColumns = 92

// WriteText writes the list as an author reads it in a terminal:
//
//	content/a/b.md:12:5: error: MESSAGE [code]
//	  12 | the line
//	     |     ^^^
//	  hint
//
// with one empty line between diagnostics.
func WriteText(w io.Writer, list List, o TextOptions) error {
	var b strings.Builder
	for i, d := range list {
		if i > 0 {
			b.WriteByte('\n')
		}
		writeOne(&b, d, o)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func writeOne(b *strings.Builder, d Diagnostic, o TextOptions) {
	paint := func(code, s string) string {
		if !o.Color {
			return s
		}
		return "\x1b[" + code + "m" + s + "\x1b[0m"
	}
	colour := map[Severity]string{Error: "1;31", Warning: "1;33", Note: "1;36"}[d.Severity]
	fmt.Fprintf(b, "%s: %s: %s [%s]\n", place(d.Start), paint(colour, d.Severity.String()), visible(d.Message), d.Code)
	if o.Lines != nil && d.Start.Line > 0 && !d.Secret {
		if line, ok := o.Lines(d.Start.File, d.Start.Line); ok {
			writeExcerpt(b, line, d, func(s string) string { return paint(colour, s) })
		}
	}
	for _, r := range d.Related {
		fmt.Fprintf(b, "  %s: %s\n", place(r.Pos), visible(r.Message))
	}
	if d.Hint != "" {
		for _, line := range strings.Split(d.Hint, "\n") {
			fmt.Fprintf(b, "  %s\n", visible(line))
		}
	}
}

func place(p Pos) string {
	switch {
	case p.File == "":
		return "sopan"
	case p.Line == 0:
		return visible(p.File)
	default:
		return fmt.Sprintf("%s:%d:%d", visible(p.File), p.Line, p.Col)
	}
}

// writeExcerpt shows the line with carets under the span. A line that is too
// long is cut to a window around the span. Columns are terminal cells: marks
// that combine take none, so a caret stands under the right Devanagari letter.
func writeExcerpt(b *strings.Builder, line string, d Diagnostic, paint func(string) string) {
	runes := []rune(strings.ReplaceAll(line, "\t", " "))
	start := min(max(d.Start.Col-1, 0), len(runes))
	end := start + 1
	if d.End.Line == d.Start.Line && d.End.Col > d.Start.Col {
		end = d.End.Col - 1
	} else if d.End.Line > d.Start.Line {
		end = len(runes)
	}
	end = max(min(end, len(runes)), start)
	from := 0
	if cells(runes[:end]) > excerptColumns {
		from = max(0, start-excerptColumns/3)
	}
	to := min(len(runes), from+excerptColumns)
	end = min(end, to)
	before, after := "", ""
	if from > 0 {
		before = "… "
	}
	if to < len(runes) {
		after = " …"
	}
	number := fmt.Sprint(d.Start.Line)
	fmt.Fprintf(b, "  %s | %s%s%s\n", number, before, visible(string(runes[from:to])), after)
	fmt.Fprintf(b, "  %s | %s%s\n", strings.Repeat(" ", len(number)),
		strings.Repeat(" ", cells([]rune(before))+cells(runes[from:start])),
		paint(strings.Repeat("^", max(1, cells(runes[start:end])))))
}

// visible replaces control characters, so that a hostile line or name cannot
// drive the terminal.
func visible(s string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsControl(c) || c >= 0x202A && c <= 0x202E || c >= 0x2066 && c <= 0x2069 {
			return '\uFFFD'
		}
		return c
	}, s)
}

// cells counts terminal cells: 0 for combining and format characters, 2 for
// wide ones (the East Asian blocks that a terminal draws double), else 1.
func cells(r []rune) int {
	n := 0
	for _, c := range r {
		switch {
		case unicode.In(c, unicode.Mn, unicode.Me) || c == 0x200B || c == 0x200C || c == 0x200D || c == 0xFEFF:
		case c >= 0x1100 && c <= 0x115F || c >= 0x2E80 && c <= 0xA4CF || c >= 0xAC00 && c <= 0xD7A3 ||
			c >= 0xF900 && c <= 0xFAFF || c >= 0xFE30 && c <= 0xFE6F || c >= 0xFF00 && c <= 0xFF60 || c >= 0x1F300 && c <= 0x1FAFF:
			n += 2
		default:
			n++
		}
	}
	return n
}
