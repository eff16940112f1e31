package quiz

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"sopan.dev/sopan/builder/source"
	"sopan.dev/sopan/internal/diag"
	"sopan.dev/sopan/internal/yamldoc"
)

const (
	maxBytes = 5 << 20 // of a quiz file
	maxFinds = 500     // diagnostics of one file; a file with more has one cause
	maxTexts = 2000    // keys and texts of a question: they are compared with each other
)

// reader reads one text and gathers what it has to say about it.
type reader struct {
	text     source.Text
	finds    diag.List
	question int            // the number of the question that is read, 0 outside
	ids      map[string]pos // of the questions read so far
	nameless []pos          // questions without an id
	room     *Room          // for what is read
}

type pos struct{ start, end int }

// full tells whether nothing more can be said of this text. What looks for the
// mistakes of very many lines may stop there.
func (r *reader) full() bool { return len(r.finds) > maxFinds }

func (r *reader) say(severity diag.Severity, code string, start, end int, message, hint string) *diag.Diagnostic {
	if r.full() {
		return &diag.Diagnostic{}
	}
	if len(r.finds) == maxFinds {
		message, hint, code = "There are more errors than can be shown.", "Repair these first.", "quiz/too-many"
	}
	s, e := r.text.Span(start, max(start, end))
	r.finds = append(r.finds, diag.Diagnostic{Start: s, End: e, Severity: severity, Code: code, Message: message, Hint: hint})
	return &r.finds[len(r.finds)-1]
}

// refuse says that a piece of the source is wrong.
func (r *reader) refuse(n *node, code, message, hint string) *diag.Diagnostic {
	return r.say(diag.Error, code, n.Start, n.End, message, hint)
}

// here names the question that is read: "Question 3" or, outside one, "The quiz".
func (r *reader) here() string {
	if r.question > 0 {
		return fmt.Sprintf("Question %d", r.question)
	}
	return "The quiz"
}

// document reads the YAML of text[start:end]. Nearly all texts are as they should
// be, and read in one go. Others are looked through for slips first, and what the
// parser refuses is cut into its questions, so that one bad line costs one
// question and the rest is still read. nil: there was nothing to read.
func (r *reader) document(start, end int, known []string) *node {
	src := r.text.Bytes[start:end]
	if len(src) > maxBytes {
		r.say(diag.Error, "quiz/too-large", start, start, fmt.Sprintf("The file is %d MB large; a quiz may have 5 MB.", len(src)>>20),
			"Split it into several quizzes, and keep pictures in files of their own.")
		return nil
	}
	if n, ok := r.room.yaml.Usual(src); ok && !needsMending(src, n, known) {
		if start > 0 {
			move(n, func(i int) int { return start + i })
		}
		return n
	}
	if !utf8.Valid(src) {
		r.say(diag.Error, "quiz/not-utf8", start, start, "The file is not written in UTF-8.", "Save it as UTF-8 in your editor.")
		return nil
	}
	src, restore := r.characters(src, start)
	faults, edits := mend(src, known)
	for _, f := range faults {
		r.say(diag.Error, f.code, start+f.start, start+f.end, f.message, f.hint)
	}
	mended, back := apply(src, edits)
	origin := func(i int) int { return start + back(i) }
	n, err := r.parse(mended, origin)
	if err != nil {
		n = r.salvage(mended, origin, err)
	}
	if n != nil {
		restore(n)
	}
	return n
}

// characters refuses control characters, and hides from the parser what it
// would take for a line end and no editor does (U+2028, U+2029): our lines and
// its lines must be the same. restore undoes the hiding.
func (r *reader) characters(src []byte, start int) (out []byte, restore func(*node)) {
	out = src
	refused := 0
	var hide []rune
	for i := 0; i < len(src); {
		// With these bytes alone begins what is looked for.
		if c := src[i]; c >= ' ' && c != 0x7f && c != 0xc2 && c != 0xe2 && c != 0xef || c == '\n' {
			i++
			continue
		}
		c, n := utf8.DecodeRune(src[i:])
		if c < ' ' && c != '\n' && c != '\t' || c >= 0x7f && c < 0xa0 || c == 0xfeff || c == 0xfffe || c == 0xffff {
			if refused++; refused <= 10 {
				r.say(diag.Error, "quiz/control-character", start+i, start+i+n, fmt.Sprintf("Here is an invisible character (U+%04X) that no text needs.", c), "Delete it.")
			}
			if &out[0] == &src[0] {
				out = bytes.Clone(src)
			}
			copy(out[i:i+n], "   ")
		}
		if (c == 0x2028 || c == 0x2029) && len(hide) == 0 {
			hide = unused(src, 2)
		}
		i += n
	}
	if len(hide) == 0 {
		return out, func(*node) {}
	}
	// The stand-ins are as long as what they stand for: offsets stay.
	out = bytes.ReplaceAll(out, []byte("\u2028"), []byte(string(hide[0])))
	out = bytes.ReplaceAll(out, []byte("\u2029"), []byte(string(hide[1])))
	undo := strings.NewReplacer(string(hide[0]), "\u2028", string(hide[1]), "\u2029")
	restore = func(n *node) {
		walk(n, func(n *node) { n.Value = undo.Replace(n.Value) })
	}
	return out, restore
}

// unused gives n private-use characters that a text does not hold.
func unused(src []byte, n int) []rune {
	var out []rune
	for c := rune(0xe000); c < 0xf8ff && len(out) < n; c++ {
		if !bytes.ContainsRune(src, c) {
			out = append(out, c)
		}
	}
	for len(out) < n { // a text that holds all 6,400 of them
		out = append(out, ' ')
	}
	return out
}

func walk(n *node, f func(*node)) {
	f(n)
	for _, c := range n.Content {
		walk(c, f)
	}
}

// move leads the ends of all nodes back to the text.
func move(n *node, origin func(int) int) {
	walk(n, func(n *node) {
		n.Start = origin(n.Start)
		n.End = max(n.Start, origin(n.End))
	})
}

// parse gives the tree of a text, nil when it holds nothing.
func (r *reader) parse(src []byte, origin func(int) int) (*node, error) {
	if n, ok := yamldoc.Usual(src); ok {
		move(n, origin)
		return n, nil
	}
	return r.parseAny(src, origin)
}

// parseAny is parse by yaml.v3, which defines what a text means.
func (r *reader) parseAny(src []byte, origin func(int) int) (n *node, err error) {
	defer func() {
		// The parser has panicked on odd input before (go-yaml issues 665, 666);
		// an author must get a message, not a stack.
		if p := recover(); p != nil {
			n, err = nil, fmt.Errorf("yaml: %v", p)
		}
	}()
	d := yaml.NewDecoder(bytes.NewReader(src))
	var y yaml.Node
	if err := d.Decode(&y); err != nil {
		if err.Error() == "EOF" {
			return nil, nil
		}
		return nil, err
	}
	if len(y.Content) == 0 {
		return nil, nil
	}
	n = yamldoc.Of(y.Content[0], src)
	t := tree{src: src, origin: origin}
	end := t.place(n, 0)
	if t.deep != nil {
		at := t.deep.Start
		r.say(diag.Error, "quiz/too-deep", at, at, fmt.Sprintf("Lists are nested more than %d deep here.", maxDepth), "Take the brackets or the indentation away.")
		return nil, nil
	}
	var second yaml.Node
	if err := d.Decode(&second); err == nil {
		if i := bytes.Index(src[min(end, len(src)):], []byte("\n---")); i >= 0 {
			at := origin(end + i + 1)
			r.say(diag.Error, "quiz/second-document", at, at+3, "Nothing after this line would be read.", "Take `---` away, or put what follows into a file of its own.")
		}
	}
	for _, o := range t.odd {
		name := string(r.text.Bytes[o.start:max(o.start, o.end)])
		r.say(diag.Error, "quiz/"+o.what, o.start, o.end, "`"+name+"` is a YAML "+o.what+", which a quiz does not use.",
			"Write the text out. If it is a text that begins so, put it in quotation marks.")
	}
	return n, nil
}

// salvage reads what can be read of a text that the parser refuses: what
// stands before the questions, and each question by itself.
func (r *reader) salvage(src []byte, origin func(int) int, whole error) *node {
	parts := split(src)
	if len(parts) < 2 {
		r.syntax(src, 0, origin, whole)
		return nil
	}
	top := &node{Kind: pairs, Start: origin(0), End: origin(len(src))}
	questions := &node{Kind: list, Start: origin(parts[1].start), End: origin(len(src))}
	bad := false
	for i, p := range parts {
		from := func(j int) int { return origin(p.start + j) }
		n, err := r.parse(src[p.start:p.end], from)
		if err != nil {
			r.syntax(src[p.start:p.end], p.start, origin, err)
			bad = true
			if i > 0 { // keep the numbers of the questions after it
				questions.Content = append(questions.Content, &node{Kind: unread, Start: from(0), End: from(0)})
			}
			continue
		}
		switch {
		case n == nil:
		case i == 0 && n.Kind == pairs:
			top.Content = n.Content
		case i > 0 && n.Kind == list:
			questions.Content = append(questions.Content, n.Content...)
		}
	}
	if !bad {
		r.syntax(src, 0, origin, whole)
	}
	if len(bytes.TrimSpace(src[parts[0].start:parts[0].end])) == 0 {
		return questions // a practice block is nothing but a list
	}
	for e := range entries(top) {
		if e.key.Value == "questions" {
			*e.value = *questions
			return top
		}
	}
	top.Content = append(top.Content, &node{Kind: scalar, Value: "questions", Start: questions.Start, End: questions.Start}, questions)
	return top
}

// split cuts a quiz into what stands before its questions and the questions.
func split(src []byte) []pos {
	var parts []pos
	begin, indent := 0, -1
	asking := !bytes.Contains(src, []byte("questions:"))
	for at := 0; at < len(src); {
		eol := at
		for eol < len(src) && src[eol] != '\n' {
			eol++
		}
		line := src[at:eol]
		body := bytes.TrimLeft(line, " ")
		if asking && (bytes.HasPrefix(body, []byte("- ")) || string(body) == "-") {
			if in := len(line) - len(body); indent < 0 || in == indent {
				indent = in
				parts = append(parts, pos{begin, at})
				begin = at
			}
		}
		if bytes.HasPrefix(line, []byte("questions:")) {
			asking = true
		}
		at = eol + 1
	}
	return append(parts, pos{begin, len(src)})
}

// syntax reports what the parser refused. Its own line is that of the
// construct it was in; the line after the longest part that it accepts is
// where an author has to look.
func (r *reader) syntax(src []byte, at int, origin func(int) int, err error) {
	message := strings.TrimPrefix(err.Error(), "yaml: ")
	if strings.Contains(message, "exceeded max depth") {
		r.say(diag.Error, "quiz/too-deep", origin(at), origin(at), fmt.Sprintf("Lists are nested more than %d deep here.", maxDepth), "Take the brackets or the indentation away.")
		return
	}
	start := 0
	for n, i := 0, 0; i < len(src) && n < 200 && len(src) < 1<<16; n++ {
		var y yaml.Node
		if n > 0 && yaml.Unmarshal(src[:i], &y) == nil {
			start = i
		}
		for i < len(src) && src[i] != '\n' {
			i++
		}
		i = min(i+1, len(src))
	}
	end := start
	for end < len(src) && src[end] != '\n' {
		end++
	}
	for start < end && src[start] == ' ' {
		start++
	}
	line := strings.TrimSpace(string(src[start:end]))
	r.say(diag.Error, "quiz/yaml", origin(at+start), origin(at+end), "This line does not fit the lines before it: `"+line+"`.", syntaxHint(message))
}

func syntaxHint(message string) string {
	switch {
	case strings.Contains(message, "could not find expected ':'"):
		return "Put a colon and a space after the key (`ask: …`), or a dash and a space before an item of a list (`- …`)."
	case strings.Contains(message, "did not find expected '-'"), strings.Contains(message, "did not find expected key"),
		strings.Contains(message, "mapping values are not allowed"), strings.Contains(message, "block sequence entries are not allowed"):
		return "Look at the spaces at its beginning: what belongs together begins in the same column."
	case strings.Contains(message, "quoted scalar"), strings.Contains(message, "unexpected end of stream"):
		return "Close the quotation mark."
	case strings.Contains(message, "flow"), strings.Contains(message, "',' or"):
		return "Close the bracket, and put commas between the items."
	}
	return "Put the text in quotation marks, and look at the spaces at the beginning of the line."
}
