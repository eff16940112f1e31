package simulate

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write golden files and the reference in docs/records.md anew")

// The reference of statements in docs/records.md is made of the golden files, so that it says what is so: which verbs there
// are, which fields each has had, and an example that was recorded. The words below say what they mean; a verb or a field
// without words fails the test, and so do words for what nobody leaves.

// when says when a statement with a verb is made, in the order of the reference.
var when = []struct{ verb, words string }{
	{"initialized", "A lesson, a quiz or a case study is begun; an attempt at a quiz or a case has one of its own. On a cmi5 platform the launch has one, too."},
	{"experienced", "A lesson that is done already is read to its end again."},
	{"completed", "A lesson is done, an attempt at a quiz handed in, a case study at its end; the course, when its rule is met."},
	{"progressed", "More of the course is done than before."},
	{"answered", "A question was marked: when the learner asks for it, else when the attempt is handed in. In a case study: a decision was taken."},
	{"responded", "A question was answered that nothing marks: a checklist, a scale, a text; anything in a survey, a 360 or a sealed quiz."},
	{"skipped", "A question was left empty when the attempt was handed in. It is neither right nor wrong."},
	{"passed", "An attempt at a quiz reached its pass mark; the course, at most once, when its rule is met and a quiz was passed."},
	{"failed", "An attempt at a quiz did not reach its pass mark; the course, at most once and never after `passed`, when quizzes that were not passed are all that is missing."},
	{"registered", "The learner gave the number that the host asks for."},
	{"voided", "The learner took the number back."},
	{"terminated", "On a cmi5 platform: the session is over."},
}

// means says what a field is. PROFILE is the id of the site and `/profile`, or `:profile` where the id is a urn.
var means = map[string]string{
	"id":                                "a UUID; derived where it can happen once an attempt: `initialized`, `completed`, `passed`, `failed`, `skipped`",
	"timestamp":                         "when it happened, UTC, by the device's clock",
	"actor.objectType":                  "`Agent`",
	"actor.account.homePage":            "the site's id; on a platform what the platform says",
	"actor.account.name":                "the learner's random id on this device; on a platform what the platform says",
	"verb.id":                           "the verb's IRI",
	"verb.display.LANG":                 "the verb in a word",
	"object.objectType":                 "`Activity`; of `voided` `StatementRef`",
	"object.id":                         "the course, the item, or the question behind its quiz's id; of `voided` the statement that is void",
	"object.definition.type":            "course, lesson, assessment (a quiz), simulation (a case study), cmi.interaction (a question, a scene)",
	"object.definition.name.LANG":       "its title, or the question's words, in the language of the page",
	"object.definition.interactionType": "the xAPI interaction that the kind of question is",
	"object.definition.correctResponsesPattern[]":               "what is right; never of a sealed quiz",
	"object.definition.choices[].id":                            "a choice, or a step to put in order: a hash of its words, unless the author named it",
	"object.definition.choices[].description.LANG":              "its words",
	"object.definition.scale[].id":                              "a point of a scale",
	"object.definition.scale[].description.LANG":                "its words",
	"object.definition.source[].id":                             "what is to be matched or sorted",
	"object.definition.source[].description.LANG":               "its words",
	"object.definition.target[].id":                             "what it is matched with, or sorted into",
	"object.definition.target[].description.LANG":               "its words",
	"object.definition.steps[].id":                              "an entry of a checklist, or the scene of a case study",
	"object.definition.steps[].description.LANG":                "its words",
	"context.registration":                                      "the attempt: one at the course, and one for each attempt at a quiz or a case; on a platform the enrolment",
	"context.language":                                          "the language of the page",
	"context.platform":                                          "`Sopan`",
	"context.contextActivities.category[].objectType":           "`Activity`",
	"context.contextActivities.category[].id":                   "PROFILE; on a cmi5 platform also its categories",
	"context.contextActivities.category[].definition.type":      "the type of PROFILE",
	"context.contextActivities.grouping[].objectType":           "`Activity`",
	"context.contextActivities.grouping[].id":                   "the course; on a cmi5 platform also the unit",
	"context.contextActivities.grouping[].definition.type":      "course",
	"context.contextActivities.grouping[].definition.name.LANG": "its title",
	"context.contextActivities.parent[].objectType":             "`Activity`",
	"context.contextActivities.parent[].id":                     "of a question its quiz, case or lesson; of an item the course",
	"context.contextActivities.parent[].definition.type":        "its type",
	"context.contextActivities.parent[].definition.name.LANG":   "its title",
	"context.extensions.PROFILE/sequence":                       "place among all that this device recorded: the order, also where the clock jumps",
	"context.extensions.PROFILE/competencies[]":                 "the competencies that the question tests or the decision shows, with the level: `people-first:2`",
	"context.extensions.PROFILE/answered-as":                    "in a 360: who answers, as seen from the one asked about",
	"context.extensions.PROFILE/employee-id":                    "the number that was given",
	"context.extensions.PROFILE/basis":                          "the host's ground for asking",
	"context.extensions.PROFILE/attempt":                        "on a platform: the attempt, since `registration` is the enrolment",
	"context.extensions.CMI5/sessionid":                         "the cmi5 session",
	"result.response":                                           "the answer, in the form of its interaction; texts that learners write are left out",
	"result.success":                                            "whether it was right, or passed",
	"result.completion":                                         "`true` of what is done",
	"result.duration":                                           "ISO 8601, whole seconds; left out where the device's clock was set back",
	"result.score.scaled":                                       "share of the marks, -1 to 1; below 0 under a penalty for guesses; of the course the mean of its quizzes",
	"result.score.raw":                                          "marks",
	"result.score.min":                                          "0, or what the penalty leaves",
	"result.score.max":                                          "marks that there are",
	"result.extensions.PROFILE/self-reported":                   "`true`: it was computed in the learner's browser",
	"result.extensions.PROFILE/certainty":                       "how sure the learner was, 1 to 3",
	"result.extensions.PROFILE/points":                          "points of the decision",
	"result.extensions.CMI5RESULT/progress":                     "whole percent of the course that are done",
}

// own tells whether a field belongs to some verbs; the others are described once for all of them.
var own = regexp.MustCompile(`^result\.|^object\.definition\.(interactionType|correctResponsesPattern|choices|scale|source|target|steps)|^context\.extensions\.PROFILE/(competencies|answered-as|employee-id|basis)`)

const (
	cmi5Context = "https://w3id.org/xapi/cmi5/context/extensions/"
	cmi5Result  = "https://w3id.org/xapi/cmi5/result/extensions/"
)

var ofProfile = regexp.MustCompile(`^(https://example\.gov\.in/courses/profile/|urn:sopan:mission-karmayogi-sample:profile:)`)

// flatten lists the fields of a value by their paths.
func flatten(at string, v any, into map[string]bool) {
	switch v := v.(type) {
	case map[string]any:
		language := strings.HasSuffix(at, ".name") || strings.HasSuffix(at, ".display") || strings.HasSuffix(at, ".description")
		for key, value := range v {
			name := ofProfile.ReplaceAllString(key, "PROFILE/")
			name = strings.Replace(strings.Replace(name, cmi5Context, "CMI5/", 1), cmi5Result, "CMI5RESULT/", 1)
			switch {
			case strings.HasPrefix(name, "https://lms.example.org/"):
				continue // the platform's own
			case language:
				name = "LANG"
			}
			flatten(strings.TrimPrefix(at+"."+name, "."), value, into)
		}
	case []any:
		for _, value := range v {
			flatten(at+"[]", value, into)
		}
	default:
		into[at] = true
	}
}

// kind is all that was seen of the statements with one verb.
type kind struct {
	count   map[string]int // statements by field
	all     int
	example []byte
	fields  int // of the example
}

// kinds reads the golden files of learners on the web and on cmi5, without the platform's own statements.
func kinds(t *testing.T) map[string]*kind {
	t.Helper()
	files, err := filepath.Glob("testdata/every/learners/golden/*.web.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	for _, as := range []string{"web", "cmi5"} {
		more, err := filepath.Glob("../learners/golden/*." + as + ".jsonl")
		if err != nil || len(more) != 6 {
			t.Fatalf("golden files of %s: %v %v", as, more, err)
		}
		files = append(files, more...)
	}
	out := map[string]*kind{}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(b)) {
			var s map[string]any
			if err := json.Unmarshal([]byte(line), &s); err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			id := s["verb"].(map[string]any)["id"].(string)
			verb := id[strings.LastIndex(id, "/")+1:]
			if verb == "launched" {
				continue // the platform says so
			}
			k := out[verb]
			if k == nil {
				k = &kind{count: map[string]int{}}
				out[verb] = k
			}
			fields := map[string]bool{}
			flatten("", s, fields)
			k.all++
			for f := range fields {
				k.count[f]++
			}
			// The fullest one on the web, the first of these.
			if len(fields) > k.fields && (strings.Contains(file, ".web.") || k.example == nil) {
				k.example, k.fields = laidOut(t, line), len(fields)
			}
		}
	}
	return out
}

// laidOut writes a statement for people: what stands on the two upper levels a line each.
func laidOut(t *testing.T, line string) []byte {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(line))
	var b bytes.Buffer
	var value func(depth int)
	token := func() json.Token {
		tok, err := d.Token()
		if err != nil {
			t.Fatal(err)
		}
		return tok
	}
	value = func(depth int) {
		tok := token()
		delim, nested := tok.(json.Delim)
		if !nested {
			encode := json.NewEncoder(&b)
			encode.SetEscapeHTML(false)
			if err := encode.Encode(tok); err != nil {
				t.Fatal(err)
			}
			b.Truncate(b.Len() - 1) // the end of the line
			return
		}
		b.WriteString(delim.String())
		for first := true; d.More(); first = false {
			if !first {
				b.WriteString(",")
			}
			switch {
			case depth < 2:
				b.WriteString("\n" + strings.Repeat("  ", depth+1))
			case !first:
				b.WriteString(" ")
			}
			if delim == '{' {
				fmt.Fprintf(&b, "%q: ", token())
			}
			value(depth + 1)
		}
		if depth < 2 {
			b.WriteString("\n" + strings.Repeat("  ", depth))
		}
		b.WriteString(token().(json.Delim).String())
	}
	value(0)
	return b.Bytes()
}

const (
	begins = "<!-- statements: made of golden files by `go test ./simulate -run Reference -update` -->"
	ends   = "<!-- /statements -->"
)

func TestTheReferenceOfStatementsIsWhatLearnersLeave(t *testing.T) {
	seen := kinds(t)
	described := map[string]bool{}
	var b strings.Builder
	table := func(count map[string]int, all int, which func(string) bool) {
		rows := 0
		for _, field := range slices.Sorted(maps.Keys(count)) {
			if !which(field) {
				continue
			}
			if rows++; rows == 1 {
				b.WriteString("\n| field | what it is |\n| --- | --- |\n")
			}
			words, ok := means[field]
			if !ok {
				t.Errorf("a statement has the field %s, and nothing says what it means", field)
			}
			if count[field] < all {
				words += " (*some*)"
			}
			described[field] = true
			fmt.Fprintf(&b, "| `%s` | %s |\n", field, words)
		}
	}
	fmt.Fprintf(&b, "%s\n\nAll statements have these fields, but for those with *some* behind them. PROFILE is the site's id with `/profile` behind it\n", begins)
	b.WriteString("(`:profile` where the id is a urn), CMI5 and CMI5RESULT are the IRIs of cmi5's extensions, LANG is a language.\n")
	whole, all := map[string]int{}, 0
	for _, k := range seen {
		all += k.all
		for field, n := range k.count {
			whole[field] += n
		}
	}
	table(whole, all, func(field string) bool { return !own.MatchString(field) })
	b.WriteString("\nBelow stand those that come with a verb, and the fullest statement with it. Ids, times and durations are replaced.\n")
	verbs := map[string]bool{}
	for _, w := range when {
		verbs[w.verb] = true
		k := seen[w.verb]
		if k == nil {
			t.Errorf("nobody leaves a statement %s", w.verb)
			continue
		}
		fmt.Fprintf(&b, "\n### %s\n\n%s\n", w.verb, w.words)
		table(k.count, k.all, own.MatchString)
		fmt.Fprintf(&b, "\n```json\n%s\n```\n", k.example)
	}
	b.WriteString("\n" + ends + "\n")
	for verb := range seen {
		if !verbs[verb] {
			t.Errorf("somebody leaves a statement %s, and the reference does not say when", verb)
		}
	}
	for field := range means {
		if !described[field] {
			t.Errorf("no statement has the field %s", field)
		}
	}
	const file = "../docs/records.md"
	page, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, opened := strings.Cut(string(page), begins)
	_, after, closed := strings.Cut(rest, ends+"\n")
	if !opened || !closed {
		t.Fatalf("%s has no place for the reference: %s … %s", file, begins, ends)
	}
	if want := before + b.String() + after; want != string(page) {
		if !*update {
			t.Fatalf("%s is not what learners leave; write it with -update", file)
		}
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
