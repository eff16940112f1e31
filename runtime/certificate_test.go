package runtime_test

import (
	"strings"
	"testing"
	"time"

	"sopan.dev/sopan/internal/browser"
)

func TestACertificateWaitsForTheCourseAndNamesItsRecord(t *testing.T) {
	s := newSite(t, true)
	s.write("assets/course.js", strings.Replace(read(t, s.Dir+"/assets/course.js"), `"lessons":"all"`, `"lessons":"none"`, 1))
	p := browser.Open(t)
	p.Goto(s.URL + "certificate.html")
	p.WaitFor(`!document.querySelector(".certificate-open").hidden`, wait)
	if n := p.Count("section.certificate:not([hidden]), .certificate-form:not([hidden])"); n != 0 {
		t.Error("a course that is not complete has a certificate")
	}
	p.Goto(s.URL + "course.html")
	ready(p, ".continue:not([hidden])")
	if n := p.Count(".certificate-link:not([hidden])"); n != 0 {
		t.Error("a course that is not complete offers a certificate")
	}
	p.Goto(s.URL + "quiz.html")
	ready(p, ".q-actions:not([hidden])")
	for _, c := range []string{choice("1", "a"), choice("2", "a"), choice("2", "c")} {
		p.Click(c)
	}
	p.Click(".quiz-submit")
	result(p)
	record := ""
	s.Store.WaitFor(t, 7)
	for _, one := range s.Store.recorded() {
		object, _ := one["object"].(map[string]any)
		verb, _ := one["verb"].(map[string]any)
		if object["id"] == siteID+"/mk" && strings.HasSuffix(verb["id"].(string), "/completed") {
			record, _ = one["id"].(string)
		}
	}
	if record == "" {
		t.Fatalf("the course was not completed: %v", s.Store.Verbs())
	}
	p.Goto(s.URL + "course.html")
	p.WaitFor(`!document.querySelector(".certificate-link").hidden`, wait)
	p.Follow(".certificate-link a")
	p.WaitFor(`!document.querySelector("section.certificate").hidden`, wait)
	p.Type("#certificate-name", "अनीता <b>Rao</b>")
	p.Press("Tab")
	got := p.Text("section.certificate")
	lacks(t, "the certificate", got, "अनीता <b>Rao</b>", "Mission", time.Now().Format("2 January 2006"), "75% in 1 quiz", record)
	if strings.Contains(got, "NaN") || strings.Contains(got, "undefined") {
		t.Errorf("the certificate says %q", got)
	}
	p.WaitFor(`new Promise(r => { const q = indexedDB.open("sopan"); q.onsuccess = () => { const a = q.result.transaction("rows").objectStore("rows").getAll(); a.onsuccess = () => { window.named = JSON.stringify(a.result).includes("Rao"); q.result.close(); r(); }; }; }) && window.named`, wait)
	p.Reload()
	p.WaitFor(`document.querySelector("section.certificate [data-part=name]").textContent.includes("Rao")`, wait)
	for _, one := range s.Store.recorded() {
		if actor, _ := one["actor"].(map[string]any); strings.Contains(strings.Join(keysAndTexts(actor), " "), "Rao") {
			t.Error("the name has left the device")
		}
	}
	clean(t, p)
}

func keysAndTexts(v map[string]any) (all []string) {
	for key, value := range v {
		all = append(all, key)
		switch value := value.(type) {
		case string:
			all = append(all, value)
		case map[string]any:
			all = append(all, keysAndTexts(value)...)
		}
	}
	return all
}
