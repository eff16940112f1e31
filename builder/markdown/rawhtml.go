package markdown

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"sopan.dev/sopan/internal/diag"
)

func rawHTML() construct {
	return construct{render: map[ast.NodeKind]renderFunc{
		ast.KindRawHTML:   renderRawHTML,
		ast.KindHTMLBlock: renderRawHTML,
	}}
}

// markdownWay says how to write in Markdown what a tag is used for.
var markdownWay = map[string]string{
	"a":          "Write a link as `[words](address)`.",
	"audio":      "A page shows images and videos only.",
	"b":          "Write bold words as `**words**`.",
	"blockquote": "Start the lines of a quotation with `> `.",
	"br":         "End the line with a backslash; in a table, make another row.",
	"code":       "Write code between backquotes.",
	"dd":         "Write the meaning on the line after the term, as `: meaning`.",
	"del":        "Write `~~words~~`.",
	"details":    "Write `:::details{title=\"…\"}` and `:::` around it.",
	"div":        "Write a block as `:::example` and `:::`.",
	"dl":         "Write the term on a line and `: meaning` on the next.",
	"em":         "Write emphasised words as `*words*`.",
	"figure":     "Write `![what it shows](file.svg \"caption\")` in a paragraph of its own.",
	"h1":         "Start a heading with `## `.",
	"h2":         "Start a heading with `## `.",
	"h3":         "Start a heading with `### `.",
	"hr":         "Write `---` between empty lines.",
	"i":          "Write emphasised words as `*words*`.",
	"iframe":     "A page shows nothing from other hosts. Put the video's file beside the lesson and write `![caption](talk.mp4)`.",
	"img":        "Write an image as `![what it shows](file.svg)`.",
	"li":         "Start the item with `- `.",
	"ol":         "Start the items with `1. `.",
	"p":          "Put an empty line between paragraphs.",
	"pre":        "Put three backquotes before and after the code.",
	"script":     "A lesson runs no script of its own.",
	"strong":     "Write bold words as `**words**`.",
	"style":      "How pages look is the theme's.",
	"table":      "Write a table with `|` between its cells.",
	"ul":         "Start the items with `- `.",
	"video":      "Put the video's file beside the lesson and write `![caption](talk.mp4)`.",
}

const rawHTMLHint = "Write it in Markdown; to show the sign itself, write `\\<`."

func wayFor(tag string) string {
	if way := markdownWay[tag]; way != "" {
		return way
	}
	return rawHTMLHint
}

var tagName = regexp.MustCompile(`<([A-Za-z][A-Za-z0-9-]*)`)

// readRawHTML decides what each piece of HTML leaves in the output.
func (d *Doc) readRawHTML() {
	if !d.holds("<") {
		return
	}
	for n := range blocks(d.root) {
		switch n := n.(type) {
		case *ast.HTMLBlock:
			segments := text.NewSegments()
			for i := range n.Lines().Len() {
				segments.Append(n.Lines().At(i))
			}
			if n.HasClosure() {
				segments.Append(n.ClosureLine)
			}
			d.raw[n] = d.treatBlock(segments)
		default:
			if n.Type() == ast.TypeBlock && n.HasChildren() && n.FirstChild().Type() == ast.TypeInline {
				d.treatInline(n, 0)
			}
		}
	}
}

// treatBlock treats an HTML block, which is a fragment of its own.
func (d *Doc) treatBlock(s *text.Segments) string {
	raw := segmentsText(s, d.src)
	switch d.opts.RawHTML {
	case On:
		return raw
	case Off:
		return d.refuse(s, raw)
	}
	d.warnDropped(s)
	// sanitise works tag by tag; parsing its result closes what is left open,
	// so that an author's tag cannot end an element of the page.
	nodes, err := html.ParseFragment(strings.NewReader(sanitise(raw)), &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div})
	if err != nil || deeper(nodes, maxDepth) {
		d.tagsTooDeep(s)
		return ""
	}
	var b strings.Builder
	for _, n := range nodes {
		if err := html.Render(&b, n); err != nil {
			return ""
		}
	}
	return b.String()
}

// treatInline treats the tags among a block's inline nodes. Those that have no
// partner among their siblings are dropped: they would close, or leave open,
// what is not theirs. outside is how many tags stand open around the parent.
func (d *Doc) treatInline(parent ast.Node, outside int) {
	var open []*ast.RawHTML
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		h, ok := n.(*ast.RawHTML)
		if !ok {
			d.treatInline(n, outside+len(open))
			continue
		}
		raw := segmentsText(h.Segments, d.src)
		switch d.opts.RawHTML {
		case On:
			d.raw[h] = raw
		case Off:
			d.raw[h] = d.refuse(h.Segments, raw)
		default:
			d.raw[h] = sanitise(raw)
			d.warnDropped(h.Segments)
			if d.raw[h] == "" {
				continue
			}
			name := nameOf(raw)
			switch {
			case strings.HasPrefix(raw, "</"):
				if len(open) > 0 && nameOf(segmentsText(open[len(open)-1].Segments, d.src)) == name {
					open = open[:len(open)-1]
				} else {
					d.dropUnpaired(h, name)
				}
			case name == "br" || name == "wbr":
			case name == "p":
				d.dropUnpaired(h, name)
			case outside+len(open) == maxDepth:
				d.raw[h] = ""
				d.tagsTooDeep(h.Segments)
			default:
				if tag, closed := strings.CutSuffix(d.raw[h], "/>"); closed { // browsers read over the slash
					d.raw[h] = tag + ">"
				}
				open = append(open, h)
			}
		}
	}
	for _, h := range open {
		d.dropUnpaired(h, nameOf(segmentsText(h.Segments, d.src)))
	}
}

// deeper tells whether elements stand more than most deep in each other.
func deeper(nodes []*html.Node, most int) bool {
	for _, n := range nodes {
		if most == 0 && n.Type == html.ElementNode || most > 0 && deeper(slices.Collect(n.ChildNodes()), most-1) {
			return true
		}
	}
	return false
}

func (d *Doc) tagsTooDeep(s *text.Segments) {
	if !d.tooDeep {
		d.tooDeep = true
		d.report(s.At(0).Start, s.At(0).Stop, diag.Error, "markdown/too-deep", fmt.Sprintf("HTML tags stand more than %d deep in each other here.", maxDepth), "Write it more simply.")
	}
}

func nameOf(raw string) string {
	raw = strings.TrimLeft(raw, "</")
	end := strings.IndexFunc(raw, func(r rune) bool { return r == '>' || r == '/' || r == ' ' || r == '\t' || r == '\n' })
	if end >= 0 {
		raw = raw[:end]
	}
	return strings.ToLower(raw)
}

func (d *Doc) dropUnpaired(h *ast.RawHTML, name string) {
	d.raw[h] = ""
	s := h.Segments.At(0)
	d.report(s.Start, h.Segments.At(h.Segments.Len()-1).Stop, diag.Warning, "markdown/raw-html-unpaired",
		fmt.Sprintf("This `%s` tag has no partner in the same run of text; it is left out.", name), "Open and close it among the same words.")
}

// refuse reports the first tag of a piece and gives its source as text.
// Comments are an author's notes to themselves: they are left out in silence.
func (d *Doc) refuse(s *text.Segments, raw string) string {
	trimmed := strings.TrimSpace(raw)
	if strings.HasPrefix(trimmed, "<!--") && strings.Index(trimmed, "-->") == len(trimmed)-3 {
		return ""
	}
	start := s.At(0).Start
	end := start + len(bytes.TrimRight(d.src[start:s.At(0).Stop], " \n"))
	if m := tagName.FindStringSubmatch(raw); m != nil {
		if at, to := find(s, d.src, m[0]); at >= 0 {
			start, end = at, to
		}
		name := strings.ToLower(m[1])
		d.report(start, end, diag.Error, "markdown/raw-html", fmt.Sprintf("The HTML tag `<%s>` is not allowed.", name), wayFor(name))
	} else if !strings.HasPrefix(trimmed, "</") {
		d.report(start, end, diag.Error, "markdown/raw-html", "HTML is not allowed.", rawHTMLHint)
	}
	return html.EscapeString(raw)
}

// warnDropped reports each tag and each attribute that the policy drops.
func (d *Doc) warnDropped(s *text.Segments) {
	for i := range s.Len() {
		line := s.At(i)
		value := d.src[line.Start:line.Stop]
		for _, m := range tagName.FindAllSubmatchIndex(value, -1) {
			name := strings.ToLower(string(value[m[2]:m[3]]))
			start := line.Start + m[0]
			if !tagAllowed(name) {
				d.report(start, line.Start+m[1], diag.Warning, "markdown/raw-html-dropped", fmt.Sprintf("The HTML tag `<%s>` is left out.", name), wayFor(name))
				continue
			}
			rest := value[m[0]:]
			if end := bytes.IndexByte(rest, '>'); end >= 0 {
				rest = rest[:end+1]
			}
			if before, after := attributesIn(string(rest)), attributesIn(sanitise(string(rest))); after < before {
				d.report(start, start+len(bytes.TrimRight(rest, "\n")), diag.Warning, "markdown/raw-html-dropped",
					fmt.Sprintf("Some attributes of this `<%s>` are left out.", name), "Only `lang`, `dir`, `title` of abbr and dfn, and `datetime` are kept.")
			}
		}
	}
}

func attributesIn(tag string) int {
	z := html.NewTokenizer(strings.NewReader(tag))
	z.Next()
	return len(z.Token().Attr)
}

// find gives the offsets of what in the first segment that holds it.
func find(s *text.Segments, src []byte, what string) (int, int) {
	for i := range s.Len() {
		line := s.At(i)
		if at := bytes.Index(src[line.Start:line.Stop], []byte(what)); at >= 0 {
			return line.Start + at, line.Start + at + len(what)
		}
	}
	return -1, -1
}

func segmentsText(s *text.Segments, src []byte) string {
	if s.Len() == 1 {
		line := s.At(0)
		return string(line.Value(src))
	}
	var b strings.Builder
	for i := range s.Len() {
		line := s.At(i)
		b.Write(line.Value(src))
	}
	return b.String()
}

func renderRawHTML(w *writer, n ast.Node, entering bool) ast.WalkStatus {
	if !entering {
		return ast.WalkSkipChildren
	}
	out := w.doc.raw[n]
	if n.Kind() == ast.KindHTMLBlock && w.doc.opts.RawHTML == Off && out != "" {
		w.text("<p>", strings.TrimSpace(out), "</p>\n")
		return ast.WalkSkipChildren
	}
	w.text(out)
	return ast.WalkSkipChildren
}
