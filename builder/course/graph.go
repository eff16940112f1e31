package course

import (
	"fmt"
	"slices"
	"strings"

	"sopan.dev/sopan/builder/markdown"
	"sopan.dev/sopan/builder/source"
	"sopan.dev/sopan/internal/diag"
)

// Graph is the scenes of a case study and how decisions join them. The first
// scene is the start.
type Graph struct {
	Scenes  []Scene
	Lowest  int // points of the worst path from the start to an ending
	Highest int // points of the best one
	Best    []string
	Worst   []string

	decisions map[int]bool // where the targets of decisions stand; they are checked here, not as links
}

// Scene is a node of the graph.
type Scene struct {
	ID, Title string
	Ending    bool
	Exits     []Exit

	start, end diag.Pos // of its heading
}

// Exit is a decision: an edge of the graph.
type Exit struct {
	ID     string // within its scene: the target's, with "~2" where another decision before it leads there too
	To     string
	Points map[string]int // by competency id

	number     int      // among the decisions of its scene, from 0; one that leads nowhere is no exit
	start, end diag.Pos // of the target
}

// Exit gives the n-th decision of a scene, nil when it leads nowhere.
func (g *Graph) Exit(scene string, n int) *Exit {
	for i := range g.Scenes {
		if g.Scenes[i].ID != scene {
			continue
		}
		for k := range g.Scenes[i].Exits {
			if g.Scenes[i].Exits[k].number == n {
				return &g.Scenes[i].Exits[k]
			}
		}
	}
	return nil
}

// Total is the sum of an exit's points.
func (e Exit) Total() int {
	n := 0
	for _, p := range e.Points {
		n += p
	}
	return n
}

// readGraph makes the graph of a case study and says what is wrong with it:
// scenes that are missing, cannot be reached, go in circles for ever, or end
// without a debrief.
func readGraph(text source.Text, doc *markdown.Doc, competencies competencyIndex) (*Graph, diag.List) {
	scenes := doc.Scenes()
	g := &Graph{decisions: map[int]bool{}}
	var diags diag.List
	at := func(start, end int, s diag.Severity, code, message, hint string) {
		from, to := text.Span(start, end)
		diags = append(diags, diag.Diagnostic{Start: from, End: to, Severity: s, Code: code, Message: message, Hint: hint})
	}
	if len(scenes) == 0 {
		return g, diag.List{{Start: text.Pos(0), Code: "case/no-scene", Message: "The case study has no scene.", Hint: "Start each scene with a heading: `## The counter closes {#start}`."}}
	}
	index := map[string]int{}
	var ids []string
	for i, s := range scenes {
		if _, twice := index[s.ID]; !twice {
			index[s.ID] = i
		}
		ids = append(ids, s.ID)
	}
	for _, s := range scenes {
		node := Scene{ID: s.ID, Title: s.Title, Ending: s.Ending}
		node.start, node.end = text.Span(s.Start, s.End)
		times := map[string]int{}
		for n, d := range s.Decisions {
			g.decisions[d.Start] = true
			exit := Exit{ID: d.Target, To: d.Target, Points: map[string]int{}, number: n}
			exit.start, exit.end = text.Span(d.Start, d.End)
			if _, ok := index[d.Target]; !ok {
				hint := diag.DidYouMean(d.Target, ids)
				at(d.Start, d.End, diag.Error, "case/no-scene", fmt.Sprintf("There is no scene `#%s`.", d.Target), orElse(hint, "The scenes are: #"+strings.Join(ids, ", #")+"."))
			}
			for _, p := range d.Points {
				if len(competencies.byID) > 0 && competencies.byID[p.Competency] == nil {
					near := diag.DidYouMean(p.Competency, competencies.ids())
					at(p.Start, p.End, diag.Warning, "case/unknown-competency", fmt.Sprintf("`%s` is not the id of a competency; its points are shown under that word.", p.Competency), orElse(near, "Use an id of `content/competencies.yaml`, such as `people-first`."))
				}
				exit.Points[p.Competency] += p.Value
			}
			if times[d.Target]++; times[d.Target] > 1 {
				exit.ID += fmt.Sprintf("~%d", times[d.Target])
			}
			if _, ok := index[d.Target]; ok {
				node.Exits = append(node.Exits, exit)
			}
		}
		g.Scenes = append(g.Scenes, node)
	}
	reached := g.reach([]string{scenes[0].ID}, func(s Scene) []string {
		var out []string
		for _, e := range s.Exits {
			out = append(out, e.To)
		}
		return out
	})
	finishes := g.finishing(index)
	inCircle := false
	for i, s := range g.Scenes {
		source := scenes[i]
		switch {
		case len(s.Exits) == 0 && len(source.Decisions) == 0 && !s.Ending:
			at(source.Start, source.End, diag.Error, "case/dead-end", fmt.Sprintf("The scene “%s” offers no decision and no debrief.", s.Title), "End it in a list of links to scenes, or close it with a block\n:::debrief\nWhat this path shows.\n:::")
		case !reached[s.ID]:
			at(source.Start, source.End, diag.Error, "case/unreachable", fmt.Sprintf("No decision leads to the scene “%s”.", s.Title), fmt.Sprintf("Add a decision `- [What the learner does](#%s)` to another scene, or take the scene out.", s.ID))
		case !finishes[s.ID] && !inCircle && !endsOpen(g, s.ID):
			inCircle = true
			at(source.Start, source.End, diag.Error, "case/no-exit", fmt.Sprintf("From the scene “%s” no path leads to an ending: the learner would go in circles.", s.Title), "Add a decision that leads out, to a scene with a debrief.")
		}
	}
	g.score()
	return g, diags
}

// reach gives the ids that can be got to from the given ones.
func (g *Graph) reach(from []string, next func(Scene) []string) map[string]bool {
	byID := map[string]Scene{}
	for _, s := range g.Scenes {
		byID[s.ID] = s
	}
	seen := map[string]bool{}
	for len(from) > 0 {
		id := from[len(from)-1]
		from = from[:len(from)-1]
		if !seen[id] {
			seen[id] = true
			from = append(from, next(byID[id])...)
		}
	}
	return seen
}

// finishing gives the scenes from which an ending can be reached.
func (g *Graph) finishing(index map[string]int) map[string]bool {
	into := map[string][]string{}
	var ends []string
	for _, s := range g.Scenes {
		if s.Ending {
			ends = append(ends, s.ID)
		}
		for _, e := range s.Exits {
			into[e.To] = append(into[e.To], s.ID)
		}
	}
	return g.reach(ends, func(s Scene) []string { return into[s.ID] })
}

// endsOpen tells whether a scene leads to a dead end, which has been reported
// already and is no circle.
func endsOpen(g *Graph, id string) bool {
	byID := map[string]Scene{}
	for _, s := range g.Scenes {
		byID[s.ID] = s
	}
	for reached := range g.reach([]string{id}, func(s Scene) []string {
		var out []string
		for _, e := range s.Exits {
			out = append(out, e.To)
		}
		return out
	}) {
		if s := byID[reached]; len(s.Exits) == 0 {
			return true
		}
	}
	return false
}

// Competencies lists the ids that decisions give points for, sorted.
func (g *Graph) Competencies() []string {
	var out []string
	for _, s := range g.Scenes {
		for _, e := range s.Exits {
			for id := range e.Points {
				out = append(out, id)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Facilitator is the address of a case study's facilitator's sheet, beside its page.
func (v *Version) Facilitator() string {
	return strings.TrimSuffix(v.Address, ".html") + ".facilitator.html"
}
