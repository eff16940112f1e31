// Package lms is a small, strict learning platform for tests: a cmi5 LMS with its record store, and an xAPI launcher.
//
// In goes a package as `sopan package` makes it. The platform checks it as it is imported, serves its files from one
// address and its own interfaces from another (as most real ones do, so that a browser asks across origins), and
// launches a learner. Out come the launch address, the statements it stored, and the violations: each thing that a
// package did and the specification forbids, named by the number of the requirement. Numbers are those of the cmi5
// conformance requirements; "xapi" stands for the experience API's own rules.
//
// It refuses what the specification tells an LMS to refuse, also where real platforms are lenient. It keeps nothing
// beyond its life, knows no users and no rights, and is never part of a site.
package lms

import (
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"sopan.dev/sopan/record"
)

// LMS is a platform with one course in it.
type LMS struct {
	Course Course

	// Fault, when set, sees each request to the platform's interfaces first; true means that it has answered, or that
	// nothing shall be answered.
	Fault func(w http.ResponseWriter, r *http.Request) bool
	// Swallow, when set, says whose answer gets lost: the request does what it does, and the connection breaks.
	Swallow func(r *http.Request) bool

	now     func() time.Time
	files   map[string][]byte
	content *http.Server
	api     *http.Server
	// Content and API are where the two servers listen, with a slash at the end.
	Content, API string

	mu         sync.Mutex
	sessions   []*Session
	documents  map[string]document
	statements []record.Statement
	byID       map[string]int
	violations []Violation
	changed    chan struct{} // closed and made anew whenever something was stored
}

// Violation is something that the specification forbids.
type Violation struct {
	Requirement string // "9.3.0.0-4"
	What        string
}

func (v Violation) String() string { return v.Requirement + ": " + v.What }

// Open imports a package and begins to serve it. An error names each requirement that the package breaks.
func Open(zipped []byte) (*LMS, error) {
	files, err := unzip(zipped)
	if err != nil {
		return nil, err
	}
	course, err := importCourse(files)
	if err != nil {
		return nil, err
	}
	l := &LMS{
		Course: course, files: files, now: time.Now,
		documents: map[string]document{}, byID: map[string]int{}, changed: make(chan struct{}),
	}
	if l.content, l.Content, err = listen(http.HandlerFunc(l.serveFile)); err != nil {
		return nil, err
	}
	if l.api, l.API, err = listen(http.HandlerFunc(l.serveAPI)); err != nil {
		l.content.Close()
		return nil, err
	}
	return l, nil
}

// listen serves on a free port of this machine.
func listen(h http.Handler) (*http.Server, string, error) {
	at, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, "", fmt.Errorf("listening for the learning platform: %w", err)
	}
	s := &http.Server{Handler: h}
	go s.Serve(at) // ends with Close
	return s, "http://" + at.Addr().String() + "/", nil
}

// Close ends both servers.
func (l *LMS) Close() {
	l.content.Close()
	l.api.Close()
}

// Statements are those that were stored, in the order of storing, the platform's own among them.
func (l *LMS) Statements() []record.Statement {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.statements)
}

// Violations are what was forbidden, in the order of happening.
func (l *LMS) Violations() []Violation {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.violations)
}

// Wait waits until the stored statements fulfil a condition; it gives them, and whether they do.
func (l *LMS) Wait(patience time.Duration, enough func([]record.Statement) bool) ([]record.Statement, bool) {
	late := time.After(patience)
	for {
		l.mu.Lock()
		stored, changed := slices.Clone(l.statements), l.changed
		l.mu.Unlock()
		if enough(stored) {
			return stored, true
		}
		select {
		case <-changed:
		case <-late:
			return stored, false
		}
	}
}

// tell wakes those who wait. The lock is held.
func (l *LMS) tell() {
	close(l.changed)
	l.changed = make(chan struct{})
}

func (l *LMS) violate(requirement, what string, args ...any) Violation {
	v := Violation{requirement, fmt.Sprintf(what, args...)}
	l.violations = append(l.violations, v)
	return v
}

// serveAPI is what the package talks to: the one-time token and the experience API.
func (l *LMS) serveAPI(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Expose-Headers", "ETag, Retry-After, X-Experience-API-Version")
	if r.Method == http.MethodOptions {
		h.Set("Access-Control-Allow-Methods", "GET, PUT, POST, DELETE")
		h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type, If-Match, If-None-Match, X-Experience-API-Version")
		h.Set("Access-Control-Max-Age", "600")
		return
	}
	if l.Fault != nil && l.Fault(w, r) {
		return
	}
	if l.Swallow != nil && l.Swallow(r) {
		defer panic(http.ErrAbortHandler)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	switch path := strings.Trim(r.URL.Path, "/"); path {
	case "fetch":
		l.serveToken(w, r)
	case "return":
		h.Set("Content-Type", "text/html")
		fmt.Fprint(w, "<!doctype html><title>Back</title><p>Back at the learning platform.</p>")
	case "xapi/statements", "xapi/activities/state", "xapi/agents/profile":
		h.Set("X-Experience-API-Version", version)
		s := l.authorised(w, r)
		if s == nil {
			return
		}
		switch path {
		case "xapi/statements":
			l.serveStatements(w, r, s)
		case "xapi/activities/state":
			l.serveState(w, r, s)
		default:
			l.serveProfile(w, r, s)
		}
	default:
		http.NotFound(w, r)
	}
}

const version = "1.0.3"

// grace is how long documents are still taken after "terminated". Statements never are.
const grace = 2 * time.Second

// authorised finds the session by the token; without one it answers and gives nil.
func (l *LMS) authorised(w http.ResponseWriter, r *http.Request) *Session {
	if got := r.Header.Get("X-Experience-API-Version"); !strings.HasPrefix(got, "1.0") {
		l.refuse(w, http.StatusBadRequest, l.violate("xapi", "%s %s with the version header %q", r.Method, r.URL.Path, got))
		return nil
	}
	auth := r.Header.Get("Authorization")
	for _, s := range l.sessions {
		if auth != "Basic "+s.token {
			continue
		}
		switch {
		case !s.fetched:
			l.refuse(w, http.StatusUnauthorized, l.violate("8.2.1.0-2", "the token was used before it was fetched"))
		case s.expired:
			http.Error(w, "the token has expired", http.StatusUnauthorized)
		case s.abandoned:
			l.refuse(w, http.StatusForbidden, l.violate("9.3.6.0-2", "%s %s after the session was abandoned", r.Method, r.URL.Path))
		case s.terminated && r.Method != http.MethodGet:
			// A repeated batch whose answer was lost may still come; see serveStatements.
			if strings.HasSuffix(r.URL.Path, "/statements") {
				return s
			}
			// A platform waits for a while (9.3.8.0-4): two last requests of a page that closes may overtake each other.
			if l.now().Sub(s.endedAt) < grace {
				return s
			}
			http.Error(w, "the session is terminated", http.StatusForbidden)
		default:
			return s
		}
		return nil
	}
	l.refuse(w, http.StatusUnauthorized, l.violate("8.1.2.0-5", "%s %s with the authorization %q", r.Method, r.URL.Path, auth))
	return nil
}

func (l *LMS) refuse(w http.ResponseWriter, status int, v Violation) {
	http.Error(w, v.String(), status)
}

// serveFile serves the package's files as they are in the zip.
func (l *LMS) serveFile(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, "/")
	if name == "" || strings.HasSuffix(name, "/") {
		name += "index.html"
	}
	content, ok := l.files[name]
	if !ok {
		http.NotFound(w, r)
		return
	}
	http.ServeContent(w, r, name, time.Time{}, strings.NewReader(string(content)))
}
