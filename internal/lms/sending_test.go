package lms_test

import (
	"slices"
	"strings"
	"testing"

	"sopan.dev/sopan/internal/browser"
	"sopan.dev/sopan/internal/lms"
	"sopan.dev/sopan/record"
)

// What sends is a script of its own. Here it does not come: at first, or at all.

// withoutSending keeps the script that sends from a page and all that follow, as a line does that breaks just then, until
// sessionStorage.through is set; and lets it be asked for again at once in the place of ten seconds later.
const withoutSending = `
	const src = Object.getOwnPropertyDescriptor(HTMLScriptElement.prototype, "src");
	Object.defineProperty(HTMLScriptElement.prototype, "src", {...src, set(address) {
		if (!/_sending\./.test(String(address)) || sessionStorage.through) return src.set.call(this, address);
		sessionStorage.refused = 1 + Number(sessionStorage.refused || 0);
		queueMicrotask(() => this.dispatchEvent(new Event("error")));
	}});
	const later = setTimeout;
	window.setTimeout = (run, wait, ...more) => later(run, wait === 10000 ? 100 : wait, ...more);`

// what waits on the device is told in the order of cmi5 as soon as the script is there.
func TestWhatSendsMayComeLate(t *testing.T) {
	l := platform(t, "cmi5")
	p := browser.Open(t)
	p.Before(withoutSending)
	who := launch(t, p, l.Launch(lms.Launch{}))
	who.read()
	who.answer(false)
	who.again()
	who.answer(true)
	who.WaitFor(`/does not take what you do just now/.test(document.querySelector("[role=status]:not([hidden])").textContent) && sessionStorage.refused > 2`, patience)
	if got := said(l.Statements()); got != "launched" {
		t.Errorf("stored are %s before there is anything that sends", got)
	}
	who.Eval(`sessionStorage.through = 1`, nil)
	wait(t, l, "passed", 1)
	who.WaitFor(`document.querySelector("[role=status]").hidden`, patience)
	who.waitIn(`[...d.querySelectorAll(".records-line button")].some(b => b.textContent === "Leave the course")`)
	who.leave()
	got := wait(t, l, "terminated", 1)
	without(t, l)
	twice(t, got)
	if said(got) != "launched initialized completed passed terminated" {
		t.Errorf("stored are %s", said(got))
	}
	if want := []string{"initialized /one", "completed /one", "initialized /check", "answered /check/days", "failed /check", "answered /check/days", "passed /check"}; !contains(about(got), want) {
		t.Errorf("stored are %v, among them should be %v", about(got), want)
	}
}

// A session in which the script never came leaves nothing at the platform and all of it on the device: the next one brings it.
func TestWhereNothingSendsTheNextSessionDoes(t *testing.T) {
	for _, as := range []string{"cmi5", "xapi"} {
		t.Run(as, func(t *testing.T) {
			l := platform(t, as)
			p := browser.Open(t)
			p.Before(withoutSending)
			first := l.Launch(lms.Launch{})
			who := launch(t, p, first)
			who.read()
			who.answer(true)
			who.leave()
			for _, st := range l.Statements() {
				if verb := lms.Defined(st); verb != "launched" {
					t.Errorf("stored is %s", st.Raw)
				}
			}
			next := p.NewTab()
			if as == "cmi5" {
				first.Abandon()
			}
			who = launch(t, next, l.Launch(lms.Launch{}))
			got, ok := l.Wait(patience, func(list []record.Statement) bool { return contains(about(list), []string{"passed /check"}) })
			want := []string{"initialized /one", "completed /one", "initialized /check", "answered /check/days", "completed /check", "passed /check"}
			if !ok || !contains(about(got), want) {
				t.Errorf("stored are %v, among them should be %v", about(got), want)
			}
			who.leave()
			if as == "cmi5" {
				got = wait(t, l, "terminated", 1)
				if said(got) != "launched abandoned launched initialized completed passed terminated" {
					t.Errorf("stored are %s", said(got))
				}
			}
			without(t, l)
			twice(t, got)
		})
	}
}

// contains tells whether all of want stand in the list, in whatever order.
func contains(list, want []string) bool {
	left := slices.Clone(list)
	for _, one := range want {
		i := slices.IndexFunc(left, func(have string) bool { return strings.TrimSpace(have) == one })
		if i < 0 {
			return false
		}
		left = slices.Delete(left, i, i+1)
	}
	return true
}
