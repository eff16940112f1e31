package browser

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/audits"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
)

// Request is what a tab has asked for.
type Request struct {
	URL    string
	Method string
	Type   string // "Document", "Script", "Stylesheet", "Image", "Fetch", "Ping" …
	Status int    // 0 until an answer has come
	Bytes  int    // compressed, as they came over the wire, headers included; 0 from a file or a cache
	Failed string // "net::ERR_…" where none came
}

// seen remembers what a tab's events told. Events come on chromedp's goroutine.
type seen struct {
	mu       sync.Mutex
	at       string
	errors   []string
	csp      []string
	requests []Request
	byID     map[network.RequestID]int
}

func newSeen() *seen { return &seen{byID: map[network.RequestID]int{}} }

func (s *seen) event(ev any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch ev := ev.(type) {
	case *page.EventFrameNavigated:
		if ev.Frame.ParentID == "" {
			s.at = ev.Frame.URL + ev.Frame.URLFragment
		}
	case *runtime.EventExceptionThrown:
		s.errors = append(s.errors, exception(ev.ExceptionDetails))
	case *runtime.EventConsoleAPICalled:
		if ev.Type == runtime.ConsoleAPICalledTypeError || ev.Type == runtime.ConsoleAPICalledTypeAssert {
			s.errors = append(s.errors, consoleLine(ev.Args))
		}
	case *log.EventEntryAdded:
		if ev.Entry.Level == log.EntryLevelError {
			s.errors = append(s.errors, strings.TrimSpace(ev.Entry.Text+" "+ev.Entry.URL))
		}
	case *audits.EventIssueAdded:
		if d := ev.Issue.Details; d != nil && d.ContentSecurityPolicyIssueDetails != nil {
			c := d.ContentSecurityPolicyIssueDetails
			s.csp = append(s.csp, strings.TrimSpace(fmt.Sprintf("%s %s %s", c.ViolatedDirective, c.ContentSecurityPolicyViolationType, c.BlockedURL)))
		}
	case *network.EventRequestWillBeSent:
		s.byID[ev.RequestID] = len(s.requests)
		s.requests = append(s.requests, Request{URL: ev.Request.URL, Method: ev.Request.Method, Type: string(ev.Type)})
	case *network.EventResponseReceived:
		s.answered(ev.RequestID, func(r *Request) { r.Status = int(ev.Response.Status) })
	case *network.EventLoadingFinished:
		s.answered(ev.RequestID, func(r *Request) { r.Bytes = int(ev.EncodedDataLength) })
	case *network.EventLoadingFailed:
		s.answered(ev.RequestID, func(r *Request) { r.Failed = ev.ErrorText })
	}
}

func (s *seen) answered(id network.RequestID, note func(*Request)) {
	if i, ok := s.byID[id]; ok {
		note(&s.requests[i])
	}
}

func (s *seen) address() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.at
}

func (s *seen) complaints() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.errors)
}

func (s *seen) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.errors, s.csp, s.requests, s.byID = nil, nil, nil, map[network.RequestID]int{}
}

func exception(d *runtime.ExceptionDetails) string {
	if d.Exception != nil && d.Exception.Description != "" {
		return d.Exception.Description
	}
	return d.Text
}

func consoleLine(args []*runtime.RemoteObject) string {
	var words []string
	for _, a := range args {
		var text string
		switch {
		case a.Description != "":
			text = a.Description
		case json.Unmarshal(a.Value, &text) != nil:
			text = string(a.Value)
		}
		words = append(words, text)
	}
	return strings.Join(words, " ")
}

// ConsoleErrors are the page's uncaught exceptions, console.error lines and the browser's own complaints (a resource
// that is missing, a policy that is broken), since the tab opened or Forget was called.
func (p *Page) ConsoleErrors() []string { return p.seen.complaints() }

// CSPViolations are the breaches of the page's Content-Security-Policy: directive, kind, address.
func (p *Page) CSPViolations() []string {
	p.seen.mu.Lock()
	defer p.seen.mu.Unlock()
	return slices.Clone(p.seen.csp)
}

// Requests is everything the tab has asked for, in order.
func (p *Page) Requests() []Request {
	p.seen.mu.Lock()
	defer p.seen.mu.Unlock()
	return slices.Clone(p.seen.requests)
}

// Forget empties ConsoleErrors, CSPViolations and Requests, so that the next page is judged alone.
func (p *Page) Forget() { p.seen.forget() }
