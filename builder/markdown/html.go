package markdown

import (
	"bytes"
	"html"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/renderer"
	gmhtml "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/util"
)

// Resolver tells what lies outside the text. Nil functions are allowed: links
// then stay as they are written and quiz blocks leave nothing.
type Resolver struct {
	// Target answers for every link, image and video that is not external, and
	// for every glossary term.
	Target func(Ref) Target
	// Quiz gives the HTML that stands in the place of the i-th quiz block.
	Quiz func(i int) []byte
	// Include gives the HTML that stands in the place of an include.
	Include func(Ref) []byte
	// Words is the words of the page's language, by key; see english for the
	// keys, and for what stands in for those it lacks.
	Words map[string]string
}

// Target is where a Ref leads. The zero Target says that it leads nowhere: a
// link keeps its text and an image its alternative text.
type Target struct {
	Href          string   // relative address, percent-encoded
	Lang          string   // BCP 47; set when the target is in another language than the text
	Width, Height int      // of an image or a video, in CSS pixels; 0: unknown
	Sources       []Source // of an image that is sent in several widths, narrowest first
	Tracks        []Track
	Transcript    string // of a video: plain text, paragraphs parted by a blank line
}

// Source is an image at one width, in pixels.
type Source struct {
	Href  string
	Width int
}

// Track is the captions of a video in one language.
type Track struct {
	Lang, Label, Href string
}

func (r Resolver) target(ref Ref) Target {
	if r.Target != nil {
		return r.Target(ref)
	}
	if ref.Kind == TermRef {
		return Target{Href: "glossary.html#" + ref.Dest}
	}
	return Target{Href: string(util.URLEscape([]byte(ref.Dest), false))}
}

// HTML renders the text. Blocks for the facilitator are left out.
func (d *Doc) HTML(r Resolver) []byte {
	if d.tree == nil {
		b := d.Body()
		return []byte(b.HTML(r))
	}
	w := d.writer(r)
	w.document()
	return w.Bytes()
}

// document renders the whole text; of a run of inline text the paragraphs
// without their tags, parted by a space.
func (w *writer) document() {
	switch d := w.doc; {
	case d.bare:
		w.Write(util.EscapeHTML(d.src))
	case d.inline:
		for p := d.root.FirstChild(); p != nil; p = p.NextSibling() {
			if p.PreviousSibling() != nil {
				w.text(" ")
			}
			w.renderChildren(p)
		}
	default:
		w.render(d.root)
	}
}

// writer is the output of one rendering. It is goldmark's BufWriter, so that
// the shared renderer's functions find in it whatever belongs to this text
// alone: the Doc and the Resolver.
type writer struct {
	*bytes.Buffer
	doc         *Doc
	r           Resolver
	facilitator bool // blocks for the facilitator are wanted
	leaves      bool // gaps: the Resolver is not known yet
	gaps        []gap
	led         []bool // of the links that are open: whether they lead somewhere
}

func (w *writer) Buffered() int { return 0 }
func (w *writer) Flush() error  { return nil }

func newWriter(d *Doc, r Resolver) *writer { return &writer{Buffer: new(bytes.Buffer), doc: d, r: r} }

func (d *Doc) writer(r Resolver) *writer {
	w := newWriter(d, r)
	w.Grow(len(d.src) + len(d.src)/2)
	return w
}

// render writes one node. The renderer's functions return no errors, and
// neither does the buffer.
func (w *writer) render(n ast.Node) {
	s := blockSetup()
	if w.doc.inline {
		s = inlineSetup()
	}
	if err := s.renderer.Render(w, w.doc.src, n); err != nil {
		panic("markdown: rendering into memory failed: " + err.Error())
	}
}

func (w *writer) renderChildren(n ast.Node) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		w.render(c)
	}
}

// text writes trusted markup.
func (w *writer) text(parts ...string) {
	for _, p := range parts {
		w.WriteString(p)
	}
}

// escaped writes plain text, fit for an element and for a quoted attribute.
func (w *writer) escaped(s string) {
	done := 0
	for i := range len(s) {
		reference := ""
		switch s[i] { // as html.EscapeString has them
		case '&':
			reference = "&amp;"
		case '<':
			reference = "&lt;"
		case '>':
			reference = "&gt;"
		case '"':
			reference = "&#34;"
		case '\'':
			reference = "&#39;"
		default:
			continue
		}
		w.text(s[done:i], reference)
		done = i + 1
	}
	w.WriteString(s[done:])
}

// attr writes ` name="value"`.
func (w *writer) attr(name, value string) {
	w.text(" ", name, `="`)
	w.escaped(value)
	w.WriteByte('"')
}

// renderFunc writes a node's start (entering) or end.
type renderFunc func(w *writer, n ast.Node, entering bool) ast.WalkStatus

// nodeRenderers is a construct's half of the shared renderer.
type nodeRenderers map[ast.NodeKind]renderFunc

func (m nodeRenderers) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	for kind, f := range m {
		reg.Register(kind, func(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
			return f(w.(*writer), n, entering), nil
		})
	}
}

// plain gives the text that a reader sees of a node's inline children.
func (d *Doc) plain(n ast.Node) string {
	var room [128]byte
	return string(bytes.TrimSpace(d.appendPlain(room[:0], n)))
}

func (d *Doc) appendPlain(b []byte, n ast.Node) []byte {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Text:
			if !d.escapes || c.IsRaw() || n.Kind() == ast.KindCodeSpan {
				b = append(b, c.Value(d.src)...)
			} else {
				b = appendUnescaped(b, c.Value(d.src))
			}
			if c.SoftLineBreak() || c.HardLineBreak() {
				b = append(b, ' ')
			}
		case *ast.String:
			b = append(b, c.Value...)
		case *ast.AutoLink:
			b = append(b, c.Label(d.src)...)
		case *ast.RawHTML:
			if d.opts.RawHTML == Off {
				b = append(b, segmentsText(c.Segments, d.src)...)
			}
		default:
			b = d.appendPlain(b, c)
		}
	}
	return b
}

// unescape resolves backslash escapes and character references, which are all
// that is left to resolve in a text node, a destination or a title.
func unescape(raw []byte) string {
	if !escapes(raw) {
		return string(raw)
	}
	// goldmark resolves while it escapes for HTML; taking the escapes off again
	// is what keeps us from a second, different reading of CommonMark's rules.
	w := newWriter(nil, Resolver{})
	gmhtml.DefaultWriter.Write(w, raw)
	return html.UnescapeString(w.String())
}

func appendUnescaped(b, raw []byte) []byte {
	if !escapes(raw) {
		return append(b, raw...)
	}
	return append(b, unescape(raw)...)
}

// escapes tells whether a text may stand for another one.
func escapes(raw []byte) bool {
	return bytes.IndexByte(raw, '\\') >= 0 || bytes.IndexByte(raw, '&') >= 0 || bytes.IndexByte(raw, 0) >= 0
}
