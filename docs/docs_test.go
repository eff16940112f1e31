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
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"sopan.dev/sopan/builder"
	"sopan.dev/sopan/builder/export"
	"sopan.dev/sopan/builder/source"
	"sopan.dev/sopan/internal/diag"
	"sopan.dev/sopan/quiz"
	"sopan.dev/sopan/simulate"
)

// areas are the first halves of the codes of diagnostics.
const areas = "case|competency|course|front|glossary|image|include|learner|link|lock|markdown|package|quiz|records|role|site|source|theme|video|yaml"

var codeForm = regexp.MustCompile(`^(` + areas + `)/[a-z0-9-]+$`)

// mediaTypes look like codes and are MIME types.
var mediaTypes = []string{"image/avif", "image/gif", "image/jpeg", "image/png", "image/svg", "image/webp", "image/x-icon", "video/mp4", "video/ogg", "video/webm"}

// codesInSource lists the codes that stand as string literals in the program,
// with a place for each.
func codesInSource(t *testing.T) map[string]string {
	codes := map[string]string{}
	for _, folder := range []string{"../builder", "../quiz", "../internal", "../preview", "../record", "../simulate", "../cmd"} {
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
					if s, err := strconv.Unquote(n.Value); err == nil && codeForm.MatchString(s) && !slices.Contains(mediaTypes, s) {
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
			diags := diagnostics(t, b, site, e.code)
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

// diagnostics gives what is said of a site: when it is built, and for codes of
// packages when its course is packed.
func diagnostics(t *testing.T, b *builder.Builder, site fstest.MapFS, code string) diag.List {
	o := builder.Options{Release: true}
	packed := strings.HasPrefix(code, "package/")
	if packed {
		o = builder.Options{Course: "course", Profile: "web"}
	}
	result, diags, err := b.Build(context.Background(), site, o)
	if err != nil {
		t.Fatal(err)
	}
	if strings.HasPrefix(code, "learner/") && !diags.HasErrors() {
		folder, err := fs.Sub(site, simulate.Folder)
		if err != nil {
			t.Fatal(err)
		}
		_, _, found, err := simulate.Read(folder, simulate.Folder, result.Site)
		if err != nil {
			t.Fatal(err)
		}
		return append(diags, found...)
	}
	if !packed || diags.HasErrors() {
		return diags
	}
	format, _ := export.Find("web")
	_, found, err := export.Make(context.Background(), format, result.Site, result.Set, export.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return append(diags, found...)
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
// and with front matter where it leaves that out and is no fragment.
func place(site fstest.MapFS, name, text string) {
	if strings.HasSuffix(name, ".md") && !strings.HasPrefix(text, "---\n") && !strings.HasPrefix(name, "content/shared/") {
		text = "---\ntitle: An example\n---\n" + text
	}
	if !strings.HasPrefix(name, "content/") && !strings.HasPrefix(name, "themes/") && !strings.HasPrefix(name, "static/") && !strings.HasPrefix(name, "learners/") && name != "sopan.yaml" {
		name = path.Join("content/course/10-module", name)
	}
	site[name] = &fstest.MapFile{Data: []byte(text)}
}

func TestTheSiteOfTheExamplesHasNoMistake(t *testing.T) {
	_, diags, err := builder.New().Build(context.Background(), exampleSite(), builder.Options{Release: true})
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
					"talk.mp4":   read(t, "../content/mission-karmayogi/30-learning-anywhere/three-steps.mp4"),
				} {
					place(site, name, text)
				}
				for name, text := range s.files {
					place(site, name, text)
				}
				_, diags, err := b.Build(context.Background(), site, builder.Options{Release: true})
				if err != nil {
					t.Fatal(err)
				}
				for _, d := range diags {
					if d.Code == "quiz/open-key" { // which is as it should be
						continue
					}
					t.Errorf("docs/%s: %s:%d: %s %s: %s %s", page, d.Start.File, d.Start.Line, d.Severity, d.Code, d.Message, d.Hint)
				}
			})
		}
	}
	if tried < 15 {
		t.Errorf("only %d sections with examples were found: the search is broken", tried)
	}
}

// TestEachKindOfQuestionHasAnExample reads the examples of quiz-format.md.
func TestEachKindOfQuestionHasAnExample(t *testing.T) {
	shown := map[string]bool{}
	for _, s := range sections(t, "quiz-format.md", "## ") {
		for name, text := range s.files {
			if strings.HasSuffix(name, ".quiz.yaml") {
				q, _ := quiz.Read(source.NewText(name, []byte(text)))
				for i := range q.Questions {
					shown[q.Questions[i].Kind] = true
				}
			}
		}
	}
	for _, kind := range quiz.KindNames() {
		if !shown[kind] {
			t.Errorf("docs/quiz-format.md has no example of the kind %s", kind)
		}
	}
}

// TestThePagesNameWhatExists looks at `code` for files and Go names of ours.
func TestThePagesNameWhatExists(t *testing.T) {
	declared := map[string]bool{} // "page.Plan"
	for _, folder := range []string{"builder", "builder/source", "builder/course", "builder/markdown", "builder/page", "builder/bundle", "builder/output", "builder/scaffold", "quiz", "record", "preview", "runtime", "internal/diag"} {
		files, err := filepath.Glob(filepath.Join("..", folder, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range f.Decls {
				switch d := d.(type) {
				case *ast.FuncDecl:
					name := d.Name.Name
					if d.Recv != nil {
						recv := d.Recv.List[0].Type
						if star, ok := recv.(*ast.StarExpr); ok {
							recv = star.X
						}
						if id, ok := recv.(*ast.Ident); ok {
							name = id.Name + "." + name
						}
					}
					declared[f.Name.Name+"."+name] = true
				case *ast.GenDecl:
					for _, spec := range d.Specs {
						switch spec := spec.(type) {
						case *ast.TypeSpec:
							declared[f.Name.Name+"."+spec.Name.Name] = true
						case *ast.ValueSpec:
							for _, n := range spec.Names {
								declared[f.Name.Name+"."+n.Name] = true
							}
						}
					}
				}
			}
		}
	}
	goName := regexp.MustCompile(`\b(builder|source|course|markdown|page|bundle|output|scaffold|quiz|record|preview|runtime|diag)\.[A-Z]\w+(?:\.[A-Z]\w+)?`)
	file := regexp.MustCompile(`(?:^|[\s(])((?:builder|quiz|runtime|themes/sopan|cmd|internal|preview|record|docs|scripts|acceptance)/[\w./*-]*\.(?:go|ts|html|css|yaml|md|sh))`)
	span := regexp.MustCompile("`([^`]+)`")
	for _, page := range []string{"../README.md", "architecture.md", "extending.md", "limits.md", "records.md"} {
		text := read(t, page)
		for _, name := range goName.FindAllString(text, -1) {
			if !declared[name] {
				t.Errorf("%s speaks of %s, which does not exist", page, name)
			}
		}
		for _, m := range span.FindAllStringSubmatch(text, -1) {
			for _, f := range file.FindAllStringSubmatch(m[1], -1) {
				if found, err := filepath.Glob(filepath.Join("..", f[1])); err != nil || len(found) == 0 && !strings.Contains(f[1], "match") {
					t.Errorf("%s speaks of %s, which does not exist", page, f[1])
				}
			}
		}
	}
}

// TestEveryLinkLeadsSomewhere checks the relative links of README and docs,
// and the headings that they name.
func TestEveryLinkLeadsSomewhere(t *testing.T) {
	pages, err := filepath.Glob("*.md")
	if err != nil || len(pages) < 8 {
		t.Fatalf("pages: %v %v", pages, err)
	}
	link := regexp.MustCompile(`\]\(([^)\s]+)(?: "[^"]*")?\)`)
	for _, page := range append(pages, "../README.md") {
		for _, m := range link.FindAllStringSubmatch(withoutCode(read(t, page)), -1) {
			target := m[1]
			if strings.Contains(target, "://") || strings.HasPrefix(target, "mailto:") {
				continue
			}
			name, fragment, _ := strings.Cut(target, "#")
			file := page
			if name != "" {
				file = filepath.Join(filepath.Dir(page), name)
			}
			if _, err := os.Stat(file); err != nil {
				t.Errorf("%s links to %s, which does not exist", page, target)
				continue
			}
			if fragment != "" && !slices.Contains(headingIDs(read(t, file)), fragment) {
				t.Errorf("%s links to %s, which has no such heading", page, target)
			}
		}
	}
}

// withoutCode takes fenced blocks and `code` out.
func withoutCode(text string) string {
	var b strings.Builder
	fence := ""
	for line := range strings.Lines(text) {
		ticks := line[:len(line)-len(strings.TrimLeft(line, "`"))]
		switch {
		case fence == "" && len(ticks) >= 3:
			fence = ticks
		case fence != "" && strings.TrimSpace(line) == fence:
			fence = ""
		case fence == "":
			b.WriteString(line)
		}
	}
	return regexp.MustCompile("(?s)`[^`]*`").ReplaceAllString(b.String(), "code")
}

// headingIDs are the ids that GitHub gives to headings.
func headingIDs(text string) (ids []string) {
	fence := ""
	for line := range strings.Lines(text) {
		ticks := line[:len(line)-len(strings.TrimLeft(line, "`"))]
		switch {
		case fence == "" && len(ticks) >= 3:
			fence = ticks
		case fence != "" && strings.TrimSpace(line) == fence:
			fence = ""
		case fence == "" && strings.HasPrefix(line, "#"):
			words := strings.ToLower(strings.TrimSpace(strings.TrimLeft(line, "#")))
			words = regexp.MustCompile(`[^\p{L}\p{N}\p{M} _-]`).ReplaceAllString(words, "")
			ids = append(ids, strings.ReplaceAll(words, " ", "-"))
		}
	}
	return ids
}

// TestThePagesNameCommandsThatExist compares `sopan word` and `--option` in
// the pages with what the program says of itself.
func TestThePagesNameCommandsThatExist(t *testing.T) {
	program := filepath.Join(t.TempDir(), "sopan.exe") // Windows wants the ending, others do not mind
	if out, err := exec.Command("go", "build", "-o", program, "../cmd/sopan").CombinedOutput(); err != nil {
		t.Fatalf("building the program: %v\n%s", err, out)
	}
	help := func(args ...string) string {
		out, err := exec.Command(program, append(args, "--help")...).Output()
		if err != nil {
			t.Fatalf("sopan %v --help: %v", args, err)
		}
		return string(out)
	}
	commands := map[string]string{}
	_, list, _ := strings.Cut(help(), "Commands:\n")
	for _, m := range regexp.MustCompile(`(?m)^  ([a-z]+) `).FindAllStringSubmatch(list, -1) {
		commands[m[1]] = help(m[1])
	}
	if commands["build"] == "" || commands["check"] == "" {
		t.Fatalf("the commands cannot be read from the help: %v", commands)
	}
	pages, _ := filepath.Glob("*.md")
	used := regexp.MustCompile(`(?m)(?:^|[ ` + "`" + `(])sopan ([a-z]+)((?: [^\s` + "`" + `]+)*)`)
	for _, page := range append(pages, "../README.md") {
		for _, code := range codeIn(read(t, page)) {
			for _, m := range used.FindAllStringSubmatch(code, -1) {
				usage, known := commands[m[1]]
				if !known {
					t.Errorf("%s: there is no command `sopan %s`", page, m[1])
				}
				for _, option := range regexp.MustCompile(`--[a-z-]+`).FindAllString(m[2], -1) {
					if known && !strings.Contains(usage, option) {
						t.Errorf("%s: `sopan %s` has no option %s", page, m[1], option)
					}
				}
			}
		}
	}
}

// codeIn lists fenced lines and `code` of a page.
func codeIn(text string) (out []string) {
	fence := ""
	for line := range strings.Lines(text) {
		ticks := line[:len(line)-len(strings.TrimLeft(line, "`"))]
		switch {
		case fence == "" && len(ticks) >= 3:
			fence = ticks
		case fence != "" && strings.TrimSpace(line) == fence:
			fence = ""
		case fence != "":
			out = append(out, strings.TrimSpace(line))
		default:
			for _, m := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(line, -1) {
				out = append(out, m[1])
			}
		}
	}
	return out
}
