package lms_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"sopan.dev/sopan/internal/lms"
)

// Whatever the specification forbids has to be refused here, or the tests of packages prove nothing.

const oneUnit = `<?xml version="1.0" encoding="UTF-8"?>
<courseStructure xmlns="https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd">
<course id="https://example.org/c"><title><langstring lang="en">C</langstring></title><description><langstring lang="en">C</langstring></description></course>
<au id="https://example.org/c/unit" moveOn="CompletedAndPassed" masteryScore="0.6"><title><langstring lang="en">U</langstring></title><description><langstring lang="en">U</langstring></description><url>index.html</url></au>
</courseStructure>`

func zipOf(t *testing.T, files map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, text := range files {
		f, err := w.Create(name)
		if err == nil {
			_, err = f.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestAPackageThatBreaksARuleIsNotImported(t *testing.T) {
	with := func(old, new string) map[string]string {
		if !strings.Contains(oneUnit, old) {
			t.Fatalf("the sample has no %s", old)
		}
		return map[string]string{"cmi5.xml": strings.Replace(oneUnit, old, new, 1), "index.html": "x"}
	}
	unit := oneUnit[strings.Index(oneUnit, "<au "):strings.Index(oneUnit, "</courseStructure>")]
	for _, c := range []struct {
		number, name string
		files        map[string]string
	}{
		{"3.0.0.0-1", "an id that is no whole IRI", with(`id="https://example.org/c/unit"`, `id="unit"`)},
		{"8.1.0.0-6", "an address with a parameter of the launch", with("index.html", "index.html?fetch=x")},
		{"13.1.4.0-1", "two units with one id", with(unit, unit+unit)},
		{"13.2.0.0-1", "no unit", with(unit, "")},
		{"13.2.0.0-1", "a moveOn that there is not", with("CompletedAndPassed", "Done")},
		{"13.2.0.0-1", "a masteryScore over 1", with(`"0.6"`, `"60"`)},
		{"13.2.0.0-1", "no title", with(`<langstring lang="en">U</langstring>`, "")},
		{"13.2.0.0-1", "another namespace", with("cmi5/v1/CourseStructure.xsd", "cmi5/v2")},
		{"14.1.0.0-2", "no cmi5.xml", map[string]string{"index.html": "x"}},
		{"14.1.0.0-3", "an address without a file", with("index.html", "start.html")},
	} {
		l, err := lms.Open(zipOf(t, c.files))
		if err == nil {
			l.Close()
		}
		if err == nil || !strings.Contains(err.Error(), c.number) {
			t.Errorf("%s %s: imported with %v", c.number, c.name, err)
		}
	}
	if _, err := lms.Open([]byte("no zip")); err == nil || !strings.Contains(err.Error(), "14.1.0.0-1") {
		t.Errorf("what is no zip was imported with %v", err)
	}
}

// unit is an assignable unit in Go, which may do wrong.
type unit struct {
	t      *testing.T
	s      *lms.Session
	query  url.Values
	token  string
	number int
}

func open(t *testing.T) *lms.LMS {
	t.Helper()
	l, err := lms.Open(zipOf(t, map[string]string{"cmi5.xml": oneUnit, "index.html": "x"}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	return l
}

func launched(t *testing.T, s *lms.Session) *unit {
	t.Helper()
	at, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	return &unit{t: t, s: s, query: at.Query()}
}

// begin does all that a unit does before its first statement.
func begin(t *testing.T, s *lms.Session) *unit {
	t.Helper()
	u := launched(t, s)
	u.fetch()
	u.get("activities/state?" + u.state("LMS.LaunchData"))
	u.get("agents/profile?" + url.Values{"agent": {u.query.Get("actor")}, "profileId": {"cmi5LearnerPreferences"}}.Encode())
	return u
}

func (u *unit) fetch() string {
	u.t.Helper()
	r, err := http.Post(u.query.Get("fetch"), "", nil)
	if err != nil {
		u.t.Fatal(err)
	}
	defer r.Body.Close()
	body, _ := io.ReadAll(r.Body)
	var answer map[string]string
	if err := json.Unmarshal(body, &answer); err != nil || r.StatusCode != 200 {
		u.t.Fatalf("the fetch address answers %d %s", r.StatusCode, body)
	}
	if answer["auth-token"] != "" {
		u.token = "Basic " + answer["auth-token"]
	}
	return string(body)
}

func (u *unit) state(id string) string {
	return url.Values{"agent": {u.query.Get("actor")}, "activityId": {u.query.Get("activityId")}, "registration": {u.query.Get("registration")}, "stateId": {id}}.Encode()
}

func (u *unit) ask(method, path, body string, change ...func(*http.Request)) (int, string) {
	u.t.Helper()
	r, err := http.NewRequest(method, u.query.Get("endpoint")+path, strings.NewReader(body))
	if err != nil {
		u.t.Fatal(err)
	}
	r.Header.Set("Authorization", u.token)
	r.Header.Set("X-Experience-API-Version", "1.0.3")
	r.Header.Set("Content-Type", "application/json")
	for _, c := range change {
		c(r)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		u.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, _ := io.ReadAll(answer.Body)
	return answer.StatusCode, string(text)
}

func (u *unit) get(path string) { u.ask("GET", path, "") }

// statement is a right one, with changes: "result.duration" -> value; nil takes the part away.
func (u *unit) statement(verb string, change map[string]any) string {
	u.number++
	category := []any{map[string]any{"id": "https://w3id.org/xapi/cmi5/context/categories/cmi5"}}
	result := map[string]any{}
	extensions := map[string]any{"https://w3id.org/xapi/cmi5/context/extensions/sessionid": u.s.ID, "https://lms.example.org/cohort": map[string]any{"name": "2026", "of": []any{1, nil}}}
	switch verb {
	case "completed":
		result["completion"] = true
	case "passed", "failed":
		result["success"] = verb == "passed"
		result["score"] = map[string]any{"scaled": map[string]float64{"passed": 0.8, "failed": 0.2}[verb]}
		extensions["https://w3id.org/xapi/cmi5/context/extensions/masteryscore"] = 0.6
	}
	if len(result) > 0 {
		category = append(category, map[string]any{"id": "https://w3id.org/xapi/cmi5/context/categories/moveon"})
	}
	if verb != "initialized" && verb != "answered" {
		result["duration"] = "PT1S"
	}
	s := map[string]any{
		"id": fmt.Sprintf("00000000-0000-4000-8000-%012d", u.number), "timestamp": "2026-11-21T10:00:00.000Z",
		"actor": json.RawMessage(u.query.Get("actor")), "verb": map[string]any{"id": "http://adlnet.gov/expapi/verbs/" + verb},
		"object": map[string]any{"id": u.query.Get("activityId")},
		"context": map[string]any{
			"registration": u.query.Get("registration"), "extensions": extensions,
			"contextActivities": map[string]any{"category": category, "grouping": []any{map[string]any{"objectType": "Activity", "id": "https://example.org/c/unit"}}},
		},
	}
	if verb == "answered" {
		s["object"] = map[string]any{"id": "https://example.org/c/q"}
		delete(s["context"].(map[string]any)["contextActivities"].(map[string]any), "category")
	} else if len(result) > 0 {
		s["result"] = result
	}
	for path, value := range change {
		parts := strings.Split(path, "|")
		at := s
		for _, p := range parts[:len(parts)-1] {
			next, ok := at[p].(map[string]any)
			if !ok {
				next = map[string]any{}
				at[p] = next
			}
			at = next
		}
		if last := parts[len(parts)-1]; value == nil {
			delete(at, last)
		} else {
			at[last] = value
		}
	}
	b, err := json.Marshal(s)
	if err != nil {
		u.t.Fatal(err)
	}
	return string(b)
}

func (u *unit) send(statements ...string) (int, string) {
	u.t.Helper()
	return u.ask("POST", "statements", "["+strings.Join(statements, ",")+"]")
}

func (u *unit) must(statements ...string) {
	u.t.Helper()
	if status, text := u.send(statements...); status != 200 {
		u.t.Fatalf("refused with %d %s:\n%v", status, text, statements)
	}
}

func TestARightSessionIsTaken(t *testing.T) {
	l := open(t)
	s := l.Launch(lms.Launch{})
	u := begin(t, s)
	first := u.statement("initialized", nil)
	u.must(first)
	u.must(first) // whose answer was lost
	if !s.Open() || l.Met(s) {
		t.Error("after initialized the session is not open, or met already")
	}
	u.must(u.statement("answered", nil), u.statement("completed", nil), u.statement("passed", nil))
	u.must(u.statement("terminated", nil))
	if s.Open() || !l.Met(s) {
		t.Error("after terminated the session is open, or not met")
	}
	if v := l.Violations(); len(v) > 0 {
		t.Errorf("violations: %v", v)
	}
	if got := strings.Join(definedVerbs(l.Statements()), " "); got != "launched initialized completed passed terminated" {
		t.Errorf("stored are %s", got)
	}
}

func TestWhatIsForbiddenIsRefusedByItsNumber(t *testing.T) {
	half := 0.5
	type doing = func(u *unit)
	statements := func(list ...string) doing {
		return func(u *unit) {
			for i, verb := range list {
				if text := u.statement(verb, nil); i == len(list)-1 {
					u.send(text)
				} else {
					u.must(text)
				}
			}
		}
	}
	changed := func(verb, path string, value any) doing {
		return func(u *unit) {
			if verb != "initialized" {
				u.must(u.statement("initialized", nil))
			}
			u.send(u.statement(verb, map[string]any{path: value}))
		}
	}
	const extensions = "context|extensions|"
	for _, c := range []struct {
		number, name string
		how          lms.Launch
		do           doing
	}{
		{"9.3.0.0-4", "a statement before initialized", lms.Launch{}, statements("answered")},
		{"9.3.0.0-4", "completed before initialized", lms.Launch{}, statements("completed")},
		{"9.3.2.0-3", "initialized twice", lms.Launch{}, statements("initialized", "initialized")},
		{"7.1.2.0-1", "a statement after terminated", lms.Launch{}, statements("initialized", "terminated", "answered")},
		{"7.1.2.0-1", "terminated twice", lms.Launch{}, statements("initialized", "terminated", "terminated")},
		{"7.1.2.0-1", "one behind terminated in a batch", lms.Launch{}, func(u *unit) {
			u.send(u.statement("initialized", nil), u.statement("terminated", nil), u.statement("answered", nil))
		}},
		{"9.3.0.0-2", "completed twice in a session", lms.Launch{}, statements("initialized", "completed", "completed")},
		{"9.3.0.0-3", "passed and failed in a session", lms.Launch{}, statements("initialized", "failed", "passed")},
		{"9.3.0.0-6", "completed in two sessions", lms.Launch{}, nil},
		{"9.3.0.0-7", "passed in two sessions", lms.Launch{}, nil},
		{"9.3.0.0-8", "failed after passed", lms.Launch{}, nil},
		{"9.3.0.0-1", "a verb that a unit has not", lms.Launch{}, statements("initialized", "launched")},
		{"9.6.2.1-1", "a verdict about the unit without the category", lms.Launch{}, changed("completed", "context|contextActivities|category", nil)},
		{"9.1.0.0-1", "no id", lms.Launch{}, changed("completed", "id", nil)},
		{"8.1.3.0-3", "another actor", lms.Launch{}, changed("completed", "actor", map[string]any{"mbox": "mailto:a@b.in"})},
		{"6.3.0.0-1", "voiding", lms.Launch{}, func(u *unit) {
			u.must(u.statement("initialized", nil))
			u.send(u.statement("answered", map[string]any{"verb|id": "http://adlnet.gov/expapi/verbs/voided", "object": map[string]any{"objectType": "StatementRef", "id": "00000000-0000-4000-8000-000000000001"}}))
		}},
		{"9.7.0.0-1", "no timestamp", lms.Launch{}, changed("completed", "timestamp", nil)},
		{"9.7.0.0-2", "India's time", lms.Launch{}, changed("answered", "timestamp", "2026-11-21T10:00:00+05:30")},
		{"9.5.1.0-3", "raw alone", lms.Launch{}, changed("answered", "result", map[string]any{"score": map[string]any{"raw": 1}})},
		{"8.1.5.0-6", "the AU's own id", lms.Launch{}, changed("completed", "object|id", "https://example.org/c/unit")},
		{"10.2.1.0-6", "no context", lms.Launch{}, changed("answered", "context", nil)},
		{"9.6.3.1-4", "no session id", lms.Launch{}, changed("answered", extensions+"https://w3id.org/xapi/cmi5/context/extensions/sessionid", nil)},
		{"9.6.1.0-1", "another registration", lms.Launch{}, changed("completed", "context|registration", "00000000-0000-4000-8000-000000000001")},
		{"10.2.1.0-7", "a part of the template is gone", lms.Launch{}, changed("answered", extensions+"https://lms.example.org/cohort", nil)},
		{"10.2.1.0-7", "a part of the template is changed", lms.Launch{}, changed("answered", extensions+"https://lms.example.org/cohort|name", "2027")},
		{"10.2.1.0-7", "the grouping is gone", lms.Launch{}, changed("answered", "context|contextActivities|grouping", nil)},
		{"9.6.2.2-2", "moveon where nothing moves", lms.Launch{}, changed("answered", "context|contextActivities|category", []any{map[string]any{"id": "https://w3id.org/xapi/cmi5/context/categories/moveon"}})},
		{"9.6.2.2-1", "a verdict without moveon", lms.Launch{}, changed("passed", "context|contextActivities|category", []any{map[string]any{"id": "https://w3id.org/xapi/cmi5/context/categories/cmi5"}})},
		{"9.5.1.0-2", "completed with a score", lms.Launch{}, changed("completed", "result|score", map[string]any{"scaled": 1})},
		{"9.5.2.0-1", "passed without success", lms.Launch{}, changed("passed", "result|success", false)},
		{"9.5.2.0-2", "failed with success", lms.Launch{}, changed("failed", "result|success", true)},
		{"9.5.2.0-3", "completed with success", lms.Launch{}, changed("completed", "result|success", true)},
		{"9.5.3.0-1", "completed without completion", lms.Launch{}, changed("completed", "result|completion", false)},
		{"9.5.3.0-2", "passed with completion", lms.Launch{}, changed("passed", "result|completion", true)},
		{"9.5.4.1-1", "terminated without duration", lms.Launch{}, changed("terminated", "result", nil)},
		{"9.5.4.1-2", "completed without duration", lms.Launch{}, changed("completed", "result|duration", nil)},
		{"9.5.4.1-3", "passed without duration", lms.Launch{}, changed("passed", "result|duration", nil)},
		{"9.5.4.1-4", "failed without duration", lms.Launch{}, changed("failed", "result|duration", nil)},
		{"9.3.4.0-2", "passed below the mastery score", lms.Launch{}, changed("passed", "result|score|scaled", 0.5)},
		{"9.3.5.0-2", "failed at the mastery score", lms.Launch{}, changed("failed", "result|score|scaled", 0.6)},
		{"9.3.5.0-2", "failed at an administrator's mastery score", lms.Launch{MasteryScore: &half}, changed("failed", "result|score|scaled", 0.5)},
		{"9.6.3.2-2", "a verdict that does not name the mastery score", lms.Launch{}, changed("passed", extensions+"https://w3id.org/xapi/cmi5/context/extensions/masteryscore", nil)},
		{"10.2.2.0-9", "completed while browsing", lms.Launch{Mode: "Browse"}, statements("initialized", "completed")},
		{"10.2.2.0-11", "passed while reviewing", lms.Launch{Mode: "Review"}, statements("initialized", "passed")},
		{"xapi", "a null", lms.Launch{}, changed("completed", "result|response", json.RawMessage("null"))},
		{"8.2.3.0-1", "the token a second time", lms.Launch{}, func(u *unit) {
			if got := u.fetch(); !strings.Contains(got, `"error-code":"1"`) || strings.Contains(got, "auth-token") {
				t.Errorf("the second fetch got %s", got)
			}
		}},
		{"8.1.2.0-4", "GET of the token", lms.Launch{}, func(u *unit) {
			r, err := http.Get(u.query.Get("fetch"))
			if err != nil {
				t.Fatal(err)
			}
			r.Body.Close()
		}},
		{"8.1.2.0-5", "another token", lms.Launch{}, func(u *unit) { u.token = "Basic eDp5"; u.get("statements?statementId=x") }},
		{"xapi", "no version", lms.Launch{}, func(u *unit) {
			u.ask("GET", "statements?statementId=x", "", func(r *http.Request) { r.Header.Del("X-Experience-API-Version") })
		}},
		{"10.2.1.0-5", "writing the launch data", lms.Launch{}, func(u *unit) { u.ask("PUT", "activities/state?"+u.state("LMS.LaunchData"), "{}") }},
		{"8.1.4.0-3", "a state of another registration", lms.Launch{}, func(u *unit) {
			u.query.Set("registration", "00000000-0000-4000-8000-000000000001")
			u.ask("PUT", "activities/state?"+u.state("x"), "{}")
		}},
		{"11.0.0.0-4", "a profile of another name", lms.Launch{}, func(u *unit) {
			u.get("agents/profile?" + url.Values{"agent": {u.query.Get("actor")}, "profileId": {"mine"}}.Encode())
		}},
		{"11.0.0.0-1", "a profile of another agent", lms.Launch{}, func(u *unit) {
			u.get("agents/profile?" + url.Values{"agent": {`{"mbox":"mailto:a@b.in"}`}, "profileId": {"cmi5LearnerPreferences"}}.Encode())
		}},
	} {
		t.Run(c.number+" "+c.name, func(t *testing.T) {
			l := open(t)
			if c.do == nil {
				// What must not happen twice in a registration, in two sessions.
				first := map[string]string{"9.3.0.0-6": "completed", "9.3.0.0-7": "passed", "9.3.0.0-8": "passed"}[c.number]
				second := map[string]string{"9.3.0.0-8": "failed"}[c.number]
				if second == "" {
					second = first
				}
				u := begin(t, l.Launch(c.how))
				u.must(u.statement("initialized", nil), u.statement(first, nil), u.statement("terminated", nil))
				c.do = statements("initialized", second)
				u2 := begin(t, l.Launch(c.how))
				u2.number = u.number
				c.do(u2)
			} else {
				u := begin(t, l.Launch(c.how))
				u.t = t
				c.do(u)
			}
			v := l.Violations()
			if len(v) != 1 || v[0].Requirement != c.number {
				t.Errorf("violations %v, want one of %s", v, c.number)
			}
		})
	}
}

func TestWhatHasToComeFirstIsAskedFor(t *testing.T) {
	l := open(t)
	u := launched(t, l.Launch(lms.Launch{}))
	u.fetch()
	u.send(u.statement("initialized", nil))
	u.get("activities/state?" + u.state("LMS.LaunchData"))
	u.send(u.statement("initialized", nil))
	var got []string
	for _, v := range l.Violations() {
		got = append(got, v.Requirement)
	}
	if strings.Join(got, " ") != "10.2.1.0-4 11.0.0.0-3" {
		t.Errorf("violations: %v", l.Violations())
	}
}

// A batch is stored whole or not at all, and one that was refused leaves the session as it was.
func TestARefusedBatchChangesNothing(t *testing.T) {
	l := open(t)
	u := begin(t, l.Launch(lms.Launch{}))
	u.must(u.statement("initialized", nil))
	completed := u.statement("completed", nil)
	if status, _ := u.send(completed, u.statement("terminated", map[string]any{"result": nil})); status != 400 {
		t.Errorf("answered %d", status)
	}
	u.must(completed, u.statement("terminated", nil))
	if got := strings.Join(definedVerbs(l.Statements()), " "); got != "launched initialized completed terminated" {
		t.Errorf("stored are %s", got)
	}
}

func TestAnotherStatementUnderAKnownIDIsAConflict(t *testing.T) {
	l := open(t)
	u := begin(t, l.Launch(lms.Launch{}))
	u.must(u.statement("initialized", nil))
	u.number--
	if status, _ := u.send(u.statement("completed", nil)); status != 409 {
		t.Errorf("answered %d, want 409", status)
	}
}

func TestDocumentsHaveETags(t *testing.T) {
	l := open(t)
	u := begin(t, l.Launch(lms.Launch{}))
	at := "activities/state?" + u.state("mine")
	match := func(name, tag string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, tag) }
	}
	for _, step := range []struct {
		method, body string
		change       func(*http.Request)
		want         int
	}{
		{"GET", "", nil, 404},
		{"PUT", `{"a":1}`, match("If-None-Match", "*"), 204},
		{"PUT", `{"a":2}`, match("If-None-Match", "*"), 412},
		{"PUT", `{"a":2}`, match("If-Match", `"x"`), 412},
		{"PUT", `{"a":2}`, match("If-Match", "*"), 204},
		{"PUT", `{"a":`, match("X", ""), 400},
		{"GET", "", nil, 200},
		{"DELETE", "", nil, 204},
		{"GET", "", nil, 404},
	} {
		if step.change == nil {
			step.change = func(*http.Request) {}
		}
		if status, text := u.ask(step.method, at, step.body, step.change); status != step.want {
			t.Errorf("%s %s answered %d %s, want %d", step.method, step.body, status, text, step.want)
		}
	}
}
