package lms_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"sopan.dev/sopan/builder"
	"sopan.dev/sopan/builder/export"
	"sopan.dev/sopan/builder/output"
	"sopan.dev/sopan/internal/browser"
	"sopan.dev/sopan/internal/lms"
	"sopan.dev/sopan/record"
)

// tinyCourse is a lesson and a quiz, in two languages.
var tinyCourse = map[string]string{
	"sopan.yaml":                "title: {en: Small site, hi: छोटी साइट}\nid: https://example.org/small\nlanguages: [en, hi]\n",
	"content/tiny/index.md":     "---\ntitle: A tiny course\nsummary: For a platform to launch.\n---\n\nText.\n",
	"content/tiny/index.hi.md":  "---\ntitle: एक छोटा पाठ्यक्रम\n---\n\nपाठ।\n",
	"content/tiny/10-one.md":    "---\ntitle: One\n---\n\nA short lesson.\n",
	"content/tiny/10-one.hi.md": "---\ntitle: एक\n---\n\nछोटा पाठ।\n",
	"content/tiny/20-check.quiz.yaml": "title: Check\npass: 60%\nattempts: 5, best counts\nshow: answers after the attempt\nquestions:\n" +
		"- id: days\n  ask: How many days?\n  right: 30 days\n  wrong: [15 days, 45 days]\n",
	"content/tiny/20-check.quiz.hi.yaml": "title: जाँच\n",
}

// patience is long because a test machine may be busy; it costs nothing where the page answers.
const patience = 90 * time.Second

var (
	packed   = map[string][]byte{}
	packedMu sync.Mutex
)

// pack makes a package as `sopan package` does. Each is made once.
func pack(t *testing.T, files map[string]string, as string, split bool) []byte {
	t.Helper()
	packedMu.Lock()
	defer packedMu.Unlock()
	key := fmt.Sprint(files, as, split)
	if b := packed[key]; b != nil {
		return b
	}
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	format, ok := export.Find(as)
	if !ok {
		t.Fatalf("there is no format %s", as)
	}
	result, diags, err := builder.New().Build(t.Context(), fsys, builder.Options{Course: "tiny", Profile: format.Profile, Split: split})
	if err != nil || diags.HasErrors() {
		t.Fatalf("building the course: %v %v", err, diags)
	}
	p, diags, err := export.Make(t.Context(), format, result.Site, result.Set, export.Options{Split: split, Version: "test"})
	if err != nil || diags.HasErrors() {
		t.Fatalf("packing the course: %v %v", err, diags)
	}
	file := filepath.Join(t.TempDir(), "course.zip")
	if err := output.WriteZipFile(t.Context(), p.Set, file, output.ZipOptions{}); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	packed[key] = b
	return b
}

// platform gives a course to a learning platform.
func platform(t *testing.T, as string) *lms.LMS {
	t.Helper()
	t.Parallel() // they wait for the browser, hardly for the processor
	l, err := lms.Open(pack(t, tinyCourse, as, false))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	return l
}

// learner is somebody in the frame of a shell.
type learnerInFrame struct {
	*browser.Page
	t *testing.T
}

func launch(t *testing.T, p *browser.Page, s *lms.Session) learnerInFrame {
	t.Helper()
	p.Goto(s.URL)
	l := learnerInFrame{p, t}
	l.waitIn(`d.readyState === "complete" && d.querySelector(".records-line").textContent.trim()`)
	return l
}

// waitIn waits for a condition on the document d in the frame.
func (l learnerInFrame) waitIn(condition string) {
	l.t.Helper()
	l.WaitFor(fmt.Sprintf(`(d => d && d.URL !== "about:blank" && (%s))(document.querySelector("iframe").contentDocument)`, condition), patience)
}

func (l learnerInFrame) click(selector string) {
	l.t.Helper()
	l.waitIn(fmt.Sprintf(`d.querySelector(%q)`, selector))
	l.Eval(fmt.Sprintf(`document.querySelector("iframe").contentDocument.querySelector(%q).click()`, selector), nil)
}

// open follows the outline to a page of the course.
func (l learnerInFrame) open(name string) {
	l.t.Helper()
	l.Eval(fmt.Sprintf(`(f => { f.contentWindow.left = true; f.contentWindow.location.assign(new URL(%q, f.contentDocument.URL)); })(document.querySelector("iframe"))`, name), nil)
	l.waitIn(fmt.Sprintf(`!d.defaultView.left && d.URL.endsWith(%q) && d.readyState === "complete" && d.querySelector(".records-line").textContent.trim()`, name))
}

func (l learnerInFrame) read() {
	l.open("one.html")
	l.click(".done-button")
	l.waitIn(`/^(Done|पूरा)$/.test(d.querySelector(".done-button").textContent)`)
}

func (l learnerInFrame) toQuiz() {
	var there bool
	if l.Eval(`document.querySelector("iframe").contentDocument.URL.endsWith("check.html")`, &there); !there {
		l.open("check.html")
	}
}

// again begins another attempt.
func (l learnerInFrame) again() {
	l.toQuiz()
	l.click(".result-again")
}

func (l learnerInFrame) answer(right bool) {
	l.toQuiz()
	l.waitIn(`d.querySelector(".quiz-end:not([hidden])")`)
	words := map[bool]string{true: "30 days", false: "15 days"}[right]
	l.waitIn(fmt.Sprintf(`[...d.querySelectorAll("#q-days label")].some(e => e.textContent.includes(%q) && (e.querySelector("input").click(), 1))`, words))
	l.click(".quiz-submit")
	l.waitIn(`d.querySelector(".quiz-result:not([hidden]) h2") && /Saved|सहेजा गया/.test(d.querySelector(".records-line").textContent)`)
}

func (l learnerInFrame) leave() { l.Goto("about:blank") }

func definedVerbs(list []record.Statement) []string {
	var verbs []string
	for _, st := range list {
		if v := lms.Defined(st); v != "" {
			verbs = append(verbs, v)
		}
	}
	return verbs
}

func until(verb string, times int) func([]record.Statement) bool {
	return func(list []record.Statement) bool {
		n := 0
		for _, v := range definedVerbs(list) {
			if v == verb {
				n++
			}
		}
		return n >= times
	}
}

// listened notes each request to the platform, in order: the method and what it asks for.
func listened(l *lms.LMS) func() []string {
	var mu sync.Mutex
	var asked []string
	l.Fault = func(_ http.ResponseWriter, r *http.Request) bool {
		mu.Lock()
		defer mu.Unlock()
		q := r.URL.Query()
		asked = append(asked, strings.TrimSpace(r.Method+" "+strings.TrimPrefix(r.URL.Path, "/xapi")+" "+q.Get("stateId")+q.Get("profileId")))
		return false
	}
	return func() []string {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(asked)
	}
}

func without(t *testing.T, l *lms.LMS) {
	t.Helper()
	for _, v := range l.Violations() {
		t.Errorf("violation: %s", v)
	}
}

// wait waits for a defined statement and gives all that is stored.
func wait(t *testing.T, l *lms.LMS, verb string, times int) []record.Statement {
	t.Helper()
	got, ok := l.Wait(patience, until(verb, times))
	if !ok {
		t.Fatalf("%s did not arrive %d times: %v; violations: %v", verb, times, definedVerbs(got), l.Violations())
	}
	return got
}

func said(list []record.Statement) string { return strings.Join(definedVerbs(list), " ") }

// twice finds what was recorded twice: an id that is derived says what may happen once.
func twice(t *testing.T, list []record.Statement) {
	t.Helper()
	seen := map[string]bool{}
	for _, st := range list {
		if seen[st.ID] {
			t.Errorf("%s of %s is stored twice", st.Verb.ID, st.Object.ID)
		}
		seen[st.ID] = true
	}
}
