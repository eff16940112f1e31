package page_test

import (
	"bytes"
	"context"
	"encoding/json"
	"image"
	"image/color"
	"image/jpeg"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"sopan.dev/sopan/builder"
	"sopan.dev/sopan/builder/output"
)

func offlineSite() map[string]string {
	files := fragmentSite()
	files["content/c/10-m/talk.webm"] = "a film"
	files["content/c/10-m/talk.vtt"] = "WEBVTT\n\n00:00.000 --> 00:01.000\nA request.\n"
	files["content/c/10-m/talk.hi.vtt"] = "WEBVTT\n\n00:00.000 --> 00:01.000\nएक आवेदन।\n"
	files["content/c/10-m/30-film.md"] = "---\ntitle: Film\n---\n\nWatch.\n\n![A talk](talk.webm)\n\nAnd [the form](/form.pdf), ![a desk](desk.jpg).\n"
	files["content/d/index.md"] = "---\ntitle: Another\n---\nWelcome.\n"
	files["content/d/10-x.md"] = "---\ntitle: X\n---\n\nWords.\n"
	files["static/form.pdf"] = "%PDF"
	files["static/logo.pdf"] = "%PDF of the institute"
	m := image.NewRGBA(image.Rect(0, 0, 1200, 200))
	for x := range 1200 {
		for y := range 200 {
			m.SetRGBA(x, y, color.RGBA{uint8(x * y / 7), uint8(x ^ y), uint8(x + y*3), 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		panic(err)
	}
	files["content/c/10-m/desk.jpg"] = b.String()
	return files
}

type offlineList struct {
	Version int    `json:"sopan_offline"`
	Release string `json:"release"`
	Files   [][3]any
}

func setOf(t *testing.T, files map[string]string, o builder.Options) *output.Set {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	r, diags, err := builder.New().Build(context.Background(), fsys, o)
	if err != nil {
		t.Fatal(err)
	}
	if r.Set == nil {
		t.Fatal(diags)
	}
	return r.Set
}

func listIn(t *testing.T, set *output.Set, name string) (l offlineList, paths []string) {
	t.Helper()
	b, err := set.Open("assets/offline/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &l); err != nil {
		t.Fatalf("%v in %s", err, b)
	}
	for _, f := range l.Files {
		paths = append(paths, f[0].(string))
	}
	return l, paths
}

func TestAReleaseListsWhatACourseTakesAndNothingElse(t *testing.T) {
	set := setOf(t, offlineSite(), builder.Options{})
	l, paths := listIn(t, set, "c.en")
	if l.Version != 1 || l.Release == "" {
		t.Errorf("version %d, release %q", l.Version, l.Release)
	}
	for _, want := range []string{
		"index.html", "map.html", "records.html", "glossary.html", "favicon.svg", "c/index.html", "c/certificate.html", "c/m/index.html", "c/m/a.html", "c/m/film.html", "c/n/x.html",
		"c/m/talk.webm", "c/m/talk.vtt", "form.pdf", "assets/course/c.js", "assets/offline/c.en.html", "assets/search/course-c.en.js", "assets/search/site.en.js",
	} {
		if !slices.Contains(paths, want) {
			t.Errorf("the list lacks %s", want)
		}
	}
	stamp := slices.IndexFunc(paths, func(p string) bool { return strings.HasSuffix(p, "stamp.svg") }) // of a fragment
	if stamp < 0 {
		t.Error("the list lacks what a fragment shows")
	}
	for _, p := range paths {
		if strings.HasPrefix(p, "hi/") || strings.HasPrefix(p, "d/") || strings.Contains(p, ".hi.") && !strings.HasSuffix(p, ".vtt") || strings.HasPrefix(p, "assets/offline/") && p != "assets/offline/c.en.html" || strings.HasPrefix(p, "assets/recorder.") || strings.HasPrefix(p, "assets/unsent.") || p == "sw.js" || p == "logo.pdf" {
			t.Errorf("the list holds %s", p)
		}
	}
	// One width of a photograph is kept and answers for the others.
	kept, other := "", 0
	sums := map[string]string{}
	for _, f := range l.Files {
		name, size, sum := f[0].(string), f[1].(float64), f[2].(string)
		if strings.HasPrefix(name, "c/m/desk.") {
			if size > 0 {
				kept, sums[""] = name, sum
			} else {
				other++
				sums[name] = sum
			}
			continue
		}
		b, err := set.Open(name)
		if err != nil {
			t.Fatalf("%s is listed, and not there: %v", name, err)
		}
		if want := output.SumOf(b); want.SHA256 != sum || float64(want.Size) != size {
			t.Errorf("%s is listed with %v and %s, and has %d and %s", name, size, sum, want.Size, want.SHA256)
		}
	}
	if !strings.Contains(kept, "720w") || other == 0 {
		t.Errorf("of the photograph %q is kept and answers for %d", kept, other)
	}
	for name, sum := range sums {
		if sum != sums[""] {
			t.Errorf("%s is not answered with the one that is kept", name)
		}
	}
	if _, hindi := listIn(t, set, "c.hi"); !slices.Contains(hindi, "hi/c/m/a.html") || slices.Contains(hindi, "c/m/a.html") || slices.Contains(hindi, "c/m/talk.webm") {
		t.Errorf("in Hindi the list is %v", hindi)
	}
}

// What a quiz's translation leaves out stands in its page in the original's words, with the original's pictures.
func TestATranslatedQuizIsKeptWithThePicturesOfItsOriginal(t *testing.T) {
	files := map[string]string{
		"sopan.yaml":                  "title: Site\nlanguages: [en, hi]\n",
		"content/c/index.md":          "---\ntitle: A course\n---\nWords.\n",
		"content/c/index.hi.md":       "---\ntitle: पाठ्यक्रम\n---\nशब्द\n",
		"content/c/own.svg":           `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><path d="M0 0h10v10z"/></svg>`,
		"content/c/90-q.quiz.yaml":    "title: Q\nquestions:\n- {id: a, ask: \"Is [this](/form.pdf) it?\", right: true, image: {own.svg: A form}}\n- {id: b, ask: Is it?, right: true}\n",
		"content/c/90-q.quiz.hi.yaml": "title: जाँच\nquestions:\n  b: {ask: क्या?}\n",
		"static/form.pdf":             "%PDF",
	}
	set := setOf(t, files, builder.Options{})
	for _, lang := range []string{"c.en", "c.hi"} {
		_, paths := listIn(t, set, lang)
		for _, want := range []string{"c/own.svg", "form.pdf"} {
			if !slices.Contains(paths, want) {
				t.Errorf("%s lacks %s:\n%q", lang, want, paths)
			}
		}
	}
}

// Made from sums, as a build does, and made by itself the list is the same.
func TestAReleaseIsTheSameHoweverItIsMade(t *testing.T) {
	set := setOf(t, offlineSite(), builder.Options{})
	for _, name := range []string{"c.en", "c.hi", "d.en"} {
		e, _ := set.Entry("assets/offline/" + name + ".json")
		slow, err := e.Render()
		if err != nil {
			t.Fatal(err)
		}
		quick, err := e.Late(func(path string) (output.Sum, bool) {
			b, err := set.Open(path)
			return output.SumOf(b), err == nil
		})
		if err != nil || !bytes.Equal(slow, quick) {
			t.Errorf("%s: %v\n%s\n%s", name, err, slow, quick)
		}
	}
	files := offlineSite()
	before, _ := listIn(t, set, "c.en")
	files["content/d/10-x.md"] += "More.\n"
	if same, _ := listIn(t, setOf(t, files, builder.Options{}), "c.en"); same.Release != before.Release {
		t.Error("another course's words make a new release of this one")
	}
	files["content/c/10-m/10-a.md"] += "More.\n"
	if other, _ := listIn(t, setOf(t, files, builder.Options{}), "c.en"); other.Release == before.Release {
		t.Error("a lesson changed, its release did not")
	}
}

func TestWhereNothingIsKeptNothingIsOffered(t *testing.T) {
	off := offlineSite()
	off["sopan.yaml"] += "offline: false\n"
	on := setOf(t, offlineSite(), builder.Options{})
	working, err := on.Open("sw.js")
	if err != nil || !bytes.Contains(working, []byte("arrayBuffer")) {
		t.Fatalf("the worker of a site that keeps courses: %v, %d bytes", err, len(working))
	}
	for name, set := range map[string]*output.Set{
		"offline: false":           setOf(t, off, builder.Options{}),
		"a preview":                setOf(t, offlineSite(), builder.Options{Drafts: true}),
		"a package for a platform": setOf(t, offlineSite(), builder.Options{Course: "d", Profile: "scorm12"}),
	} {
		worker, err := set.Open("sw.js")
		if hosted := strings.Contains(name, "platform"); hosted != (err != nil) {
			t.Errorf("%s: the worker: %v", name, err)
		} else if !hosted && (!bytes.Contains(worker, []byte("unregister")) || bytes.Contains(worker, []byte("arrayBuffer"))) {
			t.Errorf("%s: the worker is not the one that clears away: %s", name, worker)
		}
		for address := range set.All() {
			if strings.HasPrefix(address, "assets/offline/") {
				t.Errorf("%s: there is %s", name, address)
			}
			if strings.HasSuffix(address, "d/index.html") {
				b, err := set.Open(address)
				if err != nil || bytes.Contains(b, []byte("data-offline")) || bytes.Contains(b, []byte("/offline.")) {
					t.Errorf("%s: %s offers to keep the course: %v", name, address, err)
				}
			}
		}
	}
	web := setOf(t, offlineSite(), builder.Options{Course: "d", Profile: "web"})
	if _, paths := listIn(t, web, "d.en"); !slices.Contains(paths, "index.html") || !slices.Contains(paths, "d/x.html") {
		t.Errorf("a package without a platform keeps %v", paths)
	}
}

// TestWhatIsMadeOfACourseIsMadeTogether: its pages in all languages, and its
// search indexes, which read what is packed of the same texts.
func TestWhatIsMadeOfACourseIsMadeTogether(t *testing.T) {
	set := setOf(t, offlineSite(), builder.Options{})
	made := map[string]string{
		"content/c/": "assets/search/course-c.en.js assets/search/course-c.hi.js c/index.html hi/c/index.html",
		"content/d/": "assets/search/course-d.en.js d/index.html d/x.html",
	}
	for near, paths := range made {
		for _, path := range strings.Fields(paths) {
			if e, there := set.Entry(path); !there || !strings.HasPrefix(e.Near, near) {
				t.Errorf("%s (there: %v) is made near %q, not near %s", path, there, e.Near, near)
			}
		}
	}
}
