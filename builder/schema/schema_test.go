package schema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"sopan.dev/sopan/builder"
	"sopan.dev/sopan/builder/source"
)

func compiled(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(Of(name)))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	if err := c.AddResource(name+".json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile(name + ".json") // which validates the schema against its own schema
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, Of(name))
	}
	return s
}

// asEditorsReadIt turns YAML into what a JSON Schema sees of it: numbers, truth
// values and null are typed, everything else is text.
func asEditorsReadIt(t *testing.T, text string) any {
	t.Helper()
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	var read func(n *yaml.Node) any
	read = func(n *yaml.Node) any {
		switch n.Kind {
		case yaml.DocumentNode:
			return read(n.Content[0])
		case yaml.MappingNode:
			out := map[string]any{}
			for i := 0; i < len(n.Content); i += 2 {
				out[n.Content[i].Value] = read(n.Content[i+1])
			}
			return out
		case yaml.SequenceNode:
			out := []any{}
			for _, c := range n.Content {
				out = append(out, read(c))
			}
			return out
		}
		switch n.Tag {
		case "!!null":
			return nil
		case "!!bool":
			return n.Value == "true"
		case "!!int", "!!float":
			if v, err := strconv.ParseFloat(n.Value, 64); err == nil {
				return v
			}
		}
		return n.Value
	}
	return read(&doc)
}

// frontMatter is what stands between the first two lines of dashes.
func frontMatter(text string) string {
	parts := strings.SplitN(text, "---\n", 3)
	if len(parts) < 3 || parts[0] != "" {
		return ""
	}
	return parts[1]
}

// kindOf tells which schema a file of a site has.
func kindOf(p string) string {
	switch base := path.Base(p); {
	case base == "sopan.yaml":
		return "site"
	case path.Base(path.Dir(p)) == "learners" && path.Ext(base) == ".yaml":
		return "learner"
	case strings.HasSuffix(base, ".quiz.yaml"):
		return "quiz"
	case slices.Contains([]string{"roles.yaml", "competencies.yaml", "glossary.yaml"}, base):
		return strings.TrimSuffix(base, ".yaml")
	case strings.HasSuffix(base, ".md"):
		return "frontmatter"
	}
	return ""
}

// kinds lists the kinds of files.
func kinds() []string {
	var names []string
	for _, f := range files {
		names = append(names, f.name)
	}
	return names
}

// Each file of the sample course, of the scaffold and of the pages for authors
// passes its schema.
func TestWhatAuthorsWritePasses(t *testing.T) {
	schemas, tried := map[string]*jsonschema.Schema{}, map[string]int{}
	for _, name := range kinds() {
		schemas[name] = compiled(t, name)
	}
	try := func(where, kind, text string) {
		if kind == "frontmatter" {
			text = frontMatter(text)
		}
		if kind == "" || strings.TrimSpace(text) == "" {
			return
		}
		tried[kind]++
		if err := schemas[kind].Validate(asEditorsReadIt(t, strings.ReplaceAll(text, "TITLE", "A title"))); err != nil {
			t.Errorf("%s: %v", where, err)
		}
	}
	for _, root := range []string{"../../content", "../../learners", "../../simulate/testdata/every/learners", "../scaffold/files", "../../sopan.yaml"} {
		err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || strings.Contains(filepath.ToSlash(p), "/shared/") {
				return err
			}
			b, err := os.ReadFile(p)
			try(p, kindOf(filepath.ToSlash(p)), string(b))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	block := regexp.MustCompile("(?ms)^```+[a-z]+ (\\S+)\n(.*?)^```+$")
	for _, page := range []string{"authoring.md", "quiz-format.md"} {
		b, err := os.ReadFile("../../docs/" + page)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range block.FindAllSubmatch(b, -1) {
			try(page+": "+string(m[1]), kindOf(string(m[1])), string(m[2]))
		}
	}
	for _, name := range kinds() {
		if tried[name] == 0 {
			t.Errorf("nothing was tried against the schema of %s", name)
		}
	}
}

func TestMistakesFail(t *testing.T) {
	question := func(lines string) string {
		return "title: T\nquestions:\n- id: a\n  ask: A?\n  " + strings.ReplaceAll(lines, "\n", "\n  ") + "\n"
	}
	for kind, texts := range map[string][]string{
		"quiz": {
			"questions: []", "title: T", "title: T\nquestions: none", "title: [a]\nquestions: []", "title: T\nsealed: perhaps\nquestions: []", "title: T\nshow: at once\nquestions: []",
			"title: T\nkind: exam\nquestions: []", "title: T\nkind: 360\nasked of: [aunt]\nquestions: []", "title: T\nquestons: []\nquestions: []", "title: T\nquestions: [A week has seven days.]",
			"title: T\nquestions: [{right: true}]", question("hint: x"), question("right: true\nanswer: x"), question("rihgt: true"), question("answer: [a]"), question("answer: x\nwrong: [y]"),
			question("right: x\nalso: [y]"), question("match: [a, b]"), question("order: a, b, c"), question("sort: {a: {b: c}}"), question("right: true\ncertainty: maybe"), question("right: true\nimage: map.svg"), question("rate: {a: 1}"),
		},
		"site":         {"id: x", "title: T\nlangages: [en]", "title: T\nlanguages: [english]", "title: {english: T}", "title: T\nhtml: all", "title: T\nrecords: {endpoint: x, password: y}", "title: T\nrecords: https://x"},
		"roles":        {"roles: []", "positions: [{id: a}]", "positions: [{id: a, title: A, activities: []}]", "positions: {a: b}"},
		"competencies": {"competencies: []", "frameworks: [{id: a}]", "frameworks: [{id: a, title: A, areas: [{competencies: []}]}]", "frameworks: [{id: a, title: A, areas: [{title: B, competencies: [{id: c}]}]}]"},
		"glossary":     {"terms: {a: b}", "terms: [{term: a}]", "terms: [{term: a, meaning: b, alos: [c]}]", "terms: [{term: a, meaning: {english: b}}]"},
		"learner": {"title: T", "titel: T\ndoes: []", "does: read", "does: [read]", "does: [{raed: a}]", "does: [{read: a, go: offline}]", "does: [{read: a, take: [b]}]", "does: [{answer: a, all: badly}]",
			"does: [{answer: a, but: {b: badly}}]", "does: [{answer: a, hand in: perhaps}]", "does: [{go: of}]", "does: [{then: stay}]"},
		"frontmatter": {"titel: T", "title: T\nstatus: ready", "title: T\ncomplete: {lesson: all}", "title: T\nsources: [{titel: x}]", "title: T\nauthors: {a: b}"},
	} {
		s := compiled(t, kind)
		for _, text := range texts {
			if s.Validate(asEditorsReadIt(t, text)) == nil {
				t.Errorf("the schema of %s takes\n%s", kind, text)
			}
		}
	}
}

// node is a part of a schema.
type node struct {
	Type                 any
	Enum                 []any
	Properties           map[string]node
	AdditionalProperties json.RawMessage
	PropertyNames        *node
	Items                *node
	AnyOf                []node
	OneOf                []struct{ Required []string }
	DependentSchemas     map[string]any
	Description          string
}

// document makes YAML with every key that a schema knows and, where extra is
// true, one in each mapping that none knows. at collects how many there are.
func (n node) document(extra bool, count *int) any {
	if len(n.AnyOf) > 0 { // the alternative that goes deepest
		best := n.AnyOf[0]
		for _, a := range n.AnyOf {
			if a.Items != nil || a.Properties != nil && best.Items == nil {
				best = a
			}
		}
		return best.document(extra, count)
	}
	switch {
	case n.Properties != nil:
		out := map[string]any{}
		for k, v := range n.Properties {
			out[k] = v.document(extra, count)
		}
		if extra {
			*count++
			out["zzzunknown"] = "x"
		}
		return out
	case n.Items != nil:
		return []any{n.Items.document(extra, count)}
	case len(n.Enum) > 0:
		return n.Enum[len(n.Enum)-1] // not `draft`, of which nothing is said
	case len(n.AdditionalProperties) > 0 && n.AdditionalProperties[0] == '{':
		key := "en"
		return map[string]any{key: "x"}
	}
	return "x"
}

// Every key of a schema is one that Sopan reads, and a key that is in no schema
// is refused: both come from the same tables.
func TestSchemasAndReadersKnowTheSameKeys(t *testing.T) {
	b := builder.New() // one, so that scripts are bundled once
	unknown := func(kind, text string) (n int, said string) {
		file := map[string]string{"quiz": "content/c/90-q.quiz.yaml", "site": "sopan.yaml", "frontmatter": "content/c/index.md"}[kind]
		if file == "" {
			file = "content/" + kind + ".yaml"
		}
		if kind == "frontmatter" {
			text = "---\n" + text + "---\nWords.\n"
		}
		site := fstest.MapFS{"sopan.yaml": {Data: []byte("title: S\n")}, "content/c/index.md": {Data: []byte("---\ntitle: C\n---\nWords.\n")}}
		site[file] = &fstest.MapFile{Data: []byte(text)}
		_, diags, err := b.Build(t.Context(), site, builder.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range diags {
			if strings.HasSuffix(d.Code, "/unknown-key") {
				n++
				said += d.Message + "\n"
			}
		}
		return n, said
	}
	for _, kind := range kinds() {
		if kind == "learner" {
			continue // read by simulate, whose tests hold the same
		}
		var schema node
		if err := json.Unmarshal(Of(kind), &schema); err != nil {
			t.Fatal(err)
		}
		documents := func(extra bool) (texts []string, extras int) {
			add := func(v any) {
				b, err := yaml.Marshal(v)
				if err != nil {
					t.Fatal(err)
				}
				texts = append(texts, string(b))
			}
			if kind != "quiz" {
				add(schema.document(extra, &extras))
				return texts, extras
			}
			// A question has one answer word, and with it the keys that need it.
			question := schema.Properties["questions"].Items
			words := []string{}
			for _, o := range question.OneOf {
				words = append(words, o.Required...)
			}
			for _, w := range words {
				all := question.document(false, new(int)).(map[string]any)
				for k := range all {
					needs := fmt.Sprint(question.DependentSchemas[k])
					if k != w && slices.Contains(words, k) || question.DependentSchemas[k] != nil && !strings.Contains(needs, "["+w+"]") {
						delete(all, k)
					}
				}
				top := schema.document(false, new(int)).(map[string]any)
				if extra {
					extras += 2
					all["zzzunknown"], top["zzzunknown"] = "x", "x"
				}
				top["questions"] = []any{all}
				add(top)
			}
			return texts, extras
		}
		for _, extra := range []bool{false, true} {
			texts, want := documents(extra)
			got, all := 0, ""
			for _, text := range texts {
				n, said := unknown(kind, text)
				got += n
				all += said
			}
			if got != want || !extra && strings.Contains(all, "key") {
				t.Errorf("%s: %d unknown keys where there are %d:\n%s\n%s", kind, got, want, all, strings.Join(texts, "---\n"))
			}
		}
	}
}

// No reader of course has a list of keys of its own.
func TestReadersTakeTheirKeysFromTheTables(t *testing.T) {
	files, err := filepath.Glob("../course/*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	calls := 0
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`(\w+)\.Map\((.*)\)`).FindAllSubmatch(b, -1) {
			if string(m[1]) == "strings" {
				continue // that of the standard library, over letters
			}
			calls++
			if !bytes.HasSuffix(m[2], []byte(".Names()...")) {
				t.Errorf("%s reads keys that no table holds: Map(%s)", f, m[2])
			}
		}
	}
	if calls < 10 {
		t.Errorf("only %d readers were found", calls)
	}
}

// Each key has a description, which an editor shows.
func TestEachKeyIsExplained(t *testing.T) {
	var walk func(at string, n node)
	walk = func(at string, n node) {
		for k, v := range n.Properties {
			if v.Description == "" {
				t.Errorf("%s/%s has no description", at, k)
			}
			walk(at+"/"+k, v)
		}
		for _, a := range n.AnyOf {
			walk(at, a)
		}
		if n.Items != nil {
			walk(at, *n.Items)
		}
	}
	for _, kind := range kinds() {
		var n node
		if err := json.Unmarshal(Of(kind), &n); err != nil {
			t.Fatal(err)
		}
		walk(kind, n)
	}
}

// The editor's settings name schemas that are there, and a site with them reads
// as one without.
func TestTheEditorFindsTheSchemas(t *testing.T) {
	files := Editor()
	var settings struct {
		Schemas map[string]string `json:"yaml.schemas"`
	}
	if err := json.Unmarshal(files[".vscode/settings.json"], &settings); err != nil {
		t.Fatal(err)
	}
	for p, glob := range settings.Schemas {
		if len(files[strings.TrimPrefix(p, "./")]) == 0 || glob == "" {
			t.Errorf("%s for %q is not written", p, glob)
		}
	}
	if len(settings.Schemas) != len(kinds())-1 || !bytes.Contains(files[".vscode/extensions.json"], []byte("redhat.vscode-yaml")) {
		t.Errorf("%s %s", files[".vscode/settings.json"], files[".vscode/extensions.json"])
	}
	site := fstest.MapFS{"sopan.yaml": {Data: []byte("title: S\n")}, "content/c/index.md": {Data: []byte("---\ntitle: C\n---\nWords.\n")}}
	for p, b := range files {
		site[p] = &fstest.MapFile{Data: b}
	}
	tree, diags, err := source.Read(t.Context(), site, nil)
	if err != nil || len(diags) > 0 || len(tree.Files()) != 2 {
		t.Errorf("%v %v %v", tree.Files(), diags, err)
	}
	if Of("nothing") != nil {
		t.Error("there is a schema of nothing")
	}
}
