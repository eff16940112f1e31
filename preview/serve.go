package preview

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"io"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"
)

//go:embed client
var client embed.FS

const scriptPath = "/_sopan/preview.js"

// Handler answers for the preview; Run serves it.
func (s *Server) Handler() http.Handler { return http.HandlerFunc(s.handle) }

func (s *Server) handle(w http.ResponseWriter, r *http.Request) {
	head := w.Header()
	head.Set("X-Content-Type-Options", "nosniff")
	head.Set("Referrer-Policy", "no-referrer")
	head.Set("Cross-Origin-Resource-Policy", "same-origin")
	head.Set("X-Frame-Options", "SAMEORIGIN")
	if no := s.door.check(r); no != open {
		plain(w, no.status, no.reason)
		return
	}
	if !s.door.admit(w, r) {
		return
	}
	if !cleanPath(r.URL) {
		plain(w, http.StatusNotFound, "There is no such page.")
		return
	}
	if rest, ok := strings.CutPrefix(r.URL.Path, "/_sopan/"); ok {
		s.own(w, r, rest)
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		head.Set("Allow", "GET, HEAD")
		plain(w, http.StatusMethodNotAllowed, "Pages are only read.")
		return
	}
	// No page is worth an unbounded wait for its reader; a lecture's video on a
	// slow network is.
	http.NewResponseController(w).SetWriteDeadline(time.Now().Add(10 * time.Minute))
	select {
	case <-s.first:
	case <-r.Context().Done():
		return
	}
	s.page(w, r)
}

// own serves the preview's own addresses.
func (s *Server) own(w http.ResponseWriter, r *http.Request, rest string) {
	want := http.MethodGet
	switch rest {
	case "preview.js", "preview.css":
		b, err := client.ReadFile("client/" + rest)
		if err != nil {
			panic(err) // embedded
		}
		if r.Method == want || r.Method == http.MethodHead {
			w.Header().Set("Content-Type", contentType(rest))
			w.Header().Set("Cache-Control", "no-cache")
			http.ServeContent(w, r, rest, time.Time{}, bytes.NewReader(b))
			return
		}
	case "events":
		if r.Method == want {
			s.hub.serve(w, r)
			return
		}
	case "xapi/statements":
		s.statements(w, r)
		return
	default:
		plain(w, http.StatusNotFound, "There is no such page.")
		return
	}
	w.Header().Set("Allow", want)
	plain(w, http.StatusMethodNotAllowed, "This address is only read.")
}

// page serves a file of the site.
func (s *Server) page(w http.ResponseWriter, r *http.Request) {
	now := s.site.Load()
	if now == nil {
		s.errorPage(w, http.StatusInternalServerError, s.problems.Load(), "")
		return
	}
	name := strings.TrimPrefix(r.URL.Path, "/")
	if name == "" || strings.HasSuffix(name, "/") {
		name += "index.html"
	}
	status := http.StatusOK
	p, ok := now.open(name)
	if !ok {
		if _, folder := now.set.Entry(name + "/index.html"); folder {
			there := url.URL{Path: r.URL.Path + "/", RawQuery: r.URL.RawQuery}
			http.Redirect(w, r, there.String(), http.StatusFound)
			return
		}
		if name == "favicon.ico" {
			w.WriteHeader(http.StatusNoContent) // browsers ask for it unbidden; an author's console stays clean
			return
		}
		status, name = http.StatusNotFound, "404.html"
		if p, ok = now.open(name); !ok {
			s.errorPage(w, http.StatusNotFound, notFound(r.URL.Path), now.version)
			return
		}
	}
	if p.err != nil && s.overtakes(r.Context(), now, p.err) {
		s.page(w, r)
		return
	}
	if p.err != nil {
		s.errorPage(w, http.StatusInternalServerError, renderFailed(name, p.err), now.version)
		return
	}
	body, tag := p.body, p.etag
	if path.Ext(name) == ".html" {
		body, tag = inject(body, now.version), tag+"-"+now.version
	}
	head := w.Header()
	head.Set("Content-Type", contentType(name))
	head.Set("Cache-Control", "no-cache")
	if status != http.StatusOK {
		w.WriteHeader(status)
		if r.Method != http.MethodHead {
			w.Write(body)
		}
		return
	}
	head.Set("ETag", `"`+tag+`"`)
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(body)) // ranges, If-None-Match
}

// longestStale is how long a page whose source was saved once more waits for
// the build that this save causes.
const longestStale = 3 * time.Second

// overtakes tells whether a page could not be rendered because its source has
// changed since the build, and a newer build stands by now. An author who saves
// twice in a moment sees the second text, not an error about the first.
func (s *Server) overtakes(ctx context.Context, before *site, err error) bool {
	var stale interface{ Stale() bool }
	if !errors.As(err, &stale) || !stale.Stale() {
		return false
	}
	look := time.NewTicker(10 * time.Millisecond)
	defer look.Stop()
	enough := time.After(longestStale)
	for {
		select {
		case <-look.C:
			if s.site.Load() != before {
				return true
			}
		case <-enough:
			return false
		case <-ctx.Done():
			return false
		}
	}
}

// cleanPath tells whether an address can be one of ours, by its raw spelling
// too: an encoded slash or backslash, a stream name, a hidden file or a dot
// segment is nobody's page (CVE-2025-30208).
func cleanPath(u *url.URL) bool {
	raw := strings.ToLower(u.EscapedPath())
	if strings.Contains(raw, "%2f") || strings.Contains(raw, "%5c") || strings.Contains(raw, "%00") {
		return false
	}
	p := u.Path
	if !strings.HasPrefix(p, "/") || strings.ContainsAny(p, "\\:\x00") {
		return false
	}
	segments := strings.Split(p[1:], "/")
	for i, s := range segments {
		if s == "" && i < len(segments)-1 || strings.HasPrefix(s, ".") {
			return false
		}
	}
	return true
}

func plain(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	io.WriteString(w, text+"\n")
}
