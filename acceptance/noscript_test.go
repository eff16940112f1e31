package acceptance

import (
	"fmt"
	"strings"
	"testing"

	"sopan.dev/sopan/internal/browser"
)

func openWithoutScript(t *testing.T, s *Site, page Page) *browser.Page {
	t.Helper()
	p := browser.Open(t)
	p.SetViewport(360, 640, true)
	p.SetScript(false)
	p.Goto(browser.FileURL(s.file(page.Path)))
	return p
}

// hiddenText lists what of the main text cannot be seen: everything the page holds outside templates, scripts and what only
// script can fill must be readable.
const hiddenText = `[...document.querySelectorAll("main h1, main h2, main h3, main p, main li, main td, main th, main legend, main label, main figcaption")]
	.filter(e => e.textContent.trim() && !e.getClientRects().length && !e.closest("[hidden], details:not([open]) > :not(summary), noscript")).map(e => e.outerHTML.slice(0, 120))`

// TestWithoutScriptEveryPageCanBeReadAndWalked is promise 3.
func TestWithoutScriptEveryPageCanBeReadAndWalked(t *testing.T) {
	s := sampleSite(t)
	p := browser.Open(t)
	p.SetViewport(360, 640, true)
	p.SetScript(false)
	for _, page := range s.oneOfEachKind() {
		p.Goto(browser.FileURL(s.file(page.Path)))
		var hidden []string
		if p.Eval(hiddenText, &hidden); len(hidden) > 0 {
			t.Errorf("%s hides without script:\n  %s", page.Path, strings.Join(hidden[:min(5, len(hidden))], "\n  "))
		}
		var dead []string
		p.Eval(`[...document.querySelectorAll("button, input[type=search], [role=search]")].filter(e => e.getClientRects().length).map(e => e.outerHTML.slice(0, 120))`, &dead)
		if len(dead) > 0 {
			t.Errorf("%s shows controls that do nothing without script:\n  %s", page.Path, strings.Join(dead, "\n  "))
		}
	}
	lesson := s.ofKind(t, "lesson")[0]
	p.Goto(browser.FileURL(s.file(lesson.Path)))
	p.Follow(".turn-next")
	if p.URL() == browser.FileURL(s.file(lesson.Path)) {
		t.Error("the link onwards leads nowhere")
	}
}

// TestWithoutScriptAQuizShowsItsQuestionsAndNotItsKey: it can be printed and read out.
func TestWithoutScriptAQuizShowsItsQuestionsAndNotItsKey(t *testing.T) {
	s := sampleSite(t)
	for _, quiz := range s.ofKind(t, "quiz") {
		var feedback []string
		for n := range elements(quiz.Root, "template") {
			if words := text(n); len(words) > 20 {
				feedback = append(feedback, words)
			}
		}
		p := openWithoutScript(t, s, quiz)
		body := strings.Join(strings.Fields(p.Text("main")), " ")
		for n := range elements(quiz.Root, "legend") {
			if !strings.Contains(body, text(n)) {
				t.Errorf("%s: the question %q cannot be read", quiz.Path, text(n))
			}
		}
		for _, words := range feedback {
			if strings.Contains(body, words) {
				t.Errorf("%s shows the feedback %.60q without script", quiz.Path, words)
			}
		}
		p.Close()
	}
}

// TestOnPaperAListShowsWhatCanBeChosen: nobody opens a list on paper; on a screen it says so itself.
func TestOnPaperAListShowsWhatCanBeChosen(t *testing.T) {
	s, page := everyKindSite(t)
	p := openWithoutScript(t, s, page)
	const lists = `[...document.querySelectorAll("select[data-source], select[data-blank]")].map(list => {
		const said = [...list.closest(".q").querySelectorAll(".q-print")].filter(e => e.getClientRects().length).map(e => e.innerText).join();
		return [...list.options].filter(o => o.value && !said.includes(o.text)).length;
	})`
	for _, print := range []bool{false, true} {
		p.SetMedia(browser.Media{Print: print})
		var unsaid []int
		if p.Eval(lists, &unsaid); len(unsaid) < 3 {
			t.Fatalf("the page has %d lists", len(unsaid))
		}
		for i, n := range unsaid {
			if (n == 0) != print {
				t.Errorf("print %v: of list %d, %d choices are not said beside it", print, i+1, n)
			}
		}
	}
}

// TestWithoutScriptACaseIsAPageOfLinkedScenes: every scene is there, and every decision leads to one.
func TestWithoutScriptACaseIsAPageOfLinkedScenes(t *testing.T) {
	s := sampleSite(t)
	for _, c := range s.ofKind(t, "case") {
		p := openWithoutScript(t, s, c)
		var unseen, astray []string
		p.Eval(`[...document.querySelectorAll(".scene")].filter(e => !e.getClientRects().length).map(e => e.id)`, &unseen)
		p.Eval(`[...document.querySelectorAll("a.decision")].filter(a => !document.querySelector(".scene" + a.getAttribute("href"))).map(a => a.outerHTML)`, &astray)
		if n := p.Count(".scene"); n < 2 || len(unseen) > 0 || len(astray) > 0 {
			t.Errorf("%s: %d scenes, unseen %v, decisions that lead nowhere %v", c.Path, n, unseen, astray)
		}
		var target string
		p.Eval(`document.querySelector("a.decision").hash`, &target)
		p.Follow("a.decision")
		var there bool
		p.Eval(fmt.Sprintf(`location.hash === %q && (r => r.top < innerHeight && r.bottom > 0)(document.querySelector(%q).getBoundingClientRect())`, target, target), &there)
		if !there {
			t.Errorf("%s: the first decision does not lead to %s", c.Path, target)
		}
		p.Close()
	}
}
