package page_test

import (
	"context"
	"maps"
	"strings"
	"testing"
	"testing/fstest"

	"sopan.dev/sopan/builder"
	"sopan.dev/sopan/builder/course"
	"sopan.dev/sopan/internal/diag"
)

// fragmentSite has a fragment in English and Hindi, one in English alone, and
// texts of each kind in two modules that include them.
func fragmentSite() map[string]string {
	return map[string]string{
		"sopan.yaml":            "title: A site\nlanguages: [en, hi, ur]\n",
		"content/glossary.yaml": "terms:\n- id: pio\n  term: {en: PIO, hi: पीआईओ}\n  meaning: {en: An officer., hi: एक अधिकारी।}\n- id: slip\n  term: {en: slip}\n  meaning: {en: A paper.}\n",
		"content/shared/receipt.md": "### A receipt {#receipt}\n\nThe PIO writes a slip. See [fees](../c/10-m/20-fees.md#amount), [above](#receipt) and " +
			"![Stamp](stamp.svg).\n\n::::activity{title=\"Try\" minutes=9}\nDo it.\n::::\n",
		"content/shared/receipt.hi.md": "### रसीद {#receipt}\n\n[शुल्क](../c/10-m/20-fees.md#amount) देखिए।\n",
		"content/shared/deep/plain.md": "Only English, in a *folder*: [fees](/c/10-m/20-fees.md).\n",
		"content/shared/stamp.svg":     `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 3"/>`,
		"content/c/index.md":           "---\ntitle: A course\n---\nWelcome.\n\n:::include{file=\"../shared/deep/plain.md\"}\n:::\n",
		"content/c/10-m/index.md":      "---\ntitle: M\n---\n:::include{file=\"../../shared/deep/plain.md\"}\n:::\n",
		"content/c/10-m/10-a.md": "---\ntitle: A\n---\n## Start {#start}\n\nThe slip is here.\n\n:::include{file=\"/shared/receipt.md\"}\n:::\n\n" +
			"Afterwards.\n\n## End {#end}\n\nOf it.\n\n[down](#receipt)\n",
		"content/c/10-m/10-a.hi.md":    "---\ntitle: अ\n---\n## आरंभ {#start}\n\n:::include{file=\"/shared/receipt.md\"}\n:::\n",
		"content/c/10-m/10-a.ur.md":    "---\ntitle: الف\n---\n## آغاز {#start}\n\n:::include{file=\"/shared/receipt.md\"}\n:::\n",
		"content/c/10-m/20-fees.md":    "---\ntitle: Fees\n---\n## Amount {#amount}\n\nTen. See [the receipt](10-a.md#receipt).\n",
		"content/c/10-m/20-fees.hi.md": "---\ntitle: शुल्क\n---\n## राशि {#amount}\n\nदस।\n",
		"content/c/20-n/80-x.case.md": "---\ntitle: A case\n---\nBefore.\n\n## Start {#start}\n\nWords.\n\n:::include{file=\"/shared/receipt.md\"}\n:::\n\n:::debrief\n" +
			"You did.\n:::\n",
	}
}

// built builds a site in memory and renders it: address -> content.
func built(t *testing.T, b *builder.Builder, files map[string]string) (map[string]string, *course.Site) {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	r, diags, err := b.Build(context.Background(), fsys, builder.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range diags {
		if d.Severity != diag.Note {
			t.Fatalf("%s:%d:%d: %s %s [%s]", d.Start.File, d.Start.Line, d.Start.Col, d.Message, d.Hint, d.Code)
		}
	}
	out := map[string]string{}
	for address, entry := range r.Set.All() {
		content, err := entry.Content()
		if err != nil {
			t.Fatalf("%s: %v", address, err)
		}
		out[address] = string(content)
	}
	return out, r.Site
}

func TestAFragmentIsAPartOfThePageThatIncludesIt(t *testing.T) {
	pages, site := built(t, builder.New(), fragmentSite())
	for _, c := range []struct {
		claim, page, want string
	}{
		{"its heading keeps its id", "c/m/a.html", `<h3 id="receipt">A receipt</h3>`},
		{"its links lead on from the page", "c/m/a.html", `<a href="fees.html#amount">fees</a>`},
		{"its own headings are in the page", "c/m/a.html", `<a href="#receipt">above</a>`},
		{"the page links into it", "c/m/a.html", `<a href="#receipt">down</a>`},
		{"its pictures are found", "c/m/a.html", `src="../../shared/stamp.svg" alt="Stamp" width="4" height="3"`},
		{"its terms are linked", "c/m/a.html", `<a class="term" href="../../glossary.html#pio"`},
		{"the table of contents has it", "c/m/a.html", `href="#receipt">A receipt</a>`},
		{"its minutes count", "c/m/a.html", "10 min"},
		{"the search has it", "assets/search/course-c.en.js", `["receipt","A receipt","The PIO writes a slip.`},
		{"what follows it goes on under its heading", "assets/search/course-c.en.js", `Do it. Afterwards."]`},
		{"other texts link into it", "c/m/fees.html", `<a href="a.html#receipt">the receipt</a>`},
		{"its translation is taken", "hi/c/m/a.html", `<h3 id="receipt">रसीद</h3>`},
		{"its links lead to translations", "hi/c/m/a.html", `<a href="fees.html#amount">शुल्क</a>`},
		{"without a translation it is marked", "ur/c/m/a.html", "<div lang=\"en\" dir=\"ltr\">\n<h3 id=\"receipt\">A receipt</h3>"},
		{"and its blocks speak its language", "ur/c/m/a.html", `<p class="block-title">Activity: Try`},
		{"and its links lead to what there is, and say so", "ur/c/m/a.html", `<a href="../../../c/m/fees.html#amount" hreflang="en">fees</a>`},
		{"a course includes one", "c/index.html", `in a <em>folder</em>: <a href="m/fees.html">fees</a>`},
		{"a module includes one", "c/m/index.html", `in a <em>folder</em>: <a href="fees.html">fees</a>`},
		{"a course that is not translated has its words in its own language", "hi/c/index.html", `in a <em>folder</em>: <a href="m/fees.html">`},
		{"a case study includes one", "c/n/x.html", `<h3 id="receipt">A receipt</h3>`},
		{"and its links lead on from there", "c/n/x.html", `<a href="../m/fees.html#amount">fees</a>`},
	} {
		if !strings.Contains(pages[c.page], c.want) {
			t.Errorf("%s: %s does not hold %s", c.claim, c.page, c.want)
		}
	}
	if n := strings.Count(pages["c/m/a.html"], "glossary.html#slip"); n != 1 {
		t.Errorf("a term of the page and of its fragment is linked %d times, want once", n)
	}
	if strings.Contains(pages["hi/c/m/a.html"], `lang="hi">`+"\n<h3") {
		t.Error("a translated fragment is marked as foreign")
	}
	for address := range pages {
		if strings.Contains(address, "receipt") || strings.Contains(address, "plain") {
			t.Errorf("a fragment has a page: %s", address)
		}
	}
	lesson := site.Courses[0].Modules[0].Items[0].Versions.In("en")
	if f := lesson.Facts; f.Words != 25 || lesson.Front.Minutes != 10 || len(f.Human) != 1 {
		t.Errorf("%d words, %d minutes, blocks %v", f.Words, lesson.Front.Minutes, f.Human)
	}
}

// TestASavedFragmentChangesThePagesThatIncludeIt compares a build that
// remembers the one before it with a clean one.
func TestASavedFragmentChangesThePagesThatIncludeIt(t *testing.T) {
	files := fragmentSite()
	b := builder.New()
	before, _ := built(t, b, files)
	files["content/shared/receipt.md"] = "### A slip {#receipt}\n\nOther words now.\n\n### And more {#more}\n\nOf them.\n"
	after, _ := built(t, b, files)
	clean, _ := built(t, builder.New(), files)
	if !maps.Equal(after, clean) {
		for address := range clean {
			if after[address] != clean[address] {
				t.Errorf("%s is not what a clean build makes", address)
			}
		}
	}
	for address, want := range map[string]string{
		"c/m/a.html": "Other words now.", "c/n/x.html": "Other words now.", "ur/c/m/a.html": "Other words now.",
		"assets/search/course-c.en.js": `["more","And more","Of them. Afterwards."]`,
	} {
		if strings.Contains(before[address], want) || !strings.Contains(after[address], want) {
			t.Errorf("%s does not hold %s after the fragment was saved", address, want)
		}
	}
	if !strings.Contains(after["c/m/a.html"], `href="#more">And more</a>`) {
		t.Error("the table of contents has no heading of the changed fragment")
	}
	if before["c/m/fees.html"] != after["c/m/fees.html"] {
		t.Error("a page that does not include the fragment changed")
	}
}
