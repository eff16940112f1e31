package acceptance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"sopan.dev/sopan/internal/browser"
)

// host is a web server whose site can be changed, spoilt and taken down. The site stands in a folder.
type host struct {
	root string // address of the site, with a trailing slash
	end  string // of records

	mu         sync.Mutex
	dir        string
	down       bool
	spoil      map[string]func([]byte) (int, []byte) // by path below the site's root
	hold       map[string]chan struct{}              // answers when the channel is closed
	asked      []string
	statements map[string]bool
}

func newHost(t *testing.T) *host {
	t.Helper()
	leaveOutWhenShort(t, "a browser")
	h := &host{spoil: map[string]func([]byte) (int, []byte){}, hold: map[string]chan struct{}{}, statements: map[string]bool{}}
	server := httptest.NewServer(h)
	t.Cleanup(func() {
		h.mu.Lock()
		for _, held := range h.hold {
			close(held)
		}
		h.hold = nil
		h.mu.Unlock()
		server.CloseClientConnections()
		server.Close()
	})
	h.root, h.end = server.URL+"/courses/", server.URL+"/xapi"
	return h
}

func (h *host) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	down, dir := h.down, h.dir
	name := strings.TrimPrefix(r.URL.Path, "/courses/")
	h.asked = append(h.asked, name)
	spoil, held := h.spoil[name], h.hold[name]
	h.mu.Unlock()
	if down {
		panic(http.ErrAbortHandler) // the line is cut
	}
	if held != nil {
		<-held
	}
	if r.URL.Path == "/xapi/statements" {
		h.take(w, r)
		return
	}
	if strings.HasSuffix(name, "/") || name == "" {
		name += "index.html"
	}
	content, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(path.Clean("/"+name))))
	if err != nil {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Cache-Control", "no-cache")
	if kind := map[string]string{".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".webm": "video/webm", ".vtt": "text/vtt"}[path.Ext(name)]; kind != "" {
		w.Header().Set("Content-Type", kind)
	}
	if spoil != nil {
		status, content := spoil(content)
		w.WriteHeader(status)
		_, _ = w.Write(content)
		return
	}
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(content))
}

func (h *host) take(w http.ResponseWriter, r *http.Request) {
	var got []struct{ ID string }
	if json.NewDecoder(r.Body).Decode(&got) != nil {
		http.Error(w, "not statements", http.StatusBadRequest)
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	ids := []string{}
	for _, one := range got {
		h.statements[one.ID] = true
		ids = append(ids, one.ID)
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(ids)
}

// arrived waits until so many records are here.
func (h *host) arrived(t *testing.T, n int) {
	t.Helper()
	for end := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		here := 0
		if h.with(func() { here = len(h.statements) }); here >= n {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("%d records were awaited, %d arrived", n, here)
		}
	}
}

// with changes the host under its lock.
func (h *host) with(change func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	change()
}

// publish builds a release and puts it up. Without files it is the course below.
func (h *host) publish(t *testing.T, change map[string]string) *Site {
	t.Helper()
	files := map[string]string{
		"sopan.yaml":                     "title: Kept\nid: kept\nlanguages: [en, hi]\nrecords: {endpoint: " + h.end + "}\n",
		"content/rti/index.md":           "---\ntitle: The right to know\n---\n\nIts promise.\n",
		"content/rti/hi.md":              "",
		"content/rti/10-days.md":         "---\ntitle: Thirty days\nid: days\n---\n\n## What the Act says\n\nA reply is due within thirty days.\n\n![A form on a desk](form.png)\n",
		"content/rti/10-days.hi.md":      "---\ntitle: तीस दिन\n---\n\n## अधिनियम क्या कहता है {#what-the-act-says}\n\nउत्तर तीस दिन में देना है।\n",
		"content/rti/20-counter.md":      "---\ntitle: At the counter\nid: counter\n---\n\n## A film\n\nWatch how a request is registered.\n\n![How a request is registered](film.webm)\n",
		"content/rti/30-check.quiz.yaml": "title: Check\nquestions:\n- id: days\n  ask: Within how many days?\n  right: Thirty\n  wrong: [Fifteen, Sixty]\n- id: who\n  ask: Who replies?\n  right: The officer\n  wrong: [The court, Nobody]\n",
		"content/rti/form.png":           picture(t, 1),
		"content/rti/film.webm":          noise(300_000, 2),
		"content/rti/film.vtt":           "WEBVTT\n\n00:00.000 --> 00:02.000\nA request is registered.\n",
		"content/other/index.md":         "---\ntitle: Another course\n---\n\nNot kept.\n",
		"content/other/10-else.md":       "---\ntitle: Something else\nid: else\n---\n\n## Else\n\nNot kept.\n",
	}
	for name, text := range change {
		files[name] = text
	}
	for name, text := range files {
		if text == "" {
			delete(files, name)
		}
	}
	s := buildSite(t, files)
	h.with(func() { h.dir = s.Dir })
	return s
}

func noise(n int, seed uint64) string {
	r := rand.New(rand.NewPCG(seed, 1))
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return string(b)
}

func picture(t *testing.T, seed uint64) string {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 1))
	m := image.NewGray(image.Rect(0, 0, 60, 40))
	for i := range m.Pix {
		m.Pix[i] = color.Gray{Y: byte(r.Uint32())}.Y
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// listOf reads what the build says of the course.
func listOf(t *testing.T, s *Site, name string) (release string, files map[string]int64) {
	t.Helper()
	var list struct {
		Release string
		Files   [][3]any
	}
	b, err := os.ReadFile(s.file("assets/offline/" + name + ".json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &list); err != nil {
		t.Fatal(err)
	}
	files = map[string]int64{}
	for _, f := range list.Files {
		files[f[0].(string)] = int64(f[1].(float64))
	}
	return list.Release, files
}

const (
	keeper   = `document.querySelector(".offline")`
	isKept   = keeper + `.textContent.includes("This course is kept on this device")`
	bySumIn  = `(async () => { let n = 0; for (const name of await caches.keys()) n += (await (await caches.open(name)).keys()).filter(r => r.url.includes("/file/")).length; return n })()`
	noWorker = `(` + workerIs + `.then(s => window.scopes = s), window.scopes === "")`
	workerIs = `(async () => { const all = await navigator.serviceWorker.getRegistrations(); return all.map(r => new URL(r.scope).pathname).join(" ") })()`
)

// offer opens the control of a course's page and waits until it says how large the course is.
func offer(p *browser.Page, h *host) {
	p.Goto(h.root + "rti/index.html")
	p.WaitFor(keeper+`?.classList.contains("ready")`, patience)
	p.Click(".offline summary")
	p.WaitFor(keeper+`.querySelector(".offline-actions button")`, patience)
}

// press clicks the button of the control that begins with these words.
func press(p *browser.Page, words string) {
	button := fmt.Sprintf(`[...document.querySelectorAll(".offline button")].find(b => b.textContent.startsWith(%q))`, words)
	p.WaitFor(button, patience)
	p.Eval(button+`.click()`, nil)
}

// reopen opens a page until it is as wanted. Once is not enough on a machine that stands still for some seconds: a network
// that does not answer in time gives way to what is kept, and is left alone for half a minute.
func reopen(t *testing.T, p *browser.Page, address, condition string) {
	t.Helper()
	for end := time.Now().Add(2 * patience); ; {
		p.Goto(address)
		if p.Becomes(condition, patience/9) {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("%s, opened again and again, does not become so: %s", address, condition)
		}
	}
}

func keepAll(p *browser.Page, h *host) {
	offer(p, h)
	press(p, "Keep all")
	p.WaitFor(isKept, patience)
}

// keepHindi keeps the course in its other language, which is a course of its own.
func keepHindi(p *browser.Page, h *host) {
	p.Goto(h.root + "hi/rti/index.html")
	p.WaitFor(keeper+`?.classList.contains("ready")`, patience)
	p.Click(".offline summary")
	press(p, "पूरा रखें")
	p.WaitFor(keeper+`.textContent.includes("यह पाठ्यक्रम इस डिवाइस पर रखा है")`, patience)
}
