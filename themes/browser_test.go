package themes_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sopan.dev/sopan/internal/browser"
)

// written puts the fixture pages of some languages on disk, as a learner opens them.
func written(t *testing.T, langs ...string) []string {
	t.Helper()
	set, css := templates(t), stylesheet(t)
	var files []string
	for _, lang := range langs {
		place := filepath.Join(t.TempDir(), lang)
		if err := os.MkdirAll(place, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(place, "sopan.css"), css, 0o644); err != nil {
			t.Fatal(err)
		}
		file := "en"
		if lang == "hi" {
			file = "hi"
		}
		for kind, view := range fixtures(t, set, lang, words(t, file)) {
			var b bytes.Buffer
			if err := set.ExecuteTemplate(&b, kind+".html", view); err != nil {
				t.Fatal(err)
			}
			f := filepath.Join(place, kind+".html")
			// The fixtures' policy names 'self', which no file on a disk is.
			page := strings.Replace(b.String(), `http-equiv="Content-Security-Policy"`, `name="policy"`, 1)
			if err := os.WriteFile(f, []byte(page), 0o644); err != nil {
				t.Fatal(err)
			}
			files = append(files, f)
		}
	}
	return files
}

// WCAG 1.4.10 and 1.4.4: a window of 320 pixels, and text at twice its size on a
// small phone, never ask for sideways scrolling of the page.
func TestPagesReflow(t *testing.T) {
	p := browser.Open(t)
	for _, f := range written(t, "en", "hi", "ur") {
		p.Goto(browser.FileURL(f))
		for _, look := range []struct {
			width int
			text  string
		}{{320, "100"}, {360, "200"}, {768, "150"}, {1280, "200"}} {
			p.SetViewport(look.width, 640, true)
			p.Eval(fmt.Sprintf(`document.documentElement.dataset.text = %q`, look.text), nil)
			var wide struct {
				Over   int
				Blame  []string
				Styled bool
			}
			p.Eval(`(() => { const w = document.documentElement.clientWidth; return {
				Over: document.documentElement.scrollWidth - w, Styled: getComputedStyle(document.body).marginLeft === "0px",
				Blame: [...document.querySelectorAll("body *")].filter(e => { const r = e.getBoundingClientRect(); return r.right > w + 1 || r.left < -1 }).slice(0, 3).map(e => e.tagName + "." + e.className) } })()`, &wide)
			if !wide.Styled {
				t.Fatalf("%s: the style sheet did not load", f)
			}
			if wide.Over > 0 {
				t.Errorf("%s/%s at %d px, text %s %%: %d px too wide, from %v", filepath.Base(filepath.Dir(f)), filepath.Base(f), look.width, look.text, wide.Over, wide.Blame)
			}
		}
	}
}

// What is behind a tab or folded on a screen stands on paper, under its heading: script hides the headings, which its tabs repeat.
func TestOnPaperNothingOfATextIsMissing(t *testing.T) {
	place := t.TempDir()
	if err := os.WriteFile(filepath.Join(place, "sopan.css"), stylesheet(t), 0o644); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(place, "text.html")
	if err := os.WriteFile(file, []byte(`<!doctype html><html lang="en" class="js"><title>Text</title><link rel="stylesheet" href="sopan.css"><main class="prose">
<div class="tabs"><div class="tablist" role="tablist"><button role="tab">At the counter</button><button role="tab">By post</button></div>
<section class="tab" role="tabpanel"><h3 class="text" hidden>At the counter</h3><p class="text">Read it aloud.</p></section>
<section class="tab" role="tabpanel" hidden><h3 class="text" hidden>By post</h3><p class="text">Keep the envelope.</p></section></div>
<details class="block"><summary class="text">The wording</summary><p class="text">Section 7(1).</p></details></main>`), 0o644); err != nil {
		t.Fatal(err)
	}
	p := browser.Open(t)
	p.SetViewport(794, 1123, false) // A4
	p.SetMedia(browser.Media{Print: true})
	p.Goto(browser.FileURL(file))
	var missing []string
	var bar float64
	p.Eval(`[...document.querySelectorAll(".text")].filter(e => !e.checkVisibility() || !e.getBoundingClientRect().height).map(e => e.textContent)`, &missing)
	p.Eval(`document.querySelector(".tablist").getBoundingClientRect().height`, &bar)
	if len(missing) > 0 || bar > 0 {
		t.Errorf("not on paper: %q; the bar of tabs takes %v px of it", missing, bar)
	}
}

// 44 pixels for what a finger aims at; links within running text are exempt, as in WCAG 2.5.8.
func TestTargetsAreLargeEnoughForAFinger(t *testing.T) {
	p := browser.Open(t)
	p.SetViewport(360, 640, true)
	for _, f := range written(t, "en", "ur") {
		p.Goto(browser.FileURL(f))
		var small []string
		p.Eval(`[...document.querySelectorAll("button, summary, select, .q-choice, .decision, .step a, .turn a, .bar a, .flight-title, .foot a, .continue a, .q input:not([type=radio], [type=checkbox])")]
			.filter(e => e.getClientRects().length && e.getBoundingClientRect().height < 44)
			.map(e => e.tagName + "." + e.className + " " + Math.round(e.getBoundingClientRect().height) + " px: " + e.textContent.slice(0, 30))`, &small)
		for _, s := range small {
			t.Errorf("%s: %s", filepath.Base(f), s)
		}
	}
}

// Without script nothing is lost: no scene, no question and no lesson of the
// outline is hidden, and the menu's link leads to the outline.
func TestPagesReadWithoutScript(t *testing.T) {
	p := browser.Open(t)
	p.SetScript(false)
	p.SetViewport(360, 640, true)
	for _, f := range written(t, "en") {
		p.Goto(browser.FileURL(f))
		var seen struct{ Scenes, Choices, Steps, Menu, Outline int }
		p.Eval(`(() => { const n = s => [...document.querySelectorAll(s)].filter(e => e.getClientRects().length).length;
			return {Scenes: n(".scene"), Choices: n(".q-choice"), Steps: n(".outline .step"), Menu: n("a[href='#outline']"), Outline: n("#outline")} })()`, &seen)
		kind := strings.TrimSuffix(filepath.Base(f), ".html")
		inModule := kind == "lesson" || kind == "quiz" || kind == "case" || kind == "module"
		if inModule && (seen.Steps != 6 || seen.Menu != 1 || seen.Outline != 1) {
			t.Errorf("%s: of the outline's 6 steps, its place and the way there are seen %+v", kind, seen)
		}
		if kind == "case" && seen.Scenes != 2 || kind == "quiz" && seen.Choices != 6 {
			t.Errorf("%s: not all is seen: %+v", kind, seen)
		}
	}
}
