package yamldoc

import (
	"regexp"
	"strconv"
	"strings"
	"sync"

	"sopan.dev/sopan/internal/diag"
)

var lineInError = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`line (\d+): (.*)$`) })

// syntax turns the parser's complaint into a place, plain words and a next
// step. yaml.v3 gives a line only, and for some mistakes the line before or
// after: the line that shows the mistake is looked for around it.
func (r *Reader) syntax(err error) {
	line, words := 1, strings.TrimPrefix(err.Error(), "yaml: ")
	if m := lineInError().FindStringSubmatch(err.Error()); m != nil {
		line, _ = strconv.Atoi(m[1])
		words = m[2]
	}
	at := func(n int) string { return r.text.Line(r.from.Line + n - 1) }
	for _, s := range slips() {
		if s.parser != "" && !strings.Contains(words, s.parser) {
			continue
		}
		for _, n := range []int{line, line - 1, line + 1} {
			if n < 1 {
				continue
			}
			if m := s.line.FindStringSubmatchIndex(at(n)); m != nil {
				col := 1 + len([]rune(at(n)[:m[2]]))
				r.syntaxAt(n, col, s.message, strings.ReplaceAll(s.hint, "$LINE", quoted(at(n))))
				return
			}
		}
	}
	for line > 1 && strings.TrimSpace(at(line)) == "" { // the parser noticed only at the end of the text
		line--
	}
	r.syntaxAt(line, 1, "This line cannot be read as YAML.", "Check the indentation (spaces, no tabs), that each `key:` is followed by a space, and that texts with `: `, `#` or quotes in them stand in quotes.")
}

func (r *Reader) syntaxAt(line, col int, message, hint string) {
	p := diag.Pos{File: r.from.File, Line: r.from.Line + line - 1, Col: col}
	end := p
	end.Col += min(1, len(r.text.Line(p.Line)))
	r.Diags = append(r.Diags, diag.Diagnostic{Start: p, End: end, Code: "yaml/syntax", Message: message, Hint: hint})
}

// slip is a mistake that authors make often. line must match the line, its
// first group is where the caret goes.
type slip struct {
	parser  string // part of the parser's message; "" for any
	line    *regexp.Regexp
	message string
	hint    string
}

// slips are looked through once something is wrong.
var slips = sync.OnceValue(func() []slip {
	return []slip{
		{"", regexp.MustCompile(`^ *(\t)`), "The line is indented with a tab. YAML allows spaces only.", "Replace the tab by two spaces."},
		{"mapping values are not allowed", regexp.MustCompile(`^\s*(?:- +)?[^\s"'#][^:]*:\s+[^"'\s].*?(:)(?: |$)`), "A text that holds a colon and a space must stand in quotes.", "Write: $LINE"},
		{"", regexp.MustCompile(`^\s*(?:- +)?(?:[^\s:"']+:\s+)?([@\x60%])`), "A text cannot start with this character unless it stands in quotes.", "Write: $LINE"},
		{"", regexp.MustCompile(`^\s*(?:- +)?[^\s:"']+:\s+("[^"]*"\s*[^\s#,\]}])`), "After the closing quote the line goes on.", "Put the whole text in single quotes: $LINE"},
		{"unexpected end of stream", regexp.MustCompile(`^\s*(?:- +)?(?:[^\s:"']+:\s+)?(")[^"]*$`), "The quotation mark is not closed.", "Write another `\"` where the text ends."},
		{"unexpected end of stream", regexp.MustCompile(`^\s*(?:- +)?(?:[^\s:"']+:\s+)?(')[^']*$`), "The quotation mark is not closed.", "Write another `'` where the text ends."},
		{"could not find expected ':'", regexp.MustCompile(`^\s*([^\s:#-][^:]*)$`), "This line is neither `key: value` nor a list entry.", "Write `key: value`; a text over several lines belongs under `key: |`, indented."},
		{"", regexp.MustCompile(`^\s*[\p{L}_]+:([^\s/])`), "After the colon a space is missing.", "Write `key: value`, with a space."},
	}
})

// quoted shows the line with its value in quotes, ready to paste.
func quoted(line string) string {
	indent := line[:len(line)-len(strings.TrimLeft(line, " \t"))]
	rest := strings.TrimSpace(line)
	head := ""
	if strings.HasPrefix(rest, "- ") {
		head, rest = "- ", strings.TrimSpace(rest[2:])
	}
	if key, value, ok := strings.Cut(rest, ": "); ok && !strings.ContainsAny(key, " \"'") {
		head += key + ": "
		rest = strings.TrimSpace(value)
	}
	if strings.Contains(rest, `"`) && !strings.Contains(rest, "'") {
		return strings.TrimSpace(indent + head + "'" + rest + "'")
	}
	return strings.TrimSpace(indent + head + `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(rest) + `"`)
}
