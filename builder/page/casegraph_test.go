package page

import (
	"encoding/xml"
	"fmt"
	"io"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"sopan.dev/sopan/builder/course"
)

// boxes gives n boxes of one size.
func boxes(n int) []placed {
	out := make([]placed, n)
	for i := range out {
		out[i] = placed{w: 150, h: 40}
	}
	return out
}

// story draws a graph as cases are: mostly forward, a few decisions a scene, some back.
func story(n int, seed uint64) [][2]int {
	r := rand.New(rand.NewPCG(seed, 1))
	var edges [][2]int
	for i := range n - 1 {
		edges = append(edges, [2]int{i, min(n-1, i+1+r.IntN(3))})
		if r.IntN(3) > 0 {
			edges = append(edges, [2]int{i, min(n-1, i+1+r.IntN(6))})
		}
		if r.IntN(8) == 0 {
			edges = append(edges, [2]int{i, r.IntN(i + 1)})
		}
	}
	for i := 1; i < n; i++ { // nothing stands alone
		edges = append(edges, [2]int{r.IntN(i), i})
	}
	return edges
}

func TestEveryDecisionLeadsDownUnlessItLeadsBack(t *testing.T) {
	for seed := range uint64(200) {
		n := 1 + int(seed)%40
		edges := story(n, seed)
		l := layOut(boxes(n), edges)
		for e, r := range l.edges {
			from, to := l.nodes[edges[e][0]], l.nodes[edges[e][1]]
			switch {
			case r.self != (edges[e][0] == edges[e][1]):
				t.Fatalf("graph %d: %v is taken for a loop on itself", seed, edges[e])
			case r.self:
			case r.back && from.y <= to.y, !r.back && from.y >= to.y:
				t.Fatalf("graph %d: the edge %v goes from %d to %d, back %v", seed, edges[e], from.y, to.y, r.back)
			}
		}
	}
}

func TestNoBoxTouchesAnotherOrALineThatPassesIt(t *testing.T) {
	for seed := range uint64(200) {
		n := 1 + int(seed)%40
		l := layOut(boxes(n), story(n, seed))
		for i, a := range l.nodes {
			if a.x-a.w/2 < 0 || a.x+a.w/2 > l.width || a.y < 0 || a.y+a.h > l.height {
				t.Fatalf("graph %d: box %d stands outside the picture", seed, i)
			}
			for j, b := range l.nodes[:i] {
				if a.y == b.y && abs(a.x-b.x) < (a.w+b.w)/2+itemGap {
					t.Fatalf("graph %d: boxes %d and %d are too near", seed, i, j)
				}
			}
			for e, r := range l.edges {
				for k, bend := range r.bends {
					if k > 0 && k < len(r.bends)-1 && bend.y == a.y && abs(bend.x-a.x) < a.w/2 {
						t.Fatalf("graph %d: the line %d passes through box %d", seed, e, i)
					}
				}
			}
		}
	}
}

func abs(n int) int { return max(n, -n) }

// Two ways that were written crosswise are drawn side by side.
func TestCrossingsAreTakenOut(t *testing.T) {
	edges := [][2]int{{0, 1}, {0, 2}, {1, 4}, {2, 3}, {3, 5}, {4, 6}}
	l := &layouter{sizes: boxes(7), edges: edges, back: make([]bool, len(edges)), ranks: make([]int, 7), chains: make([][]int, len(edges))}
	l.rank()
	l.layer()
	l.order()
	at := make([]int, len(l.items))
	for _, layer := range l.layers {
		for i, item := range layer {
			at[item] = i
		}
	}
	if n := l.crossings(at); n != 0 {
		t.Errorf("%d crossings are left, in the layers %v", n, l.layers)
	}
	at[3], at[4] = at[4], at[3]
	l.layers[2][0], l.layers[2][1] = l.layers[2][1], l.layers[2][0]
	if n := l.crossings(at); n != 2 {
		t.Errorf("crosswise there are %d crossings, want 2", n)
	}
}

func TestTheSameGraphIsDrawnTheSame(t *testing.T) {
	if a, b := layOut(boxes(30), story(30, 7)), layOut(boxes(30), story(30, 7)); !reflect.DeepEqual(a, b) {
		t.Error("two layouts of one graph differ")
	}
}

func BenchmarkSixtyScenesAreDrawn(b *testing.B) {
	edges := story(60, 3)
	for b.Loop() {
		layOut(boxes(60), edges)
	}
}

func TestAWebOfScenesIsDrawnInTheEnd(t *testing.T) {
	// Each scene leads to each other one: nobody can read that, but it must end.
	var web [][2]int
	for i := range 60 {
		for j := range 60 {
			web = append(web, [2]int{i, j})
		}
	}
	start := time.Now()
	layOut(boxes(60), web)
	if d := time.Since(start); d > time.Minute { // a hang, not a slow machine
		t.Errorf("a web takes %s", d)
	}
}

func TestTheGraphIsAPictureThatAPolicyAndAReaderAccept(t *testing.T) {
	g := &course.Graph{Best: []string{"s", "e"}, Scenes: []course.Scene{
		{ID: "s", Title: `He says "no" & <leaves>`, Exits: []course.Exit{{ID: "e", To: "e", Points: map[string]int{"care": 2}}, {ID: "s", To: "s"}, {ID: "e~2", To: "e"}, {ID: "b", To: "b"}}},
		{ID: "b", Title: "रजिस्टर", Exits: []course.Exit{{ID: "s", To: "s"}}},
		{ID: "e", Title: "The end"},
	}}
	svg := string(caseGraph(g, graphWords{title: "A & B", description: "3 scenes", start: "Start", ending: "Ending"}))
	d := xml.NewDecoder(strings.NewReader(svg))
	var words []string
	count := map[string]int{}
	for {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatalf("the picture is no XML: %v\n%s", err, svg)
		}
		switch token := token.(type) {
		case xml.StartElement:
			for _, a := range token.Attr {
				if a.Name.Local == "style" || strings.HasPrefix(a.Name.Local, "on") {
					t.Errorf("<%s> has %s", token.Name.Local, a.Name.Local)
				}
				if a.Name.Local == "class" {
					count[a.Value]++
				}
			}
		case xml.CharData:
			if s := strings.TrimSpace(string(token)); s != "" {
				words = append(words, s)
			}
		}
	}
	if got, want := fmt.Sprint(words), `[A & B 3 scenes 1 2 3 4 5 Start He says "no" & <leaves> रजिस्टर Ending The end]`; got != want {
		t.Errorf("the picture says %s, want %s", got, want)
	}
	want := map[string]int{"graph": 1, "band": 1, "edge is-best": 1, "edge": 2, "edge edge-back": 2, "line": 5, "head": 5, "node node-start": 1, "node": 1, "node node-ending": 1, "inner": 1, "caption": 2}
	if !reflect.DeepEqual(count, want) {
		t.Errorf("the picture has %v, want %v", count, want)
	}
	for _, want := range []string{`role="img" aria-labelledby="case-graph-title case-graph-desc"`, `data-from="s" data-decision="e~2"`} {
		if !strings.Contains(svg, want) {
			t.Errorf("the picture lacks %s:\n%s", want, svg)
		}
	}
}
