// Package docs_test holds the documentation to the program: each diagnostic
// has an entry whose example causes it, each link leads somewhere, and no page
// speaks of a command or an option that does not exist.
package docs_test

import (
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"sopan.dev/sopan/builder"
)

// areas are the first halves of the codes of diagnostics.
const areas = "case|competency|course|front|glossary|image|link|markdown|quiz|records|role|site|source|theme|yaml"

var codeForm = regexp.MustCompile(`^(` + areas + `)/[a-z0-9-]+$`)

// pictureTypes look like codes and are MIME types.
var pictureTypes = []string{"image/avif", "image/gif", "image/jpeg", "image/png", "image/svg", "image/webp", "image/x-icon"}

// codesInSource lists the codes that stand as string literals in the program,
// with a place for each.
func codesInSource(t *testing.T) map[string]string {
	codes := map[string]string{}
	for _, folder := range []string{"../builder", "../quiz", "../internal", "../preview", "../record", "../cmd"} {
		err := filepath.WalkDir(folder, func(p string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(p) != ".go" || strings.HasSuffix(p, "_test.go") {
				return err
			}
			files := token.NewFileSet()
			f, err := parser.ParseFile(files, p, nil, 0)
			if err != nil {
				return err
			}
			ast.Inspect(f, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.ImportSpec:
					return false
				case *ast.BasicLit:
					if s, err := strconv.Unquote(n.Value); err == nil && codeForm.MatchString(s) && !slices.Contains(pictureTypes, s) {
						codes[s] = files.Position(n.Pos()).String()
					}
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(codes) < 100 {
		t.Fatalf("only %d codes were found: the search is broken", len(codes))
	}
	return codes
}

// entry is a section of diagnostics.md.
type entry struct {
	code  string
	files map[string]string // of its example, as written
}

// entries reads diagnostics.md: a heading of level 3 for each code.
func entries(t *testing.T) []entry {
	var out []entry
	for _, s := range sections(t, "diagnostics.md", "### ")[1:] {
		out = append(out, entry{s.title, s.files})
	}
	return out
}

func TestEachDiagnosticHasAnEntry(t *testing.T) {
	described := map[string]bool{}
	var order []string
	for _, e := range entries(t) {
		if described[e.code] {
			t.Errorf("docs/diagnostics.md has two entries `### %s`", e.code)
		}
		described[e.code] = true
		order = append(order, e.code)
	}
	codes := codesInSource(t)
	for _, code := range slices.Sorted(maps.Keys(codes)) {
		if !described[code] {
			t.Errorf("%s reports %s, and docs/diagnostics.md has no entry `### %s`", codes[code], code, code)
		}
	}
	for _, code := range order {
		if codes[code] == "" {
			t.Errorf("docs/diagnostics.md has an entry %s, and no Go file reports it", code)
		}
	}
	if !slices.IsSorted(order) {
		t.Errorf("the entries of docs/diagnostics.md are not sorted: %v", order)
	}
}

// TestEachExampleCausesItsDiagnostic builds a site from each example.
func TestEachExampleCausesItsDiagnostic(t *testing.T) {
	b := builder.New() // one, so that scripts are bundled once
	for _, e := range entries(t) {
		if len(e.files) == 0 {
			continue
		}
		t.Run(e.code, func(t *testing.T) {
			site := exampleSite()
			for name, text := range e.files {
				place(site, name, text)
			}
			_, diags, err := b.Build(context.Background(), site, builder.Options{})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, d := range diags {
				if d.Code == e.code {
					return
				}
				got = append(got, d.Code+" "+d.Start.File+": "+d.Message)
			}
			t.Errorf("the example in docs/diagnostics.md does not cause %s. It causes:\n%s", e.code, strings.Join(got, "\n"))
		})
	}
}

// exampleSite is a site without a mistake, for examples to stand in.
func exampleSite() fstest.MapFS {
	index := func(title string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte("---\ntitle: " + title + "\n---\nAn introduction.\n")}
	}
	return fstest.MapFS{
		"sopan.yaml":                        {Data: []byte("title: Example\n")},
		"content/course/index.md":           index("A course"),
		"content/course/10-module/index.md": index("A module"),
	}
}

// place puts an example into the site: in a module unless its name says where,
// and with front matter where it leaves that out.
func place(site fstest.MapFS, name, text string) {
	if strings.HasSuffix(name, ".md") && !strings.HasPrefix(text, "---\n") {
		text = "---\ntitle: An example\n---\n" + text
	}
	if !strings.HasPrefix(name, "content/") && !strings.HasPrefix(name, "themes/") && name != "sopan.yaml" {
		name = path.Join("content/course/10-module", name)
	}
	site[name] = &fstest.MapFile{Data: []byte(text)}
}

func TestTheSiteOfTheExamplesHasNoMistake(t *testing.T) {
	_, diags, err := builder.New().Build(context.Background(), exampleSite(), builder.Options{})
	if err != nil || len(diags) > 0 {
		t.Errorf("the site that examples stand in: %v %v", err, diags)
	}
}

func read(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(b), "\r\n", "\n")
}

// section is a part of a page from one heading to the next, with the files
// that its fenced blocks hold: those whose info string names one.
type section struct {
	title string
	files map[string]string
}

func sections(t *testing.T, page, heading string) []section {
	out := []section{{"(before the first heading)", map[string]string{}}}
	fence, file := "", ""
	var body []string
	for line := range strings.Lines(read(t, page)) {
		line = strings.TrimSuffix(line, "\n")
		switch ticks := line[:len(line)-len(strings.TrimLeft(line, "`"))]; {
		case fence != "" && line == fence:
			if file != "" {
				out[len(out)-1].files[file] = strings.Join(body, "\n") + "\n"
			}
			fence, file, body = "", "", nil
		case fence != "":
			body = append(body, line)
		case len(ticks) >= 3:
			fence = ticks
			_, file, _ = strings.Cut(strings.TrimPrefix(line, ticks), " ")
		case strings.HasPrefix(line, heading):
			out = append(out, section{strings.TrimPrefix(line, heading), map[string]string{}})
		}
	}
	return out
}

// TestTheExamplesForAuthorsBuild makes a site of the files of each section.
func TestTheExamplesForAuthorsBuild(t *testing.T) {
	b, tried := builder.New(), 0
	for _, page := range []string{"authoring.md", "quiz-format.md"} {
		for _, s := range sections(t, page, "## ") {
			if len(s.files) == 0 {
				continue
			}
			tried++
			t.Run(page+"/"+s.title, func(t *testing.T) {
				site := exampleSite()
				for name, text := range map[string]string{
					"20-next.md": "## Fees {#fees}\n\nTen rupees.\n",
					"map.svg":    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 360 200"/>`,
					"talk.mp4":   "film",
				} {
					place(site, name, text)
				}
				for name, text := range s.files {
					place(site, name, text)
				}
				_, diags, err := b.Build(context.Background(), site, builder.Options{})
				if err != nil {
					t.Fatal(err)
				}
				for _, d := range diags {
					t.Errorf("docs/%s: %s:%d: %s %s: %s %s", page, d.Start.File, d.Start.Line, d.Severity, d.Code, d.Message, d.Hint)
				}
			})
		}
	}
	if tried < 15 {
		t.Errorf("only %d sections with examples were found: the search is broken", tried)
	}
}
