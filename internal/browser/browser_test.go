package browser

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// site serves one page with a body, under a strict policy when csp is set.
func site(t *testing.T, csp, body string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			http.NotFound(w, r)
			return
		}
		if csp != "" {
			w.Header().Set("Content-Security-Policy", csp)
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, `<!doctype html><html lang="en"><title>t</title><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">%s`, body)
	}))
	t.Cleanup(server.Close)
	return server.URL + "/"
}

func TestEachPageHasItsOwnStorageAndATabSharesIt(t *testing.T) {
	origin := BlankSite(t)
	one, two := Open(t), Open(t)
	one.Goto(origin)
	one.Eval(`localStorage.setItem("kept", "yes")`, nil)
	two.Goto(origin)
	var kept *string
	two.Eval(`localStorage.getItem("kept")`, &kept)
	if kept != nil {
		t.Errorf("a second page sees the storage of the first: %q", *kept)
	}
	tab := one.NewTab()
	one.Crash() // the storage outlives the tab that wrote it
	tab.Goto(origin)
	tab.Eval(`localStorage.getItem("kept")`, &kept)
	if kept == nil || *kept != "yes" {
		t.Errorf("a new tab does not see the storage of its neighbour: %v", kept)
	}
}

func TestClickPressAndTypeActAsAPerson(t *testing.T) {
	p := Open(t)
	p.Goto(site(t, "", `<p style="height:3000px"></p><input id=in><button id=b onclick="this.textContent=document.querySelector('#in').value">Go</button>
		<label>box <input type=checkbox id=c></label>`))
	p.Type("#in", "सोपान")
	p.Press("!", "Tab")
	p.Press("Enter")
	if got := p.Text("#b"); got != "सोपान!" {
		t.Errorf("the button reads %q", got)
	}
	p.Press("Tab", "Space")
	p.WaitFor(`document.querySelector("#c").checked`, patience)
	p.Press("Shift+Tab", "Shift+Tab")
	p.WaitFor(`document.activeElement.id === "in"`, patience)
	p.Press("Control+a", "x")
	p.Click("#b")
	if got := p.Text("#b"); got != "x" {
		t.Errorf("after typing over all of it the button reads %q", got)
	}
}

func TestWhatAPageDoesWrongIsSeen(t *testing.T) {
	p := Open(t)
	p.Goto(site(t, "default-src 'self'; script-src 'self' 'nonce-a'; img-src 'self' data:", `<script nonce=a>console.error("ours", 3); setTimeout(() => { throw new Error("thrown") })</script>
		<script>document.title = "inline ran"</script><img src="http://foreign.invalid/a.png" alt=""><img src="missing.png" alt="">`))
	p.WaitFor(`true`, patience)
	deadline := time.Now().Add(patience)
	for len(p.CSPViolations()) < 2 && time.Now().Before(deadline) {
		time.Sleep(20 * time.Millisecond)
	}
	all := strings.Join(p.ConsoleErrors(), "\n")
	for _, want := range []string{"ours 3", "thrown", "missing.png"} {
		if !strings.Contains(all, want) {
			t.Errorf("console errors lack %q:\n%s", want, all)
		}
	}
	violations := strings.Join(p.CSPViolations(), "\n")
	for _, want := range []string{"script-src", "img-src"} {
		if !strings.Contains(violations, want) {
			t.Errorf("policy violations lack %q:\n%s", want, violations)
		}
	}
	var missing bool
	for _, r := range p.Requests() {
		missing = missing || strings.HasSuffix(r.URL, "/missing.png") && r.Status == 404 && r.Type == "Image"
	}
	if !missing {
		t.Errorf("requests lack the missing picture: %+v", p.Requests())
	}
	p.Forget()
	if n := len(p.ConsoleErrors()) + len(p.CSPViolations()) + len(p.Requests()); n != 0 {
		t.Errorf("after Forget %d things are remembered", n)
	}
}

func TestTheDeviceIsEmulated(t *testing.T) {
	p := Open(t)
	p.SetViewport(360, 640, true)
	p.SetMedia(Media{Dark: true, ReducedMotion: true})
	origin := site(t, "", `<noscript><p id=no>no script</p></noscript><p id=out></p><script>document.querySelector("#out").textContent = "script"</script>`)
	p.Goto(origin)
	var device struct {
		Width               int
		Dark, Still, Online bool
	}
	ask := `({Width: innerWidth, Dark: matchMedia("(prefers-color-scheme: dark)").matches, Still: matchMedia("(prefers-reduced-motion)").matches, Online: navigator.onLine})`
	p.Eval(ask, &device)
	if device.Width != 360 || !device.Dark || !device.Still || !device.Online {
		t.Errorf("the device is %+v", device)
	}
	p.Offline(true)
	var reached bool
	p.EvalAsync(`fetch("/").then(() => true, () => false)`, &reached)
	p.Eval(ask, &device)
	if reached || device.Online {
		t.Errorf("offline: reached %v, navigator.onLine %v", reached, device.Online)
	}
	p.Offline(false)
	p.EvalAsync(`fetch("/").then(() => true, () => false)`, &reached)
	p.Eval(ask, &device)
	if !reached || !device.Online {
		t.Errorf("online again: reached %v, navigator.onLine %v", reached, device.Online)
	}
	p.SetScript(false)
	p.Goto(origin)
	if p.Count("#no") != 1 || p.Text("#out") != "" {
		t.Errorf("without script: noscript elements %d, text %q", p.Count("#no"), p.Text("#out"))
	}
}

func TestRunScriptGivesWhatResultComesTo(t *testing.T) {
	raw := RunScript(t, `(() => { window.result = new Promise((done, fail) => {
		const r = indexedDB.open("x"); r.onerror = () => fail(r.error); r.onsuccess = () => done({db: r.result.name, uuid: crypto.randomUUID().length});
	}) })()`)
	var got struct {
		DB   string
		UUID int
	}
	if err := json.Unmarshal(raw, &got); err != nil || got.DB != "x" || got.UUID != 36 {
		t.Errorf("got %s, %v", raw, err)
	}
}

func TestAFileOpensFromDisk(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "पाठ one#1")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "a b.html")
	if err := os.WriteFile(path, []byte(`<!doctype html><title>t</title><h1>From disk</h1><a href="a%20b.html#x">on</a>`), 0o644); err != nil {
		t.Fatal(err)
	}
	p := Open(t)
	p.Goto(FileURL(path))
	if got := p.Text("h1"); got != "From disk" {
		t.Errorf("read %q", got)
	}
	p.Follow("a")
	if !strings.HasSuffix(p.URL(), "#x") {
		t.Errorf("the link led to %s", p.URL())
	}
	shot := filepath.Join(dir, "shot.png")
	p.ScreenshotFull(shot)
	if info, err := os.Stat(shot); err != nil || info.Size() < 100 {
		t.Errorf("no picture: %v", err)
	}
}

// failing stands in for a test, so that a test can see another one fail.
type failing struct {
	*testing.T
	message string
}

func (f *failing) Fatalf(format string, args ...any) {
	f.message = fmt.Sprintf(format, args...)
	panic(f)
}

func failure(t *testing.T, act func(T)) (message string) {
	t.Helper()
	f := &failing{T: t}
	defer func() {
		if r := recover(); r != nil && r != any(f) {
			panic(r)
		}
		message = f.message
	}()
	act(f)
	return
}

func TestAStepThatCannotBeDoneFailsTheTestAndSaysWhy(t *testing.T) {
	origin := site(t, "", `<button id=under>under</button><div style="position:fixed;inset:0;background:red" id=over></div><script>console.error("a hint")</script>`)
	for name, c := range map[string]struct {
		act  func(*Page)
		want string
	}{
		"covered":    {func(p *Page) { p.Click("#under") }, "over it lies <div"},
		"never true": {func(p *Page) { p.WaitFor("window.never", 50*time.Millisecond) }, "window.never"},
		"throws":     {func(p *Page) { p.Eval("nowhere.x", nil) }, "nowhere is not defined"},
		"no key":     {func(p *Page) { p.Press("Hyper+Q7") }, `no key is called "Hyper+Q7"`},
		"no page":    {func(p *Page) { p.Goto("http://127.0.0.1:1/") }, "ERR_"},
		"no result":  {func(p *Page) { p.RunScript("1") }, "has not set window.result"},
	} {
		t.Run(name, func(t *testing.T) {
			got := failure(t, func(f T) {
				p := Open(f)
				p.Goto(origin)
				c.act(p)
			})
			if !strings.Contains(got, c.want) {
				t.Errorf("the failure reads %q, not %q", got, c.want)
			}
		})
	}
}

func TestWithoutABrowserTheMessageSaysHowToGetOne(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	t.Setenv("SOPAN_CHROMIUM", "")
	if _, err := find(nil); err == nil || !strings.Contains(err.Error(), "apt-get install chromium") {
		t.Errorf("the message is %v", err)
	}
	t.Setenv("SOPAN_CHROMIUM", "/no/such/chromium")
	if _, err := find(nil); err == nil || !strings.Contains(err.Error(), "/no/such/chromium") {
		t.Errorf("a wrong SOPAN_CHROMIUM gives %v", err)
	}
}
