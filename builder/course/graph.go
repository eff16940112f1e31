package course

import (
	"fmt"
	"math"
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

	decisions map[int]bool // where the targets of decisions stand; they are checked here, not as links
}

// Scene is a node of the graph.
type Scene struct {
	ID, Title string
	Ending    bool
	Exits     []Exit
}

// Exit is a decision: an edge of the graph.
type Exit struct {
	To     string
	Points map[string]int // by competency id
}

// Exit gives the n-th decision of a scene, nil when it leads nowhere.
func (g *Graph) Exit(scene string, n int) *Exit {
	for i := range g.Scenes {
		if g.Scenes[i].ID == scene && n < len(g.Scenes[i].Exits) {
			return &g.Scenes[i].Exits[n]
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
		node := Scene{ID: s.ID, Title: s.Title, Ending: s.Ending || strings.HasPrefix(s.ID, "debrief")}
		for _, d := range s.Decisions {
			g.decisions[d.Start] = true
			exit := Exit{To: d.Target, Points: map[string]int{}}
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

// score finds the worst and the best path from the start to an ending.
func (g *Graph) score() {
	index := map[string]int{}
	for i, s := range g.Scenes {
		if _, twice := index[s.ID]; !twice {
			index[s.ID] = i
		}
	}
	if !g.scoreForward(index) {
		g.scoreInCircles(index)
	}
}

// scoreForward scores a case in which no path comes back: exactly, in one walk
// over the scenes, however many paths there are. It gives false for another.
func (g *Graph) scoreForward(index map[string]int) bool {
	type from struct {
		state           int // 0 not seen, 1 under way, 2 done
		ends            bool
		lowest, highest int
		next            int // scene on the best path, -1 at its end
	}
	scores := make([]from, len(g.Scenes))
	circle := false
	var walk func(i int)
	walk = func(i int) {
		s := &scores[i]
		s.state, s.next = 1, -1
		s.ends = g.Scenes[i].Ending && len(g.Scenes[i].Exits) == 0
		for _, e := range g.Scenes[i].Exits {
			to := index[e.To]
			if scores[to].state == 1 {
				circle = true
			}
			if scores[to].state == 0 {
				walk(to)
			}
			if circle {
				return
			}
			if !scores[to].ends {
				continue
			}
			low, high := scores[to].lowest+e.Total(), scores[to].highest+e.Total()
			if !s.ends || high > s.highest {
				s.highest, s.next = high, to
			}
			if !s.ends || low < s.lowest {
				s.lowest = low
			}
			s.ends = true
		}
		s.state = 2
	}
	walk(0)
	if circle {
		return false
	}
	if scores[0].ends {
		g.Lowest, g.Highest = scores[0].lowest, scores[0].highest
		for i := 0; i >= 0; i = scores[i].next {
			g.Best = append(g.Best, g.Scenes[i].ID)
		}
	}
	return true
}

// mostSteps bounds the search over paths; a case of 30 scenes has far fewer.
const mostSteps = 200_000

// scoreInCircles finds the worst and the best path that visits no scene twice.
// The longest simple path is NP-hard to find in general, so the search stops
// after mostSteps and keeps what it has found.
func (g *Graph) scoreInCircles(index map[string]int) {
	lowest, highest := math.MaxInt, math.MinInt
	visited := make([]bool, len(g.Scenes))
	var path []string
	steps := 0
	var walk func(i, points int)
	walk = func(i, points int) {
		if steps++; steps > mostSteps || visited[i] {
			return
		}
		visited[i] = true
		path = append(path, g.Scenes[i].ID)
		if g.Scenes[i].Ending && len(g.Scenes[i].Exits) == 0 {
			lowest = min(lowest, points)
			if points > highest {
				highest = points
				g.Best = slices.Clone(path)
			}
		}
		for _, e := range g.Scenes[i].Exits {
			walk(index[e.To], points+e.Total())
		}
		path = path[:len(path)-1]
		visited[i] = false
	}
	walk(0, 0)
	if highest != math.MinInt {
		g.Lowest, g.Highest = lowest, highest
	}
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
