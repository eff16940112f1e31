package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/cdproto/audits"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/inspector"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// patience bounds every single step. It is far above what a step needs, because the machine is shared: a test that
// reaches it has hung.
const patience = 60 * time.Second

// Page is a tab. Its methods end the test when a step fails; they are for one goroutine.
type Page struct {
	t      T
	ctx    context.Context
	close  context.CancelFunc
	closed bool
	inside cdp.BrowserContextID
	seen   *seen
}

// Open gives a new tab in a browser context of its own: empty storage, no emulation. The test's end closes both.
func Open(t T) *Page {
	t.Helper()
	leaveOutWhenShort(t)
	root, err := shared()
	if err != nil {
		t.Fatalf("%v", err)
	}
	dispose := true
	made, err := chromedp.CallBrowser(root, target.CreateBrowserContext, target.CreateBrowserContextParams{DisposeOnDetach: &dispose})
	if err != nil {
		t.Fatalf("opening a browser context: %v", err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(root, patience)
		defer cancel()
		// The context may be gone with its browser: then there is nothing left to end.
		_, _ = chromedp.CallBrowser(ctx, target.DisposeBrowserContext, target.DisposeBrowserContextParams{BrowserContextID: made.BrowserContextID})
	})
	return openTab(t, root, made.BrowserContextID)
}

// NewTab opens another tab on the same storage, as a learner does. Emulation is each tab's own.
func (p *Page) NewTab() *Page {
	p.t.Helper()
	root, err := shared()
	if err != nil {
		p.t.Fatalf("%v", err)
	}
	return openTab(p.t, root, p.inside)
}

func openTab(t T, root context.Context, inside cdp.BrowserContextID) *Page {
	t.Helper()
	ctx, cancel := chromedp.NewContext(root, chromedp.WithExistingBrowserContext(inside))
	p := &Page{t: t, ctx: ctx, close: cancel, inside: inside, seen: newSeen()}
	t.Cleanup(p.Close)
	if err := chromedp.Listen(ctx, p.seen.event); err != nil {
		t.Fatalf("opening a tab: %v", err)
	}
	if err := p.step(func(ctx context.Context) error {
		_, err := chromedp.Call(ctx, audits.Enable, cdp.Empty{})
		return err
	}); err != nil {
		t.Fatalf("opening a tab: %v", err)
	}
	return p
}

// Close closes the tab; its storage stays until the test ends.
func (p *Page) Close() {
	if p.closed {
		return
	}
	p.closed = true
	p.close()
}

// Crash kills the tab's process: no pagehide, no unload, as when a phone takes the memory back.
func (p *Page) Crash() {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	dead := make(chan struct{})
	var once sync.Once
	err := chromedp.Listen(ctx, func(ev any) {
		if _, is := ev.(*inspector.EventTargetCrashed); is {
			once.Do(func() { close(dead) })
		}
	})
	if err != nil {
		p.fail("killing the tab: %v", err)
	}
	// The process that should answer is the one that dies: no answer comes.
	go func() { _, _ = chromedp.Call(ctx, page.Crash, cdp.Empty{}) }()
	select {
	case <-dead:
	case <-ctx.Done():
		p.fail("the tab does not die")
	}
	p.Close()
}

// step runs f under the bound of every step.
func (p *Page) step(f func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	return f(ctx)
}

// fail ends the test with what the page itself has complained of.
func (p *Page) fail(format string, args ...any) {
	p.t.Helper()
	message := fmt.Sprintf(format, args...)
	if at := p.seen.address(); at != "" {
		message += "\n  page: " + at
	}
	for _, e := range p.seen.complaints() {
		message += "\n  console: " + e
	}
	p.t.Fatalf("%s", message)
}

// Goto opens an address (http, https, file, about) and waits until it has loaded.
func (p *Page) Goto(address string) {
	p.t.Helper()
	if err := p.step(func(ctx context.Context) error { return chromedp.Do(ctx, chromedp.Navigate(address)) }); err != nil {
		p.fail("opening %s: %v", address, err)
	}
	p.loaded()
}

// loaded waits for the end of a load. chromedp's own wait can end with the load of the page before.
func (p *Page) loaded() {
	p.t.Helper()
	p.WaitFor(`document.readyState === "complete"`, patience)
}

// FileURL is the address of a file on disk, as a double click opens it.
func FileURL(path string) string {
	abs, err := filepath.Abs(path)
	if err != nil {
		abs = path
	}
	abs = filepath.ToSlash(abs)
	if !strings.HasPrefix(abs, "/") {
		abs = "/" + abs
	}
	return (&url.URL{Scheme: "file", Path: abs}).String()
}

// Reload loads the page again and waits until it has loaded.
func (p *Page) Reload() {
	p.t.Helper()
	if err := p.step(func(ctx context.Context) error { return chromedp.Do(ctx, chromedp.Reload()) }); err != nil {
		p.fail("reloading: %v", err)
	}
	p.loaded()
}

// Back goes one page back in the tab's history. It does not wait for a load: a page from the back-forward cache has none.
func (p *Page) Back() {
	p.t.Helper()
	var before string
	p.Eval(`location.href`, &before)
	if err := p.step(func(ctx context.Context) error {
		// Not at once: a page that leaves while it answers makes Chromium report its target as gone.
		return chromedp.Do(ctx, chromedp.Evaluate[chromedp.Void](`setTimeout(() => history.back(), 50), undefined`))
	}); err != nil {
		p.fail("going back: %v", err)
	}
	p.WaitFor(fmt.Sprintf(`location.href !== %s && document.readyState === "complete"`, quote(before)), patience)
}

// URL is the address the tab is at.
func (p *Page) URL() string {
	p.t.Helper()
	var at string
	p.Eval(`location.href`, &at)
	return at
}

// Eval runs an expression in the page and decodes its JSON value into out (nil: it is only run).
func (p *Page) Eval(js string, out any) {
	p.t.Helper()
	if err := p.eval(js, out, false); err != nil {
		p.fail("running in the page:\n%s\n  %v", indent(js), err)
	}
}

// EvalAsync is Eval for an expression that is a promise: its value is awaited.
func (p *Page) EvalAsync(js string, out any) {
	p.t.Helper()
	if err := p.eval(js, out, true); err != nil {
		p.fail("running in the page:\n%s\n  %v", indent(js), err)
	}
}

func (p *Page) eval(js string, out any, await bool) error {
	var options []chromedp.EvaluateOption
	if await {
		options = append(options, chromedp.EvalAwaitPromise)
	}
	return p.step(func(ctx context.Context) error {
		raw, err := chromedp.Run(ctx, chromedp.Evaluate[[]byte](js, options...))
		if err != nil || out == nil {
			return err
		}
		if len(raw) == 0 {
			raw = []byte("null") // undefined
		}
		return json.Unmarshal(raw, out)
	})
}

// WaitFor waits until the expression is true in the page. Being between two pages counts as not yet.
func (p *Page) WaitFor(condition string, deadline time.Duration) {
	p.t.Helper()
	if !p.Becomes(condition, deadline) {
		p.fail("after %v this is still not so: %s", deadline, condition)
	}
}

// Becomes says whether the expression comes true in that time.
func (p *Page) Becomes(condition string, deadline time.Duration) bool {
	end := time.Now().Add(deadline)
	for wait := 5 * time.Millisecond; ; wait = min(2*wait, 100*time.Millisecond) {
		var is bool
		if err := p.eval("!!("+condition+")", &is, false); err == nil && is {
			return true
		}
		if p.ctx.Err() != nil || time.Now().After(end) {
			return false
		}
		// A page has no signal that covers every condition: it is asked again, soon at first.
		time.Sleep(wait)
	}
}

// Text is what a person reads in the first element that fits the selector, once there is one.
func (p *Page) Text(selector string) string {
	p.t.Helper()
	p.WaitFor(fmt.Sprintf(`document.querySelector(%s)`, quote(selector)), patience)
	var text string
	p.Eval(fmt.Sprintf(`(e => e.innerText ?? e.textContent)(document.querySelector(%s))`, quote(selector)), &text)
	return text
}

// Count is the number of elements that fit the selector now.
func (p *Page) Count(selector string) int {
	p.t.Helper()
	var n int
	p.Eval(fmt.Sprintf(`document.querySelectorAll(%s).length`, quote(selector)), &n)
	return n
}

// Screenshot writes a PNG of what the window shows.
func (p *Page) Screenshot(path string) {
	p.t.Helper()
	p.capture(path, false)
}

// ScreenshotFull writes a PNG of the whole page.
func (p *Page) ScreenshotFull(path string) {
	p.t.Helper()
	p.capture(path, true)
}

func (p *Page) capture(path string, whole bool) {
	p.t.Helper()
	err := p.step(func(ctx context.Context) error {
		params := page.CaptureScreenshotParams{Format: page.CaptureScreenshotFormatPng}
		if whole {
			params.CaptureBeyondViewport = &whole
			metrics, err := chromedp.Call(ctx, page.GetLayoutMetrics, cdp.Empty{})
			if err != nil {
				return err
			}
			size := metrics.CSSContentSize
			params.Clip = &page.Viewport{Width: size.Width, Height: size.Height, Scale: 1}
		}
		shot, err := chromedp.Call(ctx, page.CaptureScreenshot, params)
		if err != nil {
			return err
		}
		return os.WriteFile(path, shot.Data, 0o644)
	})
	if err != nil {
		p.fail("taking a picture into %s: %v", path, err)
	}
}

// quote writes a string as JavaScript.
func quote(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err) // a string always has a JSON form
	}
	return string(b)
}

func indent(js string) string {
	const most = 400
	if len(js) > most {
		js = js[:most] + "…"
	}
	return "    " + strings.ReplaceAll(js, "\n", "\n    ")
}
