package runtime_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"sopan.dev/sopan/internal/browser"
	"sopan.dev/sopan/internal/hostile"
	"sopan.dev/sopan/record"
	"sopan.dev/sopan/runtime"
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
	s.Store.Always(func(w http.ResponseWriter) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte("<!doctype html><title>Please log in</title>"))
	})
	p := browser.Open(t)
	p.Goto(s.URL + "lesson.html")
	p.WaitFor(`/log-in page/.test(document.querySelector(".records-line").textContent)`, wait)
	if got := p.Text(".records-line"); !strings.Contains(got, "1 record waiting") {
		t.Errorf("the foot says %q", got)
	}
	s.Store.Always(busy)
	p.Click(".records-line button")
	p.WaitFor(`/busy/.test(document.querySelector(".records-line").textContent)`, wait)
	s.Store.Always(nil)
	p.Eval(`document.querySelector(".records-line button").click()`, nil) // it may have gone out by itself meanwhile
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

// Fault 45: one record of 70 KiB and thirty of 3 KB wait when the page goes. The farewell carries what fits; after the next
// visit each is stored once.
func TestWhatAFarewellCannotCarryGoesOutOnTheNextVisit(t *testing.T) {
	s := newSite(t, true)
	s.Store.Fail(busy)
	p := browser.Open(t)
	p.Goto(s.URL + "quiz.html")
	ready(p, ".q-actions:not([hidden])")
	p.WaitFor(`/busy|Saved on this device$/.test(document.querySelector(".records-line").innerText.trim())`, wait)
	p.EvalAsync(fmt.Sprintf(`(async () => {
		const db = await new Promise(done => { const r = indexedDB.open("sopan"); r.onsuccess = () => done(r.result) });
		const tx = db.transaction("rows", "readwrite"), rows = tx.objectStore("rows"), site = %q, learner = "0b0e5a8e-3f5e-4b52-9a51-1f6f5d2f7a11";
		for (let n = 0; n <= 30; n++) {
			const id = crypto.randomUUID(), name = "x".repeat(n ? 3000 : 70 * 1024);
			rows.put({place: 100 + n, statement: {id, timestamp: "2026-03-01T10:00:00.000Z", actor: {objectType: "Agent", account: {homePage: site, name: learner}},
				verb: {id: "http://adlnet.gov/expapi/verbs/experienced", display: {en: "experienced"}}, object: {objectType: "Activity", id: site + "/l" + n, definition: {name: {en: name}}},
				context: {language: "en", platform: "Sopan", contextActivities: {category: [{objectType: "Activity", id: site + "/profile"}]}}}}, "outbox " + site + " " + learner + " " + id);
		}
		await new Promise(done => tx.oncomplete = done);
		db.close();
	})()`, siteID), nil)
	p.Click(choice("1", "a"))
	p.Click("#q-1 .q-check")
	saved(p)
	p.Goto("about:blank")
	p.Goto(s.URL + "lesson.html")
	for end := time.Now().Add(wait); len(s.Store.Verbs()) < 33 && time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		p.Eval(`[...document.querySelectorAll(".records-line button")].find(b => b.textContent === "Send now" && !b.hidden)?.click()`, nil)
	}
	s.Store.mu.Lock()
	defer s.Store.mu.Unlock()
	times := map[string]int{}
	for _, one := range s.Store.statements {
		times[one["object"].(map[string]any)["id"].(string)]++
	}
	for n := range 31 {
		if id := fmt.Sprintf("%s/l%d", siteID, n); times[id] != 1 {
			t.Errorf("%s is stored %d times", id, times[id])
		}
	}
}

// Fault 46: no script trusts a beacon, and a farewell that is blocked, or swallowed with a fine answer, loses nothing.
func TestAFarewellIsAHint(t *testing.T) {
	for _, script := range runtime.Scripts() {
		if strings.Contains(string(bundle(t, script.Name+".ts", script.Words(words(t, "en")))), "sendBeacon") {
			t.Errorf("the script %s sends beacons", script.Name)
		}
	}
	for name, fake := range map[string]string{
		"blocked":   `Promise.reject(new TypeError("blocked"))`,
		"swallowed": `Promise.resolve(new Response("[]"))`,
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, true)
			s.Store.Fail(busy)
			p := browser.Open(t)
			p.Before(`{ const real = window.fetch; window.fetch = (to, init) => init?.keepalive ? ` + fake + ` : real(to, init); }`)
			p.Goto(s.URL + "quiz.html")
			ready(p, ".q-actions:not([hidden])")
			p.Click(choice("1", "a"))
			p.Click("#q-1 .q-check")
			saved(p)
			p.Goto(s.URL + "lesson.html")
			for end := time.Now().Add(wait); len(s.Store.Verbs()) < 3 && time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
				p.Eval(`[...document.querySelectorAll(".records-line button")].find(b => b.textContent === "Send now" && !b.hidden)?.click()`, nil)
			}
			got := s.Store.Verbs()
			slices.Sort(got)
			if !slices.Equal(slices.Compact(slices.Clone(got)), []string{"answered", "initialized"}) || strings.Count(strings.Join(got, " "), "answered") != 1 {
				t.Errorf("stored are %v", got)
			}
		})
	}
}

// Fault 50: without Web Locks, BroadcastChannel and randomUUID two tabs still have one learner, and each answer is stored once.
func TestAnOldBrowserLosesNothing(t *testing.T) {
	s := newSite(t, true)
	old := `delete window.BroadcastChannel; delete Crypto.prototype.randomUUID; Object.defineProperty(Navigator.prototype, "locks", {value: undefined});`
	p := browser.Open(t)
	p.Before(old)
	p.Goto(s.URL + "quiz.html")
	ready(p, ".q-actions:not([hidden])")
	other := p.NewTab()
	other.Before(old)
	other.Goto(s.URL + "exam.html")
	ready(other, ".quiz-submit")
	p.Click(choice("1", "a"))
	p.Click("#q-1 .q-check")
	p.WaitFor(`document.querySelector("#q-1 .q-verdict.right")`, wait)
	other.Click(choice("1", "a"))
	other.Click(".quiz-submit")
	other.WaitFor(`!document.querySelector(".quiz-result").hidden`, wait)
	s.Store.Holds(t, "completed", "m/exam")
	s.Store.Holds(t, "answered", "m/check/1")
	p.WaitFor(`document.querySelector(".records-line").innerText.trim() === "Saved on this device"`, wait)
	other.WaitFor(`document.querySelector(".records-line").innerText.trim() === "Saved on this device"`, wait)
	s.Store.mu.Lock()
	defer s.Store.mu.Unlock()
	count, actors := map[string]int{}, map[string]bool{}
	for _, one := range s.Store.statements {
		verb := one["verb"].(map[string]any)["id"].(string)
		count[verb[strings.LastIndex(verb, "/")+1:]+" "+one["object"].(map[string]any)["id"].(string)]++
		actors[one["actor"].(map[string]any)["account"].(map[string]any)["name"].(string)] = true
	}
	for _, want := range []string{"answered " + siteID + "/m/check/1", "answered " + siteID + "/m/exam/1", "completed " + siteID + "/m/exam"} {
		if count[want] != 1 {
			t.Errorf("stored %d times: %s", count[want], want)
		}
	}
	if len(actors) != 1 {
		t.Errorf("one learner has %d numbers", len(actors))
	}
}

// Fault 52: a store that does not take records from this site is said to be one, and the queue is kept until it does.
func TestAStoreOnAnotherOriginThatRefusesThisSite(t *testing.T) {
	s := newSite(t, true)
	var open atomic.Bool
	stored := hostile.Scripted()
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !open.Load() {
			w.WriteHeader(http.StatusNoContent) // no word of who may read it
			return
		}
		stored.ServeHTTP(w, r)
	}))
	t.Cleanup(elsewhere.Close)
	s.page("far.html", "lesson", quizItem("far"), elsewhere.URL+"/xapi", `<div class="prose"><p>Text.</p></div>`)
	s.write("far.html", strings.Replace(read(t, filepath.Join(s.Dir, "far.html")), "connect-src 'self'", "connect-src 'self' "+elsewhere.URL, 1))
	p := browser.Open(t)
	p.Goto(s.URL + "far.html")
	p.WaitFor(`/does not take records from this site/.test(document.querySelector(".records-line").textContent)`, wait)
	if got := p.Text(".records-line"); !strings.Contains(got, "waiting") {
		t.Errorf("the foot says %q", got)
	}
	open.Store(true)
	p.Click(".records-line button")
	p.WaitFor(`document.querySelector(".records-line").innerText.trim() === "Saved on this device"`, wait)
	if len(stored.Statements()) == 0 {
		t.Error("nothing is stored")
	}
}

// Fault 54: where nothing can be kept on the device, what waits can still be saved as a file.
func TestWithoutAnyStorageRecordsAreSavedAsAFile(t *testing.T) {
	s := newSite(t, true)
	s.Store.Always(busy)
	dir := t.TempDir()
	p := browser.Open(t)
	p.Downloads(dir)
	p.Before(`Object.defineProperty(window, "indexedDB", {get() { throw new DOMException("no", "SecurityError"); }});
Object.defineProperty(window, "localStorage", {get() { throw new DOMException("no", "SecurityError"); }});`)
	p.Goto(s.URL + "quiz.html")
	p.WaitFor(`document.querySelector(".banner-fleeting[role=alert]")`, wait)
	p.WaitFor(`document.querySelector(".q-actions:not([hidden])")`, wait)
	p.Click(choice("1", "a"))
	p.Click("#q-1 .q-check")
	p.WaitFor(`/records waiting/.test(document.querySelector(".records-line").textContent)`, wait)
	p.WaitFor(`[...document.querySelectorAll(".records-line button")].some(b => b.textContent === "Save as a file" && !b.hidden)`, wait)
	p.Eval(`[...document.querySelectorAll(".records-line button")].find(b => b.textContent === "Save as a file").click()`, nil)
	file := savedFile(t, dir)
	if text, _ := json.Marshal(file["waiting"]); !strings.Contains(string(text), "verbs/answered") {
		t.Errorf("the file holds %s", text)
	}
}
