package acceptance

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"sopan.dev/sopan/internal/browser"
)

// shift is what a page may move, added up: Chromium's cumulative layout shift. 0.1 is called good.
const shift = 0.02

// asked lists what the browser asked for by itself up to the end of the load event, and what of the page has moved.
const asked = `({
	files: performance.getEntriesByType("resource").filter(e => e.startTime < performance.getEntriesByType("navigation")[0].loadEventEnd).map(e => e.name),
	moved: window.moved || []})`

// watch notes each movement of what is on the screen, those before it among them.
const watch = `new PerformanceObserver(list => {
	window.moved = (window.moved || []).concat(list.getEntries().filter(e => !e.hadRecentInput).map(e => (
		{Value: e.value, What: e.sources.map(s => (s.node?.outerHTML || s.node?.nodeName || "").slice(0, 90))})));
}).observe({type: "layout-shift", buffered: true})`

type firstView struct {
	Files []string
	Moved []struct {
		Value float64
		What  []string
	}
}

func (v firstView) shift() (sum float64) {
	for _, m := range v.Moved {
		sum += m.Value
	}
	return sum
}

// see opens a page of a served site on a phone and waits until its scripts have done their work.
func see(p *browser.Page, root string, page Page) (v firstView) {
	p.Goto(root + page.Path)
	p.WaitFor(`document.querySelector(".records-line").textContent`, patience)
	time.Sleep(100 * time.Millisecond) // a frame or two, in which what was drawn may move
	p.Eval(watch, nil)
	time.Sleep(50 * time.Millisecond)
	p.Eval(asked, &v)
	return v
}

func served(t *testing.T, s *Site) string {
	t.Helper()
	server := httptest.NewServer(http.FileServer(http.Dir(s.Dir)))
	t.Cleanup(server.Close)
	return server.URL + "/"
}

// TestALessonsFirstViewComesInFourteenKilobytes is promise 4 as a browser sees it, for every lesson of usual length of the
// course that ships, practice questions and Hindi among them.
func TestALessonsFirstViewComesInFourteenKilobytes(t *testing.T) {
	s := sampleSite(t)
	root := served(t, s)
	p := browser.Open(t)
	p.SetViewport(360, 640, true)
	heaviest, where := 0, ""
	for _, page := range s.ofKind(t, "lesson") {
		v := see(p, root, page)
		sum := gzipped(t, s, page.Path)
		for _, address := range v.Files {
			file, err := url.PathUnescape(strings.TrimPrefix(address, root))
			if err != nil {
				t.Fatal(err)
			}
			if strings.HasSuffix(file, ".css") || strings.HasSuffix(file, ".js") {
				sum += gzipped(t, s, file)
			}
		}
		if n := words(page); sum > lessonBudget && n <= 1100 {
			t.Errorf("the first view of %s, %d words, is %d bytes, more than %d: %v", page.Path, n, sum, lessonBudget, v.Files)
		}
		if sum > heaviest {
			heaviest, where = sum, page.Path
		}
	}
	t.Logf("the heaviest first view is %d bytes, of %s", heaviest, where)
}

// TestNothingMovesWhenTheScriptsArrive: what script will fill has its place from the first paint on, on a good line and on
// a poor one.
func TestNothingMovesWhenTheScriptsArrive(t *testing.T) {
	s := sampleSite(t)
	root := served(t, s)
	for name, line := range map[string]browser.Network{"a good line": {}, "a poor line": browser.Fast3G()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := browser.Open(t)
			p.SetViewport(360, 640, true)
			p.SetNetwork(line)
			for _, page := range s.oneOfEachKind() {
				if page.Kind == "unkept" {
					continue // it has no script that could move anything
				}
				if v := see(p, root, page); v.shift() > shift {
					t.Errorf("%s moves by %.3f: %v", page.Path, v.shift(), v.Moved)
				}
			}
		})
	}
}
