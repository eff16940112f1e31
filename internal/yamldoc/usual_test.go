package yamldoc

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"sopan.dev/sopan/internal/mutate"
)

// usualTexts are read without yaml.v3: what authors write every day.
var usualTexts = []string{
	"title: Fees\n",
	"title:   Fees  \n\n  \nsummary: \"What it costs\"  \n",
	"a: 'it''s'\nb: \"a \\\"word\\\" and a \\\\\"\nc: it's \"so\", [really] {so} & so, a:b c#d -x\n",
	"शीर्षक: शुल्क और \"समय\"\nसूची: [क, \"ख ग\", 'घ']\nlast: é\n",
	"a: [x, \"y\", 'z' , -5, w w  ]\nb: []\nc: [ one ]\n",
	"questions:\n- id: q1\n  ask: What?\n  wrong:\n    - one\n    - \"two\": no\n    - three: no\n- id: q2\n",
	"  - ask: What?\n    right: true\n  - ask: Else?\n",
	"- a\n- -5\n-   b: c\n    d: e\n- - f\n  - g\n-\n- h:\n  i:\n-\n  j: k\n",
	"a:\n- b\n-\nc:\n  d:\n    e: f\n  g:\n  - h\ni:\n",
	"a: |\n  one\n   two  \n\n  # three\n   \n\nb: |-\n    four: five\n\n\nc: |\n  six",
	"- |\n six\n- a: |-\n   seven\n  b: c\n",
	"a: b\n   ",
	"a: ~\nb: null\n<<: x\nc: 012\n.5: e\n",
	"# one\n\n  # two\na: b\n# three\nc: d # four\ne: \"f # g\" # five\nh: 'i' #\nj: [k, \"l # m\"]   # six\n#seven",
	"a: # one\n  b: c\n# two\n  d: e\n    # three\nf: # four\ng: h#i #j: k\nl: #\n- m\n",
	"- # one\n  a: b\n  # two\n- c # d: e\n-   # f\n- g: #\n  h: i\n# three\n- j\n",
	"a: |\n  b\n # one\n\n# two\nc: |-\n  d\n  # three\n\n # four\n",
}

// unusualTexts are left to yaml.v3, some because it refuses them, the others
// because they are seldom.
var unusualTexts = []string{
	"", "\n \n", "text\n", "# comment\n", "a: | # comment\n  b\n", "a #b: c\n", "a: b\n# comment\n  c\n", "a: \"b\"#c\n", "a: [b #c]\n", "a: | \n  b\n # c\n  d\n", "a: b\n  more\n", "a: \"b\n  more\"\n", "a: [b,\n  c]\n",
	"a: &b c\n", "a: *b\n", "a: !b c\n", "a: @b\n", "a: `b`\n", "a: %b\n", "%YAML 1.1\n---\na: b\n", "---\na: b\n", "a: b\n---\nc: d\n", "a: b\n...\n",
	"a: {b: c}\n", "a: [b: c]\n", "a: [[b]]\n", "a: [b, ]\n", "a: [b? c]\n", "a: [b\n", "a: \"b\n", "a: \"b\" c\n", "a: [b] c\n", "a: b: c\n", "a: b:\n", "a: - b\n",
	"? a\n: b\n", "a:\tb\n", "\ta: b\n", "a: b\n c: d\n", " a: b\nc: d\n", "a:\n  b: c\n d: e\n", "a: >\n  b\n", "a: |+\n  b\n\n", "a: |2\n   b\n", "a: |\n\n  b\n", "a: |\n", "a: |\nb: c\n",
	"a: \"\\n\"\n", "a: b\u2028c\n", "a: b\u0085c\n", "\ufeffa: b\n", "a: b\x00\n", "a: b\xff\n", "a: b\rc: d\n", "- a\nb: c\n", "a: b\n- c\n", "a:\n  - b\n  c: d\n",
	"a : b\n c: d\n", "\"a\" : b\n", "a:b\n", "-a\n", "- a\n-b\n", strings.Repeat("- ", 200) + "a\n", strings.Repeat("a", 1025) + ": b\n", "- " + strings.Repeat("a", 1025) + ": b\n",
}

func TestUsualTextsAreReadAsYAMLReadsThem(t *testing.T) {
	for _, text := range usualTexts {
		if _, ok := Usual([]byte(text)); !ok {
			t.Errorf("left to yaml.v3: %q", text)
		}
		sameTree(t, []byte(text))
	}
	for _, text := range unusualTexts {
		if _, ok := Usual([]byte(text)); ok {
			t.Errorf("not left to yaml.v3: %q", text)
		}
		sameTree(t, []byte(text))
	}
}

// The YAML of the sample, of all tests and of their archives, front matter and
// settings, as it is and broken in thousands of ways.
func TestAllYAMLOfTheProjectIsReadAsYAMLReadsIt(t *testing.T) {
	var texts [][]byte
	for _, root := range append([]string{"../.."}, filepath.SplitList(os.Getenv("SOPAN_YAML"))...) {
		texts = append(texts, yamlBelow(t, root)...)
	}
	read := 0
	for _, text := range texts {
		if sameTree(t, text) {
			read++
		}
	}
	if len(texts) < 100 || read < len(texts)/4 {
		t.Errorf("%d of %d texts were read without yaml.v3", read, len(texts))
	}
	t.Logf("%d of %d texts", read, len(texts))
	for i, text := range texts { // what is broken at the end of a long text is broken in a short one
		texts[i] = text[:min(len(text), 2000)]
	}
	for _, text := range usualTexts {
		texts = append(texts, []byte(text))
	}
	const broken = 3000
	read = 0
	for _, text := range mutate.Of(t, broken, texts...) {
		if sameTree(t, text) {
			read++
		}
	}
	if read < broken/50 {
		t.Errorf("%d of %d broken texts were read without yaml.v3", read, broken)
	}
	t.Logf("%d of %d broken texts", read, broken)
}

func FuzzUsual(f *testing.F) {
	mutate.Add(f, 500, slices.Concat(usualTexts, unusualTexts)...)
	f.Fuzz(func(t *testing.T, text string) { sameTree(t, []byte(text)) })
}

// yamlBelow gives the YAML of a folder: files, front matter, blocks of lessons,
// and the files of archives.
func yamlBelow(t *testing.T, root string) [][]byte {
	var texts [][]byte
	err := fs.WalkDir(os.DirFS(root), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "node_modules" || d.Name() == ".git") {
			return fs.SkipDir
		}
		ext := filepath.Ext(name)
		if d.IsDir() || ext != ".yaml" && ext != ".md" && ext != ".txtar" && ext != ".yml" {
			return nil
		}
		b, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			return err
		}
		if ext == ".yaml" || ext == ".yml" {
			texts = append(texts, b)
			return nil
		}
		for i, part := range bytes.Split(b, []byte("---\n")) { // front matter
			if i%2 == 1 {
				texts = append(texts, part)
			}
		}
		for i, part := range bytes.Split(b, []byte("```")) { // blocks
			if head, body, ok := bytes.Cut(part, []byte("\n")); i%2 == 1 && ok && (string(head) == "quiz" || string(head) == "yaml") {
				texts = append(texts, body)
			}
		}
		for _, part := range bytes.Split(b, []byte("-- ")) { // files of an archive
			if _, body, ok := bytes.Cut(part, []byte(" --\n")); ok {
				texts = append(texts, body)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

// sameTree holds Usual against yaml.v3, where it has an answer.
func sameTree(t *testing.T, text []byte) (read bool) {
	t.Helper()
	got, ok := Usual(text)
	if !ok {
		return false
	}
	var want yaml.Node
	if err := unmarshal(text, &want); err != nil || len(want.Content) != 1 {
		t.Fatalf("%q is read, and yaml.v3 says: %v", text, err)
	}
	if difference := compare(got, Of(want.Content[0], text)); difference != "" {
		t.Fatalf("%q: %s", text, difference)
	}
	return true
}

func compare(got, want *Node) string {
	seen := func(n *Node) string {
		return fmt.Sprintf("kind %d, style %d, %q at byte %d with %d below it", n.Kind, n.Style, n.Value, n.Start, len(n.Content))
	}
	if seen(got) != seen(want) {
		return "got " + seen(got) + ", want " + seen(want)
	}
	for i := range got.Content {
		if difference := compare(got.Content[i], want.Content[i]); difference != "" {
			return difference
		}
	}
	return ""
}

func BenchmarkUsual(b *testing.B) {
	text := []byte("title: \"Incremental schema\"\nsummary: What a schema is, and what it is not\nminutes: 12\ncompetencies: [people-first:2, \"data\", rti]\nauthors:\n  - name: A. Rao\n    role: writer\n  - name: B. Sen\n")
	b.Run("ours", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, ok := Usual(text); !ok {
				b.Fatal("unusual")
			}
		}
	})
	b.Run("yaml.v3", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var n yaml.Node
			if err := unmarshal(text, &n); err != nil {
				b.Fatal(err)
			}
		}
	})
}
