package scorm_test

import (
	"strings"
	"testing"
)

// withoutPacker keeps the packer's script from a page and all that follow, as a line does that breaks just then, until
// sessionStorage.through is set; and lets it be asked for again at once in the place of two seconds later.
const withoutPacker = `
	const src = Object.getOwnPropertyDescriptor(HTMLScriptElement.prototype, "src");
	Object.defineProperty(HTMLScriptElement.prototype, "src", {...src, set(address) {
		if (!/packer/.test(String(address)) || sessionStorage.through) return src.set.call(this, address);
		sessionStorage.refused = 1 + Number(sessionStorage.refused || 0);
		queueMicrotask(() => this.dispatchEvent(new Event("error")));
	}});
	const later = setTimeout;
	window.setTimeout = (run, wait, ...more) => later(run, wait === 2000 ? 0 : wait, ...more);`

// TestWhatDoesNotFitInto4096CharactersIsPacked: a long answer in SCORM 1.2 is told whole, and found on another device. Where
// the packer does not come there, the platform keeps what it has, and hears nothing that is not so.
func TestWhatDoesNotFitInto4096CharactersIsPacked(t *testing.T) {
	t.Parallel()
	p := open(t, "1.2")
	p.launch(`{}`)
	p.committed()
	p.read("small/part/one.html")
	if state := p.value("suspend_data"); state != "" {
		t.Fatalf("the platform keeps %q of a session that goes on", state)
	}
	p.to("small/part/check.html")
	p.sent(func() {
		p.in(`const e = d.querySelector('fieldset[data-q="why"] textarea'); e.value = "because".repeat(515); e.dispatchEvent(new d.defaultView.Event("input", {bubbles: true}))`)
	})
	p.leave()
	p.log()
	state, status := p.value("suspend_data"), p.value("core.lesson_status")
	if strings.HasPrefix(state, "%") || len(state) < 3605 || len(state) > 4096 {
		t.Fatalf("the notebook has %d characters and begins with %.20s", len(state), state)
	}

	p.forgetDevice()
	p.Before(withoutPacker)
	p.launch(`{}`)
	p.WaitFor(`document.querySelector("iframe").contentDocument.querySelector("[role=status]:not([hidden])")?.textContent.includes("could not be opened") && sessionStorage.refused > 3`, patience)
	p.leave()
	for _, c := range p.log() {
		if strings.HasSuffix(c.Call, "SetValue") && c.Given[0] != "cmi.core.exit" {
			t.Errorf("the platform was told %v of a session that nobody could open", c.Given)
		}
	}
	if got := p.value("suspend_data"); got != state || p.value("core.lesson_status") != status {
		t.Errorf("the platform has %q, %q now", p.value("core.lesson_status"), got)
	}

	p.Eval(`sessionStorage.through = 1`, nil)
	p.forgetDevice()
	p.launch(`{}`)
	p.to("small/part/check.html")
	p.waitIn(`d.querySelector('fieldset[data-q="why"] textarea').value.length === 3605 && d.querySelector('.step[data-item="part/one"][data-state=done]')`)
	p.leave()
	p.log()
}
