package page

import (
	"html/template"
	"strconv"
	"strings"

	"sopan.dev/sopan/builder/course"
)

// This file draws the graph of a case study as SVG: boxes for scenes, numbered
// lines for decisions, a band behind the way that earns most. It holds no style
// and no script: classes are the theme's to dress, and data attributes tell the
// player which line is which decision.

const (
	labelSize   = 15 // font size; the unit that the picture grows by on the page
	labelLine   = 20
	boxWidth    = 150
	boxPadding  = 8
	captionSize = 12
	captionLine = 17
	numberSize  = 10 // radius of a decision's number
)

// graphWords are what a picture says beside the scenes' titles.
type graphWords struct {
	title, description string
	start, ending      string
}

// caseGraph draws a graph. numbers gives each exit's number, in the order of
// scenes and of exits within them; titles are the scenes', plain.
func caseGraph(g *course.Graph, w graphWords) template.HTML {
	index := map[string]int{}
	for i, s := range g.Scenes {
		if _, twice := index[s.ID]; !twice {
			index[s.ID] = i
		}
	}
	var sizes []placed
	var edges [][2]int
	var taken []course.Exit
	var lines [][]string
	for i, s := range g.Scenes {
		label := wrapLabel(s.Title, (boxWidth-2*boxPadding)*100/labelSize)
		lines = append(lines, label)
		h := 2*boxPadding + len(label)*labelLine
		if i == 0 || len(s.Exits) == 0 {
			h += captionLine
		}
		sizes = append(sizes, placed{w: boxWidth, h: h})
		for _, e := range s.Exits {
			edges = append(edges, [2]int{i, index[e.To]})
			taken = append(taken, e)
		}
	}
	if len(sizes) == 0 {
		return ""
	}
	layout := layOut(sizes, edges)
	p := picture{}
	p.text(`<svg class="graph" role="img" aria-labelledby="case-graph-title case-graph-desc" text-anchor="middle" viewBox="0 0 `, num(layout.width), " ", num(layout.height),
		`" width="`, ems(layout.width), `" height="`, ems(layout.height), `">`+"\n",
		`<title id="case-graph-title">`, template.HTMLEscapeString(w.title), `</title><desc id="case-graph-desc">`, template.HTMLEscapeString(w.description), "</desc>\n")
	best := g.BestExits()
	for e, r := range layout.edges {
		if best[e] {
			p.text(`<path class="band" d="`)
			p.route(r, layout.nodes[edges[e][0]], 0)
			p.text(`"/>` + "\n")
		}
	}
	for e, r := range layout.edges {
		from := g.Scenes[edges[e][0]].ID
		class := "edge"
		if r.back || r.self {
			class += " edge-back"
		}
		if best[e] {
			class += " is-best"
		}
		p.text(`<g class="`, class, `" data-from="`, template.HTMLEscapeString(from), `" data-decision="`, template.HTMLEscapeString(taken[e].ID), `"><path class="line" d="`)
		p.route(r, layout.nodes[edges[e][0]], headLength)
		p.text(`"/><path class="head" d="`)
		x, y := p.head(r, layout.nodes[edges[e][0]])
		p.text(`"/><circle cx="`, num(x), `" cy="`, num(y), `" r="`, num(numberSize), `"/><text x="`, num(x), `" y="`, num(y+4), `" font-size="`, num(captionSize), `">`, strconv.Itoa(e+1), "</text></g>\n")
	}
	for i, s := range g.Scenes {
		p.scene(s, layout.nodes[i], lines[i], i == 0, w)
	}
	p.text("</svg>")
	return template.HTML(p.String())
}

const headLength = 9

// picture gathers an SVG.
type picture struct{ strings.Builder }

func (p *picture) text(parts ...string) {
	for _, s := range parts {
		p.WriteString(s)
	}
}

func num(n int) string { return strconv.Itoa(n) }

// ems gives a length in the page's font size, so that the picture grows with
// the text as a reader sets it. Hundredths are exact enough.
func ems(n int) string {
	h := n * 100 / labelSize
	s := strconv.Itoa(h / 100)
	if rest := h % 100; rest > 0 {
		s += "." + strings.TrimRight(strconv.Itoa(100 + rest)[1:], "0")
	}
	return s + "em"
}

// route writes the path of an edge, short of its tip by a given length.
func (p *picture) route(r route, box placed, short int) {
	if r.self {
		x, y := box.x+box.w/2, box.y+box.h/2
		p.text("M", num(x), " ", num(y-14), "C", num(x+38), " ", num(y-26), " ", num(x+38), " ", num(y+26), " ", num(x+short), " ", num(y+14))
		return
	}
	last := len(r.bends) - 1
	for i, b := range r.bends {
		y, end := b.y, b.end
		if i == 0 && r.back {
			y += short
		}
		if i == last && !r.back {
			y -= short
			end -= short
		}
		if i == 0 {
			p.text("M", num(b.x), " ", num(y))
		} else {
			from := r.bends[i-1]
			middle := (from.end + y) / 2
			p.text("C", num(from.x), " ", num(middle), " ", num(b.x), " ", num(middle), " ", num(b.x), " ", num(y))
		}
		if end > y {
			p.text("V", num(end))
		}
	}
}

// head writes the tip of an edge and gives the place for its number, near
// where it starts.
func (p *picture) head(r route, box placed) (x, y int) {
	if r.self {
		x, y := box.x+box.w/2, box.y+box.h/2
		p.text("M", num(x), " ", num(y+14), "l", num(headLength), " -5v10z")
		return x + 22, y - 26
	}
	n := len(r.bends)
	first, last := r.bends[0], r.bends[n-1]
	// A fifth of the way along the curve (a cubic with both controls at half its height).
	if r.back {
		p.text("M", num(first.x), " ", num(first.y), "l-5 ", num(headLength), "h10z")
		before := r.bends[n-2]
		return last.x + (before.x-last.x)*104/1000, last.y - (last.y-before.end)*248/1000
	}
	p.text("M", num(last.x), " ", num(last.y), "l-5 -", num(headLength), "h10z")
	next := r.bends[1]
	return first.x + (next.x-first.x)*104/1000, first.end + (next.y-first.end)*248/1000
}

func (p *picture) scene(s course.Scene, at placed, lines []string, start bool, w graphWords) {
	class, caption := "node", ""
	switch {
	case len(s.Exits) == 0:
		class, caption = "node node-ending", w.ending
	case start:
		class, caption = "node node-start", w.start
	}
	if start && len(s.Exits) == 0 {
		caption = w.start + " · " + w.ending
	}
	left := at.x - at.w/2
	p.text(`<g class="`, class, `" data-scene="`, template.HTMLEscapeString(s.ID), `">`, box(left, at.y, at.w, at.h, 6))
	if len(s.Exits) == 0 { // an ending has a double line, so that it is told without colour
		p.text(`<rect class="inner" x="`, num(left+4), `" y="`, num(at.y+4), `" width="`, num(at.w-8), `" height="`, num(at.h-8), `" rx="3"/>`)
	}
	y := at.y + boxPadding
	if caption != "" {
		p.text(`<text class="caption" x="`, num(at.x), `" y="`, num(y+captionSize), `" font-size="`, num(captionSize), `">`, template.HTMLEscapeString(caption), `</text>`)
		y += captionLine
	}
	for _, line := range lines {
		p.text(`<text x="`, num(at.x), `" y="`, num(y+labelSize), `" font-size="`, num(labelSize), `">`, template.HTMLEscapeString(line), `</text>`)
		y += labelLine
	}
	p.text("</g>\n")
}

func box(x, y, w, h, round int) string {
	return `<rect x="` + num(x) + `" y="` + num(y) + `" width="` + num(w) + `" height="` + num(h) + `" rx="` + num(round) + `"/>`
}
