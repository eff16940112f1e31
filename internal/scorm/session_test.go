package scorm_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"sopan.dev/sopan/builder"
	"sopan.dev/sopan/builder/export"
	"sopan.dev/sopan/internal/browser"
	"sopan.dev/sopan/internal/scorm"
)

var update = flag.Bool("update", false, "write the logs anew")

// small is two lessons, and a quiz with a question of each kind that has a form of its own in SCORM.
var small = fstest.MapFS{
	"sopan.yaml":                      text("title: {en: Small site, hi: छोटी साइट}\nid: https://example.org/small\nlanguages: [en, hi]\n"),
	"content/small/index.md":          text("---\ntitle: A small course\nsummary: For a platform to launch.\ncomplete: {pass: 60%}\n---\n\nText.\n"),
	"content/small/index.hi.md":       text("---\ntitle: एक छोटा पाठ्यक्रम\n---\n\nपाठ।\n"),
	"content/small/10-part/index.md":  text("---\ntitle: Part\n---\n\nText.\n"),
	"content/small/10-part/10-one.md": text("---\ntitle: One\n---\n\nA short lesson.\n"),
	"content/small/10-part/20-check.quiz.yaml": text(`title: Check
pass: 60%
attempts: 5, best counts
show: answers after the attempt
questions:
- {id: days, ask: How many days?, right: [30 days], wrong: [15 days, 45 days]}
- {id: first, ask: The first appeal goes to a senior officer., right: true}
- {id: steps, ask: Match each step to its section., match: {Request: Section 6, Disposal: Section 7}}
- {id: penalty, ask: What is the largest penalty?, number: 25000}
- {id: fill, ask: Complete the sentence., fill: "A first appeal lies within [[30]] days."}
- {id: sure, ask: How confident are you?, rate: [Not at all, Fully]}
- {id: why, ask: "Why, in one line?", write: 20 words}
`),
	"content/small/20-end/index.md":   text("---\ntitle: End\n---\n\nText.\n"),
	"content/small/20-end/10-last.md": text("---\ntitle: Last\n---\n\nThe last lesson.\n"),
}

func text(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }

// patience is long because a test machine may be busy; it costs nothing where the page answers.
const patience = 90 * time.Second

var packed sync.Map // format -> folder

func profile(version string) string {
	return map[string]string{"1.2": "scorm12", "2004": "scorm2004"}[version]
}

// unpacked is the small course as a package, in a folder as a platform has it.
func unpacked(t *testing.T, version string, split bool) string {
	t.Helper()
	return unpackedOf(t, small, "small", version, split)
}

// unpackedOf is a course of a site.
func unpackedOf(t *testing.T, site fs.FS, course, version string, split bool) string {
	t.Helper()
	once, _ := packed.LoadOrStore(fmt.Sprint(course, version, split), sync.OnceValues(func() (string, error) {
		format, _ := export.Find(profile(version))
		result, diags, err := builder.New().Build(t.Context(), site, builder.Options{Course: course, Profile: format.Profile, Split: split})
		if err != nil || diags.HasErrors() {
			return "", fmt.Errorf("building the course: %v %v", err, diags)
		}
		p, diags, err := export.Make(t.Context(), format, result.Site, result.Set, export.Options{Split: split, Version: "test"})
		if err != nil || diags.HasErrors() {
			return "", fmt.Errorf("packing the course: %v %v", err, diags)
		}
		dir, err := os.MkdirTemp("", "sopan-scorm-")
		if err != nil {
			return "", err
		}
		for _, f := range p.Files {
			name := filepath.Join(dir, filepath.FromSlash(f.Path))
			if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
				return "", err
			}
			if err := os.WriteFile(name, f.Content, 0o644); err != nil {
				return "", err
			}
		}
		return dir, nil
	}))
	dir, err := once.(func() (string, error))()
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestMain(m *testing.M) {
	code := m.Run()
	packed.Range(func(_, once any) bool {
		if dir, _ := once.(func() (string, error))(); dir != "" {
			_ = os.RemoveAll(dir)
		}
		return true
	})
	os.Exit(code)
}

// platform is a page of a learning platform.
type platform struct {
	*browser.Page
	t       *testing.T
	version string
}

func open(t *testing.T, version string) platform {
	t.Helper()
	return openPackage(t, version, unpacked(t, version, false))
}

func openPackage(t *testing.T, version, dir string) platform {
	t.Helper()
	if testing.Short() {
		t.Skip("this needs a browser")
	}
	p := browser.Open(t)
	p.Goto(scorm.Serve(t, dir) + "?version=" + version)
	return platform{p, t, version}
}

// launch opens the course; options are those of platform.js.
func (p platform) launch(options string) {
	p.t.Helper()
	p.Eval("void platform.launch("+options+")", nil)
	p.WaitFor(course+`?.querySelector(".records-line")?.textContent.trim()`, patience)
}

// course is the document of the course, in the shell's frame in the platform's.
const course = `document.querySelector("iframe")?.contentDocument?.querySelector("iframe:not([hidden])")?.contentDocument`

func (p platform) waitIn(condition string) {
	p.t.Helper()
	p.WaitFor(fmt.Sprintf(`(d => d && d.readyState === "complete" && (%s))(%s)`, condition, course), patience)
}

func (p platform) in(statement string) {
	p.t.Helper()
	p.Eval(fmt.Sprintf(`void (d => { %s })(%s)`, statement, course), nil)
}

// to goes to another page of the course, as a link would.
func (p platform) to(page string) {
	p.t.Helper()
	p.in(fmt.Sprintf(`d.defaultView.left = true; d.defaultView.location.assign(new URL("../".repeat(d.URL.split("/course/")[1].split("/").length - 1) + %q, d.URL))`, page))
	p.waitIn(fmt.Sprintf(`!d.defaultView.left && d.URL.endsWith(%q) && d.querySelector(".records-line").textContent.trim()`, page))
}

func (p platform) click(selector string) {
	p.t.Helper()
	p.waitIn(fmt.Sprintf(`d.querySelector(%q)`, selector))
	p.in(fmt.Sprintf(`d.querySelector(%q).click()`, selector))
}

func (p platform) read(page string) {
	p.t.Helper()
	p.to(page)
	p.sent(func() { p.click(".done-button") })
}

// answer gives all answers of the quiz, the first five right or wrong.
func (p platform) answer(right bool) {
	p.t.Helper()
	p.sent(func() {
		p.in(fmt.Sprintf(`
		const right = %v;
		const field = (id) => d.querySelector('fieldset[data-q="' + id + '"]');
		const heard = (e) => e.dispatchEvent(new d.defaultView.Event(e.matches("input[type=text],input:not([type]),textarea") ? "input" : "change", { bubbles: true }));
		const words = (e) => (e.closest("label") || d.querySelector('label[for="' + e.id + '"]') || e.parentElement).textContent.trim();
		const pick = (id, of) => { const e = [...field(id).querySelectorAll("input[type=radio],input[type=checkbox]")].find((i) => words(i).includes(of)); e.checked = true; heard(e); };
		pick("days", right ? "30" : "15");
		const yes = field("first").querySelector("input[value=" + right + "]"); yes.checked = true; heard(yes);
		for (const s of field("steps").querySelectorAll("select")) {
			const to = words(s).includes("Request") === right ? "Section 6" : "Section 7";
			s.value = [...s.options].find((o) => o.text.includes(to)).value; heard(s);
		}
		const type = (id, text) => { const e = field(id).querySelector("input:not([type=radio]),textarea"); e.value = text; heard(e); };
		type("penalty", right ? "25,000" : "7"); type("fill", right ? "30" : "ninety");
		pick("sure", "Fully"); type("why", "It is the law. क्योंकि यह नियम है।");
	`, right))
	})
}

// sent does something that changes the state, and waits until the platform has all of it.
func (p platform) sent(do func()) {
	p.t.Helper()
	var before int
	p.Eval("platform.log.length", &before)
	do()
	p.WaitFor(fmt.Sprintf(`platform.log.slice(%d).some((c) => c.given[0] === "cmi.suspend_data")`, before), patience)
	p.committed()
}

// committed waits until the platform has taken all that was done.
func (p platform) committed() {
	p.t.Helper()
	p.WaitFor(`platform.log.length > 2 && platform.log.at(-1).call.endsWith("Commit")`, patience)
	// What is typed is kept after a pause, and told a moment after it is kept: nothing more must be on its way. The pauses are
	// the page's, so they are counted in the page's turns.
	p.EvalAsync(fmt.Sprintf(`new Promise((done) => {
		let quiet = 0, length = -1;
		const look = setInterval(() => {
			const line = %s?.querySelector(".records-line")?.textContent ?? "";
			if (length !== platform.log.length || !/Saved|सहेजा गया/.test(line)) quiet = 0;
			length = platform.log.length;
			if (++quiet < 37) return;
			clearInterval(look);
			done();
		}, 50);
	})`, course), nil)
}

func (p platform) leave() {
	p.t.Helper()
	p.Eval("void platform.leave()", nil)
}

// log takes the log of what was done since it was taken last, and checks it.
func (p platform) log() []scorm.Call {
	p.t.Helper()
	var log []scorm.Call
	p.Eval("platform.log.splice(0)", &log)
	for _, wrong := range scorm.Check(p.version, log) {
		p.t.Error(wrong)
	}
	return log
}

func (p platform) value(key string) string {
	p.t.Helper()
	var value string
	p.Eval(fmt.Sprintf(`String(platform.kept?.[%q] ?? "")`, key), &value)
	return value
}

var varying = []struct {
	from *regexp.Regexp
	to   string
}{
	{regexp.MustCompile(`suspend_data, [\w!%.@*+/-]+`), "suspend_data, …"},
	{regexp.MustCompile(`(suspend_data\)) = .+`), "$1 = …"},
	{regexp.MustCompile(`(session_time|time|timestamp), [^)]+`), "$1, …"},
}

// plain tells that a call says nothing that another of its save would not.
func plain(c scorm.Call) bool {
	return strings.HasSuffix(c.Call, "GetValue") || strings.HasSuffix(c.Call, "Commit") ||
		strings.HasSuffix(c.Call, "SetValue") && (c.Given[0] == "cmi.suspend_data" || strings.HasSuffix(c.Given[0], "session_time"))
}

// merged leaves out a save of the state alone, up to its commit, where another follows: how many a slow machine makes of
// some answers is chance.
func merged(log []scorm.Call) []scorm.Call {
	var out, save []scorm.Call
	begun := false
	for n, c := range log {
		save = append(save, c)
		if !strings.HasSuffix(c.Call, "Commit") && n < len(log)-1 {
			continue
		}
		if !begun || slices.ContainsFunc(save, func(c scorm.Call) bool { return !plain(c) }) {
			out = append(out, save...)
		}
		begun, save = true, nil
	}
	return out
}

// told is a log for people: what was set, in order, without what differs each time.
func told(log []scorm.Call) string {
	var b strings.Builder
	for _, c := range merged(log) {
		line := fmt.Sprintf("%s(%s) = %s", c.Call, strings.Join(c.Given, ", "), c.Gave)
		if c.Error != "0" {
			line += " error " + c.Error
		}
		for _, v := range varying {
			line = v.from.ReplaceAllString(line, v.to)
		}
		b.WriteString(line + "\n")
	}
	return b.String()
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name+".log")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != got {
		t.Errorf("%s is not what was told (-update writes it anew). Got:\n%s", file, got)
	}
}

var versions = []string{"1.2", "2004"}

// names of what is looked at, by version: status or completion and success.
func (p platform) verdict() string {
	if p.version == "1.2" {
		return p.value("core.lesson_status") + " " + p.value("core.score.raw")
	}
	return p.value("completion_status") + " " + p.value("success_status") + " " + p.value("score.scaled")
}

// TestALearnerLeavesComesBackAndPasses is the whole way: the first launch, answers, leaving in the middle, coming back on
// another device, a failed attempt, a passed one, and a look after that.
func TestALearnerLeavesComesBackAndPasses(t *testing.T) {
	for _, version := range versions {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			p := open(t, version)
			var all strings.Builder
			end := func(what string) {
				p.leave()
				all.WriteString("# " + what + "\n" + told(p.log()) + "\n")
			}
			p.launch(`{}`)
			p.committed()
			p.read("small/part/one.html")
			p.to("small/part/check.html")
			p.answer(false)
			end("a lesson is read, the quiz answered and not handed in")
			if got, want := p.verdict(), map[string]string{"1.2": "incomplete ", "2004": "incomplete unknown "}[version]; got != want {
				t.Errorf("after a lesson the platform has %q, want %q", got, want)
			}

			// Another device: nothing but what the platform keeps.
			p.forgetDevice()
			p.launch(`{}`)
			p.to("small/part/check.html")
			p.waitIn(`d.querySelector('fieldset[data-q="fill"] input').value === "ninety" && d.querySelector('fieldset[data-q="why"] textarea').value === "It is the law. क्योंकि यह नियम है।"`)
			p.waitIn(`d.querySelectorAll('fieldset[data-q="days"] input:checked, fieldset[data-q="first"] input:checked, fieldset[data-q="sure"] input:checked').length === 3`)
			p.sent(func() { p.click(".quiz-submit") })
			p.waitIn(`!d.querySelector(".quiz-result").hidden`)
			p.read("small/end/last.html")
			end("on another device: the quiz is handed in and not passed, the last lesson is read")
			if got, want := p.verdict(), map[string]string{"1.2": "failed 0", "2004": "incomplete failed 0"}[version]; got != want {
				t.Errorf("after a failed quiz the platform has %q, want %q", got, want)
			}

			p.launch(`{}`)
			p.to("small/part/check.html")
			p.click(".quiz-result button")
			p.answer(true)
			p.sent(func() { p.click(".quiz-submit") })
			p.waitIn(`!d.querySelector(".quiz-result").hidden`)
			end("another attempt at the quiz passes")
			if got, want := p.verdict(), map[string]string{"1.2": "passed 100", "2004": "completed passed 1"}[version]; got != want {
				t.Errorf("after a passed quiz the platform has %q, want %q", got, want)
			}

			p.forgetDevice()
			p.launch(`{lang: "hi"}`)
			p.waitIn(`d.documentElement.lang === "hi"`)
			p.committed()
			end("in Hindi, on another device again: all is done, and nothing more is said of it")
			golden(t, "way-"+version, all.String())
			if errs := p.ConsoleErrors(); len(errs) > 0 {
				t.Error(errs)
			}
		})
	}
}

// TestTheSampleCourseIsTakenInScormAgain: a course of usual size, whose notebook has to fit into the 4,096 characters of SCORM
// 1.2. Every lesson is read and a quiz handed in; another device finds all of it.
func TestTheSampleCourseIsTakenInScormAgain(t *testing.T) {
	t.Parallel()
	p := openPackage(t, "1.2", unpackedOf(t, os.DirFS("../.."), "mission-karmayogi", "1.2", false))
	p.launch(`{}`)
	p.committed()
	var pages []string
	p.Eval(fmt.Sprintf(`[...%s.querySelectorAll(".flight .step[data-type=lesson] a")].map(a => a.href.split("/course/")[1].split("#")[0])`, course), &pages)
	if len(pages) < 15 {
		t.Fatalf("the course's page leads to %d lessons: %v", len(pages), pages)
	}
	for _, page := range pages {
		p.to(page)
		p.click(".done-button")
		p.waitIn(`d.querySelector(".step[aria-current], .step:has([aria-current])")?.dataset.state === "done"`)
	}
	p.to("mission-karmayogi/why-change/check.html")
	p.sent(func() {
		p.in(`for (const field of d.querySelectorAll("fieldset[data-q]")) field.querySelector("input[type=radio], input[type=checkbox]")?.click()`)
		p.click(".quiz-submit")
	})
	p.waitIn(`!d.querySelector(".quiz-result").hidden`)
	p.leave()
	p.log()
	state := p.value("suspend_data")
	t.Logf("%d lessons and a quiz take %d characters", len(pages), len(state))
	if len(state) == 0 || len(state) > 4096 {
		t.Errorf("the notebook has %d characters", len(state))
	}

	p.forgetDevice()
	p.launch(`{}`)
	p.to("mission-karmayogi/why-change/check.html")
	p.waitIn(`!d.querySelector(".quiz-result").hidden`)
	var done int
	p.EvalAsync(course+`.defaultView.sopan.ready.then(desk => desk.page.course.items.filter(i => desk.book.item(i.key)?.state === "done").length)`, &done)
	if want := len(pages) + 1; done != want {
		t.Errorf("on another device %d items are done, want %d", done, want)
	}
	p.leave()
	p.log()
	if errs := p.ConsoleErrors(); len(errs) > 0 {
		t.Error(errs)
	}
}

// forgetDevice clears what the browser keeps: the learner sits at another one.
func (p platform) forgetDevice() {
	p.t.Helper()
	p.EvalAsync(`new Promise((done, fail) => { localStorage.clear(); const r = indexedDB.deleteDatabase("sopan"); r.onsuccess = r.onblocked = () => done(); r.onerror = fail; })`, nil)
}

// TestThePackerComesWhereTheShellSays: SCORM 2004 asks for it only when half of its room is taken.
func TestThePackerComesWhereTheShellSays(t *testing.T) {
	t.Parallel()
	p := open(t, "2004")
	p.launch(`{}`)
	p.committed()
	var comes bool
	p.EvalAsync(`(async d => {
		const w = d.defaultView;
		return !w.sopanPacker && await w.sopanBoot.load(JSON.parse(d.querySelector("#sopan-shell").textContent).packer) && typeof w.sopanPacker === "function"
	})(document.querySelector("iframe").contentDocument)`, &comes)
	if !comes {
		t.Error("the packer was there already, or does not come")
	}
	p.leave()
	p.log()
}

// TestANewAttemptBeginsAnew: the platform starts over, and the device with it, though it remembers the first attempt.
func TestANewAttemptBeginsAnew(t *testing.T) {
	t.Parallel()
	p := open(t, "1.2")
	p.launch(`{}`)
	p.read("small/part/one.html")
	p.to("small/part/check.html")
	p.answer(true)
	p.leave()
	p.log()
	p.Eval("void platform.retry()", nil)
	p.launch(`{}`)
	p.to("small/part/check.html")
	p.committed()
	p.waitIn(`d.querySelectorAll("fieldset input:checked").length === 0 && d.querySelector('fieldset[data-q="fill"] input').value === ""`)
	p.waitIn(`!d.querySelector('.step[data-item="part/one"][data-state]')`)
	p.leave()
	p.log()
	if got := p.value("core.lesson_status"); got != "incomplete" {
		t.Errorf("the new attempt is %q", got)
	}
}

// TestWhatThePlatformDidNotTakeIsSentWhenItCan: commits fail, the learner is told, leaves, and comes back to the device.
func TestWhatThePlatformDidNotTakeIsSentWhenItCan(t *testing.T) {
	t.Parallel()
	p := open(t, "1.2")
	p.launch(`{}`)
	p.committed()
	p.Eval("void (platform.broken = true)", nil)
	p.to("small/part/one.html")
	p.click(".done-button")
	const notice = `document.querySelector("iframe").contentDocument.querySelector("[role=status]:not([hidden])")?.textContent.includes("does not take")`
	p.WaitFor(notice, patience)
	// It covers nothing and is not covered.
	p.WaitFor(`(d => { const n = d.querySelector("[role=status]").getBoundingClientRect(); const f = d.querySelector("iframe").getBoundingClientRect(); return n.height > 20 && f.top >= n.bottom - 1 && d.elementFromPoint(n.left + 20, n.top + 10) === d.querySelector("[role=status]") })(document.querySelector("iframe").contentDocument)`, patience)
	// Whoever reads on in another language reads it in that one.
	p.to("hi/small/")
	p.WaitFor(`(n => n.lang === "hi" && !n.hidden && n.textContent.includes("आपका काम नहीं ले रहा"))(document.querySelector("iframe").contentDocument.querySelector("[role=status]"))`, patience)
	p.Eval("void (platform.kept = null)", nil)
	// A tab that is closed says that it goes, and then that it is hidden. What was not taken is not offered after the end.
	p.Eval(`void ((w) => {
		w.dispatchEvent(new Event("pagehide"));
		Object.defineProperty(w.document, "hidden", { value: true });
		w.document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
	})(document.querySelector("iframe").contentWindow)`, nil)
	var end string
	p.Eval("platform.log.at(-1).call", &end)
	if end != "LMSFinish" {
		t.Errorf("the last call is %s", end)
	}
	p.leave()
	p.Eval("void (platform.kept = null, platform.broken = false, platform.log.length = 0)", nil)
	p.launch(`{}`)
	p.committed()
	p.waitIn(`d.querySelector('.step[data-item="part/one"][data-state=done]')`)
	p.leave()
	if log := p.log(); last(log, "cmi.suspend_data") == "" {
		t.Errorf("nothing was sent again: %s", told(log))
	}
}

// TestWhatIsLearntAfterAReloadIsTheLearners: the page is loaded anew, which ended the session, and the platform opens no
// second one. It is told nothing more; what is learnt is kept for the learner, and told at the next launch.
func TestWhatIsLearntAfterAReloadIsTheLearners(t *testing.T) {
	t.Parallel()
	p := open(t, "2004")
	p.launch(`{}`)
	p.read("small/part/one.html")
	p.Eval(`void ((w) => { w.before = true; w.location.reload(); })(document.querySelector("iframe").contentWindow)`, nil)
	p.WaitFor(`(w => !w.before && w.sopanShell && /session with the learning platform has ended/.test(w.document.querySelector("[role=status]:not([hidden])")?.textContent))(document.querySelector("iframe").contentWindow)`, patience)
	p.waitIn(`d.querySelector(".records-line")?.textContent.trim()`)
	p.to("small/end/last.html")
	p.click(".done-button")
	p.waitIn(`d.querySelector(".done-button.is-done") && /Saved/.test(d.querySelector(".records-line").textContent)`)
	p.leave()
	var log []scorm.Call
	p.Eval("platform.log.splice(0)", &log)
	over := false
	for _, c := range log {
		if over && (c.Call == "SetValue" || c.Call == "Commit" || c.Call == "Terminate") {
			t.Errorf("after the end: %s(%v)", c.Call, c.Given)
		}
		over = over || c.Call == "Terminate"
	}
	p.launch(`{}`)
	p.waitIn(`d.querySelectorAll(".step[data-item][data-state=done]").length === 2`)
	p.committed()
	p.leave()
	if got := last(p.log(), "cmi.progress_measure"); got != "0.6667" {
		t.Errorf("the platform has heard of %s of the course", got)
	}
}

// TestALooseAdapterIsEnough: iGOT's answers true, gives values back, and says error 201 of what was never set.
func TestALooseAdapterIsEnough(t *testing.T) {
	t.Parallel()
	p := open(t, "1.2")
	p.Eval("void (platform.late = 1500)", nil)
	for n, device := range []string{"the first", "another"} {
		p.launch(`{loose: true}`)
		if n == 0 {
			p.read("small/part/one.html")
			p.to("small/part/check.html")
			p.answer(true)
			p.sent(func() { p.click(".quiz-submit") })
			p.waitIn(`!d.querySelector(".quiz-result").hidden`)
			p.read("small/end/last.html")
		} else {
			p.committed()
			p.waitIn(`d.querySelectorAll(".step[data-item][data-state=done]").length === 3`)
		}
		p.leave()
		if got := p.value("cmi.core.lesson_status") + " " + p.value("cmi.core.score.raw"); got != "passed 100" {
			t.Errorf("on %s device the adapter has %q", device, got)
		}
		p.forgetDevice()
	}
}

// TestNobodyWhoOnlyLooksIsRecorded: in browse and review nothing is set, and the device keeps nothing.
func TestNobodyWhoOnlyLooksIsRecorded(t *testing.T) {
	t.Parallel()
	p := open(t, "2004")
	for _, mode := range []string{"browse", "review"} {
		p.launch(fmt.Sprintf(`{mode: %q}`, mode))
		p.to("small/part/one.html")
		p.click(".done-button")
		p.waitIn(`d.querySelector(".done-button.is-done")`)
		p.EvalAsync("new Promise((done) => setTimeout(done, 1500))", nil)
		p.leave()
		for _, c := range p.log() {
			if c.Call == "SetValue" {
				t.Errorf("%s: %s(%v)", mode, c.Call, c.Given)
			}
		}
		var rows int
		p.EvalAsync(`new Promise((done) => { const r = indexedDB.open("sopan", 1); r.onsuccess = () => { const db = r.result; if (!db.objectStoreNames.length) { db.close(); return done(0); } const n = db.transaction("rows").objectStore("rows").count(); n.onsuccess = () => { db.close(); done(n.result); }; }; })`, &rows)
		if rows > 0 {
			t.Errorf("%s: %d rows were kept", mode, rows)
		}
	}
}

// TestWithoutAPlatformTheCourseIsThereAndSaysSo: from a disk, and on a server that is no platform.
func TestWithoutAPlatformTheCourseIsThereAndSaysSo(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("this needs a browser")
	}
	for _, version := range versions {
		p := browser.Open(t)
		p.Goto(browser.FileURL(filepath.Join(unpacked(t, version, false), "index.html")))
		p.WaitFor(`document.querySelector("[role=status]:not([hidden])")?.textContent.startsWith("No learning platform was found") && !document.querySelector("iframe").hidden`, patience)
		p.WaitFor(`document.querySelector("iframe").getBoundingClientRect().height > 200`, patience)
		if errs := p.ConsoleErrors(); len(errs) > 0 {
			t.Error(errs)
		}
	}
}

// TestIdsOfAnyScriptAreToldInTheStandardsForms: where the learner is and what they answered, in both versions.
func TestIdsOfAnyScriptAreToldInTheStandardsForms(t *testing.T) {
	t.Parallel()
	site := fstest.MapFS{
		"sopan.yaml":                 text("title: A site\nid: https://example.org/ids\n"),
		"content/ids/index.md":       text("---\ntitle: A course\n---\n\nText.\n"),
		"content/ids/10-one.md":      text("---\ntitle: One\nid: शुल्क-और-समय\n---\n\nA short lesson.\n"),
		"content/ids/20-q.quiz.yaml": text("title: Check\nquestions:\n- {id: कितने-दिन, ask: Is it thirty days?, right: true}\n"),
	}
	for _, version := range versions {
		p := openPackage(t, version, unpackedOf(t, site, "ids", version, false))
		p.launch(`{}`)
		p.read("ids/one.html")
		p.to("ids/q.html")
		p.sent(func() {
			p.click("input[value=true]")
			p.click(".q-check")
		})
		p.leave()
		log := p.log() // which holds all of it against the standard
		if last(log, "cmi.interactions.0.result") != "correct" {
			t.Errorf("%s: the answer is not told: %s", version, told(log))
		}
	}
}

// TestAModuleIsLaunchedByItself: each has a verdict and a state of its own.
func TestAModuleIsLaunchedByItself(t *testing.T) {
	t.Parallel()
	p := openPackage(t, "2004", unpacked(t, "2004", true))
	p.launch(`{page: "module-2.html"}`)
	p.read("small/end/last.html")
	p.leave()
	log := p.log()
	if got := last(log, "cmi.completion_status") + " " + last(log, "cmi.progress_measure"); got != "completed 1" {
		t.Errorf("the module of one lesson, read, is %q: %s", got, told(log))
	}
	p.Eval("void platform.retry()", nil)
	p.launch(`{page: "module-1.html"}`)
	p.committed()
	p.leave()
	log = p.log()
	if got := last(log, "cmi.completion_status") + " " + last(log, "cmi.progress_measure"); got != "incomplete 0" {
		t.Errorf("the module that was not begun is %q: %s", got, told(log))
	}
}

func last(log []scorm.Call, key string) string {
	for _, c := range slices.Backward(log) {
		if strings.HasSuffix(c.Call, "SetValue") && c.Given[0] == key {
			return c.Given[1]
		}
	}
	return ""
}

var _ = json.Marshal
