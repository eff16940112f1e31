package quiz

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"
)

// YAML gives a meaning to many characters that people use in plain writing.
// `- C #language` loses its second half without a word; `- [x] Paris` is
// refused in words that only a parser's author understands. mend goes over the
// lines before the parser does, finds these, says for each what to write
// instead, and gives the parser the mended text, so that everything else in
// the file can be checked in the same run.
//
// It follows just as much of YAML as is needed to know where a value begins:
// indentation, dashes, keys, quotation marks, brackets, | and > texts.

// fault is one line that must be written otherwise.
type fault struct {
	start, end int
	code       string
	message    string
	hint       string
}

// edit puts words in the place of src[start:end].
type edit struct {
	start, end int
	words      string
	shift      int // how many bytes of words stand before what was there already
}

// settings are the keys whose values are no text for learners: there one
// space before a comment is enough.
var settings = []string{"for", "tests", "pass", "time", "attempts", "show", "draw", "kind", "marking", "questions",
	"marks", "id", "reread", "number", "within", "certainty"}

type mender struct {
	src    []byte
	known  []string // keys of the format: `ask:What` is meant as one
	faults []fault
	edits  []edit

	keys    int            // the column of the keys of the item that is open, 0 outside
	tabbed  map[string]int // what lines with a tab begin with, to the column that is meant
	setting bool           // the last key at the left edge is a setting with a value
	asked   bool           // `questions:` has come
}

// needsMending tells whether mend might find something in a text that
// yamldoc.Usual can read, which is far from most of what it looks for: n is what
// was read. A test holds that it finds nothing where this says no.
func needsMending(src []byte, n *node, known []string) bool {
	for i := 0; ; i++ { // a comment, or what YAML takes for one
		next := bytes.IndexByte(src[i:], '#')
		if next < 0 {
			break
		}
		if i += next; i > 0 && src[i-1] == ' ' {
			return true
		}
	}
	return slip(n, known)
}

// slip tells whether a text without quotation marks is probably meant for
// something else: `-ask: What`, `ask:What`, or one that ends in a colon.
func slip(n *node, known []string) bool {
	if n.Kind == scalar && isPlain(n) {
		key, _, cut := strings.Cut(n.Value, ":")
		return cut && (slices.Contains(known, key) || strings.HasSuffix(strings.TrimSpace(n.Value), ":"))
	}
	for i, c := range n.Content {
		if n.Kind == pairs && i%2 == 0 && c.Value != "" && c.Value[0] == '-' || slip(c, known) {
			return true
		}
	}
	return false
}

func mend(src []byte, known []string) ([]fault, []edit) {
	m := &mender{src: src, known: known}
	blockIndent := -1 // of the key that a | or > text belongs to
	itemIndent := -1  // of the last line that began with "- "
	for at := 0; at < len(src); {
		eol := m.eol(at)
		p := at
		for p < eol && src[p] == ' ' {
			p++
		}
		indent := p - at
		blank := len(bytes.TrimSpace(src[p:eol])) == 0
		if blockIndent >= 0 {
			if blank || indent > blockIndent {
				at = eol + 1
				continue
			}
			blockIndent = -1
		}
		if blank || src[p] == '#' || bytes.HasPrefix(src[at:eol], []byte("---")) || bytes.HasPrefix(src[at:eol], []byte("...")) {
			at = eol + 1
			continue
		}
		left := at // where the line would begin if it had no tabs
		if src[p] == '\t' {
			p, indent = m.tabs(at, p, eol)
			left = p - indent
		}
		parent := indent // what belongs to this line's value stands further in than this
		dashes := 0
		for p < eol && src[p] == '-' && (p+1 == eol || src[p+1] == ' ' || src[p+1] == '\t') {
			parent = p - left
			dashes++
			itemIndent = indent
			gap := p + 1
			for p++; p < eol && (src[p] == ' ' || src[p] == '\t'); p++ {
			}
			if bytes.ContainsRune(src[gap:p], '\t') && p < eol {
				m.fault(gap, p, "quiz/tab", "After the dash stands a tab. YAML wants a space.", "Write `- "+m.text(p, eol)+"`, and begin the lines that belong to it with two spaces.")
				m.edits = append(m.edits, edit{gap, p, " ", 1})
			}
		}
		if p == eol {
			at = eol + 1
			continue
		}
		if dashes == 0 && src[p] == '-' && indent == itemIndent {
			m.fault(p, eol, "quiz/missing-space", "After the dash of a list there must be a space.",
				"Write `- "+m.text(p+1, eol)+"`.")
			m.edits = append(m.edits, edit{p + 1, p + 1, " ", 1})
			parent, dashes = indent, 1
			p++
		}
		v := value{line: at, start: p, eol: eol, parent: parent, item: dashes > 0}
		key, after := m.key(p, eol)
		if after > 0 {
			v.key, v.item, v.parent, v.start = key, false, p-left, after
		}
		switch {
		case dashes > 0 && slices.Contains(m.known, key):
			if indent == 0 {
				m.headless(at, eol)
			}
			m.keys = p - left
		case dashes > 0 || indent > 0:
		case key == "questions":
			m.asked = true
		case after > 0:
			m.setting = after < eol && slices.Contains(quizKeys, key)
		case m.text(p, eol) == "questions":
			m.fault(p, eol, "quiz/no-questions", "After `questions` there must be a colon.", "Write `questions:`.")
			m.edits = append(m.edits, edit{p + len("questions"), eol, ":", 0})
			m.asked = true
			at = eol + 1
			continue
		}
		at, blockIndent = m.value(v)
	}
	return m.faults, m.edits
}

func (m *mender) eol(at int) int {
	if i := bytes.IndexByte(m.src[at:], '\n'); i >= 0 {
		return at + i
	}
	return len(m.src)
}

// text is a stretch of one line, trimmed.
func (m *mender) text(start, end int) string { return strings.TrimSpace(string(m.src[start:end])) }

func (m *mender) fault(start, end int, code, message, hint string) {
	m.faults = append(m.faults, fault{start, end, code, message, hint})
}

// headless says that a question follows the quiz's settings, without
// `questions:` above it.
func (m *mender) headless(at, eol int) {
	if !m.setting || m.asked {
		return
	}
	m.asked = true
	m.fault(at, eol, "quiz/no-questions", "The questions begin here, and `questions:` does not stand above them.", "Write `questions:` on a line above this one.")
	m.edits = append(m.edits, edit{at, at, "questions:\n", len("questions:\n")})
}

// tabs replaces the tabs that a line begins with, and gives the offset of what
// follows and its column. A key is meant to stand with those of its item, what
// begins as a line before it where that one stands; else a tab is two spaces.
func (m *mender) tabs(at, p, eol int) (text, column int) {
	e := p
	for e < eol && (m.src[e] == '\t' || m.src[e] == ' ') {
		e++
	}
	begin := string(m.src[at:e])
	column, seen := m.tabbed[begin]
	if !seen {
		column = len(strings.ReplaceAll(begin, "\t", "  "))
		if word, _, ok := strings.Cut(m.text(e, eol), ":"); ok && slices.Contains(m.known, word) {
			column = m.keys
		}
		if m.tabbed == nil {
			m.tabbed = map[string]int{}
		}
		m.tabbed[begin] = column
	}
	m.fault(p, e, "quiz/tab", "This line begins with a tab. YAML wants spaces.",
		"Put as many spaces before `"+m.text(e, eol)+"` as stand before the lines it belongs with.")
	m.edits = append(m.edits, edit{at, e, strings.Repeat(" ", column), column})
	return e, column
}

// key finds the key that a line begins with, and where its value starts;
// after is 0 when there is none.
func (m *mender) key(p, eol int) (key string, after int) {
	end := 0
	switch c := m.src[p]; {
	case c == '"' || c == '\'':
		e := quoteEnd(m.src[:eol], p)
		for e < eol && isBlank(m.src[e]) {
			e++
		}
		if e >= eol || m.src[e] != ':' {
			return "", 0
		}
		end = e
	case isIndicator(m.src[p:eol]):
		return "", 0
	default:
		for i := p; i < eol; i++ {
			if m.src[i] == '#' && i > p && isBlank(m.src[i-1]) {
				return "", 0
			}
			if m.src[i] == ':' && (i+1 == eol || isBlank(m.src[i+1])) {
				end = i
				break
			}
		}
		if end == 0 {
			for _, k := range m.known {
				if bytes.HasPrefix(m.src[p:eol], []byte(k+":")) {
					m.fault(p, eol, "quiz/missing-space", "After `"+k+":` there must be a space.",
						"Write `"+k+": "+m.text(p+len(k)+1, eol)+"`.")
					m.edits = append(m.edits, edit{p + len(k) + 1, p + len(k) + 1, " ", 1})
					return k, p + len(k) + 1
				}
			}
			return "", 0
		}
	}
	if end+1 < eol && !isBlank(m.src[end+1]) {
		return "", 0
	}
	for after = end + 1; after < eol && isBlank(m.src[after]); after++ {
	}
	return m.text(p, end), after
}

// isIndicator tells whether YAML would give the first character of a value a
// meaning of its own. Quotation marks, brackets, | and > are looked at elsewhere.
func isIndicator(v []byte) bool {
	switch v[0] {
	case '*', '&', '!', '%', '@', '`', ',', ']', '}', '[', '{', '|', '>', '#':
		return true
	case '?', ':', '-':
		return len(v) == 1 || isBlank(v[1])
	}
	return false
}

// value is where a value stands.
type value struct {
	line       int // offset of its line
	start, eol int
	parent     int    // lines indented further than this belong to it
	key        string // it is the value of
	item       bool   // it is an item of a list, and no key stands before it
}

// value looks at one value and gives the offset of the next line that is not
// part of it; block is the indent that a | or > text must exceed, or -1.
func (m *mender) value(v value) (next, block int) {
	if v.start >= v.eol {
		return v.eol + 1, -1
	}
	rest := m.src[v.start:v.eol]
	switch c := rest[0]; {
	case c == '#':
		if len(rest) > 1 && !isBlank(rest[1]) && rest[1] != '#' {
			m.quote(v, "quiz/cut-text", "YAML takes `"+m.text(v.start, v.eol)+"` for a comment and would leave it out.",
				" If it is a comment, put a space after the `#`.")
		}
	case c == '|' || c == '>':
		if isBlockHeader(string(rest)) {
			return v.eol + 1, v.parent
		}
		m.quote(v, "quiz/needs-quotes", "A text that begins with `"+string(c)+"` must stand in quotation marks.", "")
	case c == '"' || c == '\'':
		return m.quoted(v), -1
	case c == '[' || c == '{':
		return m.flow(v), -1
	case (c == '!' || c == '&') && (!v.item || m.deeper(v)) && !bytes.ContainsAny(bytes.TrimSpace(rest), " \t"):
		// A tag or an anchor before a list below; the tree refuses it.
	case c == '!' || c == '&':
		m.quote(v, "quiz/cut-text", "YAML would leave out the beginning of a text that begins with `"+string(c)+"`.", "")
	case isIndicator(rest):
		m.quote(v, "quiz/needs-quotes", "A text that begins with "+named(c)+" must stand in quotation marks.", "")
	default:
		return m.plain(v), -1
	}
	return v.eol + 1, -1
}

// deeper tells whether the next line stands further in.
func (m *mender) deeper(v value) bool {
	at := min(v.eol+1, len(m.src))
	p := at
	for p < len(m.src) && m.src[p] == ' ' {
		p++
	}
	return p-at > v.parent
}

// named names a character in a sentence.
func named(c byte) string {
	if c == '`' {
		return "a backtick"
	}
	return "`" + string(c) + "`"
}

func isBlockHeader(s string) bool {
	s, rest, _ := strings.Cut(strings.ReplaceAll(s, "\t", " ")+" ", " ")
	rest = strings.TrimSpace(rest)
	return len(s) <= 3 && strings.Trim(s[1:], "+-123456789") == "" && (rest == "" || rest[0] == '#')
}

// plain looks at a text without quotation marks, over all its lines.
func (m *mender) plain(v value) int {
	var end int
	why, comment, first := "", "", true
	next := v.eol + 1
	for at, eol := v.start, v.eol; ; {
		e, cut := m.comment(at, eol, v.key, first)
		if cut {
			why = "comment"
			if comment == "" {
				comment = m.text(e, eol)
			}
			e = eol
		}
		body := m.src[at:e]
		if why == "" && (bytes.Contains(body, []byte(": ")) || bytes.HasSuffix(bytes.TrimSpace(body), []byte(":"))) {
			why = "colon"
		}
		end = e
		if e < eol || next >= len(m.src) {
			break
		}
		// Is the next line a part of this text?
		at, eol = next, m.eol(next)
		p := at
		for p < eol && m.src[p] == ' ' {
			p++
		}
		for p == eol && eol < len(m.src) { // empty lines are paragraph breaks within it
			at = eol + 1
			eol = m.eol(at)
			for p = at; p < eol && m.src[p] == ' '; p++ {
			}
		}
		if p >= eol || p-at <= v.parent || m.src[p] == '#' || m.src[p] == '\t' {
			break
		}
		if k, after := m.key(p, eol); after > 0 && v.key != "" && slices.Contains(m.known, k) {
			m.fault(p, p+len(k), "quiz/indentation", "`"+k+":` stands further in than the line before it, so that YAML takes it for more of that line's text.",
				"Begin it in the same column as `"+v.key+":`.")
			m.edits = append(m.edits, edit{at, p, strings.Repeat(" ", v.parent), v.parent})
			break
		}
		first = false
		at, next = p, eol+1
	}
	if why == "" {
		return next
	}
	for end > v.start && isBlank(m.src[end-1]) {
		end--
	}
	message, more := "A text that holds a colon and a space must stand in quotation marks.", ""
	code := "quiz/needs-quotes"
	if why == "comment" {
		code = "quiz/cut-text"
		message = "YAML takes `" + comment + "` for a comment and would leave it out."
		more = " If it is a comment, put it on a line of its own."
	}
	if first {
		v.eol = end
		m.quote(v, code, message, more)
		return next
	}
	text := string(m.src[v.start:end])
	m.fault(v.start, end, code, message, "Write `"+m.lead(v)+quoteYAML(strings.Join(strings.Fields(text), " "))+"`."+more)
	m.edits = append(m.edits, edit{v.start, end, quoteYAML(text), 1})
	return next
}

// comment finds where the text of a line stops because a comment begins. cut
// says that what looks like a comment to YAML is probably none.
func (m *mender) comment(at, eol int, key string, first bool) (end int, cut bool) {
	for i := at + 1; i < eol; i++ {
		if m.src[i] != '#' || !isBlank(m.src[i-1]) {
			continue
		}
		spaced := i+1 == eol || isBlank(m.src[i+1])
		apart := i-2 >= at && isBlank(m.src[i-2]) || m.src[i-1] == '\t'
		if spaced && (apart || first && slices.Contains(settings, key)) {
			return i - 1, false
		}
		return i, true
	}
	return eol, false
}

// quoted looks at a text in quotation marks, which may go over several lines.
func (m *mender) quoted(v value) int {
	end := quoteEnd(m.src, v.start)
	closed := end > v.start+1 && end <= len(m.src) && m.src[end-1] == m.src[v.start]
	for at := v.eol + 1; closed && at < end; { // lines within must stand further in
		eol := m.eol(at)
		if t := bytes.TrimLeft(m.src[at:eol], " "); len(t) > 0 && eol-at-len(t) <= v.parent {
			closed = false
		}
		at = eol + 1
	}
	if !closed {
		text := m.text(v.start, v.eol)
		mark := text[:1]
		m.fault(v.start, v.eol, "quiz/unclosed-quote", "The quotation mark that opens here is not closed.",
			"Write `"+m.lead(v)+text+mark+"`.")
		m.edits = append(m.edits, edit{v.eol, v.eol, mark, 0})
		return v.eol + 1
	}
	eol := m.eol(end)
	if tail := m.text(end, eol); tail != "" && !(tail[0] == '#' && isBlank(m.src[end])) {
		if m.eol(v.start) == eol {
			m.quote(v, "quiz/needs-quotes", "Text goes on after the closing quotation mark.", "")
		} else {
			m.fault(end, eol, "quiz/needs-quotes", "Text goes on after the closing quotation mark.", "Move the quotation mark to the end of the text.")
			m.edits = append(m.edits, edit{v.start, eol, quoteYAML(string(m.src[v.start:eol])), 1})
		}
	}
	return eol + 1
}

// lead is what stands before a value on its line, without the indentation.
func (m *mender) lead(v value) string {
	return strings.TrimLeft(string(m.src[v.line:v.start]), " \t")
}

// quote reports a value that must stand in quotation marks, with its line
// ready to paste, and mends it.
func (m *mender) quote(v value, code, message, more string) {
	end := v.eol
	for end > v.start && isBlank(m.src[end-1]) {
		end--
	}
	text := string(m.src[v.start:end])
	words := quoteYAML(text)
	if v.item {
		// In a list the first colon parts a choice from its feedback.
		if head, tail, ok := cutColon(text); ok {
			words = quoteYAML(head) + ": " + tail
			if strings.Contains(tail, ": ") || strings.HasSuffix(tail, ":") || tail != "" && isIndicator([]byte(tail)) || strings.Contains(tail, " #") {
				words = quoteYAML(head) + ": " + quoteYAML(tail)
			}
		}
	}
	m.fault(v.start, end, code, message, "Write `"+m.lead(v)+words+"`."+more)
	m.edits = append(m.edits, edit{v.start, end, words, 1})
}

func cutColon(s string) (head, tail string, ok bool) {
	head, tail, ok = strings.Cut(s, ": ")
	return strings.TrimSpace(head), strings.TrimSpace(tail), ok && strings.TrimSpace(head) != ""
}

// quoteYAML writes a text as a YAML scalar that cannot be misread, in the
// quotation marks that need the least escaping.
func quoteYAML(s string) string {
	switch {
	case !strings.ContainsAny(s, "\"\\"):
		return `"` + s + `"`
	case !strings.Contains(s, "'"):
		return "'" + s + "'"
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

// apply makes the mended text, and the function that leads an offset in it
// back to the source.
func apply(src []byte, edits []edit) ([]byte, func(int) int) {
	if len(edits) == 0 {
		return src, func(i int) int { return i }
	}
	slices.SortStableFunc(edits, func(a, b edit) int { return a.start - b.start })
	type piece struct{ at, from, to, shift int } // mended[at:] comes from src[from:to]
	var out bytes.Buffer
	var pieces []piece
	last := 0
	for _, e := range edits {
		if e.start < last {
			continue // within what is mended already
		}
		pieces = append(pieces, piece{out.Len(), last, e.start, 0})
		out.Write(src[last:e.start])
		pieces = append(pieces, piece{out.Len(), e.start, e.end, e.shift})
		out.WriteString(e.words)
		last = e.end
	}
	pieces = append(pieces, piece{out.Len(), last, len(src), 0})
	out.Write(src[last:])
	return out.Bytes(), func(i int) int {
		k, found := slices.BinarySearchFunc(pieces, i, func(p piece, i int) int { return p.at - i })
		if !found {
			k--
		}
		for k+1 < len(pieces) && pieces[k+1].at == i { // the last of the pieces that begin here
			k++
		}
		p := pieces[k]
		at := max(p.from, min(p.to, p.from+i-p.at-p.shift))
		for at > 0 && at < len(src) && !utf8.RuneStart(src[at]) {
			at--
		}
		return at
	}
}
