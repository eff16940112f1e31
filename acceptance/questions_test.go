package acceptance

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sopan.dev/sopan/internal/browser"
)

// questions holds a question of each kind, under the name of the kind's files. Kinds that are only planned stand here too.
func questions() map[string]string {
	return map[string]string{
		"choice": `- id: one
  ask: Within how many days must an ordinary request be answered?
  right: 30 days
  wrong: [15 days, 45 days]
- id: several
  ask: Which of these may be withheld?
  right: [Cabinet papers, Trade secrets]
  wrong: [A sanctioned plan, The rules of the department]
- id: certain
  ask: How many days may a transfer take?
  right: 5 days
  wrong: [10 days, 30 days]
  certainty: asked
`,
		"truefalse": `- id: truth
  ask: An applicant must give reasons.
  right: false
`,
		"text": `- id: typed
  ask: Who hears a second appeal?
  answer: Central Information Commission
  also: [CIC, केन्द्रीय सूचना आयोग]
`,
		"number": `- id: penalty
  ask: What is the largest penalty?
  number: 25,000
  within: 0
  unit: rupees
`,
		"fill": `- id: blanks
  ask: Complete the sentence.
  fill: A first appeal lies within [[30]] days, to the [[senior officer | Commission | High Court]].
`,
		"match": `- id: pairs
  ask: Match each step to its section.
  match: {Request: Section 6, Disposal: Section 7, Appeal: Section 19}
  extra: [Section 4]
`,
		"sort": `- id: groups
  ask: Which office deals with each request?
  sort:
    Transfer within 5 days: [Another ministry's file, A state subject]
    Answer yourself: [Your own tender file]
`,
		"order": `- id: steps
  ask: Put the steps in order.
  order: [Receive and register, Collect the records, Decide, Reply]
`,
		"write": `- id: essay
  ask: Draft a reply refusing third-party tax returns.
  write: 150 words
  model: The information is exempt under section 8(1)(j), because it is personal.
  rubric: {Names the exact clause: 2, Gives reasons: 2, Mentions the appeal: 1}
`,
		"do": `- id: tasks
  ask: Before closing the file, did you do each of these?
  do: [Recorded the search, Signed the reply, Entered the date]
`,
		"rate": `- id: sure
  ask: How confident are you?
  rate: [Not at all, A little, Fairly, Fully]
`,
		"case": `- id: played
  ask: Find the missing file.
  case: the-file
`,
	}
}

// aCase is what the question of the kind case is about. Its first decision is the best one.
const aCase = `---
title: The file
---
## Monday {#monday}

A file is missing.

- [Search the shelf](#found) {people +2}
- [Blame a colleague](#blame) {people +1}

## Tuesday {#found}

It was there.

:::debrief
Good.
:::

## Wednesday {#blame}

It was there.

:::debrief
Well.
:::
`

// everyKind is a quiz with each kind of question that this repository has.
func everyKind(t *testing.T) string {
	t.Helper()
	quiz := "title: Every kind of question\npass: 60%\nquestions:\n"
	for _, kind := range kinds(t) {
		question, ok := questions()[kind]
		if !ok {
			t.Fatalf("there is a new kind of question, %q: give the acceptance tests one of it, in questions()", kind)
		}
		quiz += question
	}
	return quiz
}

// kinds lists the kinds of questions that this repository has: a kind is a script and a template side by side.
func kinds(t *testing.T) []string {
	t.Helper()
	scripts, err := filepath.Glob(filepath.Join(repository(), "quiz", "*.ts"))
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, script := range scripts {
		kind := strings.TrimSuffix(filepath.Base(script), ".ts")
		if _, err := os.Stat(filepath.Join(repository(), "quiz", kind+".html")); err == nil {
			all = append(all, kind)
		}
	}
	if len(all) == 0 {
		t.Fatal("quiz holds no kind of question")
	}
	return all
}

// everyKindSite builds a site of that one quiz and gives its page.
func everyKindSite(t *testing.T) (*Site, Page) {
	t.Helper()
	s := buildSite(t, map[string]string{
		"sopan.yaml":                      "title: Every kind\n",
		"content/c/index.md":              "---\ntitle: Course\n---\n\nText.\n",
		"content/c/10-m/index.md":         "---\ntitle: Module\n---\n\nText.\n",
		"content/c/10-m/the-file.case.md": aCase,
		"content/c/10-m/all.quiz.yaml":    everyKind(t),
	})
	return s, s.ofKind(t, "quiz")[0]
}

// TestEveryKindOfQuestionIsAnsweredFromTheKeyboardAndStaysAccessible: before an answer, with its feedback, and with the result on
// the page, in light and dark, on a phone and at 320 pixels.
func TestEveryKindOfQuestionIsAnsweredFromTheKeyboardAndStaysAccessible(t *testing.T) {
	s, page := everyKindSite(t)
	script := axe(t)
	p := browser.Open(t)
	p.SetViewport(360, 640, true)
	p.Goto(browser.FileURL(s.file(page.Path)))
	p.WaitFor(`[...document.querySelectorAll(".quiz-end, .q-actions")].some(e => !e.hidden)`, patience)
	judge := func(when string) {
		t.Helper()
		for _, dark := range []bool{false, true} {
			p.SetMedia(browser.Media{ReducedMotion: true, Dark: dark})
			axeFinds(t, p, script, everyRule, fmt.Sprintf("%s (dark %v)", when, dark), &tally{})
		}
		p.SetViewport(320, 640, true)
		var found []string
		if p.Eval(wide, &found); len(found) > 0 {
			t.Errorf("%s, at 320 pixels, it is too wide:\n  %s", when, strings.Join(found, "\n  "))
		}
		p.SetViewport(360, 640, true)
	}
	judge("before an answer")
	n := p.Count("fieldset[data-q]:not([data-kind=case])") // that one is answered on another page
	if answered := answerByKeyboard(t, p); answered < n {
		t.Errorf("of %d questions %d could be answered from the keyboard", n, answered)
	}
	judge("with the result")
	for _, e := range append(p.ConsoleErrors(), p.CSPViolations()...) {
		t.Errorf("console: %s", e)
	}
}
