package quiz

import (
	"bytes"
	"strings"
)

// flow looks at a [list] or {pairs} in brackets, which may go over several
// lines, and gives the offset of the next line. Each item begins after a
// bracket, a comma or a colon; the same traps lie in wait there as at the
// beginning of a line.
func (m *mender) flow(v value) int {
	depth, end := 0, -1
	fresh := true // an item may begin here
	item := v.start
	type found struct {
		start, end    int
		code, message string // "" where the parser alone is at fault
	}
	var bad []found
	note := func(at int, code, message string) int {
		e := m.itemEnd(at)
		bad = append(bad, found{at, e, code, message})
		return e
	}
scan:
	for i := v.start; i < len(m.src); {
		c := m.src[i]
		switch {
		case c == '\n':
			// A line that stands no further in than the key is none of this value's.
			j := i + 1
			for j < len(m.src) && m.src[j] == ' ' {
				j++
			}
			if j < len(m.src) && m.src[j] != '\n' && m.src[j] != ']' && m.src[j] != '}' && j-i-1 <= v.parent {
				break scan
			}
			i++
		case c == ' ' || c == '\t':
			i++
		case (c == '[' || c == '{') && !fresh:
			// An item ends with its line, and the bracket may stand on the next one.
			i = max(i+1, note(m.skip(item), "quiz/needs-quotes", "A text with brackets, inside of brackets, must stand in quotation marks."))
		case c == '?':
			// Plain in YAML 1.2, and refused by the parser, which knows 1.1 alone.
			i, fresh = max(i+1, note(m.skip(item), "", "")), false
		case c == '[' || c == '{':
			depth++
			i++
			item = i
		case c == ']' || c == '}':
			depth--
			i++
			fresh = false
			if depth == 0 {
				end = i
				break scan
			}
		case c == ',':
			i++
			fresh = true
			item = i
		case c == '#' && isBlank(m.src[i-1]):
			spaced := i+1 < len(m.src) && isBlank(m.src[i+1])
			if fresh && spaced || spaced && i > v.start+1 && isBlank(m.src[i-2]) {
				i = m.eol(i)
				continue
			}
			i = max(i+1, note(m.skip(item), "quiz/cut-text", "YAML takes `"+m.text(i, m.eol(i))+"` for a comment and would leave it out."))
		case fresh && (c == '"' || c == '\''):
			e := quoteEnd(m.src, i)
			if e > m.eol(i) && e >= len(m.src) {
				break scan
			}
			j := e
			for j < len(m.src) && isBlank(m.src[j]) {
				j++
			}
			if j < len(m.src) && !bytes.ContainsRune([]byte(",]}:#"), rune(m.src[j])) {
				e = note(i, "quiz/needs-quotes", "Text goes on after the closing quotation mark.")
			}
			i, fresh = max(i+1, e), false
		case fresh && bytes.ContainsRune([]byte("*&!%@`|>"), rune(c)):
			i, fresh = max(i+1, note(i, "quiz/needs-quotes", "A text that begins with `"+string(c)+"` must stand in quotation marks.")), false
		case c == ':' && i+1 < len(m.src) && isBlank(m.src[i+1]):
			i++
			fresh = true
			item = i
		default:
			i++
			fresh = false
		}
	}
	if text := m.text(v.start, v.eol); end < 0 && text[0] == '[' && strings.Contains(text, ",") {
		m.fault(v.start, v.eol, "quiz/unclosed-bracket", "The bracket that opens here is not closed.", "Write `"+m.lead(v)+text+"]`.")
		m.edits = append(m.edits, edit{v.eol, v.eol, "]", 0})
		return v.eol + 1
	}
	if end < 0 {
		m.quote(v, "quiz/needs-quotes", "The bracket that opens here is not closed. A text that begins with a bracket must stand in quotation marks.", "")
		return v.eol + 1
	}
	eol := m.eol(end)
	if tail := m.text(end, eol); tail != "" && !(tail[0] == '#' && isBlank(m.src[end])) {
		if eol == v.eol {
			m.quote(v, "quiz/needs-quotes", "Text goes on after the closing bracket. A text that begins with a bracket must stand in quotation marks.", "")
		} else {
			m.fault(end, eol, "quiz/needs-quotes", "Text goes on after the closing bracket.", "Write nothing after the bracket.")
			m.edits = append(m.edits, edit{end, eol, "", 0})
		}
		return eol + 1
	}
	for _, b := range bad {
		words := quoteYAML(string(m.src[b.start:b.end]))
		if b.code != "" {
			m.fault(b.start, b.end, b.code, b.message, "Write `"+words+"` here.")
		}
		m.edits = append(m.edits, edit{b.start, b.end, words, 1})
	}
	return eol + 1
}

// skip goes over the blanks before an item.
func (m *mender) skip(at int) int {
	for at < len(m.src) && isBlank(m.src[at]) {
		at++
	}
	return at
}

// itemEnd finds the comma, bracket or colon that ends an item in brackets, on
// its line.
func (m *mender) itemEnd(at int) int {
	eol := m.eol(at)
	e := at
	for depth := 0; e < eol; e++ {
		c := m.src[e]
		if c == '[' || c == '{' {
			depth++
		} else if c == ':' && depth == 0 && e+1 < eol && m.src[e+1] == ' ' {
			break
		} else if c == ',' && depth == 0 || c == ']' || c == '}' {
			if depth == 0 {
				break
			}
			depth--
		}
	}
	for e > at && isBlank(m.src[e-1]) {
		e--
	}
	return e
}
