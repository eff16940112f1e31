package quiz

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/evanw/esbuild/pkg/api"

	"sopan.dev/sopan/internal/browser"
)

// Two definitions of everything that is marked stand side by side, in Go and in
// TypeScript. This test runs the second one in a browser, over all vectors and
// over random responses, and compares what both say.

// asked is a question with responses, as the browser gets it.
type asked struct {
	Data      json.RawMessage   `json:"data"`
	Responses []json.RawMessage `json:"responses"`
	Earlier   []int             `json:"earlier"` // tries that went before each
	Form      string            `json:"form"`    // the question's form
	Vectors   int               `json:"vectors"` // how many of the responses, from the first, are laid into it
}

// said is what one side makes of a response.
type said struct {
	Share       string          `json:"share"` // "0.5", "refused", "unmarked"
	Response    string          `json:"response"`
	Interaction json.RawMessage `json:"interaction"`
}

const harness = `
import { normalise } from "./normalise";
import { parseNumber } from "./numeral";
import { certain } from "./certainty";
import { tried } from "./marking";
import { kinds } from "kinds";

declare global { interface Window { job: any; result: unknown } }

function same(a: any, b: any): boolean {
  if (typeof a !== "object" || a === null || typeof b !== "object" || b === null) return a === b;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((k) => same(a[k], b[k]));
}

const { asked, texts } = window.job;
function kindOf(data: any): any {
  const kind: any = kinds.find((k: any) => k.name === data.kind);
  return data.certainty ? certain(kind) : kind;
}
window.result = {
  lost: asked.flatMap(({ data, responses, form, vectors }: any) => {
    const kind = kindOf(data);
    const q = kind.parse(data);
    document.body.innerHTML = form;
    const field = document.querySelector("fieldset.q");
    const empty = kind.read(field, q);
    const lost = empty === null ? [] : [[q.id, "nothing", empty]];
    for (const stored of responses.slice(0, vectors)) {
      const r = kind.accept(q, stored);
      if (r === null) continue;
      kind.write(field, q, r);
      const back = kind.read(field, q);
      if (!same(r, back)) lost.push([q.id, r, back]);
    }
    return lost;
  }),
  said: asked.map(({ data, responses, earlier }: any) => {
    const kind = kindOf(data);
    const q = kind.parse(data);
    kind.key?.(q);
    const { response: _, ...definition } = kind.interaction(q, null);
    return { definition, responses: responses.map((stored: unknown, i: number) => {
      const r = kind.accept(q, stored);
      if (r === null) return { share: "refused", response: "" };
      let share = kind.mark(q, r);
      if (share !== null && q.retry !== undefined) share = tried(share, q.retry, earlier[i]);
      kind.review(q, r);
      return { share: share === null ? "unmarked" : String(share), response: kind.interaction(q, r).response ?? "" };
    }) };
  }),
  texts: texts.map((t: string) => { const n = parseNumber(t); return [normalise(t), n === null ? "" : String(n)]; }),
};
`

// bundledFor bundles a harness with the kinds, and the job it has to do.
func bundledFor(t *testing.T, harness string, job any) string {
	t.Helper()
	var imports, table strings.Builder
	for i, name := range KindNames() {
		fmt.Fprintf(&imports, "import { kind as k%d } from \"./%s\";\n", i, name)
		fmt.Fprintf(&table, "k%d, ", i)
	}
	result := api.Build(api.BuildOptions{
		Stdin:  &api.StdinOptions{Contents: strings.Replace(harness, "import { kinds } from \"kinds\";", imports.String()+"const kinds = ["+table.String()+"];", 1), ResolveDir: ".", Loader: api.LoaderTS},
		Bundle: true, Format: api.FormatIIFE, Target: api.ES2020, Charset: api.CharsetASCII,
	})
	if len(result.Errors) > 0 {
		t.Fatalf("bundling: %v", result.Errors)
	}
	b, err := json.Marshal(job)
	if err != nil {
		t.Fatal(err)
	}
	return "window.job = " + string(b) + ";\n" + string(result.OutputFiles[0].Contents)
}

type answers struct {
	Said []struct {
		Definition json.RawMessage `json:"definition"`
		Responses  []said          `json:"responses"`
	} `json:"said"`
	Texts [][2]string `json:"texts"`
	Lost  [][]any     `json:"lost"` // question, response, what came back from its controls
}

func TestBothGradersAgree(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same responses every time
	var questions []*Question
	var all []asked
	for _, kind := range KindNames() {
		var mine []vector
		for _, v := range vectors(t, kind) {
			if v.want != "skipped" {
				mine = append(mine, v)
			}
		}
		var own []*Question
		for _, v := range mine {
			if !slices.Contains(own, v.question) {
				own = append(own, v.question)
			}
		}
		m := newMutator(random, mine)
		for _, q := range own {
			a := asked{}
			for _, v := range mine {
				if v.question == q {
					a.Responses = append(a.Responses, v.response)
					a.Earlier = append(a.Earlier, v.earlier)
				}
			}
			a.Vectors = len(a.Responses)
			a.Form = string(Form(&Quiz{Questions: []Question{*q}}, FormOptions{}))
			for range 10000/len(own) + 1 {
				a.Responses = append(a.Responses, m.response(q))
				a.Earlier = append(a.Earlier, random.IntN(4))
			}
			d := Data(&Quiz{Questions: []Question{*q}}, DataOptions{})
			b, err := json.Marshal(d.Questions[0])
			if err != nil {
				t.Fatal(err)
			}
			a.Data = b
			questions = append(questions, q)
			all = append(all, a)
		}
	}
	texts := textsToCompare(t, random)

	var got answers
	raw := browser.RunScript(t, bundledFor(t, harness, map[string]any{"asked": all, "texts": texts}))
	if err := json.Unmarshal(raw, &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Said) != len(all) || len(got.Texts) != len(texts) {
		t.Fatalf("the browser answered %d questions of %d and %d texts of %d", len(got.Said), len(all), len(got.Texts), len(texts))
	}
	for _, l := range got.Lost {
		t.Errorf("laid into the controls and read again, a response to %v is another: %v became %v", l...)
	}
	wrong := 0
	differ := func(format string, args ...any) {
		if wrong++; wrong <= 20 {
			t.Errorf(format, args...)
		}
	}
	counts := map[string]int{}
	for i, q := range questions {
		definition, err := json.Marshal(q.Interaction(nil))
		if err != nil {
			t.Fatal(err)
		}
		if !sameJSON(definition, got.Said[i].Definition) {
			differ("%s: interaction\nGo         %s\nTypeScript %s", q.Ask.Text, definition, got.Said[i].Definition)
		}
		for j, r := range all[i].Responses {
			share := judged(q, r, all[i].Earlier[j])
			if string(r) == "null" {
				share = "refused" // the runtime knows skipped; accept only says that null is no response
			}
			response, _ := q.Response(r)
			ts := got.Said[i].Responses[j]
			counts[q.Kind+" "+strings.TrimLeft(ts.Share, "-0.123456789")]++
			if !sameShare(share, ts.Share) || response != ts.Response {
				differ("%s (%s): %s\nGo         %s, %q\nTypeScript %s, %q", q.Ask.Text, q.Kind, r, share, response, ts.Share, ts.Response)
			}
		}
	}
	for i, s := range texts {
		n := ""
		if v, ok := ParseNumber(s); ok {
			n = FormatNumber(v)
		}
		if ts := got.Texts[i]; Normalise(s) != ts[0] || n != ts[1] && !(n == "0" && ts[1] == "0") {
			differ("%+q\nGo         %+q, number %q\nTypeScript %+q, number %q", s, Normalise(s), n, ts[0], ts[1])
		}
	}
	if wrong > 20 {
		t.Errorf("and %d more", wrong-20)
	}
	for _, kind := range KindNames() {
		if counts[kind+" "]+counts[kind+" unmarked"] < 1000 {
			t.Errorf("only %d random responses of the kind %s could be marked: %v", counts[kind+" "]+counts[kind+" unmarked"], kind, counts)
		}
	}
}

// sameShare compares two shares as numbers: Go and JavaScript write 1e-7 differently.
func sameShare(a, b string) bool {
	var x, y float64
	if _, err := fmt.Sscan(a, &x); err == nil {
		if _, err := fmt.Sscan(b, &y); err == nil {
			return x == y
		}
	}
	return a == b
}

func sameJSON(a, b []byte) bool {
	var x, y any
	if json.Unmarshal(a, &x) != nil || json.Unmarshal(b, &y) != nil {
		return false
	}
	return fmt.Sprint(x) == fmt.Sprint(y) // fmt sorts keys
}

// textsToCompare are the vectors of normalise.txtar, every letter that Go knows,
// and random texts and numbers.
func textsToCompare(t *testing.T, random *rand.Rand) []string {
	var texts []string
	for _, v := range normalVectors(t) {
		texts = append(texts, v[0])
	}
	for c := rune(1); c < 0x20000; c++ {
		// Letters that a later Unicode added are known to the one and not to the other.
		if unicode.In(c, unicode.L, unicode.M, unicode.N, unicode.P, unicode.S, unicode.Z, unicode.Cc, unicode.Cf) {
			texts = append(texts, string(c))
		}
	}
	for range 5000 {
		texts = append(texts, randomText(random), randomNumber(random))
	}
	return texts
}

var alphabets = []string{
	"abcXYZ0189 .,-'\"", "कखगज़ड़ढ़क्\u200dष्\u200cािीु़ंँ०१९ ", "தகவல்ஆணையம்௦௧௯ெொ", "مرکزیدفعہ۱۹٠٬٫\u200f\u200e", "ÉßẞΣςσİıǅﬁŉΐ", "“”‘’–—−‑\u00a0\u2009\u200b\u00ad\ufeff", "[,][.][:]{}%₹",
}

func randomText(random *rand.Rand) string {
	var b strings.Builder
	for range random.IntN(12) {
		a := []rune(alphabets[random.IntN(len(alphabets))])
		for range 1 + random.IntN(4) {
			b.WriteRune(a[random.IntN(len(a))])
		}
	}
	return b.String()
}

func randomNumber(random *rand.Rand) string {
	const parts = "0123456789012345678901234567890123456789,.,.-+e ₹%०५۹٫٬−"
	a := []rune(parts)
	var b strings.Builder
	for range 1 + random.IntN(10) {
		b.WriteRune(a[random.IntN(len(a))])
	}
	return b.String()
}

// mutator makes responses that are nearly right: it knows no kind, only the
// responses of its vectors and the ids of its questions.
type mutator struct {
	*rand.Rand
	seeds   map[*Question][]any
	strings []string
}

func newMutator(random *rand.Rand, vectors []vector) *mutator {
	m := &mutator{Rand: random, seeds: map[*Question][]any{}}
	var gather func(v any)
	gather = func(v any) {
		switch v := v.(type) {
		case string:
			m.strings = append(m.strings, v)
		case []any:
			for _, w := range v {
				gather(w)
			}
		case map[string]any:
			for _, k := range slices.Sorted(mapKeys(v)) {
				m.strings = append(m.strings, k)
				gather(v[k])
			}
		}
	}
	for _, v := range vectors {
		var r any
		if json.Unmarshal(v.response, &r) == nil {
			m.seeds[v.question] = append(m.seeds[v.question], r)
			gather(r)
		}
	}
	m.strings = append(m.strings, "")
	return m
}

func mapKeys(m map[string]any) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

func (m *mutator) response(q *Question) json.RawMessage {
	seeds := m.seeds[q]
	v := m.change(q, seeds[m.IntN(len(seeds))])
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}

// change gives a value like v: as it is, a part of it, or another in its place.
func (m *mutator) change(q *Question, v any) any {
	switch v := v.(type) {
	case string:
		return m.text(q, v)
	case bool:
		if m.IntN(20) > 0 {
			return m.IntN(2) == 0
		}
	case float64:
		switch n := m.IntN(20); {
		case n < 10:
			return v
		case n < 18:
			return float64(1 + m.IntN(3))
		case n < 19:
			return float64(m.IntN(12) - 1)
		}
	case []any:
		var out []any
		for _, w := range v {
			if m.IntN(5) > 0 {
				out = append(out, m.change(q, w))
			}
		}
		for m.IntN(3) == 0 {
			out = append(out, m.text(q, ""))
		}
		m.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
		if out == nil {
			out = []any{}
		}
		return out
	case map[string]any:
		out := map[string]any{}
		for _, k := range slices.Sorted(mapKeys(v)) {
			if m.IntN(6) > 0 {
				out[k] = m.change(q, v[k])
			}
		}
		return out
	}
	return []any{nil, true, false, 0, "x", []any{}, map[string]any{}}[m.IntN(7)]
}

func (m *mutator) text(q *Question, s string) string {
	in := q.Interaction(nil)
	var ids []string
	for _, parts := range [][]Component{in.Choices, in.Scale, in.Source, in.Target, in.Steps} {
		for _, c := range parts {
			ids = append(ids, c.ID)
		}
	}
	switch n := m.IntN(20); {
	case n < 12 && len(ids) > 0:
		return ids[m.IntN(len(ids))]
	case n < 3:
		return randomText(m.Rand)
	case n < 6:
		return randomNumber(m.Rand)
	case n < 10:
		return m.strings[m.IntN(len(m.strings))]
	case n < 12:
		return strings.ToUpper(s)
	case n < 14:
		return " " + strings.ReplaceAll(s, " ", "\u00a0 ") + "\u200d"
	}
	return s
}
