package runtime_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"sopan.dev/sopan/internal/browser"
	"sopan.dev/sopan/internal/hostile"
)

// rows writes n waiting records of a learner into the browser's storage, as a year without a network leaves them.
const rows = `(async n => {
	const db = await new Promise(done => { const r = indexedDB.open("sopan"); r.onsuccess = () => done(r.result) });
	const site = %q, learner = "0b0e5a8e-3f5e-4b52-9a51-1f6f5d2f7a11", adl = "http://adlnet.gov/expapi/";
	const lesson = {objectType: "Activity", id: site + "/mk/check", definition: {type: adl + "activities/assessment", name: {en: "A lesson with a title of a usual length"}}};
	for (let from = 1; from <= n; from += 1000) await new Promise(done => {
		const tx = db.transaction("rows", "readwrite"), rows = tx.objectStore("rows");
		for (let place = from; place < from + 1000 && place <= n; place++) {
			const id = crypto.randomUUID();
			rows.put({place, statement: {
				id, timestamp: "2026-03-01T10:00:00.000Z",
				actor: {objectType: "Agent", account: {homePage: site, name: learner}},
				verb: {id: adl + "verbs/answered", display: {en: "answered"}},
				object: {objectType: "Activity", id: site + "/mk/check/q" + place, definition: {type: adl + "activities/cmi.interaction", interactionType: "choice", name: {en: "Which of these is the time in which an application under section 6 has to be answered?"},
					correctResponsesPattern: ["a"], choices: ["a", "b", "c", "d"].map(id => ({id, description: {en: "Within some days of the day on which it came " + id}}))}},
				result: {response: "a", success: true, score: {scaled: 1, raw: 1, min: 0, max: 1}},
				context: {registration: learner, language: "en", platform: "Sopan", contextActivities: {parent: [lesson], grouping: [lesson], category: [{objectType: "Activity", id: site + "/profile"}]}},
			}}, "outbox " + site + " " + learner + " " + id);
			rows.put(place, "place");
		}
		tx.oncomplete = done;
	});
	db.close();
})`

// slowed is the phone that is meant: its processor takes six times as long as this one's.
const slowed = 6

// longest gives the most that the page's own thread worked without a break, and how many tasks took 50 ms and more.
func longest(tasks []browser.Task) (most time.Duration, over int) {
	for _, one := range tasks {
		most = max(most, one.CPU)
		if one.CPU >= 50*time.Millisecond {
			over++
		}
	}
	return most, over
}

// Thousands that wait go out without holding up the page: neither are all read at once, nor all sent.
func TestTenThousandWaitingRecordsDrainWhileThePageStaysResponsive(t *testing.T) {
	s := newSite(t, true)
	store := hostile.Scripted()
	s.mux.Handle("/many/", store)
	s.page("many.html", "lesson", quizItem("many"), s.URL+"many", `<div class="prose"><p>A short one.</p></div>`)
	const n = 10_000
	p := browser.Open(t)
	p.Goto(s.URL + "short.html")
	ready(p, ".done-button")
	p.EvalAsync(fmt.Sprintf(rows, siteID)+fmt.Sprintf("(%d)", n), nil)
	p.Goto("about:blank")
	began := time.Now()
	stored := func(n int) {
		for end := time.Now().Add(5 * time.Minute); len(store.Statements()) < n && time.Now().Before(end); {
			time.Sleep(50 * time.Millisecond)
		}
	}
	tasks := p.Tasks(func() { // the reading of all, and the first batches: the others are like them
		p.Goto(s.URL + "many.html")
		stored(n / 5)
	})
	stored(n)
	p.WaitFor(`document.querySelector(".records-line").innerText.trim() === "Saved on this device"`, wait)
	took := time.Since(began)
	next := 1
	for _, one := range store.Statements() {
		if strings.HasSuffix(one.Object.ID, fmt.Sprintf("/q%d", next)) { // the pages' own stand between them
			next++
		}
	}
	if next <= n {
		t.Errorf("only %d of %d went out in their order", next-1, n)
	}
	most, over := longest(tasks)
	t.Logf("%d records in %s, %d tasks: the longest took %s of the processor, %s on one that is %d times slower", n, took.Round(100*time.Millisecond), len(tasks), most, slowed*most, slowed)
	// Processor time, so that a busy machine does not count.
	if over > 0 {
		t.Errorf("%d tasks held the page up for 50 ms and more, the longest for %s", over, most)
	}
}

// An answer is on the device before a learner could notice: 20 ms is meant, on a processor that is 6 times slower.
func TestAnAnswerIsStoredAtOnce(t *testing.T) {
	s := newSite(t, true)
	p := browser.Open(t)
	p.Goto(s.URL + "quiz.html")
	ready(p, ".q-actions:not([hidden])")
	p.WaitFor(`document.querySelector(".records-line").innerText.trim() === "Saved on this device"`, wait)
	const n = 40
	var took []float64
	tasks := p.Tasks(func() {
		p.EvalAsync(fmt.Sprintf(`(async () => {
			const line = document.querySelector(".records-line"), times = [];
			for (let i = 0; i < %d; i++) {
				const input = document.querySelectorAll("#q-1 input")[i %% 4];
				input.checked = true;
				const at = performance.now();
				input.dispatchEvent(new Event("change", {bubbles: true}));
				while (!line.textContent.startsWith("Saved")) await new Promise(go => setTimeout(go, 1));
				times.push(performance.now() - at);
			}
			return times.sort((a, b) => a - b);
		})()`, n), &took)
	})
	var whole time.Duration
	for _, one := range tasks {
		whole += one.CPU
	}
	median := took[len(took)/2]
	t.Logf("an answer takes %s of the processor, %s on one that is %d times slower; from the tick to \"saved\" it took %.1f ms (median), the disk and all else on this machine included", whole/n, slowed*whole/n, slowed, median)
	if each := whole / n; slowed*each > 60*time.Millisecond {
		t.Errorf("an answer takes %s of the processor to be stored", each)
	}
}
