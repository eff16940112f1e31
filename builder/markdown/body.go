package markdown

import (
	"bytes"
	"slices"
	"strings"

	"github.com/yuin/goldmark/util"
)

// Body is the HTML of a text with gaps for what lies outside its file: where
// links lead, which images there are, the words of the page's language. It
// depends on the text and its Options alone, so that it can be made when the
// text is read and filled when all the others are known. It is plain data, and
// immutable.
type Body struct {
	html string
	gaps []gap
}

// gap is a place in the HTML, and what has to be known there beside a Resolver.
type gap struct {
	at    int // offset in the HTML
	kind  gapKind
	ref   Ref
	text  string // words: an image's alternative text, a video's caption, a term's meaning, a word's key
	title string
	n     int  // of a quiz block; the number in a word, 0: none
	late  bool // of an image
}

type gapKind string

const (
	linkGap    gapKind = "link"
	termGap    gapKind = "term"
	endGap     gapKind = "end" // of the link or term that was opened last
	imageGap   gapKind = "image"
	videoGap   gapKind = "video"
	quizGap    gapKind = "quiz"
	includeGap gapKind = "include"
	wordGap    gapKind = "word"
)

// outside writes what depends on the Resolver, or leaves a gap for it.
func (w *writer) outside(g gap) {
	if w.leaves {
		g.at = w.Len()
		w.gaps = append(w.gaps, g)
		return
	}
	switch g.kind {
	case linkGap, termGap:
		t := w.r.target(g.ref)
		leads := t.Href != ""
		w.led = append(w.led, leads)
		switch {
		case !leads:
		case g.kind == linkGap:
			w.link(t, g.title)
		default:
			w.term(t, g.text)
		}
	case endGap:
		last := len(w.led) - 1
		if w.led[last] {
			w.text("</a>")
		}
		w.led = w.led[:last]
	case imageGap:
		w.image(w.r.target(g.ref), g.text, g.title, g.late)
	case videoGap:
		w.video(g.ref, g.text)
	case quizGap:
		if w.r.Quiz != nil {
			w.Write(w.r.Quiz(g.n))
			w.text("\n")
		}
	case includeGap:
		if w.r.Include != nil {
			w.Write(w.r.Include(g.ref))
		}
	case wordGap:
		if g.n > 0 {
			w.escaped(w.r.counted(g.text, g.n))
		} else {
			w.escaped(w.r.word(g.text))
		}
	}
}

// word writes a word of the page's language.
func (w *writer) word(key string) { w.outside(gap{kind: wordGap, text: key}) }

// label names an element for a screen reader: a word, and what follows it.
func (w *writer) label(key, more string) {
	w.text(` aria-label="`)
	w.word(key)
	w.escaped(more)
	w.text(`"`)
}

// Body renders the text, with gaps, as HTML does without. Blocks for the
// facilitator are left out.
func (d *Doc) Body() Body {
	if d.tree == nil && !d.bare {
		return d.body
	}
	return newWriter(nil, Resolver{}).of(d)
}

// of makes the body of a text, which is a part of what the writer holds.
func (w *writer) of(d *Doc) Body {
	w.doc, w.leaves = d, true
	w.document()
	return Body{util.BytesToReadOnlyString(w.Bytes()), orNil(w.gaps)}
}

// Clone gives a body that may be held when its text is released.
func (b *Body) Clone() Body { return Body{strings.Clone(b.html), slices.Clone(b.gaps)} }

// HTML fills the gaps.
func (b *Body) HTML(r Resolver) string {
	if len(b.gaps) == 0 {
		return b.html
	}
	w := blockSetup().writer()
	b.fill(w, r)
	html := w.String()
	w.release()
	return html
}

// Write writes what HTML gives behind what stands in to.
func (b *Body) Write(to *bytes.Buffer, r Resolver) { b.fill(&writer{Buffer: to}, r) }

func (b *Body) fill(w *writer, r Resolver) {
	w.r = r
	done := 0
	for _, g := range b.gaps {
		w.WriteString(b.html[done:g.at])
		done = g.at
		w.outside(g)
	}
	w.WriteString(b.html[done:])
}

// writer gives a writer that has served before, or a new one.
func (s *setup) writer() *writer {
	if w, ok := s.writers.Get().(*writer); ok {
		return w
	}
	return newWriter(nil, Resolver{})
}

// release gives a writer back.
func (w *writer) release() {
	w.clear()
	blockSetup().writers.Put(w)
}

// clear takes out of a writer what it was about.
func (w *writer) clear() {
	w.Reset()
	clear(w.gaps)
	*w = writer{Buffer: w.Buffer, gaps: w.gaps[:0], led: w.led[:0]}
}
