package course

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
)

// linkSite has a target of every kind.
func linkSite() []string {
	return []string{
		"sopan.yaml", "title: A site\nlanguages: [en, hi]\n",
		"content/c/index.hi.md", "---\ntitle: पाठ्यक्रम\n---\nपाठ।\n",
		"content/c/10-m/index.md", "---\ntitle: Module\n---\n",
		"content/c/10-m/10-fees.md", "---\ntitle: Fees\n---\n## Village {#village}\n\nWords.\n\n## क़ानून\n\nWords.\n",
		"content/c/10-m/10-fees.hi.md", "---\ntitle: शुल्क\n---\n## ग्राम {#village}\n\nपाठ।\n",
		"content/c/10-m/20-two words.md", "---\ntitle: Two words\n---\nWords.\n",
		"content/c/10-m/90-check.quiz.yaml", "title: Check\nquestions:\n- id: first\n  ask: Right?\n  right: true\n",
		"content/c/10-m/pic.svg", `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 3"/>`,
		"content/c/10-m/form 1.pdf", "%PDF",
		"content/c/20-n/10-from.md", "---\ntitle: From\n---\n## Here {#here}\n\nWords.\n",
		"content/c/20-n/10-from.hi.md", "---\ntitle: यहाँ से\n---\n## यहाँ {#here}\n\nपाठ।\n",
		"content/c/20-n/30-draft.md", "---\ntitle: Draft\nstatus: draft\n---\nWords.\n",
		"content/c/80-x.case.md", "---\ntitle: A case\n---\nIntroduction.\n\n## Start {#start}\n\nWords.\n\n:::debrief\nWords.\n:::\n",
		"content/d/index.md", "---\ntitle: Another course\n---\nWords.\n",
		"content/d/10-é.md", "---\ntitle: É\n---\nWords.\n",
		"content/d/" + norm.NFD.String("20-ö") + ".md", "---\ntitle: Ö\n---\nWords.\n",
		"content/d/" + norm.NFD.String("30-ü") + "/10-x.md", "---\ntitle: X\n---\nWords.\n",
		"static/logo.png", "not looked at: its name ends in .png",
		"static/files/a.txt", "x",
	}
}

func TestLinksResolve(t *testing.T) {
	site, _ := load(t, siteOf(linkSite()...), LoadOptions{})
	for _, c := range []struct{ lang, dest, want string }{
		// relative
		{"en", "../10-m/10-fees.md", "c/m/fees.html"},
		{"en", "./../10-m/./10-fees.md", "c/m/fees.html"},
		{"en", "10-from.md", "c/n/from.html"},
		{"en", "../80-x.case.md", "c/x.html"},
		{"en", "../10-m/90-check.quiz.yaml", "c/m/check.html"},
		{"en", "../../d/index.md", "d/index.html"},
		{"en", "../10-m/pic.svg", "c/m/pic.svg"},
		// leading slash: the site's folder, content, static
		{"en", "/content/c/10-m/10-fees.md", "c/m/fees.html"},
		{"en", "/c/10-m/10-fees.md", "c/m/fees.html"},
		{"en", "/static/files/a.txt", "files/a.txt"},
		{"en", "/files/a.txt", "files/a.txt"},
		{"en", "/c/../c/10-m/10-fees.md", "c/m/fees.html"},
		{"en", "/../c/10-m/10-fees.md", "c/m/fees.html"},
		// the translated twin, and the untranslated text where there is none
		{"hi", "../10-m/10-fees.md", "hi/c/m/fees.html"},
		{"hi", "../10-m/10-fees.md#village", "hi/c/m/fees.html#village"},
		{"hi", "../10-m/20-two%20words.md", "c/m/two-words.html"},
		{"hi", "../10-m/90-check.quiz.yaml", "c/m/check.html"},
		{"hi", "../index.md", "hi/c/index.html"},
		{"en", "../10-m/10-fees.hi.md", "hi/c/m/fees.html"}, // whoever names a translation means it
		{"hi", "../10-m/10-fees.hi.md", "hi/c/m/fees.html"},
		// fragments
		{"en", "#here", "c/n/from.html#here"},
		{"hi", "#here", "hi/c/n/from.html#here"},
		{"en", "../10-m/10-fees.md#village", "c/m/fees.html#village"},
		{"en", "../80-x.case.md#start", "c/x.html#start"},
		{"en", "../10-m/90-check.quiz.yaml#q-first", "c/m/check.html#q-first"},
		{"en", "../10-m/10-fees.md#", "c/m/fees.html"},
		{"en", "../10-m/10-fees.md?print", "c/m/fees.html"},
		{"en", "../10-m/10-fees.md#\u0958ानून", "c/m/fees.html#क\u093cानून"},  // fault 11
		{"en", "../10-m/10-fees.md#क\u093cानून", "c/m/fees.html#क\u093cानून"}, // fault 11
		{"en", "../10-m/10-fees.md#%E0%A4%95%E0%A4%BC%E0%A4%BE%E0%A4%A8%E0%A5%82%E0%A4%A8", "c/m/fees.html#क\u093cानून"},
		// percent-encoding and spaces
		{"en", "../10-m/20-two%20words.md", "c/m/two-words.html"},
		{"en", "../10-m/20-two words.md", "c/m/two-words.html"},
		{"en", "../10-m/form%201.pdf", "c/m/form-1.pdf"},
		{"en", "..%2F10-m%2F10-fees.md", "c/m/fees.html"},
		// NFC and NFD: of the link, of the file, of a folder (fault 11)
		{"en", "/d/10-é.md", "d/é.html"},
		{"en", norm.NFD.String("/d/10-é.md"), "d/é.html"},
		{"en", "/d/10-e%CC%81.md", "d/é.html"},
		{"en", "/d/20-ö.md", "d/ö.html"},
		{"en", norm.NFD.String("/d/20-ö.md"), "d/ö.html"},
		{"en", "/d/30-ü/10-x.md", "d/ü/x.html"},
		{"en", "/d/30-ü", "d/ü/index.html"},
		// folders
		{"en", "../10-m", "c/m/index.html"},
		{"en", "../10-m/", "c/m/index.html"},
		{"en", "../10-m/index.md", "c/m/index.html"},
		{"en", "..", "c/index.html"},
		{"en", ".", "c/n/index.html"}, // a module without an index.md has a page as well
		{"en", "index.md", "c/n/index.html"},
		{"hi", "..", "hi/c/index.html"},
		{"en", "/d", "d/index.html"},
		// what leads nowhere
		{"en", "30-draft.md", "link/draft"},
		{"en", "../../../../x.md", "link/outside"},
		{"en", "../../../sopan.yaml", "link/no-file"}, // in the site, but no page,
		{"en", "..%2F..%2F..%2F..%2Fetc%2Fpasswd", "link/outside"},
		{"en", "/../../etc/passwd", "link/no-file"},
		{"en", "../../../../content-secret/x.md", "link/outside"},
		{"en", `..\10-m\10-fees.md`, "link/backslash"},
		{"en", "..%5C10-m%5C10-fees.md", "link/backslash"},
		{"en", "../10-m/10-FEES.md", "link/no-file"}, // a server knows the difference
		{"en", "fees.html", "link/no-file"},
		{"en", "/sopan.yaml", "link/no-file"},
		{"en", "../10-m/10-fees.md#nowhere", "link/no-heading"},
		{"en", "../10-m/90-check.quiz.yaml#q-second", "link/no-heading"},
		{"en", "../10-m/90-check.quiz.yaml#first", "link/no-heading"},
		{"en", "%zz.md", "link/no-file"},
		{"en", "\x00.md", "link/no-file"},
		{"en", "/", "link/no-file"},
	} {
		file := "content/c/20-n/10-from.md"
		if c.lang != "en" {
			file = "content/c/20-n/10-from." + c.lang + ".md"
		}
		from := site.byFile[file]
		if from == nil {
			t.Fatalf("there is no %s", file)
		}
		d, problem := site.Resolve(from, c.dest)
		got := d.Address
		if d.Fragment != "" {
			got += "#" + d.Fragment
		}
		if problem != nil {
			got = problem.Code
			if problem.Message == "" || problem.Hint == "" {
				t.Errorf("%s: %q: a problem without words or without a next step: %+v", c.lang, c.dest, problem)
			}
		}
		if got != c.want {
			t.Errorf("%s: %q leads to %s, want %s (%+v)", c.lang, c.dest, got, c.want, problem)
		}
	}
}

func TestRereadFindsLessonsByTheirAddress(t *testing.T) {
	site, _ := load(t, siteOf(linkSite()...), LoadOptions{})
	for _, c := range []struct{ from, dest, want string }{
		{"content/c/10-m/90-check.quiz.yaml", "m/fees", "c/m/fees.html"},
		{"content/c/10-m/90-check.quiz.yaml", "m/fees#village", "c/m/fees.html#village"},
		{"content/c/10-m/90-check.quiz.yaml", "m/fees.html", "c/m/fees.html"},
		{"content/c/10-m/90-check.quiz.yaml", "fees", "c/m/fees.html"}, // in its own module
		{"content/c/10-m/90-check.quiz.yaml", "c/m/fees", "c/m/fees.html"},
		{"content/c/10-m/90-check.quiz.yaml", "d/é", "d/é.html"}, // in another course
		{"content/c/10-m/90-check.quiz.yaml", "d/e%CC%81", "d/é.html"},
		{"content/c/10-m/90-check.quiz.yaml", "x", "c/x.html"}, // a case of the course's own folder
		{"content/c/10-m/90-check.quiz.yaml", "m", "c/m/index.html"},
		{"content/c/10-m/90-check.quiz.yaml", "10-fees.md", "c/m/fees.html"},
		{"content/c/10-m/90-check.quiz.yaml", "../20-n/10-from.md#here", "c/n/from.html#here"},
		{"content/c/20-n/10-from.hi.md", "m/fees#village", "hi/c/m/fees.html#village"},
		{"content/c/20-n/10-from.md", "#here", "c/n/from.html#here"},
		{"content/c/10-m/90-check.quiz.yaml", "n/draft", "link/no-file"},
		{"content/c/10-m/90-check.quiz.yaml", "n/from#nowhere", "link/no-heading"},
		{"content/c/10-m/90-check.quiz.yaml", "fess", "link/no-file"},
	} {
		d, problem := site.Reread(site.byFile[c.from], c.dest)
		got := d.Address
		if d.Fragment != "" {
			got += "#" + d.Fragment
		}
		if problem != nil {
			got = problem.Code
		}
		if got != c.want {
			t.Errorf("%s: %q leads to %s, want %s (%+v)", c.from, c.dest, got, c.want, problem)
		}
	}
}

// Fault 11: a name in NFC and one in NFD is one name; two files of them are an
// error that names both.
func TestFault11OneNameInTwoForms(t *testing.T) {
	files := siteOf(
		"sopan.yaml", "title: A site\nlanguages: [en, hi]\n",
		"content/c/"+norm.NFC.String("10-é")+".md", "---\ntitle: One\n---\nWords.\n",
		"content/c/"+norm.NFD.String("10-é")+".md", "---\ntitle: Two\n---\nWords.\n")
	_, diags := load(t, files, LoadOptions{})
	if got := text(t, files, diags); !strings.Contains(got, "[source/name-twice]") || !strings.Contains(got, norm.NFC.String("10-é")) || !strings.Contains(got, norm.NFD.String("10-é")) {
		t.Errorf("a check prints\n%s", got)
	}
	// A translation whose name a Mac has taken apart still belongs to its text.
	files = siteOf(
		"sopan.yaml", "title: A site\nlanguages: [en, hi]\n",
		"content/c/"+norm.NFC.String("10-é")+".md", "---\ntitle: One\n---\nWords.\n",
		"content/c/"+norm.NFD.String("10-é")+".hi.md", "---\ntitle: एक\n---\nपाठ।\n")
	site, diags := load(t, files, LoadOptions{})
	if len(diags) > 0 {
		t.Errorf("a check prints\n%s", text(t, files, diags))
	}
	if items := site.Courses[0].Items(); len(items) != 1 || len(items[0].Versions) != 2 {
		t.Errorf("the site has %d items, want one in two languages", len(items))
	}
	// The composed letter U+0958 and its parts give one address.
	if a, b := Slug("\u0958ानून"), Slug("क\u093cानून"); a != b || a == "" {
		t.Errorf("slugs %q and %q, want the same", a, b)
	}
}

func TestSlugsAndOrders(t *testing.T) {
	for name, want := range map[string]string{
		"Why change?": "why-change", "  a  b ": "a-b", "Fees & Forms": "fees-forms", "Ärger": "ärger", "STRASSE": "strasse",
		"शुल्क और नियम": "शुल्क-और-नियम", "ग्राम\u200dसभा": "ग्रामसभा", "اردو": "اردو", "a.b": "a.b", "...": "", "..": "",
		"!!": "", "don't": "dont", "snake_case": "snake_case", "-a-": "a", "٣": "٣",
	} {
		if got := Slug(name); got != want {
			t.Errorf("Slug(%q) = %q, want %q", name, got, want)
		}
	}
	for name, want := range map[string]string{
		"10-vuca": "10 vuca", "010_vuca": "10 vuca", "1. First": "1 First", "2nd-step": "0 2nd-step", "10": "0 10", "99999999999-x": "0 99999999999-x",
	} {
		n, rest, _ := splitOrder(name)
		if got := strings.Join([]string{strconv.Itoa(n), rest}, " "); got != want {
			t.Errorf("splitOrder(%q) = %q, want %q", name, got, want)
		}
	}
	names := []string{"b", "100-c", "20-a", "3-z", "A"}
	want := "3-z 20-a 100-c A b"
	for range 3 {
		for i := range names {
			for j := i + 1; j < len(names); j++ {
				if byOrder(names[i], names[j]) > 0 {
					names[i], names[j] = names[j], names[i]
				}
			}
		}
	}
	if got := strings.Join(names, " "); got != want {
		t.Errorf("in order: %s, want %s", got, want)
	}
}

func TestRelativeAddresses(t *testing.T) {
	for _, c := range []struct{ from, to, want string }{
		{"index.html", "index.html", "index.html"},
		{"index.html", "a/b.html", "a/b.html"},
		{"a/b.html", "index.html", "../index.html"},
		{"a/b.html", "a/c.html", "c.html"},
		{"a/b/c.html", "a/d/e.html", "../d/e.html"},
		{"hi/a/b.html", "a/b.html", "../../a/b.html"},
		{"a/b.html", "a", "../a"},
		{"ab/c.html", "a/c.html", "../a/c.html"},
	} {
		if got := Relative(c.from, c.to); got != c.want {
			t.Errorf("Relative(%q, %q) = %q, want %q", c.from, c.to, got, c.want)
		}
	}
}

func TestAnAddressIsMadeTheSameWayForPlainNamesAsForAllOthers(t *testing.T) {
	for _, name := range []string{"a", "why-change", "a--b", "-a", "a-", "a_b", "A-b", "v1.2", ".a", "", "-", "ä-b", "10--", "10-", "10", "1234567890-x", "7 x", "3._x"} {
		slow := Slug(name + "é")
		if got := Slug(name); got+"é" != slow && !strings.HasSuffix(name, "-") && name != "" {
			t.Errorf("Slug(%q) = %q, but with a letter behind it %q", name, got, slow)
		}
	}
	for name, want := range map[string]string{"10--": "10 -", "10-": "0 10-", "10": "0 10", "1234567890-x": "0 1234567890-x", "7 x": "7 x", "3._x": "3 x", "x-10": "0 x-10", "007-bond": "7 bond"} {
		n, rest, _ := splitOrder(name)
		if got := fmt.Sprint(n, " ", rest); got != want {
			t.Errorf("splitOrder(%q) = %q, want %q", name, got, want)
		}
	}
}
