package acceptance

import (
	"fmt"
	"testing"

	"sopan.dev/sopan/internal/browser"
)

// caseStop tells where the keyboard stands in a case study.
type caseStop struct {
	Decision bool // on a decision of the scene that is shown
	Step     bool // on a step of the way
	Scene    string
	Title    string // of the scene, where the focus is on its heading
}

const whereInCase = `(() => { const e = document.activeElement, s = document.querySelector(".scene:not([hidden])"); return {
	Decision: e.matches(".scene:not([hidden]) a.decision"), Step: e.matches(".path button"), Scene: s.id, Title: e.matches("h2") && s.contains(e) ? e.textContent : "" } })()`

// tabInCase presses Tab until the keyboard stands where wanted.
func tabInCase(t *testing.T, p *browser.Page, what string, wanted func(caseStop) bool) caseStop {
	t.Helper()
	for range 60 {
		p.Press("Tab")
		var now caseStop
		if p.Eval(whereInCase, &now); wanted(now) {
			return now
		}
	}
	t.Fatalf("%s: the keyboard does not reach %s", p.URL(), what)
	return caseStop{}
}

// TestACaseIsPlayedToItsEndByKeyboard: on a phone's screen, in both languages, by Tab and Enter alone. After each decision
// the keyboard stands at the scene it led to; axe finds nothing on the way, nor in the debrief with its picture, by day or night.
func TestACaseIsPlayedToItsEndByKeyboard(t *testing.T) {
	s := sampleSite(t)
	script := axe(t)
	var told tally
	for _, page := range s.ofKind(t, "case") {
		p := openPage(t, s, page)
		p.WaitFor(`document.querySelector(".case.is-played")`, patience)
		scenes := 0
		for p.Count(".case-end") == 0 {
			if scenes++; scenes > 30 {
				t.Fatalf("%s: thirty decisions lead to no end", page.Path)
			}
			before := tabInCase(t, p, "a decision", func(a caseStop) bool { return a.Decision })
			p.Press("Enter")
			p.WaitFor(fmt.Sprintf(`(w => w.Scene !== %q && w.Title)(%s)`, before.Scene, whereInCase), patience)
			if n := p.Count(".scene:not([hidden])"); n != 1 {
				t.Fatalf("%s: %d scenes are shown at once", page.Path, n)
			}
			if scenes == 1 {
				axeFinds(t, p, script, everyRule, page.Path+" on the way", &told)
			}
		}
		axeFinds(t, p, script, everyRule, page.Path+" at its end", &told)
		p.SetMedia(browser.Media{ReducedMotion: true, Dark: true})
		axeFinds(t, p, script, colourRule, page.Path+" at its end (dark)", &told)
		var found []string
		if p.Eval(wide, &found); len(found) > 0 {
			t.Errorf("%s: the debrief is too wide: %v", page.Path, found)
		}
		// The picture marks as many decisions as the way took, and each scene of it.
		var steps, edges, nodes int
		p.Eval(`document.querySelectorAll(".path li").length`, &steps)
		p.Eval(`document.querySelectorAll(".graph .edge.is-taken").length`, &edges)
		p.Eval(`document.querySelectorAll(".graph .node.is-taken").length`, &nodes)
		if steps != scenes+1 || edges != scenes || nodes != steps {
			t.Errorf("%s: %d decisions were taken; the way has %d steps, the picture %d decisions and %d scenes", page.Path, scenes, steps, edges, nodes)
		}
		saved(p)
		p.Goto(browser.FileURL(s.file(page.Path)))
		p.WaitFor(`document.querySelector(".case-end .graph")`, patience)
		tabInCase(t, p, "a step of the way", func(a caseStop) bool { return a.Step })
		p.Press("Enter")
		p.WaitFor(`document.querySelectorAll(".decision-taken").length === 1`, patience)
		if errs := append(p.ConsoleErrors(), p.CSPViolations()...); len(errs) > 0 {
			t.Errorf("%s: the console complains: %v", page.Path, errs)
		}
		p.Close()
	}
}

// TestTheFacilitatorsSheetNeedsNoScript: every scene and the picture of all ways can be seen, and every link in it leads somewhere.
func TestTheFacilitatorsSheetNeedsNoScript(t *testing.T) {
	s := sampleSite(t)
	cases := len(s.ofKind(t, "case"))
	sheets := s.ofKind(t, "facilitator")
	if len(sheets) != cases {
		t.Errorf("there are %d sheets for %d case studies", len(sheets), cases)
	}
	for _, page := range sheets {
		p := openWithoutScript(t, s, page)
		var unseen, astray []string
		p.Eval(`[...document.querySelectorAll(".scene, .graph, .graph-list li, .block-facilitator")].filter(e => !e.getClientRects().length).map(e => e.outerHTML.slice(0, 80))`, &unseen)
		p.Eval(`[...document.querySelectorAll("main a[href^='#']")].filter(a => !document.getElementById(decodeURIComponent(a.hash.slice(1)))).map(a => a.outerHTML)`, &astray)
		if p.Count(".graph .node") != p.Count(".scene") || p.Count(".graph .edge") != p.Count(".sheet-decisions li") || len(unseen) > 0 || len(astray) > 0 {
			t.Errorf("%s: %d scenes and %d in the picture, %d decisions and %d in the picture; unseen %v, links that lead nowhere %v", page.Path,
				p.Count(".scene"), p.Count(".graph .node"), p.Count(".sheet-decisions li"), p.Count(".graph .edge"), unseen, astray)
		}
		p.Close()
	}
}
