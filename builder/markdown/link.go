package markdown

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"sync"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"sopan.dev/sopan/internal/diag"
)

// linkParser is goldmark's, and keeps where a link or an image stands:
// goldmark itself remembers only its first byte.
type linkParser struct{ parser.InlineParser }

// spacedLink is what an author takes for a link, and CommonMark for text: `](20 fees.md)`.
var spacedLink = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^\]\(([^()<>"'\s][^()<>"'\n]* [^()<>"'\n]*\.[A-Za-z0-9]{2,5}(?:#[^()\s]*)?)\)`)
})

// opened tells whether a bracket of this line is still open.
func opened(before []byte) bool {
	line := before[bytes.LastIndexByte(before, '\n')+1:]
	return bytes.LastIndexByte(line, '[') > bytes.LastIndexByte(line, ']')
}

// checkSpacedLink is for a line that begins at a bracket which closes no link.
func (d *Doc) checkSpacedLink(line []byte, at int) {
	m := spacedLink().FindSubmatchIndex(line)
	if m == nil || !opened(d.src[:at]) {
		return
	}
	d.report(at+m[2], at+m[3], diag.Error, "markdown/link-spaces", "This is no link, because there is a space in its address.",
		fmt.Sprintf("Write `<%s>`, with the angle brackets, or take the spaces out of the file's name.", line[m[2]:m[3]]))
}

// linkSpan is the bytes of a link, and of the `]` that closes its text.
type linkSpan struct{ start, bracket, end int }

func (l linkParser) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	_, before := block.Position()
	line, _ := block.PeekLine()
	n := l.InlineParser.Parse(parent, block, pc)
	if n == nil && bytes.HasPrefix(line, []byte("](")) {
		docOf(pc).checkSpacedLink(line, before.Start)
	}
	switch n.(type) {
	case *ast.Link, *ast.Image:
		_, after := block.Position()
		d := docOf(pc)
		d.spans[n] = linkSpan{n.Pos(), before.Start, after.Start}
	}
	return n
}

// CloseBlock implements parser.CloseBlocker, which embedding alone would hide.
func (l linkParser) CloseBlock(parent ast.Node, block text.Reader, pc parser.Context) {
	l.InlineParser.(parser.CloseBlocker).CloseBlock(parent, block, pc)
}

// linkDefinitions looks for `[label]: address` only where a paragraph begins
// with a bracket: goldmark makes itself a reader for each.
type linkDefinitions struct{ parser.ParagraphTransformer }

func (t linkDefinitions) Transform(node *ast.Paragraph, reader text.Reader, pc parser.Context) {
	first := node.Lines().At(0)
	if bytes.HasPrefix(util.TrimLeftSpace(reader.Source()[first.Start:first.Stop]), []byte("[")) {
		t.ParagraphTransformer.Transform(node, reader, pc)
	}
}

func links() construct {
	return construct{render: map[ast.NodeKind]renderFunc{
		ast.KindLink:     renderLink,
		ast.KindAutoLink: renderAutoLink,
	}}
}

// destinationSpan finds a destination in its link; where it stands elsewhere
// (a reference), the whole link.
func (d *Doc) destinationSpan(n ast.Node, raw []byte, inPlace bool) (int, int) {
	s, ok := d.spans[n]
	if !ok {
		return 0, 0
	}
	if inPlace && len(raw) > 0 && s.bracket+1 < s.end && s.end <= len(d.src) {
		// Only white space and `<` can stand between `](` and the destination.
		if i := bytes.Index(d.src[s.bracket+1:s.end], raw); i >= 0 {
			return s.bracket + 1 + i, s.bracket + 1 + i + len(raw)
		}
	}
	return s.start, s.end
}

func (d *Doc) takeLink(n *ast.Link) {
	start, end := d.destinationSpan(n, n.Destination, n.Reference == nil)
	dest := unescape(n.Destination)
	if dest == "" {
		d.report(start, end, diag.Error, "markdown/link-empty", "This link leads nowhere.", "Write the address between the round brackets.")
		return
	}
	if d.plain(n) == "" && !holdsImage(n) {
		d.report(start, end, diag.Error, "markdown/link-text", "This link has no words.",
			"Write between the square brackets what the link leads to: it is what a screen reader says.")
	}
	d.takeAddress(n, dest, start, end)
}

func (d *Doc) takeAutoLink(n *ast.AutoLink) {
	label := n.Label(d.src)
	start := max(0, n.Pos())
	if i := bytes.Index(d.src[start:], label); i > 0 {
		start += i
	}
	dest := string(n.URL(d.src))
	if n.AutoLinkType == ast.AutoLinkEmail && !strings.HasPrefix(strings.ToLower(dest), "mailto:") {
		dest = "mailto:" + dest
	}
	d.takeAddress(n, dest, start, start+len(label))
}

func (d *Doc) takeAddress(n ast.Node, dest string, start, end int) {
	switch classify(dest) {
	case unsafe:
		d.reportUnsafe(dest, start, end)
	case external:
		d.addRef(n, Ref{Kind: LinkRef, Dest: dest, External: true, Start: start, End: end})
	case local:
		d.addRef(n, Ref{Kind: LinkRef, Dest: dest, Start: start, End: end})
	}
}

func (d *Doc) reportUnsafe(dest string, start, end int) {
	what := "This address"
	if s := scheme(scrub(dest)); s != "" {
		what = fmt.Sprintf("An address that starts with `%s:`", s)
		if rest := scrub(dest)[len(s):]; len(s) == 1 && (strings.HasPrefix(rest, `:\`) || strings.HasPrefix(rest, ":/")) { // a drive of Windows
			d.report(start, end, diag.Error, "markdown/unsafe-link", "This is a place on your own computer, where nobody else can look.",
				"Copy the file beside the lesson, and write its name here.")
			return
		}
	}
	d.report(start, end, diag.Error, "markdown/unsafe-link", what+" is not allowed.",
		"Link to a file of the site, or to an address that starts with `https://`, `mailto:` or `tel:`. A file name that holds a colon starts with `./`.")
}

func holdsImage(n ast.Node) bool {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if c.Kind() == ast.KindImage || holdsImage(c) {
			return true
		}
	}
	return false
}

// openLink writes an `<a>` for a node's reference, if it has one that leads
// somewhere. closeLink comes after what stands in the link.
func (w *writer) openLink(n ast.Node, title string) {
	ref, ok := w.doc.refs[n]
	switch {
	case !ok:
	case ref.External:
		w.text("<a")
		w.attr("href", externalHref(ref.Dest))
		if loads(ref.Dest) {
			w.attr("rel", "external noopener")
		}
		w.titled(title)
		w.text(">")
	default:
		w.outside(gap{kind: linkGap, ref: ref, title: title})
	}
}

func (w *writer) closeLink(n ast.Node) {
	ref, ok := w.doc.refs[n]
	switch {
	case !ok:
	case ref.External:
		w.text("</a>")
	default:
		w.outside(gap{kind: endGap})
	}
}

// link writes an `<a>` to a target in the site.
func (w *writer) link(t Target, title string) {
	w.text("<a")
	w.attr("href", t.Href)
	if t.Lang != "" {
		w.attr("hreflang", t.Lang)
	}
	w.titled(title)
	w.text(">")
}

func (w *writer) titled(title string) {
	if title != "" {
		w.attr("title", title)
	}
}

// externalHref gives an address without a scheme one: a page that is read from
// a disk would otherwise look for the host on the disk.
func externalHref(dest string) string {
	dest = strings.TrimSpace(dest)
	if s := strings.ReplaceAll(scrub(dest), `\`, "/"); strings.HasPrefix(s, "//") {
		dest = "https://" + strings.TrimLeft(dest, `/\ `)
	}
	return string(util.URLEscape([]byte(dest), false))
}

func renderLink(w *writer, n ast.Node, entering bool) ast.WalkStatus {
	if entering {
		w.openLink(n, unescape(n.(*ast.Link).Title))
	} else {
		w.closeLink(n)
	}
	return ast.WalkContinue
}

func renderAutoLink(w *writer, n ast.Node, entering bool) ast.WalkStatus {
	if !entering {
		return ast.WalkContinue
	}
	w.openLink(n, "")
	w.escaped(string(n.(*ast.AutoLink).Label(w.doc.src)))
	w.closeLink(n)
	return ast.WalkContinue
}
