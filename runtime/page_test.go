package runtime_test

import (
	"net/http"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"sopan.dev/sopan/internal/browser"
)

// wait is long because a test machine may be busy; it costs nothing where the page answers.
const wait = 90 * time.Second

// clean says that the page has broken no policy and complained of nothing.
func clean(t *testing.T, p *browser.Page) {
	t.Helper()
	if v := p.CSPViolations(); len(v) > 0 {
		t.Errorf("the page's policy was broken: %v", v)
	}
	if e := p.ConsoleErrors(); len(e) > 0 {
		t.Errorf("the console complains: %v", e)
	}
}

func saved(p *browser.Page) {
	p.WaitFor(`document.querySelector(".records-line").textContent.includes("Saved on this device")`, wait)
}

// ready waits until the desk is laid.
func ready(p *browser.Page, selector string) {
	p.WaitFor(`document.querySelector(`+"`"+selector+"`"+`)`, wait)
	saved(p)
}

func choice(q, c string) string { return `#q-` + q + ` input[value=` + c + `]` }

func TestAnAnswerIsThereAgainAfterAReload(t *testing.T) {
	s := newSite(t, false)
	p := browser.Open(t)
	p.Goto(s.URL + "quiz.html")
	ready(p, ".q-actions:not([hidden])")
	p.Click(choice("2", "c"))
	saved(p)
	p.Click(choice("1", "b"))
	saved(p)
	p.Reload()
	ready(p, ".q-actions:not([hidden])")
	p.WaitFor(`document.querySelector("#q-1 input[value=b]").checked && document.querySelector("#q-2 input[value=c]").checked`, wait)
	if n := p.Count(".q input:checked"); n != 2 {
		t.Errorf("%d choices are ticked after a reload, 2 were", n)
	}
	clean(t, p)
}

// On a slow network the questions are there before the scripts: what is answered then is an answer, and newer than the kept one.
// Nothing that nobody has touched becomes one.
func TestWhatIsAnsweredBeforeTheScriptsAreThereIsKept(t *testing.T) {
	s := newSite(t, false)
	p := browser.Open(t)
	p.Goto(s.URL + "exam.html")
	ready(p, ".quiz-end:not([hidden])")
	p.Click(choice("1", "b"))
	p.Click(choice("3", "d"))
	saved(p)

	early := p.NewTab()
	early.Before(`document.addEventListener("readystatechange", () => {
		if (document.readyState === "interactive") for (const c of ["` + choice("1", "c") + `", "` + choice("2", "a") + `", "` + choice("2", "d") + `"]) document.querySelector(c).click();
	})`)
	early.Goto(s.URL + "exam.html")
	ready(early, ".quiz-end:not([hidden])")

	q := early.NewTab()
	q.Goto(s.URL + "exam.html")
	q.WaitFor(`document.querySelectorAll(".q input:checked").length === 4`, wait)
	var ticked string
	q.Eval(`[...document.querySelectorAll(".q input:checked")].map(i => i.name + i.value).sort().join(" ")`, &ticked)
	if ticked != "1c 2a 2d 3d" {
		t.Errorf("%s are kept, want 1c 2a 2d 3d", ticked)
	}
	clean(t, early)
}

// Fault 47: what the page calls saved is there after the tab was killed.
func TestAnAnswerCalledSavedSurvivesAKilledTab(t *testing.T) {
	s := newSite(t, true)
	s.Store.Always(busy)
	p := browser.Open(t)
	p.Goto(s.URL + "quiz.html")
	ready(p, ".q-actions:not([hidden])")
	p.Click(choice("1", "b"))
	p.Click("#q-1 .q-check")
	p.WaitFor(`document.querySelector(".q-verdict.wrong")`, wait)
	saved(p)
	q := p.NewTab()
	p.Crash()
	q.Goto(s.URL + "quiz.html")
	ready(q, ".q-verdict.wrong")
	q.WaitFor(`/[23] records? waiting/.test(document.querySelector(".records-line").textContent)`, wait)
}

// A write that was begun is ended by the browser: who answers and leaves at once has answered. The page is in a frame that is
// taken away in the task after the one in which it was answered, before any word of the storage can have come back.
func TestAnAnswerIsKeptThoughThePageIsLeftAtOnce(t *testing.T) {
	s := newSite(t, false)
	p := browser.Open(t)
	p.Goto(s.URL + "quiz.html")
	ready(p, ".q-actions:not([hidden])")
	p.Click(choice("2", "c")) // the attempt begins
	saved(p)
	for _, c := range []string{"a", "b", "d"} {
		p.Goto(s.URL + "icon.svg")
		p.EvalAsync(`new Promise(done => {
			const frame = document.createElementNS("http://www.w3.org/1999/xhtml", "iframe");
			frame.src = "quiz.html";
			frame.onload = () => {
				const page = frame.contentDocument, look = setInterval(() => {
					if (!page.querySelector(".q-actions:not([hidden])") || !page.querySelector(".records-line").textContent.includes("Saved on this device")) return;
					clearInterval(look);
					page.querySelector("`+choice("1", c)+`").click();
					setTimeout(() => { frame.remove(); done(); });
				}, 20);
			};
			document.documentElement.append(frame);
		})`, nil)
		p.Goto(s.URL + "quiz.html")
		ready(p, ".q-actions:not([hidden])")
		p.WaitFor(`document.querySelector("`+choice("1", c)+`").checked`, wait)
	}
}

func busy(w http.ResponseWriter) { http.Error(w, "busy", http.StatusServiceUnavailable) }

func TestACheckedQuestionSaysItInWordsUnderTheChoice(t *testing.T) {
	s := newSite(t, false)
	p := browser.Open(t)
	p.Goto(s.URL + "quiz.html")
	ready(p, ".q-actions:not([hidden])")
	p.Click("#q-1 .q-check")
	if got := p.Text("#q-1 .q-note"); got != "Choose or write an answer first." {
		t.Errorf("an empty question says %q", got)
	}
	p.Click(choice("1", "b"))
	p.Click("#q-1 .q-check")
	p.WaitFor(`document.querySelector("#q-1 .q-verdict.wrong")`, wait)
	if got := p.Text("#q-1 li:has(input[value=b]) .q-feedback"); !strings.Contains(got, "Not right.") || !strings.Contains(got, "B was the old rule.") {
		t.Errorf("under the choice stands %q", got)
	}
	if got := p.Text("#q-1 .q-result"); !strings.Contains(got, "Not right.") || strings.Contains(got, "Because of the Act") {
		t.Errorf("a wrong first try says %q; the reason is the key and waits", got)
	}
	if got := p.Text("#q-1 .q-verdict .q-note"); got != "Your first answer counts. Try again to practise." {
		t.Errorf("what counts is said as %q", got)
	}
	if n := p.Count("#q-1 .q-feedback.missed, #q-1 .q-feedback.right"); n != 0 {
		t.Error("a wrong first try shows the right answer, with a second try still to come")
	}
	if got := p.Text("#q-1 .q-reread a"); got != "Two" {
		t.Errorf("what to reread is %q", got)
	}
	var described bool
	p.Eval(`(i => document.getElementById(i.getAttribute("aria-describedby")).textContent.includes("old rule"))(document.querySelector("#q-1 input[value=b]"))`, &described)
	if !described {
		t.Error("the choice is not described by its feedback")
	}
	p.Click("#q-1 .q-check") // try again
	p.WaitFor(`!document.querySelector("#q-1 .q-verdict")`, wait)
	p.Click(choice("1", "a"))
	p.Click("#q-1 .q-check")
	p.WaitFor(`document.querySelector("#q-1 .q-verdict.right")`, wait)
	if got := p.Text("#q-1 .q-why"); got != "Because of the Act." {
		t.Errorf("the reason is %q", got)
	}
	clean(t, p)
}

func top(p *browser.Page, selector string) (y float64) {
	p.Eval(`document.querySelector("`+selector+`").getBoundingClientRect().top + scrollY`, &y)
	return y
}

func TestHintsComeOneAtATime(t *testing.T) {
	s := newSite(t, false)
	p := browser.Open(t)
	p.Goto(s.URL + "quiz.html")
	ready(p, ".q-actions:not([hidden])")
	before := top(p, "#q-1 .q-hint")
	p.Click("#q-1 .q-hint")
	if got := p.Text("#q-1 .q-hints"); got != "Think of the Act." {
		t.Errorf("the first hint is %q", got)
	}
	if after := top(p, "#q-1 .q-hint"); after != before {
		t.Errorf("the button moved under the finger: from %v to %v", before, after)
	}
	p.Click("#q-1 .q-hint")
	p.WaitFor(`document.querySelectorAll("#q-1 .q-hint-text").length === 2`, wait)
	saved(p)
	p.Reload()
	p.WaitFor(`document.querySelectorAll("#q-1 .q-hint-text").length === 2`, wait)
}

func TestTheFirstAnswerCountsAndTheResultSaysWhatItIs(t *testing.T) {
	s := newSite(t, true)
	p := browser.Open(t)
	p.Goto(s.URL + "quiz.html")
	ready(p, ".q-actions:not([hidden])")
	p.Click(choice("1", "b"))
	p.Click("#q-1 .q-check")
	p.Click("#q-1 .q-check")
	p.Click(choice("1", "a"))
	p.Click("#q-1 .q-check")
	p.Click(choice("2", "a"))
	p.Click(choice("2", "c"))
	p.Click("#q-2 .q-check")
	p.Click(".quiz-submit")
	p.WaitFor(`document.activeElement.classList.contains("quiz-result")`, wait)
	got := p.Text(".quiz-result")
	for _, want := range []string{"Not passed yet.", "2 of 4 marks (50%).", "60% is needed.", "1 question was not answered.", "Handling RTI matters, level 1: 0 of 1",
		"integrity, level 2: 2 of 2", "Question 1: Two", "Question 3: Two", "1 attempt left", "This score was computed on this device."} {
		if !strings.Contains(got, want) {
			t.Errorf("the result lacks %q:\n%s", want, got)
		}
	}
	if got := p.Text("#q-3 .q-verdict"); !strings.Contains(got, "Not answered.") {
		t.Errorf("a skipped question says %q", got)
	}
	if got := p.Text("#q-3 li:has(input[value=a]) .q-feedback.missed"); got != "This one is right." {
		t.Errorf("under the right answer of a skipped question stands %q", got)
	}
	if n := p.Count(".q-actions:not([hidden])"); n != 0 {
		t.Errorf("%d questions still offer to check or to help", n)
	}
	// started; two tries and one right; skipped; completed, failed; progressed.
	verbs := s.Store.WaitFor(t, 8)
	want := []string{"initialized", "answered", "answered", "answered", "skipped", "completed", "failed", "progressed"}
	if !reflect.DeepEqual(verbs, want) {
		t.Errorf("recorded were %v, want %v", verbs, want)
	}
	p.Click(".result-again")
	p.WaitFor(`document.querySelector(".quiz-result").hidden`, wait)
	if n := p.Count(".q input:checked, .q-feedback, .q-verdict"); n != 0 {
		t.Errorf("%d traces of the first attempt are left in the second", n)
	}
	for _, q := range []string{"1", "3"} {
		p.Click(choice(q, "a"))
	}
	p.Click(choice("2", "a"))
	p.Click(choice("2", "c"))
	p.Click(".quiz-submit")
	p.WaitFor(`!document.querySelector(".quiz-result").hidden`, wait)
	got = p.Text(".quiz-result")
	for _, want := range []string{"Passed.", "4 of 4 marks (100%)", "50% · Not passed yet.", "100% · Passed.", "The best attempt counts.", "No attempts are left."} {
		if !strings.Contains(got, want) {
			t.Errorf("the second result lacks %q:\n%s", want, got)
		}
	}
	if n := p.Count(".result-again"); n != 0 {
		t.Error("a third attempt is offered of two")
	}
	p.Reload()
	ready(p, ".quiz-result:not([hidden]) h2")
	if got := p.Text(".quiz-result"); !strings.Contains(got, "4 of 4 marks") {
		t.Errorf("after a reload the result is %q", got)
	}
	if n := p.Count(`.step[data-item="m/check"][data-state=done]`); n != 1 {
		t.Error("the quiz is not marked as done in the outline")
	}
	clean(t, p)
}

// Fault 48: a double click hands an attempt in once.
func TestADoubleClickCompletesOnce(t *testing.T) {
	s := newSite(t, true)
	p := browser.Open(t)
	p.Goto(s.URL + "exam.html")
	ready(p, ".quiz-end:not([hidden])")
	if n := p.Count(".q-check:not([hidden])"); n != 0 {
		t.Error("an exam offers to check single questions")
	}
	p.Click(choice("1", "a"))
	p.Eval(`(b => { b.click(); b.click(); b.form.requestSubmit(); })(document.querySelector(".quiz-submit"))`, nil)
	p.WaitFor(`!document.querySelector(".quiz-result").hidden`, wait)
	verbs := s.Store.WaitFor(t, 6)
	n := 0
	for _, v := range verbs {
		if v == "completed" {
			n++
		}
	}
	if n != 1 {
		t.Errorf("completed %d times: %v", n, verbs)
	}
}

func TestChoicesAreShuffledTheSameWayInAnAttemptAndFixedOnesStay(t *testing.T) {
	s := newSite(t, false)
	order := func(p *browser.Page, q string) (ids string) {
		p.Eval(`[...document.querySelectorAll("#q-`+q+` input")].map(i => i.value).join("")`, &ids)
		return ids
	}
	seen := map[string]bool{}
	for range 6 {
		p := browser.Open(t)
		p.Goto(s.URL + "quiz.html")
		ready(p, ".q-actions:not([hidden])")
		first := order(p, "1")
		seen[first] = true
		if got := order(p, "3"); got != "abcd" {
			t.Errorf("a fixed order became %s", got)
		}
		p.Reload()
		ready(p, ".q-actions:not([hidden])")
		if again := order(p, "1"); again != first {
			t.Errorf("the order was %s and is %s after a reload", first, again)
		}
		p.Close()
	}
	if len(seen) < 2 {
		t.Errorf("six learners all see the order %v", seen)
	}
}

func TestPracticeInALessonGivesFeedbackAndNoVerdict(t *testing.T) {
	s := newSite(t, true)
	p := browser.Open(t)
	p.Goto(s.URL + "short.html")
	ready(p, "#q-p .q-actions:not([hidden])")
	p.Click(choice("p", "a"))
	p.Click("#q-p .q-check")
	p.WaitFor(`document.querySelector("#q-p .q-verdict.right")`, wait)
	if p.Count(".q-note, .quiz-end:not([hidden]), .quiz-result:not([hidden])") != 0 {
		t.Error("practice speaks of what counts")
	}
	p.Click(".done-button")
	p.WaitFor(`document.querySelector(".done-button").textContent === "Done"`, wait)
	verbs := s.Store.WaitFor(t, 4)
	if want := []string{"initialized", "answered", "completed", "progressed"}; !reflect.DeepEqual(verbs, want) {
		t.Errorf("recorded were %v, want %v", verbs, want)
	}
	clean(t, p)
}

func TestALessonIsDoneWhenItsEndWasSeenLongEnough(t *testing.T) {
	s := newSite(t, false)
	p := browser.Open(t)
	p.Before(`{ const began = Date.now(); window.spent = 0; Date.now = () => began + window.spent; }`) // the reader's clock is this test's
	p.SetViewport(400, 700, true)
	p.Goto(s.URL + "lesson.html")
	ready(p, ".done-button")
	p.WaitFor(`document.querySelector('.step[data-item="m/vuca"]').dataset.state === "started"`, wait)
	p.Eval(`new IntersectionObserver(seen => { if (seen.some(one => one.isIntersecting)) window.atEnd = true }).observe(document.querySelector(".lesson-end"))`, nil)
	p.Eval(`scrollTo(0, document.body.scrollHeight)`, nil)
	p.WaitFor(`window.atEnd`, wait)
	if n := p.Count(`.step[data-item="m/vuca"][data-state=done]`); n != 0 {
		t.Error("a lesson is done at the very moment it was scrolled through")
	}
	p.Eval(`window.spent = 60_000`, nil)
	p.WaitFor(`document.querySelector('.step[data-item="m/vuca"]').dataset.state === "done"`, wait)
	saved(p)
	p.Goto(s.URL + "course.html")
	ready(p, ".continue:not([hidden])")
	if got := p.Text(".flight-progress"); got != "1 of 3 steps · 12 min" {
		t.Errorf("the flight says %q", got)
	}
	if got := p.Text(".continue"); got != "Continue: Short" {
		t.Errorf("one goes on with %q", got)
	}
	if got := p.Text(`.step[data-item="m/vuca"] .step-state`); !strings.Contains(got, "done") {
		t.Errorf("the step says %q", got)
	}
	clean(t, p)
}

func TestAReaderFindsTheirPlaceAgain(t *testing.T) {
	s := newSite(t, false)
	p := browser.Open(t)
	p.SetViewport(400, 700, true)
	p.Goto(s.URL + "lesson.html")
	ready(p, ".done-button")
	p.Eval(`scrollTo(0, 900)`, nil)
	// The place is kept when scrolling has come to rest.
	p.WaitFor(`new Promise(r => { const q = indexedDB.open("sopan"); q.onsuccess = () => { const a = q.result.transaction("rows").objectStore("rows").getAll(); a.onsuccess = () => { window.placed = a.result.some(v => v && v.place); q.result.close(); r(); }; }; }) && window.placed`, wait)
	p.Goto(s.URL + "course.html")
	q := p.NewTab()
	q.SetViewport(400, 700, true)
	q.Goto(s.URL + "lesson.html")
	q.WaitFor(`scrollY > 800 && scrollY < 1000`, wait)
}

func TestTheLanguageSwitchKeepsThePlace(t *testing.T) {
	s := newSite(t, false)
	p := browser.Open(t)
	p.SetViewport(400, 700, true)
	p.Goto(s.URL + "lesson.html")
	ready(p, ".done-button")
	p.Eval(`document.getElementById("two").scrollIntoView()`, nil)
	p.Eval(`document.querySelector(".languages a").click()`, nil)
	p.WaitFor(`location.pathname.endsWith("hi-lesson.html") && document.getElementById("do") && Math.abs(document.getElementById("do").getBoundingClientRect().top) < 100`, wait)
}

// Fault 48: two tabs hand the same attempt in at once, and it is completed once.
func TestTwoTabsCompleteAnAttemptOnce(t *testing.T) {
	s := newSite(t, true)
	p := browser.Open(t)
	p.Goto(s.URL + "exam.html")
	ready(p, ".quiz-end:not([hidden])")
	p.Click(choice("1", "a"))
	saved(p)
	q := p.NewTab()
	q.Goto(s.URL + "exam.html")
	ready(q, ".quiz-end:not([hidden])")
	p.Eval(`document.querySelector(".quiz-submit").click()`, nil)
	q.Eval(`document.querySelector(".quiz-submit").click()`, nil)
	for _, tab := range []*browser.Page{p, q} {
		tab.WaitFor(`!document.querySelector(".quiz-result").hidden`, wait)
	}
	s.Store.WaitFor(t, 6)
	p.WaitFor(`document.querySelector(".records-line").innerText.trim() === "Saved on this device"`, wait)
	n := 0
	for _, v := range s.Store.Verbs() {
		if v == "completed" {
			n++
		}
	}
	if n != 1 {
		t.Errorf("completed %d times: %v", n, s.Store.Verbs())
	}
}

// Fault 48: a page that comes back from the browser's cache knows what was done meanwhile.
func TestBackFindsWhatWasDoneElsewhere(t *testing.T) {
	s := newSite(t, true)
	p := browser.Open(t)
	p.Goto(s.URL + "course.html")
	ready(p, ".continue:not([hidden])")
	p.Follow(`.step[data-item="m/short"] a`)
	ready(p, ".done-button")
	p.Click(".done-button")
	p.WaitFor(`document.querySelector(".done-button").textContent === "Done"`, wait)
	p.Back()
	p.WaitFor(`document.querySelector('.step[data-item="m/short"]').dataset.state === "done" && document.querySelector(".flight-progress").textContent.startsWith("1 of 3")`, wait)
	p.Follow(`.step[data-item="m/short"] a`)
	ready(p, ".done-button")
	p.Eval(`document.querySelector(".done-button").click()`, nil)
	verbs := s.Store.WaitFor(t, 3)
	if want := []string{"initialized", "completed", "progressed"}; !reflect.DeepEqual(verbs, want) {
		t.Errorf("recorded were %v, want %v", verbs, want)
	}
}

// Enter in a field presses the form's first button by itself, which is another question's.
func TestEnterChecksTheQuestionItIsIn(t *testing.T) {
	s := newSite(t, false)
	p := browser.Open(t)
	p.Goto(s.URL + "quiz.html")
	ready(p, ".q-actions:not([hidden])")
	p.Click(choice("2", "a"))
	p.Press("Enter")
	p.WaitFor(`document.querySelector("#q-2 .q-verdict.partly")`, wait)
	if n := p.Count("#q-1 .q-result > *"); n != 0 {
		t.Error("the first question was checked, too")
	}
	p.WaitFor(`document.activeElement === document.querySelector("#q-2 .q-check")`, wait)
}

// What the index holds becomes text.
func TestFault05SearchFindsAndNothingInTheIndexIsMarkup(t *testing.T) {
	s := newSite(t, false)
	p := browser.Open(t)
	p.Goto(s.URL + "course.html")
	ready(p, ".search:not([hidden])")
	for _, r := range p.Requests() {
		if strings.Contains(r.URL, "search.js") {
			t.Error("the index is fetched before anybody searches")
		}
	}
	p.Click("#q")
	p.Type("#q", "volat")
	p.WaitFor(`document.querySelectorAll(".search-results a").length === 2`, wait)
	if got := p.Text(".search-count"); got != "2 pages found" {
		t.Errorf("the count is %q", got)
	}
	if got := p.Text(".search-results"); !strings.Contains(got, "<img src=x onerror=alert(1)>") {
		t.Errorf("the hostile text is shown as %q", got)
	}
	if p.Count(".search-results img") != 0 {
		t.Error("a text of the index has become an element")
	}
	p.Press("ArrowDown", "ArrowDown", "ArrowUp", "Enter")
	p.WaitFor(`location.pathname.endsWith("lesson.html") && location.hash === "#two"`, wait)
	clean(t, p)
}

func TestSearchIsLeftWithEscape(t *testing.T) {
	s := newSite(t, false)
	p := browser.Open(t)
	p.Goto(s.URL + "course.html")
	ready(p, ".search:not([hidden])")
	p.Type("#q", "nothinglikethis")
	p.WaitFor(`document.querySelector(".search-results").textContent.startsWith("Nothing found")`, wait)
	p.Press("Escape")
	p.WaitFor(`!document.querySelector(".search-results").textContent && document.querySelector("#q").value === ""`, wait)
}

// Fault 56: from a disk, quizzes mark, answers stay, the search works, and the console is quiet.
func TestEverythingWorksFromADisk(t *testing.T) {
	s := newSite(t, false)
	p := browser.Open(t)
	p.Goto(browser.FileURL(filepath.Join(s.Dir, "quiz.html")))
	ready(p, ".q-actions:not([hidden])")
	p.Click(choice("1", "a"))
	p.Click("#q-1 .q-check")
	p.WaitFor(`document.querySelector("#q-1 .q-verdict.right")`, wait)
	saved(p)
	p.Reload()
	ready(p, "#q-1 .q-verdict.right")
	p.Type("#q", "vuca")
	p.WaitFor(`document.querySelectorAll(".search-results a").length === 1`, wait)
	p.Press("ArrowDown", "Enter")
	p.WaitFor(`location.pathname.endsWith("lesson.html")`, wait)
	clean(t, p)
}

func TestATermIsExplainedWhereItStands(t *testing.T) {
	s := newSite(t, false)
	p := browser.Open(t)
	p.Goto(s.URL + "lesson.html")
	ready(p, ".done-button")
	p.Focus("a.term")
	if got := p.Text("#term-meaning:not([hidden])"); got != "Unsteady." {
		t.Errorf("the term means %q", got)
	}
	p.Press("Escape")
	p.WaitFor(`document.querySelector("#term-meaning").hidden && document.activeElement.classList.contains("term")`, wait)
}

func TestTabsAreATablist(t *testing.T) {
	s := newSite(t, false)
	p := browser.Open(t)
	p.Goto(s.URL + "lesson.html")
	ready(p, "[role=tablist]")
	if p.Count(".tab:not([hidden])") != 1 || p.Count("[role=tab][aria-selected=true]") != 1 {
		t.Fatal("not one tab is open")
	}
	p.Focus("[role=tab]")
	p.Press("ArrowRight")
	p.WaitFor(`!document.querySelector("#tb").hidden && document.activeElement.textContent === "Second"`, wait)
	p.Press("Home")
	p.WaitFor(`!document.querySelector("#ta").hidden`, wait)
	p.Eval(`location.hash = "#in-b"`, nil)
	p.WaitFor(`!document.querySelector("#tb").hidden`, wait)
}

func TestTheMenuOpensClosesAndGivesTheFocusBack(t *testing.T) {
	s := newSite(t, false)
	p := browser.Open(t)
	p.SetViewport(360, 640, true)
	p.Goto(s.URL + "lesson.html")
	ready(p, ".menu-button:not([hidden])")
	p.Click(".menu-button")
	p.WaitFor(`document.querySelector(".menu-button").getAttribute("aria-expanded") === "true" && document.querySelector("#outline").contains(document.activeElement)`, wait)
	p.Press("Escape")
	p.WaitFor(`document.querySelector(".menu-button").getAttribute("aria-expanded") === "false" && document.activeElement.classList.contains("menu-button")`, wait)
}

func TestReadingSettingsAreKept(t *testing.T) {
	s := newSite(t, false)
	p := browser.Open(t)
	p.Goto(s.URL + "lesson.html")
	ready(p, ".settings")
	p.Eval(`(c => { c.value = "150"; c.dispatchEvent(new Event("change")); })(document.querySelector("select[name=text]"))`, nil)
	p.Eval(`(c => { c.value = "high"; c.dispatchEvent(new Event("change")); })(document.querySelector("select[name=contrast]"))`, nil)
	p.Goto(s.URL + "course.html")
	p.WaitFor(`document.documentElement.dataset.text === "150" && document.documentElement.dataset.contrast === "high" && document.querySelector("select[name=text]").value === "150"`, wait)
}

// A frame that an LMS has sandboxed has an origin of its own: no storage, no locks. Questions are marked all the same.
func TestASandboxedFrameMarksAndSaysThatNothingIsKept(t *testing.T) {
	s := newSite(t, true)
	p := browser.Open(t)
	p.Goto(s.URL + "boxed/quiz.html")
	p.WaitFor(`document.querySelector(".banner-fleeting[role=alert]")`, wait)
	p.WaitFor(`document.querySelector(".q-actions:not([hidden])")`, wait)
	p.Click(choice("1", "a"))
	p.Click("#q-1 .q-check")
	p.WaitFor(`document.querySelector("#q-1 .q-verdict.right")`, wait)
	p.WaitFor(`/2 records waiting/.test(document.querySelector(".records-line").textContent)`, wait)
}

// Fault 54: where nothing can be kept, the page says so at once.
func TestWithoutAnyStorageThePageSaysSo(t *testing.T) {
	s := newSite(t, false)
	broken := `Object.defineProperty(window, "indexedDB", {get() { throw new DOMException("no", "SecurityError"); }});
Object.defineProperty(window, "localStorage", {get() { throw new DOMException("no", "SecurityError"); }});`
	s.write("assets/broken.js", broken)
	html := read(t, filepath.Join(s.Dir, "quiz.html"))
	s.write("quiz.html", strings.Replace(html, `<script src="assets/base.js"`, `<script src="assets/broken.js" defer></script><script src="assets/base.js"`, 1))
	p := browser.Open(t)
	p.Goto(s.URL + "quiz.html")
	p.WaitFor(`document.querySelector(".banner-fleeting[role=alert]")`, wait)
	p.WaitFor(`document.querySelector(".q-actions:not([hidden])")`, wait)
	p.Click(choice("1", "a"))
	p.Click("#q-1 .q-check")
	p.WaitFor(`document.querySelector("#q-1 .q-verdict.right")`, wait)
	if got := p.Text(".records-line"); !strings.Contains(got, "Not saved") {
		t.Errorf("the foot says %q", got)
	}
	if p.Count(".banner-fleeting") != 1 {
		t.Error("the banner is there more than once")
	}
}
