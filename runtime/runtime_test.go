package runtime_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"go.yaml.in/yaml/v3"

	builder "sopan.dev/sopan/builder/bundle"
	"sopan.dev/sopan/internal/browser"
	"sopan.dev/sopan/runtime"
)

// TestUnits runs every *.test.ts in a real browser: each claim in them is a subtest.
func TestUnits(t *testing.T) {
	var outcomes []struct{ Claim, Error string }
	raw := browser.RunScript(t, string(bundle(t, "all.test.ts", words(t, "en"))))
	if err := json.Unmarshal(raw, &outcomes); err != nil {
		t.Fatalf("reading the outcomes: %v in %s", err, raw)
	}
	if len(outcomes) < 60 {
		t.Errorf("only %d claims were tested; is a test file missing from all.test.ts?", len(outcomes))
	}
	for _, o := range outcomes {
		t.Run(o.Claim, func(t *testing.T) {
			if o.Error != "" {
				t.Error(o.Error)
			}
		})
	}
}

func TestEveryTestFileIsRun(t *testing.T) {
	all, err := os.ReadFile("all.test.ts")
	if err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob("*.test.ts")
	beside, _ := filepath.Glob("recorder/*.test.ts")
	files = append(files, beside...)
	for _, f := range files {
		if f != "all.test.ts" && !strings.Contains(string(all), `"./`+strings.TrimSuffix(f, ".ts")+`"`) {
			t.Errorf("all.test.ts does not import %s", f)
		}
	}
}

// TestSize holds what a learner on a slow network pays. The question kinds come on top of quiz.
func TestSize(t *testing.T) {
	most := map[string]int{"boot": 1000, "base": 6450, "recorder": 4096, "unsent": 3650, "quiz": 7250, "rules": 2950, "result": 2760, "certificate": 2850, "case": 4000, "my": 3800, "read": 2430, "offline": 3350, "kinds": 4900, "typed": 2220, "search": 1900,
		// The first page of a package alone carries these.
		"scorm12": 4096, "scorm2004": 4096, "packer": 2600, "cmi5": 4096, "cmi5_sending": 4500, "xapi": 4096, "xapi_sending": 3150}
	for _, s := range runtime.Workers() {
		limit := map[string]int{"worker": 4700, "worker_off": 300}[s.Name]
		if got := zipped(bundle(t, s.Name+".ts", nil)); got > limit {
			t.Errorf("%s has %d bytes compressed, at most %d are wanted", s.Name, got, limit)
		}
	}
	for _, lang := range []string{"en", "hi"} {
		for _, s := range runtime.Scripts() {
			got := zipped(bundle(t, s.Name+".ts", s.Words(words(t, lang))))
			// Devanagari takes three bytes a letter. What recording adds is promised, in any language.
			limit := most[s.Name]
			if lang == "hi" && s.Name != "recorder" && s.Profile == "" {
				limit += limit / 10
			}
			t.Logf("%s %s: %d bytes", lang, s.Name, got)
			if got > limit {
				t.Errorf("%s in %s has %d bytes compressed, at most %d are wanted", s.Name, lang, got, limit)
			}
		}
	}
}

func TestLanguagesHoldTheSameKeys(t *testing.T) {
	en, hi := words(t, "en"), words(t, "hi")
	for key, text := range en {
		other, ok := hi[key]
		if !ok {
			t.Errorf("hi.yaml lacks %s", key)
		}
		for _, place := range []string{"{n}", "{title}", "{done}", "{name}", "{percent}", "{raw}", "{max}", "{points}", "{most}", "{level}", "{answer}"} {
			if strings.Contains(text, place) != strings.Contains(other, place) {
				t.Errorf("%s: %s stands in one language only", key, place)
			}
		}
	}
	for key := range hi {
		if _, ok := en[key]; !ok {
			t.Errorf("en.yaml lacks %s", key)
		}
	}
}

// TestEveryWordHasAScript: a key that no script names would be shipped with the questions.
func TestEveryWordHasAScript(t *testing.T) {
	for key := range words(t, "en") {
		var named []string
		for _, s := range runtime.Scripts() {
			if first, _, _ := strings.Cut(key, "."); slices.Contains(s.For("cmi5").Says, first) {
				named = append(named, s.Name)
			}
		}
		if len(named) == 0 {
			t.Errorf("no script says %s", key)
		}
	}
}

var said = regexp.MustCompile(`(?:say|count|note)\(([^()]*)`)
var literal = regexp.MustCompile(`"([a-z]+(?:\.[a-z0-9]+)*)"`)

// TestWhatIsSaidHasWords: a key without words would be shown to the learner as it is.
func TestWhatIsSaidHasWords(t *testing.T) {
	known := words(t, "en")
	files, _ := filepath.Glob("*.ts")
	n := 0
	for _, f := range files {
		if strings.Contains(f, "test") {
			continue
		}
		source, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, call := range said.FindAllSubmatch(source, -1) {
			for _, key := range literal.FindAllSubmatch(call[1], -1) {
				n++
				k := string(key[1])
				if known[k] == "" && known[k+".one"] == "" {
					t.Errorf("%s says %q, which has no words", f, k)
				}
			}
		}
	}
	if n < 40 {
		t.Errorf("only %d keys were found in the scripts; has the way of saying changed?", n)
	}
}

func words(t testing.TB, lang string) map[string]string {
	t.Helper()
	source, err := runtime.Files.ReadFile("words/" + lang + ".yaml")
	if err != nil {
		t.Fatal(err)
	}
	var w map[string]string
	if err := yaml.Unmarshal(source, &w); err != nil {
		t.Fatalf("words/%s.yaml: %v", lang, err)
	}
	return w
}

func zipped(content []byte) int {
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression)
	_, _ = w.Write(content)
	_ = w.Close()
	return b.Len()
}

var (
	bundled   = map[string][]byte{}
	bundledMu sync.Mutex
)

// bundle makes one script as the product does, with the question kind of these tests.
func bundle(t testing.TB, entry string, words map[string]string) []byte {
	t.Helper()
	said, err := json.Marshal(words)
	if err != nil {
		t.Fatal(err)
	}
	bundledMu.Lock()
	defer bundledMu.Unlock()
	if js, ok := bundled[entry+string(said)]; ok {
		return js
	}
	script := runtime.Script{Name: strings.TrimSuffix(entry, ".ts"), Own: true} // all tests at once, with nothing beside them
	for _, one := range runtime.Scripts() {
		if one.Name == script.Name {
			script = one
		}
	}
	js, err := builder.Script(script, words, `import { kind } from "runtime/testing_kind.ts"; export const kinds = [kind];`)
	if err != nil {
		t.Fatal(err)
	}
	bundled[entry+string(said)] = js
	return js
}
