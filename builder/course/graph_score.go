package course

import (
	"math"
	"slices"
)

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
		worst, best     int // the next scene on the worst and on the best path, -1 at the end
	}
	scores := make([]from, len(g.Scenes))
	circle := false
	var walk func(i int)
	walk = func(i int) {
		s := &scores[i]
		s.state, s.worst, s.best = 1, -1, -1
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
				s.highest, s.best = high, to
			}
			if !s.ends || low < s.lowest {
				s.lowest, s.worst = low, to
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
		for i := 0; i >= 0; i = scores[i].best {
			g.Best = append(g.Best, g.Scenes[i].ID)
		}
		for i := 0; i >= 0; i = scores[i].worst {
			g.Worst = append(g.Worst, g.Scenes[i].ID)
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
			if points < lowest {
				lowest = points
				g.Worst = slices.Clone(path)
			}
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

// BestExits tells which exits the best path takes, all exits counted in the
// order of the scenes.
func (g *Graph) BestExits() map[int]bool {
	next := map[string]string{}
	for i := range len(g.Best) - 1 {
		next[g.Best[i]] = g.Best[i+1]
	}
	out := map[int]bool{}
	n := 0
	for _, s := range g.Scenes {
		found := -1
		for i, e := range s.Exits {
			if to, on := next[s.ID]; on && e.To == to && (found < 0 || e.Total() > s.Exits[found].Total()) {
				found = i
			}
		}
		if found >= 0 {
			out[n+found] = true
		}
		n += len(s.Exits)
	}
	return out
}
