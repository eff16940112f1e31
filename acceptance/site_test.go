package acceptance

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/html"
)

// work is where this process builds. TestMain makes and removes it.
var work string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		var err error
		if work, err = os.MkdirTemp("", "sopan-acceptance-"); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 3
		}
		defer os.RemoveAll(work)
		return m.Run()
	}())
}

// repository is the root of the clone, where the sample course's sopan.yaml is.
func repository() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Dir(filepath.Dir(file))
}

// command builds the sopan command once.
var command = sync.OnceValues(func() (string, error) {
	bin := filepath.Join(work, "sopan")
	if runtime.GOOS == "windows" {
		bin += ".exe"
	}
	out, err := run(repository(), "go", "build", "-buildvcs=false", "-o", bin, "./cmd/sopan")
	if err != nil {
		return "", fmt.Errorf("go build ./cmd/sopan: %w\n%s", err, out)
	}
	return bin, nil
})

func run(dir, name string, args ...string) (string, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	return out.String(), err
}

// sopan runs the command and gives what it printed.
func sopan(t *testing.T, args ...string) string {
	t.Helper()
	bin, err := command()
	if err != nil {
		t.Fatal(err)
	}
	out, err := run(work, bin, args...)
	if err != nil {
		t.Fatalf("sopan %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return out
}

// Site is a built site on disk.
type Site struct {
	Dir   string
	Pages []Page // by path
}

// Page is one HTML file of it.
type Page struct {
	Path string // with slashes, below Site.Dir
	Kind string // <html data-page>
	Lang string
	Root *html.Node
	Size int
}

// sources is where the sample's sources are built from: a copy, so that somebody who edits the course while the tests run
// does not make two builds differ.
func sources() string { return filepath.Join(work, "sources") }

// copySources copies the sources of a site to another place, under another time.
func copySources(from, to string, changed time.Time) error {
	for _, name := range []string{"sopan.yaml", "content", "static"} {
		err := filepath.WalkDir(filepath.Join(from, name), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			rel, err := filepath.Rel(from, path)
			if err != nil {
				return err
			}
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			target := filepath.Join(to, rel)
			if err := errors.Join(os.MkdirAll(filepath.Dir(target), 0o755), os.WriteFile(target, data, 0o644)); err != nil {
				return err
			}
			return os.Chtimes(target, changed, changed)
		})
		if err != nil && !errors.Is(err, fs.ErrNotExist) { // a site need not have files of its own in static
			return err
		}
	}
	return nil
}

// sample is the sample course, built once.
var sample = sync.OnceValues(func() (*Site, error) {
	bin, err := command()
	if err != nil {
		return nil, err
	}
	if err := copySources(repository(), sources(), time.Now()); err != nil {
		return nil, err
	}
	out := filepath.Join(work, "sample")
	if said, err := run(work, bin, "build", sources(), "--out", out); err != nil {
		return nil, fmt.Errorf("sopan build: %w\n%s", err, said)
	}
	return readSite(out)
})

func sampleSite(t *testing.T) *Site {
	t.Helper()
	s, err := sample()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// buildSite writes files into a new folder and builds them.
func buildSite(t *testing.T, files map[string]string) *Site {
	t.Helper()
	dir := t.TempDir()
	source, out := filepath.Join(dir, "source"), filepath.Join(dir, "out")
	writeFiles(t, source, files)
	sopan(t, "build", source, "--out", out)
	s, err := readSite(out)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func writeFiles(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
}

func readSite(dir string) (*Site, error) {
	s := &Site{Dir: dir}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".html" {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		root, err := html.Parse(bytes.NewReader(data))
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		page := Page{Path: filepath.ToSlash(rel), Root: root, Size: len(data)}
		for n := range elements(root, "html") {
			page.Kind, page.Lang = attribute(n, "data-page"), attribute(n, "lang")
		}
		s.Pages = append(s.Pages, page)
		return nil
	})
	if err == nil && len(s.Pages) == 0 {
		err = fmt.Errorf("there is no page in %s", dir)
	}
	return s, err
}

// file is the path of a file of the site on this disk.
func (s *Site) file(path string) string { return filepath.Join(s.Dir, filepath.FromSlash(path)) }

// files lists every file of the site, with slashes.
func (s *Site) files(t *testing.T) []string {
	t.Helper()
	var all []string
	err := filepath.WalkDir(s.Dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			rel, _ := filepath.Rel(s.Dir, path)
			all = append(all, filepath.ToSlash(rel))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// ofKind gives the pages of a kind; there must be some.
func (s *Site) ofKind(t *testing.T, kind string) []Page {
	t.Helper()
	var some []Page
	for _, p := range s.Pages {
		if p.Kind == kind {
			some = append(some, p)
		}
	}
	if len(some) == 0 {
		t.Fatalf("the site has no page of kind %q", kind)
	}
	return some
}

// oneOfEachKind gives the first page of each kind and language.
func (s *Site) oneOfEachKind() []Page {
	var some []Page
	for _, p := range s.Pages {
		if !slices.ContainsFunc(some, func(q Page) bool { return q.Kind == p.Kind && q.Lang == p.Lang }) {
			some = append(some, p)
		}
	}
	return some
}

// elements yields the elements of a name below n ("" for all), in document order.
func elements(n *html.Node, name string) func(func(*html.Node) bool) {
	return func(yield func(*html.Node) bool) {
		for d := range n.Descendants() {
			if d.Type == html.ElementNode && (name == "" || d.Data == name) && !yield(d) {
				return
			}
		}
	}
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func hasAttribute(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

// leaveOutWhenShort honours `go test -short`, which asks for the tests that need nothing but Go.
func leaveOutWhenShort(t *testing.T, tool string) {
	t.Helper()
	if testing.Short() {
		t.Skipf("-short: this test needs %s", tool)
	}
}

// npm is the path of a file of a test tool.
func npm(t *testing.T, path string) string {
	t.Helper()
	leaveOutWhenShort(t, "a tool of package.json")
	full := filepath.Join(repository(), "node_modules", filepath.FromSlash(path))
	if _, err := os.Stat(full); err != nil {
		t.Fatalf("a test tool is missing, run `make setup`: %v", err)
	}
	return full
}
