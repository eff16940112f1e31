package lms_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"sopan.dev/sopan/internal/browser"
	"sopan.dev/sopan/internal/lms"
	"sopan.dev/sopan/record"
)

// What happens to sessions in the world: killed tabs, other devices, lost networks, platforms that forget.

// 8.1.2.0-4: a tab that was killed and restored is in the same session: no second token, no second initialized.
func TestARestoredTabGoesOnInTheSession(t *testing.T) {
	l := platform(t, "cmi5")
	asked := listened(l)
	s := l.Launch(lms.Launch{})
	p := browser.Open(t)
	who := launch(t, p, s)
	who.read()
	wait(t, l, "initialized", 1)
	// What a browser restores of a killed tab: its address and its sessionStorage.
	var stored string
	p.Eval(`JSON.stringify({...sessionStorage})`, &stored)
	restored := p.NewTab()
	p.Crash()
	restored.Goto(l.Content + "favicon.svg")
	restored.Eval(fmt.Sprintf(`Object.assign(sessionStorage, JSON.parse(%q))`, stored), nil)
	who = launch(t, restored, s)
	if !s.Open() {
		t.Fatalf("the session is not open: %v", definedVerbs(l.Statements()))
	}
	who.answer(true)
	who.leave()
	got := wait(t, l, "terminated", 1)
	without(t, l)
	twice(t, got)
	if said(got) != "launched initialized completed passed terminated" {
		t.Errorf("stored are %s", said(got))
	}
	if n := strings.Count(strings.Join(asked(), "\n"), "POST /fetch"); n != 1 {
		t.Errorf("the token was asked for %d times", n)
	}
}

// launchedAgain waits for the course in a page that is there already.
func launchedAgain(t *testing.T, p *browser.Page) learnerInFrame {
	t.Helper()
	l := learnerInFrame{p, t}
	l.waitIn(`d.readyState === "complete" && d.querySelector(".records-line").textContent.trim()`)
	return l
}

// 9.3.0.0-6, 9.3.0.0-7: another device knows what was done, and nothing is told twice in a registration.
func TestTheCourseGoesOnOnAnotherDevice(t *testing.T) {
	l := platform(t, "cmi5")
	who := launch(t, browser.Open(t), l.Launch(lms.Launch{}))
	who.read()
	who.leave()
	wait(t, l, "terminated", 1)

	who = launch(t, browser.Open(t), l.Launch(lms.Launch{Language: "hi-IN, en", Audio: "off"}))
	who.waitIn(`d.documentElement.lang === "hi"`)
	who.waitIn(`d.querySelector('.step[data-item="one"][data-state=done]')`)
	who.answer(true)
	who.leave()
	wait(t, l, "terminated", 2)

	who = launch(t, browser.Open(t), l.Launch(lms.Launch{}))
	who.waitIn(`d.querySelectorAll(".step[data-state=done]").length === 2`)
	who.again()
	who.answer(true)
	who.leave()
	got := wait(t, l, "terminated", 3)
	without(t, l)
	twice(t, got)
	if want := "launched initialized terminated launched initialized completed passed terminated launched initialized terminated"; said(got) != want {
		t.Errorf("stored are %s, want %s", said(got), want)
	}
}

// 9.3.5.0-1, 9.3.5.0-2, 9.5.2.0-2, 9.5.4.1-4: who leaves without having passed has failed; who passes later, has passed.
func TestFailedIsToldWhenTheSessionEnds(t *testing.T) {
	l := platform(t, "cmi5")
	p := browser.Open(t)
	who := launch(t, p, l.Launch(lms.Launch{}))
	who.read()
	who.answer(false)
	who.leave()
	got := wait(t, l, "terminated", 1)
	failed := got[len(got)-2]
	if r := failed.Result; lms.Defined(failed) != "failed" || *r.Success || r.Completion != nil || r.Duration == "" || *r.Score.Scaled != 0 {
		t.Errorf("before terminated stands %s", failed.Raw)
	}
	who = launch(t, p, l.Launch(lms.Launch{}))
	who.again()
	who.answer(true)
	who.leave()
	got = wait(t, l, "terminated", 2)
	without(t, l)
	twice(t, got)
	if want := "launched initialized failed terminated launched initialized completed passed terminated"; said(got) != want {
		t.Errorf("stored are %s, want %s", said(got), want)
	}
}

// 10.2.4.0-2: where an administrator asks for more than the course does, no verdict is told that is not the platform's.
func TestAMasteryScoreOfThePlatformIsNotContradicted(t *testing.T) {
	l := platform(t, "cmi5")
	half := 0.0
	who := launch(t, browser.Open(t), l.Launch(lms.Launch{MasteryScore: &half}))
	who.read()
	who.answer(false) // 0 of 1, where 0 is enough for the platform
	who.leave()
	got := wait(t, l, "terminated", 1)
	without(t, l)
	if said(got) != "launched initialized terminated" {
		t.Errorf("stored are %s", said(got))
	}
	if !slices.ContainsFunc(got, func(st record.Statement) bool {
		return st.Object.ID == theCourse && strings.HasSuffix(st.Verb.ID, "/failed")
	}) {
		t.Error("the course's own verdict is lost")
	}
}

// 10.2.2.0-2, -3, -8 to -11: who looks around leaves initialized and terminated and nothing else, and spoils nothing.
func TestBrowsingAndReviewingLeaveNothing(t *testing.T) {
	l := platform(t, "cmi5")
	p := browser.Open(t)
	for n, mode := range []string{"Browse", "Review"} {
		s := l.Launch(lms.Launch{Mode: mode})
		who := launch(t, p, s)
		who.read()
		who.answer(true)
		who.leave()
		wait(t, l, "terminated", n+1)
		if docs := s.Documents(); len(docs) > 0 {
			t.Errorf("%s: documents %v", mode, docs)
		}
	}
	who := launch(t, p, l.Launch(lms.Launch{}))
	who.waitIn(`d.querySelectorAll(".step").length >= 2 && !d.querySelector(".step[data-state=done]")`)
	if got := l.Statements(); len(got) > 8 {
		t.Errorf("%d statements are stored: %s", len(got), said(got))
	}
	who.read()
	who.leave()
	before := len(wait(t, l, "terminated", 3))
	// Who looks back finds what was done.
	s := l.Launch(lms.Launch{Mode: "Review"})
	kept := string(s.Document(document))
	who = launch(t, p, s)
	who.waitIn(`d.querySelector('.step[data-item="one"][data-state=done]')`)
	who.answer(true)
	who.leave()
	got := wait(t, l, "terminated", 4)
	without(t, l)
	if len(got) != before+3 || string(s.Document(document)) != kept {
		t.Errorf("%d statements are stored: %s; the notebook is %s", len(got), said(got), s.Document(document))
	}
}

// A session that is lost (no network, then a killed tab) goes out with the next one, each statement once, also those that
// were stored and whose answer was lost.
func TestALostSessionGoesOutWithTheNext(t *testing.T) {
	l := platform(t, "cmi5")
	var deaf, swallow atomic.Bool
	l.Fault = func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "/statements") || r.Method != http.MethodPost {
			return false
		}
		if deaf.Load() {
			panic(http.ErrAbortHandler) // the connection breaks
		}
		return false
	}
	l.Swallow = func(r *http.Request) bool { return swallow.Load() && strings.HasSuffix(r.URL.Path, "/statements") }
	p := browser.Open(t)
	first := l.Launch(lms.Launch{})
	who := launch(t, p, first)
	wait(t, l, "initialized", 1)
	swallow.Store(true) // stored, but the learner's device never hears of it
	who.read()
	l.Wait(patience, func(list []record.Statement) bool { return len(list) >= 4 })
	deaf.Store(true)
	who.answer(true)
	next := p.NewTab()
	p.Crash()
	first.Abandon()
	deaf.Store(false)
	swallow.Store(false)

	who = launch(t, next, l.Launch(lms.Launch{}))
	wait(t, l, "passed", 1)
	who.leave()
	got := wait(t, l, "terminated", 1)
	without(t, l)
	twice(t, got)
	if want := "launched initialized abandoned launched initialized completed passed terminated"; said(got) != want {
		t.Errorf("stored are %s, want %s", said(got), want)
	}
	answered := 0
	for _, st := range got {
		if strings.HasSuffix(st.Verb.ID, "/answered") {
			answered++
		}
	}
	if answered != 1 {
		t.Errorf("%d answers are stored, one was given", answered)
	}
}

// A token that the platform forgets (401): nothing is lost, the page says that somebody has to act, and the next launch
// brings all.
func TestAnExpiredTokenLosesNothing(t *testing.T) {
	l := platform(t, "cmi5")
	p := browser.Open(t)
	s := l.Launch(lms.Launch{})
	who := launch(t, p, s)
	wait(t, l, "initialized", 1)
	s.Expire()
	who.read()
	who.waitIn(`d.querySelector(".records-line.needs-you")`)
	who.leave()
	who = launch(t, p, l.Launch(lms.Launch{}))
	got, ok := l.Wait(patience, func(list []record.Statement) bool {
		return slices.ContainsFunc(list, func(st record.Statement) bool {
			return st.Object.ID == theCourse+"/one" && strings.HasSuffix(st.Verb.ID, "/completed")
		})
	})
	if !ok {
		t.Errorf("the lesson is lost: %s", said(got))
	}
	who.leave()
	wait(t, l, "terminated", 1)
	without(t, l)
}

// Where there is no session the course is there all the same and says that it stays on the device.
func TestWithoutASessionTheCourseIsShown(t *testing.T) {
	l := platform(t, "cmi5")
	p := browser.Open(t)
	for name, how := range map[string]lms.Launch{
		"no launch data":  {NoData: true},
		"no registration": {Without: []string{"registration"}},
		"no token":        {Without: []string{"fetch"}},
		"no actor":        {Without: []string{"actor"}},
		"no endpoint":     {Without: []string{"endpoint"}},
	} {
		p.Goto(l.Launch(how).URL)
		who := launchedAgain(t, p)
		who.waitIn(`d.querySelector(".no-platform:not([hidden])")`)
		if who.Text("[role=status]") == "" {
			t.Errorf("%s: the shell says nothing", name)
		}
	}
	for _, st := range l.Statements() {
		if lms.Defined(st) != "launched" {
			t.Errorf("stored is %s", st.Raw)
		}
	}
	without(t, l)
}

// 8.2.3.0-1: a launch address that is opened a second time has no token. What is learnt then is kept for the next launch.
func TestALaunchThatWasUsedIsSaidToBeOver(t *testing.T) {
	l := platform(t, "cmi5")
	s := l.Launch(lms.Launch{NoReturn: true})
	p := browser.Open(t)
	who := launch(t, p, s)
	wait(t, l, "initialized", 1)
	who.leave()
	wait(t, l, "terminated", 1)
	p.Goto(s.URL) // in a new tab the token would be refused; in this one it is known
	who = launchedAgain(t, p)
	who.WaitFor(`/session with the learning platform has ended/.test(document.querySelector("[role=status]").textContent)`, patience)
	who.read()
	who.leave()
	if n := len(l.Statements()); n != 3 {
		t.Errorf("%d statements are stored: %s", n, said(l.Statements()))
	}
	launch(t, p, l.Launch(lms.Launch{}))
	got, _ := l.Wait(patience, func(list []record.Statement) bool { return len(list) > 6 })
	if !slices.ContainsFunc(got, func(st record.Statement) bool {
		return st.Object.ID == theCourse+"/one" && strings.HasSuffix(st.Verb.ID, "/completed")
	}) {
		t.Errorf("the lesson is lost: %s", said(got))
	}
	without(t, l)
}

// 10.2.6.0-1: the way back leads to the returnURL, after terminated.
func TestTheWayBackLeadsToThePlatform(t *testing.T) {
	l := platform(t, "cmi5")
	p := browser.Open(t)
	who := launch(t, p, l.Launch(lms.Launch{}))
	who.read()
	who.Eval(`[...document.querySelector("iframe").contentDocument.querySelectorAll(".records-line button")].find(b => b.textContent === "Leave the course").click()`, nil)
	p.WaitFor(`/Back at the learning platform/.test(document.body.textContent)`, patience)
	got := l.Statements()
	if lms.Defined(got[len(got)-1]) != "terminated" {
		t.Errorf("the last is %s", got[len(got)-1].Raw)
	}
	without(t, l)
}

// The network is away for a while in the middle.
func TestAGapInTheNetworkLosesNothing(t *testing.T) {
	l := platform(t, "cmi5")
	var away atomic.Bool
	l.Fault = func(http.ResponseWriter, *http.Request) bool {
		if away.Load() {
			panic(http.ErrAbortHandler)
		}
		return false
	}
	p := browser.Open(t)
	who := launch(t, p, l.Launch(lms.Launch{}))
	wait(t, l, "initialized", 1)
	away.Store(true)
	who.read()
	who.waitIn(`/waiting/.test(d.querySelector(".records-line").textContent)`)
	away.Store(false)
	who.Eval(`[...document.querySelector("iframe").contentDocument.querySelectorAll(".records-line button")].find(b => b.textContent === "Send now").click()`, nil)
	who.waitIn(`!/waiting/.test(d.querySelector(".records-line").textContent)`)
	who.answer(true)
	who.leave()
	got := wait(t, l, "terminated", 1)
	without(t, l)
	twice(t, got)
	if said(got) != "launched initialized completed passed terminated" {
		t.Errorf("stored are %s", said(got))
	}
}

// A module that is launched by itself has its own verdict, and tells nothing of the others.
func TestAModuleIsCompletedByItself(t *testing.T) {
	t.Parallel()
	files := map[string]string{
		"sopan.yaml":                    "title: Small site\nid: https://example.org/small\n",
		"content/tiny/index.md":         "---\ntitle: A tiny course\n---\n\nText.\n",
		"content/tiny/10-a/index.md":    "---\ntitle: First\n---\n\nText.\n",
		"content/tiny/10-a/10-one.md":   "---\ntitle: One\n---\n\nA short lesson.\n",
		"content/tiny/20-b/index.md":    "---\ntitle: Second\n---\n\nText.\n",
		"content/tiny/20-b/10-other.md": "---\ntitle: Other\n---\n\nA short lesson.\n",
	}
	l, err := lms.Open(pack(t, files, "cmi5", true))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	if n := len(l.Course.Units); n != 2 {
		t.Fatalf("there are %d units", n)
	}
	p := browser.Open(t)
	for n, unit := range []string{"one.html", "other.html"} {
		s := l.Launch(lms.Launch{Unit: n})
		who := launch(t, p, s)
		who.open(unit)
		who.click(".done-button")
		who.waitIn(`d.querySelector(".done-button").textContent === "Done"`)
		who.leave()
		wait(t, l, "terminated", n+1)
		if !l.Met(s) {
			t.Errorf("unit %d is not completed", n)
		}
	}
	without(t, l)
	if got := said(l.Statements()); got != "launched initialized completed terminated launched initialized completed terminated" {
		t.Errorf("stored are %s", got)
	}
}
