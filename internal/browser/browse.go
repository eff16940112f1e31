package browser

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Script is what Browse needs of a testscript: *testscript.TestScript has it.
type Script interface {
	comparable
	Fatalf(format string, args ...any)
	Defer(func())
	MkAbs(file string) string
}

// Browse gives the command `browse` for scripts in txtar files:
// testscript.Params{Cmds: {"browse": browser.Browse[*testscript.TestScript]()}}.
// The first step of a script opens a page of its own; its end closes it.
//
//	browse open public/index.html        a file (with #fragment if need be) or an address
//	browse click SELECTOR                or text=WORDS: the first link, button, label or summary that reads so
//	browse follow SELECTOR               clicks, and waits until the next page has loaded
//	browse press Tab Tab Space           keys, by their names
//	browse type SELECTOR WORDS
//	browse expect SELECTOR               waits until such an element can be seen; `! browse expect`: until none can
//	browse expect-text WORDS             waits until the page shows the words; negated: until it does not
//	browse expect-value SELECTOR VALUE   waits until the control holds the value; of a checkbox or radio: true, false
//	browse expect-records VERB...        waits until the outbox holds records with these verbs, in this order, and no more;
//	                                     without a verb: none. VERB=SUFFIX also names the end of the object's id
//	browse eval EXPRESSION               waits until the expression is true
//	browse offline | online | slow       the line
//	browse reload | back | new-tab | crash
//	browse viewport 360 640              a phone; with "desktop" after the sizes a window
//	browse script off | on               from the next page on
//	browse screenshot FILE
//	browse expect-quiet                  no error in the console and no breach of the policy since the page opened
//
// A script that browses begins with `[short] skip`, so that `go test -short` needs no browser.
func Browse[S Script]() func(ts S, neg bool, args []string) {
	var mu sync.Mutex
	pages := map[S]*Page{}
	return func(ts S, neg bool, args []string) {
		if len(args) == 0 {
			ts.Fatalf("usage: browse STEP ...")
		}
		mu.Lock()
		p := pages[ts]
		mu.Unlock()
		set := func(next *Page) {
			mu.Lock()
			defer mu.Unlock()
			pages[ts] = next
		}
		if p == nil {
			p = Open(owner{ts.Fatalf, ts.Defer})
			set(p)
			ts.Defer(func() {
				mu.Lock()
				defer mu.Unlock()
				delete(pages, ts)
			})
		}
		if step := args[0]; neg && step != "expect" && step != "expect-text" && step != "eval" {
			ts.Fatalf("browse %s cannot be negated", step)
		}
		if next := p.browse(ts.Fatalf, ts.MkAbs, neg, args[0], args[1:]); next != p {
			set(next)
		}
	}
}

// owner lets a testscript own a page.
type owner struct {
	fatalf func(string, ...any)
	after  func(func())
}

func (o owner) Helper()                           {}
func (o owner) Fatalf(format string, args ...any) { o.fatalf(format, args...) }
func (o owner) Cleanup(f func())                  { o.after(f) }

// soon is how long an expectation may take to come true.
const soon = patience

func (p *Page) browse(fatalf func(string, ...any), abs func(string) string, neg bool, step string, args []string) *Page {
	need := func(n int, usage string) {
		if len(args) < n {
			fatalf("usage: browse %s %s", step, usage)
		}
	}
	expect := func(condition string) {
		if neg {
			condition = "!(" + condition + ")"
		}
		p.WaitFor(condition, soon)
	}
	switch step {
	case "open":
		need(1, "FILE-OR-URL")
		p.Goto(p.place(abs, args[0]))
	case "click", "follow":
		need(1, "SELECTOR or text=WORDS")
		selector := p.named(strings.Join(args, " "))
		if step == "click" {
			p.Click(selector)
		} else {
			p.Follow(selector)
		}
	case "press":
		need(1, "KEY...")
		p.Press(args...)
	case "type":
		need(2, "SELECTOR WORDS")
		p.Type(args[0], strings.Join(args[1:], " "))
	case "expect":
		need(1, "SELECTOR")
		expect(fmt.Sprintf(`[...document.querySelectorAll(%s)].some(e => e.getClientRects().length)`, quote(strings.Join(args, " "))))
	case "expect-text":
		need(1, "WORDS")
		// Compared as read: line breaks and runs of spaces are one space.
		expect(fmt.Sprintf(`document.body.innerText.replace(/\s+/g, " ").includes(%s)`, quote(strings.Join(args, " "))))
	case "expect-value":
		need(2, "SELECTOR VALUE")
		expect(fmt.Sprintf(`(e => e && (e.type === "checkbox" || e.type === "radio" ? String(e.checked) : e.value) === %s)(document.querySelector(%s))`, quote(strings.Join(args[1:], " ")), quote(args[0])))
	case "expect-records":
		p.expectRecords(args)
	case "eval":
		need(1, "EXPRESSION")
		expect(strings.Join(args, " "))
	case "offline", "online":
		p.Offline(step == "offline")
	case "slow":
		p.SetNetwork(Slow3G())
	case "reload":
		p.Reload()
	case "back":
		p.Back()
	case "new-tab":
		return p.NewTab()
	case "crash":
		next := p.NewTab()
		p.Crash()
		return next
	case "viewport":
		need(2, "WIDTH HEIGHT [desktop]")
		width, errW := strconv.Atoi(args[0])
		height, errH := strconv.Atoi(args[1])
		if errW != nil || errH != nil {
			fatalf("usage: browse viewport WIDTH HEIGHT [desktop]")
		}
		p.SetViewport(width, height, len(args) < 3)
	case "script":
		need(1, "on|off")
		p.SetScript(args[0] == "on")
	case "screenshot":
		need(1, "FILE")
		p.Screenshot(abs(args[0]))
	case "expect-quiet":
		var all []string
		all = append(all, p.ConsoleErrors()...)
		if all = append(all, p.CSPViolations()...); len(all) > 0 {
			fatalf("the page complains:\n  %s", strings.Join(all, "\n  "))
		}
	default:
		fatalf("browse: no step is called %q", step)
	}
	return p
}

// place turns a path below the script's folder into the address that a double click opens.
func (p *Page) place(abs func(string) string, name string) string {
	if strings.Contains(name, "://") || strings.HasPrefix(name, "about:") {
		return name
	}
	path, fragment, _ := strings.Cut(name, "#")
	file := abs(path)
	if _, err := os.Stat(file); err != nil {
		p.t.Fatalf("browse open: %v", err)
	}
	address := FileURL(file)
	if fragment != "" {
		address += "#" + fragment
	}
	return address
}

// named turns text=WORDS into a selector: the element that reads so is given a mark.
func (p *Page) named(what string) string {
	words, ok := strings.CutPrefix(what, "text=")
	if !ok {
		return what
	}
	const mark = "data-browse-target"
	p.WaitFor(fmt.Sprintf(`(words => {
		document.querySelectorAll("[%[1]s]").forEach(e => e.removeAttribute("%[1]s"));
		const all = [...document.querySelectorAll("a, button, label, summary")].filter(e => e.getClientRects().length);
		const reads = e => e.innerText.replace(/\s+/g, " ").trim();
		const found = all.find(e => reads(e) === words) ?? all.find(e => reads(e).includes(words));
		found?.setAttribute("%[1]s", "");
		return found;
	})(%[2]s)`, mark, quote(words)), soon)
	return "[" + mark + "]"
}

// record is what the outbox holds of a record, as far as a script speaks of it.
type record struct{ Verb, Object string }

// records reads the outbox as the page keeps it (runtime/notebook.ts writes it: database "sopan", store "rows", keys
// "outbox SITE LEARNER PLACE ID"), in the order in which things happened.
func (p *Page) records() ([]record, error) {
	var all []record
	err := p.eval(`(async () => {
		if (!(await indexedDB.databases()).some(d => d.name === "sopan")) return [];
		const db = await new Promise((done, fail) => { const r = indexedDB.open("sopan"); r.onsuccess = () => done(r.result); r.onerror = () => fail(r.error) });
		try {
			const rows = await new Promise((done, fail) => {
				const r = db.transaction("rows").objectStore("rows").getAll(IDBKeyRange.bound("outbox ", "outbox \uffff"));
				r.onsuccess = () => done(r.result); r.onerror = () => fail(r.error);
			});
			return rows.sort((a, b) => a.place - b.place).map(r => ({Verb: r.statement.verb.id.replace(/.*\//, ""), Object: r.statement.object.id}));
		} finally { db.close() }
	})()`, &all, true)
	return all, err
}

func (p *Page) expectRecords(want []string) {
	p.t.Helper()
	var got []record
	var err error
	for end := time.Now().Add(soon); ; time.Sleep(50 * time.Millisecond) {
		if got, err = p.records(); err == nil && fits(got, want) {
			return
		}
		if time.Now().After(end) {
			break
		}
	}
	if err != nil {
		p.fail("reading the outbox: %v", err)
	}
	shown, _ := json.Marshal(got) // two strings: it has a JSON form
	p.fail("the outbox holds %d records, not %q:\n  %s", len(got), want, shown)
}

func fits(got []record, want []string) bool {
	if len(got) != len(want) {
		return false
	}
	for i, w := range want {
		verb, suffix, _ := strings.Cut(w, "=")
		if got[i].Verb != verb || !strings.HasSuffix(got[i].Object, suffix) {
			return false
		}
	}
	return true
}
