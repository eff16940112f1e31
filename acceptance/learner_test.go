package acceptance

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"sopan.dev/sopan/internal/browser"
	"sopan.dev/sopan/internal/hostile"
)

// asking is a site in two languages that asks for an employee number.
func asking(t *testing.T) (site *Site, origin string, store *hostile.Store) {
	t.Helper()
	store = hostile.Scripted()
	endpoint := httptest.NewServer(store)
	t.Cleanup(endpoint.Close)
	site = buildSite(t, map[string]string{
		"sopan.yaml": "title: Asking\nid: https://courses.example.in/k\nlanguages: [en, hi]\nrecords:\n  endpoint: " + endpoint.URL + "/xapi\n" +
			"  ask:\n    field: employee-id\n    basis: consent\n    purpose: {en: To enter completed courses into your record., hi: पूरे किए कोर्स दर्ज करने के लिए।}\n" +
			"    keep: {en: Three years., hi: तीन वर्ष।}\n    contact: training@example.gov.in\n",
		"content/c/index.md":        "---\ntitle: Course\n---\n\nText.\n",
		"content/c/index.hi.md":     "---\ntitle: कोर्स\n---\n\nपाठ।\n",
		"content/c/10-lesson.md":    "---\ntitle: Lesson\n---\n\nText.\n",
		"content/c/10-lesson.hi.md": "---\ntitle: पाठ\n---\n\nपाठ।\n",
	})
	pages := httptest.NewServer(http.FileServer(http.Dir(site.Dir)))
	t.Cleanup(pages.Close)
	return site, pages.URL, store
}

// TestANumberIsAskedForBelowItsNoticeAndCanBeTakenBack: the notice says purpose, basis, what is sent, how long, whom to ask and
// how to withdraw, in the page's language, and without script too; what is given stands in one record and nowhere else; what
// was taken back is gone from the device.
func TestANumberIsAskedForBelowItsNoticeAndCanBeTakenBack(t *testing.T) {
	leaveOutWhenShort(t, "a browser")
	_, origin, store := asking(t)
	p := browser.Open(t)
	p.SetScript(false)
	for lang, wants := range map[string][]string{
		"":    {"To enter completed courses", "Your consent", "in one record", "Three years.", "training@example.gov.in", "Withdraw"},
		"hi/": {"पूरे किए कोर्स दर्ज", "आपकी सहमति", "एक ही अभिलेख", "तीन वर्ष", "training@example.gov.in", "वापस लें"},
	} {
		p.Goto(origin + "/" + lang + "records.html")
		notice := p.Text("#ask")
		for _, want := range wants {
			if !strings.Contains(notice, want) {
				t.Errorf("the notice in %q lacks %q:\n%s", lang, want, notice)
			}
		}
		if p.Count(".ask-form:not([hidden])") > 0 {
			t.Error("without script a field is offered that does nothing")
		}
	}
	p.SetScript(true)
	p.Goto(origin + "/c/index.html")
	p.Follow(".ask-line a")
	p.WaitFor(`document.querySelector(".ask-form:not([hidden])")`, patience)

	for _, wrong := range []string{"asha@example.in", "Asha Verma", "+91", ""} {
		p.Eval(`document.querySelector("#ask-value").value = ""`, nil)
		if wrong != "" {
			p.Type("#ask-value", wrong)
		}
		p.Click(".ask-form button")
		p.WaitFor(`document.querySelector(".ask-wrong:not([hidden])")`, patience)
	}
	p.Eval(`document.querySelector("#ask-value").value = ""`, nil)
	p.Type("#ask-value", "NEGD/4711")
	p.Click(".ask-form button")
	p.WaitFor(`document.querySelector(".ask-given:not([hidden]) strong")?.textContent === "NEGD/4711" && document.activeElement.matches(".ask-given")`, patience)
	p.WaitFor(`/NEGD\/4711/.test(document.querySelector(".my-kept pre").textContent)`, patience)
	saved(p)
	p.Goto(origin + "/c/lesson.html")
	p.WaitFor(`document.querySelector(".done-button")`, patience)
	p.Click(".done-button")
	verbs := func(last string) map[string]int {
		t.Helper()
		for end := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
			count := map[string]int{}
			for _, s := range store.Statements() {
				verb := s.Verb.ID[strings.LastIndex(s.Verb.ID, "/")+1:]
				count[verb]++
				if holds := strings.Contains(string(s.Raw), "4711"); holds != (verb == "registered") {
					t.Fatalf("%s holds the number: %v\n%s", verb, holds, s.Raw)
				}
			}
			if count[last] > 0 {
				return count
			}
			if time.Now().After(end) {
				t.Fatalf("%s was awaited, stored are %v", last, count)
			}
		}
	}
	if got := verbs("completed"); got["registered"] != 1 {
		t.Errorf("stored are %v", got)
	}

	p.Goto(origin + "/records.html")
	p.WaitFor(`document.querySelector(".ask-given:not([hidden]) strong")?.textContent === "NEGD/4711"`, patience)
	p.Click(".ask-withdraw")
	p.WaitFor(`document.querySelector(".ask-form:not([hidden])") && !/4711/.test(document.querySelector(".my-kept pre").textContent) && document.querySelector(".ask-given").hidden && !/4711/.test(document.querySelector(".ask-given").textContent)`, patience)
	if got := verbs("voided"); got["voided"] != 1 {
		t.Errorf("stored are %v", got)
	}
	for _, e := range append(p.ConsoleErrors(), p.CSPViolations()...) {
		t.Errorf("console: %s", e)
	}
}

// TestTakenBackBeforeItWasSentItIsNeverSent: without a network the number is given and taken back; no record holds it.
func TestTakenBackBeforeItWasSentItIsNeverSent(t *testing.T) {
	leaveOutWhenShort(t, "a browser")
	_, origin, store := asking(t)
	p := browser.Open(t)
	p.Goto(origin + "/hi/records.html")
	p.WaitFor(`document.querySelector(".ask-form:not([hidden])")`, patience)
	p.Offline(true)
	p.Type("#ask-value", "4711")
	p.Click(".ask-form button")
	p.WaitFor(`document.querySelector(".ask-given:not([hidden])")`, patience)
	p.Click(".ask-withdraw")
	p.WaitFor(`document.querySelector(".ask-form:not([hidden])")`, patience)
	p.Offline(false)
	for end := time.Now().Add(patience); len(store.Statements()) == 0 && time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
	}
	list := store.Statements()
	if len(list) == 0 {
		t.Fatal("nothing was stored")
	}
	if len(list) != 1 || strings.Contains(string(list[0].Raw), "4711") || !strings.HasSuffix(list[0].Verb.ID, "/voided") {
		t.Errorf("stored are %d, the first %s", len(list), list[0].Raw)
	}
}

// TestTheNoticeIsAccessible: narrow, in the dark, in both languages.
func TestTheNoticeIsAccessible(t *testing.T) {
	_, origin, _ := asking(t)
	script := axe(t)
	p := browser.Open(t)
	for _, lang := range []string{"", "hi/"} {
		for _, dark := range []bool{false, true} {
			p.SetViewport(320, 640, true)
			p.SetMedia(browser.Media{Dark: dark})
			p.Goto(origin + "/" + lang + "records.html")
			p.WaitFor(`document.querySelector(".ask-form:not([hidden])")`, patience)
			settled(p)
			axeFinds(t, p, script, everyRule, "the notice", &tally{})
		}
	}
}
