package acceptance

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"sopan.dev/sopan/internal/browser"
)

// slowLine is third-generation telephony far from the mast: 400 kbit/s each way, 200 ms round trip.
var slowLine = browser.Network{Latency: 200, Down: 50_000, Up: 50_000}

// compressing serves a site as a web server with gzip does.
func compressing(t *testing.T, s *Site) string {
	t.Helper()
	files := http.FileServer(http.Dir(s.Dir))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Del("Range")
		z := gzip.NewWriter(w)
		defer z.Close()
		files.ServeHTTP(&packedReply{w, z}, r)
	}))
	t.Cleanup(server.Close)
	return server.URL + "/"
}

type packedReply struct {
	http.ResponseWriter
	w io.Writer
}

func (g *packedReply) WriteHeader(code int) {
	g.Header().Del("Content-Length")
	g.Header().Set("Content-Encoding", "gzip")
	g.ResponseWriter.WriteHeader(code)
}

func (g *packedReply) Write(b []byte) (int, error) { return g.w.Write(b) }

// timings is what a learner waits for, in milliseconds since the tap on the link, and what moved meanwhile.
type timings struct {
	Painted, Answerable, Longest, Shift float64
}

// record runs ahead of a page's scripts. Answerable: the first moment at which a button to check an answer can be seen.
const record = `
window.sopanTimes = {Answerable: 0, Longest: 0, Shift: 0};
new PerformanceObserver(list => { for (const e of list.getEntries()) if (!e.hadRecentInput) sopanTimes.Shift += e.value }).observe({type: "layout-shift", buffered: true});
new PerformanceObserver(list => { for (const e of list.getEntries()) if (sopanTimes.answering) sopanTimes.Longest = Math.max(sopanTimes.Longest, e.duration) }).observe({type: "longtask", buffered: true});
(function look() {
	if (document.querySelector(".q-actions:not([hidden])")) sopanTimes.Answerable = performance.now();
	else requestAnimationFrame(look);
})();`

// The figures are for people: go test ./acceptance -run SlowLine -v. Only what moves fails the test, because a clock says as much
// about the machine as about the page.
func TestOnASlowLineAPageStandsStill(t *testing.T) {
	s := sampleSite(t)
	root := compressing(t, s)
	for kind, page := range heaviest(s, "lesson", "quiz", "case", "course") {
		p := browser.Open(t)
		p.SetViewport(360, 640, true)
		p.ThrottleCPU(6)
		p.SetNetwork(slowLine)
		p.Before(record)
		p.Goto(root + page.Path)
		p.WaitFor(`document.querySelector(".records-line").textContent`, patience)
		if kind == "quiz" {
			p.WaitFor(`sopanTimes.Answerable`, patience)
			p.Eval(`sopanTimes.answering = true`, nil)
			p.Eval(`document.querySelector(".q input").click(), document.querySelector(".q-check")?.click()`, nil)
			p.WaitFor(`!document.querySelector(".records-line").textContent.includes("…")`, patience)
		}
		p.WaitFor(`performance.getEntriesByName("first-contentful-paint").length`, patience)
		time.Sleep(200 * time.Millisecond) // what was drawn last may move
		var got timings
		p.Eval(`Object.assign(sopanTimes, {Painted: performance.getEntriesByName("first-contentful-paint")[0].startTime})`, &got)
		p.Close()
		t.Logf("%-7s %s: painted after %.0f ms, answerable after %.0f ms, longest task while answering %.0f ms, moved %.3f",
			kind, strings.TrimPrefix(page.Path, "mission-karmayogi/"), got.Painted, got.Answerable, got.Longest, got.Shift)
		if got.Shift > shift {
			t.Errorf("%s: the page moved by %.3f, more than %.2f", page.Path, got.Shift, shift)
		}
	}
}

// heaviest is the longest page of each kind in English.
func heaviest(s *Site, kinds ...string) map[string]Page {
	out := map[string]Page{}
	for _, kind := range kinds {
		for _, page := range s.Pages {
			if page.Kind == kind && page.Lang == "en" && page.Size > out[kind].Size {
				out[kind] = page
			}
		}
	}
	return out
}
