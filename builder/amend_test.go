package builder

import (
	"bytes"
	"errors"
	"image"
	"image/jpeg"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sopan.dev/sopan/builder/cache"
	"sopan.dev/sopan/builder/output"
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
		"content/a/20-try.case.md":     "---\ntitle: A case\n---\nWords.\n\n## Start\n\n- [Go](#end)\n\n## End\n\n:::debrief\nDone.\n:::\n",
		"content/a/30-check.quiz.yaml": "title: Check\nquestions:\n- {id: a, ask: Is it?, right: true}\n- {id: b, ask: Which?, right: this, wrong: [that]}\n",
		"content/a/10-m/70-empty.md":   "---\ntitle: Empty\n---\n",
		"content/a/10-m/photo.png":     onePixel,
		"content/shared/part.md":       "A part.\n",
		"content/b/index.md":           "---\ntitle: Second course\n---\nWords.\n",
		"content/b/10-three.md":        "---\ntitle: Three\n---\nWords, see [one](../a/10-m/10-one.md#here), [the photo](../a/10-m/photo.png).\n\n## Deep {#deep}\n\nMore.\n",
		"content/b/20-slow.md":         "---\ntitle: Slow\n---\nWords.\n",
		"static/both.svg":              `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><path d="M0 0h10v10z"/></svg>`,
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
	file := filepath.Join(s.dir, filepath.FromSlash(name))
	if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, []byte(text), 0o644)); err != nil {
		t.Fatal(err)
	}
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
	fresh, tree, err := b.Amend(t.Context(), Options{}, s.last)
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
	set, diags := fresh, s.last.Diags
	if fresh != nil {
		known := false
		if set, known = s.memory.With(fresh); !known {
			t.Fatal("the short way made a file that was not there")
		}
	} else {
		result, found, err := b.Build(t.Context(), fsys, Options{})
		if err != nil {
			t.Fatal(err)
		}
		set, tree, diags = result.Set, result.Tree, found
	}
	compareDiags(t, 0, "the site", diags, wantDiags)
	b.Keep(tree)
	if broken {
		return fresh
	}
	if _, err := output.WriteDir(t.Context(), set, s.out, output.Options{Memory: &s.memory}); err != nil {
		t.Fatal(err)
	}
	s.last.Sources, s.last.Diags = NameOf(tree), diags
	want := filepath.Join(t.TempDir(), "clean")
	if _, err := output.WriteDir(t.Context(), clean.Set, want, output.Options{}); err != nil {
		t.Fatal(err)
	}
	compareFolders(t, "the site", s.out, want)
	return fresh
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
		"the same words":            {[]edit{{"content/a/10-m/10-one.md", "Words", "Words"}}, []string{"a/m/one.html", "assets/offline/a.en.json", "assets/offline/a.hi.json", "assets/search/course-a.en.js", "assets/search/course-a.hi.js"}},
		"a title":                   {[]edit{{"content/a/10-m/10-one.md", "title: One", "title: Other"}}, nil},
		"a summary":                 {[]edit{{"content/a/10-m/10-one.md", "title: One", "title: One\nsummary: Short."}}, nil},
		"a status":                  {[]edit{{"content/a/10-m/30-both.md", "title: Both", "title: Both\nstatus: review"}}, nil},
		"a longer text":             {[]edit{{"content/a/10-m/10-one.md", "", strings.Repeat("Many more words. ", 200)}}, nil},
		"a heading's words":         {[]edit{{"content/a/10-m/10-one.md", "## Here", "## There"}}, nil},
		"another heading":           {[]edit{{"content/a/10-m/10-one.md", "", "\n## New\n"}}, nil},
		"another link":              {[]edit{{"content/a/10-m/10-one.md", "", "\n[Two](20-two.md)\n"}}, nil},
		"a text that leads out":     {[]edit{more("content/a/10-m/50-out.md")}, nil},
		"a text that includes":      {[]edit{more("content/a/10-m/40-part.md")}, nil},
		"a fragment":                {[]edit{more("content/shared/part.md")}, nil},
		"a case study":              {[]edit{more("content/a/20-try.case.md")}, nil},
		"a new text":                {[]edit{{"content/a/10-m/80-new.md", "", "---\ntitle: New\n---\nWords.\n"}}, nil},
		"two courses":               {[]edit{more("content/a/10-m/10-one.md"), more("content/b/20-slow.md")}, nil},
		"the settings":              {[]edit{{"sopan.yaml", "Two courses", "Courses"}}, nil},
		"the settings and a text":   {[]edit{{"sopan.yaml", "Two courses", "Courses"}, more("content/a/10-m/10-one.md")}, nil},
		"the glossary":              {[]edit{{"content/glossary.yaml", "Right", "The right"}}, nil},
		"a drawing":                 {[]edit{{"static/both.svg", "M0 0", "M1 1"}}, nil},
		"a file that a text shows":  {[]edit{{"content/a/10-m/photo.png", "", " "}}, nil},
		"a text with a warning":     {[]edit{more("content/a/10-m/70-empty.md")}, nil},
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
	if _, unchanged, err := b.Unchanged(t.Context(), os.DirFS(s.dir), Options{}); err != nil || !unchanged {
		t.Errorf("after a short way the site is not known (%v)", err)
	}
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
		"a file called as the other course's folder":             {"[Course](/20-c)", map[string]string{"static/20-c": "a file", "content/20-c/10-slow.md": slow}},
		"a file called as its folder, behind a question mark":    {"[Course](/20-c?a)", map[string]string{"static/20-c": "a file", "content/20-c/10-slow.md": slow}},
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
		fresh, _, err := b.Amend(t.Context(), Options{}, s.last)
		if err != nil || fresh == nil {
			t.Fatal(err)
		}
		set, _ := s.memory.With(fresh)
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
