package markdown

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"golang.org/x/text/unicode/norm"

	"sopan.dev/sopan/internal/diag"
)

// headingParser is goldmark's, and `{#id}` at the end of the heading's line.
// goldmark's own attributes would take classes, styles and handlers too, and
// lose the position of the id.
type headingParser struct{ parser.BlockParser }

func (h headingParser) Close(node ast.Node, reader text.Reader, pc parser.Context) {
	h.BlockParser.Close(node, reader, pc)
	heading, ok := node.(*ast.Heading)
	if ok && heading.Parent() != nil && heading.Lines().Len() > 0 {
		docOf(pc).takeHeadingID(heading)
	}
}

func headings() construct {
	return construct{render: map[ast.NodeKind]renderFunc{ast.KindHeading: renderHeading}}
}

// ids is the ids of one text.
type ids struct {
	explicit map[ast.Node]explicitID
	headings []*ast.Heading // in the order of the text
	named    map[ast.Node]named
	used     map[string]bool
	last     map[string]int // last number that was tried after a name
}

// named is what a heading goes by. Its words are wanted for its id, the facts and what stands under it.
type named struct{ id, words string }

func newIDs() ids {
	return ids{explicit: map[ast.Node]explicitID{}, named: map[ast.Node]named{}, used: map[string]bool{}, last: map[string]int{}}
}

func (s *ids) clear() {
	clear(s.explicit)
	clear(s.headings)
	s.headings = s.headings[:0]
	clear(s.named)
	clear(s.used)
	clear(s.last)
}

type explicitID struct {
	id         string
	start, end int
}

// takeHeadingID cuts `{#id}` off a heading's last line.
func (d *Doc) takeHeadingID(h *ast.Heading) {
	i := h.Lines().Len() - 1
	line := h.Lines().At(i)
	raw := d.src[line.Start:line.Stop]
	open := bytes.LastIndexByte(raw, '{')
	if open < 0 || raw[len(raw)-1] != '}' || (open > 0 && raw[open-1] == '\\') {
		return
	}
	inner := string(raw[open+1 : len(raw)-1])
	start, end := line.Start+open, line.Stop
	looksMeant := strings.HasPrefix(inner, "#") || strings.HasPrefix(inner, ".") || strings.Contains(inner, "=")
	if !looksMeant {
		return // braces that are part of the heading's words
	}
	id := strings.TrimPrefix(inner, "#")
	switch {
	case !strings.HasPrefix(inner, "#") || strings.ContainsAny(inner, " =."):
		d.report(start, end, diag.Error, "markdown/heading-attribute",
			fmt.Sprintf("`{%s}` is not understood: a heading takes an id only.", inner), "Write `{#short-id}`, or leave the braces out.")
	case NormalID(id) == "" || strings.ContainsFunc(id, notInID):
		d.report(start, end, diag.Error, "markdown/heading-id",
			fmt.Sprintf("`%s` cannot be an id.", inner), "Use letters, digits and hyphens: `{#short-id}`.")
	default:
		d.ids.explicit[h] = explicitID{NormalID(id), start, end}
	}
	line.Stop = line.Start + open
	line = line.TrimRightSpace(d.src)
	// `## Words ## {#id}`: the closing sequence is at the end now.
	if rest := bytes.TrimRight(d.src[line.Start:line.Stop], "#"); len(rest) > 0 && rest[len(rest)-1] == ' ' && d.src[h.Pos()] == '#' {
		line.Stop = line.Start + len(bytes.TrimRight(rest, " "))
	}
	h.Lines().Set(i, line)
}

func notInID(r rune) bool {
	return !(unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsNumber(r) || r == '-' || r == '_' || r == '\u200c' || r == '\u200d')
}

// reservedID tells which ids the page itself uses: two elements with one id
// would lead a link, or a screen reader, to the wrong place.
func reservedID(id string) bool {
	switch id {
	case "q", "main", "outline", "outline-title", "sopan-page":
		return true
	}
	return strings.HasPrefix(id, "q-")
}

// nameHeadings gives every heading its id and checks levels. Ids that authors
// wrote come first, so that a heading above cannot take one away.
func (d *Doc) nameHeadings() {
	for n := range blocks(d.root) {
		if h, ok := n.(*ast.Heading); ok {
			d.ids.headings = append(d.ids.headings, h)
		}
	}
	if len(d.ids.headings) == 0 {
		return
	}
	first := map[string]explicitID{}
	for _, h := range d.ids.headings {
		e, ok := d.ids.explicit[h]
		if !ok {
			continue
		}
		if twin, taken := first[e.id]; taken {
			d.report(e.start, e.end, diag.Error, "markdown/heading-id-twice",
				fmt.Sprintf("Two headings have the id `%s`.", e.id), "Change one of them, and the links that lead to it.",
				diag.Related{Pos: d.text.Pos(d.base + twin.start), Message: "the first one"})
			continue
		}
		if reservedID(e.id) {
			d.report(e.start, e.end, diag.Error, "markdown/heading-id",
				fmt.Sprintf("The id `%s` is used by the page itself.", e.id), "Choose another one.")
			continue
		}
		first[e.id] = e
		d.ids.used[d.opts.IDPrefix+e.id] = true
		d.ids.named[h] = named{d.opts.IDPrefix + e.id, d.plain(h)}
	}
	level := 1 // of the title
	for _, h := range d.ids.headings {
		if _, ok := d.ids.named[h]; !ok {
			words := d.plain(h)
			d.ids.named[h] = named{d.ids.unique(d.opts.IDPrefix, slug(words)), words}
		}
		start, end := headingSpan(h)
		switch {
		case h.Level == 1:
			d.report(start, end, diag.Error, "markdown/heading-one",
				"The text has a level-1 heading, but the title is the page's only one.", "Start it with `##`.")
		case h.Level > level+1 && !(d.opts.Fragment && level == 1): // who includes a fragment gives it its place
			d.report(start, end, diag.Warning, "markdown/heading-skipped",
				fmt.Sprintf("A level-%d heading follows one of level %d.", h.Level, level),
				fmt.Sprintf("Write `%s`: people who listen to a page find their way by levels.", strings.Repeat("#", level+1)))
		}
		level = h.Level
	}
}

// NormalID gives the one form of an id that may be typed in several: NFC,
// without joiners. Ids in Facts and in HTML have this form; who compares the
// fragment of a link with them, or writes it, uses it too.
func NormalID(id string) string {
	return norm.NFC.String(strings.Map(func(r rune) rune {
		if r == '\u200c' || r == '\u200d' {
			return -1
		}
		return r
	}, id))
}

// unique makes an id that no other element of the text has: name, name-2, name-3 …
func (s *ids) unique(prefix, name string) string {
	if name == "" || reservedID(name) {
		name = strings.TrimSuffix("section-"+name, "-")
	}
	name = prefix + name
	id := name
	for n := max(2, s.last[name]); s.used[id]; n++ {
		id = name + "-" + strconv.Itoa(n)
		s.last[name] = n
	}
	s.used[id] = true
	return id
}

// slug makes a readable id of a heading's words: letters, marks and digits of
// any script, lower case, with a hyphen for what lies between. NormalID leaves
// joiners out: they change how a word looks and not which word it is.
func slug(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	gap, known := false, knownLetters()
	for _, r := range NormalID(s) {
		switch {
		case known.hold(r):
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			gap = false
			b.WriteRune(unicode.ToLower(r))
		case unicode.IsSpace(r) || unicode.Is(unicode.Pd, r) || r == '_' || r == '/':
			gap = true
		}
	}
	return b.String()
}

func headingSpan(h *ast.Heading) (int, int) {
	if h.Lines().Len() == 0 {
		return max(0, h.Pos()), max(0, h.Pos()) + h.Level
	}
	return h.Pos(), h.Lines().At(h.Lines().Len() - 1).Stop
}

func (d *Doc) heading(h *ast.Heading) Heading {
	start, end := headingSpan(h)
	n := d.ids.named[h]
	if start == end || n.words == "" {
		d.report(start, end, diag.Error, "markdown/heading-empty", "This heading has no words.", "Write some, or remove it.")
	}
	return Heading{Level: h.Level, Text: n.words, ID: n.id, Start: d.base + start, End: d.base + end}
}

func renderHeading(w *writer, n ast.Node, entering bool) ast.WalkStatus {
	tag := "h" + strconv.Itoa(n.(*ast.Heading).Level)
	if !entering {
		w.text("</", tag, ">\n")
		return ast.WalkContinue
	}
	w.text("<", tag)
	if id := w.doc.ids.named[n].id; id != "" {
		w.attr("id", id)
	}
	w.text(">")
	return ast.WalkContinue
}
