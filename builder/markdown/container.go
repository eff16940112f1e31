package markdown

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"sopan.dev/sopan/internal/diag"
)

// Container is a block with a role: `:::activity{title="…" minutes=10}` to `:::`.
type Container struct {
	ast.BaseBlock
	name    string
	kind    containerKind
	fence   int // number of colons
	closed  bool
	title   string
	minutes int
	open    bool
	file    fileAttribute // of an include
	start   int           // of the opening line
	end     int
}

// containerKind says what a name means.
type containerKind struct {
	name       string
	attributes []string
	human      bool // something that people do
	hidden     bool // not for learners
}

// containerKinds is every container there is.
func containerKinds() []containerKind {
	return []containerKind{
		{name: "activity", attributes: []string{"title", "minutes"}, human: true},
		{name: "session", attributes: []string{"title", "minutes"}, human: true},
		{name: "reflection", attributes: []string{"title", "minutes"}, human: true},
		{name: "example", attributes: []string{"title"}},
		{name: "details", attributes: []string{"title", "open"}},
		{name: "tabs"},
		{name: "debrief", attributes: []string{"title"}},
		{name: "facilitator", attributes: []string{"title", "minutes"}, hidden: true},
		{name: "include", attributes: []string{"file"}},
	}
}

var kindContainer = ast.NewNodeKind("Container")

// Kind implements ast.Node.
func (c *Container) Kind() ast.NodeKind { return kindContainer }

// Dump implements ast.Node.
func (c *Container) Dump(src []byte, level int) {
	ast.DumpHelper(c, src, level, map[string]string{"name": c.name}, nil)
}

func containers() construct {
	return construct{
		parse: func() []parser.Option {
			// Before definition lists (101), which start with a colon too.
			return []parser.Option{parser.WithBlockParsers(util.Prioritized(containerParser{}, 90))}
		},
		render: map[ast.NodeKind]renderFunc{kindContainer: renderContainer},
	}
}

type containerParser struct{}

func (containerParser) Trigger() []byte             { return []byte{':'} }
func (containerParser) CanInterruptParagraph() bool { return true }
func (containerParser) CanAcceptIndentedLine() bool { return false }

func (containerParser) Open(_ ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, segment := reader.PeekLine()
	pos := pc.BlockOffset()
	if pos < 0 {
		return nil, parser.NoChildren
	}
	n := countColons(line[pos:])
	if n < 3 {
		return nil, parser.NoChildren
	}
	d := docOf(pc)
	at := segment.Start - segment.Padding + pos
	rest := bytes.TrimRight(line[pos+n:], " \t\n")
	if len(rest) == 0 {
		d.report(at, at+n, diag.Error, "markdown/container-stray",
			fmt.Sprintf("`%s` closes a block, and none is open that it could close.", line[pos:pos+n]),
			"Remove it, or write as many colons as the block's first line has.")
		return nil, parser.NoChildren
	}
	open := 0
	for _, b := range pc.OpenedBlocks() {
		if b.Node.Kind() == kindContainer {
			open++
		}
	}
	if open >= maxContainers {
		if !d.tooDeep {
			d.tooDeep = true
			d.report(at, at+n, diag.Error, "markdown/too-deep", fmt.Sprintf("Blocks stand more than %d deep in each other.", maxContainers), "Close some of them before this line.")
		}
		return nil, parser.NoChildren
	}
	c := &Container{fence: n, start: at, end: at + n + len(rest)}
	d.readContainerLine(c, string(rest), at+n)
	reader.AdvanceToEOL()
	return c, parser.HasChildren
}

// Continue closes at a fence of as many colons. A fence of another length
// closes the innermost block that has fewer, as with code fences.
func (containerParser) Continue(node ast.Node, reader text.Reader, pc parser.Context) parser.State {
	line, _ := reader.PeekLine()
	indent, pos := util.IndentWidth(line, reader.LineOffset())
	if indent < 4 && pos < len(line) && line[pos] == ':' {
		n := countColons(line[pos:])
		if n >= 3 && util.IsBlank(line[pos+n:]) && closes(node, n, indent, pc) {
			node.(*Container).closed = true
			reader.AdvanceToEOL()
			return parser.Close
		}
	}
	return parser.Continue | parser.HasChildren
}

// closes tells whether a bare fence of n colons is meant for node. goldmark
// asks the outermost block first, so the ones inside it are looked at here.
func closes(node ast.Node, n, indent int, pc parser.Context) bool {
	open := pc.OpenedBlocks()
	i := slices.IndexFunc(open, func(b parser.Block) bool { return b.Node == node })
	if last := open[len(open)-1].Node; last.IsRaw() && inContainersOnly(last, node) {
		return false // colons in a code block are code
	}
	meant := ast.Node(nil)
	for ; i < len(open); i++ {
		c, ok := open[i].Node.(*Container)
		if !ok {
			// A list item or a quotation inside: its own container may be meant
			// when the fence is indented as the item's text is.
			if indent > 0 && slices.ContainsFunc(open[i:], func(b parser.Block) bool { return b.Node.Kind() == kindContainer }) {
				return false
			}
			break
		}
		if c.fence == n {
			meant = c
		}
	}
	if meant != nil {
		return meant == node
	}
	for i--; i >= 0; i-- {
		if c, ok := open[i].Node.(*Container); ok && c.fence < n {
			return c == node
		}
	}
	return false
}

func inContainersOnly(n, outer ast.Node) bool {
	for p := n.Parent(); p != nil; p = p.Parent() {
		if p == outer {
			return true
		}
		if p.Kind() != kindContainer {
			return false
		}
	}
	return false
}

func (containerParser) Close(node ast.Node, _ text.Reader, pc parser.Context) {
	c := node.(*Container)
	if !c.closed {
		d := docOf(pc)
		d.report(c.start, c.end, diag.Error, "markdown/container-unclosed",
			fmt.Sprintf("This `%s` block is never closed.", c.name),
			fmt.Sprintf("Write `%s` on a line of its own after its last line.", strings.Repeat(":", c.fence)))
	}
}

func countColons(line []byte) int {
	return len(line) - len(bytes.TrimLeft(line, ":"))
}

// readContainerLine reads what follows the colons: a name and attributes. at is
// the offset of rest.
func (d *Doc) readContainerLine(c *Container, rest string, at int) {
	trimmed := strings.TrimLeft(rest, " \t")
	at += len(rest) - len(trimmed)
	end := strings.IndexFunc(trimmed, func(r rune) bool { return !isWordRune(r) && r != '-' && r != '_' })
	if end < 0 {
		end = len(trimmed)
	}
	c.name = trimmed[:end]
	names := []string{}
	for _, k := range containerKinds() {
		names = append(names, k.name)
		if k.name == c.name {
			c.kind = k
		}
	}
	if c.kind.name == "" {
		hint := diag.DidYouMean(c.name, names)
		if hint == "" {
			hint = "There are: " + strings.Join(names, ", ") + "."
		}
		message := fmt.Sprintf("There is no block called `%s`.", c.name)
		if c.name == "" {
			message = "This block has no name."
		}
		d.report(at, at+max(1, end), diag.Error, "markdown/container-unknown", message, hint)
		return
	}
	tail := trimmed[end:]
	rest = strings.TrimLeft(tail, " \t")
	at += end + len(tail) - len(rest)
	if rest == "" {
		return
	}
	if rest[0] != '{' {
		d.report(at, at+len(rest), diag.Error, "markdown/container-attributes",
			"Only attributes in braces may follow a block's name.", fmt.Sprintf("For a title write `%s%s{title=\"%s\"}`.", strings.Repeat(":", c.fence), c.name, rest))
		return
	}
	attributes, bad, why := readAttributes(rest)
	if why != "" {
		d.report(at+bad, at+len(rest), diag.Error, "markdown/container-attributes", why, `Write them as {title="Two words" minutes=10}.`)
	}
	for _, a := range attributes {
		if a.marks != "" {
			d.report(at+a.start, at+a.end, diag.Error, "markdown/container-attributes",
				fmt.Sprintf("The value of `%s` must stand in straight double quotation marks, and here is `%s`.", a.name, a.marks),
				fmt.Sprintf("Write `%s=\"%s\"`.", a.name, strings.ReplaceAll(a.value, `"`, `\"`)))
		}
		d.setAttribute(c, a, at)
	}
}

func (d *Doc) setAttribute(c *Container, a attribute, at int) {
	start, end := at+a.start, at+a.end
	if !slices.Contains(c.kind.attributes, a.name) {
		hint := diag.DidYouMean(a.name, c.kind.attributes)
		if hint == "" {
			hint = "It takes none."
			if len(c.kind.attributes) > 0 {
				hint = "It takes: " + strings.Join(c.kind.attributes, ", ") + "."
			}
		}
		d.report(start, start+len(a.name), diag.Error, "markdown/container-attribute-unknown", fmt.Sprintf("`%s` has no attribute `%s`.", c.name, a.name), hint)
		c.file.said = true
		return
	}
	switch a.name {
	case "title":
		c.title = a.value
	case "open":
		c.open = true
	case "file":
		d.setFile(c, a, start, end)
	case "minutes":
		n, err := strconv.Atoi(a.value)
		if err != nil || n < 1 || n > 10000 {
			d.report(start, end, diag.Error, "markdown/container-minutes", fmt.Sprintf("`%s` is no number of minutes.", a.value), "Write a whole number: `minutes=10`.")
			return
		}
		c.minutes = n
	}
}

// attribute is `name=value`, `name="value"` or a bare `name`; start and end
// are offsets from the opening brace.
type attribute struct {
	name, value string
	start, end  int
	marks       string // the quotation mark that the value begins with, where it is a wrong one
}

// closers are the marks that may close a value which begins with a quotation
// mark of another kind, as programs for letters put them; "" for what is none.
func closers(mark rune) string {
	switch mark {
	case '“', '”', '„':
		return "”“\""
	case '‘', '’', '‚', '\'':
		return "’‘'"
	case '«', '»':
		return "»«"
	}
	return ""
}

// closing is where a value ends that one of these marks closes; -1 where none
// does. A mark within a word is an apostrophe.
func closing(s, marks string) int {
	for i, c := range s {
		if next := strings.TrimPrefix(s[i:], string(c)); strings.ContainsRune(marks, c) && (next == "" || strings.ContainsRune(" \t,}", rune(next[0]))) {
			return i
		}
	}
	return -1
}

// readAttributes reads `{…}`, which must end the line. Where it cannot, it
// gives the offset and the reason, and what it has read so far.
func readAttributes(s string) (list []attribute, bad int, why string) {
	i := 1
	for {
		for i < len(s) && (s[i] == ' ' || s[i] == '\t' || s[i] == ',') {
			i++
		}
		if i >= len(s) {
			return list, 0, "The brace that opens the attributes is never closed."
		}
		if s[i] == '}' {
			if strings.TrimSpace(s[i+1:]) != "" {
				return list, i + 1, "Nothing may follow the attributes."
			}
			return list, 0, ""
		}
		a := attribute{start: i}
		for i < len(s) && !strings.ContainsRune(" \t,=}\"", rune(s[i])) {
			i++
		}
		a.name = s[a.start:i]
		if a.name == "" {
			return list, i, "An attribute has no name."
		}
		if i < len(s) && s[i] == '=' {
			i++
			if i < len(s) && s[i] == '"' {
				var value strings.Builder
				for i++; i < len(s) && s[i] != '"'; i++ {
					if s[i] == '\\' && i+1 < len(s) && (s[i+1] == '"' || s[i+1] == '\\') {
						i++
					}
					value.WriteByte(s[i])
				}
				if i >= len(s) {
					return list, a.start, "The quotation mark of an attribute is never closed."
				}
				i++
				a.value = value.String()
			} else if mark, n := utf8.DecodeRuneInString(s[i:]); closers(mark) != "" {
				length := closing(s[i+n:], closers(mark))
				if length < 0 {
					return list, a.start, "The quotation mark of an attribute is never closed."
				}
				a.marks, a.value = s[i:i+n], s[i+n:i+n+length]
				_, m := utf8.DecodeRuneInString(s[i+n+length:])
				i += n + length + m
			} else {
				from := i
				for i < len(s) && !strings.ContainsRune(" \t,}\"", rune(s[i])) {
					i++
				}
				a.value = s[from:i]
			}
		}
		a.end = i
		list = append(list, a)
	}
}

func renderContainer(w *writer, n ast.Node, entering bool) ast.WalkStatus {
	c := n.(*Container)
	switch {
	case c.kind.hidden && !w.facilitator:
		return ast.WalkSkipChildren
	case c.kind.name == "", c.name == "include": // unknown or misplaced, and reported
		return ast.WalkContinue
	case c.name == "tabs":
		if entering {
			w.text("<div class=\"tabs\">\n")
		} else {
			w.text("</div>\n")
		}
		return ast.WalkContinue
	case c.name == "details":
		w.details(c, entering)
		return ast.WalkContinue
	}
	if !entering {
		w.text("</section>\n")
		return ast.WalkContinue
	}
	title := ""
	if c.title != "" {
		title = ": " + c.title
	}
	// A group and no region: a text may hold many, and landmarks should be few.
	w.text(`<section class="block block-`, c.name, `" role="group"`)
	w.label(c.name, title)
	w.text(">\n", `<p class="block-title">`)
	w.word(c.name)
	w.escaped(title)
	if c.minutes > 0 {
		w.text(` <span class="block-minutes">`)
		w.outside(gap{kind: wordGap, text: "minutes", n: c.minutes})
		w.text("</span>")
	}
	w.text("</p>\n")
	return ast.WalkContinue
}

func (w *writer) details(c *Container, entering bool) {
	if !entering {
		w.text("</details>\n")
		return
	}
	w.text(`<details class="block block-details"`)
	if c.open {
		w.text(" open")
	}
	w.text("><summary>")
	if c.title != "" {
		w.escaped(c.title)
	} else {
		w.word("details")
	}
	w.text("</summary>\n")
}
