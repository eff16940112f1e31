package acceptance

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"sopan.dev/sopan/internal/browser"
	"sopan.dev/sopan/internal/hostile"
)

// TestRecordsCanBeSavedAsAFileWhenTheNetworkGoes: the script that offers it was fetched while there was nothing else to do.
func TestRecordsCanBeSavedAsAFileWhenTheNetworkGoes(t *testing.T) {
	leaveOutWhenShort(t, "a browser")
	endpoint := httptest.NewServer(hostile.New(1))
	t.Cleanup(endpoint.Close)
	site := buildSite(t, map[string]string{
		"sopan.yaml":                "title: Waiting\nid: https://courses.example.in/k\nlanguages: [en]\noffline: false\nrecords: {endpoint: " + endpoint.URL + "/xapi}\n",
		"content/c/index.md":        "---\ntitle: Course\n---\n\nText.\n",
		"content/c/check.quiz.yaml": "title: Check\nquestions:\n- id: q\n  ask: Which?\n  right: This\n  wrong: [That]\n",
	})
	files := http.FileServer(http.Dir(site.Dir))
	pages := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "max-age=3600") // as a file has that was not made this minute
		files.ServeHTTP(w, r)
	}))
	t.Cleanup(pages.Close)
	p := browser.Open(t)
	p.Goto(pages.URL + "/c/check.html")
	p.WaitFor(`document.querySelector(".q-actions:not([hidden])") && performance.getEntriesByType("resource").some(e => /unsent/.test(e.name) && e.responseEnd > 0)`, patience)
	p.Offline(true)
	p.Click("fieldset[data-q] input[type=radio]")
	p.Click(".q-check")
	p.WaitFor(`[...document.querySelectorAll(".records-line button")].some(b => /file/i.test(b.textContent))`, patience)
}
