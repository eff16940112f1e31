package acceptance

import (
	"fmt"
	"strings"
	"testing"

	"sopan.dev/sopan/internal/browser"
)

// right is how a question of questions() is answered rightly: what is put into which control, by the control's words. A tick
// is "", a text is typed, an entry is chosen. order is the right order of the steps.
type right struct {
	question string
	controls [][2]string
	order    []string
	verdict  string // "Right." without one
	also     string // what else is said
}

func rightAnswers() map[string][]right {
	return map[string][]right{
		"choice": {
			{question: "one", controls: [][2]string{{"30 days", ""}}},
			{question: "several", controls: [][2]string{{"Cabinet papers", ""}, {"Trade secrets", ""}}},
			{question: "certain", controls: [][2]string{{"5 days", ""}, {"Fairly sure", ""}}, also: "2 of 3 marks"},
		},
		"truefalse": {{question: "truth", controls: [][2]string{{"False", ""}}}},
		"text":      {{question: "typed", controls: [][2]string{{"Your answer", "CIC"}}}},
		"number":    {{question: "penalty", controls: [][2]string{{"Your answer", "25000"}}}},
		"fill":      {{question: "blanks", controls: [][2]string{{"Blank 1", "30"}, {"Blank 2", "senior officer"}}}},
		"match":     {{question: "pairs", controls: [][2]string{{"Request", "Section 6"}, {"Disposal", "Section 7"}, {"Appeal", "Section 19"}}}},
		"sort": {{question: "groups", controls: [][2]string{
			{"Another ministry's file", "Transfer within 5 days"}, {"A state subject", "Transfer within 5 days"}, {"Your own tender file", "Answer yourself"},
		}}},
		"order": {{question: "steps", order: []string{"Receive and register", "Collect the records", "Decide", "Reply"}}},
		"write": {{question: "essay", controls: [][2]string{{"Your answer", "EXEMPT"}, {"Names the exact clause", "2"}, {"Gives reasons", "1"}}, verdict: "Your answer is kept."}},
		"do":    {{question: "tasks", controls: [][2]string{{"Recorded the search", ""}, {"Entered the date", ""}}, verdict: "Your answer is kept."}},
		"rate":  {{question: "sure", controls: [][2]string{{"Fairly", ""}}, verdict: "Your answer is kept."}},
		"case":  {{question: "played"}},
	}
}

// control gives a selector for the control of a question that has the given words. A label that is a part of another's
// ("day" of "days") is not found by it.
func control(t *testing.T, p *browser.Page, question, words string) string {
	t.Helper()
	var selector string
	p.Eval(fmt.Sprintf(`(() => {
		const controls = [...document.querySelectorAll("#q-%s :is(input, select, textarea)")];
		const e = controls.find(e => [...(e.labels ?? []), e].some(l => (l.getAttribute("aria-label") ?? l.innerText ?? "").trim().startsWith(%q)));
		return !e ? "" : e.id ? "#" + CSS.escape(e.id) : "[name=" + CSS.escape(e.name) + "][value=" + CSS.escape(e.value) + "]";
	})()`, question, words), &selector)
	if selector == "" {
		t.Fatalf("%s: question %s has no control %q", p.URL(), question, words)
	}
	return selector
}

// hand is how a person acts on a page: with the keyboard alone, or with single clicks.
type hand interface {
	tick(selector string)
	write(selector, text string)
	choose(selector, entry string)
	press(selector string)
}

type keyboard struct {
	t *testing.T
	p *browser.Page
}

// to brings the keyboard to an element by Tab, and never by script. The radios of a group are one stop.
func (k keyboard) to(selector string) {
	k.t.Helper()
	for range 80 {
		var at bool
		k.p.Eval(fmt.Sprintf(`(e => e === document.activeElement || e.type === "radio" && e.name === document.activeElement.name)(document.querySelector(%q))`, selector), &at)
		if at {
			return
		}
		tab(k.t, k.p)
	}
	k.t.Fatalf("%s: Tab does not reach %s", k.p.URL(), selector)
}

func (k keyboard) tick(selector string) {
	k.t.Helper()
	k.to(selector)
	k.p.Press("Space")
	for range 5 {
		var on bool
		if k.p.Eval(fmt.Sprintf(`document.querySelector(%q).checked`, selector), &on); on {
			return
		}
		k.p.Press("ArrowDown")
	}
	k.t.Errorf("%s: the keyboard does not tick %s", k.p.URL(), selector)
}

func (k keyboard) write(selector, text string) {
	k.t.Helper()
	k.to(selector)
	k.p.Press(strings.Split(text, "")...)
}

func (k keyboard) choose(selector, entry string) {
	k.t.Helper()
	k.to(selector)
	for range 10 {
		var now string
		if k.p.Eval(fmt.Sprintf(`(e => e.selectedOptions[0].text)(document.querySelector(%q))`, selector), &now); now == entry {
			return
		}
		k.p.Press("ArrowDown")
	}
	k.t.Errorf("%s: the keyboard does not choose %q in %s", k.p.URL(), entry, selector)
}

func (k keyboard) press(selector string) {
	k.t.Helper()
	k.to(selector)
	k.p.Press("Enter")
}

// clicks are single clicks on one place each; nothing is held and moved.
type clicks struct{ p *browser.Page }

func (c clicks) tick(selector string)        { c.p.Click("label:has(" + selector + ")") }
func (c clicks) write(selector, text string) { c.p.Click(selector); c.p.Type(selector, text) }
func (c clicks) press(selector string)       { c.p.Click(selector) }

// choose does what the device's own list of entries does when one is tapped; it lies outside the page.
func (c clicks) choose(selector, entry string) {
	c.p.Eval(fmt.Sprintf(`(e => {
		e.selectedIndex = [...e.options].findIndex(o => o.text === %q);
		for (const what of ["input", "change"]) e.dispatchEvent(new Event(what, {bubbles: true}));
	})(document.querySelector(%q))`, entry, selector), nil)
}

// sortSteps brings steps into order with their Up buttons. The button that was pressed keeps the keyboard, and a sentence
// says where the step is now.
func sortSteps(t *testing.T, p *browser.Page, h hand, question string, order []string) {
	t.Helper()
	at := func(step string) (place int) {
		p.Eval(fmt.Sprintf(`[...document.querySelectorAll("#q-%s .q-order > li")].findIndex(li => li.querySelector(".q-text").innerText.trim() === %q)`, question, step), &place)
		return place
	}
	for want, step := range order {
		up := fmt.Sprintf(`#q-%s button[aria-label="Up: %s"]`, question, step)
		for place := at(step); place > want; place-- {
			h.press(up)
			if now := at(step); now != place-1 {
				t.Fatalf("%s: Up on %q at %d brought it to %d", p.URL(), step, place, now)
			}
			var focused bool
			if p.Eval(fmt.Sprintf(`document.activeElement === document.querySelector(%q)`, up), &focused); !focused {
				t.Errorf("after Up, %q has lost the keyboard", step)
			}
			if said, want := p.Text("#q-"+question+" .q-moved"), fmt.Sprintf("%s: now %d of %d.", step, place, len(order)); said != want {
				t.Errorf("after Up it says %q, want %q", said, want)
			}
		}
	}
}

// kindPages builds a site with a quiz for each kind, and gives their pages.
func kindPages(t *testing.T) map[string]string {
	t.Helper()
	files := map[string]string{
		"sopan.yaml":                      "title: Every kind\n",
		"content/c/index.md":              "---\ntitle: Course\n---\n\nText.\n",
		"content/c/10-m/index.md":         "---\ntitle: Module\n---\n\nText.\n",
		"content/c/10-m/the-file.case.md": aCase,
	}
	for _, kind := range kinds(t) {
		if questions()[kind] == "" || len(rightAnswers()[kind]) == 0 {
			t.Fatalf("there is a new kind of question, %q: say in questions() what it asks and in rightAnswers() what is right", kind)
		}
		files["content/c/10-m/kind-"+kind+".quiz.yaml"] = "title: A question of the kind " + kind + "\npass: 60%\nquestions:\n" + questions()[kind]
	}
	s := buildSite(t, files)
	pages := map[string]string{}
	for _, page := range s.ofKind(t, "quiz") {
		_, name, _ := strings.Cut(page.Path, "kind-")
		pages[strings.TrimSuffix(name, ".html")] = browser.FileURL(s.file(page.Path))
	}
	return pages
}

// TestEachKindIsAnsweredWithoutDragging: each kind of question is answered rightly with the keyboard alone, and with single
// clicks; and what it is, offers and came to is told to a screen reader.
func TestEachKindIsAnsweredWithoutDragging(t *testing.T) {
	pages := kindPages(t)
	for _, kind := range kinds(t) {
		for _, by := range []string{"keyboard", "clicks"} {
			t.Run(kind+" by "+by, func(t *testing.T) {
				p := browser.Open(t)
				p.SetViewport(360, 640, by == "clicks")
				p.Goto(pages[kind])
				var h hand = clicks{p}
				if by == "keyboard" {
					h = keyboard{t, p}
				}
				for _, r := range rightAnswers()[kind] {
					answerRightly(t, p, h, kind, r)
				}
				for _, e := range append(p.ConsoleErrors(), p.CSPViolations()...) {
					t.Errorf("console: %s", e)
				}
			})
		}
	}
}

func answerRightly(t *testing.T, p *browser.Page, h hand, kind string, r right) {
	t.Helper()
	field := "#q-" + r.question
	check := field + " .q-check"
	p.WaitFor(fmt.Sprintf(`(e => e && e.getClientRects().length)(document.querySelector(%q))`, check), patience)
	groupIsNamed(t, p, field)
	for _, c := range r.controls {
		if kind == "write" && c[0] == "Names the exact clause" {
			if p.Count(field+" .q-model") > 0 {
				t.Error("the model answer stands open before it was asked for")
			}
			h.press(field + " .q-show button")
			p.WaitFor(fmt.Sprintf(`document.querySelector(%q)`, field+" .q-model"), patience)
		}
		selector := control(t, p, r.question, c[0])
		var tag, kindOf string
		p.Eval(fmt.Sprintf(`document.querySelector(%q).tagName`, selector), &tag)
		p.Eval(fmt.Sprintf(`document.querySelector(%q).type`, selector), &kindOf)
		switch {
		case tag == "SELECT":
			h.choose(selector, c[1])
			stateIsTold(t, p, "combobox", c[0], func(a browser.Accessible) bool { return a.Value == c[1] })
		case kindOf == "radio", kindOf == "checkbox":
			h.tick(selector)
			stateIsTold(t, p, kindOf, c[0], func(a browser.Accessible) bool { return a.Checked == "true" })
		default:
			h.write(selector, c[1])
			stateIsTold(t, p, "textbox", c[0], func(a browser.Accessible) bool { return a.Value == c[1] })
		}
	}
	if r.order != nil {
		sortSteps(t, p, h, r.question, r.order)
		stateIsTold(t, p, "combobox", r.order[3], func(a browser.Accessible) bool { return a.Value == "4" })
		stateIsTold(t, p, "button", "Down: "+r.order[0], func(browser.Accessible) bool { return true })
	}
	if kind == "case" {
		play(t, p, h, field)
	}
	h.press(check)
	want := r.verdict
	if want == "" {
		want = "Right."
	}
	p.WaitFor(fmt.Sprintf(`document.querySelector(%q)`, field+" .q-verdict"), patience)
	if got := p.Text(field + " .q-verdict"); !strings.Contains(got, want) || !strings.Contains(got, r.also) {
		t.Errorf("%s: the verdict is %q, want %q in it", r.question, got, want)
	}
	inStatus := false
	var status browser.Accessible
	for _, a := range p.Accessibility() {
		if a.Role == "status" {
			status = a
		}
		inStatus = inStatus || strings.Contains(a.Name, want) && status.Role != "" && a.Depth > status.Depth
	}
	if !inStatus {
		t.Errorf("%s: no status tells a screen reader %q", r.question, want)
	}
}

// play leaves the question for its case study, takes the best way, and comes back.
func play(t *testing.T, p *browser.Page, h hand, field string) {
	t.Helper()
	quiz := p.URL()
	if got := p.Text(field + " .q-state"); got != "Not played yet." {
		t.Errorf("before it was played, the state is %q", got)
	}
	h.press(field + " .q-check")
	if got := p.Text(field + " .q-result"); !strings.Contains(got, "first") {
		t.Errorf("checked before it was played, it says %q", got)
	}
	h.press(field + " .q-case a")
	p.WaitFor(`document.documentElement.dataset.page === "case" && document.querySelector(".path")`, patience)
	h.press(`a.decision[href="#found"]`)
	p.WaitFor(`document.querySelector(".case-end")`, patience)
	saved(p)
	p.Goto(quiz)
	p.WaitFor(fmt.Sprintf(`(document.querySelector(%q)?.innerText ?? "").includes("100 %%")`, field+" .q-state"), patience)
}

// groupIsNamed: a screen reader says the question and how to answer it before it says the controls.
func groupIsNamed(t *testing.T, p *browser.Page, field string) {
	t.Helper()
	ask, how := p.Text(field+" > legend .q-ask"), p.Text(field+" > .q-how")
	for _, a := range p.Accessibility() {
		if a.Role == "group" && strings.Contains(a.Name, ask) && strings.Contains(a.Description, how) && how != "" {
			return
		}
	}
	t.Errorf("no group is named %q and described by %q", ask, how)
}

// stateIsTold: a screen reader finds a control of this role and name in the state that is wanted.
func stateIsTold(t *testing.T, p *browser.Page, role, name string, is func(browser.Accessible) bool) {
	t.Helper()
	var met []string
	for _, a := range p.Accessibility() {
		if a.Role == role && strings.HasPrefix(a.Name, name) {
			if is(a) {
				return
			}
			met = append(met, a.String())
		}
	}
	t.Errorf("%s: no %s %q is told in the state that it has; told are %q", p.URL(), role, name, met)
}

// hastily answers each question as soon as it can be seen, and before any script of the page is there.
const hastily = `document.addEventListener("readystatechange", () => {
	if (document.readyState !== "interactive") return;
	for (const q of document.querySelectorAll("fieldset[data-q]")) {
		q.querySelectorAll("ul").forEach(list => list.querySelector("[type=radio], [type=checkbox]")?.click());
		q.querySelectorAll("[type=text], textarea").forEach(e => e.value = "7");
		q.querySelectorAll("select").forEach((e, n) => e.selectedIndex = e.closest(".q-order") ? n + 1 : 1);
	}
})`

// TestAnAnswerOfAnyKindThatWasThereBeforeTheScriptsIsKept: on a slow network the questions come first.
func TestAnAnswerOfAnyKindThatWasThereBeforeTheScriptsIsKept(t *testing.T) {
	s, page := everyKindSite(t)
	p := browser.Open(t)
	p.Goto("about:blank")
	p.Before(hastily)
	p.Goto(browser.FileURL(s.file(page.Path)))
	settled(p)
	saved(p)
	later := p.NewTab()
	later.Goto(browser.FileURL(s.file(page.Path)))
	later.WaitFor(`![...document.querySelectorAll("fieldset[data-q]:not([data-kind=case])")].filter(q => ![...q.querySelectorAll(":checked, [type=text], textarea")].some(e => e.value)).length`, patience)
}
