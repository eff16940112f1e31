package main

import (
	"strings"
	"testing"
	"time"
)

func TestARowSaysWhichOfItsAimsHold(t *testing.T) {
	second := cost{wall: time.Second, cpu: time.Second, peak: 401e6}
	for _, test := range []struct {
		name string
		hugo bool
		row  row
		want string
	}{
		{"just as fast as aimed at", true,
			row{lessons: 2000, work: "cold", ours: second, hugo: cost{2500 * time.Millisecond, 5 * time.Second, 5e8}, aims: append([]aim{faster(2.5)}, remembering(2000)...)},
			"| 2,000 | cold | 1.00 s | 1.00 | 401 | 2.50 s | 5.00 | 500 | 2.50 | 5.00 | 2.5 times as fast; below 400 MB | holds; does not hold |"},
		{"too slow", true,
			row{lessons: 40000, work: "cold", ours: second, hugo: cost{2490 * time.Millisecond, time.Second, 0}, aims: append([]aim{faster(2.5)}, remembering(40000)...)},
			"| 40,000 | cold | 1.00 s | 1.00 | 401 | 2.49 s | 1.00 | ? | 2.49 | 1.00 | 2.5 times as fast; below 600 MB | does not hold; holds |"},
		{"without Hugo its aim says nothing", false,
			row{lessons: 200, work: "edit", ours: second, aims: []aim{faster(50), within(500 * time.Millisecond)}},
			"| 200 | edit | 1.00 s | 1.00 | 401 |  |  | 500 ms | does not hold |"},
		{"late", false,
			row{lessons: 200, work: "preview", ours: cost{wall: 40 * time.Millisecond}, late: 101 * time.Millisecond, aims: previewAims(2000)},
			"| 200 | preview | 40 ms, 101 ms at 95 % | ? | ? |  |  | 40 ms; 100 ms at 95 % | holds; does not hold |"},
		{"growth", false,
			row{lessons: 4000, work: "growth", ours: second, half: cost{wall: 400 * time.Millisecond}, aims: []aim{growing(2.1)}},
			"| 4,000 | growth | 1.00 s | 1.00 | 401 | 2.50 | ? | at most 2.1 times half as many | does not hold |"},
		{"the smallest has nothing to grow from", false,
			row{lessons: 2000, work: "growth", ours: second, aims: []aim{growing(2.1)}},
			"| 2,000 | growth | 1.00 s | 1.00 | 401 |  |  |  |  |"},
	} {
		var b strings.Builder
		table{&b, test.hugo}.row(test.row)
		if got := strings.TrimSpace(b.String()); got != test.want {
			t.Errorf("%s:\n got %s\nwant %s", test.name, got, test.want)
		}
	}
}

func TestEveryRowHasAsManyCellsAsTheHead(t *testing.T) {
	for _, hugo := range []bool{true, false} {
		var b strings.Builder
		to := table{&b, hugo}
		to.head()
		to.row(row{})
		lines := strings.Split(strings.TrimSpace(b.String()), "\n")
		for _, line := range lines {
			if strings.Count(line, "|") != strings.Count(lines[0], "|") {
				t.Errorf("with Hugo %t:\n%s", hugo, b.String())
			}
		}
	}
}

func TestMediansAndTheLateOnes(t *testing.T) {
	var all []time.Duration
	for i := 20; i > 0; i-- {
		all = append(all, time.Duration(i))
	}
	if got := late(all); got != 19 {
		t.Errorf("the 95th percentile of 1 to 20 is %d, want 19", got)
	}
	if got := median(all[:3]); got != 19 {
		t.Errorf("the median of 20, 19, 18 is %d, want 19", got)
	}
	got := middle([]cost{{3, 1, 5}, {1, 2, 6}, {2, 3, 4}})
	if want := (cost{2, 2, 5}); got != want {
		t.Errorf("each number by itself: got %v, want %v", got, want)
	}
	if middle(nil) != (cost{}) {
		t.Error("no run costs something")
	}
}

func TestBadFlagsAreSaid(t *testing.T) {
	for _, lessons := range []string{"", "0", "2000,many", "-5"} {
		if _, err := numbers(lessons); err == nil {
			t.Errorf("-lessons %q is taken", lessons)
		}
	}
	if got, err := numbers("10000, 2000,2000"); err != nil || len(got) != 2 || got[0] != 2000 {
		t.Errorf("sizes: %v, %v", got, err)
	}
	if _, err := chosen("cold,warm"); err == nil || !strings.Contains(err.Error(), `"warm"`) {
		t.Errorf("-only cold,warm: %v", err)
	}
	only, err := chosen("cold,serve")
	if err != nil || !only("serve") || only("text") {
		t.Errorf("-only cold,serve chooses something else: %v", err)
	}
}
