package page_test

import (
	"path"
	"regexp"
	"strings"
	"testing"

	"sopan.dev/sopan/builder"
)

// mixedSite has a course in both languages and one in the first alone.
func mixedSite() map[string]string {
	return map[string]string{
		"sopan.yaml":                   "title: A site\nlanguages: [en, hi]\n",
		"content/both/index.md":        "---\ntitle: Both\n---\nWelcome.\n",
		"content/both/10-m/index.md":   "---\ntitle: M\n---\nWords.\n",
		"content/both/10-m/10-a.md":    "---\ntitle: A\n---\nWords.\n",
		"content/both/10-m/10-a.hi.md": "---\ntitle: अ\n---\nWords.\n",
		"content/both/10-m/20-b.md":    "---\ntitle: B\n---\nWords.\n",
		"content/both/20-n/index.md":   "---\ntitle: N\n---\nWords.\n",
		"content/both/20-n/10-a.md":    "---\ntitle: Another A\n---\nWords.\n",
		"content/both/30-last.md":      "---\ntitle: Last\n---\nWords.\n",
		"content/one/index.md":         "---\ntitle: One\n---\nWelcome.\n",
		"content/one/10-a.md":          "---\ntitle: A\n---\nWords.\n",
	}
}

func TestALinkBetweenPagesLeadsToAPageThatIsThere(t *testing.T) {
	pages, _ := built(t, builder.New(), mixedSite())
	link := regexp.MustCompile(`<a [^>]*href="([^"#?]+)`)
	checked := 0
	for address, page := range pages {
		if !strings.HasSuffix(address, ".html") {
			continue
		}
		for _, m := range link.FindAllStringSubmatch(page, -1) {
			checked++
			to := path.Join(path.Dir(address), m[1])
			if pages[to] == "" {
				t.Errorf("%s links to %s, where nothing is", address, to)
			}
		}
	}
	if checked < 100 {
		t.Errorf("only %d links were found", checked)
	}
}

func TestAPageKnowsTheStepsBesideIt(t *testing.T) {
	pages, _ := built(t, builder.New(), mixedSite())
	turn := regexp.MustCompile(`<a class="turn-(?:prev|next)" rel="(prev|next)" href="([^"]*)"`)
	for address, want := range map[string]string{
		"both/m/a.html":        "next b.html",
		"both/m/b.html":        "prev a.html next ../n/a.html",
		"both/n/index.html":    "prev ../m/b.html next a.html",
		"both/n/a.html":        "prev ../m/b.html next ../last.html",
		"both/last.html":       "prev n/a.html",
		"hi/both/m/a.html":     "next ../../../both/m/b.html",
		"one/a.html":           "",
		"hi/both/m/index.html": "next a.html",
	} {
		var got []string
		for _, m := range turn.FindAllStringSubmatch(pages[address], -1) {
			got = append(got, m[1]+" "+m[2])
		}
		if joined := strings.Join(got, " "); pages[address] == "" || joined != want {
			t.Errorf("%s: %q, want %q", address, joined, want)
		}
	}
}

// The mark of the current step stands in its own link and in no other.
func TestTheOutlineMarksThePagesOwnStep(t *testing.T) {
	pages, _ := built(t, builder.New(), mixedSite())
	mark := regexp.MustCompile(`<li class="step" data-item="([^"]*)"[^>]*><a aria-current="page"`)
	for address, want := range map[string]string{
		"both/m/a.html": "m/a", "both/m/b.html": "m/b", "both/n/a.html": "n/a", "both/last.html": "last", "hi/both/m/a.html": "m/a", "both/m/index.html": "",
	} {
		got := ""
		for _, m := range mark.FindAllStringSubmatch(pages[address], -1) {
			got += m[1]
		}
		if got != want {
			t.Errorf("%s marks %q, want %q", address, got, want)
		}
	}
}
