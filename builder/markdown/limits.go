package markdown

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"

	"sopan.dev/sopan/internal/diag"
)

const (
	// maxBytes is some forty lessons in English and fifteen in Hindi: a longer
	// text is no lesson, and the parser's time on a hostile one grows with the
	// square of its length.
	maxBytes = 256 << 10
	// maxWord is bytes without white space: goldmark looks for the end of a
	// link's address once from every `](` before it.
	maxWord = 4 << 10
	// maxBrackets is lines that may define a link: goldmark takes them out of
	// their paragraph one by one.
	maxBrackets = 2000
	// maxDiagnostics is how many findings a text may have: an author mends the
	// first ones first.
	maxDiagnostics = 200
	// maxContainers is how deep `:::` blocks may stand in each other.
	maxContainers = 16
	// maxBlocks is how deep quotations and lists may stand in each other.
	maxBlocks = 40
	// maxDepth is how deep the tree may be. Browsers stop at 512.
	maxDepth = 120
)

// withinLimits looks at the text before it is parsed: each line costs the
// parser as much as there are blocks open, so depth must be refused first.
func (d *Doc) withinLimits() bool {
	if len(d.src) > maxBytes {
		d.report(0, 1, diag.Error, "markdown/too-long", fmt.Sprintf("This text is longer than %d KB.", maxBytes>>10), "Split it into several.")
		return false
	}
	if !d.wordsWithinLimits() {
		return false
	}
	if d.inline {
		return true // there are no blocks in a run of words
	}
	brackets := 0
	var indents []int // of the list items that may be open
	for at := 0; at < len(d.src); {
		end := len(d.src)
		if i := bytes.IndexByte(d.src[at:], '\n'); i >= 0 {
			end = at + i
		}
		line := d.src[at:end]
		if len(line) > 0 && opensNothing(line[0]) { // most lines
			indents = indents[:0]
			at = end + 1
			continue
		}
		if rest := bytes.TrimLeft(line, " "); len(rest) > 0 && rest[0] == '[' {
			if brackets++; brackets > maxBrackets {
				d.report(at, end, diag.Error, "markdown/too-many", fmt.Sprintf("More than %d lines start with a square bracket.", maxBrackets), "Split the text.")
				return false
			}
		}
		i, column, depth := 0, 0, len(indents)
		fresh := true
		for i < len(line) {
			c := line[i]
			if c == ' ' || c == '\t' {
				i++
				column++
				if c == '\t' {
					column += 3
				}
				continue
			}
			n := marker(line[i:])
			if n == 0 {
				break
			}
			if fresh {
				for len(indents) > 0 && indents[len(indents)-1] >= column {
					indents = indents[:len(indents)-1]
				}
				depth = len(indents)
				fresh = false
				if c != '>' {
					indents = append(indents, column)
				}
			}
			depth++
			if depth > maxBlocks {
				if isRule(line) {
					break
				}
				d.report(at+i, at+i+n, diag.Error, "markdown/too-deep",
					fmt.Sprintf("Lists and quotations stand more than %d deep in each other.", maxBlocks), "Write some of them as paragraphs.")
				return false
			}
			i += n
			column += n
		}
		if fresh && i == column && i == 0 && len(line) > 0 {
			indents = indents[:0] // a line at the margin
		}
		at = end + 1
	}
	return true
}

// wordsWithinLimits looks for a word that is too long, in the few lines that can hold one.
func (d *Doc) wordsWithinLimits() bool {
	start := 0
	for line := range bytes.Lines(d.src) {
		if len(line) > maxWord {
			word := 0
			for i, c := range line {
				if c == ' ' || c == '\n' || c == '\t' {
					word = 0
				} else if word++; word > maxWord {
					end := start + i
					for end > 0 && !utf8.RuneStart(d.src[end]) { // a place stands between letters
						end--
					}
					d.report(start+i-maxWord, end, diag.Error, "markdown/too-long", fmt.Sprintf("%d KB stand here without a space.", maxWord>>10), "Put it into a file beside the lesson and link to it.")
					return false
				}
			}
		}
		start += len(line)
	}
	return true
}

// opensNothing tells of a line's first character that no quotation, list item
// or link definition begins there, and no blank.
func opensNothing(c byte) bool {
	return c != ' ' && c != '\t' && c != '>' && c != '-' && c != '*' && c != '+' && c != '[' && !(c >= '0' && c <= '9')
}

// marker gives the length of what opens a quotation or a list item at the
// start of s, 0 when nothing does.
func marker(s []byte) int {
	switch c := s[0]; {
	case c == '>':
		return 1
	case c == '-' || c == '*' || c == '+':
		if len(s) == 1 || s[1] == ' ' || s[1] == '\t' {
			return 1
		}
	case c >= '0' && c <= '9':
		n := 0
		for n < len(s) && n < 10 && s[n] >= '0' && s[n] <= '9' {
			n++
		}
		if n < len(s) && (s[n] == '.' || s[n] == ')') && (n+1 == len(s) || s[n+1] == ' ' || s[n+1] == '\t') {
			return n + 1
		}
	}
	return 0
}

// isRule tells whether a line is a thematic break: `* * * *`.
func isRule(line []byte) bool {
	line = bytes.TrimSpace(line)
	return len(line) > 0 && len(bytes.Trim(line, string(line[:1])+" \t")) == 0 && bytes.IndexByte([]byte("-*_"), line[0]) >= 0
}

// cutDeep takes away what lies too deep in the tree and says so once.
func (d *Doc) cutDeep(n ast.Node, depth int) {
	if depth > maxDepth {
		if n.HasChildren() && !d.tooDeep {
			d.tooDeep = true
			at := max(0, n.Pos())
			d.report(at, at+1, diag.Error, "markdown/too-deep", "Marks stand too deep in each other here.", "Write it more simply.")
		}
		n.RemoveChildren(n)
		return
	}
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		d.cutDeep(c, depth+1)
	}
}
