package simulate

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"sopan.dev/sopan/builder/course"
	"sopan.dev/sopan/internal/browser"
)

//go:embed page.js
var pageScript string

// patience is how long a page may take to do what a learner waits for. It is far above what it needs: machines are shared.
const patience = 60 * time.Second

// visit is a learner in the course: their tabs, and where they are.
type visit struct {
	owner    *owner
	course   Course
	learner  Learner
	platform platform
	lang     string
	tabs     map[int]*browser.Page
	front    int // number of the tab that the learner looks at
	away     bool
	offline  bool
}

func (v *visit) tab() *browser.Page {
	if v.platform.oneWindow() {
		return v.tabs[1]
	}
	return v.tabs[v.front]
}

// change brings a tab to the front; it is opened when it is new.
func (v *visit) change(n int) {
	before := v.tab()
	switch {
	case n == v.front:
		return
	case before == nil:
		v.front, v.tabs[n] = n, browser.Open(v.owner)
	case v.platform.oneWindow():
		v.front = n
		v.leave()
		v.comeBack()
		return
	default:
		v.front = n
		if v.tabs[n] != nil {
			return
		}
		v.tabs[n] = before.NewTab()
	}
	v.platform.begin(v.tab())
	v.comeBack()
}

// comeBack opens the course as its platform does.
func (v *visit) comeBack() {
	url, err := v.platform.url()
	if err != nil {
		v.owner.Fatalf("%v", err)
	}
	v.tab().Goto(url)
	v.away = false
	v.arrived("")
}

// leave takes the course out of the tab.
func (v *visit) leave() {
	if v.away {
		return
	}
	v.settle()
	v.tab().Goto("about:blank")
	v.away = true
	// Whoever reads what the platform has is no learner, and has a network.
	if offline := v.offline; offline {
		v.cut(false)
		defer v.cut(true)
	}
	if err := v.platform.left(v.tab()); err != nil {
		v.owner.Fatalf("%v", err)
	}
}

// settle waits until all is kept, and sent where there is a line: which session of an LMS a record belongs to, and what a
// page that is left still sends, must not hang on a clock.
func (v *visit) settle() {
	if v.offline {
		v.run("saved")
	} else {
		v.run("sent")
	}
}

func (v *visit) reload() {
	v.settle()
	v.tab().Reload()
	v.arrived("")
}

func (v *visit) cut(offline bool) {
	for _, t := range v.tabs {
		t.Offline(offline)
	}
	v.offline = offline
}

// open goes to an item's page.
func (v *visit) open(i *course.Item) {
	v.goTo(v.course.Site.ItemVersion(v.same(i), v.lang).Address)
}

// goTo goes to a page, where the learner is not there.
func (v *visit) goTo(address string) {
	if v.away {
		v.comeBack()
	}
	var there bool
	v.tab().Eval(v.call("at", address), &there)
	if there {
		return
	}
	v.tab().Eval(v.call("goTo", address), nil)
	v.arrived(address)
}

// same finds an item in the package's own site, which was read anew.
func (v *visit) same(i *course.Item) *course.Item {
	for _, own := range v.course.Course.Items() {
		if own.Key == i.Key {
			return own
		}
	}
	v.owner.Fatalf("the package has no %s", i.Key)
	return nil
}

func (v *visit) switchTo(lang string) {
	v.run("saved")
	v.tab().Eval(v.call("switchTo", lang), nil)
	v.lang = lang
	v.arrived("")
}

// lost tells whether the browser shows that a page could not be loaded, in the tab or in a frame: nobody can look into that.
const lost = `(function lost(w) {
	try { return w.location.protocol === "chrome-error:" || [...w.document.querySelectorAll("iframe")].some((f) => lost(f.contentWindow)); }
	catch (error) { return error.name === "SecurityError"; }
})(window)`

// arrived waits until a page stands there with all its scripts.
func (v *visit) arrived(address string) {
	condition := v.call("at", address)
	if v.offline {
		condition = lost + " || " + condition
	}
	came := v.tab().Becomes(condition, patience)
	gone := false
	if v.offline {
		v.tab().Eval(lost, &gone)
	}
	if came && !gone {
		return
	}
	what := "the page " + address
	if address == "" {
		what = "the page"
	}
	if v.offline {
		v.owner.Fatalf("%s is not on the device, and there is no network.\n  Let the learner open it before `go: offline` (`begin:` opens a page and does nothing there), or write `go: online` before this step", what)
	}
	v.owner.Fatalf("%s does not come within %v%s", what, patience, heard(v.tab()))
}

// heard is what the page has complained of.
func heard(tab *browser.Page) string {
	all := ""
	for _, e := range tab.ConsoleErrors() {
		all += "\n  console: " + e
	}
	return all
}

// run calls a function of page.js and waits until it is done.
func (v *visit) run(name string, args ...any) {
	tab := v.tab()
	tab.Eval(`window.stepDone = undefined; Promise.resolve(`+v.call(name, args...)+`).then(() => window.stepDone = "", (e) => window.stepDone = String(e && e.message || e)), undefined`, nil)
	if !tab.Becomes(`window.stepDone !== undefined`, 4*patience) {
		v.owner.Fatalf("the page is not done with it after %v%s", 4*patience, heard(tab))
	}
	var refused string
	tab.Eval(`window.stepDone`, &refused)
	if refused != "" {
		v.owner.Fatalf("%s", refused)
	}
}

func (v *visit) call(name string, args ...any) string {
	list := ""
	for i, a := range args {
		b, err := json.Marshal(a)
		if err != nil {
			panic(err) // texts, and lists of them
		}
		if i > 0 {
			list += ", "
		}
		list += string(b)
	}
	return fmt.Sprintf("(%s).%s(%s)", pageScript, name, list)
}

// end leaves the course in all tabs, once nothing waits to be sent.
func (v *visit) end() {
	v.cut(false)
	for _, n := range slices.Sorted(maps.Keys(v.tabs)) {
		v.front = n
		v.leave()
		v.away = false // the next tab is not
	}
}
