package page

import (
	"bytes"
	"html/template"
	"maps"
	"slices"
	"strconv"

	"sopan.dev/sopan/builder/course"
	"sopan.dev/sopan/builder/markdown"
)

// This file fills the views of a case study: its page, and the facilitator's
// sheet beside it, which shows everything at once.

func (p *planner) casePage(b *bytes.Buffer, i *course.Item, v *course.Version) error {
	sheet := p.sheet()
	defer p.sheets.Put(sheet)
	doc, err := p.caseStudy(v)
	if err != nil {
		return err
	}
	outline, err := p.outline(sheet, i, v.Lang, v.Address)
	if err != nil {
		return err
	}
	lent := p.site.Lend()
	defer lent.GiveBack()
	asked, err := lent.Questions(v)
	if err != nil {
		return err
	}
	r, err := p.textResolver(v, lent, asked)
	if err != nil {
		return err
	}
	f := v.Front
	a := about{sheet: sheet, kind: "case", address: v.Address, lang: v.Lang, title: v.Title, summary: f.Summary, course: i.Module.Course, version: v, asked: asked}
	intro := doc.IntroHTML(r)
	view := CasePage{
		Common: p.common(a), Summary: f.Summary, Minutes: f.Minutes, Intro: template.HTML(intro.Body), Notes: template.HTML(intro.Notes), CaseKey: i.Key, Outline: outline,
		Scenes: p.scenes(doc, v, r), Graph: p.graph(doc, v), Facilitator: href(v.Address, v.Facilitator(), ""),
		Competencies: p.competencies(f.Competencies, v.Lang), Sources: sources(f.Sources),
	}
	data := caseData{V: 1, Key: i.Key, ID: itemIRI(p.site, i), Title: v.Title, Names: map[string]string{}, Best: v.Graph.Best, Most: v.Graph.Highest}
	for _, id := range v.Graph.Competencies() {
		data.Names[id] = p.site.CompetencyTitle(id, v.Lang)
	}
	if len(view.Scenes) > 0 {
		data.Start = view.Scenes[0].ID
	}
	view.CaseData = dataElement(`class="case-data"`, data)
	view.Prev, view.Next = p.neighbours(i, v.Lang, v.Address)
	return p.execute(b, "case", view)
}

// scenes renders the scenes of a case study. Decisions are numbered through,
// as in the picture of its graph.
func (p *planner) scenes(doc *markdown.Doc, v *course.Version, r markdown.Resolver) []SceneView {
	var out []SceneView
	decisions := p.decisions(doc, v)
	for n, scene := range doc.Scenes() {
		h := doc.SceneHTML(n, r)
		s := SceneView{
			ID: scene.ID, Number: n + 1, Title: template.HTML(h.Title), Where: template.HTML(h.Where), Body: template.HTML(h.Body),
			Prompts: template.HTML(h.Facilitator), Start: n == 0, Ending: scene.Ending, Decisions: decisions[n],
		}
		for k := range s.Decisions {
			s.Decisions[k].Text = template.HTML(h.Decisions[k])
		}
		out = append(out, s)
	}
	return out
}

// decisions lists the decisions of each scene, their words as plain text.
func (p *planner) decisions(doc *markdown.Doc, v *course.Version) [][]DecisionView {
	best := v.Graph.BestExits()
	scenes := doc.Scenes()
	titles := map[string]string{}
	for _, s := range scenes {
		titles[s.ID] = s.Title
	}
	out := make([][]DecisionView, len(scenes))
	number := 0
	for n, scene := range scenes {
		for k, d := range scene.Decisions {
			view := DecisionView{Text: template.HTML(template.HTMLEscapeString(d.Text)), Target: d.Target, TargetTitle: titles[d.Target]}
			if exit := v.Graph.Exit(scene.ID, k); exit != nil {
				view.ID, view.Best = exit.ID, best[number]
				number++
				view.Number = number
				if len(exit.Points) > 0 {
					view.Points = pointsJSON(exit.Points)
				}
				for _, id := range slices.Sorted(maps.Keys(exit.Points)) {
					view.Scores = append(view.Scores, ScoreView{p.site.CompetencyTitle(id, v.Lang), signed(exit.Points[id])})
				}
			}
			out[n] = append(out[n], view)
		}
	}
	return out
}

// signed writes points with their sign, a minus as typesetters do.
func signed(n int) string {
	switch {
	case n > 0:
		return "+" + strconv.Itoa(n)
	case n < 0:
		return "−" + strconv.Itoa(-n)
	}
	return "0"
}

// graph draws the graph of a case study and tells the same in words.
func (p *planner) graph(doc *markdown.Doc, v *course.Version) CaseGraph {
	g := v.Graph
	decisions, endings := 0, 0
	for _, s := range g.Scenes {
		decisions += len(s.Exits)
		if len(s.Exits) == 0 {
			endings++
		}
	}
	words := p.theme.words[v.Lang]
	out := CaseGraph{SVG: caseGraph(g, graphWords{
		title:       v.Title + ": " + words["graph"],
		description: p.word(v.Lang, "graph_description", "scenes", len(g.Scenes), "decisions", decisions, "endings", endings),
		start:       words["start_scene"], ending: words["ending"],
	})}
	list := p.decisions(doc, v)
	for n, s := range doc.Scenes() {
		out.Scenes = append(out.Scenes, SceneView{ID: s.ID, Number: n + 1, Title: template.HTML(template.HTMLEscapeString(s.Title)), Start: n == 0, Ending: s.Ending, Decisions: list[n]})
	}
	return out
}

func (p *planner) facilitatorPage(b *bytes.Buffer, i *course.Item, v *course.Version) error {
	doc, err := p.caseStudy(v)
	if err != nil {
		return err
	}
	lent := p.site.Lend()
	defer lent.GiveBack()
	asked, err := lent.Questions(v)
	if err != nil {
		return err
	}
	r, err := p.textResolver(v, lent, asked)
	if err != nil {
		return err
	}
	f, lang := v.Front, v.Lang
	a := about{
		kind: "facilitator", address: v.Facilitator(), lang: lang, title: p.word(lang, "facilitator_title", "title", v.Title),
		course: i.Module.Course, version: v,
	}
	intro := doc.IntroHTML(r)
	view := FacilitatorPage{
		Common: p.common(a), Summary: f.Summary, Minutes: f.Minutes, Case: Link{Href: href(a.address, v.Address, ""), Title: v.Title, Key: i.Key},
		Intro: template.HTML(intro.Body), Prompts: template.HTML(intro.Facilitator), Notes: template.HTML(intro.Notes),
		Scenes: p.scenes(doc, v, r), Graph: p.graph(doc, v),
		Competencies: p.competencies(f.Competencies, lang), Sources: sources(f.Sources),
		Best: way(v.Graph, v.Graph.Best), Worst: way(v.Graph, v.Graph.Worst), Highest: signed(v.Graph.Highest), Lowest: signed(v.Graph.Lowest),
	}
	scenes := doc.Scenes()
	for _, b := range doc.Timed() {
		row := TimedView{Title: b.Title, Minutes: b.Minutes}
		if b.Scene >= 0 {
			row.Scene, row.SceneID = scenes[b.Scene].Title, scenes[b.Scene].ID
		}
		view.Timed = append(view.Timed, row)
		view.InAll += b.Minutes
	}
	return p.execute(b, "facilitator", view)
}

// way gives the scenes of a path as links within the sheet.
func way(g *course.Graph, ids []string) []Link {
	titles := map[string]string{}
	for _, s := range g.Scenes {
		titles[s.ID] = s.Title
	}
	var out []Link
	for _, id := range ids {
		out = append(out, Link{Href: "#" + id, Title: titles[id]})
	}
	return out
}
