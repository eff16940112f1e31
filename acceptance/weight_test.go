package acceptance

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path"
	"strings"
	"testing"
)

// weight is what a page makes a browser fetch, as gzip at its usual level sends it: before it can be read, and later.
type weight struct {
	html, css, js     int
	laterCSS, laterJS int
	list              []string
}

// first is what the first view costs.
func (w weight) first() int { return w.html + w.css + w.js }

func (w weight) script() int { return w.js + w.laterJS }

func (w weight) String() string {
	return fmt.Sprintf("%d bytes (HTML %d, CSS %d, script %d; later CSS %d, script %d: %s)",
		w.first(), w.html, w.css, w.js, w.laterCSS, w.laterJS, strings.Join(w.list, " "))
}

func weigh(t *testing.T, s *Site, page Page) weight {
	t.Helper()
	w := weight{html: gzipped(t, s, page.Path)}
	for n := range elements(page.Root, "link") {
		if attribute(n, "rel") == "stylesheet" {
			file := path.Join(path.Dir(page.Path), attribute(n, "href"))
			w.css += gzipped(t, s, file)
			w.list = append(w.list, path.Base(file))
		}
	}
	for n := range elements(page.Root, "script") {
		if src := attribute(n, "src"); src != "" {
			file := path.Join(path.Dir(page.Path), src)
			w.js += script(t, s, file)
			w.list = append(w.list, path.Base(file))
		}
		for _, later := range strings.Fields(attribute(n, "data-then")) {
			file := path.Join(path.Dir(page.Path), later)
			if path.Ext(file) == ".css" {
				w.laterCSS += gzipped(t, s, file)
			} else {
				w.laterJS += script(t, s, file)
			}
			w.list = append(w.list, path.Base(file))
		}
	}
	return w
}

// script is the weight of a script; the list of a course's items, which is a script only because a page from a disk can
// load nothing else, is data and grows with the course.
func script(t *testing.T, s *Site, file string) int {
	t.Helper()
	if strings.Contains(file, "assets/course/") {
		return 0
	}
	return gzipped(t, s, file)
}

func gzipped(t *testing.T, s *Site, file string) int {
	t.Helper()
	data, err := os.ReadFile(s.file(file))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, 6) // what docs/hosting.md sets
	if err != nil {
		t.Fatal(err)
	}
	if _, err := z.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Len()
}

func words(p Page) int {
	for n := range elements(p.Root, "article") {
		return len(strings.Fields(text(n)))
	}
	for n := range elements(p.Root, "main") {
		return len(strings.Fields(text(n)))
	}
	return 0
}

const (
	lessonBudget = 14 << 10
	scriptBudget = 20 << 10

	recorderBudget = 4 << 10
)

// TestALessonOf900WordsComesInFourteenKilobytes is promise 4, for a lesson of running text in a course of eight modules.
func TestALessonOf900WordsComesInFourteenKilobytes(t *testing.T) {
	files := map[string]string{"sopan.yaml": "title: Weight\n", "content/course/index.md": "---\ntitle: A course of usual size\n---\n\nIts promise.\n"}
	for m := 1; m <= 8; m++ {
		module := fmt.Sprintf("content/course/%d0-module-%d", m, m)
		files[module+"/index.md"] = fmt.Sprintf("---\ntitle: Module number %d\n---\n\nWhat it is about.\n", m)
		for l := 1; l <= 5; l++ {
			files[fmt.Sprintf("%s/%d0-lesson-%d.md", module, l, l)] = typicalLesson(m*10+l, 900)
		}
	}
	s := buildSite(t, files)
	for _, p := range s.ofKind(t, "lesson") {
		w := weigh(t, s, p)
		if n := words(p); n < 850 || n > 1100 {
			t.Fatalf("%s has %d words: it is no lesson of 900", p.Path, n)
		}
		if w.first() > lessonBudget {
			t.Errorf("%s weighs %v, more than %d", p.Path, w, lessonBudget)
			break
		}
	}
	t.Logf("the first lesson weighs %v", weigh(t, s, s.ofKind(t, "lesson")[0]))
}

// typicalLesson writes running text: real words in a real spread, for a text of one repeated word would compress to nothing.
func typicalLesson(seed, words int) string {
	stock := strings.Fields(`the of a to and in is officer file request citizen rule days reply office section record decision
		reason service department order appeal authority public information question answer search register date delay note duty
		letter must should when where before after because however record keeps shows gives asks allows means under within only
		each every other first second next last same time place work case fact law act name form list copy page paper counter
		village district state ministry programme training learning course lesson module role activity competency level gap plan`)
	var b strings.Builder
	fmt.Fprintf(&b, "---\ntitle: Lesson number %d\nsummary: What an officer does with a request, step by step.\n---\n\n", seed)
	state := uint32(seed)*2654435761 + 1
	next := func(n int) int {
		state ^= state << 13
		state ^= state >> 17
		state ^= state << 5
		return int(state % uint32(n))
	}
	for written := 0; written < words; {
		if written%180 < 12 {
			fmt.Fprintf(&b, "## About the %s and the %s of part %d\n\n", stock[next(len(stock))], stock[next(len(stock))], written)
		}
		for range 3 + next(3) {
			length := 8 + next(10)
			for w := range length {
				word := stock[next(len(stock))]
				if w == 0 {
					word = strings.ToUpper(word[:1]) + word[1:]
				} else {
					b.WriteByte(' ')
				}
				b.WriteString(word)
			}
			b.WriteString(". ")
			written += length
		}
		b.WriteString("\n\n")
	}
	return b.String()
}

// TestAllScriptOfAPageWithEveryKindOfQuestionComesInTwentyKilobytes is the other half of promise 4.
func TestAllScriptOfAPageWithEveryKindOfQuestionComesInTwentyKilobytes(t *testing.T) {
	s, page := everyKindSite(t)
	asked := map[string]bool{}
	for n := range elements(page.Root, "fieldset") {
		asked[attribute(n, "data-kind")] = true
	}
	for _, kind := range kinds(t) {
		if !asked[kind] {
			t.Errorf("the quiz that stands for every kind asks no question of the kind %q", kind)
		}
	}
	w := weigh(t, s, page)
	if w.script() > scriptBudget {
		t.Errorf("the script of a page with every kind of question weighs %d, more than %d: %v", w.script(), scriptBudget, w)
	}
	t.Logf("a page with every kind of question weighs %v", w)
}

// TestRecordingAddsAtMostFourKilobytesToAPage, in each language, and a page carries no recorder but the one of sites; what is
// needed only when records stay is asked for then.
func TestRecordingAddsAtMostFourKilobytesToAPage(t *testing.T) {
	files := func(settings string) map[string]string {
		return map[string]string{
			"sopan.yaml":                         "title: {en: Weight, hi: वज़न}\nlanguages: [en, hi]\n" + settings,
			"content/course/index.md":            "---\ntitle: A course\n---\n\nIts promise.\n",
			"content/course/index.hi.md":         "---\ntitle: एक पाठ्यक्रम\n---\n\nवचन।\n",
			"content/course/10-m/10-a.md":        "---\ntitle: A\n---\n\nText.\n",
			"content/course/10-m/10-a.hi.md":     "---\ntitle: क\n---\n\nपाठ।\n",
			"content/course/10-m/20-q.quiz.yaml": "title: Q\nquestions:\n- {id: one, ask: Is it so?, right: true}\n",
		}
	}
	without, with := buildSite(t, files("")), buildSite(t, files("records: {endpoint: https://lrs.example.org/xapi}\n"))
	for _, page := range []string{"course/m/a.html", "hi/course/m/a.html", "course/m/q.html"} {
		at := func(s *Site) weight {
			for _, p := range s.Pages {
				if p.Path == page {
					return weigh(t, s, p)
				}
			}
			t.Fatalf("there is no %s", page)
			return weight{}
		}
		before, after := at(without), at(with)
		if more := after.script() - before.script(); more > recorderBudget || more < 1000 {
			t.Errorf("%s: recording adds %d bytes of script, at most %d are wanted: %v", page, more, recorderBudget, after)
		}
		for _, file := range after.list {
			for _, other := range []string{"scorm12.", "scorm2004.", "cmi5.", "xapi.", "unsent."} {
				if strings.HasPrefix(file, other) {
					t.Errorf("%s carries %s", page, file)
				}
			}
		}
		t.Logf("%s: recording adds %d bytes of script", page, after.script()-before.script())
	}
}

// TestTheSampleKeepsTheBudgets: the same bounds for the course that ships.
func TestTheSampleKeepsTheBudgets(t *testing.T) {
	s := sampleSite(t)
	heaviest := weight{}
	for _, p := range s.Pages {
		w := weigh(t, s, p)
		if w.script() > scriptBudget {
			t.Errorf("%s: script of %d bytes, more than %d", p.Path, w.script(), scriptBudget)
		}
		if p.Kind != "lesson" || words(p) > 1100 {
			continue
		}
		if w.first() > lessonBudget {
			t.Errorf("%s, %d words, weighs %v, more than %d", p.Path, words(p), w, lessonBudget)
		}
		if w.first() > heaviest.first() {
			heaviest = w
		}
	}
	t.Logf("the heaviest lesson of at most 1,100 words weighs %v", heaviest)
}
