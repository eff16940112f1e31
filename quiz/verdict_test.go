package quiz

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/evanw/esbuild/pkg/api"
)

// learnt is a vector: everything a verdict is computed from, in the words of runtime/verdict.ts.
type learnt struct {
	Rule  map[string]any            `json:"rule"`
	Items []map[string]string       `json:"items"`
	State map[string]map[string]any `json:"states"`
	Told  map[string]bool           `json:"told"`

	claim, want string
}

// allLearnt reads the vectors.
func allLearnt(t *testing.T) []learnt {
	t.Helper()
	var all []learnt
	for _, p := range archive(t, "testdata/verdict.txtar") {
		s := learnt{claim: p.Name, Rule: map[string]any{"lessons": "all", "quizzes": "all", "cases": "all", "pass": 0.6}, Items: []map[string]string{}, State: map[string]map[string]any{}, Told: map[string]bool{}}
		only := ""
		for line := range strings.Lines(string(p.Data)) {
			f := strings.Fields(strings.ReplaceAll(line, ",", " "))
			if len(f) == 0 {
				continue
			}
			switch f[0] {
			case "=>":
				s.want = strings.Join(f[1:], " ")
			case "only":
				only = f[1] + "/"
			case "told":
				for _, what := range f[1:] {
					s.Told[what] = true
				}
			case "rule":
				for i := 1; i+1 < len(f); i += 2 {
					s.Rule[f[i]] = f[i+1]
					if n, isShare := strings.CutSuffix(f[i+1], "%"); isShare {
						percent, err := strconv.ParseFloat(n, 64)
						if err != nil {
							t.Fatalf("%s: %s: %v", p.Name, line, err)
						}
						s.Rule[f[i]] = percent / 100
					}
				}
			default:
				if !strings.HasPrefix(f[0], only) {
					continue
				}
				s.Items = append(s.Items, map[string]string{"key": f[0], "type": f[1]})
				if len(f) == 2 {
					continue
				}
				state := map[string]any{"state": f[2]}
				for _, word := range f[3:] {
					if word == "passed" || word == "failed" {
						state["passed"] = word == "passed"
					} else if n, err := strconv.ParseFloat(word, 64); err != nil {
						t.Fatalf("%s: %s: %v", p.Name, line, err)
					} else {
						state["scaled"] = n
					}
				}
				s.State[f[0]] = state
			}
		}
		if s.want == "" {
			t.Fatalf("%s: no verdict is wanted", p.Name)
		}
		all = append(all, s)
	}
	return all
}

func TestAVerdictIsTheSameInGoAndInThePage(t *testing.T) {
	all := allLearnt(t)
	if len(all) < 30 {
		t.Fatalf("only %d vectors were read", len(all))
	}
	page := verdictsOfThePage(t, all)
	for i, s := range all {
		t.Run(s.claim, func(t *testing.T) {
			if got := verdictInGo(s); got != s.want {
				t.Errorf("Go says %s, want %s", got, s.want)
			}
			if page[i] != s.want {
				t.Errorf("the page says %s, want %s", page[i], s.want)
			}
		})
	}
}

func verdictInGo(s learnt) string {
	share := func(v any) float64 {
		switch v := v.(type) {
		case float64:
			return v
		case string:
			if v == "all" {
				return 1
			}
		}
		return 0
	}
	var items []CourseItem
	for _, i := range s.Items {
		items = append(items, CourseItem{i["key"], i["type"]})
	}
	states := map[string]ItemState{}
	for key, of := range s.State {
		state := ItemState{Done: of["state"] == "done"}
		if n, ok := of["scaled"].(float64); ok {
			state.Scaled = &n
		}
		if p, ok := of["passed"].(bool); ok {
			state.Passed = &p
		}
		states[key] = state
	}
	v := VerdictOf(CourseRule{share(s.Rule["lessons"]), share(s.Rule["quizzes"]), share(s.Rule["cases"])}, items, states, CourseTold{s.Told["completed"], s.Told["passed"]})
	completed, scaled := "open", "-"
	if v.Completed {
		completed = "completed"
	}
	if v.Scaled != nil {
		scaled = strconv.FormatFloat(*v.Scaled, 'f', -1, 64)
	}
	return fmt.Sprintf("%s %s %s %d of %d", completed, v.Success, scaled, v.Done, v.Of)
}

// verdictsOfThePage runs runtime/verdict.ts in Node: it needs no page.
func verdictsOfThePage(t *testing.T, all []learnt) []string {
	t.Helper()
	result := api.Build(api.BuildOptions{
		Stdin: &api.StdinOptions{Loader: api.LoaderTS, ResolveDir: "../runtime", Contents: `
import { verdict } from "./verdict";
declare const all: any[];
declare const console: { log(text: string): void };
console.log(JSON.stringify(all.map(({ rule, items, states, told }) => {
  const v = verdict(rule, items, (key) => states[key] ?? null, told);
  return [v.completed === true ? "completed" : "open", v.success, v.scaled ?? "-", v.done, "of", v.of].join(" ");
})));`},
		Bundle: true, Format: api.FormatIIFE, Target: api.ES2020, Charset: api.CharsetASCII,
	})
	if len(result.Errors) > 0 {
		t.Fatalf("bundling: %v", result.Errors)
	}
	input, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	node := exec.Command("node", "-")
	node.Stdin = bytes.NewReader(append([]byte("const all = "+string(input)+";\n"), result.OutputFiles[0].Contents...))
	var complaints bytes.Buffer
	node.Stderr = &complaints
	out, err := node.Output()
	if err != nil {
		t.Fatalf("node: %v: %s", err, complaints.Bytes())
	}
	var said []string
	if err := json.Unmarshal(out, &said); err != nil || len(said) != len(all) {
		t.Fatalf("node said %s (%v)", out, err)
	}
	return said
}
