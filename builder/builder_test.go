package builder

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"sopan.dev/sopan/builder/source"
	"sopan.dev/sopan/internal/diag"
)

// sampleFS is the sample site: the repository's own root.
func sampleFS(t *testing.T) fs.FS {
	t.Helper()
	root, err := os.OpenRoot("..")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	return root.FS()
}

// warm is a Builder that tests share which do not test what a Builder
// remembers: scripts are then bundled once. No test runs beside another.
var warm = New()

// build builds a site and renders all of it: path -> bytes.
func build(t *testing.T, b *Builder, fsys fs.FS, o Options) (map[string][]byte, diag.List) {
	t.Helper()
	r, diags, err := b.Build(context.Background(), fsys, o)
	if err != nil {
		t.Fatalf("Build: %v", err)
	}
	out := map[string][]byte{}
	for path, entry := range r.Set.All() {
		content, err := entry.Content()
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		out[path] = content
	}
	return out, diags
}

func TestTheSampleHasNoDiagnosticOfAnyKind(t *testing.T) {
	r, diags, err := warm.Build(context.Background(), sampleFS(t), Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range diags {
		t.Errorf("%s:%d:%d: %s: %s [%s]", d.Start.File, d.Start.Line, d.Start.Col, d.Severity, d.Message, d.Code)
	}
	if r.Set.Len() < 20 {
		t.Errorf("the sample has %d files", r.Set.Len())
	}
}

// Fault 23: another time zone, locale, folder, number of cores, age of the
// files: the same bytes at every path.
func TestFault23TwoBuildsAreTheSameBytes(t *testing.T) {
	first, _ := build(t, warm, sampleFS(t), Options{})
	if len(first) < 20 {
		t.Fatalf("the sample has %d files", len(first))
	}
	elsewhere := t.TempDir()
	if err := os.CopyFS(elsewhere, siteAlone{sampleFS(t)}); err != nil {
		t.Fatal(err)
	}
	long := time.Date(1999, 12, 31, 23, 59, 59, 0, time.UTC)
	if err := os.Chtimes(elsewhere+"/sopan.yaml", long, long); err != nil {
		t.Fatal(err)
	}
	t.Setenv("LC_ALL", "hi_IN.UTF-8")
	t.Setenv("LANG", "tr_TR.UTF-8")
	t.Setenv("TZ", "Pacific/Kiritimati")
	zone := time.Local
	time.Local = time.FixedZone("Kiritimati", 14*3600)
	defer func() { time.Local = zone }()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	t.Chdir(elsewhere)
	second, _ := build(t, New(), os.DirFS(elsewhere), Options{})
	sameFiles(t, second, first)
	for path, content := range second {
		if bytes.Contains(content, []byte(elsewhere)) {
			t.Errorf("%s names the folder that it was built in", path)
		}
	}
}

// siteAlone shows of a file system what belongs to a site.
type siteAlone struct{ fs.FS }

func (s siteAlone) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(s.FS, name)
	if name != "." {
		return entries, err
	}
	var out []fs.DirEntry
	for _, e := range entries {
		switch e.Name() {
		case "sopan.yaml", "content", "static":
			out = append(out, e)
		}
	}
	return out, err
}

func sameFiles(t *testing.T, got, want map[string][]byte) {
	t.Helper()
	for path, content := range want {
		other, ok := got[path]
		switch {
		case !ok:
			t.Errorf("%s is missing", path)
		case !bytes.Equal(other, content):
			at := 0
			for at < len(other) && at < len(content) && other[at] == content[at] {
				at++
			}
			t.Errorf("%s differs at byte %d: %.80q, want %.80q", path, at, other[max(0, at-20):], content[max(0, at-20):])
		}
	}
	for path := range got {
		if _, ok := want[path]; !ok {
			t.Errorf("%s is too many", path)
		}
	}
}

// TestAPageIsTheSameInAnyOrder renders the pages twice from one plan, backwards
// the second time: outlines and other things made once must not depend on who
// comes first.
func TestAPageIsTheSameInAnyOrder(t *testing.T) {
	r, _, err := warm.Build(context.Background(), sampleFS(t), Options{})
	if err != nil {
		t.Fatal(err)
	}
	paths := r.Set.Paths()
	forward := map[string][]byte{}
	for _, p := range paths {
		e, _ := r.Set.Entry(p)
		forward[p], _ = e.Content()
	}
	r, _, err = warm.Build(context.Background(), sampleFS(t), Options{})
	if err != nil {
		t.Fatal(err)
	}
	backward := map[string][]byte{}
	for i := len(paths) - 1; i >= 0; i-- {
		e, _ := r.Set.Entry(paths[i])
		backward[paths[i]], _ = e.Content()
	}
	sameFiles(t, backward, forward)
}

// Faults 25, 39: nothing of a built page is fetched from another host; no
// address is absolute; no script stands in a page.
func TestFault39PagesAreSelfContained(t *testing.T) {
	files, _ := build(t, warm, sampleFS(t), Options{})
	fetched := regexp.MustCompile(`<(?:img|script|link|source|track|video|audio|iframe|embed|object|use)\b[^>]*?\s(?:src|href|srcset|poster|data)="([^"]*)"`)
	links := regexp.MustCompile(`\shref="([^"]*)"`)
	scripts := regexp.MustCompile(`<script\b[^>]*>`)
	for path, content := range files {
		if !strings.HasSuffix(path, ".html") {
			continue
		}
		for _, m := range fetched.FindAllSubmatch(content, -1) {
			if a := string(m[1]); strings.Contains(a, ":") || strings.HasPrefix(a, "/") {
				t.Errorf("%s fetches %s", path, a)
			}
		}
		for _, m := range links.FindAllSubmatch(content, -1) {
			if a := string(m[1]); strings.HasPrefix(a, "/") || strings.HasPrefix(a, "javascript:") || strings.HasPrefix(a, "http://localhost") {
				t.Errorf("%s links to %s", path, a)
			}
		}
		for _, m := range scripts.FindAll(content, -1) {
			if !bytes.Contains(m, []byte(`type="application/json"`)) && !bytes.Contains(m, []byte(" src=")) {
				t.Errorf("%s holds a script of its own: %s", path, m)
			}
		}
		for _, never := range []string{"<!--", " style=\"", " onclick=", "EventSource", "unsafe-inline", "unsafe-eval"} {
			if bytes.Contains(content, []byte(never)) {
				t.Errorf("%s holds %s", path, never)
			}
		}
	}
}

func siteWith(pairs ...string) fstest.MapFS {
	files := fstest.MapFS{
		"sopan.yaml":         {Data: []byte("title: A site\ntheme: mine\n")},
		"content/c/index.md": {Data: []byte("---\ntitle: A course\n---\nWords.\n")},
		"content/c/10-x.md":  {Data: []byte("---\ntitle: X\n---\nWords.\n")},
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		files[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return files
}

func TestAThemeOverridesSingleFiles(t *testing.T) {
	plain, _ := build(t, warm, siteWith("sopan.yaml", "title: A site\n"), Options{})
	files, diags := build(t, warm, siteWith(
		"themes/mine/templates/notfound.html", "<!doctype html><title>{{.Title}}</title><p>Mine alone: {{.Words.notfound}}</p>\n",
		"themes/mine/static/favicon.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>",
		"themes/mine/static/fonts/a.woff2", "a font"), Options{})
	if len(diags) > 0 {
		t.Fatalf("a theme of one template: %v", diags)
	}
	if got := string(files["404.html"]); !strings.Contains(got, "Mine alone") {
		t.Errorf("404.html is not the theme's: %.200s", got)
	}
	for _, same := range []string{"index.html", "c/index.html", "c/x.html", "map.html", "records.html"} {
		if !bytes.Equal(files[same], plain[same]) || len(plain[same]) == 0 {
			t.Errorf("%s changed, though the theme does not override it", same)
		}
	}
	if got := string(files["favicon.svg"]); !strings.Contains(got, "'http") || string(files["fonts/a.woff2"]) != "a font" {
		t.Errorf("the theme's static files are not there: %q", got)
	}
	// A file of the site's own static folder wins over the theme's.
	files, _ = build(t, warm, siteWith("themes/mine/static/favicon.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>", "static/favicon.svg", `<svg xmlns="http://www.w3.org/2000/svg" id="site"/>`), Options{})
	if !strings.Contains(string(files["favicon.svg"]), `id="site"`) {
		t.Errorf("favicon.svg is %s", files["favicon.svg"])
	}
}

func TestMistakesInAThemeHaveTheirPlace(t *testing.T) {
	// A browser reads on after a slip in a style sheet: that is a warning.
	for _, c := range []struct{ name, file, content, place, code, words string }{
		{"a template that does not close", "templates/lesson.html", "<p>\n{{if .Title}}\n<p>", "themes/mine/templates/lesson.html:3", "theme/template", "unexpected EOF"},
		{"a template with an unknown function", "templates/quiz.html", "<p>\n<p>{{nope}}", "themes/mine/templates/quiz.html:2", "theme/template", `function "nope" not defined`},
		{"a style sheet with a stray brace", "css/main.css", "a { color: red }\n\n  b { color: }\n}\n", "themes/mine/css/main.css:4:1", "theme/style", "Unexpected"},
		{"a style sheet that imports what is not there", "css/main.css", "@import \"gone.css\";\n", "themes/mine/css/main.css:1:9", "theme/style", "gone.css"},
		{"a style sheet that loads from another host", "css/main.css", "/* स्याही */ a { background: url(https://evil.example/a.png) }\n", "themes/mine/css/main.css:1:", "theme/style", "evil.example"},
		{"a word list that is no YAML", "words/en.yaml", "home: Home\n\thome: Again\n", "themes/mine/words/en.yaml:2:1", "yaml/syntax", "tab"},
		{"a misspelt word", "words/hi.yaml", "home: घर\nserach: खोज\n", "themes/mine/words/hi.yaml:2:1", "theme/words", "`serach`"},
		{"a word of no page", "words/en.yaml", "motto: Learn\n", "themes/mine/words/en.yaml:1:1", "theme/words", "`motto`"},
	} {
		r, diags, err := warm.Build(context.Background(), siteWith("themes/mine/"+c.file, c.content), Options{})
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if (r.Set != nil) == diags.HasErrors() {
			t.Errorf("%s: a site to publish: %v, and errors: %v", c.name, r.Set != nil, diags.HasErrors())
		}
		found := false
		for _, d := range diags {
			place := strings.TrimSuffix(strings.TrimSuffix(placeOf(d), ":0"), ":0")
			found = found || strings.HasPrefix(place, c.place) && d.Code == c.code && strings.Contains(d.Message, c.words) && d.Hint != ""
		}
		if !found {
			t.Errorf("%s: want %s … %s … [%s]; got %+v", c.name, c.place, c.words, c.code, diags)
		}
	}
}

// A list of words that is all mistakes is read soon, and its first ones are told; without a bound this takes minutes.
func TestAListOfVeryManyWordsThatNoPageAsksForIsToldInPart(t *testing.T) {
	var list strings.Builder
	for i := range 400_000 {
		fmt.Fprintf(&list, "w%d: x\n", i)
	}
	_, diags := build(t, warm, siteWith("themes/mine/words/en.yaml", list.String()), Options{})
	if n := len(diags); n != 501 || diags[499].Code != "theme/words" || diags[500].Code != "theme/too-many" || diags[500].Start.Line != 501 || diags.HasErrors() {
		t.Errorf("%d findings, the last %+v", n, diags[max(0, n-1):])
	}
	_, diags = build(t, warm, siteWith("themes/mine/words/en.yaml", list.String()+"# "+strings.Repeat("x", source.MaxTextBytes)), Options{})
	if len(diags) != 1 || diags[0].Code != "source/too-large" || diags[0].Start.File != "themes/mine/words/en.yaml" {
		t.Errorf("too large: %d findings, the first %+v", len(diags), diags[:min(1, len(diags))])
	}
}

// A theme may bring words for templates of its own.
func TestAWordThatATemplateNamesIsNoMistake(t *testing.T) {
	notFound := "<!doctype html>\n<html lang=\"{{.Lang}}\"><title>{{.HeadTitle}}</title><p>{{.Words.motto}}</p>"
	_, diags := build(t, warm, siteWith("themes/mine/words/en.yaml", "motto: Learn\nhome: Front page\n", "themes/mine/templates/notfound.html", notFound), Options{})
	if len(diags) > 0 {
		t.Errorf("got %+v", diags)
	}
}

func placeOf(d diag.Diagnostic) string {
	var b bytes.Buffer
	_ = diag.WriteText(&b, diag.List{d}, diag.TextOptions{})
	place, _, _ := strings.Cut(b.String(), ": ")
	return place
}

func TestDraftsAreBuiltWhenAskedFor(t *testing.T) {
	site := siteWith("sopan.yaml", "title: A site\n", "content/c/20-d.md", "---\ntitle: D\nstatus: draft\n---\n[gone](gone.md)\n")
	files, diags := build(t, warm, site, Options{})
	if _, there := files["c/d.html"]; there || len(diags) > 0 {
		t.Errorf("a build publishes the draft, or judges it: %v", diags)
	}
	files, diags = build(t, warm, site, Options{Drafts: true})
	if _, there := files["c/d.html"]; !there || !diags.HasErrors() {
		t.Errorf("the preview lacks the draft, or its mistakes: %v", diags)
	}
}

func TestTheEndpointIsTheOnlyHostAPageMayAsk(t *testing.T) {
	files, _ := build(t, warm, siteWith("sopan.yaml", "title: A site\n"), Options{})
	if got := string(files["c/x.html"]); strings.Contains(got, `"records"`) || !strings.Contains(got, "connect-src &#39;self&#39;;") {
		t.Errorf("a page without an endpoint: %.900s", got)
	}
	files, _ = build(t, warm, siteWith("sopan.yaml", "title: A site\nrecords: {endpoint: \"https://lrs.example.gov.in/xapi/\"}\n"), Options{})
	if got := string(files["c/x.html"]); !strings.Contains(got, `"endpoint":"https://lrs.example.gov.in/xapi"`) || !strings.Contains(got, "connect-src &#39;self&#39; https://lrs.example.gov.in;") {
		t.Errorf("a page with an endpoint: %.900s", got)
	}
}

// TestRecordsSayTheVersionThatTheirStoreHas: with each request, in the scripts of a site that names it, and not in those of a
// platform's package, which has a version of its own. One Builder does not take the one for the other.
func TestRecordsSayTheVersionThatTheirStoreHas(t *testing.T) {
	records := func(more string) fstest.MapFS {
		return siteWith("sopan.yaml", "title: A site\nrecords: {endpoint: \"https://lrs.example.gov.in/xapi\""+more+"}\n")
	}
	said := regexp.MustCompile(`"X-Experience-API-Version":"([^"]*)"`)
	for _, c := range []struct {
		site    fstest.MapFS
		options Options
		want    string
	}{
		{records(""), Options{}, "recorder 1.0.3, unsent 1.0.3"},
		{records(", version: 2.0.0"), Options{}, "recorder 2.0.0, unsent 2.0.0"},
		{records(", version: 2.0.0"), Options{Course: "c", Profile: "xapi"}, "unsent 1.0.3, xapi 1.0.3, xapi_sending 1.0.3"},
	} {
		files, _ := build(t, warm, c.site, c.options)
		var got []string
		for _, file := range slices.Sorted(maps.Keys(files)) {
			name, _, _ := strings.Cut(strings.TrimPrefix(file, "assets/"), ".")
			for _, m := range said.FindAllSubmatch(files[file], -1) {
				got = append(got, name+" "+string(m[1]))
			}
		}
		if got := strings.Join(got, ", "); got != c.want {
			t.Errorf("the scripts say %s, want %s", got, c.want)
		}
	}
}

// TestAPackageHoldsTheLanguagesOfItsCourse and of no other, whatever course the same Builder packed before.
func TestAPackageHoldsTheLanguagesOfItsCourse(t *testing.T) {
	site := siteWith("sopan.yaml", "title: {en: A site, hi: साइट}\nlanguages: [en, hi]\n",
		"content/d/index.md", "---\ntitle: D\n---\nWords.\n", "content/d/index.hi.md", "---\ntitle: द\n---\nशब्द।\n",
		"content/d/10-y.md", "---\ntitle: Y\n---\nWords.\n", "content/d/10-y.hi.md", "---\ntitle: य\n---\nशब्द।\n")
	for _, c := range []struct{ course, want string }{{"d", "en hi"}, {"c", "en"}, {"d", "en hi"}} {
		files, _ := build(t, warm, site, Options{Course: c.course, Profile: "scorm2004"})
		var got []string
		for _, file := range slices.Sorted(maps.Keys(files)) {
			if lang, ok := strings.CutPrefix(file, "assets/base."); ok {
				got = append(got, lang[:2])
			}
		}
		if got := strings.Join(got, " "); got != c.want {
			t.Errorf("the package of the course %s has scripts in %q, want %q", c.course, got, c.want)
		}
	}
}

// TestABuilderRemembersNothingThatChanged edits a site between builds of one
// Builder: each build equals one by a new Builder.
func TestABuilderRemembersNothingThatChanged(t *testing.T) {
	b := New()
	site := siteWith("sopan.yaml", "title: {en: A site, hi: साइट}\nlanguages: [en, hi]\n",
		"content/glossary.yaml", "terms:\n- {term: Words, meaning: What is said.}\n",
		"content/competencies.yaml", "frameworks:\n- {id: f, title: F, areas: [{title: A, competencies: [Care]}]}\n",
		"content/roles.yaml", "positions:\n- {id: p, title: P, roles: [{id: r, title: R, activities: [{id: a, title: Act, competencies: [Care]}]}]}\n",
		"content/c/15-z.md", "---\ntitle: Z\ncompetencies: [\"Care, level 2\"]\nroles: [R > Act]\n---\nWords.\n",
		"content/c/90-q.quiz.yaml", "title: Q\nquestions:\n- {id: a, ask: One?, right: yes, wrong: [no]}\n",
		"content/c/90-q.quiz.hi.yaml", "title: प्र\nquestions:\n  a: {ask: एक?, right: हाँ, wrong: [नहीं]}\n")
	for _, edit := range []struct{ file, content string }{
		{"content/c/10-x.md", "---\ntitle: Other\n---\nWords.\n"},
		{"content/glossary.yaml", "terms:\n- {term: Other, meaning: Not this.}\n"},
		{"content/c/90-q.quiz.yaml", "title: Q\nquestions:\n- {id: a, ask: Two?, right: yes, wrong: [no]}\n"},
		{"content/c/10-x.hi.md", "---\ntitle: हिन्दी\n---\nपाठ।\n"},
		{"content/c/10-x.hi.md", ""},
		{"content/competencies.yaml", "frameworks:\n- {id: f, title: F, levels: [One, Two], areas: [{title: A, competencies: [{id: care, title: Caring}, Care for all]}]}\n"},
		{"content/competencies.yaml", "frameworks:\n- {id: f, title: F, areas: [{title: B, competencies: [Other, Care]}]}\n"},
		{"themes/mine/css/main.css", "a { color: red }\n"},
		{"sopan.yaml", "title: A site\nlanguages: [en, hi]\ntheme: mine\n"},
		{"themes/mine/css/main.css", "a { color: blue }\n"},
		{"sopan.yaml", "title: A site\nlanguages: [hi, en]\n"},
		{"content/c/20-y.md", "---\ntitle: Y\n---\n[X](10-x.md)\n"},
	} {
		if edit.content == "" {
			delete(site, edit.file)
		} else {
			site[edit.file] = &fstest.MapFile{Data: []byte(edit.content)}
		}
		got, gotDiags := build(t, b, site, Options{Drafts: true})
		clean := New()
		for k, v := range b.memo.made {
			if k.stage == "bundle" && strings.HasPrefix(edit.file, "content/") {
				clean.memo.made[k] = v // no text is in it, and it is what takes the time
			}
		}
		want, wantDiags := build(t, clean, site, Options{Drafts: true})
		sameFiles(t, got, want)
		var one, other bytes.Buffer
		_ = diag.WriteText(&one, gotDiags, diag.TextOptions{})
		_ = diag.WriteText(&other, wantDiags, diag.TextOptions{})
		if one.String() != other.String() {
			t.Errorf("after %s: says\n%s\nwant\n%s", edit.file, one.String(), other.String())
		}
	}
}

// Fault 22: one file without the permission to be read is an error with its
// name, not the end of the build.
func TestFault22UnreadableFileIsADiagnostic(t *testing.T) {
	for _, file := range []string{"content/c/10-x.md", "content/c/a.svg"} {
		_, diags, err := warm.Build(context.Background(), refusing{siteWith("sopan.yaml", "title: A site\n", "content/c/a.svg", `<svg xmlns="http://www.w3.org/2000/svg"/>`), file}, Options{})
		if err != nil || len(diags) != 1 || diags[0].Code != "source/unreadable" || diags[0].Start.File != file {
			t.Errorf("%s: %v, %v", file, diags, err)
		}
	}
}

type refusing struct {
	fs.FS
	file string
}

func (r refusing) Open(name string) (fs.File, error) {
	if name == r.file {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return r.FS.Open(name)
}

func (r refusing) Stat(name string) (fs.FileInfo, error) { return fs.Stat(r.FS, name) }

func TestACancelledBuildStops(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, err := New().Build(ctx, sampleFS(t), Options{}); err == nil {
		t.Error("a cancelled build goes on")
	}
}
