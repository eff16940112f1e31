package runtime_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"sopan.dev/sopan/internal/browser"
)

// What a shared device holds of a learner when they leave it.

// everything is all that the browser keeps for this site, as text.
const everything = `(async () => {
	const db = await new Promise(done => { const r = indexedDB.open("sopan"); r.onsuccess = () => done(r.result) });
	const rows = db.transaction("rows").objectStore("rows");
	const all = await Promise.all([rows.getAllKeys(), rows.getAll()].map(r => new Promise(done => r.onsuccess = () => done(r.result))));
	db.close();
	return JSON.stringify([...all, {...localStorage}, {...sessionStorage}, document.cookie]);
})()`

func press(p *browser.Page, button string) {
	p.Eval(`[...document.querySelectorAll(".my-records button")].find(b => b.textContent === "`+button+`").click()`, nil)
}

// saved reads the file that the page has saved, waiting for it.
func savedFile(t *testing.T, dir string) map[string]any {
	t.Helper()
	for end := time.Now().Add(wait); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		files, _ := filepath.Glob(filepath.Join(dir, "my-learning*.json"))
		for _, f := range files {
			var content map[string]any
			if b, err := os.ReadFile(f); err == nil && json.Unmarshal(b, &content) == nil {
				return content
			}
		}
	}
	t.Fatalf("no file was saved in %s", dir)
	return nil
}

// Fault 61: with a store that cannot be reached, ending a session saves what waits as a file before anything is removed; who
// says no keeps all.
func TestASessionEndsWithWhatWaitsSavedAsAFile(t *testing.T) {
	s := newSite(t, true)
	s.Store.Always(busy)
	dir := t.TempDir()
	p := browser.Open(t)
	p.Downloads(dir)
	p.Goto(s.URL + "quiz.html")
	ready(p, ".q-actions:not([hidden])")
	p.Click(choice("1", "a"))
	p.Click("#q-1 .q-check")
	p.WaitFor(`document.querySelector("#q-1 .q-verdict.right")`, wait)
	saved(p)
	p.Goto(s.URL + "my.html")
	ready(p, ".my-kept dd")
	learner := p.Text(".my-kept dd")

	// No at the first question, and no at the second, when the store has not taken them.
	var before, after string
	p.EvalAsync(everything, &before)
	for _, answers := range []string{"[false]", "[true, false]"} {
		p.Eval(`window.asked = []; { const answers = `+answers+`; window.confirm = words => { asked.push(words); return answers[asked.length - 1]; } }`, nil)
		press(p, "End session")
		p.WaitFor(`asked.length === `+answers+`.length`, wait)
	}
	var asked []string
	p.Eval(`asked`, &asked)
	if !strings.Contains(asked[1], "could not be sent") {
		t.Errorf("the second question is %q", asked[1])
	}
	p.EvalAsync(everything, &after)
	if !strings.Contains(after, learner) || strings.Count(after, "verbs/answered") != strings.Count(before, "verbs/answered") {
		t.Error("who said no has lost something")
	}
	if files, _ := os.ReadDir(dir); len(files) > 0 {
		t.Error("a file was saved before anybody agreed")
	}

	p.Eval(`window.confirm = () => true`, nil)
	press(p, "End session")
	p.WaitFor(`document.querySelector(".my-kept dd") && document.querySelector(".my-kept dd").textContent !== "`+learner+`"`, wait)
	p.EvalAsync(everything, &after)
	if strings.Contains(after, learner) {
		t.Errorf("something of the learner is left: %s", after)
	}
	file := savedFile(t, dir)
	waiting, _ := file["waiting"].([]any)
	if who, _ := file["learner"].(map[string]any); who["id"] != learner || len(waiting) < 2 {
		t.Errorf("the file is of %v and holds %d records", who, len(waiting))
	}
}

// Fault 61: with a store that answers, ending a session sends what waits before anything is removed, and saves no file.
func TestASessionEndsWithWhatWaitsSent(t *testing.T) {
	s := newSite(t, true)
	s.Store.Always(busy)
	dir := t.TempDir()
	p := browser.Open(t)
	p.Downloads(dir)
	p.Goto(s.URL + "quiz.html")
	ready(p, ".q-actions:not([hidden])")
	p.Click(choice("1", "a"))
	p.Click("#q-1 .q-check")
	p.WaitFor(`/busy/.test(document.querySelector(".records-line").textContent)`, wait)
	s.Store.Always(nil)
	p.Goto(s.URL + "my.html")
	ready(p, ".my-kept dd")
	learner := p.Text(".my-kept dd")
	p.Eval(`window.confirm = () => true`, nil)
	press(p, "End session")
	p.WaitFor(`document.querySelector(".my-kept dd") && document.querySelector(".my-kept dd").textContent !== "`+learner+`"`, wait)
	if got := s.Store.Verbs(); !slices.Contains(got, "answered") {
		t.Errorf("stored are %v", got)
	}
	var after string
	p.EvalAsync(everything, &after)
	if strings.Contains(after, learner) {
		t.Errorf("something of the learner is left: %s", after)
	}
	if files, _ := os.ReadDir(dir); len(files) > 0 {
		t.Errorf("a file was saved: %v", files)
	}
}

// Fault 61: when somebody else learns, what the first one left waits on and goes out under their own number; the second is not
// told of it as theirs, and does not get it in their file.
func TestWhatAnotherLearnerLeftGoesOutUnderTheirNumber(t *testing.T) {
	s := newSite(t, true)
	s.Store.Fail(func(w http.ResponseWriter) { http.Error(w, "no", http.StatusForbidden) })
	p := browser.Open(t)
	p.Goto(s.URL + "quiz.html")
	ready(p, ".q-actions:not([hidden])")
	p.Click(choice("1", "a"))
	p.Click("#q-1 .q-check")
	p.WaitFor(`/Tell your institute/.test(document.querySelector(".records-line").textContent)`, wait)
	p.Goto(s.URL + "my.html")
	ready(p, ".my-kept dd")
	first := p.Text(".my-kept dd")
	press(p, "Someone else is learning now")
	p.WaitFor(`document.querySelector(".my-kept dd") && document.querySelector(".my-kept dd").textContent !== "`+first+`"`, wait)
	second := p.Text(".my-kept dd")
	var shown string
	p.Eval(`document.querySelector(".my-kept pre").textContent`, &shown)
	if strings.Contains(shown, first) || strings.Contains(shown, "verbs/answered") {
		t.Errorf("the second learner sees what the first did: %s", shown)
	}
	if line := p.Text(".records-line"); strings.Contains(line, "waiting") {
		t.Errorf("the foot tells the second learner %q", line)
	}
	p.Goto(s.URL + "short.html")
	ready(p, ".done-button")
	p.Click(".done-button")
	// The second one's own record is on its way; the pause of an hour ends when a person asks.
	p.WaitFor(`[...document.querySelectorAll(".records-line button")].some(b => b.textContent === "Send now" && !b.hidden)`, wait)
	p.Eval(`[...document.querySelectorAll(".records-line button")].find(b => b.textContent === "Send now").click()`, nil)
	s.Store.WaitFor(t, 4)
	by := map[string][]string{}
	s.Store.mu.Lock()
	defer s.Store.mu.Unlock()
	for _, one := range s.Store.statements {
		name := one["actor"].(map[string]any)["account"].(map[string]any)["name"].(string)
		verb := one["verb"].(map[string]any)["id"].(string)
		by[name] = append(by[name], verb[strings.LastIndex(verb, "/")+1:])
	}
	if !slices.Contains(by[first], "answered") || !slices.Contains(by[second], "completed") || len(by) != 2 {
		t.Errorf("stored are %v; the first is %s, the second %s", by, first, second)
	}
}

// Fault 69: a name that is typed for the certificate is on the device alone, and in the learner's own file.
func TestFault69ANameStaysOnTheDevice(t *testing.T) {
	s := newSite(t, true)
	p := browser.Open(t)
	p.Goto(s.URL + "my.html")
	ready(p, "#my-name")
	p.Type("#my-name", "Asha Verma")
	p.Press("Tab")
	p.WaitFor(`/Saved/.test(document.querySelector(".my-said").textContent)`, wait)
	p.Goto(s.URL + "quiz.html")
	ready(p, ".q-actions:not([hidden])")
	p.Click(choice("1", "a"))
	p.Click(".quiz-submit")
	p.WaitFor(`!document.querySelector(".quiz-result").hidden`, wait)
	s.Store.WaitFor(t, 6)
	s.Store.mu.Lock()
	defer s.Store.mu.Unlock()
	text, _ := json.Marshal(s.Store.statements)
	for _, secret := range []string{"Asha", "mbox", "@", "openid"} {
		if strings.Contains(string(text), secret) {
			t.Errorf("the records hold %q: %s", secret, text)
		}
	}
}
