package acceptance

import (
	"strings"
	"testing"

	"sopan.dev/sopan/internal/browser"
)

// TestSearchFindsAWordFromADeepPageOnADisk: the index is a script, for nothing else can be read from a disk; what it finds
// leads to a page that has the word.
func TestSearchFindsAWordFromADeepPageOnADisk(t *testing.T) {
	s := sampleSite(t)
	for _, c := range []struct{ lang, word string }{{"en", "accountability"}, {"hi", "नियम"}} {
		var page Page
		for _, p := range s.ofKind(t, "lesson") {
			if p.Lang == c.lang {
				page = p
			}
		}
		p := browser.Open(t)
		p.SetViewport(1280, 900, false)
		p.Goto(browser.FileURL(s.file(page.Path)))
		p.Type("#q", c.word)
		p.WaitFor(`document.querySelector(".search-results a")`, patience)
		p.Follow(".search-results a")
		if !strings.Contains(strings.ToLower(p.Text("main")), c.word) {
			t.Errorf("searching %q in %s leads to %s, which does not have the word", c.word, page.Path, p.URL())
		}
		for _, e := range append(p.ConsoleErrors(), p.CSPViolations()...) {
			t.Errorf("searching %q: %s", c.word, e)
		}
	}
}
