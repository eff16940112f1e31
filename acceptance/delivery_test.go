package acceptance

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"sopan.dev/sopan/internal/browser"
	"sopan.dev/sopan/internal/hostile"
)

// hurry makes waiting short: a clock and timers that run so many times as fast. Its beginning is the same on every page, so
// that a waiting time that one page has set ends on another. How long a page waits for its database (4 s) and for another
// tab (2 s) stays: on a busy machine both are needed.
func hurry(times int, from time.Time) string {
	return fmt.Sprintf(`(() => { const now = Date.now.bind(Date), later = setTimeout;
Date.now = () => %[2]d + (now() - %[2]d) * %[1]d;
window.setTimeout = (run, wait = 0, ...more) => later(run, wait >= 1000 && wait !== 4000 && wait !== 2000 ? wait / %[1]d : wait, ...more); })()`, times, from.UnixMilli())
}

// tell answers questions of the page as a quick learner does, one after another, always wrongly, and waits until the page
// says that all is saved. It gives what was answered: [question, choice].
const tell = `(async picks => {
	const done = [];
	for (const [at, which] of picks) {
		const field = document.querySelectorAll("form.quiz fieldset.q")[at];
		const check = field.querySelector(".q-check");
		if (field.classList.contains("is-locked")) check.click();
		const wrong = [...field.querySelectorAll("input")].filter(i => i.closest("label").textContent.includes("Wrong"));
		const input = wrong[which % wrong.length];
		// Once more where another tab had checked it: the first press only opens the question again.
		for (let i = 0; i < 2 && !field.classList.contains("is-locked"); i++) {
			input.checked = true;
			input.dispatchEvent(new Event("change", {bubbles: true}));
			check.click();
		}
		if (!field.classList.contains("is-locked")) throw new Error("the answer was not taken: " + field.textContent);
		done.push([field.dataset.q, input.value]);
	}
	const line = document.querySelector(".records-line");
	while (!line.textContent.startsWith("Saved on this device")) await new Promise(go => requestAnimationFrame(go));
	return done;
})`

// waits reads the outbox.
const waits = `(async () => {
	const db = await new Promise((done, fail) => { const r = indexedDB.open("sopan"); r.onsuccess = () => done(r.result); r.onerror = () => fail(r.error) });
	try {
		return await new Promise((done, fail) => { const r = db.transaction("rows").objectStore("rows").getAll(IDBKeyRange.bound("outbox ", "outbox \uffff")); r.onsuccess = () => done(r.result.map(row => row.statement)); r.onerror = () => fail(r.error) });
	} finally { db.close() }
})()`

// TestFault40To49NothingIsLostAndNothingComesTwice: a learner gives 500 answers to a site whose record store loses replies,
// fails, stalls, grumbles and lies, while pages are reloaded, tabs killed and the line is cut. In the end the store has each
// statement once, with the content that the page had kept. SOPAN_SEED replays a script, or several: "1,2,3".
func TestFault40To49NothingIsLostAndNothingComesTwice(t *testing.T) {
	leaveOutWhenShort(t, "a browser")
	seeds := []string{"7"}
	if given := os.Getenv("SOPAN_SEED"); given != "" {
		seeds = strings.Split(given, ",")
	}
	for _, text := range seeds {
		seed, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			t.Fatalf("SOPAN_SEED=%s: %v", text, err)
		}
		t.Run("seed "+text, func(t *testing.T) { hostileRun(t, seed) })
	}
}

func hostileRun(t *testing.T, seed uint64) {
	const answers, questions = 500, 12
	t.Logf("replay with SOPAN_SEED=%d", seed)
	store := hostile.New(seed)
	endpoint := httptest.NewServer(store)
	t.Cleanup(endpoint.Close)
	quiz := "title: Check\nquestions:\n"
	for i := range questions {
		quiz += fmt.Sprintf("- id: q%d\n  ask: Which is %d?\n  right: This\n  wrong: [Wrong a, Wrong b, Wrong c]\n", i, i)
	}
	site := buildSite(t, map[string]string{
		"sopan.yaml":                "title: Hostile\nid: https://courses.example.in/k\nlanguages: [en]\nrecords: {endpoint: " + endpoint.URL + "/xapi}\n",
		"content/c/index.md":        "---\ntitle: Course\n---\n\nText.\n",
		"content/c/10-lesson.md":    "---\ntitle: Lesson\n---\n\nText.\n",
		"content/c/check.quiz.yaml": quiz,
	})
	pages := httptest.NewServer(http.FileServer(http.Dir(site.Dir)))
	t.Cleanup(pages.Close)
	address := pages.URL + "/c/check.html"
	from := time.Now()

	open := func(p *browser.Page) *browser.Page {
		p.Before(hurry(25, from))
		p.Goto(address)
		return p
	}
	ready := func(p *browser.Page) {
		p.WaitFor(`document.querySelector(".q-actions:not([hidden])") || document.querySelector(".quiz-result:not([hidden]) .result-again")`, patience)
		if p.Count(".quiz-result:not([hidden]) .result-again") > 0 {
			p.Eval(`document.querySelector(".result-again").click()`, nil)
			p.WaitFor(`document.querySelector(".q-actions:not([hidden])")`, patience)
		}
	}
	random := rand.New(rand.NewPCG(seed, 1))
	told := map[[2]string]int{}
	kept := map[string]map[string]any{} // by id, as the outbox had it
	events := map[string]int{}
	p := open(browser.Open(t))
	offline := 0
	for n := 0; n < answers; {
		ready(p)
		picks := [][2]int{}
		for range min(1+random.IntN(12), answers-n) {
			picks = append(picks, [2]int{random.IntN(questions), random.IntN(3)})
		}
		list, _ := json.Marshal(picks)
		var done [][2]string
		p.EvalAsync(tell+"("+string(list)+")", &done)
		for _, one := range done {
			told[one]++
		}
		n += len(done)
		if random.IntN(3) == 0 {
			var now []map[string]any
			p.EvalAsync(waits, &now)
			for _, one := range now {
				kept[one["id"].(string)] = one
			}
		}
		if offline > 0 {
			if offline--; offline == 0 {
				p.Offline(false)
			}
		}
		event := []string{"go on", "reload", "kill", "cut the line", "leave and come back", "another tab", "send now", "hand in", "two tabs"}[random.IntN(9)]
		if offline > 0 && event != "kill" && event != "another tab" { // the others need the line
			event = "go on"
		}
		events[event]++
		switch event {
		case "reload":
			p.Reload()
		case "kill":
			next := p.NewTab()
			p.Crash()
			p, offline = open(next), 0
		case "cut the line":
			p.Offline(true)
			offline = 1 + random.IntN(3)
		case "leave and come back":
			p.Goto(pages.URL + "/c/lesson.html")
			p.Back()
		case "another tab":
			next := open(p.NewTab())
			p.Close()
			p, offline = next, 0
		case "two tabs":
			other := open(p.NewTab())
			ready(other)
			var done [][2]string
			other.EvalAsync(tell+"([[0,0],[1,1]])", &done)
			for _, one := range done {
				told[one]++
			}
			other.Close()
			p.Reload()
		case "send now":
			p.Eval(`[...document.querySelectorAll(".records-line button")].find(b => b.textContent === "Send now" && !b.hidden)?.click()`, nil)
		case "hand in":
			p.Eval(`document.querySelector(".quiz-submit").click()`, nil)
			p.WaitFor(`document.querySelector(".quiz-result:not([hidden]) .result-again")`, patience)
		}
	}

	// The weather clears. What waits goes out; what was set aside is saved as a file, and sent from there.
	store.Peace()
	p.Offline(false)
	p.Goto(pages.URL + "/records.html")
	for end := time.Now().Add(2 * patience); ; {
		var now []map[string]any
		if p.EvalAsync(waits, &now); len(now) == 0 {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("the foot still says %q", p.Text(".records-line"))
		}
		p.Eval(`[...document.querySelectorAll(".records-line button")].find(b => b.textContent === "Send now" && !b.hidden)?.click()`, nil)
		time.Sleep(100 * time.Millisecond)
	}
	p.Reload()
	p.WaitFor(`document.querySelector(".my-kept pre")`, patience)
	var file string
	p.Eval(`document.querySelector(".my-kept pre").textContent`, &file)
	var left struct {
		Waiting, SetAside []struct{ ID string }
	}
	if err := json.Unmarshal([]byte(file), &left); err != nil {
		t.Fatal(err)
	}
	if len(left.Waiting) > 0 {
		t.Errorf("%d records still wait", len(left.Waiting))
	}
	saved := filepath.Join(t.TempDir(), "my-learning.json")
	if err := os.WriteFile(saved, []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time changes nothing
		sopan(t, "records", saved, "--to", endpoint.URL+"/xapi")
	}

	stored := map[string]map[string]any{}
	got := map[[2]string]int{}
	once := map[string]int{}
	actors := map[string]bool{}
	for _, s := range store.Statements() {
		var whole map[string]any
		if err := json.Unmarshal(s.Raw, &whole); err != nil {
			t.Fatal(err)
		}
		stored[s.ID] = whole
		actors[s.Actor.Account.Name] = true
		verb := s.Verb.ID[strings.LastIndex(s.Verb.ID, "/")+1:]
		if verb == "answered" {
			response, _ := whole["result"].(map[string]any)["response"].(string)
			got[[2]string{s.Object.ID[strings.LastIndex(s.Object.ID, "/")+1:], response}]++
		} else if verb == "completed" || verb == "passed" || verb == "failed" || verb == "initialized" {
			once[s.Context.Registration+" "+strings.Replace(verb, "passed", "failed", 1)+" "+s.Object.ID]++
		}
	}
	if !reflect.DeepEqual(got, told) {
		t.Errorf("answers told and stored differ:\n told   %v\n stored %v", told, got)
	}
	if len(actors) != 1 {
		t.Errorf("one learner has %d names: %v", len(actors), actors)
	}
	for what, n := range once {
		if n > 1 {
			t.Errorf("%d times: %s", n, what)
		}
	}
	for id, was := range kept {
		is := stored[id]
		if is == nil {
			t.Errorf("lost: %v", was)
			continue
		}
		delete(is["context"].(map[string]any)["extensions"].(map[string]any), "https://courses.example.in/k/profile/sequence")
		if extensions := is["context"].(map[string]any)["extensions"].(map[string]any); len(extensions) == 0 {
			delete(is["context"].(map[string]any), "extensions")
		}
		if !reflect.DeepEqual(is, was) {
			t.Errorf("stored is another content:\n kept   %v\n stored %v", was, is)
		}
	}
	if changed := store.Changed(); len(changed) > 0 {
		t.Errorf("sent with two contents: %v", changed)
	}
	answered := 0
	for _, n := range told {
		answered += n
	}
	t.Logf("%d answers, %d statements stored, %d were compared with the outbox, %d had been set aside, in %s\n  %d requests: %v\n  events: %v",
		answered, len(stored), len(kept), len(left.SetAside), time.Since(from).Round(time.Second), store.Requests(), store.Played(), events)
}
