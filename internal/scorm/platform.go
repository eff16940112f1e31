// Package scorm is a learning platform that speaks SCORM 1.2 and 2004, for
// tests: scorm-again in a page of its own, which keeps what an attempt leaves,
// launches a package in a frame and notes every call. In goes a package's
// folder; out come addresses to open and the log of a launch. What scorm-again
// lets pass and the standard does not, Check refuses. It keeps nothing beyond
// the page that is open, and is no part of the product.
package scorm

import (
	_ "embed"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

//go:embed platform.js
var script []byte

const page = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Platform</title><link rel="icon" href="data:,">
<style>iframe { width: 100%; height: 40rem; border: 0 }</style>
<script src="scorm-again.js"></script><script src="platform.js"></script><body></body></html>
`

// Call is a call of the API, and what it gave.
type Call struct {
	Call  string
	Given []string
	Gave  string
	Error string
	At    float64 // milliseconds since the page was opened
}

// Serve gives the address of a platform for a package that is unpacked in a
// folder: Serve(t, dir) + "?version=1.2". Its page has window.platform, see
// platform.js.
func Serve(t testing.TB, dir string) string {
	t.Helper()
	_, here, _, _ := runtime.Caller(0)
	again, err := os.ReadFile(filepath.Join(filepath.Dir(here), "../../node_modules/scorm-again/dist/scorm-again.js"))
	if err != nil {
		t.Fatalf("scorm-again is not there (scripts/setup.sh installs it): %v", err)
	}
	mux := http.NewServeMux()
	give := func(kind string, content []byte) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			_, _ = w.Write(content)
		}
	}
	mux.Handle("/platform/course/", http.StripPrefix("/platform/course/", http.FileServer(http.Dir(dir))))
	mux.HandleFunc("/platform/scorm-again.js", give("text/javascript", again))
	mux.HandleFunc("/platform/platform.js", give("text/javascript", script))
	mux.HandleFunc("/platform/{$}", give("text/html; charset=utf-8", []byte(page)))
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL + "/platform/"
}
