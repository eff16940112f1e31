package acceptance

import (
	"testing"

	"sopan.dev/sopan/internal/browser"
)

// TestPracticeOnACoursesAndAModulesPageIsMarkedAndKept: a block of questions may stand in any text, and each has answers of its own.
func TestPracticeOnACoursesAndAModulesPageIsMarkedAndKept(t *testing.T) {
	block := "\n```quiz\n- ask: Two and two?\n  right: \"4\"\n  wrong: [\"5\"]\n```\n"
	s := buildSite(t, map[string]string{
		"sopan.yaml":               "title: Practice\n",
		"content/c/index.md":       "---\ntitle: Course\n---\n\nText.\n" + block,
		"content/c/10-m/index.md":  "---\ntitle: Module\n---\n\nText.\n" + block,
		"content/c/20-n/index.md":  "---\ntitle: Another\n---\n\nText.\n" + block,
		"content/c/10-m/lesson.md": "---\ntitle: Lesson\n---\n\nText.\n" + block,
		"content/c/20-n/lesson.md": "---\ntitle: Lesson\n---\n\nText.\n",
	})
	p := browser.Open(t)
	p.SetViewport(360, 640, true)
	answered := 0
	for _, page := range append(append(s.ofKind(t, "course"), s.ofKind(t, "module")...), s.ofKind(t, "lesson")...) {
		if page.Path == "c/n/lesson.html" {
			continue
		}
		p.Goto(browser.FileURL(s.file(page.Path)))
		p.WaitFor(`[...document.querySelectorAll(".quiz-end, .q-actions")].some(e => !e.hidden)`, patience)
		if n := p.Count("fieldset[data-q] input:checked"); n > 0 {
			t.Errorf("%s has an answer before there is one: another page's", page.Path)
		}
		p.Click("fieldset[data-q] input[type=radio]")
		p.Click(".q-check")
		p.WaitFor(`document.querySelector(".q-verdict.right, .q-verdict.wrong")`, patience)
		saved(p)
		p.Goto(browser.FileURL(s.file(page.Path)))
		p.WaitFor(`document.querySelectorAll("fieldset[data-q] input:checked").length > 0`, patience)
		answered++
		for _, e := range append(p.ConsoleErrors(), p.CSPViolations()...) {
			t.Errorf("%s: console: %s", page.Path, e)
		}
	}
	if answered != 4 {
		t.Errorf("%d pages were answered, of 4", answered)
	}
}
