package lms_test

import (
	"encoding/json"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sopan.dev/sopan/internal/browser"
	"sopan.dev/sopan/internal/lms"
	"sopan.dev/sopan/record"
)

const (
	sessionIRI  = "https://w3id.org/xapi/cmi5/context/extensions/sessionid"
	masteryIRI  = "https://w3id.org/xapi/cmi5/context/extensions/masteryscore"
	categoryIRI = "https://w3id.org/xapi/cmi5/context/categories/"
	theCourse   = "https://example.org/small/tiny"
	document    = "sopan.notebook"
)

// A learner reads, fails, passes and leaves. Of each requirement that binds an assignable unit and that a run can show,
// there is a test by its number. The platform refuses most breaches itself; these look at what it was told.
func TestAUnitDoesWhatItMust(t *testing.T) {
	l := platform(t, "cmi5")
	asked := listened(l)
	s := l.Launch(lms.Launch{})
	who := launch(t, browser.Open(t), s)
	who.read()
	who.answer(false)
	who.again()
	who.answer(true)
	who.leave()
	got := wait(t, l, "terminated", 1)
	requests := asked()
	own := got[1:] // the first is the platform's "launched"

	var defined []record.Statement
	by := map[string]record.Statement{}
	for _, st := range own {
		if v := lms.Defined(st); v != "" {
			defined = append(defined, st)
			by[v] = st
		}
	}
	every := func(list []record.Statement, what string, is func(record.Statement) bool) func(*testing.T) {
		return func(t *testing.T) {
			if len(list) < 4 {
				t.Fatalf("only %d statements", len(list))
			}
			for _, st := range list {
				if !is(st) {
					t.Errorf("%s: %s", what, st.Raw)
				}
			}
		}
	}
	raw := func(st record.Statement) (v struct {
		Actor   json.RawMessage
		Context map[string]any
		Result  map[string]any
	}) {
		if err := json.Unmarshal(st.Raw, &v); err != nil {
			t.Fatal(err)
		}
		return v
	}
	categories := func(st record.Statement) (cmi5, moveOn bool) {
		for _, c := range st.Context.ContextActivities.Category {
			cmi5 = cmi5 || c.ID == categoryIRI+"cmi5"
			moveOn = moveOn || c.ID == categoryIRI+"moveon"
		}
		return
	}
	isDefined := func(st record.Statement) bool { return lms.Defined(st) != "" }
	count := func(verb string) int {
		return len(slices.DeleteFunc(slices.Clone(definedVerbs(own)), func(v string) bool { return v != verb }))
	}
	at := func(request string) int { return slices.Index(requests, request) }
	once := func(verb string) func(*testing.T) {
		return func(t *testing.T) {
			if n := count(verb); n != 1 {
				t.Errorf("%s came %d times", verb, n)
			}
		}
	}
	lasts := func(verb string) func(*testing.T) {
		return func(t *testing.T) {
			if r := by[verb].Result; r == nil || r.Duration == "" || r.Duration == "PT0S" {
				t.Errorf("%s: %s", verb, by[verb].Raw)
			}
		}
	}

	for _, c := range []struct {
		number, name string
		test         func(*testing.T)
	}{
		{"4.1.0.0-1", "what it sends is xAPI", func(t *testing.T) { judgedByOthers(t, own) }},
		{"7.1.1.0-1", "initialized is sent when the course is ready", once("initialized")},
		{"9.3.2.0-2", "initialized is the first statement", func(t *testing.T) {
			if lms.Defined(own[0]) != "initialized" {
				t.Errorf("the first is %s", own[0].Raw)
			}
		}},
		{"9.3.2.0-3", "initialized once a session", once("initialized")},
		{"7.1.2.0-1", "terminated is the last statement", func(t *testing.T) {
			if lms.Defined(own[len(own)-1]) != "terminated" {
				t.Errorf("the last is %s", own[len(own)-1].Raw)
			}
		}},
		{"7.1.3.0-1", "allowed statements stand between the two", func(t *testing.T) {
			if n := len(own) - len(defined); n < 8 {
				t.Errorf("only %d allowed statements came", n)
			}
		}},
		{"8.1.1.0-3", "records go below the endpoint", func(t *testing.T) {
			for _, r := range requests {
				if !strings.Contains(r, " /statements") && !strings.Contains(r, " /activities/state ") && !strings.Contains(r, " /agents/profile ") && r != "POST /fetch" {
					t.Errorf("asked for %s", r)
				}
			}
		}},
		{"8.1.2.0-4", "the token is fetched by POST, once and before all else", func(t *testing.T) {
			if at("POST /fetch") != 0 || slices.Contains(requests[1:], "POST /fetch") {
				t.Errorf("requests: %v", requests)
			}
		}},
		{"8.2.1.0-5", "the token stands in each request", func(t *testing.T) { without(t, l) }},
		{"10.2.1.0-4", "then the launch data is read", func(t *testing.T) {
			if at("GET /activities/state LMS.LaunchData") != 1 {
				t.Errorf("requests: %v", requests)
			}
		}},
		{"11.0.0.0-3", "then the learner's preferences", func(t *testing.T) {
			if at("GET /agents/profile cmi5LearnerPreferences") != 2 {
				t.Errorf("requests: %v", requests)
			}
		}},
		{"11.0.0.0-4", "under their name", func(t *testing.T) {
			for _, r := range requests {
				if strings.Contains(r, "/agents/profile") && !strings.HasSuffix(r, " cmi5LearnerPreferences") {
					t.Errorf("asked for %s", r)
				}
			}
		}},
		{"10.2.1.0-5", "the launch data is never written", func(t *testing.T) {
			for _, r := range requests {
				if strings.HasSuffix(r, "LMS.LaunchData") && !strings.HasPrefix(r, "GET") {
					t.Errorf("asked for %s", r)
				}
			}
		}},
		{"8.1.3.0-3", "the actor is the launch's, word for word", every(own, "another actor", func(st record.Statement) bool {
			return string(raw(st).Actor) == `{"account":{"homePage":"https://lms.example.org","name":"learner-1"},"objectType":"Agent"}`
		})},
		{"9.2.0.0-2", "an Agent", every(own, "no agent", func(st record.Statement) bool { return st.Actor.ObjectType == "Agent" })},
		{"8.1.4.0-3", "the registration is the launch's", every(own, "another registration", func(st record.Statement) bool { return st.Context.Registration == s.Registration })},
		{"8.1.5.0-6", "defined statements are about the activityId", every(defined, "another object", func(st record.Statement) bool {
			return st.Object.ID == defined[0].Object.ID && strings.HasPrefix(st.Object.ID, l.API)
		})},
		{"9.1.0.0-1", "each has a UUID", every(own, "no UUID", func(st record.Statement) bool { return record.IsUUID(st.ID) })},
		{"9.3.0.0-1", "defined statements use cmi5's verbs", func(t *testing.T) {
			if got := said(own); got != "initialized completed passed terminated" {
				t.Errorf("they are %s", got)
			}
		}},
		{"9.3.0.0-3", "one verdict a session: failed waits, and gives way to passed", func(t *testing.T) {
			if count("failed") != 0 || count("passed") != 1 {
				t.Errorf("they are %s", said(own))
			}
		}},
		{"9.3.3.0-1", "completed when the rule of the course is met", once("completed")},
		{"9.3.4.0-1", "passed when the course is passed", once("passed")},
		{"9.3.4.0-2", "a score of passed reaches the mastery score", func(t *testing.T) {
			if r := by["passed"].Result; r.Score == nil || r.Score.Scaled == nil || *r.Score.Scaled < 0.6 {
				t.Errorf("passed: %s", by["passed"].Raw)
			}
		}},
		{"9.3.8.0-1", "terminated is sent", once("terminated")},
		{"9.5.1.0-2", "no score but on a verdict", every(defined, "a score", func(st record.Statement) bool {
			return lms.Defined(st) == "passed" || st.Result == nil || st.Result.Score == nil
		})},
		{"9.5.1.0-3", "raw has min and max", every(own, "raw alone", func(st record.Statement) bool {
			return st.Result == nil || st.Result.Score == nil || st.Result.Score.Raw == nil || st.Result.Score.Min != nil && st.Result.Score.Max != nil
		})},
		{"9.5.2.0-1", "passed has success", func(t *testing.T) {
			if r := by["passed"].Result; r.Success == nil || !*r.Success {
				t.Errorf("passed: %s", by["passed"].Raw)
			}
		}},
		{"9.5.2.0-3", "no other has success", every(defined, "success", func(st record.Statement) bool {
			return lms.Defined(st) == "passed" || st.Result == nil || st.Result.Success == nil
		})},
		{"9.5.3.0-1", "completed has completion", func(t *testing.T) {
			if r := by["completed"].Result; r.Completion == nil || !*r.Completion {
				t.Errorf("completed: %s", by["completed"].Raw)
			}
		}},
		{"9.5.3.0-2", "no other has completion", every(defined, "completion", func(st record.Statement) bool {
			return lms.Defined(st) == "completed" || st.Result == nil || st.Result.Completion == nil
		})},
		{"9.5.4.1-1", "terminated tells how long", lasts("terminated")},
		{"9.5.4.1-2", "completed tells how long", lasts("completed")},
		{"9.5.4.1-3", "passed tells how long", lasts("passed")},
		{"9.6.0.0-1", "each has a context", every(own, "no context", func(st record.Statement) bool { return st.Context != nil && st.Context.ContextActivities != nil })},
		{"9.6.2.1-1", "the category cmi5 on defined statements alone", every(own, "category", func(st record.Statement) bool {
			cmi5, _ := categories(st)
			return cmi5 == (st.Object.ID == defined[0].Object.ID)
		})},
		{"9.6.2.2-1", "the category moveon where success or completion is", every(defined, "category", func(st record.Statement) bool {
			_, moveOn := categories(st)
			return moveOn == (st.Result != nil && (st.Result.Success != nil || st.Result.Completion != nil))
		})},
		{"9.6.2.2-2", "and nowhere else", every(own, "category", func(st record.Statement) bool {
			_, moveOn := categories(st)
			return !moveOn || isDefined(st)
		})},
		{"9.6.3.1-4", "the session id on all", every(own, "session id", func(st record.Statement) bool {
			return string(st.Context.Extensions[sessionIRI]) == `"`+s.ID+`"`
		})},
		{"9.6.3.2-2", "the mastery score on a verdict", func(t *testing.T) {
			if string(by["passed"].Context.Extensions[masteryIRI]) != "0.6" {
				t.Errorf("passed: %s", by["passed"].Raw)
			}
		}},
		{"9.7.0.0-1", "each has a time", every(own, "no time", func(st record.Statement) bool { return st.Timestamp != "" })},
		{"9.7.0.0-2", "in UTC", every(own, "another zone", func(st record.Statement) bool { return strings.HasSuffix(st.Timestamp, "Z") })},
		{"10.2.1.0-6", "the context template is in each", every(own, "template", func(st record.Statement) bool {
			grouping := st.Context.ContextActivities.Grouping
			return len(grouping) > 0 && grouping[0].ID == theCourse+"/unit" &&
				string(st.Context.Extensions["https://lms.example.org/cohort"]) == `{"name":"2026","of":[1,null]}`
		})},
		{"10.2.1.0-7", "and nothing of it is overwritten", func(t *testing.T) { without(t, l) }},
		{"10.2.2.0-1", "normally what satisfies is recorded", func(t *testing.T) {
			if !l.Met(s) {
				t.Error("the platform's criterion is not met")
			}
		}},
		{"10.2.2.0-6", "normally initialized and terminated are sent", func(t *testing.T) {
			if count("initialized") != 1 || count("terminated") != 1 {
				t.Errorf("they are %s", said(own))
			}
		}},
	} {
		t.Run(c.number+" "+c.name, c.test)
	}
	without(t, l)
	twice(t, got)
	if docs := s.Documents(); !slices.Equal(docs, []string{document}) || !strings.Contains(string(s.Document(document)), `"tiny item one":{"state":"done"`) {
		t.Errorf("documents %v: %s", docs, s.Document(document))
	}
}

// judgedByOthers hands statements to a validator that is not ours.
func judgedByOthers(t *testing.T, list []record.Statement) {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, st := range list {
		b.Write(append(st.Raw, '\n'))
	}
	cmd := exec.Command("node", "-e", `
		const judge = require("xapi-validation").default;
		const lines = require("fs").readFileSync(0, "utf8").trim().split("\n");
		let bad = judge({}).length ? 0 : 1; // it does judge
		for (const line of lines) {
			for (const w of judge(JSON.parse(line))) { bad++; console.log(w.name, w.path.join("."), line); }
		}
		console.log(lines.length, "statements");
		process.exit(bad ? 1 : 0);`)
	cmd.Dir, cmd.Stdin = root, strings.NewReader(b.String())
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), fmt.Sprintf("%d statements", len(list))) {
		t.Errorf("xapi-validation, which make setup installs: %v\n%s", err, out)
	}
}
