package runtime_test

import (
	"reflect"
	"strings"
	"testing"

	"sopan.dev/sopan/internal/browser"
)

// opened opens the case study of the small site.
func opened(t *testing.T, s *site) *browser.Page {
	t.Helper()
	p := browser.Open(t)
	p.Goto(s.URL + "case.html")
	ready(p, ".case.is-played")
	return p
}

// reach takes a decision and waits until the reader stands at the scene's heading.
func reach(p *browser.Page, decision, heading string) {
	p.Click(decision)
	p.WaitFor(`document.activeElement.textContent === "`+heading+`"`, wait)
}

func pageSays(t *testing.T, p *browser.Page, selector string, wanted ...string) {
	t.Helper()
	got := p.Text(selector)
	for _, want := range wanted {
		if !strings.Contains(got, want) {
			t.Errorf("%s lacks %q:\n%s", selector, want, got)
		}
	}
}

func TestACaseIsPlayedSceneByScene(t *testing.T) {
	s := newSite(t, true)
	p := opened(t, s)
	if n := p.Count(".scene:not([hidden])"); n != 1 {
		t.Fatalf("%d scenes are shown at once", n)
	}
	reach(p, `#start a[href="#search"]`, "The store room")
	saved(p)
	p.Reload()
	ready(p, ".case.is-played")
	p.WaitFor(`!document.querySelector("#search").hidden`, wait)
	pageSays(t, p, ".path", "The counter closes", "The store room")
	reach(p, `#search a[href="#found"]`, "Found")
	pageSays(t, p, "#found .case-end", "You earned 4 points. No other way earns more.", "Keeping records: 2 (the best way: 2)", "The counter closes: Order a search (+3)")
	if verbs, want := s.Store.WaitFor(t, 4), []string{"initialized", "answered", "answered", "completed"}; !reflect.DeepEqual(verbs, want) {
		t.Errorf("recorded were %v, want %v", verbs, want)
	}
	clean(t, p)
}

func TestTheEndOfACaseTellsTheBestWayAndWhereItParted(t *testing.T) {
	s := newSite(t, false)
	p := opened(t, s)
	reach(p, `#start a[href="#deny"]`, "A complaint")
	pageSays(t, p, "#deny .case-end", "You earned -1 points. The best way earns 4.", "Keeping records: 0 (the best way: 2)",
		`You chose “Reply "not traceable"” (−1). The best way goes on with “Order a search” (+3).`, "The store room: Go yourself (+1)")
	clean(t, p)
}

func TestDecidingOtherwiseOnTheWayDropsTheStepsAfterItAndSaysSo(t *testing.T) {
	s := newSite(t, true)
	p := opened(t, s)
	reach(p, `#start a[href="#search"]`, "The store room")
	reach(p, `.path li:first-child button`, "The counter closes")
	pageSays(t, p, ".case-said", "the steps after this one are dropped")
	pageSays(t, p, `#start a[href="#search"]`, "You chose this.")
	if n := p.Count(".path li"); n != 2 {
		t.Errorf("looking back leaves %d steps, want 2", n)
	}
	// The same decision again goes on, and is recorded once.
	reach(p, `#start a[href="#search"]`, "The store room")
	p.Eval(`history.back()`, nil)
	p.WaitFor(`document.activeElement.textContent === "The counter closes"`, wait)
	reach(p, `#start a[href="#deny"]`, "A complaint")
	pageSays(t, p, ".case-said", "The step after it was dropped.")
	if got := p.Text(".path"); strings.Contains(got, "store room") {
		t.Errorf("the way still holds what was dropped: %q", got)
	}
	if verbs, want := s.Store.WaitFor(t, 4), []string{"initialized", "answered", "answered", "completed"}; !reflect.DeepEqual(verbs, want) {
		t.Errorf("recorded were %v, want %v", verbs, want)
	}
	clean(t, p)
}

func TestAWayThatIsDoneIsKeptAndTheBestAttemptCounts(t *testing.T) {
	s := newSite(t, true)
	p := opened(t, s)
	reach(p, `#start a[href="#search"]`, "The store room")
	reach(p, `#search a[href="#found"]`, "Found")
	reach(p, `.path li:nth-child(2) button`, "The store room")
	pageSays(t, p, ".case-said", "a new attempt begins; this one is kept")
	reach(p, `#search a[href="#deny"]`, "A complaint")
	pageSays(t, p, ".case-said", "Attempt 2 begins.")
	pageSays(t, p, "#deny .case-end", "Your attempts so far:", "4 points, to “Found”", "3 points, to “A complaint”", "The best attempt counts.")
	p.Click("#deny .case-end .button")
	p.WaitFor(`document.activeElement.textContent === "The counter closes"`, wait)
	pageSays(t, p, ".case-said", "Attempt 3 begins.")
	saved(p)
	p.Reload()
	ready(p, ".case.is-played")
	p.WaitFor(`!document.querySelector("#start").hidden && document.querySelectorAll(".path li").length === 1`, wait)
	s.Store.WaitFor(t, 8)
	var scaled []any
	for _, one := range kept(s.Store) {
		if verb(one) == "completed" {
			scaled = append(scaled, one["result"].(map[string]any)["score"].(map[string]any)["scaled"])
		}
	}
	if want := []any{1.0, 0.75}; !reflect.DeepEqual(scaled, want) {
		t.Errorf("the attempts came to %v, want %v", scaled, want)
	}
	p.Goto(s.URL + "my.html")
	p.WaitFor(`/100%/.test(document.querySelector(".my-records").textContent)`, wait)
	clean(t, p)
}

func TestADecisionIsRecordedAsAStepOfAPerformance(t *testing.T) {
	s := newSite(t, true)
	p := opened(t, s)
	reach(p, `#start a[href="#search"]`, "The store room")
	s.Store.WaitFor(t, 2)
	for _, one := range kept(s.Store) {
		if verb(one) != "answered" {
			continue
		}
		object := one["object"].(map[string]any)
		definition := object["definition"].(map[string]any)
		result := one["result"].(map[string]any)
		if object["id"] != siteID+"/m/file/start" || definition["interactionType"] != "performance" || result["response"] != "start[.]search" ||
			result["extensions"].(map[string]any)[siteID+"/profile/points"] != 3.0 {
			t.Errorf("recorded was %v", one)
		}
		return
	}
	t.Error("no decision is recorded")
}

// verb is the short name of a statement's verb.
func verb(statement map[string]any) string {
	id, _ := statement["verb"].(map[string]any)["id"].(string)
	return id[strings.LastIndex(id, "/")+1:]
}

// kept gives what the store has.
func kept(s *recordStore) []map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]map[string]any{}, s.statements...)
}
