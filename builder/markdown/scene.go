package markdown

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"

	"sopan.dev/sopan/internal/diag"
)

// Scene is a level-2 heading of a case study and what follows it. It holds no
// HTML: SceneHTML gives that.
type Scene struct {
	ID          string
	Title       string // plain
	Start, End  int    // of the heading's line
	Decisions   []Decision
	Ending      bool // it holds a debrief
	Facilitator bool // it holds something for the facilitator
}

// Decision is a way out of a scene.
type Decision struct {
	Text       string // plain
	Target     string // the id of a scene, without "#", in the form of NormalID
	Start, End int    // of the target in the link
	Points     []Point
}

// Point is what a decision gives or takes: `{people-first +1}`.
type Point struct {
	Competency string
	Value      int
	Start, End int // of the competency's id
}

// SceneHTML is a scene as a page shows it. Decisions are the words of each, in
// the order of Scene.Decisions. Body has neither the heading, nor the place
// and time, nor the decisions, nor what is for the facilitator.
type SceneHTML struct {
	Title, Where, Body, Facilitator []byte
	Decisions                       [][]byte
}

// IntroHTML is what stands before the first scene. Notes are the footnotes of
// the whole case study.
type IntroHTML struct {
	Body, Facilitator, Notes []byte
}

// sceneParts is a scene in the tree.
type sceneParts struct {
	Scene
	heading   *ast.Heading
	where     *ast.Emphasis
	body      []ast.Node
	decisions []ast.Node // the links
}

// maxPoints is the most that one decision can give or take of a competency.
const maxPoints = 100

// Scenes gives the scenes of a case study, in the order of the text.
func (d *Doc) Scenes() []Scene {
	d = d.asCase()
	out := make([]Scene, len(d.scenes))
	for i, s := range d.scenes {
		out[i] = s.Scene
	}
	return out
}

// asCase reads a text as a case study that was not asked for as one.
func (d *Doc) asCase() *Doc {
	if d.opts.Case {
		return d
	}
	o := d.opts
	o.Case = true
	return Parse(d.text, d.base, o)
}

// IntroHTML renders what stands before the first scene.
func (d *Doc) IntroHTML(r Resolver) IntroHTML {
	d = d.asCase()
	var before []ast.Node
	for n := d.root.FirstChild(); n != nil && !isSceneHeading(n); n = n.NextSibling() {
		before = append(before, n)
	}
	h := IntroHTML{Body: d.nodesHTML(r, before), Facilitator: d.facilitatorHTML(r, before)}
	if d.notes != nil {
		h.Notes = d.nodesHTML(r, []ast.Node{d.notes})
	}
	return h
}

// SceneHTML renders the i-th scene.
func (d *Doc) SceneHTML(i int, r Resolver) SceneHTML {
	d = d.asCase()
	s := d.scenes[i]
	h := SceneHTML{
		Title:       d.childrenHTML(r, s.heading),
		Body:        d.nodesHTML(r, s.body),
		Facilitator: d.facilitatorHTML(r, s.body),
	}
	if s.where != nil {
		h.Where = d.childrenHTML(r, s.where)
	}
	for _, link := range s.decisions {
		h.Decisions = append(h.Decisions, d.childrenHTML(r, link))
	}
	return h
}

// FacilitatorHTML renders every block for the facilitator in the text.
func (d *Doc) FacilitatorHTML(r Resolver) []byte {
	d = d.asCase()
	return d.facilitatorHTML(r, []ast.Node{d.root})
}

func (d *Doc) nodesHTML(r Resolver, nodes []ast.Node) []byte {
	w := d.writer(r)
	for _, n := range nodes {
		w.render(n)
	}
	return w.Bytes()
}

func (d *Doc) childrenHTML(r Resolver, n ast.Node) []byte {
	w := d.writer(r)
	w.renderChildren(n)
	return w.Bytes()
}

func (d *Doc) facilitatorHTML(r Resolver, nodes []ast.Node) []byte {
	w := d.writer(r)
	w.facilitator = true
	for _, n := range nodes {
		_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
			if c, ok := n.(*Container); ok && entering && c.kind.hidden {
				w.render(c)
				return ast.WalkSkipChildren, nil
			}
			return ast.WalkContinue, nil
		})
	}
	return w.Bytes()
}

func isSceneHeading(n ast.Node) bool {
	h, ok := n.(*ast.Heading)
	return ok && h.Level == 2
}

// readScenes splits a case study and takes its decisions out of the tree.
func (d *Doc) readScenes() {
	if last := d.root.LastChild(); last != nil && last.Kind() == east.KindFootnoteList {
		d.notes = last
		d.root.RemoveChild(d.root, last)
	}
	for n := d.root.FirstChild(); n != nil; n = n.NextSibling() {
		if isSceneHeading(n) {
			h := n.(*ast.Heading)
			start, end := headingSpan(h)
			d.scenes = append(d.scenes, sceneParts{heading: h, Scene: Scene{
				ID: d.ids.named[h].id, Title: d.ids.named[h].words, Start: d.base + start, End: d.base + end,
			}})
		} else if len(d.scenes) > 0 {
			s := &d.scenes[len(d.scenes)-1]
			s.body = append(s.body, n)
		}
	}
	for i := range d.scenes {
		d.readScene(&d.scenes[i])
	}
}

func (d *Doc) readScene(s *sceneParts) {
	last := -1 // the last block of the story: what is for the facilitator may follow the decisions
	for i, n := range s.body {
		c, ok := n.(*Container)
		if ok && c.name == "debrief" {
			s.Ending = true
		}
		if ok && c.kind.hidden {
			s.Facilitator = true
			continue
		}
		last = i
	}
	for i, n := range s.body {
		list, ok := n.(*ast.List)
		if !ok {
			continue
		}
		links := d.sceneLinks(list)
		if i != last && links == list.ChildCount() {
			start := max(0, list.FirstChild().Pos())
			d.report(start, start+1, diag.Error, "markdown/decision-place", "Something follows these decisions.",
				"A scene's decisions are its last block: move the rest before them.")
		}
		if i != last || links == 0 {
			continue
		}
		d.readDecisions(s, list)
		s.body = append(s.body[:i:i], s.body[i+1:]...)
		d.root.RemoveChild(d.root, list)
		break
	}
	if len(s.body) > 0 {
		if p, ok := s.body[0].(*ast.Paragraph); ok && p.ChildCount() == 1 {
			if e, ok := p.FirstChild().(*ast.Emphasis); ok && e.Level == 1 {
				s.where = e
				s.body = s.body[1:]
			}
		}
	}
}

// sceneLinks counts the items of a list that start with a link to a place in this text.
func (d *Doc) sceneLinks(list *ast.List) int {
	n := 0
	for item := list.FirstChild(); item != nil; item = item.NextSibling() {
		if d.sceneLink(item) != nil {
			n++
		}
	}
	return n
}

func (d *Doc) sceneLink(item ast.Node) *ast.Link {
	block := item.FirstChild()
	if block == nil || block.Type() != ast.TypeBlock {
		return nil
	}
	if link, ok := block.FirstChild().(*ast.Link); ok && strings.HasPrefix(unescape(link.Destination), "#") {
		return link
	}
	return nil
}

func (d *Doc) readDecisions(s *sceneParts, list *ast.List) {
	for item := list.FirstChild(); item != nil; item = item.NextSibling() {
		link := d.sceneLink(item)
		if link == nil {
			start, end := itemSpan(item)
			d.report(start, end, diag.Error, "markdown/decision-mixed", "This item leads to no scene, and others in its list do.",
				"Start it with a link to a scene, `[words](#scene)`, or move it out of the list.")
			continue
		}
		start, end := d.destinationSpan(link, link.Destination, link.Reference == nil)
		points := d.readPoints(item, link)
		if extra := item.FirstChild().NextSibling(); extra != nil {
			at := max(0, extra.Pos())
			d.report(at, at+1, diag.Error, "markdown/decision-words", "Only points may follow the link of a decision.",
				"Tell what it leads to in the scene that it leads to.")
		}
		s.decisions = append(s.decisions, link)
		s.Decisions = append(s.Decisions, Decision{
			Text: d.plain(link), Target: d.target(link),
			Start: d.base + start, End: d.base + end, Points: points,
		})
		d.takeDecision(link)
	}
}

// target gives the id that a link in this text leads to.
func (d *Doc) target(link *ast.Link) string {
	id := strings.TrimPrefix(unescape(link.Destination), "#")
	if decoded, err := url.PathUnescape(id); err == nil {
		id = decoded
	}
	return NormalID(id)
}

// takeDecision checks a decision's link: it is taken out of the tree before
// the facts are collected.
func (d *Doc) takeDecision(link *ast.Link) {
	c := collector{d: d, hidden: true}
	d.takeLink(link)
	c.links(link)
}

func itemSpan(item ast.Node) (int, int) {
	if b := item.FirstChild(); b != nil && b.Type() == ast.TypeBlock && b.Lines().Len() > 0 {
		return b.Lines().At(0).Start, b.Lines().At(0).Stop
	}
	return max(0, item.Pos()), max(0, item.Pos()) + 1
}

// readPoints reads what follows a decision's link, from the source and not from
// the tree, so that nothing in the braces is taken for Markdown.
func (d *Doc) readPoints(item ast.Node, link *ast.Link) []Point {
	s := pointScanner{d: d}
	after := d.spans[link].end
	lines := item.FirstChild().Lines()
	for i := range lines.Len() {
		line := lines.At(i)
		if line.Stop <= after {
			continue
		}
		s.add(max(line.Start, after), line.Stop)
	}
	return s.points()
}

// pointScanner goes over runes and knows where each stands.
type pointScanner struct {
	d     *Doc
	runes []rune
	at    []int
	i     int
	end   int
}

func (s *pointScanner) add(start, end int) {
	for i := start; i < end; {
		r, n := utf8.DecodeRune(s.d.src[i:])
		s.runes = append(s.runes, r)
		s.at = append(s.at, i)
		i += n
	}
	s.end = end
}

func (s *pointScanner) offset(i int) int {
	if i < len(s.at) {
		return s.at[i]
	}
	return s.end
}

func (s *pointScanner) peek() rune {
	if s.i < len(s.runes) {
		return s.runes[s.i]
	}
	return 0
}

func (s *pointScanner) skip(set string) {
	for s.i < len(s.runes) && strings.ContainsRune(set, s.runes[s.i]) {
		s.i++
	}
}

func (s *pointScanner) bad(from, to int, message, hint string) {
	s.d.report(s.offset(from), max(s.offset(from)+1, s.offset(to)), diag.Error, "markdown/decision-points", message, hint)
}

const pointsHint = "Write them as `{people-first +1, integrity -2}`."

func (s *pointScanner) points() []Point {
	const space = " \t\n"
	s.skip(space)
	if s.i == len(s.runes) {
		return nil
	}
	if s.peek() != '{' {
		s.d.report(s.offset(s.i), s.end, diag.Error, "markdown/decision-words", "Only points in braces may follow the link of a decision.",
			"Move the words into the link, or into the scene that it leads to.")
		return nil
	}
	s.i++
	var out []Point
	for {
		s.skip(space + ",")
		if s.peek() == '}' {
			s.i++
			break
		}
		if s.i >= len(s.runes) {
			s.bad(s.i-1, s.i, "The brace that opens the points is never closed.", pointsHint)
			return out
		}
		from := s.i
		for s.i < len(s.runes) && !strings.ContainsRune(space+",}+−", s.runes[s.i]) && !s.minus() {
			s.i++
		}
		id := string(s.runes[from:s.i])
		idEnd := s.i
		s.skip(space)
		sign := s.peek()
		digits := s.i
		if sign == '+' || sign == '-' || sign == '−' {
			s.i++
			digits = s.i
		}
		for s.i < len(s.runes) && s.runes[s.i] >= '0' && s.runes[s.i] <= '9' {
			s.i++
		}
		value, err := strconv.Atoi(string(s.runes[digits:s.i]))
		switch {
		case id == "":
			s.bad(from, s.i, "These points belong to no competency.", pointsHint)
		case digits == s.i || sign != '+' && sign != '-' && sign != '−':
			s.bad(from, max(idEnd, s.i), fmt.Sprintf("`%s` has no points with a sign.", id), pointsHint)
		case err != nil || value > maxPoints:
			s.bad(digits, s.i, fmt.Sprintf("Points go from -%d to +%d.", maxPoints, maxPoints), pointsHint)
		default:
			if sign != '+' {
				value = -value
			}
			out = append(out, Point{Competency: id, Value: value, Start: s.d.base + s.offset(from), End: s.d.base + s.offset(idEnd)})
		}
		if s.i == from { // nothing was read: a sign of its own
			s.i++
		}
	}
	s.skip(space)
	if s.i < len(s.runes) {
		s.d.report(s.offset(s.i), s.end, diag.Error, "markdown/decision-words", "Nothing may follow the points of a decision.", "Move the words into the link.")
	}
	return out
}

// minus tells whether a hyphen is a sign: a digit follows it, and what stands
// before it is not part of an id.
func (s *pointScanner) minus() bool {
	if s.runes[s.i] != '-' || s.i+1 >= len(s.runes) || s.runes[s.i+1] < '0' || s.runes[s.i+1] > '9' {
		return false
	}
	return s.i > 0 && (s.runes[s.i-1] == ' ' || s.runes[s.i-1] == '\t' || s.runes[s.i-1] == '\n' || s.runes[s.i-1] == '{' || s.runes[s.i-1] == ',')
}
