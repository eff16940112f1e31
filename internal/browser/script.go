package browser

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"

	"github.com/chromedp/chromedp"
)

// scriptTime bounds a whole script of unit tests.
const scriptTime = 5 * patience

// RunScript runs a classic script (an IIFE bundle) in an empty page of its own origin and gives the JSON of what
// window.result, a promise or a value, comes to. It is how TypeScript is tested: bundle it, run it, judge the value in Go.
// The page is served from 127.0.0.1, a secure context: IndexedDB, Web Locks and crypto.randomUUID are there.
func RunScript(t T, js string) json.RawMessage {
	t.Helper()
	p := Open(t)
	p.Goto(BlankSite(t))
	return p.RunScript(js)
}

// RunScript is the same on a page that is already open.
func (p *Page) RunScript(js string) json.RawMessage {
	p.t.Helper()
	if err := p.eval(js, nil, false); err != nil {
		p.fail("loading the script: %v", err)
	}
	ctx, cancel := context.WithTimeout(p.ctx, scriptTime)
	defer cancel()
	raw, err := chromedp.Run(ctx, chromedp.Evaluate[[]byte](`(async () => {
		if (!("result" in window)) throw new Error("the script has not set window.result");
		return await window.result;
	})()`, chromedp.EvalAwaitPromise))
	if err != nil {
		p.fail("awaiting window.result: %v", err)
	}
	if len(raw) == 0 {
		raw = []byte("null")
	}
	return raw
}

// BlankSite serves an empty page at every address and gives its origin with a closing slash.
func BlankSite(t T) string {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(`<!doctype html><html lang="en"><title>blank</title><link rel="icon" href="data:,"><body></body></html>`))
	}))
	t.Cleanup(server.Close)
	return server.URL + "/"
}
