package acceptance

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strconv"
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
	anyMore  = 90 * time.Second
	bySumIn  = `(async () => { let n = 0; for (const name of await caches.keys()) n += (await (await caches.open(name)).keys()).filter(r => r.url.includes("/file/")).length; return n })()`
	workerIs = `(async () => { const all = await navigator.serviceWorker.getRegistrations(); return all.map(r => new URL(r.scope).pathname).join(" ") })()`
)

// offer opens the control of a course's page and waits until it says how large the course is.
func offer(p *browser.Page, h *host) {
	p.Goto(h.root + "rti/index.html")
	p.WaitFor(keeper+`?.classList.contains("ready")`, anyMore)
	p.Click(".offline summary")
	p.WaitFor(keeper+`.querySelector(".offline-actions button")`, anyMore)
}

// press clicks the button of the control that begins with these words.
func press(p *browser.Page, words string) {
	button := fmt.Sprintf(`[...document.querySelectorAll(".offline button")].find(b => b.textContent.startsWith(%q))`, words)
	p.WaitFor(button, anyMore)
	p.Eval(button+`.click()`, nil)
}

// TestTheOfferToKeepACourseIsAccessible: the control when it is open, before and after the course is kept, in light and dark.
func TestTheOfferToKeepACourseIsAccessible(t *testing.T) {
	h := newHost(t)
	h.publish(t, nil)
	script := axe(t)
	p := browser.Open(t)
	p.SetViewport(360, 640, true)
	judge := func(when string) {
		var told tally
		p.SetMedia(browser.Media{ReducedMotion: true})
		axeFinds(t, p, script, everyRule, when+" (light)", &told)
		p.SetMedia(browser.Media{ReducedMotion: true, Dark: true})
		axeFinds(t, p, script, colourRule, when+" (dark)", &told)
	}
	offer(p, h)
	judge("offered")
	press(p, "Keep all")
	p.WaitFor(isKept, anyMore)
	judge("kept")
	h.with(func() { h.down = true })
	p.Goto(h.root + "other/else.html")
	judge("not kept, without a network")
}

func keepAll(p *browser.Page, h *host) {
	offer(p, h)
	press(p, "Keep all")
	p.WaitFor(isKept, anyMore)
}

func TestACourseThatIsKeptIsStudiedWithoutANetworkAndItsRecordsArrive(t *testing.T) {
	h := newHost(t)
	s := h.publish(t, nil)
	_, files := listOf(t, s, "rti.en")
	p := browser.Open(t)
	p.SetViewport(360, 640, true)
	p.Goto(h.root + "rti/index.html")
	p.WaitFor(keeper+`?.classList.contains("ready")`, anyMore)
	var workers string
	if p.EvalAsync(workerIs, &workers); workers != "" {
		t.Errorf("a worker was set up unasked: %s", workers)
	}
	h.with(func() {
		for _, name := range h.asked {
			if name == "sw.js" || strings.HasPrefix(name, "assets/offline/") {
				t.Errorf("%s was fetched unasked", name)
			}
		}
	})
	// The size is said before anything is fetched.
	p.Focus(".offline summary")
	p.Press("Enter")
	p.WaitFor(keeper+`.querySelector(".offline-actions button")`, anyMore)
	sum := int64(0)
	for _, size := range files {
		sum += size
	}
	pages := 0
	for name := range files {
		if strings.HasSuffix(name, ".html") {
			pages++
		}
	}
	said := p.Text(".offline")
	for _, want := range []string{fmt.Sprintf("%d KB in all: %d pages, 1 picture or other file, 1 film or recording (300 KB)", (sum+999)/1000, pages), "Keep all: ", "Keep it without films: "} {
		if !strings.Contains(said, want) {
			t.Errorf("the offer lacks %q:\n%s", want, said)
		}
	}
	var wide bool
	if p.Eval(`document.documentElement.scrollWidth > innerWidth`, &wide); wide {
		t.Error("the offer is wider than a phone")
	}
	p.Press("Tab", "Enter")
	p.WaitFor(isKept, anyMore)
	p.WaitFor(`document.activeElement.closest(".offline")`, anyMore)
	if p.EvalAsync(workerIs, &workers); workers != "/courses/" {
		t.Errorf("workers answer for %q", workers)
	}
	for _, v := range p.CSPViolations() {
		t.Errorf("against the page's policy: %s", v)
	}
	for _, e := range p.ConsoleErrors() {
		t.Errorf("in the console: %s", e)
	}

	h.with(func() { h.down = true })
	for name := range files {
		if !strings.HasSuffix(name, ".html") {
			continue
		}
		p.Goto(h.root + name)
		p.WaitFor(`(window.sopan || document.documentElement.dataset.page === "unkept") && document.querySelector(".records-line, main h1")`, anyMore)
		var whole bool
		p.EvalAsync(`(async () => { for (const i of document.images) await i.decode(); return document.styleSheets.length > 0 && document.querySelectorAll("h1").length === 1 })()`, &whole)
		if !whole {
			t.Errorf("without a network %s is not whole", name)
		}
	}
	p.Goto(h.root + "rti/") // the folder, as a bookmark may have it
	if got := p.Text("h1"); got != "The right to know" {
		t.Errorf("the folder shows %q", got)
	}
	p.Goto(h.root + "rti/check.html")
	p.WaitFor(`document.querySelector(".quiz-end:not([hidden])")`, anyMore)
	for _, q := range []string{"days", "who"} {
		p.Eval(fmt.Sprintf(`[...document.querySelectorAll("#q-%s label")].find(l => /Thirty|The officer/.test(l.textContent)).querySelector("input").click()`, q), nil)
		p.Click("#q-" + q + " .q-check")
	}
	p.Click(".quiz-submit")
	p.WaitFor(`/Passed|100%/.test(document.querySelector(".quiz-result:not([hidden])")?.textContent)`, anyMore)
	p.WaitFor(`/[0-9]+ records? waiting/.test(document.querySelector(".records-line").textContent)`, anyMore)

	h.with(func() { h.down = false })
	p.Goto(h.root + "rti/index.html")
	p.WaitFor(`(line => /Saved on this device/.test(line) && !/waiting|Sending/.test(line))(document.querySelector(".records-line").textContent)`, anyMore)
	h.with(func() {
		if len(h.statements) < 5 {
			t.Errorf("only %d records arrived", len(h.statements))
		}
	})
}

// TestFault57AReleaseThatComesBrokenLeavesTheOldOneInUse: a file is missing, breaks off, or is another one.
func TestFault57AReleaseThatComesBrokenLeavesTheOldOneInUse(t *testing.T) {
	h := newHost(t)
	h.publish(t, nil)
	p := browser.Open(t)
	keepAll(p, h)
	s := h.publish(t, map[string]string{"content/rti/10-days.md": "---\ntitle: Thirty days\nid: days\n---\n\n## What the Act says\n\nThe second release.\n\n![A form on a desk](form.png)\n", "content/rti/form.png": picture(t, 9)})
	_, files := listOf(t, s, "rti.en")
	shown := "" // the name of a picture is the build's
	for name := range files {
		if strings.HasPrefix(name, "rti/form.") {
			shown = name
		}
	}
	// The picture comes last: a page that arrived whole beside it would not be asked for again.
	for _, broken := range []struct {
		name, file string
		spoil      func([]byte) (int, []byte)
	}{
		{"a page that is missing", "rti/days.html", func([]byte) (int, []byte) { return 404, []byte("<h1>Lost</h1>") }},
		{"a page that breaks off", "rti/days.html", func(b []byte) (int, []byte) { return 200, b[:len(b)/2] }},
		{"a page with a banner in it", "rti/days.html", func(b []byte) (int, []byte) { return 200, append(b, "<p>Win a phone</p>"...) }},
		{"another page of its length", "rti/days.html", func(b []byte) (int, []byte) { return 200, bytes.ReplaceAll(b, []byte("second"), []byte("SECOND")) }},
		{"a picture that is another", shown, func(b []byte) (int, []byte) { return 200, make([]byte, len(b)) }},
	} {
		h.with(func() { h.spoil[broken.file] = broken.spoil })
		p.Goto(h.root + "rti/index.html")
		p.WaitFor(keeper+`?.textContent.includes("a new version is there") || `+keeper+`?.textContent.includes("not wholly kept yet")`, anyMore)
		p.Eval(`(b => b.click())([...document.querySelectorAll(".offline button")].find(b => /^(Use the new|Go on)/.test(b.textContent)))`, nil)
		p.WaitFor(keeper+`.textContent.includes("What arrived is not what was published")`, anyMore)
		var got string
		if p.Eval(`document.querySelector(".offline p[role=status]").textContent`, &got); !strings.Contains(got, "still in use") {
			t.Errorf("%s: the page says %q", broken.name, got)
		}
		h.with(func() { h.down = true; delete(h.spoil, broken.file) })
		p.Goto(h.root + "rti/days.html")
		if got := p.Text("main"); !strings.Contains(got, "within thirty days") {
			t.Errorf("%s: without a network the lesson reads %q", broken.name, got)
		}
		var decoded bool
		p.EvalAsync(`document.images[0].decode().then(() => true, () => false)`, &decoded)
		if !decoded {
			t.Errorf("%s: the picture of the old release is gone", broken.name)
		}
		h.with(func() { h.down = false })
	}
	// Once all of it is right it is taken.
	p.Goto(h.root + "rti/index.html")
	press(p, "Go on")
	p.WaitFor(isKept, anyMore)
	h.with(func() { h.down = true })
	p.Goto(h.root + "rti/days.html")
	if got := p.Text("main"); !strings.Contains(got, "The second release.") {
		t.Errorf("the mended release is not in use: %q", got)
	}
}

// TestFault58ATabOfTheOldReleaseGoesOn: a release is taken while a tab of the one before it is open, and then the line is
// cut.
func TestFault58ATabOfTheOldReleaseGoesOn(t *testing.T) {
	h := newHost(t)
	first := h.publish(t, nil)
	p := browser.Open(t)
	keepAll(p, h)
	old := p.NewTab()
	old.Goto(h.root + "rti/check.html")
	old.WaitFor(`document.querySelector(".quiz-end:not([hidden])")`, anyMore)
	result := ""
	for _, name := range first.files(t) {
		if strings.HasPrefix(name, "assets/result.en.") {
			result = name
		}
	}
	// The new release's scripts have other names: what the old tab asks for is nowhere on the server.
	second := h.publish(t, map[string]string{"content/rti/10-days.md": "---\ntitle: Thirty days\nid: days\n---\n\nThe second release.\n"})
	renamed := strings.Replace(result, "result.en.", "result.en.zz", 1)
	rename(t, second, result, renamed)
	relist(t, second, "rti.en")
	p.Goto(h.root + "rti/index.html")
	p.WaitFor(keeper+`?.textContent.includes("a new version is there")`, anyMore)
	// It asks: nothing was taken by itself.
	h.with(func() { h.down = true })
	q := p.NewTab()
	q.Goto(h.root + "rti/days.html")
	if got := q.Text("main"); strings.Contains(got, "The second release.") {
		t.Error("the new release was taken unasked")
	}
	q.Close()
	h.with(func() { h.down = false })
	press(p, "Use the new version")
	p.WaitFor(isKept, anyMore)
	p.Goto(h.root + "rti/index.html") // what is not needed is cleared here
	p.WaitFor(isKept, anyMore)
	h.with(func() { h.down = true })
	old.Eval(`document.querySelectorAll("#q-days input, #q-who input").forEach(i => i.click())`, nil)
	old.Click(".quiz-submit")
	old.WaitFor(`document.querySelector(".quiz-result:not([hidden])")?.textContent.includes("marks")`, anyMore)
	p.Goto(h.root + "rti/days.html")
	if got := p.Text("main"); !strings.Contains(got, "The second release.") {
		t.Errorf("the release that was agreed to is not in use: %q", got)
	}
	// With the old tab closed, nobody needs the old files.
	old.Close()
	h.with(func() { h.down = false })
	var before, after int
	p.EvalAsync(bySumIn, &before)
	p.Goto(h.root + "rti/index.html")
	p.WaitFor(isKept, anyMore)
	p.WaitFor(`(`+bySumIn+`.then(n => window.kept = n), window.kept < `+fmt.Sprint(before)+`)`, anyMore)
	p.EvalAsync(bySumIn, &after)
	_, files := listOf(t, second, "rti.en")
	if after != len(files) {
		t.Errorf("%d files are kept, the release has %d; with the old tab there were %d", after, len(files), before)
	}
}

func rename(t *testing.T, s *Site, from, to string) {
	t.Helper()
	if err := os.Rename(s.file(from), s.file(to)); err != nil {
		t.Fatal(err)
	}
	for _, name := range s.files(t) {
		if ext := path.Ext(name); ext != ".html" && ext != ".json" {
			continue
		}
		b, err := os.ReadFile(s.file(name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(s.file(name), bytes.ReplaceAll(b, []byte(from), []byte(to)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// relist writes a course's list anew for the files as they are.
func relist(t *testing.T, s *Site, name string) {
	t.Helper()
	file := s.file("assets/offline/" + name + ".json")
	var list map[string]any
	b, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(b, &list)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range list["files"].([]any) {
		f := one.([]any)
		content, err := os.ReadFile(s.file(f[0].(string)))
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(content)
		f[1], f[2] = len(content), hex.EncodeToString(sum[:])
	}
	list["release"] = "another"
	if b, err = json.Marshal(list); err == nil {
		err = os.WriteFile(file, b, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestFault59AHalfUploadedReleaseIsNotTaken: the list is up and some of the files are those of the old release, or the
// other way round.
func TestFault59AHalfUploadedReleaseIsNotTaken(t *testing.T) {
	h := newHost(t)
	first := h.publish(t, nil)
	p := browser.Open(t)
	keepAll(p, h)
	second := h.publish(t, map[string]string{"content/rti/10-days.md": "---\ntitle: Thirty days\nid: days\n---\n\nThe second release.\n", "content/rti/20-counter.md": "---\ntitle: At the counter\nid: counter\n---\n\nThe second counter.\n"})
	whole, err := os.ReadFile(second.file("rti/counter.html"))
	if err != nil {
		t.Fatal(err)
	}
	half, err := os.ReadFile(first.file("rti/counter.html"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(second.file("rti/counter.html"), half, 0o644); err != nil {
		t.Fatal(err)
	}
	p.Goto(h.root + "rti/index.html")
	press(p, "Use the new version")
	p.WaitFor(keeper+`.textContent.includes("What arrived is not what was published")`, anyMore)
	h.with(func() { h.down = true })
	p.Goto(h.root + "rti/days.html")
	if got := p.Text("main"); !strings.Contains(got, "within thirty days") {
		t.Errorf("half a release is in use: %q", got)
	}
	h.with(func() { h.down = false })
	if err := os.WriteFile(second.file("rti/counter.html"), whole, 0o644); err != nil {
		t.Fatal(err)
	}
	p.Goto(h.root + "rti/index.html")
	press(p, "Go on")
	p.WaitFor(isKept, anyMore)
	// Files first, the list last: with the list of the release that is kept there is nothing to take.
	h.with(func() { h.dir = first.Dir })
	list, err := os.ReadFile(second.file("assets/offline/rti.en.json"))
	if err != nil {
		t.Fatal(err)
	}
	h.with(func() { h.spoil["assets/offline/rti.en.json"] = func([]byte) (int, []byte) { return 200, list } })
	p.Goto(h.root + "rti/index.html")
	p.WaitFor(isKept, anyMore)
}

// TestFault59AKillReleaseLeavesNothingButTheLearnersWork: `offline: false` removes what was kept and the worker, not the
// outbox.
func TestFault59AKillReleaseLeavesNothingButTheLearnersWork(t *testing.T) {
	h := newHost(t)
	h.publish(t, nil)
	p := browser.Open(t)
	keepAll(p, h)
	p.Eval(`caches.open("another site's").then(c => c.put("/x", new Response("y")))`, nil)
	h.with(func() { h.down = true })
	p.Goto(h.root + "rti/check.html")
	p.WaitFor(`document.querySelector(".quiz-end:not([hidden])")`, anyMore)
	p.Eval(`document.querySelector("#q-days input").click()`, nil)
	p.Click("#q-days .q-check")
	p.WaitFor(`/[0-9]+ records? waiting/.test(document.querySelector(".records-line").textContent)`, anyMore)
	var before, after []map[string]any
	p.EvalAsync(waits, &before)

	off := h.publish(t, map[string]string{"sopan.yaml": "title: Kept\nid: kept\nlanguages: [en, hi]\nrecords: {endpoint: " + h.end + "}\noffline: false\n"})
	if _, err := os.Stat(off.file("assets/offline")); !os.IsNotExist(err) {
		t.Error("a site that keeps nothing lists releases")
	}
	h.with(func() { h.down = false })
	p.Goto(h.root + "rti/index.html")
	p.WaitFor(`(`+workerIs+`.then(s => window.scopes = s), window.scopes === "")`, anyMore)
	p.WaitFor(`(caches.keys().then(k => window.left = k.join(" ")), window.left === "another site's")`, anyMore)
	if n := p.Count(".offline"); n != 0 {
		t.Error("a course is still offered to be kept")
	}
	p.EvalAsync(waits, &after)
	h.with(func() {
		for _, one := range before {
			id := one["id"].(string)
			here := h.statements[id]
			for _, other := range after {
				here = here || other["id"] == id
			}
			if !here {
				t.Errorf("the record %s is neither on the device nor delivered", id)
			}
		}
		if len(before) == 0 {
			t.Error("there was no record to lose")
		}
	})
	p.Goto(h.root + "rti/check.html")
	p.WaitFor(`document.querySelector("#q-days .q-verdict")`, anyMore) // the answer is there
}

// TestFault60AKeptFilmIsSentInParts: what a player asks for, and what it must not get.
func TestFault60AKeptFilmIsSentInParts(t *testing.T) {
	h := newHost(t)
	s := h.publish(t, nil)
	p := browser.Open(t)
	keepAll(p, h)
	h.with(func() { h.down = true })
	p.Goto(h.root + "rti/counter.html")
	film, err := os.ReadFile(s.file("rti/film.webm"))
	if err != nil {
		t.Fatal(err)
	}
	for asked, want := range map[string]struct {
		status   int
		part     string
		from, to int
	}{
		"":                    {200, "", 0, len(film)},
		"bytes=0-":            {206, fmt.Sprintf("bytes 0-%d/%d", len(film)-1, len(film)), 0, len(film)},
		"bytes=10-19":         {206, fmt.Sprintf("bytes 10-19/%d", len(film)), 10, 20},
		"bytes=-5":            {206, fmt.Sprintf("bytes %d-%d/%d", len(film)-5, len(film)-1, len(film)), len(film) - 5, len(film)},
		"bytes=299990-999999": {206, fmt.Sprintf("bytes 299990-%d/%d", len(film)-1, len(film)), 299990, len(film)},
		"bytes=300000-":       {416, fmt.Sprintf("bytes */%d", len(film)), 0, 0},
		"bytes=9-3":           {200, "", 0, len(film)},
		"bytes=0-1,5-9":       {200, "", 0, len(film)},
		"lines=1-2":           {200, "", 0, len(film)},
	} {
		var got struct {
			Status     int
			Part, Type string
			Bytes      []byte
		}
		headers := "{}"
		if asked != "" {
			headers = fmt.Sprintf(`{Range: %q}`, asked)
		}
		p.EvalAsync(`(async () => { const r = await fetch("film.webm", {headers: `+headers+`}); const b = new Uint8Array(await r.arrayBuffer());
			let s = ""; for (let i = 0; i < b.length; i += 8192) s += String.fromCharCode(...b.subarray(i, i + 8192));
			return {Status: r.status, Part: r.headers.get("Content-Range") || "", Type: r.headers.get("Content-Type"), Bytes: btoa(s)} })()`, &got)
		if got.Status != want.status || got.Part != want.part || !bytes.Equal(got.Bytes, film[want.from:want.to]) {
			t.Errorf("Range %q: %d, %q, %d bytes; want %d, %q, %d", asked, got.Status, got.Part, len(got.Bytes), want.status, want.part, want.to-want.from)
		}
		if want.status != 416 && got.Type != "video/webm" {
			t.Errorf("Range %q: the type is %q", asked, got.Type)
		}
	}
	// A player asks in parts by itself.
	var parts bool
	p.EvalAsync(`new Promise(done => { const v = document.createElement("video"); v.onerror = () => done(v.error.code === 4 || v.error.code === 3); v.src = "film.webm"; v.load(); })`, &parts)
	if !parts {
		t.Error("the player could not read the film, which is noise, for another reason than that")
	}
}

// TestFault60WithLittleRoomTheTextComesFirstAndNoRecordGoes: a device with less room than the course needs.
func TestFault60WithLittleRoomTheTextComesFirstAndNoRecordGoes(t *testing.T) {
	h := newHost(t)
	s := h.publish(t, map[string]string{"content/rti/film.webm": noise(3_000_000, 2)})
	_, files := listOf(t, s, "rti.en")
	text := 0.0
	for name, size := range files {
		if path.Ext(name) != ".webm" {
			text += float64(size)
		}
	}
	p := browser.Open(t)
	p.SetQuota(strings.TrimSuffix(h.root, "/courses/"), 5*text)
	// Other browsers than this one say how much it is.
	p.Before(fmt.Sprintf(`navigator.storage.estimate = async () => ({quota: %f, usage: 0})`, 5*text))
	offer(p, h)
	if got := p.Text(".offline"); !strings.Contains(got, "This device has room for about") {
		t.Errorf("the offer does not say that there is too little room: %q", got)
	}
	press(p, "Keep all")
	p.WaitFor(isKept+` && `+keeper+`.textContent.includes("1 film or picture is not kept and needs a network.")`, anyMore)
	h.with(func() { h.down = true })
	for name := range files {
		if strings.HasSuffix(name, ".html") {
			p.Goto(h.root + name)
		}
	}
	p.Goto(h.root + "rti/check.html")
	p.WaitFor(`document.querySelector(".quiz-end:not([hidden])")`, anyMore)
	p.Eval(`document.querySelector("#q-days input").click()`, nil)
	p.Click("#q-days .q-check")
	p.WaitFor(`/^Saved on this device.*[0-9]+ records? waiting/.test(document.querySelector(".records-line").textContent)`, anyMore)
	var before, after []map[string]any
	p.EvalAsync(waits, &before)
	// Now there is no room for anything: what is kept is given up before a record is.
	h.with(func() { h.down = false })
	p.SetQuota(strings.TrimSuffix(h.root, "/courses/"), 1)
	h.publish(t, map[string]string{"content/rti/10-days.md": "---\ntitle: Thirty days\nid: days\n---\n\nThe second release.\n"})
	h.with(func() { h.hold["/xapi/statements"] = make(chan struct{}) })
	p.Goto(h.root + "rti/index.html")
	press(p, "Use the new version")
	p.WaitFor(keeper+`.textContent.includes("not even room for the text")`, anyMore)
	p.EvalAsync(waits, &after)
	if len(before) == 0 || len(after) < len(before) {
		t.Errorf("%d records waited, %d wait", len(before), len(after))
	}
	p.Goto(h.root + "rti/days.html")
	if got := p.Text("main"); !strings.Contains(got, "second release") {
		t.Errorf("with a network the page is the server's: %q", got)
	}
}

// TestAPoorNetworkIsNotWaitedForLong: a line that hangs shows the kept page after some seconds; what is not kept is waited for.
func TestAPoorNetworkIsNotWaitedForLong(t *testing.T) {
	h := newHost(t)
	h.publish(t, nil)
	p := browser.Open(t)
	keepAll(p, h)
	h.with(func() { h.hold["rti/days.html"] = make(chan struct{}) })
	begin := time.Now()
	p.Goto(h.root + "rti/days.html")
	if got, took := p.Text("h1"), time.Since(begin); got != "Thirty days" || took < 3*time.Second {
		t.Errorf("after %v the page is %q", took, got)
	}
	p.Goto(h.root + "other/else.html")
	if got := p.Text("h1"); got != "Something else" {
		t.Errorf("another course's page is %q", got)
	}
}

// TestAPageThatIsNotKeptSaysSoInTheCoursesWords: without a network the browser's own error is nobody's to read. Ours has the
// course's language and look, leads to what is kept, and to the page that was asked for once the network is back.
func TestAPageThatIsNotKeptSaysSoInTheCoursesWords(t *testing.T) {
	h := newHost(t)
	h.publish(t, nil)
	p := browser.Open(t)
	keepAll(p, h)
	p.Goto(h.root + "hi/rti/index.html")
	p.WaitFor(keeper+`?.classList.contains("ready")`, anyMore)
	p.Click(".offline summary")
	press(p, "पूरा रखें")
	p.WaitFor(keeper+`.textContent.includes("यह पाठ्यक्रम इस डिवाइस पर रखा है")`, anyMore)
	h.with(func() { h.down = true })
	for _, c := range []struct{ asked, heading, lang, course string }{
		{"other/else.html?a=1&lt=2#part", "This page needs a network", "en", "rti/index.html"},
		{"hi/other/else.html", "इस पेज के लिए नेटवर्क चाहिए", "hi", "hi/rti/index.html"},
	} {
		p.Goto(h.root + c.asked)
		if got := p.Text("h1"); got != c.heading {
			t.Fatalf("without a network %s is headed %q", c.asked, got)
		}
		var page struct{ Lang, Again, Course, Breaks string }
		p.Eval(`({lang: document.documentElement.lang, again: document.querySelectorAll(".ways a")[0].href, course: document.querySelectorAll(".ways a")[1].href,
			breaks: [...document.styleSheets].some(s => s.cssRules.length > 20) ? "" : "it has no styles"})`, &page)
		again, _, _ := strings.Cut(h.root+c.asked, "#")
		if page.Lang != c.lang || page.Again != again || page.Course != h.root+c.course || page.Breaks != "" {
			t.Errorf("%s shows %+v", c.asked, page)
		}
		p.Click(".ways a")
		p.WaitFor(`document.querySelector("h1")?.textContent === `+strconv.Quote(c.heading), anyMore)
		p.Click(".ways li:last-child a")
		p.WaitFor(`location.href === `+strconv.Quote(h.root+c.course), anyMore)
	}
	p.Goto(h.root + "other/else.html")
	h.with(func() { h.down = false })
	p.Click(".ways a")
	p.WaitFor(`document.querySelector("h1")?.textContent === "Something else"`, anyMore)
	for _, e := range p.ConsoleErrors() {
		if !strings.Contains(e, "503") && !strings.Contains(e, "net::ERR") {
			t.Errorf("in the console: %s", e)
		}
	}
}

func TestWhatIsKeptCanBeRemovedAndTheWorkerGoesWithTheLast(t *testing.T) {
	h := newHost(t)
	h.publish(t, nil)
	p := browser.Open(t)
	p.SetMedia(browser.Media{Dark: true})
	keepAll(p, h)
	// In the other language it is a course of its own.
	p.Goto(h.root + "hi/rti/index.html")
	p.WaitFor(keeper+`?.classList.contains("ready")`, anyMore)
	p.Click(".offline summary")
	press(p, "पूरा रखें")
	p.WaitFor(keeper+`.textContent.includes("यह पाठ्यक्रम इस डिवाइस पर रखा है")`, anyMore)
	press(p, "इस डिवाइस से हटाएँ")
	p.WaitFor(keeper+`.textContent.includes("हटा दिया गया")`, anyMore)
	var workers string
	if p.EvalAsync(workerIs, &workers); workers == "" {
		t.Error("the worker is gone while a course is kept")
	}
	h.with(func() { h.down = true })
	p.Goto(h.root + "rti/days.html")
	h.with(func() { h.down = false })
	p.Goto(h.root + "rti/index.html")
	p.WaitFor(isKept, anyMore)
	p.Click(".offline summary")
	press(p, "Remove from this device")
	p.WaitFor(keeper+`.textContent.includes("Your progress, answers and records are still on this device.")`, anyMore)
	p.WaitFor(`(`+workerIs+`.then(s => window.scopes = s), window.scopes === "")`, anyMore)
	var left int
	if p.EvalAsync(bySumIn, &left); left != 0 {
		t.Errorf("%d files are left", left)
	}
	for _, e := range p.ConsoleErrors() {
		t.Errorf("in the console: %s", e)
	}
}

// TestFromADiskNothingIsOfferedToBeKept: no worker runs there, and nothing complains.
func TestFromADiskNothingIsOfferedToBeKept(t *testing.T) {
	leaveOutWhenShort(t, "a browser")
	s := (&host{end: "https://records.example.in/xapi"}).publish(t, nil)
	p := browser.Open(t)
	p.Goto("file://" + filepath.ToSlash(s.file("rti/index.html")))
	p.WaitFor(`document.querySelector(".records-line").textContent`, anyMore)
	p.WaitFor(`performance.getEntriesByType("resource").some(e => e.name.includes("offline.en.")) || document.scripts.length > 3`, anyMore)
	var seen bool
	if p.Eval(`getComputedStyle(document.querySelector(".offline")).visibility !== "hidden"`, &seen); seen {
		t.Error("what cannot be done is offered")
	}
	for _, e := range p.ConsoleErrors() {
		t.Errorf("in the console: %s", e)
	}
}

// TestThePreviewClearsAwayWhatAnEarlierSiteKept: the port that somebody tried a built site on is the preview's today.
func TestThePreviewClearsAwayWhatAnEarlierSiteKept(t *testing.T) {
	leaveOutWhenShort(t, "a browser")
	bin, err := command()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	files := map[string]string{"sopan.yaml": "title: Kept\nid: kept\n", "content/rti/index.md": "---\ntitle: The right to know\n---\n\nOld words.\n", "content/rti/10-days.md": "---\ntitle: Thirty days\n---\n\nWords.\n"}
	writeFiles(t, dir, files)
	out := filepath.Join(t.TempDir(), "out")
	sopan(t, "build", dir, "--out", out)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	at := listener.Addr().String()
	server := &http.Server{Handler: http.FileServer(http.Dir(out))}
	go func() { _ = server.Serve(listener) }()
	h := &host{root: "http://" + at + "/"}
	p := browser.Open(t)
	keepAll(p, h)
	if err := server.Close(); err != nil {
		t.Fatal(err)
	}
	writeFiles(t, dir, map[string]string{"content/rti/index.md": strings.Replace(files["content/rti/index.md"], "Old", "New", 1)})
	preview := exec.Command(bin, "serve", dir, "--addr", at)
	if err := preview.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = preview.Process.Kill()
		_ = preview.Wait()
	})
	for range 400 {
		if r, err := http.Get("http://" + at + "/rti/index.html"); err == nil {
			r.Body.Close()
			if r.StatusCode == http.StatusOK {
				break
			}
		}
		time.Sleep(100 * time.Millisecond)
	}
	p.Goto(h.root + "rti/index.html")
	if got := p.Text("main"); !strings.Contains(got, "New words.") {
		t.Errorf("the preview shows %q", got)
	}
	p.WaitFor(`(`+workerIs+`.then(s => window.scopes = s), window.scopes === "")`, anyMore)
	p.WaitFor(`(caches.keys().then(k => window.left = k.length), window.left === 0)`, anyMore)
	if n := p.Count(".offline"); n != 0 {
		t.Error("a preview offers to keep the course")
	}
}
