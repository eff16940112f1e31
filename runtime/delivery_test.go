package runtime_test

import (
	"encoding/json"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"sopan.dev/sopan/internal/browser"
	"sopan.dev/sopan/record"
)

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// Fault 40: a captive portal's HTML with 200, then 503: nothing is lost, and "Send now" sends it.
func TestALogInPageIsNoAcknowledgement(t *testing.T) {
	s := newSite(t, true)
	s.Store.Fail(func(w http.ResponseWriter) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte("<!doctype html><title>Please log in</title>"))
	}, busy)
	p := browser.Open(t)
	p.Goto(s.URL + "lesson.html")
	p.WaitFor(`/log-in page/.test(document.querySelector(".records-line").textContent)`, wait)
	if got := p.Text(".records-line"); !strings.Contains(got, "1 record waiting") {
		t.Errorf("the foot says %q", got)
	}
	p.Click(".records-line button")
	p.WaitFor(`/busy/.test(document.querySelector(".records-line").textContent)`, wait)
	p.Click(".records-line button")
	p.WaitFor(`document.querySelector(".records-line").innerText.trim() === "Saved on this device"`, wait)
	if got := s.Store.WaitFor(t, 1); !slices.Equal(got, []string{"initialized"}) {
		t.Errorf("stored are %v", got)
	}
}

// Faults 40 and 52: offline is said as such, and what waits goes out when the network is back.
func TestOfflineWaitsAndGoesOutByItself(t *testing.T) {
	s := newSite(t, true)
	p := browser.Open(t)
	p.Goto(s.URL + "quiz.html")
	ready(p, ".q-actions:not([hidden])")
	p.Offline(true)
	p.Click(choice("1", "a"))
	p.Click("#q-1 .q-check")
	p.WaitFor(`/You are offline/.test(document.querySelector(".records-line").textContent)`, wait)
	p.Offline(false)
	got := s.Store.WaitFor(t, 2)
	if !slices.Equal(got, []string{"initialized", "answered"}) {
		t.Errorf("stored are %v", got)
	}
	p.WaitFor(`document.querySelector(".records-line").innerText.trim() === "Saved on this device"`, wait)
}

// Fault 44: refused means a person has to act, and says so.
func TestARefusalIsSaid(t *testing.T) {
	s := newSite(t, true)
	s.Store.Fail(func(w http.ResponseWriter) { http.Error(w, "no", http.StatusUnauthorized) })
	p := browser.Open(t)
	p.Goto(s.URL + "lesson.html")
	p.WaitFor(`/Tell your institute/.test(document.querySelector(".records-line.needs-you").textContent)`, wait)
}

// Every statement has the shape that xAPI asks for, no null among it, and one learner.
func TestRecordsHaveTheShapeOfStatements(t *testing.T) {
	s := newSite(t, true)
	p := browser.Open(t)
	p.Goto(s.URL + "quiz.html")
	ready(p, ".q-actions:not([hidden])")
	p.Click(choice("1", "a"))
	p.Click(".quiz-submit")
	p.WaitFor(`!document.querySelector(".quiz-result").hidden`, wait)
	s.Store.WaitFor(t, 7)
	s.Store.mu.Lock()
	defer s.Store.mu.Unlock()
	actors := map[string]bool{}
	for _, one := range s.Store.statements {
		text, _ := json.Marshal(one)
		if _, _, err := record.Read(text); err != nil {
			t.Errorf("our own record store refuses it: %v\n%s", err, text)
		}
		if strings.Contains(string(text), "null") || strings.Contains(string(text), "mbox") {
			t.Errorf("a null or an e-mail address: %s", text)
		}
		actor, _ := json.Marshal(one["actor"])
		actors[string(actor)] = true
		for _, key := range []string{"id", "timestamp", "actor", "verb", "object", "context"} {
			if one[key] == nil {
				t.Errorf("a statement lacks %s: %s", key, text)
			}
		}
	}
	if len(actors) != 1 {
		t.Errorf("one learner has %d actors: %v", len(actors), actors)
	}
}

func TestASiteWithoutAnEndpointRecordsNothing(t *testing.T) {
	s := newSite(t, false)
	p := browser.Open(t)
	p.Goto(s.URL + "quiz.html")
	ready(p, ".q-actions:not([hidden])")
	p.Click(choice("1", "a"))
	p.Click("#q-1 .q-check")
	p.WaitFor(`document.querySelector("#q-1 .q-verdict.right")`, wait)
	saved(p)
	if got := p.Text(".records-line"); got != "Saved on this device" {
		t.Errorf("the foot says %q", got)
	}
	for _, r := range p.Requests() {
		if r.Method != "GET" {
			t.Errorf("asked for %s %s", r.Method, r.URL)
		}
	}
	var rows []string
	p.EvalAsync(`new Promise(r => { const q = indexedDB.open("sopan"); q.onsuccess = () => { const a = q.result.transaction("rows").objectStore("rows").getAllKeys(); a.onsuccess = () => r(a.result); }; })`, &rows)
	for _, key := range rows {
		if strings.HasPrefix(key, "outbox") {
			t.Errorf("a record waits: %s", key)
		}
	}
}

// Fault 61: two learners on one device have separate progress, and ending a session leaves nothing behind.
func TestLearnersOnOneDeviceAreApart(t *testing.T) {
	s := newSite(t, true)
	p := browser.Open(t)
	p.Goto(s.URL + "short.html")
	ready(p, ".done-button")
	p.Click(".done-button")
	p.WaitFor(`document.querySelector(".done-button").textContent === "Done"`, wait)
	other := p.NewTab()
	other.Goto(s.URL + "short.html")
	other.WaitFor(`document.querySelector(".done-button")?.textContent === "Done"`, wait)
	p.Goto(s.URL + "my.html")
	ready(p, ".my-items")
	if got := p.Text(".my-items"); !strings.Contains(got, "Short: done") {
		t.Errorf("kept is %q", got)
	}
	// The tab that is still open may have begun the lesson for whoever comes next before this page says what is kept.
	changed := func(button string) {
		t.Helper()
		before := p.Text(".my-kept dd")
		p.Eval(`window.confirm = () => true; [...document.querySelectorAll(".my-records button")].find(b => b.textContent === "`+button+`").click()`, nil)
		p.WaitFor(`(kept => kept?.querySelector("dd") && kept.querySelector("dd").textContent !== "`+before+`" && !/Short: done/.test(kept.textContent))(document.querySelector(".my-kept"))`, wait)
	}
	changed("Someone else is learning now")
	// A page of the first learner that is still open becomes the second's.
	other.WaitFor(`document.querySelector(".done-button")?.textContent === "Mark as done"`, wait)
	p.Goto(s.URL + "short.html")
	ready(p, ".done-button")
	if got := p.Text(".done-button"); got != "Mark as done" {
		t.Errorf("the second learner meets %q", got)
	}
	p.Goto(s.URL + "my.html")
	ready(p, ".my-others button")
	changed("End session")
	// What the two did was sent under two ids before it was removed.
	s.Store.WaitFor(t, 4)
	p.Click(".my-others button")
	p.WaitFor(`/Short: done/.test(document.querySelector(".my-items")?.textContent)`, wait)
}
