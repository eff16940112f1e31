package runtime_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"sopan.dev/sopan/runtime"
)

// A small site with the markup that the contract with the templates names, to run the scripts in.

const siteID = "https://example.org/k"

type site struct {
	t     *testing.T
	Dir   string
	URL   string
	Store *recordStore
	mux   *http.ServeMux
}

// newSite writes the site to a folder and serves it; with a store, pages name it as their record endpoint.
func newSite(t *testing.T, records bool) *site {
	t.Helper()
	t.Parallel() // they wait for timers and for the browser, hardly for the processor
	s := &site{t: t, Dir: t.TempDir()}
	mux := http.NewServeMux()
	s.mux = mux
	files := http.FileServer(http.Dir(s.Dir))
	mux.Handle("/", files)
	mux.HandleFunc("/boxed/", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", "sandbox allow-scripts")
		http.StripPrefix("/boxed", files).ServeHTTP(w, r)
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	s.URL = server.URL + "/"
	endpoint := ""
	if records {
		s.Store = &recordStore{answer: map[string]func(w http.ResponseWriter, ids []string){}}
		mux.Handle("/xapi/statements", s.Store)
		endpoint = s.URL + "xapi"
	}
	for _, script := range runtime.Scripts() {
		js := bundle(t, script.Name+".ts", script.Words(words(t, "en")))
		if script.Name == "search" {
			js = append(append([]byte{}, js...), "\nsopanSearch("+index+");"...)
		}
		s.write("assets/"+script.Name+".js", string(js))
	}
	s.write("assets/course.js", `sopanCourse={"v":1,"items":[["m/vuca","lesson"],["m/short","lesson"],["m/check","quiz"]],"complete":{"lessons":"all","quizzes":"all","cases":"all"}}`)
	s.page("course.html", "course", "", endpoint, `<p class="continue" hidden><a class="button" href="course.html">Start</a></p><p class="certificate-link" hidden><a href="certificate.html">Your certificate</a></p>
<p class="flight-progress" data-module="m">12 min</p>`+flight)
	s.page("lesson.html", "lesson", `{"key":"m/vuca","id":"https://example.org/k/m/vuca","type":"lesson","title":"VUCA"}`, endpoint,
		`<div class="prose"><h2 id="one">One</h2>`+strings.Repeat("<p>Text.</p>", 120)+`<h2 id="two">Two</h2><p>A <a class="term" href="course.html#t" data-meaning="Unsteady.">volatile</a> world.</p>
<div class="tabs"><section class="tab" id="ta"><h3>First</h3><p>a</p></section><section class="tab" id="tb"><h3>Second</h3><p id="in-b">b</p></section></div>`+strings.Repeat("<p>More.</p>", 40)+`</div>`+flight)
	s.page("hi-lesson.html", "lesson", `{"key":"m/vuca","id":"https://example.org/k/m/vuca","type":"lesson","title":"VUCA"}`, endpoint,
		`<div class="prose"><h2 id="ek">एक</h2>`+strings.Repeat("<p>पाठ।</p>", 100)+`<h2 id="do">दो</h2>`+strings.Repeat("<p>पाठ।</p>", 100)+`</div>`+flight)
	s.page("short.html", "lesson", `{"key":"m/short","id":"https://example.org/k/m/short","type":"lesson","title":"Short"}`, endpoint,
		`<div class="prose"><p>A short one.</p>`+practice+`</div>`+flight, "quiz")
	s.page("quiz.html", "quiz", `{"key":"m/check","id":"https://example.org/k/m/check","type":"quiz","title":"Check"}`, endpoint, quizForm("question")+flight, "quiz")
	s.page("exam.html", "quiz", `{"key":"m/exam","id":"https://example.org/k/m/exam","type":"quiz","title":"Exam"}`, endpoint, quizForm("attempt"), "quiz")
	s.page("timed.html", "quiz", quizItem("timed"), endpoint, quizPage("timed", `"show":"attempt","pass":0.6,"attempts":{"most":2,"counts":"last"},"time":{"seconds":1200}`, 3), "rules", "quiz")
	s.page("strict.html", "quiz", quizItem("strict"), endpoint, quizPage("strict", `"show":"attempt","time":{"seconds":2,"strict":true}`, 3), "rules", "quiz")
	s.page("drawn.html", "quiz", quizItem("drawn"), endpoint, quizPage("drawn", `"show":"attempt","attempts":{"most":3,"counts":"first"},"draw":{"any":3}`, 6), "rules", "quiz")
	s.page("survey.html", "quiz", quizItem("survey"), endpoint, quizPage("survey", `"show":"question","purpose":"survey"`, 2), "rules", "quiz")
	s.page("before.html", "quiz", quizItem("before"), endpoint, quizPage("before", `"show":"question","purpose":"diagnostic"`, 3), "rules", "quiz")
	s.page("round.html", "quiz", quizItem("round"), endpoint, quizPage("round", `"show":"question","purpose":"360","asked":["self","peer"]`, 2), "rules", "quiz")
	s.page("sealed.html", "quiz", quizItem("sealed"), endpoint, quizPage("sealed", `"show":"never","sealed":true,"pass":0.6`, 3), "quiz")
	s.page("case.html", "case", `{"key":"m/file","id":"https://example.org/k/m/file","type":"case","title":"The file"}`, endpoint, caseStudy, "case")
	s.page("certificate.html", "certificate", "", endpoint, certificate, "certificate")
	s.page("my.html", "records", "", endpoint, `<section class="my-records"></section>`, "my")
	return s
}

const index = `{"v":1,"docs":[{"t":"VUCA","u":"lesson.html","h":[["two","Two","A volatile <img src=x onerror=alert(1)> world."]]},{"t":"Check","u":"quiz.html","h":[["","","Questions on a volatile time."]]}]}`

const flight = `<nav id="outline" class="outline"><ol class="flight" data-module="m">
<li class="step" data-item="m/vuca" data-type="lesson"><a href="lesson.html">VUCA</a> <span class="step-state visually-hidden"></span></li>
<li class="step" data-item="m/short" data-type="lesson"><a href="short.html">Short</a> <span class="step-state visually-hidden"></span></li>
<li class="step" data-item="m/check" data-type="quiz"><a href="quiz.html">Check</a> <span class="step-state visually-hidden"></span></li>
</ol></nav>`

func field(id, right string, many bool) string {
	kind := "radio"
	if many {
		kind = "checkbox"
	}
	choices := ""
	for _, c := range []string{"a", "b", "c", "d"} {
		choices += fmt.Sprintf(`<li><label class="q-choice"><input type="%s" name="%s" value="%s"> <span class="q-text">Choice %s</span></label></li>`, kind, id, c, c)
	}
	return fmt.Sprintf(`<fieldset class="q" id="q-%[1]s" data-q="%[1]s" data-kind="choice"><legend><span class="q-number">%[1]s</span> <span class="q-ask">Which is %[2]s?</span></legend>
<p class="q-how" id="q-%[1]s-how">Choose</p><ul class="q-choices">%[3]s</ul>
<div class="q-actions" hidden><button type="submit" class="button q-check">Check</button> <button type="button" class="q-hint">Hint</button></div>
<div class="q-result" id="q-%[1]s-result" role="status" aria-live="polite"></div>
<template data-part="feedback" data-choice="b"><p>B was the old rule.</p></template><template data-part="why"><p>Because of the Act.</p></template>
<template data-part="hint"><p>Think of the Act.</p></template><template data-part="hint"><p>Section 7.</p></template><template data-part="reread"><a href="lesson.html#two">Two</a></template></fieldset>`, id, right, choices)
}

const questions = `[{"id":"1","kind":"choice","marks":1,"tests":["rti:1"],"right":["a"],"choices":["a","b","c","d"]},
{"id":"2","kind":"choice","marks":2,"tests":["integrity:2"],"right":["a","c"],"choices":["a","b","c","d"]},
{"id":"3","kind":"choice","marks":1,"right":["a"],"choices":["a","b","c","d"],"fixed":true}]`

func quizForm(show string) string {
	key := map[string]string{"question": "check", "attempt": "exam"}[show]
	return fmt.Sprintf(`<form class="quiz" data-quiz="m/%[1]s" novalidate autocomplete="off">%[2]s%[3]s%[4]s<div class="quiz-end" hidden><button type="submit" class="button quiz-submit">Finish</button></div>
<section class="quiz-result" hidden tabindex="-1" aria-labelledby="result-title"></section>
<script type="application/json" class="quiz-data">{"v":1,"key":"m/%[1]s","id":"https://example.org/k/m/%[1]s","title":"Check","show":"%[5]s","pass":0.6,"attempts":{"most":2,"counts":"best"},"names":{"rti":"Handling RTI matters"},"questions":%[6]s}</script></form>`,
		key, field("1", "a", false), field("2", "a and c", true), field("3", "a", false), show, questions)
}

// quizPage is a quiz of n questions, "a" being right in each, with more settings.
func quizPage(key, settings string, n int) string {
	fields, list := "", []string{}
	for i := 1; i <= n; i++ {
		id := fmt.Sprint(i)
		fields += field(id, "a", false)
		list = append(list, fmt.Sprintf(`{"id":"%s","kind":"choice","marks":1,"tests":["rti:1"],"right":["a"],"choices":["a","b","c","d"]}`, id))
	}
	return fmt.Sprintf(`<form class="quiz" data-quiz="m/%[1]s" novalidate autocomplete="off">%[2]s<div class="quiz-end" hidden><button type="submit" class="button quiz-submit">Finish</button></div>
<section class="quiz-result" hidden tabindex="-1" aria-labelledby="result-title"></section>
<script type="application/json" class="quiz-data">{"v":1,"key":"m/%[1]s","id":"https://example.org/k/m/%[1]s","title":"%[1]s",%[3]s,"names":{"rti":"Handling RTI matters"},"questions":[%[4]s]}</script></form>`,
		key, fields, settings, strings.Join(list, ","))
}

// certificate is what themes/sopan/templates/certificate.html makes.
const certificate = `<section class="certificate-open" hidden><p>This course is not yet complete on this device.</p></section>
<form class="certificate-form" hidden novalidate><p><label for="certificate-name">Your name</label> <input id="certificate-name" type="text"></p><button type="button" class="certificate-print">Print</button></form>
<section class="certificate" hidden><p class="certificate-name" data-part="name"></p><p>Mission</p>
<dl><div><dt>Completed on</dt><dd data-part="date"></dd></div><div data-row="score" hidden><dt>Quizzes</dt><dd data-part="score"></dd></div><div><dt>Record</dt><dd data-part="record"></dd></div></dl></section>`

func quizItem(key string) string {
	return fmt.Sprintf(`{"key":"m/%[1]s","id":"https://example.org/k/m/%[1]s","type":"quiz","title":"%[1]s"}`, key)
}

var practice = `<form class="quiz" data-quiz="m/short#1" data-practice novalidate autocomplete="off">` + field("p", "a", false) +
	`<script type="application/json" class="quiz-data">{"v":1,"key":"m/short#1","id":"https://example.org/k/m/short#1","title":"Short","show":"question","practice":true,"questions":[{"id":"p","kind":"choice","marks":1,"right":["a"],"choices":["a","b","c","d"]}]}</script></form>`

const caseStudy = `<div class="case" data-case="m/file">
<section class="scene" id="start" data-scene="start" data-start aria-labelledby="start-title"><h2 id="start-title" tabindex="-1">The counter closes</h2><p>Ten days remain.</p>
<ul class="decisions"><li><a class="decision" href="#deny" data-points='{"accountability":-1}'>Reply "not traceable"</a></li><li><a class="decision" href="#search" data-points='{"accountability":2,"records":1}'>Order a search</a></li></ul></section>
<section class="scene" id="deny" data-scene="deny" data-ending><h2 id="deny-title">A complaint</h2><p>She complains.</p></section>
<section class="scene" id="search" data-scene="search"><h2 id="search-title">The store room</h2><ul class="decisions"><li><a class="decision" href="#found" data-points='{"records":1}'>Go yourself</a></li><li><a class="decision" href="#deny">Give up</a></li></ul></section>
<section class="scene" id="found" data-scene="found" data-ending><h2 id="found-title">Found</h2><p>It was misfiled.</p></section>
<script type="application/json" class="case-data">{"v":1,"key":"m/file","id":"https://example.org/k/m/file","title":"The file","names":{"records":"Keeping records"},"best":["start","search","found"],"most":4}</script></div>`

func (s *site) page(name, kind, item, endpoint, body string, scripts ...string) {
	data := map[string]any{
		"v": 1, "kind": kind, "lang": "en", "root": "./", "search": "assets/search.js", "result": "assets/result.js",
		"site": map[string]any{"id": siteID, "title": "Site"},
	}
	if kind != "records" {
		data["course"] = map[string]any{"key": "mk", "id": siteID + "/mk", "title": "Mission", "href": "course.html",
			"complete": map[string]any{"pass": 0.6}}
		scripts = append(scripts, "course")
	}
	if item != "" {
		data["item"] = json.RawMessage(item)
	}
	connect := ""
	if kind == "lesson" || kind == "course" {
		scripts = append([]string{"read"}, scripts...)
	}
	if endpoint != "" {
		data["records"] = map[string]string{"endpoint": endpoint, "unsent": "assets/unsent.js"}
		scripts = append([]string{"recorder"}, scripts...)
	}
	encoded, err := json.Marshal(data)
	if err != nil {
		s.t.Fatal(err)
	}
	tags, then := "", ""
	for _, script := range append([]string{"base"}, scripts...) {
		if file := "assets/" + script + ".js"; runtime.Early(kind) {
			tags += fmt.Sprintf(`<script src="%s" defer></script>`, file)
		} else {
			then += " " + file
		}
	}
	if then != "" {
		then = fmt.Sprintf(` data-then="%s"`, then[1:])
	}
	tags = fmt.Sprintf(`<script src="assets/boot.js"%s></script>`, then) + tags
	s.write(name, fmt.Sprintf(`<!doctype html><html lang="en" dir="ltr" data-page="%[1]s"><head><meta charset="utf-8"><title>%[2]s</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'%[3]s; form-action 'none'; base-uri 'none'; require-trusted-types-for 'script'">
<meta name="viewport" content="width=device-width"><link rel="icon" href="icon.svg">%[4]s<script type="application/json" id="sopan-page">%[5]s</script></head><body>
<header class="bar"><button type="button" class="menu-button" aria-expanded="false" aria-controls="outline">Lessons</button>
<form role="search" class="search scripted"><label for="q">Search</label><input id="q" type="search"><div class="search-results" role="region" aria-live="polite" aria-label="Results"></div></form>
<nav class="languages"><a href="hi-%[2]s" lang="hi">हिन्दी</a></nav></header>
<main id="main" tabindex="-1"><h1>%[2]s</h1>%[6]s</main><footer class="foot"><p class="records-line" role="status"></p></footer></body></html>`,
		kind, name, connect, tags, encoded, body))
	s.write("icon.svg", `<svg xmlns="http://www.w3.org/2000/svg"/>`)
}

func (s *site) write(name, content string) {
	path := filepath.Join(s.Dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		s.t.Fatal(err)
	}
}

// recordStore keeps statements as an LRS does, and fails on order.
type recordStore struct {
	mu         sync.Mutex
	statements []map[string]any
	posts      int
	fail       []func(w http.ResponseWriter)
	always     func(w http.ResponseWriter)
	answer     map[string]func(w http.ResponseWriter, ids []string)
}

// Fail makes the next requests answer so, one function each.
func (s *recordStore) Fail(f ...func(w http.ResponseWriter)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fail = append(s.fail, f...)
}

// Always makes every request answer so, until it is told otherwise; nil: as it should. What a test waits to see stays to be
// seen, however often the page tries again meanwhile.
func (s *recordStore) Always(f func(w http.ResponseWriter)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.always = f
}

func (s *recordStore) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.posts++
	if s.always != nil {
		s.always(w)
		return
	}
	if len(s.fail) > 0 {
		fail := s.fail[0]
		s.fail = s.fail[1:]
		fail(w)
		return
	}
	var batch []map[string]any
	if err := json.Unmarshal(body, &batch); err != nil || r.Header.Get("X-Experience-API-Version") != "1.0.3" {
		http.Error(w, "no batch", http.StatusBadRequest)
		return
	}
	ids := []string{}
	for _, one := range batch {
		id, _ := one["id"].(string)
		ids = append(ids, id)
		if s.find(id) == nil {
			s.statements = append(s.statements, one)
		}
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(ids)
}

func (s *recordStore) find(id string) map[string]any {
	for _, one := range s.statements {
		if one["id"] == id {
			return one
		}
	}
	return nil
}

// Verbs are the short names of the verbs stored, in order.
func (s *recordStore) Verbs() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var verbs []string
	for _, one := range s.statements {
		verb, _ := one["verb"].(map[string]any)
		id, _ := verb["id"].(string)
		verbs = append(verbs, id[strings.LastIndex(id, "/")+1:])
	}
	return verbs
}

// Holds waits until a statement with this verb, of an object whose id ends so, is stored.
func (s *recordStore) Holds(t *testing.T, short, object string) {
	t.Helper()
	for end := time.Now().Add(wait); ; time.Sleep(20 * time.Millisecond) {
		for _, one := range s.recorded() {
			about, _ := one["object"].(map[string]any)
			if id, _ := about["id"].(string); verb(one) == short && strings.HasSuffix(id, object) {
				return
			}
		}
		if time.Now().After(end) {
			t.Fatalf("%s %s was awaited, stored are %v", short, object, s.Verbs())
		}
	}
}

// WaitFor waits until as many statements are stored.
func (s *recordStore) WaitFor(t *testing.T, n int) []string {
	t.Helper()
	for end := time.Now().Add(wait); ; time.Sleep(20 * time.Millisecond) {
		if verbs := s.Verbs(); len(verbs) >= n {
			return verbs
		} else if time.Now().After(end) {
			t.Fatalf("%d statements are stored, %d were awaited: %v", len(verbs), n, verbs)
		}
	}
}
