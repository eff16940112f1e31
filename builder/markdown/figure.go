package markdown

import (
	"fmt"
	"path"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"

	"sopan.dev/sopan/internal/diag"
)

// Figure is an image or a video alone in its paragraph. Its child is the image.
type Figure struct{ ast.BaseBlock }

var kindFigure = ast.NewNodeKind("Figure")

// Kind implements ast.Node.
func (f *Figure) Kind() ast.NodeKind { return kindFigure }

// Dump implements ast.Node.
func (f *Figure) Dump(src []byte, level int) { ast.DumpHelper(f, src, level, nil, nil) }

func figures() construct {
	return construct{render: map[ast.NodeKind]renderFunc{
		kindFigure:    renderFigure,
		ast.KindImage: renderImage,
	}}
}

func (f *Figure) image() *ast.Image { return f.FirstChild().(*ast.Image) }

// caption is an image's title; a video's is its words in the square brackets.
func (f *Figure) caption(d *Doc) string {
	if d.refs[f.image()].Kind == VideoRef {
		return d.plain(f.image())
	}
	return unescape(f.image().Title)
}

// frameFigures makes a figure of every paragraph that is one image.
func (d *Doc) frameFigures() {
	if d.inline || !d.holds("![") {
		return
	}
	var lone []ast.Node
	for n := range blocks(d.root) {
		if p, ok := n.(*ast.Paragraph); ok && p.ChildCount() == 1 && p.FirstChild().Kind() == ast.KindImage {
			lone = append(lone, p)
		}
	}
	for _, p := range lone {
		f := &Figure{}
		f.SetPos(p.Pos())
		p.Parent().ReplaceChild(p.Parent(), p, f)
		f.AppendChild(f, p.FirstChild())
	}
}

func (d *Doc) takeImage(n *ast.Image) {
	start, end := d.destinationSpan(n, n.Destination, n.Reference == nil)
	span := d.spans[n]
	dest := unescape(n.Destination)
	if dest == "" {
		d.report(start, end, diag.Error, "markdown/link-empty", "This image has no address.", "Write the file's name between the round brackets.")
		return
	}
	kind := ImageRef
	if isVideo(dest) {
		kind = VideoRef
	}
	if d.plain(n) == "" {
		d.report(span.start, span.end, diag.Error, "markdown/alt-missing", fmt.Sprintf("The %s `%s` has no alternative text.", kind, dest),
			"Say between the square brackets what it shows, for those who cannot see it.")
	}
	switch class := classify(dest); {
	case class == unsafe:
		d.reportUnsafe(dest, start, end)
	case class == external:
		d.report(start, end, diag.Error, "markdown/external-request",
			fmt.Sprintf("The %s would be fetched from another host each time the page is read.", kind),
			"Copy the file beside the lesson and write its name here.")
	case kind == VideoRef && n.Parent().Kind() != kindFigure:
		d.report(start, end, diag.Error, "markdown/video-inline", "A video stands among words.",
			"Put it in a paragraph of its own, with an empty line before and after it.")
	default:
		d.addRef(n, Ref{Kind: kind, Dest: dest, Start: start, End: end})
	}
}

// Sizes says how wide an image is shown: the text column of the built-in theme, or a narrow screen less its margins.
const Sizes = "(min-width: 36rem) 34rem, calc(100vw - 2rem)"

// firstScreen is how many bytes of text a phone shows before it is scrolled, at most. An image behind them is fetched when
// the reader comes near; one among them at once.
const firstScreen = 500

func isVideo(dest string) bool {
	dest, _, _ = strings.Cut(dest, "#")
	dest, _, _ = strings.Cut(dest, "?")
	_, ok := videoTypes[strings.ToLower(path.Ext(dest))]
	return ok
}

func renderFigure(w *writer, n ast.Node, entering bool) ast.WalkStatus {
	if !entering {
		return ast.WalkContinue
	}
	f := n.(*Figure)
	ref := w.doc.refs[f.image()]
	if ref.Kind == VideoRef {
		w.outside(gap{kind: videoGap, ref: ref, text: f.caption(w.doc)})
		return ast.WalkSkipChildren
	}
	w.text("<figure>")
	w.imageOf(f.image(), "")
	if caption := f.caption(w.doc); caption != "" {
		w.text("<figcaption>")
		w.escaped(caption)
		w.text("</figcaption>")
	}
	w.text("</figure>\n")
	return ast.WalkSkipChildren
}

func renderImage(w *writer, n ast.Node, entering bool) ast.WalkStatus {
	if entering {
		w.imageOf(n.(*ast.Image), unescape(n.(*ast.Image).Title))
	}
	return ast.WalkSkipChildren
}

// imageOf writes what an image's node shows: an `<img>`, or its alternative
// text where there is nothing to show.
func (w *writer) imageOf(n *ast.Image, title string) {
	ref, ok := w.doc.refs[n]
	if !ok {
		w.escaped(w.doc.plain(n))
		return
	}
	d := w.doc
	late := d.opts.Fragment || d.prompt || d.inline || n.Pos() < 0 || n.Pos() > firstScreen
	w.outside(gap{kind: imageGap, ref: ref, text: d.plain(n), title: title, late: late})
}

// image writes an `<img>`; one that is late is fetched when the reader comes near.
func (w *writer) image(t Target, alt, title string, late bool) {
	if t.Href == "" {
		w.escaped(alt)
		return
	}
	w.text("<img")
	w.attr("src", t.Href)
	w.attr("alt", alt)
	w.titled(title)
	if len(t.Sources) > 1 {
		w.attr("srcset", Srcset(t.Sources))
		w.attr("sizes", Sizes)
	}
	w.size(t)
	if late {
		w.text(` loading="lazy"`)
	}
	w.text(` decoding="async">`)
}

// Srcset lists an image's widths as the attribute wants them. Addresses are percent-encoded, so that no space or comma is in
// them.
func Srcset(sources []Source) string {
	var b strings.Builder
	for i, s := range sources {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(strings.ReplaceAll(s.Href, ",", "%2C") + " " + strconv.Itoa(s.Width) + "w")
	}
	return b.String()
}

func (w *writer) size(t Target) {
	if t.Width > 0 && t.Height > 0 {
		w.attr("width", strconv.Itoa(t.Width))
		w.attr("height", strconv.Itoa(t.Height))
	}
}
