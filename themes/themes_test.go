package themes_test

import (
	"bytes"
	"compress/gzip"
	"flag"
	"html/template"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/evanw/esbuild/pkg/api"
	"go.yaml.in/yaml/v3"

	"sopan.dev/sopan/themes"
)

// out keeps the rendered fixture pages for looking at them in a browser:
//
//	go test ./themes -args -out DIR
var out = flag.String("out", "", "keep the rendered fixture pages in this folder")

func words(t *testing.T, lang string) map[string]string {
	t.Helper()
	b, err := themes.Sopan.ReadFile("sopan/words/" + lang + ".yaml")
	if err != nil {
		t.Fatal(err)
	}
	m := map[string]string{}
	if err := yaml.Unmarshal(b, &m); err != nil {
		t.Fatalf("words/%s.yaml is not a flat list of words: %v", lang, err)
	}
	return m
}

func templates(t *testing.T) *template.Template {
	t.Helper()
	set, err := template.New("").Option("missingkey=error").ParseFS(themes.Sopan, "sopan/templates/*.html")
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// stylesheet is both sheets of the theme, one behind the other.
func stylesheet(t *testing.T) []byte {
	t.Helper()
	dir := t.TempDir()
	css, err := fs.Sub(themes.Sopan, "sopan/css")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(dir, css); err != nil {
		t.Fatal(err)
	}
	r := api.Build(api.BuildOptions{
		EntryPoints: []string{filepath.Join(dir, "main.css"), filepath.Join(dir, "exercise.css"), filepath.Join(dir, "case.css"), filepath.Join(dir, "late.css")}, Outdir: dir, Bundle: true, MinifyWhitespace: true, MinifySyntax: true,
	})
	for _, m := range append(r.Errors, r.Warnings...) {
		t.Errorf("esbuild on the style sheets: %s %v", m.Text, m.Location)
	}
	if t.Failed() {
		t.FailNow()
	}
	slices.SortFunc(r.OutputFiles, func(a, b api.OutputFile) int { return strings.Compare(b.Path, a.Path) }) // main first
	var both []byte
	for _, f := range r.OutputFiles {
		both = append(both, f.Contents...)
	}
	return both
}

func TestEveryLanguageHoldsTheSameWords(t *testing.T) {
	en := words(t, "en")
	files, err := fs.Glob(themes.Sopan, "sopan/words/*.yaml")
	if err != nil || len(files) < 2 {
		t.Fatalf("word files: got %v, %v", files, err)
	}
	placeholder := regexp.MustCompile(`\{\w+\}`)
	for _, f := range files {
		lang := strings.TrimSuffix(filepath.Base(f), ".yaml")
		got := words(t, lang)
		for k, v := range en {
			if got[k] == "" {
				t.Errorf("%s.yaml has no word for %q (English: %q)", lang, k, v)
			}
			if a, b := placeholder.FindAllString(v, -1), placeholder.FindAllString(got[k], -1); !slices.Equal(a, b) {
				t.Errorf("%s.yaml, %s: placeholders %v, in English %v", lang, k, b, a)
			}
		}
		for k := range got {
			if _, ok := en[k]; !ok {
				t.Errorf("%s.yaml has %q, which en.yaml has not", lang, k)
			}
		}
	}
}

func TestTheStyleSheetIsWithinItsBudget(t *testing.T) {
	const most = 8 << 10 // all sheets together; no page has them all
	var b bytes.Buffer
	z, _ := gzip.NewWriterLevel(&b, gzip.BestCompression)
	z.Write(stylesheet(t))
	z.Close()
	t.Logf("style sheet: %d bytes compressed", b.Len())
	if b.Len() > most {
		t.Errorf("the style sheet weighs %d bytes compressed, the budget is %d", b.Len(), most)
	}
}

// A colour outside tokens.css is one that night and high contrast cannot change.
func TestColoursLiveInTokensAlone(t *testing.T) {
	colour := regexp.MustCompile(`(?i)#[0-9a-f]{3,8}\b|\b(rgb|hsl)a?\(`)
	files, _ := fs.Glob(themes.Sopan, "sopan/css/*.css")
	for _, f := range files {
		if strings.HasSuffix(f, "tokens.css") || strings.HasSuffix(f, "print.css") {
			continue
		}
		b, _ := themes.Sopan.ReadFile(f)
		if m := colour.Find(b); m != nil {
			t.Errorf("%s names the colour %s; give it a name in tokens.css", f, m)
		}
	}
}

// Right-to-left pages need logical properties: a physical side is a mistake there.
func TestStylesNameNoPhysicalSide(t *testing.T) {
	side := regexp.MustCompile(`(?m)[ ;{](margin|padding|border|inset)-(left|right|top|bottom)\b|[ ;{](left|right|top|bottom|float: (left|right)|text-align: right):`)
	files, _ := fs.Glob(themes.Sopan, "sopan/css/*.css")
	for _, f := range files {
		b, _ := themes.Sopan.ReadFile(f)
		if m := side.Find(b); m != nil {
			t.Errorf("%s says %q; use the logical property", f, m)
		}
	}
}

func TestTheStyleSheetFetchesNothing(t *testing.T) {
	if m := regexp.MustCompile(`url\([^)]*\)|@font-face`).Find(stylesheet(t)); m != nil {
		t.Errorf("the style sheet holds %s; it may fetch nothing", m)
	}
}

func TestEveryTemplateRendersInEveryDirection(t *testing.T) {
	set, css := templates(t), stylesheet(t)
	dir := *out
	if dir == "" {
		dir = t.TempDir()
	}
	for _, lang := range []string{"en", "hi", "ur"} {
		// Urdu has no words of its own here: it stands for a right-to-left page.
		file := map[string]string{"en": "en", "hi": "hi", "ur": "en"}[lang]
		place := filepath.Join(dir, lang)
		if err := os.MkdirAll(place, 0o755); err != nil {
			t.Fatal(err)
		}
		for kind, view := range fixtures(t, set, lang, words(t, file)) {
			var b bytes.Buffer
			if err := set.ExecuteTemplate(&b, kind+".html", view); err != nil {
				t.Errorf("%s in %s: %v", kind, lang, err)
				continue
			}
			page := b.String()
			for claim, broken := range map[string]bool{
				"has one h1":                 strings.Count(page, "<h1") != 1,
				"names its language":         !strings.Contains(page, `<html lang="`+lang+`" dir="`),
				"has no inline style":        regexp.MustCompile(`<style|\sstyle=`).MatchString(page),
				"has no inline script":       regexp.MustCompile(`<script>|\son[a-z]+=`).MatchString(page),
				"states its policy first":    !strings.Contains(page, "<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\""),
				"lets the reader skip":       !strings.Contains(page, `<a class="skip" href="#main">`) || !strings.Contains(page, `id="main"`),
				"escapes nothing it may not": strings.Contains(page, "ZgotmplZ") || strings.Contains(page, "&lt;p"),
				"leaves no word empty":       strings.Contains(page, "<no value>"),
			} {
				if broken {
					t.Errorf("%s page in %s: does not hold that it %s", kind, lang, claim)
				}
			}
			if err := os.WriteFile(filepath.Join(place, kind+".html"), b.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.WriteFile(filepath.Join(place, "sopan.css"), css, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
