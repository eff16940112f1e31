package acceptance

import (
	"fmt"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"sopan.dev/sopan/internal/browser"
)

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
	p.WaitFor(isKept, patience)
	judge("kept")
	h.with(func() { h.down = true })
	p.Goto(h.root + "other/else.html")
	judge("not kept, without a network")
}

func TestACourseThatIsKeptIsStudiedWithoutANetworkAndItsRecordsArrive(t *testing.T) {
	h := newHost(t)
	s := h.publish(t, nil)
	_, files := listOf(t, s, "rti.en")
	p := browser.Open(t)
	p.SetViewport(360, 640, true)
	p.Goto(h.root + "rti/index.html")
	p.WaitFor(keeper+`?.classList.contains("ready")`, patience)
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
	p.WaitFor(keeper+`.querySelector(".offline-actions button")`, patience)
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
	p.WaitFor(isKept, patience)
	p.WaitFor(`document.activeElement.closest(".offline")`, patience)
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
		p.WaitFor(`(window.sopan || document.documentElement.dataset.page === "unkept") && document.querySelector(".records-line, main h1")`, patience)
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
	p.WaitFor(`document.querySelector(".quiz-end:not([hidden])")`, patience)
	for _, q := range []string{"days", "who"} {
		p.Eval(fmt.Sprintf(`[...document.querySelectorAll("#q-%s label")].find(l => /Thirty|The officer/.test(l.textContent)).querySelector("input").click()`, q), nil)
		p.Click("#q-" + q + " .q-check")
	}
	p.Click(".quiz-submit")
	p.WaitFor(`/Passed|100%/.test(document.querySelector(".quiz-result:not([hidden])")?.textContent)`, patience)
	p.WaitFor(`/[0-9]+ records? waiting/.test(document.querySelector(".records-line").textContent)`, patience)

	h.with(func() { h.down = false })
	p.Goto(h.root + "rti/index.html")
	h.arrived(t, 5)
	p.WaitFor(`(line => /Saved on this device/.test(line) && !/waiting|Sending/.test(line))(document.querySelector(".records-line").textContent)`, patience)
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
	keepHindi(p, h)
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
		p.Eval(`window.here = true`, nil)
		p.Click(".ways a")
		p.WaitFor(`!window.here && document.readyState === "complete" && document.querySelector("h1")?.textContent === `+strconv.Quote(c.heading), patience)
		p.Click(".ways li:last-child a")
		p.WaitFor(`document.readyState === "complete" && location.href === `+strconv.Quote(h.root+c.course), patience)
	}
	p.Goto(h.root + "other/else.html")
	h.with(func() { h.down = false })
	p.Click(".ways a")
	p.WaitFor(`document.querySelector("h1")?.textContent === "Something else"`, patience)
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
	keepHindi(p, h)
	press(p, "इस डिवाइस से हटाएँ")
	p.WaitFor(keeper+`.textContent.includes("हटा दिया गया")`, patience)
	var workers string
	if p.EvalAsync(workerIs, &workers); workers == "" {
		t.Error("the worker is gone while a course is kept")
	}
	h.with(func() { h.down = true })
	p.Goto(h.root + "rti/days.html")
	h.with(func() { h.down = false })
	p.Goto(h.root + "rti/index.html")
	p.WaitFor(isKept, patience)
	p.Click(".offline summary")
	press(p, "Remove from this device")
	p.WaitFor(keeper+`.textContent.includes("Your progress, answers and records are still on this device.")`, patience)
	p.WaitFor(noWorker, patience)
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
	p.WaitFor(`document.querySelector(".records-line").textContent`, patience)
	p.WaitFor(`performance.getEntriesByType("resource").some(e => e.name.includes("offline.en.")) || document.scripts.length > 3`, patience)
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
	at := fmt.Sprintf("127.0.0.1:%d", freePort(t))
	listener, err := net.Listen("tcp", at)
	if err != nil {
		t.Fatal(err)
	}
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
	for end := time.Now().Add(patience); ; time.Sleep(100 * time.Millisecond) {
		r, err := http.Get("http://" + at + "/rti/index.html")
		if err == nil {
			r.Body.Close()
			if r.StatusCode == http.StatusOK {
				break
			}
		}
		if time.Now().After(end) {
			t.Fatalf("the preview does not answer: %v", err)
		}
	}
	reopen(t, p, h.root+"rti/index.html", `document.querySelector("main").textContent.includes("New words.")`)
	p.WaitFor(noWorker, patience)
	p.WaitFor(`(caches.keys().then(k => window.left = k.length), window.left === 0)`, patience)
	if n := p.Count(".offline"); n != 0 {
		t.Error("a preview offers to keep the course")
	}
}
