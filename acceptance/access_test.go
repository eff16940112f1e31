package acceptance

import (
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"

	"sopan.dev/sopan/internal/browser"
)

// openPage opens a page of the site from the disk, on a phone.
func openPage(t *testing.T, s *Site, page Page) *browser.Page {
	t.Helper()
	p := browser.Open(t)
	p.SetViewport(360, 640, true)
	p.SetMedia(browser.Media{ReducedMotion: true})
	p.Goto(browser.FileURL(s.file(page.Path)))
	settled(p)
	return p
}

// inTabs runs judge over the pages in two tabs at once: the machine has two cores.
func inTabs(t *testing.T, pages []Page, judge func(t *testing.T, p *browser.Page, page Page)) {
	const tabs = 2
	for tab := range tabs {
		t.Run(fmt.Sprintf("tab %d", tab+1), func(t *testing.T) {
			t.Parallel()
			p := browser.Open(t)
			p.SetViewport(360, 640, true)
			for i := tab; i < len(pages); i += tabs {
				judge(t, p, pages[i])
			}
		})
	}
}

// axe is the accessibility engine's script.
func axe(t *testing.T) string {
	t.Helper()
	script, err := os.ReadFile(npm(t, "axe-core/axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	return string(script)
}

// axe would fetch the style sheets again (preload), which a page on a disk may not.
const (
	everyRule  = `{runOnly: {type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]}, resultTypes: ["violations"], preload: false}`
	colourRule = `{runOnly: {type: "rule", values: ["color-contrast", "link-in-text-block"]}, resultTypes: ["violations"], preload: false}`
)

// tally counts what was said: a slip in a template is on every page, and is told in full only a few times.
type tally struct {
	mu   sync.Mutex
	said map[string]int
}

// often says whether something has been told in full often enough.
func (c *tally) often(what string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.said == nil {
		c.said = map[string]int{}
	}
	c.said[what]++
	return c.said[what] > 4
}

// axeFinds runs axe in a page and reports what it finds.
func axeFinds(t *testing.T, p *browser.Page, script, rules, where string, told *tally) {
	t.Helper()
	var violations []struct {
		ID, Help string
		Nodes    []struct {
			HTML           string
			FailureSummary string
		}
	}
	var has bool
	if p.Eval(`typeof axe === "object"`, &has); !has {
		p.Eval(script, nil)
	}
	p.EvalAsync(`axe.run(document, `+rules+`).then(r => r.violations.map(v => ({ID: v.id, Help: v.help, Nodes: v.nodes.slice(0, 3).map(n => ({HTML: n.html.slice(0, 300), FailureSummary: n.failureSummary}))})))`, &violations)
	for _, v := range violations {
		if told.often(v.ID) {
			t.Errorf("%s: %s again", where, v.ID)
			continue
		}
		for _, n := range v.Nodes {
			t.Errorf("%s: %s: %s\n    %s\n    %s", where, v.ID, v.Help, n.HTML, strings.ReplaceAll(n.FailureSummary, "\n", "\n    "))
		}
	}
}

// TestEveryPageIsAccessible runs axe-core (WCAG 2.0, 2.1 and 2.2, A and AA, and its best practice) over every page on a phone in
// light, and its rules of colour again in dark: nothing else of a page differs between the two.
func TestEveryPageIsAccessible(t *testing.T) {
	s := sampleSite(t)
	script := axe(t)
	var told tally
	inTabs(t, s.Pages, func(t *testing.T, p *browser.Page, page Page) {
		p.SetMedia(browser.Media{ReducedMotion: true})
		p.Goto(browser.FileURL(s.file(page.Path)))
		settled(p)
		axeFinds(t, p, script, everyRule, page.Path+" (light)", &told)
		p.SetMedia(browser.Media{ReducedMotion: true, Dark: true})
		axeFinds(t, p, script, colourRule, page.Path+" (dark)", &told)
	})
}

// TestEachKindOfPageIsAccessibleOnADesktopToo: above 1024 pixels the outline is a rail beside the text.
func TestEachKindOfPageIsAccessibleOnADesktopToo(t *testing.T) {
	s := sampleSite(t)
	script := axe(t)
	p := browser.Open(t)
	p.SetViewport(1280, 800, false)
	p.SetMedia(browser.Media{ReducedMotion: true})
	for _, page := range s.oneOfEachKind() {
		if page.Lang != "en" {
			continue // the words differ, the rail does not
		}
		p.Goto(browser.FileURL(s.file(page.Path)))
		settled(p)
		axeFinds(t, p, script, everyRule, page.Path+" (desktop)", &tally{})
	}
}

// wide lists what reaches beyond the window and lies in no region that scrolls by itself.
const wide = `(() => {
	const limit = document.documentElement.clientWidth + 1;
	if (document.documentElement.scrollWidth <= limit) return [];
	const own = e => { for (let a = e.parentElement; a; a = a.parentElement) if (/auto|scroll|hidden|clip/.test(getComputedStyle(a).overflowX) && a !== document.body && a !== document.documentElement) return true; return false };
	return [...document.body.querySelectorAll("*")].filter(e => e.getClientRects().length && e.getBoundingClientRect().right > limit && !own(e))
		.slice(0, 4).map(e => e.outerHTML.slice(0, 160)).concat("the page is " + document.documentElement.scrollWidth + " pixels wide, the window " + limit);
})()`

// TestEachKindOfPageReflows is WCAG 1.4.10 and 1.4.4: at 320 pixels, and at 360 with text twice as large, nothing has to be
// scrolled sideways but a region made for it (a table, code).
func TestEachKindOfPageReflows(t *testing.T) {
	s := sampleSite(t)
	inTabs(t, s.Pages, func(t *testing.T, p *browser.Page, page Page) {
		var found []string
		p.SetViewport(320, 640, true)
		p.Goto(browser.FileURL(s.file(page.Path)))
		settled(p)
		if p.Eval(wide, &found); len(found) > 0 {
			t.Errorf("%s at 320 pixels is too wide:\n  %s", page.Path, strings.Join(found, "\n  "))
		}
		p.SetViewport(360, 640, true)
		// A browser's text size setting changes what a rem is: that is what this stands in for.
		p.Eval(`document.documentElement.style.fontSize = "200%"`, nil)
		if p.Eval(wide, &found); len(found) > 0 {
			t.Errorf("%s with text at 200%% is too wide:\n  %s", page.Path, strings.Join(found, "\n  "))
		}
		var clipped []string
		p.Eval(`[...document.querySelectorAll("main h1, main p, main li, main button, main label")].filter(e => e.getClientRects().length && getComputedStyle(e).overflowY === "hidden" && e.scrollHeight > e.clientHeight + 2 && e.clientHeight > 1).slice(0, 4).map(e => e.outerHTML.slice(0, 160))`, &clipped)
		if len(clipped) > 0 {
			t.Errorf("%s with text at 200%% cuts off words:\n  %s", page.Path, strings.Join(clipped, "\n  "))
		}
	})
}

// TestEveryTargetIsAsLargeAsAThumb is WCAG 2.2's target size for what stands alone: buttons, choices, the large links at a
// text's end. 44 pixels, as the look of the site promises, 24 for the rest.
func TestEveryTargetIsAsLargeAsAThumb(t *testing.T) {
	s := sampleSite(t)
	inTabs(t, s.oneOfEachKind(), func(t *testing.T, p *browser.Page, page Page) {
		p.Goto(browser.FileURL(s.file(page.Path)))
		settled(p)
		var small []string
		p.Eval(`[...document.querySelectorAll("button, .q-choice, a.decision, summary, select, input:not([type=radio]):not([type=checkbox]):not([type=hidden])")].filter(e => e.getClientRects().length && getComputedStyle(e).visibility !== "hidden")
			.map(e => [e, e.getBoundingClientRect()]).filter(([e, r]) => r.width > 1 && (r.height < 43.5 || r.width < 24)).slice(0, 6).map(([e, r]) => Math.round(r.width) + "×" + Math.round(r.height) + " " + e.outerHTML.slice(0, 120))`, &small)
		if len(small) > 0 {
			t.Errorf("%s has small targets:\n  %s", page.Path, strings.Join(small, "\n  "))
		}
	})
}
