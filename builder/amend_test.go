package builder

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"sopan.dev/sopan/builder/cache"
	"sopan.dev/sopan/builder/output"
	"sopan.dev/sopan/builder/source"
)

// amended is a site that was built and written, with what the next build has to start from.
type amended struct {
	dir, caches, out string
	files            map[string]string
	memory           output.Memory
	last             LastBuilt
	bundles          *Builder
}

// newAmended builds a site; bundles remembers its scripts, which are the same in all tests.
func newAmended(t *testing.T, bundles *Builder) *amended {
	t.Helper()
	s := &amended{dir: t.TempDir(), caches: t.TempDir(), out: filepath.Join(t.TempDir(), "public"), bundles: bundles, files: map[string]string{
		"sopan.yaml":                   "title: Two courses\nlanguages: [en, hi]\n",
		"content/competencies.yaml":    "frameworks:\n- id: all\n  title: {en: All}\n  levels: {en: [Low, High]}\n  areas:\n  - title: {en: Ethos}\n    competencies:\n    - id: people-first\n      title: {en: People First}\n",
		"content/glossary.yaml":        "terms:\n- id: rti\n  term: {en: RTI}\n  meaning: {en: Right to information.}\n",
		"content/a/index.md":           "---\ntitle: First course\n---\nWords.\n",
		"content/a/10-m/index.md":      "---\ntitle: Module\n---\nWords, and [one](10-one.md).\n",
		"content/a/10-m/10-one.md":     "---\ntitle: One\n---\nWords of RTI, ![a drawing](/both.svg) and [two](20-two.md#there).\n\n## Here {#here}\n\nMore.\n",
		"content/a/10-m/20-two.md":     "---\ntitle: Two\n---\nWords.\n\n## There {#there}\n\n```quiz\n- {id: p, ask: Is it so?, right: true}\n```\n",
		"content/a/10-m/30-both.md":    "---\ntitle: Both\n---\nWords.\n",
		"content/a/10-m/30-both.hi.md": "---\ntitle: दोनों\n---\nशब्द\n",
		"content/a/10-m/40-part.md":    "---\ntitle: Part\n---\nWords.\n\n:::include{file=\"/shared/part.md\"}\n:::\n",
		"content/a/10-m/50-out.md":     "---\ntitle: Out\n---\nSee [the other course](../../b/10-three.md#deep).\n",
		"content/a/10-m/60-file.md":    "---\ntitle: File\n---\nSee ![a photo](photo.png).\n",
		// In Hindi this page shows the English text, with the Hindi title of what it leads to.
		"content/a/15-n/index.md":      "---\ntitle: Next\n---\n```quiz\n- {id: p, ask: Is it so?, right: true, reread: ../../c/10-m/40-heard.md}\n```\n",
		"content/a/15-n/10-x.md":       "---\ntitle: X\n---\nWords.\n",
		"content/a/15-n/10-x.hi.md":    "---\ntitle: एक्स\n---\nशब्द\n",
		"content/a/20-try.case.md":     "---\ntitle: A case\n---\nWords.\n\n## Start\n\n- [Go](#end)\n\n## End\n\n:::debrief\nDone.\n:::\n",
		"content/a/30-check.quiz.yaml": "title: Check\nquestions:\n- {id: a, ask: Is it?, right: true}\n- {id: b, ask: Which?, right: this, wrong: [that]}\n",
		"content/a/10-m/70-empty.md":   "---\ntitle: Empty\n---\n",
		"content/a/10-m/photo.png":     onePixel,
		"content/shared/part.md":       "A part of [this](/c/10-m/50-spoken.md).\n",
		"content/b/index.md":           "---\ntitle: Second course\n---\nWords.\n",
		"content/b/10-three.md":        "---\ntitle: Three\n---\nWords, see [one](../a/10-m/10-one.md#here), [the photo](../a/10-m/photo.png), [that](../c/10-m/40-heard.md).\n\n## Deep {#deep}\n\nMore.\n",
		"content/b/20-slow.md":         "---\ntitle: Slow\n---\nWords.\n",
		// Of this course, which leads nowhere else, a title may be changed by the short way.
		"content/c/index.md":            "---\ntitle: Third course\nsummary: Of much.\naliases: [third.html]\n---\nWords.\n",
		"content/c/10-m/index.md":       "---\ntitle: Module\n---\nWords, and [alpha](10-alpha.md).\n",
		"content/c/10-m/10-alpha.md":    "---\ntitle: Alpha\naliases: [c/old.html]\ncompetencies: [\"People First, level 2\"]\n---\nWords of RTI, ![a drawing](/both.svg), ![a photo](photo.png) and [beta](20-beta.md#there).\n\n## Here {#here}\n\nMore.\n",
		"content/c/10-m/20-beta.md":     "---\ntitle: Beta\nminutes: 5\n---\nWords.\n\n## There {#there}\n\n```quiz\n- {id: p, ask: Is it so?, right: true, reread: 10-alpha.md#here}\n```\n",
		"content/c/10-m/20-beta.hi.md":  "---\ntitle: दोनों\n---\nशब्द\n\n## वहाँ {#there}\n",
		"content/c/10-m/30-part.md":     "---\ntitle: Part\n---\nWords.\n\n:::include{file=\"/shared/part.md\"}\n:::\n",
		"content/c/10-m/40-heard.md":    "---\ntitle: Heard\n---\nWords.\n",
		"content/c/10-m/40-heard.hi.md": "---\ntitle: सुना\n---\nशब्द\n",
		"content/c/10-m/50-spoken.md":   "---\ntitle: Spoken\n---\nWords.\n",
		"content/c/10-m/photo.png":      onePixel,
		"content/c/20-try.case.md":      "---\ntitle: A case\n---\nWords.\n\n## Start\n\n- [Go](#end)\n\n## End\n\n:::debrief\nDone.\n:::\n",
		"content/c/30-check.quiz.yaml":  "title: Check\nquestions:\n- {id: a, ask: Is it?, right: true, reread: m/alpha#here}\n- {id: b, ask: Which?, right: this, wrong: [that]}\n",
		"static/both.svg":               `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><path d="M0 0h10v10z"/></svg>`,
	}}
	for name, text := range s.files {
		s.put(t, name, text)
	}
	s.last = LastBuilt{Memory: &s.memory, Out: s.out}
	if set := s.build(t, false); set != nil {
		t.Fatal("the first build found a short way")
	}
	return s
}

// onePixel is a picture, as far as anybody looks into it.
const onePixel = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde\x00\x00\x00\x0cIDATx\x9cc\xf8\xcf\xc0\x00\x00\x03\x01\x01\x00\xc9\xfe\x92\xef\x00\x00\x00\x00IEND\xaeB`\x82"

func (s *amended) put(t *testing.T, name, text string) {
	t.Helper()
	writeDown(t, s.dir, map[string]string{name: text})
}

// build builds and writes the site, by the short way if there is one, and holds what stands then against a clean build. It
// gives what the short way made anew, nil where the whole was built.
func (s *amended) build(t *testing.T, broken bool) *output.Set {
	t.Helper()
	fsys := os.DirFS(s.dir)
	b := Remembering(cache.Open(s.caches, s.dir, "test"), "test")
	b.memo.made = bundled(s.bundles).memo.made
	if _, _, err := b.Unchanged(t.Context(), fsys, Options{}); err != nil {
		t.Fatal(err)
	}
	amended, err := b.Amend(t.Context(), Options{}, s.last)
	if err != nil {
		t.Fatal(err)
	}
	clean, wantDiags, err := s.bundles.Build(t.Context(), fsys, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if wantDiags.HasErrors() != broken {
		t.Fatal(wantDiags)
	}
	var fresh, set *output.Set
	var tree *source.Tree
	diags, known := s.last.Diags, Known{}
	if amended != nil {
		fresh, tree, known = amended.Set, amended.Tree, amended.Known
		there := false
		if set, there = s.memory.With(fresh); !there {
			t.Fatal("the short way made a file that was not there")
		}
	} else {
		result, found, err := b.Build(t.Context(), fsys, Options{})
		if err != nil {
			t.Fatal(err)
		}
		set, tree, diags, known = result.Set, result.Tree, found, result.Known
	}
	compareDiags(t, 0, "the site", diags, wantDiags)
	b.Keep(tree, NameOf(tree))()
	if broken {
		return fresh
	}
	if _, err := output.WriteDir(t.Context(), set, s.out, output.Options{Memory: &s.memory}); err != nil {
		t.Fatal(err)
	}
	s.last.Sources, s.last.Diags, s.last.Known = NameOf(tree), diags, known
	want := filepath.Join(t.TempDir(), "clean")
	if _, err := output.WriteDir(t.Context(), clean.Set, want, output.Options{}); err != nil {
		t.Fatal(err)
	}
	compareFolders(t, "the site", s.out, want)
	if fresh != nil {
		compareKeys(t, "the site", s.whole(t), &s.memory, s.last.Known)
	}
	return fresh
}

// whole is what a build that knows the last one's files says, and does not take the short way.
func (s *amended) whole(t *testing.T) *Result {
	t.Helper()
	b := Remembering(cache.Open(s.caches, s.dir, "test"), "test")
	b.memo.made = bundled(s.bundles).memo.made
	whole, _, err := b.Build(t.Context(), os.DirFS(s.dir), Options{})
	if err != nil {
		t.Fatal(err)
	}
	return whole
}

// compareKeys holds what is remembered behind a short way against what a whole build remembers: a file that has a wrong name
// would be taken for right later.
func compareKeys(t *testing.T, what string, whole *Result, memory *output.Memory, known Known) {
	t.Helper()
	if !reflect.DeepEqual(known, whole.Known) {
		t.Errorf("%s: known is %v, to a whole build %v", what, known, whole.Known)
	}
	for path, entry := range whole.Set.All() {
		if key, there := memory.Key(path); !there || key != entry.Key {
			t.Errorf("%s: %s is remembered as %q, a whole build calls it %q", what, path, key, entry.Key)
		}
	}
}

// TestAnEditThatNoOtherPageShowsIsBuiltByTheShortWay: whatever way a build takes, it leaves the files of a clean one. Which
// edits take the short one is part of what is promised.
func TestAnEditThatNoOtherPageShowsIsBuiltByTheShortWay(t *testing.T) {
	type edit struct{ file, old, new string }
	bundles := New()
	more := func(file string) edit { return edit{file, "", "\nMore words.\n"} }
	for what, c := range map[string]struct {
		edits []edit
		made  []string // by the short way; nil: the whole is built
	}{
		"words":                     {[]edit{more("content/a/10-m/10-one.md")}, []string{"a/m/one.html", "assets/offline/a.en.json", "assets/offline/a.hi.json", "assets/search/course-a.en.js", "assets/search/course-a.hi.js"}},
		"words of the other course": {[]edit{more("content/b/20-slow.md")}, []string{"assets/offline/b.en.json", "assets/search/course-b.en.js", "b/slow.html"}},
		"words of a course":         {[]edit{more("content/a/index.md")}, []string{"a/index.html", "assets/offline/a.en.json", "assets/offline/a.hi.json", "assets/search/course-a.en.js", "assets/search/course-a.hi.js", "hi/a/index.html"}},
		"words of a module":         {[]edit{more("content/a/10-m/index.md")}, []string{"a/m/index.html", "assets/offline/a.en.json", "assets/offline/a.hi.json", "assets/search/course-a.en.js", "assets/search/course-a.hi.js", "hi/a/m/index.html"}},
		"a translation":             {[]edit{more("content/a/10-m/30-both.hi.md")}, []string{"a/m/both.html", "assets/offline/a.en.json", "assets/offline/a.hi.json", "assets/search/course-a.en.js", "assets/search/course-a.hi.js", "hi/a/m/both.html"}},
		"two texts":                 {[]edit{more("content/a/10-m/10-one.md"), more("content/a/10-m/20-two.md")}, []string{"a/m/one.html", "a/m/two.html", "assets/offline/a.en.json", "assets/offline/a.hi.json", "assets/search/course-a.en.js", "assets/search/course-a.hi.js"}},
		"a question":                {[]edit{{"content/a/30-check.quiz.yaml", "Is it?", "Is it so?"}}, []string{"a/check.html", "assets/offline/a.en.json", "assets/offline/a.hi.json", "assets/search/course-a.en.js", "assets/search/course-a.hi.js"}},
		"a text with a picture":     {[]edit{more("content/a/10-m/60-file.md")}, []string{"a/m/file.html", "assets/offline/a.en.json", "assets/offline/a.hi.json", "assets/search/course-a.en.js", "assets/search/course-a.hi.js"}},
		"a title":                   {[]edit{{"content/c/10-m/10-alpha.md", "title: Alpha", "title: Other"}}, third},
		"a module's title":          {[]edit{{"content/c/10-m/index.md", "title: Module", "title: Other"}}, third},
		"a course's title":          {[]edit{{"content/c/index.md", "title: Third", "title: Last"}}, third},
		"a quiz's title":            {[]edit{{"content/c/30-check.quiz.yaml", "title: Check", "title: Test"}}, third},
		"a translated title":        {[]edit{{"content/c/10-m/20-beta.hi.md", "दोनों", "दूसरा"}}, third},
		"a title of a text with a fragment beside it": {[]edit{{"content/c/10-m/20-beta.md", "title: Beta", "title: Other"}}, third},
		"a summary":                             {[]edit{{"content/c/10-m/10-alpha.md", "title: Alpha", "title: Alpha\nsummary: Short."}}, third},
		"a course's summary":                    {[]edit{{"content/c/index.md", "Of much", "Of little"}}, third},
		"minutes":                               {[]edit{{"content/c/10-m/20-beta.md", "minutes: 5", "minutes: 7"}}, third},
		"a longer text":                         {[]edit{{"content/c/10-m/10-alpha.md", "", strings.Repeat("Many more words. ", 200)}}, third},
		"a heading's words":                     {[]edit{{"content/c/10-m/10-alpha.md", "## Here", "## There"}}, third},
		"two titles":                            {[]edit{{"content/c/10-m/10-alpha.md", "title: Alpha", "title: Beta"}, {"content/c/10-m/20-beta.md", "title: Beta", "title: Alpha"}}, third},
		"a title and words":                     {[]edit{{"content/c/10-m/10-alpha.md", "title: Alpha", "title: Other"}, more("content/c/10-m/20-beta.md")}, third},
		"the same words":                        {[]edit{{"content/a/10-m/10-one.md", "Words", "Words"}}, []string{"a/m/one.html", "assets/offline/a.en.json", "assets/offline/a.hi.json", "assets/search/course-a.en.js", "assets/search/course-a.hi.js"}},
		"a title in a course that leads out":    {[]edit{{"content/a/10-m/20-two.md", "title: Two", "title: Other"}}, nil},
		"a title that another course speaks of": {[]edit{{"content/c/10-m/40-heard.md", "title: Heard", "title: Other"}}, nil},
		"a translated title that another course speaks of": {[]edit{{"content/c/10-m/40-heard.hi.md", "title: सुना", "title: दूसरा"}}, nil},
		"a title that a fragment speaks of":                {[]edit{{"content/c/10-m/50-spoken.md", "title: Spoken", "title: Other"}}, nil},
		"a case study's title":                             {[]edit{{"content/c/20-try.case.md", "title: A case", "title: Another"}}, nil},
		"the title of a text with a fragment in it":        {[]edit{{"content/c/10-m/30-part.md", "title: Part", "title: Other"}}, nil},
		"a title that is gone":                             {[]edit{{"content/c/10-m/index.md", "title: Module\n", "summary: Short.\n"}}, nil},
		"titles in two courses":                            {[]edit{{"content/c/10-m/10-alpha.md", "title: Alpha", "title: Other"}, {"content/b/20-slow.md", "title: Slow", "title: Quick"}}, nil},
		"a status":                                         {[]edit{{"content/c/10-m/20-beta.md", "title: Beta", "title: Beta\nstatus: review"}}, nil},
		"a draft":                                          {[]edit{{"content/c/10-m/20-beta.md", "title: Beta", "title: Beta\nstatus: draft"}, {"content/c/10-m/10-alpha.md", "[beta](20-beta.md#there)", "beta"}}, nil},
		"an id":                                            {[]edit{{"content/c/10-m/20-beta.md", "title: Beta", "title: Beta\nid: gamma"}}, nil},
		"an alias":                                         {[]edit{{"content/c/10-m/10-alpha.md", "c/old.html", "c/older.html"}}, nil},
		"a competency":                                     {[]edit{{"content/c/10-m/20-beta.md", "title: Beta", "title: Beta\ncompetencies: [\"People First, level 2\"]"}}, nil},
		"what completes a course":                          {[]edit{{"content/c/index.md", "title: Third course", "title: Third course\ncomplete: {quizzes: none}"}}, nil},
		"another heading":                                  {[]edit{{"content/a/10-m/10-one.md", "", "\n## New\n"}}, nil},
		"another link":                                     {[]edit{{"content/a/10-m/10-one.md", "", "\n[Two](20-two.md)\n"}}, nil},
		"a text that leads out":                            {[]edit{more("content/a/10-m/50-out.md")}, nil},
		"a text that includes":                             {[]edit{more("content/a/10-m/40-part.md")}, nil},
		"a fragment":                                       {[]edit{more("content/shared/part.md")}, nil},
		"a case study":                                     {[]edit{more("content/a/20-try.case.md")}, nil},
		"a new text":                                       {[]edit{{"content/a/10-m/80-new.md", "", "---\ntitle: New\n---\nWords.\n"}}, nil},
		"two courses":                                      {[]edit{more("content/a/10-m/10-one.md"), more("content/b/20-slow.md")}, nil},
		"the settings":                                     {[]edit{{"sopan.yaml", "Two courses", "Courses"}}, nil},
		"the settings and a text":                          {[]edit{{"sopan.yaml", "Two courses", "Courses"}, more("content/a/10-m/10-one.md")}, nil},
		"the glossary":                                     {[]edit{{"content/glossary.yaml", "Right", "The right"}}, nil},
		"a drawing":                                        {[]edit{{"static/both.svg", "M0 0", "M1 1"}}, nil},
		"a file that a text shows":                         {[]edit{{"content/a/10-m/photo.png", "", " "}}, nil},
		"a text with a warning":                            {[]edit{more("content/a/10-m/70-empty.md")}, nil},
	} {
		t.Run(what, func(t *testing.T) {
			s := newAmended(t, bundles)
			for _, e := range c.edits {
				text, there := s.files[e.file]
				switch {
				case e.old == "":
					text += e.new
				case there && strings.Contains(text, e.old):
					text = strings.Replace(text, e.old, e.new, 1)
				default:
					t.Fatalf("%s does not say %q", e.file, e.old)
				}
				s.put(t, e.file, text)
			}
			fresh := s.build(t, false)
			if made := fresh.Paths(); !slices.Equal(made, c.made) {
				t.Errorf("made anew is\n%q, want\n%q", made, c.made)
			}
		})
	}
}

// third is what a title is shown by: all pages of its course, and those of the whole site.
var third = []string{
	"assets/course/c.js", "assets/offline/a.en.json", "assets/offline/a.hi.json", "assets/offline/b.en.json", "assets/offline/c.en.html", "assets/offline/c.en.json", "assets/offline/c.hi.html", "assets/offline/c.hi.json", "assets/search/course-c.en.js", "assets/search/course-c.hi.js", "assets/search/site.en.js", "assets/search/site.hi.js",
	"c/certificate.html", "c/check.html", "c/index.html", "c/m/alpha.html", "c/m/beta.html", "c/m/heard.html", "c/m/index.html", "c/m/part.html", "c/m/spoken.html", "c/old.html", "c/try.facilitator.html", "c/try.html",
	"glossary.html", "hi/c/certificate.html", "hi/c/index.html", "hi/c/m/beta.html", "hi/c/m/heard.html", "hi/c/m/index.html", "hi/glossary.html", "hi/index.html", "hi/map.html", "hi/records.html", "index.html", "map.html", "records.html", "third.html",
}

// TestATitleIsDrawnWhereItIsShown: a page that shows nothing of a title keeps its name, and so is not made anew. What a page
// shows of its course is the theme's choice.
func TestATitleIsDrawnWhereItIsShown(t *testing.T) {
	s := newAmended(t, New())
	titled := func(title string) (renamed []string) {
		t.Helper()
		before := map[string]string{}
		for _, f := range s.memory.Files {
			before[f.Path] = f.Key
		}
		s.put(t, "content/c/10-m/20-beta.md", strings.Replace(s.files["content/c/10-m/20-beta.md"], "title: Beta", "title: "+title, 1))
		s.build(t, false)
		for _, f := range s.memory.Files {
			if f.Key != before[f.Path] && strings.HasSuffix(f.Path, ".html") {
				renamed = append(renamed, f.Path)
			}
		}
		return renamed
	}
	// The outline shows the steps of the page's own module; alpha leads to beta, and the Hindi pages show its Hindi title.
	shown := []string{"c/index.html", "c/m/alpha.html", "c/m/beta.html", "c/m/heard.html", "c/m/index.html", "c/m/part.html", "c/m/spoken.html", "hi/c/index.html", "hi/c/m/beta.html", "hi/map.html", "map.html"}
	if renamed := titled("Other"); !slices.Equal(renamed, shown) {
		t.Errorf("another title renames\n%q, want\n%q", renamed, shown)
	}
	s.put(t, "themes/sopan/templates/outline.html", "<nav class=\"outline\">{{range .Flights}}{{range .Steps}}<p data-item=\"{{.Key}}\"><a href=\"{{.Href}}\">{{.Title}}</a>{{end}}{{end}}</nav>\n")
	s.build(t, false)
	for _, page := range []string{"c/check.html", "c/try.html", "c/m/part.html"} {
		if renamed := titled("Other, in " + page); !slices.Contains(renamed, page) {
			t.Errorf("%s keeps its name, though the theme's outline shows all steps of the course: only %q", page, renamed)
		}
	}
}

// TestASearchIndexHoldsTheWordsOfTextsThatNobodyEdited: they are taken from the last build's, whatever stands in them.
func TestASearchIndexHoldsTheWordsOfTextsThatNobodyEdited(t *testing.T) {
	s := newAmended(t, New())
	const alpha, beta = "content/c/10-m/10-alpha.md", "content/c/10-m/20-beta.md"
	s.put(t, alpha, "---\ntitle: 'Al\",{\"t\":\"pha'\n---\nWords `,{\"t\":\"x\",\"u\":\"y\",\"h\":[` and `]});` of a & b \\.\n\n## Here {#here}\n\nMore.\n")
	s.build(t, false)
	const index = "assets/search/course-c.en.js"
	for _, e := range []struct{ file, old, new string }{
		{beta, "title: Beta", "title: 'Be,{\"t\":ta'"},
		{beta, "Words.", "Words that are new."},
		{alpha, "More.", "More ]}, of it."},
		{beta, "that are new", "that are newer"},
	} {
		b, err := os.ReadFile(filepath.Join(s.dir, e.file))
		if err != nil || !strings.Contains(string(b), e.old) {
			t.Fatal(e.file, e.old, err)
		}
		s.put(t, e.file, strings.Replace(string(b), e.old, e.new, 1))
		fresh := s.build(t, false) // holds it against a clean build
		if fresh == nil || !slices.Contains(fresh.Paths(), index) {
			t.Errorf("%q in %s is not built by the short way", e.new, e.file)
		}
	}
	// Somebody writes into the index: nothing of it is believed.
	if err := os.WriteFile(filepath.Join(s.out, index), []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	s.put(t, beta, "---\ntitle: Third\nminutes: 5\n---\nWords.\n\n## There {#there}\n\n```quiz\n- {id: p, ask: Is it so?, right: true, reread: 10-alpha.md#here}\n```\n")
	s.build(t, false)
}

// TestATranslatedQuizShowsWhatItsOriginalLeadsTo: what a question tells learners to read again stands in the original alone.
func TestATranslatedQuizShowsWhatItsOriginalLeadsTo(t *testing.T) {
	s := newAmended(t, New())
	s.put(t, "content/b/30-ask.quiz.yaml", "title: Ask\nquestions:\n- {id: a, ask: Is it?, right: true, reread: ../a/10-m/30-both.md}\n- {id: b, ask: Is it so?, right: true, reread: slow}\n")
	s.put(t, "content/b/30-ask.quiz.hi.yaml", "title: पूछ\nquestions:\n  a: {ask: क्या?}\n  b: {ask: क्या वह?}\n")
	s.build(t, false)
	for _, file := range []string{"content/a/10-m/30-both.md", "content/a/10-m/30-both.hi.md", "content/b/20-slow.md"} {
		s.put(t, file, "---\ntitle: Another title\n---\nWords.\n")
		s.build(t, false)
	}
}

// TestTheShortWayStartsFromWhatWasWritten: a build that failed remembers the files too, and nothing was written of it.
func TestTheShortWayStartsFromWhatWasWritten(t *testing.T) {
	s := newAmended(t, New())
	one, two := "content/a/10-m/10-one.md", "content/a/10-m/20-two.md"
	s.put(t, one, s.files[one]+"\nMore.\n")
	s.put(t, two, s.files[two]+"\n[Nowhere](nowhere.md)\n")
	if s.build(t, true) != nil {
		t.Error("a site with an error was built by the short way")
	}
	s.put(t, two, s.files[two])
	if s.build(t, false) != nil {
		t.Error("what changed before the build that failed is not seen any more")
	}
	s.put(t, one, s.files[one]+"\nMore and more.\n")
	if s.build(t, false) == nil {
		t.Error("there is no short way once the whole was built")
	}
	// And again after itself.
	s.put(t, two, s.files[two]+"\nMore.\n")
	if s.build(t, false) == nil {
		t.Error("there is no short way behind a short way")
	}
	b := Remembering(cache.Open(s.caches, s.dir, "test"), "test")
	if tree, name, err := b.Unchanged(t.Context(), os.DirFS(s.dir), Options{}); err != nil || name == "" || name != NameOf(tree) {
		t.Errorf("after a short way the site is not known (%v)", err)
	}
}

// TestTheShortWayKnowsTheTitlesOfCoursesThatItDoesNotRead: also those that another short way changed, and one that it knows no
// longer sends it the long way.
func TestTheShortWayKnowsTheTitlesOfCoursesThatItDoesNotRead(t *testing.T) {
	s := newAmended(t, New())
	alpha, other := "content/c/10-m/10-alpha.md", "content/d/10-other.md"
	s.put(t, "content/d/index.md", "---\ntitle: Fourth course\n---\nWords.\n")
	s.put(t, other, "---\ntitle: Other\nminutes: 1\n---\nWords.\n")
	if s.build(t, false) != nil {
		t.Error("a new course was built by the short way")
	}
	short := func(file, text string) {
		t.Helper()
		s.put(t, file, text)
		if s.build(t, false) == nil {
			t.Error("it took the long way")
		}
	}
	title := func(n string) string { return strings.Replace(s.files[alpha], "title: Alpha", "title: Alpha "+n, 1) }
	short(alpha, title("one"))
	short(alpha, title("one")+"\nMore words.\n")
	short(other, "---\ntitle: Another\nminutes: 2\n---\nWords.\n")
	short(alpha, title("two"))
	short(other, "---\ntitle: Another\nminutes: 3\n---\nWords.\n")

	faces, err := filepath.Glob(filepath.Join(s.caches, "*", "face-*"))
	if err != nil || len(faces) == 0 {
		t.Fatalf("there are %d faces (%v)", len(faces), err)
	}
	for n, spoil := range []func(face, other string) error{
		func(face, _ string) error { return os.Remove(face) },
		func(face, other string) error { // whole, and not the one that its name says
			b, err := os.ReadFile(other)
			return errors.Join(err, os.WriteFile(face, b, 0o600))
		},
	} {
		face := func(course int) string {
			return filepath.Join(filepath.Dir(faces[0]), cacheName("face", s.last.Known.Faces[course]))
		}
		if err := spoil(face(0), face(1)); err != nil {
			t.Fatal(err)
		}
		s.put(t, alpha, title(fmt.Sprint("three ", n)))
		if s.build(t, false) != nil {
			t.Error("there is a short way without the face of another course")
		}
		short(alpha, title(fmt.Sprint("four ", n)))
	}
}

// A translated quiz's page shows the original's pictures in their own size, and where its links lead.
func TestAPictureOfAQuizIsAnotherInItsTranslationToo(t *testing.T) {
	s := newAmended(t, New())
	drawing := func(width string) string {
		return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ` + width + ` 10"><path d="M0 0h10v10z"/></svg>`
	}
	s.put(t, "content/a/own.svg", drawing("10"))
	s.put(t, "content/a/30-check.quiz.yaml", "title: Check\nquestions:\n- {id: a, ask: Is it?, right: true, image: {own.svg: A form}, reread: m/two}\n- {id: b, ask: Is it?, right: true}\n")
	s.put(t, "content/a/30-check.quiz.hi.yaml", "title: जाँच\nquestions:\n  b: {ask: क्या?}\n")
	s.build(t, false)
	s.put(t, "content/a/own.svg", drawing("20"))
	s.build(t, false)
	s.put(t, "content/a/10-m/20-two.hi.md", "---\ntitle: दो\n---\nशब्द\n\n## वहाँ {#there}\n")
	s.build(t, false)
}

// TestAQuestionThatIsReleasedIsComparedWhole: what learners' answers hang on is told when it changes.
func TestAQuestionThatIsReleasedIsComparedWhole(t *testing.T) {
	check, two := "content/a/30-check.quiz.yaml", "content/a/10-m/20-two.md"
	bundles := New()
	for what, prepare := range map[string]func(s *amended){
		"a lock":          func(s *amended) { s.put(t, "sopan.lock", "{}") },
		"a key beside it": func(s *amended) { s.last.Keys = true },
	} {
		s := newAmended(t, bundles)
		prepare(s)
		s.build(t, false)
		for file, old := range map[string]string{check: "Is it?", two: "Is it so?"} {
			s.put(t, file, strings.Replace(s.files[file], old, "Is it really so?", 1))
			if s.build(t, false) != nil {
				t.Errorf("%s: a changed question of %s took the short way", what, file)
			}
		}
		s.put(t, "content/a/10-m/10-one.md", s.files["content/a/10-m/10-one.md"]+"\nMore.\n")
		if s.build(t, false) == nil {
			t.Errorf("%s: a text without questions took the long way", what)
		}
	}
}

// TestAnotherCoursesSayStopsTheShortWay: what a page shows of files, and where its links lead, can hang on texts and folders
// that the short way does not look at.
func TestAnotherCoursesSayStopsTheShortWay(t *testing.T) {
	const captions = "WEBVTT\n\n00:00.000 --> 00:01.000\nHello.\n"
	slow, draft := "---\ntitle: Slow\n---\nWords.\n", "---\ntitle: Draft\nstatus: draft\n---\n[Captions](/content/a/talk.vtt)\n"
	photo := photograph(t)
	bundles := New()
	for what, c := range map[string]struct {
		says  string // the text that changes
		files map[string]string
	}{
		"a file called as a file of the other course":            {"[Slow](/b/20-slow.md)", map[string]string{"static/b/20-slow.md": "not a page"}},
		"a file called as the other course's folder":             {"[Course](/20-e)", map[string]string{"static/20-e": "a file", "content/20-e/10-slow.md": slow}},
		"a file called as its folder, behind a question mark":    {"[Course](/20-e?a)", map[string]string{"static/20-e": "a file", "content/20-e/10-slow.md": slow}},
		"a photograph whose namesake the other course shows":     {"![A photo](/photo.jpg)", map[string]string{"static/photo.jpg": photo, "static/photo.jpeg": photo, "content/b/20-slow.md": slow + "![A photo](/photo.jpeg)\n"}},
		"captions that only a draft of the other course uses":    {"![A talk](../talk.webm)", map[string]string{"content/a/talk.webm": "x", "content/a/talk.vtt": captions, "content/b/20-slow.md": draft}},
		"captions that a draft and the other course link to":     {"![A talk](../talk.webm)", map[string]string{"content/a/talk.webm": "x", "content/a/talk.vtt": captions, "content/a/40-draft.md": draft, "content/b/20-slow.md": slow + "[Captions](../a/talk.vtt)\n"}},
		"an author's own file in the place of a compressed page": {"Words.", map[string]string{"static/a/m/one.html.gz": "my own"}},
	} {
		t.Run(what, func(t *testing.T) {
			s := newAmended(t, bundles)
			one := "content/a/10-m/10-one.md"
			c.files[one] = s.files[one] + "\n" + c.says + "\n"
			for name, text := range c.files {
				s.put(t, name, text)
			}
			s.build(t, false)
			s.put(t, one, c.files[one]+"\nMore.\n")
			if s.build(t, false) != nil {
				t.Error("it took the short way")
			}
		})
	}
}

// TestAVideoWithItsCaptionsTakesTheShortWay: as long as both are published.
func TestAVideoWithItsCaptionsTakesTheShortWay(t *testing.T) {
	s := newAmended(t, New())
	one := "content/a/10-m/10-one.md"
	text := s.files[one] + "\n![A talk](../talk.webm)\n\n![A photo](/photo.jpg)\n"
	for name, content := range map[string]string{
		one: text, "content/a/talk.webm": "x", "static/photo.jpg": photograph(t),
		"content/a/talk.vtt": "WEBVTT\n\n00:00.000 --> 00:01.000\nHello.\n", "content/a/talk.hi.vtt": "WEBVTT\n\n00:00.000 --> 00:01.000\nनमस्ते\n",
	} {
		s.put(t, name, content)
	}
	s.build(t, false)
	s.put(t, one, text+"\nMore.\n")
	if s.build(t, false) == nil {
		t.Error("it took the long way")
	}
}

// photograph is one that is sent in several widths.
func photograph(t *testing.T) string {
	t.Helper()
	m := image.NewGray(image.Rect(0, 0, 500, 50))
	for i := range m.Pix {
		m.Pix[i] = byte(i * i / 7)
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestAFileThatWasTouchedStopsTheShortWay: what stands in the output is looked at, not believed.
func TestAFileThatWasTouchedStopsTheShortWay(t *testing.T) {
	bundles := New()
	for _, touched := range []string{"b/slow.html", "assets/offline/a.en.json", "a/m/one.html"} {
		s := newAmended(t, bundles)
		one := "content/a/10-m/10-one.md"
		s.put(t, one, s.files[one]+"\nMore.\n")
		file := filepath.Join(s.out, filepath.FromSlash(touched))
		if err := os.WriteFile(file, []byte("touched"), 0o644); err != nil {
			t.Fatal(err)
		}
		b := Remembering(cache.Open(s.caches, s.dir, "test"), "test")
		b.memo.made = bundled(s.bundles).memo.made
		if _, _, err := b.Unchanged(t.Context(), os.DirFS(s.dir), Options{}); err != nil {
			t.Fatal(err)
		}
		amended, err := b.Amend(t.Context(), Options{}, s.last)
		if err != nil || amended == nil {
			t.Fatal(err)
		}
		set, _ := s.memory.With(amended.Set)
		before := maps.Clone(filesBelow(t, s.out))
		_, err = output.WriteDir(t.Context(), set, s.out, output.Options{Memory: &s.memory})
		if touched == "a/m/one.html" { // it is made anyway
			if err != nil {
				t.Error(err)
			}
			continue
		}
		if !errors.Is(err, output.ErrTouched) {
			t.Errorf("%s: %v", touched, err)
		}
		if !maps.Equal(before, filesBelow(t, s.out)) {
			t.Errorf("%s: the folder is another one after a write that failed", touched)
		}
	}
}
