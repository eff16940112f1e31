package acceptance

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"sopan.dev/sopan/internal/browser"
)

// TestFault75TheSiteWorksAnywhere is promises 1 and 2: from a disk, from a domain's root, from a sub-folder of a real web
// server. A browser walks every link from the front page; each page comes without an error in the console, without a
// breach of its policy, and asks nobody but its own site for anything; and the walk meets every page that was built.
func TestFault75TheSiteWorksAnywhere(t *testing.T) {
	s := sampleSite(t)
	root, folder := serveWithNginx(t, s)
	disk := strings.TrimSuffix(browser.FileURL(s.file("index.html")), "index.html")
	for name, base := range map[string]string{"from a disk": disk, "at a domain's root": root, "in a sub-folder": folder} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			walk(t, s, base)
		})
	}
}

func walk(t *testing.T, s *Site, base string) {
	p := browser.Open(t)
	p.SetViewport(360, 640, true)
	queue, met := []string{"index.html"}, map[string]bool{"index.html": true}
	for len(queue) > 0 {
		here := queue[0]
		queue = queue[1:]
		p.Forget()
		p.Goto(base + here)
		settled(p)
		var found struct {
			Styled  bool
			Pending int
			Links   []string
		}
		p.Eval(`({
			Styled: [...document.styleSheets].some(s => s.ownerNode.tagName === "LINK" && s.href),
			Pending: [...document.images].filter(i => i.complete && !i.naturalWidth).length,
			Links: [...document.querySelectorAll("a[href], area[href]")].map(a => a.href).concat([...document.querySelectorAll("iframe[src]")].map(f => f.src)),
		})`, &found)
		if !found.Styled {
			t.Errorf("%s: its style sheet has not loaded", here)
		}
		if found.Pending > 0 {
			t.Errorf("%s: %d images have not loaded", here, found.Pending)
		}
		for _, e := range p.ConsoleErrors() {
			t.Errorf("%s: console: %s", here, e)
		}
		for _, v := range p.CSPViolations() {
			t.Errorf("%s: breaks its own policy: %s", here, v)
		}
		for _, r := range p.Requests() {
			if strings.HasPrefix(r.URL, "data:") {
				continue // the icons of the browser's own video player; of a page's own it would be a breach of its policy
			}
			if r.Failed == "net::ERR_ABORTED" && r.Status < 400 {
				r.Failed = "" // taken back: by a player that has read enough for now, by a page that was left
			}
			if !strings.HasPrefix(r.URL, base) {
				t.Errorf("%s: asks for %s", here, r.URL)
			} else if r.Failed != "" || r.Status >= 400 {
				t.Errorf("%s: asks for %s and gets %d %s", here, r.URL, r.Status, r.Failed)
			}
		}
		for _, link := range found.Links {
			to, ours := strings.CutPrefix(link, base)
			if !ours {
				continue
			}
			to, _, _ = strings.Cut(to, "#")
			if to, err := url.PathUnescape(to); err == nil && strings.HasSuffix(to, ".html") && !met[to] {
				met[to] = true
				queue = append(queue, to)
			}
		}
	}
	for _, page := range s.Pages {
		if page.Kind != "notfound" && page.Kind != "unkept" && !met[page.Path] {
			t.Errorf("no link from the front page leads to %s", page.Path)
		}
	}
	for path := range met {
		if !slices.ContainsFunc(s.Pages, func(p Page) bool { return p.Path == path }) {
			t.Errorf("a link leads to %s, which was not built", path)
		}
	}
}
