package acceptance

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path"
	"strings"
	"testing"

	"sopan.dev/sopan/internal/browser"
)

// TestFault57AReleaseThatComesBrokenLeavesTheOldOneInUse: a file is missing, breaks off, or is another one.
func TestFault57AReleaseThatComesBrokenLeavesTheOldOneInUse(t *testing.T) {
	h := newHost(t)
	h.publish(t, nil)
	p := browser.Open(t)
	keepAll(p, h)
	s := h.publish(t, map[string]string{"content/rti/10-days.md": "---\ntitle: Thirty days\nid: days\n---\n\n## What the Act says\n\nThe second release.\n\n![A form on a desk](form.png)\n", "content/rti/form.png": picture(t, 9)})
	_, files := listOf(t, s, "rti.en")
	shown := "" // the name of a picture is the build's
	for name := range files {
		if strings.HasPrefix(name, "rti/form.") {
			shown = name
		}
	}
	// The picture comes last: a page that arrived whole beside it would not be asked for again.
	for _, broken := range []struct {
		name, file string
		spoil      func([]byte) (int, []byte)
	}{
		{"a page that is missing", "rti/days.html", func([]byte) (int, []byte) { return 404, []byte("<h1>Lost</h1>") }},
		{"a page that breaks off", "rti/days.html", func(b []byte) (int, []byte) { return 200, b[:len(b)/2] }},
		{"a page with a banner in it", "rti/days.html", func(b []byte) (int, []byte) { return 200, append(b, "<p>Win a phone</p>"...) }},
		{"another page of its length", "rti/days.html", func(b []byte) (int, []byte) { return 200, bytes.ReplaceAll(b, []byte("second"), []byte("SECOND")) }},
		{"a picture that is another", shown, func(b []byte) (int, []byte) { return 200, make([]byte, len(b)) }},
	} {
		h.with(func() { h.spoil[broken.file] = broken.spoil })
		p.Goto(h.root + "rti/index.html")
		p.WaitFor(keeper+`?.textContent.includes("a new version is there") || `+keeper+`?.textContent.includes("not wholly kept yet")`, patience)
		p.Eval(`(b => b.click())([...document.querySelectorAll(".offline button")].find(b => /^(Use the new|Go on)/.test(b.textContent)))`, nil)
		p.WaitFor(keeper+`.textContent.includes("What arrived is not what was published")`, patience)
		var got string
		if p.Eval(`document.querySelector(".offline p[role=status]").textContent`, &got); !strings.Contains(got, "still in use") {
			t.Errorf("%s: the page says %q", broken.name, got)
		}
		h.with(func() { h.down = true; delete(h.spoil, broken.file) })
		p.Goto(h.root + "rti/days.html")
		if got := p.Text("main"); !strings.Contains(got, "within thirty days") {
			t.Errorf("%s: without a network the lesson reads %q", broken.name, got)
		}
		var decoded bool
		p.EvalAsync(`document.images[0].decode().then(() => true, () => false)`, &decoded)
		if !decoded {
			t.Errorf("%s: the picture of the old release is gone", broken.name)
		}
		h.with(func() { h.down = false })
	}
	// Once all of it is right it is taken.
	p.Goto(h.root + "rti/index.html")
	press(p, "Go on")
	p.WaitFor(isKept, patience)
	h.with(func() { h.down = true })
	p.Goto(h.root + "rti/days.html")
	if got := p.Text("main"); !strings.Contains(got, "The second release.") {
		t.Errorf("the mended release is not in use: %q", got)
	}
}

// TestFault58ATabOfTheOldReleaseGoesOn: a release is taken while a tab of the one before it is open, and then the line is
// cut.
func TestFault58ATabOfTheOldReleaseGoesOn(t *testing.T) {
	h := newHost(t)
	first := h.publish(t, nil)
	p := browser.Open(t)
	keepAll(p, h)
	old := p.NewTab()
	old.Goto(h.root + "rti/check.html")
	old.WaitFor(`document.querySelector(".quiz-end:not([hidden])")`, patience)
	result := ""
	for _, name := range first.files(t) {
		if strings.HasPrefix(name, "assets/result.en.") {
			result = name
		}
	}
	// The new release's scripts have other names: what the old tab asks for is nowhere on the server.
	second := h.publish(t, map[string]string{"content/rti/10-days.md": "---\ntitle: Thirty days\nid: days\n---\n\nThe second release.\n"})
	renamed := strings.Replace(result, "result.en.", "result.en.zz", 1)
	rename(t, second, result, renamed)
	relist(t, second, "rti.en")
	p.Goto(h.root + "rti/index.html")
	p.WaitFor(keeper+`?.textContent.includes("a new version is there")`, patience)
	// It asks: nothing was taken by itself.
	h.with(func() { h.down = true })
	q := p.NewTab()
	q.Goto(h.root + "rti/days.html")
	if got := q.Text("main"); strings.Contains(got, "The second release.") {
		t.Error("the new release was taken unasked")
	}
	q.Close()
	h.with(func() { h.down = false })
	press(p, "Use the new version")
	p.WaitFor(isKept, patience)
	p.Goto(h.root + "rti/index.html") // what is not needed is cleared here
	p.WaitFor(isKept, patience)
	h.with(func() { h.down = true })
	old.Eval(`document.querySelectorAll("#q-days input, #q-who input").forEach(i => i.click())`, nil)
	old.Click(".quiz-submit")
	old.WaitFor(`document.querySelector(".quiz-result:not([hidden])")?.textContent.includes("marks")`, patience)
	p.Goto(h.root + "rti/days.html")
	if got := p.Text("main"); !strings.Contains(got, "The second release.") {
		t.Errorf("the release that was agreed to is not in use: %q", got)
	}
	_, files := listOf(t, second, "rti.en")
	var before int
	if p.EvalAsync(bySumIn, &before); before <= len(files) {
		t.Errorf("%d files are kept while a tab of the old release is open, and the new one alone has %d", before, len(files))
	}
	// With the old tab closed, nobody needs the old files.
	old.Close()
	h.with(func() { h.down = false })
	reopen(t, p, h.root+"rti/index.html", fmt.Sprintf(`(%s.then(n => window.kept = n), window.kept === %d)`, bySumIn, len(files)))
	p.WaitFor(isKept, patience)
}

func rename(t *testing.T, s *Site, from, to string) {
	t.Helper()
	if err := os.Rename(s.file(from), s.file(to)); err != nil {
		t.Fatal(err)
	}
	for _, name := range s.files(t) {
		if ext := path.Ext(name); ext != ".html" && ext != ".json" {
			continue
		}
		b, err := os.ReadFile(s.file(name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(s.file(name), bytes.ReplaceAll(b, []byte(from), []byte(to)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// relist writes a course's list anew for the files as they are.
func relist(t *testing.T, s *Site, name string) {
	t.Helper()
	file := s.file("assets/offline/" + name + ".json")
	var list map[string]any
	b, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(b, &list)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range list["files"].([]any) {
		f := one.([]any)
		content, err := os.ReadFile(s.file(f[0].(string)))
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(content)
		f[1], f[2] = len(content), hex.EncodeToString(sum[:])
	}
	list["release"] = "another"
	if b, err = json.Marshal(list); err == nil {
		err = os.WriteFile(file, b, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestFault59AHalfUploadedReleaseIsNotTaken: the list is up and some of the files are those of the old release, or the
// other way round.
func TestFault59AHalfUploadedReleaseIsNotTaken(t *testing.T) {
	h := newHost(t)
	first := h.publish(t, nil)
	p := browser.Open(t)
	keepAll(p, h)
	second := h.publish(t, map[string]string{"content/rti/10-days.md": "---\ntitle: Thirty days\nid: days\n---\n\nThe second release.\n", "content/rti/20-counter.md": "---\ntitle: At the counter\nid: counter\n---\n\nThe second counter.\n"})
	whole, err := os.ReadFile(second.file("rti/counter.html"))
	if err != nil {
		t.Fatal(err)
	}
	half, err := os.ReadFile(first.file("rti/counter.html"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(second.file("rti/counter.html"), half, 0o644); err != nil {
		t.Fatal(err)
	}
	p.Goto(h.root + "rti/index.html")
	press(p, "Use the new version")
	p.WaitFor(keeper+`.textContent.includes("What arrived is not what was published")`, patience)
	h.with(func() { h.down = true })
	p.Goto(h.root + "rti/days.html")
	if got := p.Text("main"); !strings.Contains(got, "within thirty days") {
		t.Errorf("half a release is in use: %q", got)
	}
	h.with(func() { h.down = false })
	if err := os.WriteFile(second.file("rti/counter.html"), whole, 0o644); err != nil {
		t.Fatal(err)
	}
	p.Goto(h.root + "rti/index.html")
	press(p, "Go on")
	p.WaitFor(isKept, patience)
	// Files first, the list last: with the list of the release that is kept there is nothing to take.
	h.with(func() { h.dir = first.Dir })
	list, err := os.ReadFile(second.file("assets/offline/rti.en.json"))
	if err != nil {
		t.Fatal(err)
	}
	h.with(func() { h.spoil["assets/offline/rti.en.json"] = func([]byte) (int, []byte) { return 200, list } })
	p.Goto(h.root + "rti/index.html")
	p.WaitFor(isKept, patience)
}

// TestFault59AKillReleaseLeavesNothingButTheLearnersWork: `offline: false` removes what was kept and the worker, not the
// outbox.
func TestFault59AKillReleaseLeavesNothingButTheLearnersWork(t *testing.T) {
	h := newHost(t)
	h.publish(t, nil)
	p := browser.Open(t)
	keepAll(p, h)
	p.EvalAsync(`caches.open("another site's").then(c => c.put("/x", new Response("y")))`, nil)
	h.with(func() { h.down = true })
	p.Goto(h.root + "rti/check.html")
	p.WaitFor(`document.querySelector(".quiz-end:not([hidden])")`, patience)
	p.Eval(`document.querySelector("#q-days input").click()`, nil)
	p.Click("#q-days .q-check")
	p.WaitFor(`/[0-9]+ records? waiting/.test(document.querySelector(".records-line").textContent)`, patience)
	var before, after []map[string]any
	p.EvalAsync(waits, &before)

	off := h.publish(t, map[string]string{"sopan.yaml": "title: Kept\nid: kept\nlanguages: [en, hi]\nrecords: {endpoint: " + h.end + "}\noffline: false\n"})
	if _, err := os.Stat(off.file("assets/offline")); !os.IsNotExist(err) {
		t.Error("a site that keeps nothing lists releases")
	}
	h.with(func() { h.down = false })
	reopen(t, p, h.root+"rti/index.html", noWorker)
	p.WaitFor(`(caches.keys().then(k => window.left = k.join(" ")), window.left === "another site's")`, patience)
	p.Goto(h.root + "rti/index.html")
	if n := p.Count(".offline"); n != 0 {
		t.Error("a course is still offered to be kept")
	}
	p.EvalAsync(waits, &after)
	h.with(func() {
		for _, one := range before {
			id := one["id"].(string)
			here := h.statements[id]
			for _, other := range after {
				here = here || other["id"] == id
			}
			if !here {
				t.Errorf("the record %s is neither on the device nor delivered", id)
			}
		}
		if len(before) == 0 {
			t.Error("there was no record to lose")
		}
	})
	p.Goto(h.root + "rti/check.html")
	p.WaitFor(`document.querySelector("#q-days .q-verdict")`, patience) // the answer is there
}

// TestFault60AKeptFilmIsSentInParts: what a player asks for, and what it must not get.
func TestFault60AKeptFilmIsSentInParts(t *testing.T) {
	h := newHost(t)
	s := h.publish(t, nil)
	p := browser.Open(t)
	keepAll(p, h)
	h.with(func() { h.down = true })
	p.Goto(h.root + "rti/counter.html")
	film, err := os.ReadFile(s.file("rti/film.webm"))
	if err != nil {
		t.Fatal(err)
	}
	for asked, want := range map[string]struct {
		status   int
		part     string
		from, to int
	}{
		"":                    {200, "", 0, len(film)},
		"bytes=0-":            {206, fmt.Sprintf("bytes 0-%d/%d", len(film)-1, len(film)), 0, len(film)},
		"bytes=10-19":         {206, fmt.Sprintf("bytes 10-19/%d", len(film)), 10, 20},
		"bytes=-5":            {206, fmt.Sprintf("bytes %d-%d/%d", len(film)-5, len(film)-1, len(film)), len(film) - 5, len(film)},
		"bytes=299990-999999": {206, fmt.Sprintf("bytes 299990-%d/%d", len(film)-1, len(film)), 299990, len(film)},
		"bytes=300000-":       {416, fmt.Sprintf("bytes */%d", len(film)), 0, 0},
		"bytes=9-3":           {200, "", 0, len(film)},
		"bytes=0-1,5-9":       {200, "", 0, len(film)},
		"lines=1-2":           {200, "", 0, len(film)},
	} {
		var got struct {
			Status     int
			Part, Type string
			Bytes      []byte
		}
		headers := "{}"
		if asked != "" {
			headers = fmt.Sprintf(`{Range: %q}`, asked)
		}
		p.EvalAsync(`(async () => { const r = await fetch("film.webm", {headers: `+headers+`}); const b = new Uint8Array(await r.arrayBuffer());
			let s = ""; for (let i = 0; i < b.length; i += 8192) s += String.fromCharCode(...b.subarray(i, i + 8192));
			return {Status: r.status, Part: r.headers.get("Content-Range") || "", Type: r.headers.get("Content-Type"), Bytes: btoa(s)} })()`, &got)
		if got.Status != want.status || got.Part != want.part || !bytes.Equal(got.Bytes, film[want.from:want.to]) {
			t.Errorf("Range %q: %d, %q, %d bytes; want %d, %q, %d", asked, got.Status, got.Part, len(got.Bytes), want.status, want.part, want.to-want.from)
		}
		if want.status != 416 && got.Type != "video/webm" {
			t.Errorf("Range %q: the type is %q", asked, got.Type)
		}
	}
	// A player asks in parts by itself.
	var parts bool
	p.EvalAsync(`new Promise(done => { const v = document.createElement("video"); v.onerror = () => done(v.error.code === 4 || v.error.code === 3); v.src = "film.webm"; v.load(); })`, &parts)
	if !parts {
		t.Error("the player could not read the film, which is noise, for another reason than that")
	}
}

// TestFault60WithLittleRoomTheTextComesFirstAndNoRecordGoes: a device with less room than the course needs.
func TestFault60WithLittleRoomTheTextComesFirstAndNoRecordGoes(t *testing.T) {
	h := newHost(t)
	s := h.publish(t, map[string]string{"content/rti/film.webm": noise(3_000_000, 2)})
	_, files := listOf(t, s, "rti.en")
	text := 0.0
	for name, size := range files {
		if path.Ext(name) != ".webm" {
			text += float64(size)
		}
	}
	p := browser.Open(t)
	p.SetQuota(strings.TrimSuffix(h.root, "/courses/"), 5*text)
	// Other browsers than this one say how much it is.
	p.Before(fmt.Sprintf(`navigator.storage.estimate = async () => ({quota: %f, usage: 0})`, 5*text))
	offer(p, h)
	if got := p.Text(".offline"); !strings.Contains(got, "This device has room for about") {
		t.Errorf("the offer does not say that there is too little room: %q", got)
	}
	press(p, "Keep all")
	p.WaitFor(isKept+` && `+keeper+`.textContent.includes("1 film or picture is not kept and needs a network.")`, patience)
	h.with(func() { h.down = true })
	for name := range files {
		if strings.HasSuffix(name, ".html") {
			p.Goto(h.root + name)
		}
	}
	p.Goto(h.root + "rti/check.html")
	p.WaitFor(`document.querySelector(".quiz-end:not([hidden])")`, patience)
	p.Eval(`document.querySelector("#q-days input").click()`, nil)
	p.Click("#q-days .q-check")
	p.WaitFor(`/^Saved on this device.*[0-9]+ records? waiting/.test(document.querySelector(".records-line").textContent)`, patience)
	var before, after []map[string]any
	p.EvalAsync(waits, &before)
	// Now there is no room for anything: what is kept is given up before a record is.
	h.with(func() { h.down, h.hold["/xapi/statements"] = false, make(chan struct{}) })
	p.SetQuota(strings.TrimSuffix(h.root, "/courses/"), 1)
	h.publish(t, map[string]string{"content/rti/10-days.md": "---\ntitle: Thirty days\nid: days\n---\n\nThe second release.\n"})
	p.Goto(h.root + "rti/index.html")
	press(p, "Use the new version")
	p.WaitFor(keeper+`.textContent.includes("not even room for the text")`, patience)
	p.EvalAsync(waits, &after)
	if len(before) == 0 || len(after) < len(before) {
		t.Errorf("%d records waited, %d wait", len(before), len(after))
	}
	reopen(t, p, h.root+"rti/days.html", `document.querySelector("main").textContent.includes("second release")`) // the server's
}
