package markdown

import (
	"strings"

	"github.com/yuin/goldmark/ast"
)

// Most choices and prompts of questions are words and nothing else, and there
// are thousands of them: they are not sent through the parser. A test holds
// that it would leave them the same.

// maxBare keeps the limits of limits.go the parser's business.
const maxBare = 1 << 10

// isBare tells whether no sign in a run of inline text means anything in Markdown.
func isBare(s string) bool {
	if s == "" || len(s) > maxBare || s[0] == ' ' || s[len(s)-1] == ' ' {
		return false
	}
	for i := range len(s) {
		switch c := s[i]; c {
		case '\\', '`', '*', '_', '[', ']', '<', '>', '&', '~', '@', '/', '{', '}', 0x7f:
			return false
		case '.':
			if strings.HasSuffix(s[:i], "www") {
				return false
			}
		default:
			if c < ' ' {
				return false
			}
		}
	}
	return true
}

// readBare is read for a text that isBare: its only fact is its words.
func (d *Doc) readBare(text string) {
	d.bare, d.root = true, ast.NewDocument()
	c := collector{d: d}
	c.say(text)
	c.closeSection()
	d.facts.Minutes = readingMinutes(d.facts.Words)
}
