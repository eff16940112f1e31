package preview

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sopan.dev/sopan/internal/browser"
)

const waits = patienceOfTests

// strictPage is a page under the policy that built pages have, long enough to
// scroll, its line `edit` differing from version to version.
func strictPage(edit string) string {
	var b strings.Builder
	b.WriteString(`<!doctype html><html lang="hi"><head><meta charset="utf-8"><title>t</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'">
</head><body><main><p id="edit">` + edit + "</p>\n<details id=\"d\"><summary>more</summary><p>inside</p></details>\n")
	for i := range 60 {
		fmt.Fprintf(&b, "<h2 id=\"h%d\">Part %d</h2><p>%s</p>\n", i, i, strings.Repeat("words ", 60))
	}
	return b.String() + "</main></body></html>"
}

const shadow = `document.querySelector("#sopan-preview").shadowRoot`

func (l *live) address(path string) string { return strings.TrimSuffix(l.s.URL(), "/") + path }

func TestTheOpenPageReloadsAndKeepsItsPlace(t *testing.T) {
	l := run(t, map[string]string{"index.html": strictPage("one")}, Options{})
	p := browser.Open(t)
	p.Goto(l.address("/"))
	p.WaitFor(`document.querySelector("#sopan-preview")`, waits)
	p.Eval(`document.querySelector("#d").open = true, document.querySelector("#h40").scrollIntoView(), scrollBy(0, 37)`, nil)
	var before, after float64
	p.Eval(`document.querySelector("#h40").getBoundingClientRect().top`, &before)
	// The edit puts a screen of text above the place.
	l.save("index.html", strictPage("two"+strings.Repeat("<br>new line", 40)))
	p.WaitFor(`document.querySelector("#edit").textContent.startsWith("two") && document.querySelector("#sopan-preview")`, waits)
	p.WaitFor(`document.readyState === "complete" && scrollY > 0`, waits)
	if there := fmt.Sprintf(`Math.abs(document.querySelector("#h40").getBoundingClientRect().top - %f) <= 2`, before); !p.Becomes(there, waits) {
		p.Eval(`document.querySelector("#h40").getBoundingClientRect().top`, &after)
		t.Errorf("the heading that was read stood at %v and stands at %v", before, after)
	}
	p.WaitFor(`document.querySelector("#d").open`, waits)
	p.WaitFor(`sessionStorage.length === 0`, waits)
}

func TestFault32TheOverlayComesAndGoes(t *testing.T) {
	good := strictPage("good")
	l := run(t, map[string]string{"index.html": good}, Options{})
	p := browser.Open(t)
	p.Goto(l.address("/"))
	p.WaitFor(`document.querySelector("#sopan-preview")`, waits)
	if visible(p, ".panel:not(.records)") {
		t.Error("an overlay lies over a page that is right")
	}
	l.save("lesson.md", "# Title\n\nएक BROKEN <img src=x onerror=alert(1)>\n")
	p.WaitFor(shadow+`.querySelector(".panel:not(.records)").hidden === false`, waits)
	text := shadowText(p, ".panel:not(.records)")
	for _, want := range []string{"1 error: this is the last good page", "lesson.md:3:4", "This is broken.", "Mend it.", "एक BROKEN <img src=x onerror=alert(1)>"} {
		if !strings.Contains(text, want) {
			t.Errorf("the overlay does not show %q; it shows\n%s", want, text)
		}
	}
	if mark := shadowText(p, "mark"); mark != "BROKEN" {
		t.Errorf("marked is %q, want BROKEN", mark)
	}
	if name := attribute(p, ".panel:not(.records)", "aria-label"); !strings.Contains(name, "1 error") || attribute(p, ".panel:not(.records)", "role") != "dialog" {
		t.Errorf("to a screen reader the overlay is %q", name)
	}
	if said := shadowText(p, "[role=alert]"); !strings.Contains(said, "1 error") {
		t.Errorf("a screen reader is told %q", said)
	}
	if got := p.Text("#edit"); got != "good" {
		t.Errorf("below the overlay is %q, want the last good page", got)
	}
	if shot := os.Getenv("SOPAN_SHOTS"); shot != "" {
		p.Screenshot(filepath.Join(shot, "overlay.png"))
	}
	quietPage(t, p)
	// Put aside by key and called back by its button.
	p.Eval(shadow+`.querySelector(".panel:not(.records) button").focus()`, nil)
	p.Press("Escape")
	p.WaitFor(shadow+`.querySelector(".panel:not(.records)").hidden`, waits)
	p.Eval(shadow+`.querySelector(".corner button").click()`, nil)
	p.WaitFor(shadow+`.querySelector(".panel:not(.records)").hidden === false`, waits)
	// A reader who comes now sees it too.
	q := browser.Open(t)
	q.Goto(l.address("/"))
	q.WaitFor(shadow+`.querySelector(".panel:not(.records)").hidden === false`, waits)
	if err := os.Remove(filepath.Join(l.dir, "lesson.md")); err != nil {
		t.Fatal(err)
	}
	for _, page := range []*browser.Page{p, q} {
		page.WaitFor(shadow+`.querySelector(".panel:not(.records)").hidden && `+shadow+`.querySelector(".corner button").hidden`, waits)
	}
}

func TestFault32WithoutAGoodPageTheErrorPageTurnsIntoThePage(t *testing.T) {
	l := run(t, map[string]string{"index.html": "BROKEN <script>alert(1)</script>"}, Options{})
	p := browser.Open(t)
	p.Goto(l.address("/"))
	if text := p.Text("main"); !strings.Contains(text, "index.html:1:1") || !strings.Contains(text, "This is broken.") || !strings.Contains(text, "<script>alert(1)</script>") {
		t.Errorf("the error page reads\n%s", text)
	}
	if shot := os.Getenv("SOPAN_SHOTS"); shot != "" {
		p.Screenshot(filepath.Join(shot, "error-page.png"))
	}
	p.WaitFor(`document.querySelector("#sopan-preview")`, waits)
	l.save("index.html", "still\nBROKEN")
	p.WaitFor(`document.querySelector("main").innerText.includes("index.html:2:1")`, waits)
	l.save("index.html", strictPage("mended"))
	p.WaitFor(`document.querySelector("#edit")?.textContent === "mended"`, waits)
}

func TestAPageThatIsNotThereYetAppears(t *testing.T) {
	l := run(t, map[string]string{"index.html": "x"}, Options{})
	p := browser.Open(t)
	p.Goto(l.address("/lesson.html"))
	p.WaitFor(`document.querySelector("#sopan-preview")`, waits)
	l.save("lesson.html", strictPage("written"))
	p.WaitFor(`document.querySelector("#edit")?.textContent === "written"`, waits)
}

func TestTheRecordsPanelShowsEachStatement(t *testing.T) {
	l := run(t, map[string]string{"index.html": strictPage("x")}, Options{})
	p := browser.Open(t)
	p.Goto(l.address("/"))
	button := shadow + `.querySelectorAll(".corner button")[1]`
	p.WaitFor(`document.querySelector("#sopan-preview") && `+button+`.textContent === "Records (0)"`, waits)
	send := func(id, name string) {
		t.Helper()
		s := map[string]any{
			"id": id, "actor": map[string]any{"account": map[string]string{"homePage": "https://sopan.dev/learner", "name": "x"}},
			"verb":   map[string]any{"id": "http://adlnet.gov/expapi/verbs/answered", "display": map[string]string{"en": "answered"}},
			"object": map[string]any{"id": "https://example.in/q1", "definition": map[string]any{"name": map[string]string{"en": name}}},
			"result": map[string]any{"success": true, "response": "b", "score": map[string]any{"scaled": 0.5}},
		}
		body, _ := json.Marshal(s)
		var status int
		p.EvalAsync(fmt.Sprintf(`fetch(%q, {method: "POST", headers: {"Content-Type": "application/json"}, body: %q}).then((r) => r.status)`,
			RecordsEndpoint+"statements", string(body)), &status)
		if status != 200 {
			t.Fatalf("sending a statement: %d", status)
		}
	}
	send("11111111-1111-4111-8111-111111111111", "First <b>question</b>")
	p.WaitFor(button+`.textContent === "Records (1)"`, waits)
	p.Eval(button+`.click()`, nil)
	p.WaitFor(shadow+`.querySelector(".records li")`, waits)
	if got := shadowText(p, ".records li summary"); got != "answered · First <b>question</b> · right, score 50 %, response b" {
		t.Errorf("a record reads %q", got)
	}
	if got := attribute(p, ".corner button:nth-child(2)", "aria-expanded"); got != "true" {
		t.Errorf("the button says aria-expanded=%s", got)
	}
	p.Eval(shadow+`.querySelector(".records details").open = true`, nil)
	if got := shadowText(p, ".records li pre"); !strings.Contains(got, `"scaled": 0.5`) {
		t.Errorf("the JSON reads %q", got)
	}
	send("22222222-2222-4222-8222-222222222222", "Second")
	p.WaitFor(shadow+`.querySelectorAll(".records li").length === 2`, waits)
	if got := shadowText(p, ".records li summary"); !strings.Contains(got, "Second") {
		t.Errorf("the newest is not first: %q", got)
	}
	p.WaitFor(shadow+`.querySelectorAll(".records details")[1].open`, waits) // what was opened stays open
	if shot := os.Getenv("SOPAN_SHOTS"); shot != "" {
		p.Screenshot(filepath.Join(shot, "records.png"))
	}
	p.Eval(shadow+`.querySelector(".records button").focus()`, nil)
	p.Press("Escape")
	p.WaitFor(shadow+`.querySelector(".records").hidden`, waits)
	quietPage(t, p)
}

func TestFault37TheCookieOpensThePreviewInABrowser(t *testing.T) {
	l := run(t, map[string]string{"index.html": strictPage("one")}, Options{LAN: true, Token: NewToken()})
	p := browser.Open(t)
	p.Goto(l.address("/?token=" + l.s.door.token))
	p.WaitFor(`document.querySelector("#sopan-preview")`, waits)
	if at := p.URL(); strings.Contains(at, "token") {
		t.Errorf("the address bar shows %s", at)
	}
	var cookie string
	p.Eval(`document.cookie`, &cookie)
	if cookie != "" {
		t.Errorf("the page's scripts can read %q", cookie)
	}
	l.save("index.html", strictPage("two"))
	p.WaitFor(`document.querySelector("#edit").textContent === "two"`, waits)
}

func TestAPreviewThatWasStoppedAndStartedAgainReloadsThePage(t *testing.T) {
	dir := t.TempDir()
	first := run(t, nil, Options{Dir: dir, Build: copySite(dir), Addr: lastingAddress(t)})
	if err := os.WriteFile(filepath.Join(dir, "index.html"), []byte(strictPage("first")), 0o644); err != nil {
		t.Fatal(err)
	}
	events := first.listen()
	first.until(events, "/", has("first"))
	p := browser.Open(t)
	p.Goto(first.address("/"))
	p.WaitFor(`document.querySelector("#sopan-preview")`, waits)
	at := first.s.listener.Addr().String()
	first.stop()
	if err := os.WriteFile(filepath.Join(dir, "index.html"), []byte(strictPage("second")), 0o644); err != nil {
		t.Fatal(err)
	}
	second := run(t, nil, Options{Dir: dir, Build: copySite(dir), Addr: at})
	if second.s.listener.Addr().String() != at {
		t.Fatalf("the second preview is at %s, not at %s", second.s.listener.Addr(), at)
	}
	p.WaitFor(`document.querySelector("#edit").textContent === "second"`, waits)
}

// lastingAddress is an address to come back to. Its port is none of those that the system gives out by itself: such a one
// could be somebody else's meanwhile.
func lastingAddress(t *testing.T) string {
	t.Helper()
	for range 100 {
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", 20_000+rand.IntN(12_000)))
		if err == nil {
			defer l.Close()
			return l.Addr().String()
		}
	}
	t.Fatal("no port is free between 20,000 and 32,000")
	return ""
}

// quietPage makes sure that the preview's script broke none of the page's own
// rules on its way.
func quietPage(t *testing.T, p *browser.Page) {
	t.Helper()
	for _, v := range p.CSPViolations() {
		t.Errorf("against the page's policy: %s", v)
	}
	for _, e := range p.ConsoleErrors() {
		t.Errorf("in the console: %s", e)
	}
}

func visible(p *browser.Page, selector string) bool {
	var is bool
	p.Eval(fmt.Sprintf(`!%s.querySelector(%q).hidden`, shadow, selector), &is)
	return is
}

func shadowText(p *browser.Page, selector string) string {
	var s string
	p.Eval(fmt.Sprintf(`(%s.querySelector(%q)?.innerText ?? "nothing there")`, shadow, selector), &s)
	return s
}

func attribute(p *browser.Page, selector, name string) string {
	var s string
	p.Eval(fmt.Sprintf(`(%s.querySelector(%q)?.getAttribute(%q) ?? "nothing there")`, shadow, selector, name), &s)
	return s
}
