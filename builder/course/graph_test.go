package course

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// caseOf writes a case study: a line a scene, "start: -> a +2, b -1" or
// "end: ." for an ending, in the order of the text.
func caseOf(lines string) string {
	var b strings.Builder
	b.WriteString("---\ntitle: A case\n---\nIntroduction.\n\n")
	for line := range strings.Lines(lines) {
		id, rest, _ := strings.Cut(strings.TrimSpace(line), ": ")
		fmt.Fprintf(&b, "## Scene %s {#%s}\n\nWords.\n\n", id, id)
		switch {
		case rest == ".":
			b.WriteString(":::debrief\nWords.\n:::\n\n")
		case rest != "nothing":
			for _, exit := range strings.Split(strings.TrimPrefix(rest, "-> "), ", ") {
				to, points, scored := strings.Cut(exit, " ")
				fmt.Fprintf(&b, "- [To %s](#%s)", to, to)
				if scored {
					fmt.Fprintf(&b, " {care %s}", points)
				}
				b.WriteString("\n")
			}
			b.WriteString("\n")
		}
	}
	return b.String()
}

func graphOf(t *testing.T, lines string) (*Graph, string) {
	t.Helper()
	site, diags := load(t, siteOf("content/c/80-x.case.md", caseOf(lines)), LoadOptions{})
	var codes []string
	for _, d := range diags {
		word := d.Message
		for _, cut := range []string{"“Scene ", "`#"} {
			if _, after, ok := strings.Cut(word, cut); ok {
				word, _, _ = strings.Cut(strings.ReplaceAll(after, "`", "”"), "”")
			}
		}
		codes = append(codes, d.Code+" "+word)
	}
	v := site.byFile["content/c/80-x.case.md"]
	if v == nil || v.Graph == nil {
		t.Fatalf("no graph; %v", diags)
	}
	return v.Graph, strings.Join(codes, "; ")
}

func TestCaseGraphs(t *testing.T) {
	for _, c := range []struct{ name, scenes, wrong, scores string }{
		{"a way through", "s: -> a +1, b -1\na: -> e\nb: -> e\ne: .", "", "-1 to 1 by s a e, lowest by s b e"},
		{"one scene alone", "s: .", "", "0 to 0 by s, lowest by s"},
		{"endings at different depths", "s: -> e +1, a -5\na: -> f +9\ne: .\nf: .", "", "1 to 4 by s a f, lowest by s e"},
		{"all paths cost something", "s: -> e -1, f -2\ne: .\nf: .", "", "-2 to -1 by s e, lowest by s f"},
		{"the first of equal paths is the best", "s: -> e +1, f +1\ne: .\nf: .", "", "1 to 1 by s e, lowest by s e"},
		{"a missing scene", "s: -> e, nowhere\ne: .", "case/no-scene nowhere", "0 to 0 by s e, lowest by s e"},
		{"an unreachable scene", "s: -> e\nlost: -> e\ne: .", "case/unreachable lost", "0 to 0 by s e, lowest by s e"},
		{"an unreachable ending", "s: -> e\ne: .\nlost: .", "case/unreachable lost", "0 to 0 by s e, lowest by s e"},
		{"an unreachable circle", "s: -> e\ne: .\na: -> b\nb: -> a", "case/unreachable a; case/unreachable b", "0 to 0 by s e, lowest by s e"},
		{"a dead end", "s: -> e, a\na: nothing\ne: .", "case/dead-end a", "0 to 0 by s e, lowest by s e"},
		{"the worst way round a circle", "s: -> a, e -1\na: -> s, f -7\ne: .\nf: .", "", "-7 to -1 by s e, lowest by s a f"},
		{"a circle with an exit", "s: -> a +1\na: -> s +1, e +1\ne: .", "", "2 to 2 by s a e, lowest by s a e"},
		{"a circle without an exit", "s: -> a, e\na: -> b\nb: -> a\ne: .", "case/no-exit a", "0 to 0 by s e, lowest by s e"},
		{"a scene that leads to itself", "s: -> a, e\na: -> a\ne: .", "case/no-exit a", "0 to 0 by s e, lowest by s e"},
		{"nothing but circles", "s: -> a\na: -> s", "case/no-exit s", "0 to 0 by , lowest by "},
		{"the way to a dead end is no circle", "s: -> a\na: -> b\nb: nothing", "case/dead-end b", "0 to 0 by , lowest by "},
	} {
		g, wrong := graphOf(t, c.scenes)
		if wrong != c.wrong {
			t.Errorf("%s: %q is wrong, want %q", c.name, wrong, c.wrong)
		}
		if got := fmt.Sprintf("%d to %d by %s, lowest by %s", g.Lowest, g.Highest, strings.Join(g.Best, " "), strings.Join(g.Worst, " ")); got != c.scores {
			t.Errorf("%s: points %s, want %s", c.name, got, c.scores)
		}
	}
}

// Thirty pairs of scenes, each joined to both of the next pair: a thousand
// million paths, of which the best and the worst are known.
func TestScoresOfACaseOfSixtyScenesAreExact(t *testing.T) {
	var b strings.Builder
	b.WriteString("s: -> a0 +3, b0 -2\n")
	for i := range 30 {
		to := fmt.Sprintf("a%d +3, b%d -2", i+1, i+1)
		if i == 29 {
			to = "e"
		}
		fmt.Fprintf(&b, "a%d: -> %s\nb%d: -> %s\n", i, to, i, to)
	}
	b.WriteString("e: .")
	start := time.Now()
	g, wrong := graphOf(t, b.String())
	if wrong != "" || g.Lowest != -60 || g.Highest != 90 || len(g.Best) != 32 {
		t.Errorf("points from %d to %d by %d scenes, want from -60 to 90 by 32; %s", g.Lowest, g.Highest, len(g.Best), wrong)
	}
	if d := time.Since(start); d > time.Minute { // a search over all paths takes hours
		t.Errorf("it took %s", d)
	}
}

// Sixty scenes, each leading to all others: the search must end.
func TestAWebOfCirclesIsReadInBoundedTime(t *testing.T) {
	var b strings.Builder
	for i := range 60 {
		fmt.Fprintf(&b, "s%d: -> e -1", i)
		for j := range 60 {
			if j != i {
				fmt.Fprintf(&b, ", s%d +1", j)
			}
		}
		b.WriteString("\n")
	}
	b.WriteString("e: .")
	start := time.Now()
	g, wrong := graphOf(t, b.String())
	if wrong != "" || g.Lowest > -1 || g.Highest < 10 {
		t.Errorf("points from %d to %d; %s", g.Lowest, g.Highest, wrong)
	}
	if d := time.Since(start); d > time.Minute {
		t.Errorf("it took %s", d)
	}
}

// Two decisions that lead to one scene are two decisions: in the records, in
// the points, and on the best path.
func TestDecisionsToOneSceneAreToldApart(t *testing.T) {
	g, wrong := graphOf(t, "s: -> e -1, e +3, a, e\na: -> e\ne: .")
	var ids []string
	for _, s := range g.Scenes {
		for _, e := range s.Exits {
			ids = append(ids, e.ID)
		}
	}
	if got := strings.Join(ids, " "); wrong != "" || got != "e e~2 a e~3 e" {
		t.Errorf("the decisions are %q; %s", got, wrong)
	}
	if best := g.BestExits(); len(best) != 1 || !best[1] {
		t.Errorf("the best path takes the exits %v, want the second", best)
	}
	if e := g.Exit("s", 2); e == nil || e.To != "a" {
		t.Errorf("the third decision is %v, want that to a", e)
	}
}
