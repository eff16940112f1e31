package acceptance

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sopan.dev/sopan/internal/browser"
)

// TestReorderingAQuizKeepsALearnersAnswers: the author turns questions and choices round and publishes again, while somebody
// is in the middle of the quiz.
func TestReorderingAQuizKeepsALearnersAnswers(t *testing.T) {
	head := "title: Check\nshow: answers after the attempt\nquestions:\n"
	before := []string{
		"- id: days\n  ask: How many days?\n  right: 30 days\n  wrong: [15 days, 45 days, 48 hours]\n",
		"- id: withheld\n  ask: What may be withheld?\n  right: [Cabinet papers, Trade secrets]\n  wrong: [A plan, The rules]\n",
		"- id: pairs\n  ask: Match.\n  match: {Request: Section 6, Appeal: Section 19, Disposal: Section 7}\n",
		"- id: blank\n  ask: Complete.\n  fill: Within [[30]] days, to the [[senior officer | Commission | High Court]].\n",
		"- id: penalty\n  ask: The largest penalty?\n  number: 25,000\n",
	}
	after := []string{
		before[4],
		"- id: blank\n  ask: Complete.\n  fill: Within [[30]] days, to the [[senior officer | High Court | Commission]].\n",
		"- id: pairs\n  ask: Match.\n  match: {Disposal: Section 7, Request: Section 6, Appeal: Section 19}\n",
		"- id: withheld\n  ask: What may be withheld?\n  wrong: [The rules, A plan]\n  right: [Trade secrets, Cabinet papers]\n",
		"- id: days\n  ask: How many days?\n  right: 30 days\n  wrong: [48 hours, 45 days, 15 days]\n",
	}
	dir := t.TempDir()
	source, out := filepath.Join(dir, "source"), filepath.Join(dir, "out")
	build := func(questions []string) {
		writeFiles(t, source, map[string]string{
			"sopan.yaml": "title: Twice\n", "content/c/index.md": "---\ntitle: Course\n---\n\nText.\n",
			"content/c/10-check.quiz.yaml": head + strings.Join(questions, ""),
		})
		sopan(t, "build", source, "--out", out)
	}
	build(before)
	p := browser.Open(t)
	p.Goto(browser.FileURL(filepath.Join(out, "c", "check.html")))
	p.WaitFor(`document.querySelector(".quiz-end:not([hidden])")`, patience)
	tick := func(q, words string) {
		p.Eval(fmt.Sprintf(`[...document.querySelectorAll("#q-%s label")].find(l => l.textContent.trim() === %q).querySelector("input").click()`, q, words), nil)
	}
	pick := func(selector string, n int) {
		p.Eval(fmt.Sprintf(`(s => { s.selectedIndex = %d; s.dispatchEvent(new Event("change", {bubbles: true})); })(document.querySelector(%q))`, n, selector), nil)
	}
	tick("days", "45 days")
	tick("withheld", "Trade secrets")
	tick("withheld", "A plan")
	pick("#q-pairs select", 2)
	p.Type("#q-blank input", "31")
	pick("#q-blank select", 1)
	p.Type("#q-penalty input", "२५,०००")
	// What was answered, in words: nothing of it may hang on a place.
	const answers = `(() => {
		const said = {};
		for (const q of document.querySelectorAll(".q")) said[q.dataset.q] = [
			...[...q.querySelectorAll("input:checked")].map(i => i.closest("label").textContent.trim()),
			...[...q.querySelectorAll("select")].map(s => (s.closest("li")?.textContent.split("Choose")[0].trim() ?? "") + "=" + s.selectedOptions[0].textContent.trim()),
			...[...q.querySelectorAll("input[type=text]")].map(i => i.value)].sort().join("; ");
		return said;
	})()`
	var want, got map[string]string
	p.Eval(answers, &want)
	if len(want) != 5 || want["days"] != "45 days" || want["withheld"] != "A plan; Trade secrets" {
		t.Fatalf("answered was %v", want)
	}
	saved(p)
	// The last was typed: it is kept when the typing has paused.
	p.WaitFor(`new Promise(r => { const q = indexedDB.open("sopan"); q.onsuccess = () => { const a = q.result.transaction("rows").objectStore("rows").getAll(); a.onsuccess = () => { window.kept = JSON.stringify(a.result).includes("२५,०००"); q.result.close(); r(); }; }; }) && window.kept`, patience)
	build(after)
	p.Reload()
	p.WaitFor(`document.querySelector(".quiz-end:not([hidden])") && document.querySelector("#q-penalty input").value`, patience)
	var first string
	p.Eval(`document.querySelector(".q").dataset.q`, &first)
	if first != "penalty" {
		t.Fatalf("the page begins with %s: it is not the second build", first)
	}
	p.Eval(answers, &got)
	for id, said := range want {
		if got[id] != said {
			t.Errorf("%s was answered with %q; when the quiz was turned round it says %q", id, said, got[id])
		}
	}
	p.Click(".quiz-submit")
	p.WaitFor(`document.querySelector(".quiz-result:not([hidden]) h2")`, patience)
	for _, e := range append(p.ConsoleErrors(), p.CSPViolations()...) {
		t.Errorf("console: %s", e)
	}
}

// ruled is a site with a quiz of each rule, in English and Hindi.
func ruled(t *testing.T) *Site {
	t.Helper()
	questions := "questions:\n"
	for i := range 6 {
		questions += fmt.Sprintf("- id: q%d\n  ask: Is %d right?\n  right: true\n  tests: \"Reading, level %d\"\n", i, i, i%2+1)
	}
	files := map[string]string{
		"sopan.yaml":                "title: Rules\nlanguages: [en, hi]\n",
		"content/competencies.yaml": "frameworks:\n- id: f\n  title: F\n  levels: [one, two]\n  areas:\n  - title: A\n    competencies:\n    - id: reading\n      title: {en: Reading, hi: पढ़ना}\n",
		"content/c/index.md":        "---\ntitle: Course\n---\n\nText.\n",
		"content/c/index.hi.md":     "---\ntitle: कोर्स\n---\n\nपाठ।\n",
	}
	for name, settings := range map[string]string{
		"timed": "time: 20 minutes\nattempts: 3, last counts\npass: 50%\n", "strict": "time: 5 minutes, strict\n", "drawn": "draw: 2 from Reading level 1, 1 from Reading level 2\nshow: answers after the attempt\n",
		"before": "kind: diagnostic\n", "sealed": "sealed: true\npass: 50%\n",
	} {
		files["content/c/"+name+".quiz.yaml"] = "title: " + name + "\n" + settings + questions
		files["content/c/"+name+".quiz.hi.yaml"] = "title: " + name + " हिन्दी\nquestions:\n  q0: {ask: क्या यह सही है?}\n"
	}
	files["content/c/survey.quiz.yaml"] = "title: survey\nkind: survey\nquestions:\n- id: s\n  ask: How was it?\n  rate: [Bad, Good]\n"
	files["content/c/round.quiz.yaml"] = "title: round\nkind: 360\nasked of: [self, peer, manager, subordinate]\nquestions:\n- id: s\n  ask: Listens?\n  rate: [Never, Always]\n"
	return buildSite(t, files)
}

// TestTheRulesOfAQuizAreSaidWithoutScriptToo: facts of the page, all questions on it, and no trace of the attempt.
func TestTheRulesOfAQuizAreSaidWithoutScriptToo(t *testing.T) {
	s := ruled(t)
	p := browser.Open(t)
	p.SetScript(false)
	for name, wants := range map[string][]string{
		"timed": {"20 min", "3, and the last counts", "50 %"}, "strict": {"5 min, and no more"}, "drawn": {"3 of 6, drawn for each attempt"}, "sealed": {"Your institute marks this quiz."},
	} {
		p.Goto(browser.FileURL(s.file("c/" + name + ".html")))
		got := p.Text("main")
		for _, want := range wants {
			if !strings.Contains(got, want) {
				t.Errorf("%s lacks %q:\n%s", name, want, got)
			}
		}
		if n := p.Count("fieldset.q:not([hidden])"); n != 6 {
			t.Errorf("%s shows %d of 6 questions without script", name, n)
		}
	}
}

// TestTheRulesOfAQuizAreAccessible: before the attempt, during it and with its result, narrow, in the dark, in both languages.
func TestTheRulesOfAQuizAreAccessible(t *testing.T) {
	s := ruled(t)
	script := axe(t)
	p := browser.Open(t)
	p.SetViewport(360, 640, true)
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
	for _, page := range []string{"c/timed.html", "hi/c/timed.html", "c/strict.html", "c/drawn.html", "hi/c/before.html", "c/survey.html", "c/round.html", "c/sealed.html"} {
		p.Goto(browser.FileURL(s.file(page)))
		p.WaitFor(`document.querySelector(".quiz-end:not([hidden]), .quiz-begin, .result-again")`, patience)
		if p.Count(".result-again") > 0 { // in the other language it was handed in
			p.Focus(".result-again")
			p.Press("Enter")
			p.WaitFor(`document.querySelector(".quiz-result").hidden`, patience)
		}
		judge(page + " before the attempt")
		if p.Count(".quiz-begin") > 0 {
			if p.Count(".quiz-as") > 0 {
				p.Focus(".quiz-as input")
				p.Press("Space")
			}
			p.Focus(".quiz-begin")
			p.Press("Enter")
			p.WaitFor(`document.querySelector(".quiz-end:not([hidden])")`, patience)
			judge(page + " in the attempt")
		}
		p.Focus(".quiz-submit")
		p.Press("Enter")
		p.WaitFor(`document.querySelector(".quiz-result:not([hidden]) h2")`, patience)
		judge(page + " with the result")
		for _, e := range append(p.ConsoleErrors(), p.CSPViolations()...) {
			t.Errorf("%s: %s", page, e)
		}
		p.Forget()
	}
}

// TestACertificatePrintsOnOneSheet: A4, upright and lengthwise, in both languages, with a long name.
func TestACertificatePrintsOnOneSheet(t *testing.T) {
	title := "Mission Karmayogi: rules to roles for officers who serve at the counter"
	s := buildSite(t, map[string]string{
		"sopan.yaml": "title: Certificates\nlanguages: [en, hi]\npublisher: National e-Governance Division\n", "content/c/index.md": "---\ntitle: \"" + title + "\"\n---\n\nText.\n",
		"content/c/index.hi.md":           "---\ntitle: \"मिशन कर्मयोगी: नियम से भूमिका तक, काउंटर पर सेवा देने वाले अधिकारियों के लिए\"\n---\n\nपाठ।\n",
		"content/c/10-check.quiz.yaml":    "title: Check\npass: 50%\nquestions:\n- id: a\n  ask: Is it so?\n  right: true\n",
		"content/c/10-check.quiz.hi.yaml": "title: जाँच\nquestions:\n  a: {ask: क्या ऐसा है?}\n",
	})
	p := browser.Open(t)
	p.Goto(browser.FileURL(s.file("c/check.html")))
	p.WaitFor(`document.querySelector(".quiz-end:not([hidden])")`, patience)
	p.Click(`input[value=true]`)
	p.Click(".quiz-submit")
	p.WaitFor(`document.querySelector(".quiz-result:not([hidden]) h2")`, patience)
	for _, page := range []string{"c/certificate.html", "hi/c/certificate.html"} {
		p.SetMedia(browser.Media{})
		p.SetViewport(360, 640, true)
		p.Goto(browser.FileURL(s.file(page)))
		p.WaitFor(`!document.querySelector("section.certificate").hidden`, patience)
		p.Type("#certificate-name", "Anjali Venkataraghavan Subramaniam-Chattopadhyay")
		p.Press("Tab")
		axeFinds(t, p, axe(t), everyRule, page, &tally{})
		var found []string
		if p.Eval(wide, &found); len(found) > 0 {
			t.Errorf("%s is too wide at 360 pixels:\n  %s", page, strings.Join(found, "\n  "))
		}
		p.SetMedia(browser.Media{Print: true})
		// Margins of 10 mm, at 96 pixels an inch.
		for _, paper := range []struct{ width, height int }{{718, 1046}, {1046, 718}} {
			p.SetViewport(paper.width, paper.height, false)
			var height float64
			p.Eval(`document.body.getBoundingClientRect().height`, &height)
			if height > float64(paper.height) {
				p.ScreenshotFull(filepath.Join(os.TempDir(), "certificate.png"))
				t.Errorf("%s is %v pixels high on paper of %d by %d", page, height, paper.width, paper.height)
			}
		}
		for _, e := range append(p.ConsoleErrors(), p.CSPViolations()...) {
			t.Errorf("%s: %s", page, e)
		}
	}
}
