package main

import (
	"archive/zip"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"sopan.dev/sopan/internal/browser"
	"sopan.dev/sopan/internal/hostile"
)

var update = flag.Bool("update", false, "write what was got into testdata/script")

func TestMain(m *testing.M) {
	if os.Getenv("WORK") == "" { // not a script's command, which has a home of its own
		os.Setenv(cacheFolder, "none")
	}
	testscript.Main(m, map[string]func(){"sopan": main})
}

// TestScripts runs testdata/script: a site goes in, the command runs, and what
// it wrote and said is compared. Besides testscript's own commands there are
//
//	exits N sopan ARGS…  runs the command, which must exit with N
//	said FILE            what the last command printed, without sizes and times
//	complained FILE      the same of its standard error
//	tree DIR FILE        the files below DIR, but for the bundles of scripts and styles
//	unpack ZIP DIR       unpacks a zip
//	tamper FILE [AT]     changes one byte of a file: the one at AT, else the last
//	none PATTERN DIR     no file below DIR holds what the pattern matches
//	browse …             a step in a browser: see internal/browser
//	recordstore ACT…     starts a record store that plays these acts (see internal/hostile); its address is $ENDPOINT
//	stored N             it has N statements
//	admitted HEADER      that is the Authorization which it saw last
//
// The condition [nonet] tells whether `unshare -rn` can take the network away.
// With -update the files that are compared are written anew.
func TestScripts(t *testing.T) {
	stores := recordStores{by: map[*testscript.TestScript]*hostile.Store{}}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("HOME", filepath.Join(e.WorkDir, "home"))
			e.Setenv("USERPROFILE", filepath.Join(e.WorkDir, "home"))
			return os.Mkdir(filepath.Join(e.WorkDir, "home"), 0o755)
		},
		Condition: func(cond string) (bool, error) {
			if cond != "nonet" {
				return false, fmt.Errorf("there is no condition %q", cond)
			}
			return exec.Command("unshare", "-rn", "true").Run() == nil, nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":      exits,
			"said":       func(ts *testscript.TestScript, neg bool, args []string) { compare(ts, "stdout", args) },
			"complained": func(ts *testscript.TestScript, neg bool, args []string) { compare(ts, "stderr", args) },
			"tree":       tree,
			"none":       none,
			"unpack":     unpack,
			"tamper":     tamper,
			"browse":     browser.Browse[*testscript.TestScript](),

			"recordstore": stores.start,
			"stored":      stores.stored,
			"admitted":    stores.admitted,
		},
	})
}

func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits N sopan ARGS…")
	}
	err := ts.Exec(args[1], args[2:]...)
	code := "0"
	if err != nil {
		code = strings.TrimPrefix(err.Error(), "exit status ")
	}
	if code != args[0] {
		ts.Fatalf("%s exits with %s, want %s", strings.Join(args[1:], " "), code, args[0])
	}
}

// What a run says of sizes, times and numbers of files changes with the scripts
// that a page brings along.
var (
	measures = regexp.MustCompile(`\d+\.\d (s|KB|MB)\b`)
	numbers  = regexp.MustCompile(`\b[1-9]\d* (files \(|new or changed)`)
)

func compare(ts *testscript.TestScript, stream string, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: said FILE")
	}
	got := numbers.ReplaceAllString(measures.ReplaceAllString(ts.ReadFile(stream), "_ $1"), "_ $1")
	same(ts, stream, got, args[0])
}

func same(ts *testscript.TestScript, what, got, file string) {
	want := ts.ReadFile(file)
	if got != want && *update {
		if err := rewrite(filepath.Join("testdata/script", ts.Name()+".txtar"), filepath.Base(file), got); err != nil {
			ts.Fatalf("%v", err)
		}
		return
	}
	if got != want {
		ts.Fatalf("%s is\n%s\nwant (%s)\n%s", what, got, file, want)
	}
}

// rewrite puts content in the place of a file of an archive.
func rewrite(archive, file, content string) error {
	b, err := os.ReadFile(archive)
	if err != nil {
		return err
	}
	head, rest, ok := strings.Cut(string(b), "\n-- "+file+" --\n")
	if !ok {
		return fmt.Errorf("%s holds no %s", archive, file)
	}
	if at := strings.Index("\n"+rest, "\n-- "); at >= 0 {
		rest = rest[at:]
	} else {
		rest = ""
	}
	return os.WriteFile(archive, []byte(head+"\n-- "+file+" --\n"+content+rest), 0o644)
}

func unpack(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: unpack ZIP DIR")
	}
	z, err := zip.OpenReader(ts.MkAbs(args[0]))
	ts.Check(err)
	defer z.Close()
	ts.Check(os.CopyFS(ts.MkAbs(args[1]), z))
}

func tamper(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 || len(args) > 2 {
		ts.Fatalf("usage: tamper FILE [AT]")
	}
	file := ts.MkAbs(args[0])
	b, err := os.ReadFile(file)
	ts.Check(err)
	at := len(b) - 1
	if len(args) == 2 {
		at, err = strconv.Atoi(args[1])
		ts.Check(err)
	}
	b[at] ^= 1
	ts.Check(os.WriteFile(file, b, 0o644))
}

func none(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: none PATTERN DIR")
	}
	pattern, err := regexp.Compile(args[0])
	ts.Check(err)
	files := 0
	ts.Check(filepath.WalkDir(ts.MkAbs(args[1]), func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files++
		b, err := os.ReadFile(p)
		if m := pattern.Find(b); m != nil {
			return fmt.Errorf("%s holds %q", p, m)
		}
		return err
	}))
	if files == 0 {
		ts.Fatalf("there is no file below %s", args[1])
	}
}

var bundled = regexp.MustCompile(`^assets/[^/]*\.[a-z2-7]{8}\.(css|js)$`)

func tree(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: tree DIR FILE")
	}
	dir := ts.MkAbs(args[0])
	var b strings.Builder
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, p)
		if !bundled.MatchString(filepath.ToSlash(rel)) {
			fmt.Fprintln(&b, filepath.ToSlash(rel))
		}
		return err
	})
	if err != nil {
		ts.Fatalf("%v", err)
	}
	same(ts, args[0], b.String(), args[1])
}
