package quiz

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"sopan.dev/sopan/builder/source"
)

// twins are questions that look the same and have different keys, by kind. A
// page of a sealed quiz that told anything about the key would differ.
var twins = map[string][][2]string{
	"choice": {
		{"right: Delhi\n  wrong: [Agra: no, Pune]", "right: Pune\n  wrong: [Agra, Delhi: not at all]"},
		{"right: [Delhi, Agra]\n  wrong: [Pune]", "right: [Pune, Delhi]\n  wrong: [Agra]"},
		{"options: [Delhi, Agra]\n  right: Agra", "options: [Delhi, Agra]\n  right: Delhi"},
		{"right: Delhi\n  wrong: [Agra]\n  marking: fair guess", "right: Delhi\n  wrong: [Agra]\n  marking: minus 1/4"},
	},
	"truefalse": {{"right: true", "right: false"}},
	"text":      {{"answer: alphasecret\n  also: [betasecret]", "answer: gammasecret"}},
	"number":    {{"number: 47110815\n  within: 3\n  unit: rupees", "number: 15081147\n  unit: rupees"}},
	"match":     {{"match: {Request: Section 6, Appeal: Section 19}\n  extra: [Section 4]", "match: {Request: Section 4, Appeal: Section 6}\n  extra: [Section 19]"}},
	"sort":      {{"sort:\n    Pass on: [A file, A letter]\n    Keep: [A note]", "sort:\n    Pass on: [A note]\n    Keep: [A letter, A file]"}},
	"order":     {{"order: [Receive, Decide, Reply]", "order: [Reply, Receive, Decide]"}},
	"fill": {
		{"fill: Within [[alphasecret / betasecret]] days.", "fill: Within [[gammasecret]] days."},
		{"fill: Ask the [[officer | court | clerk]] now.", "fill: Ask the [[clerk | officer | court]] now."},
	},
	"write": {{"write: 50 words\n  model: alphasecret\n  rubric: {betasecret: 2}", "write: 50 words"}},
	"do":    {{"do: [Signed, Dated]\n  why: alphasecret", "do: [Signed, Dated]"}},
	"rate":  {{"rate: [No, Yes]\n  why: alphasecret", "rate: [No, Yes]"}},
}

// unsealable lists the kinds that a sealed quiz refuses.
var unsealable = map[string]string{"case": "case: the-missing-file"}

func sealedQuiz(t *testing.T, question, more string) *Quiz {
	t.Helper()
	text := "title: T\nsealed: true\npass: 60%\nquestions:\n- id: one\n  ask: What?\n  " + question + "\n" + more
	q, finds := Read(source.NewText("x.quiz.yaml", []byte(text)))
	if len(finds) > 0 {
		t.Fatalf("%s\n%s", text, spoken(finds))
	}
	return q
}

// Fault 70: whatever is right, explained or counted, the page is the same.
func TestFault70ThePageOfASealedQuizDoesNotDependOnItsKey(t *testing.T) {
	for _, kind := range KindNames() {
		if line, refused := unsealable[kind]; refused {
			_, finds := Read(source.NewText("x.quiz.yaml", []byte("title: T\nsealed: true\nquestions:\n- id: one\n  ask: What?\n  "+line+"\n")))
			if !strings.Contains(string(spoken(finds)), "quiz/sealed-kind") {
				t.Errorf("a sealed quiz takes the kind %s:\n%s", kind, spoken(finds))
			}
			continue
		}
		if len(twins[kind]) == 0 {
			t.Errorf("no twins for the kind %s: add two questions of it that look alike and differ in what is right", kind)
		}
		for _, pair := range twins[kind] {
			explained := "  why: whysecret\n  reread: a/b\n"
			if strings.Contains(pair[0], "why:") {
				explained = ""
			}
			one, other := sealedQuiz(t, pair[0], explained), sealedQuiz(t, pair[1], "")
			if got := one.Questions[0].Kind; got != kind {
				t.Fatalf("%s is of the kind %s, not %s", pair[0], got, kind)
			}
			o := FormOptions{Reread: func(Ref) (string, string) { return "rereadsecret", "rereadsecret" }}
			a, b := Form(one, o), Form(other, o)
			if !bytes.Equal(a, b) {
				t.Errorf("two quizzes that differ in their keys alone differ in their pages:\n%s\n%s", a, b)
			}
			for _, secret := range []string{"secret", "correctResponsesPattern", "\"right\"", "rule", "penalty", "data-part=\"why\"", "data-part=\"feedback\""} {
				if bytes.Contains(a, []byte(secret)) {
					t.Errorf("%s: %q stands in\n%s", kind, secret, a)
				}
			}
			if open := *one; kind != "do" && kind != "rate" {
				open.Sealed = false
				if other := *other; bytes.Equal(Form(&open, o), Form(func() *Quiz { other.Sealed = false; return &other }(), o)) {
					t.Errorf("%s: the twins do not differ when the quiz is open, so they show nothing", kind)
				}
			}
		}
	}
}

// The data of a sealed quiz are enough for a kind to take every response that
// it takes of an open one: the ids on offer are the same.
func TestASealedQuizOffersTheSameIDs(t *testing.T) {
	for kind, pairs := range twins {
		q := sealedQuiz(t, pairs[0][0], "")
		open := *q
		open.Sealed = false
		ids := func(q *Quiz) []string {
			var found []string
			var walk func(v any)
			walk = func(v any) {
				switch v := v.(type) {
				case []any:
					for _, e := range v {
						walk(e)
					}
				case map[string]any:
					if id, ok := v["id"].(string); ok && v["text"] != nil {
						found = append(found, id)
					}
					for _, e := range v {
						walk(e)
					}
				}
			}
			var v any
			if err := json.Unmarshal(Data(q, DataOptions{}).JSON(), &v); err != nil {
				t.Fatal(err)
			}
			walk(v)
			slices.Sort(found)
			return found
		}
		if got, want := ids(q), ids(&open); !slices.Equal(got, want) {
			t.Errorf("%s: %v on offer when sealed, %v when open", kind, got, want)
		}
	}
}

// A key file marks as the quiz itself does, in every language.
func TestAKeyMarksLikeItsQuiz(t *testing.T) {
	text := "title: T\nsealed: true\nquestions:\n- {id: who, ask: Who?, answer: Commission}\n- id: days\n  ask: Days?\n  right: \"30\"\n  wrong: [\"15\"]\n  marking: fair guess\n"
	hindi := "title: त\nquestions:\n  who: {ask: कौन?, answer: आयोग}\n  days: {ask: दिन?, right: \"30\", wrong: [\"15\"]}\n"
	b := Key{V: 1, ID: "urn:x", Course: "c", Quiz: "m/check", Title: "T", Source: text, Translations: map[string]string{"hi": hindi}}.JSON()
	k, err := ReadKey(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		lang, response string
		question       int
		want           float64
	}{{"", `"commission"`, 0, 1}, {"", `"आयोग"`, 0, 0}, {"hi", `"आयोग"`, 0, 1}, {"hi", `"Commission"`, 0, 1}, {"", `["` + textID("15") + `"]`, 1, -1}, {"hi", `["` + textID("30") + `"]`, 1, 1}} {
		q, err := k.Open(c.lang)
		if err != nil {
			t.Fatal(err)
		}
		got, err := q.Questions[c.question].Mark(json.RawMessage(c.response))
		if err != nil || got.Share != c.want {
			t.Errorf("%s in %q: %v %v, want %v", c.response, c.lang, got, err, c.want)
		}
	}
	for name, bad := range map[string]string{
		"no JSON": "title: T", "another file": `{"v":1}`, "a later version": strings.Replace(string(b), `"v": 1`, `"v": 2`, 1),
		"more than a key": string(b) + "{}", "an unknown field": `{"v":1,"quiz":"x","extra":1}`,
	} {
		if _, err := ReadKey(strings.NewReader(bad)); !errors.Is(err, ErrKey) {
			t.Errorf("%s: %v", name, err)
		}
	}
	k.Source = "title: T\n"
	if _, err := k.Open(""); !errors.Is(err, ErrKey) {
		t.Errorf("a key with a broken quiz opens: %v", err)
	}
}

// The kinds' scripts and the runtime rely on these names.
func TestTheContractNamesWhatIsSealed(t *testing.T) {
	b, err := os.ReadFile("../runtime/contract.ts")
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Count(b, []byte("sealed?: true")) != 2 {
		t.Error("runtime/contract.ts does not say that a quiz and a question may be sealed")
	}
}
