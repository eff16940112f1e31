package markdown

import "strings"

// Most choices and prompts of questions are words and nothing else, and there
// are thousands of them: they are not sent through the parser. A test holds
// that it would leave them the same.

// maxBare keeps the limits of limits.go the parser's business.
const maxBare = 1 << 10

// meant is the signs that may mean something in Markdown.
var meant = [256]bool{'\\': true, '`': true, '*': true, '_': true, '[': true, ']': true, '<': true, '>': true, '&': true, '~': true,
	'@': true, '/': true, '{': true, '}': true, 0x7f: true}

// IsBare tells whether no sign in a run of inline text means anything in Markdown.
func IsBare(s string) bool {
	if s == "" || len(s) > maxBare || s[0] == ' ' || s[len(s)-1] == ' ' {
		return false
	}
	for i := range len(s) {
		if c := s[i]; c < ' ' || meant[c] {
			return false
		}
	}
	return !strings.Contains(s, "www.")
}

// BareHTML is the HTML of a text that IsBare.
func BareHTML(text string) string { return strings.ReplaceAll(text, `"`, "&quot;") }

// BareWords is the words of a text that IsBare.
func BareWords(text string) string {
	words, _ := oneLine(text)
	return words
}

// bareFacts is the facts of a text that IsBare: its words.
func bareFacts(text []byte) Facts {
	line, words := oneLine(string(text))
	if line == "" {
		return Facts{}
	}
	return Facts{Words: words, Minutes: readingMinutes(words), Sections: []Section{{Text: line}}}
}
