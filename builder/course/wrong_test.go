package course

import (
	"bytes"
	"context"
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"sopan.dev/sopan/builder/source"
	"sopan.dev/sopan/internal/diag"
)

var update = flag.Bool("update", false, "write what was got into the testdata")

// load reads a site from memory as a build does.
func load(t *testing.T, files fstest.MapFS, o LoadOptions) (*Site, diag.List) {
	t.Helper()
	tree, diags, err := source.Read(context.Background(), files, nil)
	if err != nil {
		t.Fatalf("source.Read: %v", err)
	}
	site, found, err := Load(context.Background(), tree, o)
	if err != nil {
		t.Fatalf("Load: %v", err)
	}
	return site, append(diags, found...).Sort()
}

// siteOf makes a site of paths and texts; sopan.yaml and the course's front
// page are there unless they are named.
func siteOf(pairs ...string) fstest.MapFS {
	files := fstest.MapFS{
		"sopan.yaml":         {Data: []byte("title: A site\n")},
		"content/c/index.md": {Data: []byte("---\ntitle: A course\n---\nWords.\n")},
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		files[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return files
}

// text renders diagnostics as a person sees them in a terminal.
func text(t *testing.T, files fstest.MapFS, diags diag.List) string {
	t.Helper()
	var b bytes.Buffer
	lines := func(file string, line int) (string, bool) {
		f, ok := files[file]
		if !ok || filepath.Ext(file) == ".svg" {
			return "", false
		}
		text, _ := source.Normalise(file, f.Data)
		s := text.Line(line)
		return s, strings.TrimSpace(s) != ""
	}
	if err := diag.WriteText(&b, diags, diag.TextOptions{Lines: lines}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// wrongSites are sites with a mistake each. The comment of an archive says
// what an author did; a line "crlf: FILE" or "bom: FILE" in it saves that file
// as Windows does. "want" is what a check prints, to the last caret.
func wrongSites(t *testing.T) []string {
	t.Helper()
	names, err := wrongPaths()
	if err != nil || len(names) == 0 {
		t.Fatalf("no archives: %v", err)
	}
	return names
}

func wrongPaths() ([]string, error) { return filepath.Glob("testdata/wrong/*.txtar") }

var saved = regexp.MustCompile(`(?m)^(crlf|bom): (\S+)$`)

// readWrong reads a txtar archive (golang.org/x/tools/txtar): head is all of
// it before "want".
func readWrong(t testing.TB, name string) (head string, files fstest.MapFS, want string) {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	files = fstest.MapFS{}
	head, want, _ = strings.Cut(string(b), "-- want --\n")
	var comment strings.Builder
	var current *fstest.MapFile
	for line := range strings.Lines(head) {
		if file, ok := strings.CutPrefix(strings.TrimSuffix(line, " --\n"), "-- "); ok && strings.HasSuffix(line, " --\n") {
			current = &fstest.MapFile{}
			files[file] = current
		} else if current == nil {
			comment.WriteString(line)
		} else {
			current.Data = append(current.Data, line...)
		}
	}
	for _, m := range saved.FindAllStringSubmatch(comment.String(), -1) {
		f := files[m[2]]
		if f == nil {
			t.Fatalf("%s names %s, which is not in it", name, m[2])
		}
		if m[1] == "crlf" {
			f.Data = bytes.ReplaceAll(f.Data, []byte("\n"), []byte("\r\n"))
		} else {
			f.Data = append([]byte("\xef\xbb\xbf"), f.Data...)
		}
	}
	return head, files, want
}

func TestEachMistakeIsReportedAtItsPlace(t *testing.T) {
	for _, name := range wrongSites(t) {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			head, files, want := readWrong(t, name)
			_, diags := load(t, files, LoadOptions{})
			got := text(t, files, diags)
			if *update {
				if err := os.WriteFile(name, []byte(head+"-- want --\n"+got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if got != want {
				t.Errorf("a check prints\n%s\nwant\n%s", got, want)
			}
			if want == "" {
				t.Error("the archive holds no mistake")
			}
		})
	}
}

// TestTheSameMistakesAreReportedInTheSameWords runs the loader again: a hint
// or a message that came out of a map in its order would change now and then.
func TestTheSameMistakesAreReportedInTheSameWords(t *testing.T) {
	for _, name := range wrongSites(t) {
		_, files, _ := readWrong(t, name)
		_, first := load(t, files, LoadOptions{})
		for range 8 {
			_, again := load(t, files, LoadOptions{})
			if got, want := text(t, files, again), text(t, files, first); got != want {
				t.Errorf("%s: a second run prints\n%s\nthe first one\n%s", name, got, want)
				break
			}
		}
	}
}

var codeForm = regexp.MustCompile(`^[a-z]+/[a-z0-9-]+$`)

// codesOf collects the diagnostic codes that stand in a package's source.
func codesOf(t *testing.T, dir string) map[string]token.Position {
	t.Helper()
	codes := map[string]token.Position{}
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	set := token.NewFileSet()
	for _, f := range files {
		if strings.HasSuffix(f, "_test.go") {
			continue
		}
		tree, err := parser.ParseFile(set, f, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			if _, ok := n.(*ast.ImportSpec); ok {
				return false
			}
			if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
				s, err := strconv.Unquote(l.Value)
				if err == nil && codeForm.MatchString(s) {
					codes[s] = set.Position(l.Pos())
				}
			}
			return true
		})
	}
	return codes
}

func TestEachCodeHasACase(t *testing.T) {
	seen := map[string]bool{}
	inBrackets := regexp.MustCompile(`(?m): (?:error|warning|note): .* \[([a-z]+/[a-z0-9-]+)\]$`)
	for _, name := range wrongSites(t) {
		_, _, want := readWrong(t, name)
		for _, m := range inBrackets.FindAllStringSubmatch(want, -1) {
			seen[m[1]] = true
		}
	}
	codes := codesOf(t, ".")
	if len(codes) < 30 {
		t.Fatalf("found only %d codes in the source: %v", len(codes), codes)
	}
	seen["source/unreadable"] = true    // no file in memory is: TestFault22UnreadableFiles
	seen["video/codec"] = true          // a film is no text: TestAFilmThatManyBrowsersCannotShowIsNamed
	seen["image/too-large"] = true      // neither is a picture: TestAPictureOfTooManyPixelsIsRefused
	seen["image/heavy"] = true          // TestAHeavyPictureIsNamed
	seen["source/credential"] = true    // no file of this repository holds one: TestFault53ACredentialIsRefusedWhereverItStands
	seen["package/outside-link"] = true // a site may: TestACourseByItselfLeadsNowhereElse
	for code, at := range codes {
		if !seen[code] {
			t.Errorf("%s: no archive in testdata/wrong shows [%s]", at, code)
		}
	}
}
