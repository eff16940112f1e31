package runtime_test

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"sopan.dev/sopan/internal/browser"
)

// What a quiz rules: its attempts, time, draw and purpose, as learners meet them.

// result waits until an attempt is handed in and told of, and gives the words.
func result(p *browser.Page) string {
	p.WaitFor(`document.querySelector(".quiz-result:not([hidden]) h2")`, wait)
	return p.Text(".quiz-result")
}

func lacks(t *testing.T, what, got string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(got, want) {
			t.Errorf("%s lacks %q:\n%s", what, want, got)
		}
	}
}

func silent(t *testing.T, what, got string, nots ...string) {
	t.Helper()
	for _, not := range nots {
		if strings.Contains(got, not) {
			t.Errorf("%s says %q:\n%s", what, not, got)
		}
	}
}

// clocked makes a page, from its next load on, see the device's clock so many minutes further. The script has a name of its
// own: a browser keeps one that it knows.
func clocked(s *site, name string, minutes int) {
	s.before(name, fmt.Sprintf("clock%d.js", minutes), fmt.Sprintf(`{ const real = Date.now; Date.now = () => real() + %d * 60000; }`, minutes))
}

var beforeBase = regexp.MustCompile(`(<script src="assets/clock[^>]*></script>)?<script src="assets/base.js"`)

// before runs a script ahead of all others of a page.
func (s *site) before(page, script, content string) {
	s.write("assets/"+script, content)
	s.edit(page, beforeBase.ReplaceAllString(read(s.t, s.Dir+"/"+page), `<script src="assets/`+script+`"></script><script src="assets/base.js"`))
}

// edit rewrites a page that a browser has seen: servers tell the time of a change in whole seconds, so it is given one that
// no other change has.
func (s *site) edit(name, content string) {
	s.t.Helper()
	path := filepath.Join(s.Dir, name)
	seen, err := os.Stat(path)
	if err != nil {
		s.t.Fatal(err)
	}
	s.write(name, content)
	if err := os.Chtimes(path, time.Time{}, seen.ModTime().Add(2*time.Second)); err != nil {
		s.t.Fatal(err)
	}
}

func TestATimedQuizBeginsWithAButtonThatSaysTheRule(t *testing.T) {
	s := newSite(t, true)
	p := browser.Open(t)
	p.Goto(s.URL + "timed.html")
	ready(p, ".quiz-begin")
	lacks(t, "the start", p.Text(".quiz-start"), "You have 20 minutes.", "You can stop it, or take more time.")
	if got := p.Text(".quiz-attempt"); got != "This is attempt 1 of 2. The last attempt counts." {
		t.Errorf("of the attempts it says %q", got)
	}
	if n := p.Count(".q:not([hidden]), .quiz-end:not([hidden]), .quiz-clock:not([hidden])"); n != 0 {
		t.Errorf("%d things are shown before the attempt has begun", n)
	}
	p.Click(".quiz-begin")
	p.WaitFor(`document.activeElement === document.querySelector("#q-1")`, wait)
	if got := p.Text(".quiz-left"); got != "20 minutes left" {
		t.Errorf("the clock says %q", got)
	}
	if verbs := s.Store.WaitFor(t, 1); verbs[0] != "initialized" {
		t.Errorf("recorded were %v", verbs)
	}
	clean(t, p)
}

// The minutes that this test itself takes may come off: of those that are awaited one less will do.
func TestTheTimeGoesOnWhileThePageIsClosedAndComesBackAfterAReload(t *testing.T) {
	s := newSite(t, false)
	p := browser.Open(t)
	p.Goto(s.URL + "timed.html")
	ready(p, ".quiz-begin")
	p.Click(".quiz-begin")
	p.Click(choice("1", "a"))
	saved(p)
	clocked(s, "timed.html", 9)
	p.Reload()
	p.WaitFor(`document.querySelector(".quiz-left")?.textContent .match(/^1[01] minutes left/) && document.querySelector("#q-1 input[value=a]").checked`, wait)
	if n := p.Count(".quiz-begin"); n != 0 {
		t.Error("an attempt that has begun asks to be begun")
	}
	// Set back by a year: nothing is given, nothing is lost.
	clocked(s, "timed.html", -365*24*60)
	p.Reload()
	p.WaitFor(`document.querySelector(".quiz-left")?.textContent.match(/^1[01] minutes left/)`, wait)
	clocked(s, "timed.html", -365*24*60+2)
	p.Reload()
	p.WaitFor(`document.querySelector(".quiz-left")?.textContent.match(/^[89] minutes left/)`, wait)
	// Away for longer than there was time: handed in on return, with what was answered.
	clocked(s, "timed.html", 600)
	p.Reload()
	lacks(t, "the result", result(p), "The time is up.", "1 of 3 marks", "1 attempt left")
	p.Reload()
	lacks(t, "the result after a reload", result(p), "The time is up.")
	p.Click(".result-again")
	p.WaitFor(`document.querySelector(".quiz-begin")`, wait)
	if got := p.Text(".quiz-attempt"); !strings.HasPrefix(got, "This is attempt 2 of 2.") {
		t.Errorf("of the attempts it says %q", got)
	}
	p.Click(".quiz-begin")
	p.WaitFor(`document.querySelector(".quiz-left").textContent === "20 minutes left"`, wait)
	clean(t, p)
}

func TestTheLearnerStopsTheClockAndTakesMoreTime(t *testing.T) {
	s := newSite(t, false)
	p := browser.Open(t)
	p.Goto(s.URL + "timed.html")
	ready(p, ".quiz-begin")
	p.Click(".quiz-begin")
	p.Click(".quiz-clock .link-button:nth-of-type(2)")
	p.WaitFor(`/^2[45] minutes left/.test(document.querySelector(".quiz-left").textContent) && document.querySelector(".quiz-clock [role=status]").textContent === "5 minutes were added."`, wait)
	p.Click(".quiz-clock .link-button:nth-of-type(1)")
	p.WaitFor(`document.querySelector(".quiz-left").textContent.match(/^The clock is stopped. 2[45] minutes left/)`, wait)
	saved(p)
	clocked(s, "timed.html", 300)
	p.Reload()
	p.WaitFor(`document.querySelector(".quiz-left")?.textContent.match(/^The clock is stopped. 2[45] minutes left/)`, wait)
	p.Click(".quiz-clock .link-button:nth-of-type(1)")
	p.WaitFor(`/^2[45] minutes left/.test(document.querySelector(".quiz-left").textContent)`, wait)
	clean(t, p)
}

func TestAStrictTimeEndsByItselfAndIsHandedInOnce(t *testing.T) {
	s := newSite(t, true)
	p := browser.Open(t)
	p.Goto(s.URL + "strict.html")
	ready(p, ".quiz-begin")
	lacks(t, "the start", p.Text(".quiz-start"), "It cannot be stopped")
	q := p.NewTab()
	q.Goto(s.URL + "strict.html")
	ready(q, ".quiz-begin")
	p.Click(".quiz-begin")
	if n := p.Count(".quiz-clock button"); n != 0 {
		t.Error("a strict time offers to be changed")
	}
	// The other tab learns that the attempt has begun, and both see it end.
	for _, tab := range []*browser.Page{p, q} {
		lacks(t, "the result", result(tab), "The time is up.", "0 of 3 marks")
	}
	s.Store.WaitFor(t, 6)
	p.WaitFor(`document.querySelector(".records-line").innerText.trim() === "Saved on this device"`, wait)
	want := []string{"initialized", "skipped", "skipped", "skipped", "completed", "failed"}
	if verbs := s.Store.Verbs(); !reflect.DeepEqual(verbs, want) {
		t.Errorf("recorded were %v, want %v", verbs, want)
	}
}

func TestRemainingTimeIsAnnouncedPolitely(t *testing.T) {
	s := newSite(t, false)
	p := browser.Open(t)
	// Twelve minutes, and a steady clock that this test sets.
	s.before("timed.html", "clock.js", `window.steady = 0; performance.now = () => window.steady;`)
	s.write("timed.html", strings.Replace(read(t, s.Dir+"/timed.html"), `"seconds":1200`, `"seconds":720`, 1))
	p.Goto(s.URL + "timed.html")
	ready(p, ".quiz-begin")
	p.Eval(`window.heard = []; new MutationObserver(() => heard.push(document.querySelector(".quiz-clock [role=status]").textContent)).observe(document.querySelector(".quiz-clock [role=status]"), {childList: true, characterData: true, subtree: true})`, nil)
	p.Click(".quiz-begin")
	for at, gone := range []int{2, 361, 362, 421, 422, 661, 662} {
		p.Eval(fmt.Sprintf(`window.steady = %d`, gone*1000), nil)
		p.WaitFor(fmt.Sprintf(`heard.length >= %d && document.querySelector(".quiz-left").textContent === %q`, (at+1)/2,
			[]string{"12 minutes left", "6 minutes left", "6 minutes left", "5 minutes left", "5 minutes left", "59 seconds left", "58 seconds left"}[at]), wait)
	}
	p.Eval(`window.steady = 720_000`, nil)
	result(p)
	var heard []string
	p.Eval(`window.heard`, &heard)
	if len(heard) != 3 || heard[0] != "6 minutes left" || heard[1] != "5 minutes left" || heard[2] != "59 seconds left" {
		t.Errorf("announced was %q: half the time, five minutes and one are awaited", heard)
	}
}

func drawnNow(p *browser.Page) (ids []string) {
	p.Eval(`[...document.querySelectorAll(".q:not([hidden])")].map(q => q.dataset.q)`, &ids)
	return ids
}

func TestADrawIsKeptAndARetakeBringsTheOthers(t *testing.T) {
	s := newSite(t, false)
	p := browser.Open(t)
	p.Goto(s.URL + "drawn.html")
	ready(p, ".quiz-end:not([hidden])")
	first := drawnNow(p)
	if len(first) != 3 {
		t.Fatalf("drawn were %v, three are asked for", first)
	}
	var numbers string
	p.Eval(`[...document.querySelectorAll(".q:not([hidden]) .q-number")].map(n => n.textContent).join(" ")`, &numbers)
	if numbers != "1 2 3" {
		t.Errorf("they are numbered %s", numbers)
	}
	p.Reload()
	ready(p, ".quiz-end:not([hidden])")
	if again := drawnNow(p); !reflect.DeepEqual(first, again) {
		t.Errorf("drawn were %v, and %v after a reload", first, again)
	}
	p.Click(choice(first[0], "a"))
	p.Click(".quiz-submit")
	lacks(t, "the result", result(p), "1 of 3 marks", "2 questions were not answered.", "2 attempts left")
	p.Click(".result-again")
	p.WaitFor(`document.querySelector(".quiz-result").hidden`, wait)
	for _, id := range drawnNow(p) {
		if strings.Contains(strings.Join(first, " "), id) {
			t.Errorf("the second attempt draws %v, the first had %v: three were never seen", drawnNow(p), first)
		}
	}
	clean(t, p)
}

// A question that is taken out of the quiz is replaced in an attempt that is open, and the learner is told.
func TestADrawOutlivesAnEditOfTheQuiz(t *testing.T) {
	s := newSite(t, false)
	p := browser.Open(t)
	p.Goto(s.URL + "drawn.html")
	ready(p, ".quiz-end:not([hidden])")
	first := drawnNow(p)
	p.Click(choice(first[0], "a"))
	p.Click(choice(first[1], "b"))
	saved(p)
	html := read(t, s.Dir+"/drawn.html")
	html = strings.Replace(html, fmt.Sprintf(`"id":"%s"`, first[1]), `"id":"new"`, 1)
	s.edit("drawn.html", strings.Replace(html, fmt.Sprintf(`data-q="%s"`, first[1]), `data-q="new"`, 1))
	p.Reload()
	ready(p, ".quiz-end:not([hidden])")
	now := drawnNow(p)
	if len(now) != 3 || strings.Contains(strings.Join(now, " "), first[1]) {
		t.Errorf("drawn were %v; without %s they are %v", first, first[1], now)
	}
	for _, id := range []string{first[0], first[2]} {
		if !strings.Contains(strings.Join(now, " "), id) {
			t.Errorf("question %s was given to this attempt, and is gone: %v", id, now)
		}
	}
	lacks(t, "the page", p.Text(".quiz-start"), "1 of your questions is no longer in the quiz.")
	if n := p.Count(choice(first[0], "a") + ":checked"); n != 1 {
		t.Error("an answer is lost")
	}
}

func TestASurveyIsNeitherRightNorWrong(t *testing.T) {
	s := newSite(t, true)
	p := browser.Open(t)
	p.Goto(s.URL + "survey.html")
	ready(p, ".quiz-end:not([hidden])")
	lacks(t, "the page", p.Text(".quiz-start"), "Nothing here is right or wrong.")
	if n := p.Count(".q-check:not([hidden])"); n != 0 {
		t.Error("a survey offers to check")
	}
	p.Click(choice("1", "b"))
	p.Click(".quiz-submit")
	got := result(p)
	lacks(t, "the result", got, "Thank you.")
	silent(t, "the result", got, "marks", "Passed", "passed", "%", "Not right", "score")
	if n := p.Count(".q-verdict, .q-feedback"); n != 0 {
		t.Error("a survey judges answers")
	}
	verbs := s.Store.WaitFor(t, 4)
	if want := []string{"initialized", "responded", "skipped", "completed"}; !reflect.DeepEqual(verbs, want) {
		t.Errorf("recorded were %v, want %v", verbs, want)
	}
	if n := len(s.Store.results("score")); n != 0 {
		t.Errorf("%d records have a score", n)
	}
}

func TestADiagnosticShowsWhereOneStandsAndTheQuizAfterItTheGain(t *testing.T) {
	s := newSite(t, true)
	s.write("assets/course.js", strings.Replace(read(t, s.Dir+"/assets/course.js"), `"items":[`, `"items":[["m/before","quiz"],`, 1))
	p := browser.Open(t)
	p.Goto(s.URL + "before.html")
	ready(p, ".quiz-end:not([hidden])")
	p.Click(choice("1", "a"))
	p.Click(choice("2", "b"))
	p.Click(".quiz-submit")
	got := result(p)
	lacks(t, "the result", got, "This is where you stand.", "Handling RTI matters, level 1: 1 of 3")
	silent(t, "the result", got, "By question", "Passed", "Not passed", "read again")
	if n := p.Count(".q-verdict, .q-feedback"); n != 0 {
		t.Error("a diagnostic shows answers")
	}
	verbs := s.Store.WaitFor(t, 5)
	if want := []string{"initialized", "answered", "answered", "skipped", "completed"}; !reflect.DeepEqual(verbs[:5], want) {
		t.Errorf("recorded were %v, want %v", verbs, want)
	}
	var scaled bool
	p.WaitFor(`new Promise(r => { const q = indexedDB.open("sopan"); q.onsuccess = () => { const a = q.result.transaction("rows").objectStore("rows").getAll(); a.onsuccess = () => { window.items = a.result.filter(v => v && v.type === "quiz" && v.state === "done"); q.result.close(); r(); }; }; }) && window.items?.length`, wait)
	if p.Eval(`window.items.some(i => i.scaled !== undefined || i.passed !== undefined)`, &scaled); scaled {
		t.Error("a diagnostic counts for the course's marks")
	}
	p.Goto(s.URL + "exam.html")
	ready(p, ".quiz-end:not([hidden])")
	p.Click(choice("1", "a"))
	p.Click(".quiz-submit")
	lacks(t, "the result of the quiz", result(p), "What you have gained", "Handling RTI matters: 100% now, 33% before", "Question 2: Not answered.")
	clean(t, p)
}

func TestA360AsksFirstWhoAnswersAndKeepsItWithTheAnswers(t *testing.T) {
	s := newSite(t, true)
	p := browser.Open(t)
	p.Goto(s.URL + "round.html")
	ready(p, ".quiz-begin")
	if n := p.Count(".quiz-as input"); n != 2 {
		t.Errorf("it asks for one of %d, two are asked", n)
	}
	p.Click(".quiz-begin")
	p.WaitFor(`document.querySelector(".quiz-start [role=alert]").textContent`, wait)
	p.Click(".quiz-as input[value=peer]")
	p.Click(".quiz-begin")
	p.WaitFor(`document.querySelector("#q-1:not([hidden])")`, wait)
	lacks(t, "the page", p.Text(".quiz-start"), "You answer as: A colleague")
	p.Click(choice("1", "b"))
	p.Click(".quiz-submit")
	lacks(t, "the result", result(p), "Thank you.")
	s.Store.WaitFor(t, 4)
	for _, one := range s.Store.recorded() {
		context, _ := one["context"].(map[string]any)
		extensions, _ := context["extensions"].(map[string]any)
		if extensions[siteID+"/profile/answered-as"] != "peer" {
			t.Errorf("a record does not say who answers: %v", one["verb"])
		}
	}
	clean(t, p)
}

func TestASealedQuizKeepsAnswersAndMarksNothing(t *testing.T) {
	s := newSite(t, true)
	p := browser.Open(t)
	p.Goto(s.URL + "sealed.html")
	ready(p, ".quiz-end:not([hidden])")
	p.Click(choice("1", "a"))
	p.Click(".quiz-submit")
	got := result(p)
	lacks(t, "the result", got, "Your institute marks your answers later.")
	silent(t, "the result", got, "marks (", "Passed", "passed", "%", "Read again")
	verbs := s.Store.WaitFor(t, 5)
	if want := []string{"initialized", "responded", "skipped", "skipped", "completed"}; !reflect.DeepEqual(verbs, want) {
		t.Errorf("recorded were %v, want %v", verbs, want)
	}
	if n := len(s.Store.results("score")) + len(s.Store.results("success")); n != 0 {
		t.Errorf("%d records have a score or a verdict", n)
	}
	for _, one := range s.Store.recorded() {
		if strings.Contains(fmt.Sprint(one), "correctResponsesPattern") {
			t.Errorf("a record of a sealed quiz tells what is right: %v", one)
		}
	}
}

// recorded gives the statements stored.
func (s *recordStore) recorded() []map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]map[string]any{}, s.statements...)
}

// results gives one field of the results of the statements that have it.
func (s *recordStore) results(field string) (found []any) {
	for _, one := range s.recorded() {
		result, _ := one["result"].(map[string]any)
		if v, ok := result[field]; ok {
			found = append(found, v)
		}
	}
	return found
}

// printed takes the place of the printer: it tells what stood in the page when it was asked.
const printed = `window.print = () => { window.sheets = [...document.querySelectorAll(".key-sheet")].map(s => s.innerText); dispatchEvent(new Event("afterprint")); }`

func TestTheKeyIsPrintedOnASheetOfItsOwnOnceAnswersMayBeShown(t *testing.T) {
	s := newSite(t, false)
	p := browser.Open(t)
	p.Goto(s.URL + "drawn.html")
	ready(p, ".quiz-end:not([hidden])")
	if n := p.Count(".result-print, .key-sheet, .quiz-preview"); n != 0 {
		t.Error("the key is offered before the attempt is handed in")
	}
	p.Click(".quiz-submit")
	result(p)
	p.Eval(printed, nil)
	p.Click(".result-print")
	var sheets []string
	p.Eval(`window.sheets`, &sheets)
	if len(sheets) != 1 {
		t.Fatalf("%d key sheets are printed", len(sheets))
	}
	if n := strings.Count(sheets[0], "Choice a"); n != 3 || strings.Contains(sheets[0], "Choice b") || !strings.Contains(sheets[0], "Because of the Act.") {
		t.Errorf("the key of three drawn questions says %q", sheets[0])
	}
	if n := p.Count(".key-sheet"); n != 0 {
		t.Error("the key stays in the page after it was printed")
	}
	for _, name := range []string{"before.html", "survey.html", "sealed.html"} {
		p.Goto(s.URL + name)
		ready(p, ".quiz-end:not([hidden])")
		p.Click(".quiz-submit")
		result(p)
		if n := p.Count(".result-print"); n != 0 {
			t.Errorf("%s offers to print answers", name)
		}
	}
	clean(t, p)
}

func TestAPreviewShowsTheKeyAndSendsNothing(t *testing.T) {
	s := newSite(t, true)
	s.edit("exam.html", strings.Replace(read(t, s.Dir+"/exam.html"), `"kind":"quiz"`, `"preview":true,"kind":"quiz"`, 1))
	p := browser.Open(t)
	p.Goto(s.URL + "exam.html")
	ready(p, ".quiz-preview")
	p.Click(".quiz-preview button:nth-of-type(1)")
	if n := p.Count(".q-feedback.missed"); n != 4 {
		t.Errorf("%d right choices are marked, there are 4", n)
	}
	p.Eval(printed, nil)
	p.Click(".quiz-preview button:nth-of-type(2)")
	var sheets []string
	p.Eval(`window.sheets`, &sheets)
	if len(sheets) != 1 || !strings.Contains(sheets[0], "Choice a; Choice c") {
		t.Errorf("the key says %q", sheets)
	}
	p.Click(".quiz-preview button:nth-of-type(1)")
	if n := p.Count(".q-feedback, .q-verdict, .q input:disabled"); n != 0 {
		t.Errorf("%d traces of the key are left", n)
	}
	if verbs := s.Store.Verbs(); len(verbs) != 0 {
		t.Errorf("a review was recorded: %v", verbs)
	}
	clean(t, p)
}
