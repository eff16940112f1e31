package acceptance

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"sopan.dev/sopan/internal/browser"
)

// stop is where the keyboard is.
type stop struct {
	Tag, Type, Class, Text, Href, Question string
	Ringed, Shown, Empty, Off              bool
}

func (s stop) String() string {
	return fmt.Sprintf("<%s type=%q class=%q> %.60q %s", s.Tag, s.Type, s.Class, s.Text, s.Href)
}

const whereIsTheKeyboard = `(() => {
	const e = document.activeElement, r = e.getBoundingClientRect(), style = getComputedStyle(e);
	// A ring may be drawn by what surrounds a small control, its label above all.
	const ring = [e, e.closest("label"), e.closest("li"), e.closest("fieldset")].some(x => x && (s => s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2 || s.boxShadow !== "none")(getComputedStyle(x)));
	const group = e.type === "radio" ? [...document.querySelectorAll("input[name=" + CSS.escape(e.name) + "]")] : [e];
	return {
		Tag: e.tagName.toLowerCase(), Type: e.type ?? "", Class: typeof e.className === "string" ? e.className : "", Text: (e.innerText ?? "").trim(), Href: e.getAttribute("href") ?? "",
		Question: e.closest("fieldset[data-q]")?.dataset.q ?? "",
		Ringed: e === document.body || ring, Shown: e === document.body || r.bottom > 0 && r.top < innerHeight && r.right > 0 && r.left < innerWidth,
		Empty: e.tagName === "SELECT" ? !e.value : e.type === "radio" || e.type === "checkbox" ? !group.some(x => x.checked) : !e.value,
		Off: e.getAttribute("aria-disabled") === "true",
	};
})()`

// tab presses Tab once and judges the new stop: a person sees where the keyboard is.
func tab(t *testing.T, p *browser.Page) stop {
	t.Helper()
	p.Press("Tab")
	var at stop
	p.Eval(whereIsTheKeyboard, &at)
	if !at.Ringed {
		t.Errorf("%s: the focus cannot be seen on %v", p.URL(), at)
	}
	if !at.Shown {
		t.Errorf("%s: the focus is outside the window on %v", p.URL(), at)
	}
	return at
}

// tabTo presses Tab until the keyboard is where the test wants it.
func tabTo(t *testing.T, p *browser.Page, what string, is func(stop) bool) {
	t.Helper()
	var met []string
	for range 300 {
		at := tab(t, p)
		if is(at) {
			return
		}
		met = append(met, at.String())
	}
	t.Fatalf("%s: the keyboard does not reach %s; it met\n  %s", p.URL(), what, strings.Join(slices.Compact(met), "\n  "))
}

// enter follows the link that has the keyboard.
func enter(p *browser.Page, kind string) {
	p.Press("Enter")
	p.WaitFor(fmt.Sprintf(`document.readyState === "complete" && document.documentElement.dataset.page === %q`, kind), patience)
}

// TestFault56AKeyboardAloneGoesFromTheFrontPageToAResult: Tab, Enter, Space and arrows, on pages opened from the disk, without
// one error in the console.
func TestFault56AKeyboardAloneGoesFromTheFrontPageToAResult(t *testing.T) {
	s := sampleSite(t)
	p := browser.Open(t)
	p.SetViewport(1280, 900, false)
	p.Goto(browser.FileURL(s.file("index.html")))

	if first := tab(t, p); !strings.Contains(first.Class, "skip") {
		t.Errorf("the first stop of a page is no skip link but %v", first)
	}
	p.Press("Enter")
	p.WaitFor(`document.activeElement.id === "main" || location.hash === "#main"`, patience)
	tabTo(t, p, "a course", func(at stop) bool { return at.Tag == "a" && strings.HasSuffix(at.Href, "index.html") })
	enter(p, "course")
	tabTo(t, p, "the first lesson", func(at stop) bool { return at.Tag == "a" && strings.Contains(at.Class, "button") })
	enter(p, "lesson")
	kind := "lesson"
	for n := 0; kind != "quiz"; n++ {
		if n == 30 {
			t.Fatal("thirty times onwards, and no quiz")
		}
		before := p.URL()
		tabTo(t, p, "the link onwards", func(at stop) bool { return strings.Contains(at.Class, "turn-next") })
		p.Press("Enter")
		p.WaitFor(fmt.Sprintf(`location.href !== %q && document.readyState === "complete"`, before), patience)
		p.Eval(`document.documentElement.dataset.page`, &kind)
	}

	p.WaitFor(`[...document.querySelectorAll(".quiz-end, .q-actions")].some(e => !e.hidden)`, patience)
	var questions int
	p.Eval(`document.querySelectorAll("form.quiz:not([data-practice]) fieldset[data-q]").length`, &questions)
	answered := answerByKeyboard(t, p)
	if answered < questions {
		t.Errorf("of %d questions %d could be answered from the keyboard", questions, answered)
	}
	p.WaitFor(`(r => r && !r.hidden && r.innerText.trim())(document.querySelector(".quiz-result"))`, patience)
	p.WaitFor(`document.activeElement.className.includes("result")`, patience) // where the keyboard is after the last answer
	for _, e := range p.ConsoleErrors() {
		t.Errorf("console: %s", e)
	}
}

// answerByKeyboard puts something into every control of the quiz, checks each question that can be checked, hands in, and
// says how many questions it gave an answer to.
func answerByKeyboard(t *testing.T, p *browser.Page) int {
	t.Helper()
	answered := map[string]bool{}
	for range 500 {
		at := tab(t, p)
		switch {
		case strings.Contains(at.Class, "quiz-submit"):
			p.Press("Enter")
			// Where something is still open, the page may ask once more.
			if p.Count(".quiz-result:not([hidden])") > 0 {
				return len(answered)
			}
			p.WaitFor(`document.querySelector(".quiz-result:not([hidden])")`, patience)
			return len(answered)
		case at.Question == "":
		case strings.Contains(at.Class, "q-check") && !at.Off:
			p.Press("Enter")
			p.WaitFor(fmt.Sprintf(`document.getElementById("q-%s.result").innerText.trim()`, at.Question), patience)
		case at.Tag == "input" && at.Type == "radio" && at.Empty:
			p.Press("Space", "ArrowDown", "ArrowUp")
			answered[at.Question] = true
		case at.Tag == "input" && at.Type == "checkbox" && at.Empty && !answered[at.Question]:
			p.Press("Space")
			answered[at.Question] = true
		case at.Tag == "select":
			// What is put in order has a position from the start.
			if at.Empty || !answered[at.Question] {
				p.Press("ArrowDown")
			}
			answered[at.Question] = true
		case (at.Tag == "input" || at.Tag == "textarea") && at.Type != "radio" && at.Type != "checkbox" && at.Empty:
			p.Press("3", "0")
			answered[at.Question] = true
		}
	}
	t.Fatalf("%s: the keyboard does not reach the button that hands in; answered so far: %v", p.URL(), answered)
	return 0
}

// TestFault47AnAnswerOutlivesReloadAndDeathOfTheTab: answered, checked, then reloaded, then killed: answer and feedback are there.
func TestFault47AnAnswerOutlivesReloadAndDeathOfTheTab(t *testing.T) {
	s := sampleSite(t)
	p := browser.Open(t)
	quiz := browser.FileURL(s.file(s.ofKind(t, "quiz")[0].Path))
	p.Goto(quiz)
	const field = `form.quiz fieldset[data-kind="choice"]`
	p.WaitFor(fmt.Sprintf(`document.querySelector('%s input[type=radio]')`, field), patience)
	p.WaitFor(`[...document.querySelectorAll(".quiz-end, .q-actions")].some(e => !e.hidden)`, patience)
	p.Click(field + " .q-choice")
	var chosen string
	ask := fmt.Sprintf(`(document.querySelector('%s input:checked') ?? {}).value ?? ""`, field)
	p.Eval(ask, &chosen)
	if chosen == "" {
		t.Fatal("a click on a choice's row did not choose it")
	}
	checks := p.Count(field+" .q-check:not([hidden])") > 0
	if checks {
		p.Click(field + " .q-check")
		p.WaitFor(fmt.Sprintf(`document.querySelector('%s .q-verdict')`, field), patience)
	}
	saved(p)
	again := func(how string, p *browser.Page) {
		t.Helper()
		p.WaitFor(ask+` === `+fmt.Sprintf("%q", chosen), patience)
		if checks {
			p.WaitFor(fmt.Sprintf(`document.querySelector('%s .q-verdict')`, field), patience)
		}
	}
	p.Reload()
	again("after a reload", p)
	tab := p.NewTab()
	p.Crash()
	tab.Goto(quiz)
	again("after the tab was killed", tab)
}

// TestALessonMarkedAsReadIsAStepClimbed: it is done in the course's outline, and the course offers to go on with the next.
func TestALessonMarkedAsReadIsAStepClimbed(t *testing.T) {
	s := sampleSite(t)
	p := browser.Open(t)
	p.SetViewport(360, 640, true)
	p.Goto(browser.FileURL(s.file("index.html")))
	p.Follow(`main a[href$="index.html"]`)
	course := p.URL()
	p.Follow(`.continue a`)
	lesson := p.URL()
	p.Click(`.lesson-end button`)
	p.WaitFor(`document.querySelector(".lesson-end button").getAttribute("aria-disabled") === "true"`, patience)
	saved(p)
	p.Goto(course)
	p.WaitFor(`document.querySelector('.step[data-state="done"] .step-state')?.textContent.trim()`, patience)
	var next string
	p.Eval(`document.querySelector(".continue:not([hidden]) a").href`, &next)
	if next == lesson {
		t.Errorf("the course still offers the lesson that is done, %s", next)
	}
}
