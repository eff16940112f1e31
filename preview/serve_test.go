package preview

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"sopan.dev/sopan/builder/output"
	"sopan.dev/sopan/internal/diag"
)

var plainSite = map[string]string{
	"index.html": "<html><body><p>front</p></body></html>", "a/index.html": "<p>a</p>", "a/b.html": "<p>b</p>",
	"assets/x.js": "let x", "video.mp4": "0123456789", "sopan.yaml": "title: x", ".secret": "hidden", "a/.git/config": "hidden", "वुका.html": "<p>वुका</p>",
}

func TestPagesAreServedWithTheirTypes(t *testing.T) {
	l := run(t, plainSite, Options{})
	for path, want := range map[string][2]string{
		"/":                 {"text/html; charset=utf-8", "front"},
		"/a/":               {"text/html; charset=utf-8", "<p>a</p>"},
		"/a/b.html?lang=hi": {"text/html; charset=utf-8", "<p>b</p>"},
		"/assets/x.js":      {"text/javascript; charset=utf-8", "let x"},
		"/video.mp4":        {"video/mp4", "0123456789"},
		"/" + url.PathEscape("वुका.html"): {"text/html; charset=utf-8", "वुका"},
		"/_sopan/preview.js":              {"text/javascript; charset=utf-8", "EventSource"},
		"/_sopan/preview.css":             {"text/css; charset=utf-8", ":host"},
	} {
		status, head, body := l.get(path)
		if status != 200 || head.Get("Content-Type") != want[0] || !strings.Contains(body, want[1]) {
			t.Errorf("%s: %d %s %q", path, status, head.Get("Content-Type"), body)
		}
		if head.Get("X-Content-Type-Options") != "nosniff" || head.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("%s lacks its headers: %v", path, head)
		}
	}
	if status, head, _ := l.get("/a?x=1"); status != 302 || head.Get("Location") != "/a/?x=1" {
		t.Errorf("a folder without its slash: %d to %q", status, head.Get("Location"))
	}
	if status, _, body := l.get("/none.html"); status != 404 || !strings.Contains(body, "no page at /none.html") {
		t.Errorf("no page: %d %q", status, body)
	}
	for _, method := range []string{"POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"} {
		status, head, _ := l.do(l.request(method, "/", "", "Origin", strings.TrimSuffix(l.s.URL(), "/")))
		if status != 405 || head.Get("Allow") != "GET, HEAD" {
			t.Errorf("%s /: %d, Allow %q", method, status, head.Get("Allow"))
		}
	}
}

func TestRangesOfMedia(t *testing.T) {
	l := run(t, plainSite, Options{})
	if status, head, body := l.get("/video.mp4", "Range", "bytes=2-4"); status != 206 || body != "234" || head.Get("Content-Range") != "bytes 2-4/10" {
		t.Errorf("a range: %d %q %q", status, body, head.Get("Content-Range"))
	}
	if status, _, _ := l.get("/video.mp4", "Range", "bytes=20-"); status != 416 {
		t.Errorf("a range beyond the end: %d", status)
	}
}

func TestNothingIsKeptByCachesButByContent(t *testing.T) {
	l := run(t, plainSite, Options{})
	events := l.listen()
	events.next("reload")
	_, head, _ := l.get("/a/b.html")
	tag := head.Get("ETag")
	if tag == "" || head.Get("Cache-Control") != "no-cache" {
		t.Fatalf("ETag %q, Cache-Control %q", tag, head.Get("Cache-Control"))
	}
	if status, _, _ := l.get("/a/b.html", "If-None-Match", tag); status != 304 {
		t.Errorf("the same page again: %d", status)
	}
	l.save("a/b.html", "<p>B</p>")
	events.next("reload")
	if status, _, body := l.get("/a/b.html", "If-None-Match", tag); status != 200 || !strings.Contains(body, "<p>B</p>") {
		t.Errorf("the changed page: %d %q", status, body)
	}
}

func TestFault39TheScriptIsPutInByTheServerAlone(t *testing.T) {
	l := run(t, plainSite, Options{})
	for range 2 { // the second time from memory
		_, _, body := l.get("/")
		if want := `data-version="`; strings.Count(body, "<script") != 1 || !strings.Contains(body, want) || !strings.HasSuffix(body, "</script></body></html>") {
			t.Errorf("the page as served: %q", body)
		}
	}
	if b, _ := l.s.site.Load().set.Open("index.html"); string(b) != plainSite["index.html"] {
		t.Errorf("the set holds %q", b)
	}
	if _, _, body := l.get("/assets/x.js"); body != "let x" {
		t.Errorf("a script as served: %q", body)
	}
}

func TestThePlaceOfTheScript(t *testing.T) {
	for _, c := range [][2]string{
		{"<p>x</p></body></html>", "<p>x</p>|</body></html>"},
		{"<code>&lt;/body></code></BODY>", "<code>&lt;/body></code>|</BODY>"},
		{"</body> twice </body>", "</body> twice |</body>"},
		{"no end", "no end|"},
		{"", "|"},
	} {
		got := string(inject([]byte(c[0]), "v"))
		want := strings.Replace(c[1], "|", `<script defer src="/_sopan/preview.js" data-version="v"></script>`, 1)
		if got != want {
			t.Errorf("inject(%q) = %q, want %q", c[0], got, want)
		}
	}
}

func TestPagesAreRenderedOnceAndOnlyWhenAsked(t *testing.T) {
	var renders, others atomic.Int64
	entries := map[string]output.Entry{
		"a.html": {Key: "a1", Render: func() ([]byte, error) { renders.Add(1); return []byte("a"), nil }},
		"b.html": {Render: func() ([]byte, error) { others.Add(1); return []byte("b"), nil }},
	}
	dir := t.TempDir()
	l := run(t, nil, Options{Dir: dir, Build: func(context.Context, []string) (*output.Set, diag.List, error) {
		set, err := output.NewSet(entries)
		return set, nil, err
	}})
	events := l.listen()
	events.next("reload")
	for range 3 {
		l.get("/a.html")
	}
	if renders.Load() != 1 || others.Load() != 0 {
		t.Errorf("rendered %d and %d times, want 1 and 0", renders.Load(), others.Load())
	}
	l.dir = dir
	l.save("x", "x") // builds again, with the same key
	events.next("reload")
	l.get("/a.html")
	if renders.Load() != 1 {
		t.Errorf("a page of an unchanged key was rendered %d times", renders.Load())
	}
}

func TestAPageThatFailsToRenderSaysSoAndComesBack(t *testing.T) {
	var broken atomic.Bool
	broken.Store(true)
	dir := t.TempDir()
	l := run(t, nil, Options{Dir: dir, Build: func(context.Context, []string) (*output.Set, diag.List, error) {
		set, err := output.NewSet(map[string]output.Entry{"panics.html": {Render: func() ([]byte, error) { panic("no template") }}, "index.html": {Render: func() ([]byte, error) {
			if broken.Load() {
				return nil, errors.New("its <source> is gone")
			}
			return []byte("fine"), nil
		}}})
		return set, nil, err
	}})
	events := l.listen()
	events.next("reload")
	if status, _, body := l.get("/"); status != 500 || !strings.Contains(body, "its &lt;source&gt; is gone") {
		t.Errorf("a page that fails: %d %q", status, body)
	}
	for range 2 {
		if status, _, body := l.get("/panics.html"); status != 500 || !strings.Contains(body, "no template") {
			t.Errorf("a page that panics: %d %q", status, body)
		}
	}
	broken.Store(false)
	l.dir = dir
	l.write("x", "x")
	l.until(events, "/", has("fine"))
}

// stale is what a page says whose source was saved after its build.
type stale struct{ error }

func (stale) Stale() bool { return true }

func TestAPageThatWasSavedOnceMoreWaitsForItsBuild(t *testing.T) {
	var builds atomic.Int32
	dir := t.TempDir()
	l := run(t, nil, Options{Dir: dir, Build: func(context.Context, []string) (*output.Set, diag.List, error) {
		n := builds.Add(1)
		set, err := output.NewSet(map[string]output.Entry{"index.html": {Render: func() ([]byte, error) {
			if n == 1 {
				os.WriteFile(filepath.Join(dir, "x"), []byte("saved again"), 0o644)
				return nil, fmt.Errorf("rendering: %w", stale{errors.New("x was changed")})
			}
			return []byte("the second text"), nil
		}}})
		return set, nil, err
	}})
	l.listen().next("reload")
	if status, _, body := l.get("/"); status != 200 || !strings.Contains(body, "the second text") {
		t.Errorf("%d %q", status, body)
	}
}

// ownAndPages are a page, a file, an address that is none, and all that the preview answers itself: what is closed is closed on each.
var ownAndPages = []string{"/", "/assets/x.js", "/none.html", "/_sopan/events", "/_sopan/xapi/statements", "/_sopan/preview.js"}

func TestFault34ForeignHosts(t *testing.T) {
	l := run(t, plainSite, Options{})
	port := l.s.door.port
	for _, host := range []string{
		"evil.example", "evil.example:" + port, "127.0.0.1.evil.example:" + port, "localhost.evil.example:" + port, "localhost.:" + port,
		"evil-localhost:" + port, "192.168.1.5:" + port, "localhost:1", "localhost", "127.0.0.1", "127.0.0.2:" + port, "[::2]:" + port,
		"user@localhost:" + port, "LOCALHOST.:" + port, "0.0.0.0:" + port, "2130706433:" + port,
	} {
		for _, path := range ownAndPages {
			for _, method := range []string{"GET", "HEAD", "POST"} {
				if status, _, body := l.do(l.request(method, path, "", "Host", host, "Origin", "http://"+host)); status != 403 && status != 400 {
					t.Errorf("%s %s, Host %q: %d %q", method, path, host, status, body)
				}
			}
		}
	}
	for _, host := range []string{"localhost:" + port, "127.0.0.1:" + port, "[::1]:" + port} {
		if status, _, _ := l.get("/", "Host", host); status != 200 {
			t.Errorf("Host %q: %d", host, status)
		}
	}
	// No Host at all: Go's client always sends one.
	c, err := net.Dial("tcp", l.s.listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(patienceOfTests))
	io.WriteString(c, "GET / HTTP/1.0\r\n\r\n")
	answer, _ := io.ReadAll(c)
	if !strings.Contains(string(answer), " 403 ") {
		t.Errorf("no Host: %q", answer)
	}
}

func TestFault35ForeignOrigins(t *testing.T) {
	l := run(t, plainSite, Options{})
	own := strings.TrimSuffix(l.s.URL(), "/")
	for _, origin := range []string{
		"https://evil.example", "null", "http://192.168.1.5", "http://127.0.0.1", "http://127.0.0.1:1", "https" + strings.TrimPrefix(own, "http"),
		own + ".evil.example", "http://localhost:" + l.s.door.port, "", "file://",
	} {
		for _, path := range ownAndPages {
			status, head, _ := l.get(path, "Origin", origin)
			if status != 403 {
				t.Errorf("Origin %q on %s: %d", origin, path, status)
			}
			for name := range head {
				if strings.HasPrefix(name, "Access-Control-") {
					t.Errorf("%s answers with %s", path, name)
				}
			}
		}
	}
	two := l.request("GET", "/", "")
	two.Header["Origin"] = []string{own, "https://evil.example"}
	if status, _, _ := l.do(two); status != 403 {
		t.Errorf("two origins: %d", status)
	}
	for _, path := range ownAndPages { // also what is answered is for the preview's own pages alone
		for _, origin := range []string{"", own} {
			for _, method := range []string{"GET", "POST", "OPTIONS"} {
				r := l.request(method, path, statement, "Content-Type", "application/json")
				if origin != "" {
					r.Header.Set("Origin", origin)
				}
				_, head, _ := l.do(r)
				for name := range head {
					if strings.HasPrefix(name, "Access-Control-") {
						t.Errorf("%s %s with the origin %q is answered with %s", method, path, origin, name)
					}
				}
				if head.Get("Cross-Origin-Resource-Policy") != "same-origin" || head.Get("X-Frame-Options") != "SAMEORIGIN" {
					t.Errorf("%s %s may be shown by other sites: %v", method, path, head)
				}
			}
		}
	}
	for _, path := range ownAndPages { // a page of another site includes our files
		for _, site := range []string{"cross-site", "same-site"} {
			if status, _, _ := l.get(path, "Sec-Fetch-Site", site, "Sec-Fetch-Mode", "no-cors", "Sec-Fetch-Dest", "script"); status != 403 {
				t.Errorf("%s as a script of a %s page: %d", path, site, status)
			}
			if status, _, _ := l.get(path, "Sec-Fetch-Site", site, "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "iframe"); status != 403 {
				t.Errorf("%s in a frame of a %s page: %d", path, site, status)
			}
		}
	}
	if status, _, _ := l.get("/", "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "document"); status != 200 {
		t.Errorf("a link from a mail: %d", status)
	}
	for _, origin := range []string{"", own, "https://evil.example"} {
		header := []string{"Connection", "Upgrade", "Upgrade", "websocket", "Sec-WebSocket-Key", "x", "Sec-WebSocket-Version", "13"}
		if origin != "" {
			header = append(header, "Origin", origin)
		}
		if status, _, _ := l.get("/_sopan/events", header...); status != 403 {
			t.Errorf("an upgrade with Origin %q: %d", origin, status)
		}
	}
	if status, head, _ := l.do(l.request("OPTIONS", "/_sopan/xapi/statements", "", "Origin", "https://evil.example", "Access-Control-Request-Method", "POST")); status != 403 || head.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("a preflight: %d %v", status, head)
	}
}

func TestFault36PathsOutOfTheSite(t *testing.T) {
	l := run(t, plainSite, Options{})
	for _, path := range []string{
		"/..%2fsopan.yaml", "/..%2Fsopan.yaml", "/..%5csopan.yaml", "/a%5cb.html", "/a%2fb.html", "/a/../sopan.yaml", "/./index.html", "/%2e%2e/etc/passwd",
		"/.secret", "/a/.git/config", "/%2esecret", "/index.html::$DATA", "/index.html:stream", "/sopan.yml?raw??", "/@fs/etc/passwd?raw??",
		"/etc/passwd?import&raw??", "//etc/passwd", "/a//b.html", "/index.html%00.js", "/a/b.html/", "/_sopan/", "/_sopan/preview.html",
		"/_sopan/../index.html", "/_sopan/client/preview.js", "/_sopan/error.html",
	} {
		r := l.request("GET", "/", "")
		parsed, err := url.Parse(strings.TrimSuffix(l.s.URL(), "/") + path)
		if err != nil {
			t.Fatal(err)
		}
		r.URL = parsed
		r.URL.Opaque = "//" + parsed.Host + strings.SplitN(path, "?", 2)[0] // as it is, not cleaned by the client
		if status, _, body := l.do(r); status != 404 {
			t.Errorf("%s: %d %q", path, status, body)
		}
	}
}

func TestFault37BeyondLoopbackOnlyWithAToken(t *testing.T) {
	for _, o := range []Options{
		{LAN: true}, {Addr: "0.0.0.0:0"}, {Addr: ":0"}, {Addr: "[::]:0"}, {Addr: "192.168.1.5:0"}, {LAN: true, Token: "short"}, {Addr: "example.com:0"},
	} {
		o.Dir, o.Build = t.TempDir(), copySite("")
		if s, err := New(o); err == nil || !strings.Contains(err.Error(), "token") {
			t.Errorf("%+v: %v", o, err)
			if s != nil {
				s.listener.Close()
			}
		}
	}
	token := NewToken()
	l := run(t, plainSite, Options{LAN: true, Token: token})
	secret := func(what, s string) {
		t.Helper()
		if strings.Contains(s, token) {
			t.Errorf("the token is in %s: %q", what, s)
		}
	}
	wrong := append([]string{"/?token=wrong", "/?token=", "/?token=" + token + "x", "/?token=" + token[1:], "/?token=" + strings.Repeat("A", len(token))}, ownAndPages...)
	for _, path := range wrong {
		for _, method := range []string{"GET", "HEAD", "POST", "PUT"} {
			r := l.request(method, path, statement, "Origin", strings.TrimSuffix(l.s.URL(), "/"), "Content-Type", "application/json")
			status, head, body := l.do(r)
			if status != 401 || strings.Contains(body, "front") || head.Get("Set-Cookie") != "" {
				t.Errorf("%s %s: %d %q", method, path, status, body)
			}
			secret("an answer to a stranger", body+fmt.Sprint(head))
		}
	}
	status, head, way := l.get("/a/b.html?x=1&token=" + token)
	secret("the words of the redirect", way)
	if status != 303 || head.Get("Location") != "/a/b.html?x=1" || head.Get("Referrer-Policy") != "no-referrer" {
		t.Fatalf("the right token: %d to %q", status, head.Get("Location"))
	}
	cookie := head.Get("Set-Cookie")
	for _, want := range []string{"HttpOnly", "SameSite=Strict", "Path=/"} {
		if !strings.Contains(cookie, want) {
			t.Errorf("the cookie %q lacks %s", cookie, want)
		}
	}
	secret("the cookie", cookie)
	name, _, _ := strings.Cut(cookie, ";")
	status, head, body := l.get("/a/b.html", "Cookie", name)
	if status != 200 || !strings.Contains(body, "<p>b</p>") {
		t.Errorf("with the cookie: %d %q", status, body)
	}
	secret("a page", body)
	secret("the headers", fmt.Sprint(head))
	another := door{port: l.s.door.port, token: NewToken()}
	for what, value := range map[string]string{"a wrong cookie": name + "0", "another preview's cookie": another.cookieName() + "=" + another.cookieValue(), "the token as the cookie": another.cookieName() + "=" + token} {
		if status, _, _ := l.get("/", "Cookie", value); status != 401 {
			t.Errorf("with %s: %d", what, status)
		}
	}
	if NewToken() == token || len(token) < 16 {
		t.Errorf("the token %q can be guessed", token)
	}
	for _, path := range []string{"//evil.example/?token=" + token, "/%5cevil.example?token=" + token} {
		r := l.request("GET", "/", "")
		r.URL.Opaque = "//" + r.URL.Host + strings.SplitN(path, "?", 2)[0]
		r.URL.RawQuery = "token=" + token
		if _, head, _ := l.do(r); head.Get("Location") != "/" {
			t.Errorf("%s leads to %q", path, head.Get("Location"))
		}
	}
	secret("the address", l.s.URL())
	secret("the log", l.log.String())
	for _, u := range l.s.ShareURLs() {
		if !strings.HasSuffix(u, "/?token="+token) {
			t.Errorf("an address to share: %q", u)
		}
		host := strings.TrimPrefix(strings.SplitN(u, "/?", 2)[0], "http://")
		r, _ := http.NewRequest("GET", u, nil)
		r.Host = host
		if status, _, _ := l.do(r); status != 303 {
			t.Errorf("the address to share %s answers %d", host, status)
		}
	}
	for _, host := range []string{"rebound.example", "192.0.2.7", "[2001:db8::7]"} { // neither a name nor an address that is another's
		if status, _, _ := l.get("/", "Host", host+":"+l.s.door.port, "Cookie", name); status != 403 {
			t.Errorf("the foreign host %s in the network: %d", host, status)
		}
	}
}

const statement = `{"id":"11111111-1111-4111-8111-111111111111","actor":{"account":{"homePage":"https://sopan.dev/learner","name":"x"}},
"verb":{"id":"http://adlnet.gov/expapi/verbs/answered","display":{"en":"answered"}},"object":{"id":"https://example.in/q1"},"result":{"success":true}}`

func TestFault38CrossSiteWrites(t *testing.T) {
	l := run(t, plainSite, Options{})
	own := strings.TrimSuffix(l.s.URL(), "/")
	for name, header := range map[string][]string{
		"a foreign origin":      {"Origin", "https://evil.example", "Content-Type", "application/json"},
		"a null origin":         {"Origin", "null", "Content-Type", "application/json"},
		"no origin":             {"Content-Type", "application/json"},
		"cross-site":            {"Origin", own, "Sec-Fetch-Site", "cross-site", "Content-Type", "application/json"},
		"another port":          {"Origin", own, "Sec-Fetch-Site", "same-site", "Content-Type", "application/json"},
		"a form's content type": {"Origin", own, "Content-Type", "text/plain"},
		"a form's way here":     {"Origin", own, "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "document", "Content-Type", "application/json"},
	} {
		for _, method := range []string{"POST", "PUT"} {
			status, _, _ := l.do(l.request(method, "/_sopan/xapi/statements?statementId=11111111-1111-4111-8111-111111111111", statement, header...))
			if status != 403 && !(name == "a form's content type" && status == 400) {
				t.Errorf("%s %s: %d", method, name, status)
			}
		}
	}
	if _, _, body := l.get("/_sopan/xapi/statements"); strings.TrimSpace(body) != "[]" {
		t.Errorf("something was kept: %s", body)
	}
}

func TestFault38GiantHeadersAndBodies(t *testing.T) {
	l := run(t, plainSite, Options{})
	if status, _, _ := l.get("/", "X-Giant", strings.Repeat("x", 100<<10)); status != 431 {
		t.Errorf("a header of 100 KiB: %d", status)
	}
	own := strings.TrimSuffix(l.s.URL(), "/")
	if status, _, _ := l.do(l.request("POST", "/_sopan/xapi/statements", strings.Repeat(" ", 2<<20), "Origin", own, "Content-Type", "application/json")); status != 413 {
		t.Errorf("a body of 2 MiB: %d", status)
	}
}

func TestFault38TenThousandStreamsAndTheOwnersPageReloads(t *testing.T) {
	l := run(t, map[string]string{"index.html": "one"}, Options{})
	owner := l.listen()
	owner.next("reload")
	// Beyond the limit streams make room, so ten thousand need ten thousand
	// joins but never more memory than the limit's.
	for range 10_000 {
		l.s.hub.join()
	}
	if n := len(l.s.hub.streams); n != maxStreams {
		t.Fatalf("%d streams are open, want at most %d", n, maxStreams)
	}
	for range owner.events { // the owner's lost its place; the page comes back:
	}
	back := l.listen()
	back.next("reload")
	l.save("index.html", "two")
	back.next("reload")
	l.until(back, "/", has("two"))
}

func TestFault38IdleConnectionsMakeRoom(t *testing.T) {
	s, err := New(Options{Dir: t.TempDir(), Build: copySite(""), Addr: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	set, err := output.NewSet(map[string]output.Entry{"index.html": {Bytes: []byte("front")}})
	if err != nil {
		t.Fatal(err)
	}
	s.site.Store(newSite(set, "1", nil))
	close(s.first)
	server := s.server(t.Context())
	server.ReadHeaderTimeout, server.ReadTimeout = time.Hour, time.Hour // who is closed is closed to make room
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(s.listener) }()
	defer func() { server.Close(); <-ended }()
	var first net.Conn
	for i := range maxConnections + 50 {
		c, err := net.Dial("tcp", s.listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if i == 0 {
			first = c
		}
	}
	first.SetReadDeadline(time.Now().Add(patienceOfTests))
	if _, err := first.Read(make([]byte, 1)); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("the connection that was quiet longest stays open: %v", err)
	}
	l := &live{t: t, s: s}
	if status, _, _ := l.get("/"); status != 200 {
		t.Errorf("the owner's page: %d", status)
	}
}

// What a client that dawdles at each step may cost. A request that never ends, and an answer that is never read, hold a place
// until then.
func TestFault38EveryWaitForAClientHasAnEnd(t *testing.T) {
	l := run(t, plainSite, Options{})
	server := l.s.server(t.Context())
	for what, wait := range map[string][2]time.Duration{
		"a request's head":   {server.ReadHeaderTimeout, 10 * time.Second},
		"a request's body":   {server.ReadTimeout, time.Minute},
		"the next request":   {server.IdleTimeout, 2 * time.Minute},
		"an event's reading": {patience, 10 * time.Second},
	} {
		if wait[0] <= 0 || wait[0] > wait[1] {
			t.Errorf("%s is waited for %v, want at most %v and an end", what, wait[0], wait[1])
		}
	}
	reader := &stuck{head: http.Header{}, full: true}
	l.s.Handler().ServeHTTP(reader, l.request("GET", "/", ""))
	if left := time.Until(reader.deadline); reader.deadline.IsZero() || left > 10*time.Minute {
		t.Errorf("a page may be read until %v, %v from now, want at most ten minutes", reader.deadline, left)
	}
}

func TestFault38TheQuietestConnectionIsClosed(t *testing.T) {
	c := newCrowd(2)
	var far [3]net.Conn
	var near [3]net.Conn
	for i := range far {
		near[i], far[i] = net.Pipe()
		if i == 2 {
			c.state(near[0], http.StateActive) // the first has just asked for something
		}
		c.state(near[i], http.StateNew)
	}
	for i, want := range []error{os.ErrDeadlineExceeded, io.EOF, os.ErrDeadlineExceeded} {
		far[i].SetReadDeadline(time.Now().Add(10 * time.Millisecond))
		if _, err := far[i].Read(make([]byte, 1)); !errors.Is(err, want) {
			t.Errorf("connection %d: %v, want %v", i, err, want)
		}
	}
	c.state(near[0], http.StateClosed)
	if len(c.at) != 1 || c.order.Len() != 1 {
		t.Errorf("a closed connection keeps its place")
	}
}

// stuck is a client that takes the headers and then reads no more.
type stuck struct {
	head     http.Header
	deadline time.Time
	full     bool
}

func (s *stuck) Header() http.Header                { return s.head }
func (s *stuck) WriteHeader(int)                    {}
func (s *stuck) FlushError() error                  { return nil }
func (s *stuck) SetWriteDeadline(t time.Time) error { s.deadline = t; return nil }
func (s *stuck) Write(b []byte) (int, error) {
	if s.full {
		return 0, errors.New("i/o timeout")
	}
	return len(b), nil
}

func TestFault38ASlowClientIsDropped(t *testing.T) {
	h := hub{limit: maxStreams}
	client := &stuck{head: http.Header{}}
	client.full = true
	r, _ := http.NewRequestWithContext(t.Context(), "GET", "/", nil)
	h.serve(client, r) // returns, or the test hangs
	if left := time.Until(client.deadline); client.deadline.IsZero() || left > patience {
		t.Errorf("a write may take until %v, %v from now, want at most %v", client.deadline, left, patience)
	}
	if len(h.streams) != 0 {
		t.Error("a dropped client keeps its place")
	}
}

func TestATakenPortLeadsToTheNextOne(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	var said strings.Builder
	s, err := New(Options{Dir: t.TempDir(), Build: copySite(""), Addr: l.Addr().String(), Log: &said})
	if err != nil {
		t.Fatal(err)
	}
	defer s.listener.Close()
	if s.URL() == "http://"+l.Addr().String()+"/" || !strings.Contains(said.String(), "is taken; using "+s.door.port) {
		t.Errorf("serves at %s and says %q", s.URL(), said.String())
	}
}

func TestRecordsAreReceivedAsAnLRSDoes(t *testing.T) {
	l := run(t, plainSite, Options{})
	events := l.listen()
	own := strings.TrimSuffix(l.s.URL(), "/")
	send := func(method, query, body string) (int, string) {
		t.Helper()
		status, head, answer := l.do(l.request(method, RecordsEndpoint+"statements"+query, body, "Origin", own, "Content-Type", "application/json; charset=utf-8", "X-Experience-API-Version", "1.0.3"))
		if head.Get("X-Experience-API-Version") == "" {
			t.Error("the answer names no version")
		}
		return status, strings.TrimSpace(answer)
	}
	const id = "11111111-1111-4111-8111-111111111111"
	second := strings.Replace(statement, id, "22222222-2222-4222-8222-222222222222", 1)
	if status, answer := send("POST", "", statement); status != 200 || answer != `["`+id+`"]` {
		t.Errorf("one: %d %s", status, answer)
	}
	for e := events.next("records"); !strings.Contains(e.data, `"count":1`); e = events.next("records") {
	}
	if status, answer := send("POST", "", "["+statement+","+second+"]"); status != 200 || answer != `["`+id+`","22222222-2222-4222-8222-222222222222"]` {
		t.Errorf("again with another: %d %s", status, answer)
	}
	if e := events.next("records"); !strings.Contains(e.data, `"count":2`) {
		t.Errorf("a statement that came before is counted: %s", e.data)
	}
	if status, _ := send("POST", "", strings.Replace(statement, "true", "false", 1)); status != 409 {
		t.Errorf("another statement of the same id: %d", status)
	}
	if status, answer := send("POST", "", "["+second+",{}]"); status != 400 || !strings.Contains(answer, "statement 1") {
		t.Errorf("a wrong one in a batch: %d %s", status, answer)
	}
	noID := strings.Replace(statement, `"id":"`+id+`",`, "", 1)
	if status, _ := send("PUT", "?statementId=33333333-3333-4333-8333-333333333333", noID); status != 204 {
		t.Errorf("PUT: %d", status)
	}
	if status, _ := send("PUT", "?statementId=33333333-3333-4333-8333-333333333333", second); status != 400 {
		t.Errorf("PUT with two ids: %d", status)
	}
	if status, answer := send("POST", "", noID); status != 200 || len(answer) != 40 {
		t.Errorf("one without an id: %d %s", status, answer)
	}
	if _, _, body := l.get(RecordsEndpoint + "statements"); strings.Count(body, `"statement"`) != 4 || strings.Index(body, "22222222") > strings.Index(body, id) {
		t.Errorf("the panel gets %s", body)
	}
}

func TestRecordsAreBounded(t *testing.T) {
	l := run(t, plainSite, Options{})
	own := strings.TrimSuffix(l.s.URL(), "/")
	var batch []string
	for i := range keptRecords + 20 {
		batch = append(batch, strings.Replace(statement, "11111111-1111", fmt.Sprintf("%08d-1111", i), 1))
	}
	body := "[" + strings.Join(batch, ",") + "]"
	if status, _, answer := l.do(l.request("POST", "/_sopan/xapi/statements", body, "Origin", own, "Content-Type", "application/json")); status != 200 {
		t.Fatalf("%d %s", status, answer)
	}
	if n := len(l.s.records.list); n != keptRecords || len(l.s.records.byID) != keptRecords {
		t.Errorf("%d statements are kept, want %d", n, keptRecords)
	}
}
