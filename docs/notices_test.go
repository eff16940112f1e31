package docs_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write NOTICES.md anew from the modules that the program is built with")

// purposes says what each module is there for. A module that is new in the
// program stands here before it ships.
var purposes = map[string]string{
	"github.com/alecthomas/chroma/v2":    "colours for code in lessons",
	"github.com/alecthomas/kong":         "the command line",
	"github.com/andybalholm/brotli":      "the .br files that a build writes for web servers",
	"github.com/chromedp/cdproto":        "the words of chromedp",
	"github.com/chromedp/chromedp":       "drives the browser of simulated learners",
	"github.com/dlclark/regexp2/v2":      "part of chroma",
	"github.com/evanw/esbuild":           "bundles the scripts and style sheets of a site",
	"github.com/fsnotify/fsnotify":       "tells the preview that a file changed",
	"github.com/go-json-experiment/json": "strict JSON for records",
	"github.com/yuin/goldmark":           "reads Markdown",
	"go.yaml.in/yaml/v3":                 "reads YAML",
	"golang.org/x/image":                 "scales photographs",
	"golang.org/x/net":                   "reads HTML",
	"golang.org/x/sync":                  "work in parallel",
	"golang.org/x/sys":                   "what the operating systems differ in",
	"golang.org/x/text":                  "Unicode: normal forms, case",
}

// platforms are those that `make release` builds for; a module may ship on one of them only.
var platforms = []string{"linux", "windows", "darwin"}

type module struct{ Path, Version, Dir string }

// shipped lists the modules that are in the program on any platform.
func shipped(t *testing.T) []module {
	found := map[string]module{}
	for _, system := range platforms {
		cmd := exec.Command("go", "list", "-deps", "-json=Module", "./cmd/sopan")
		cmd.Dir = ".."
		cmd.Env = append(os.Environ(), "GOOS="+system, "CGO_ENABLED=0")
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("go list for %s: %v", system, err)
		}
		for d := json.NewDecoder(bytes.NewReader(out)); ; {
			var p struct{ Module *module }
			if err := d.Decode(&p); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatal(err)
			}
			if p.Module != nil && p.Module.Path != "sopan.dev/sopan" {
				found[p.Module.Path] = *p.Module
			}
		}
	}
	var out []module
	for _, path := range slices.Sorted(maps.Keys(found)) {
		out = append(out, found[path])
	}
	return out
}

// licences gives the licence and notice files of a module.
func licences(t *testing.T, dir string) (texts []string) {
	for _, pattern := range []string{"LICEN[CS]E*", "COPYING*", "NOTICE*", "ATTRIB*"} {
		files, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if info, err := os.Stat(f); err == nil && info.Mode().IsRegular() {
				texts = append(texts, strings.TrimRight(read(t, f), "\n"))
			}
		}
	}
	return texts
}

// licenceName reads what sort of licence a text is.
func licenceName(text string) string {
	switch {
	case strings.Contains(text, "two different licenses: MIT and Apache"):
		return "MIT and Apache-2.0"
	case strings.Contains(text, "Neither the name"), strings.Contains(text, "neither the name"):
		return "BSD-3-Clause"
	case strings.Contains(text, "Permission is hereby granted, free of charge"):
		return "MIT"
	}
	return ""
}

const noticesHead = `# What ships inside the program

Sopan is one file that holds everything it needs. It was built with the Go language and its standard library, and with the
modules below. Their licences ask that their notices go along with every copy; here they are. What is used for tests only is
not in the program and not in this list.

A site that Sopan builds holds none of these modules: its scripts and styles are Sopan's own, under the licence of Sopan.

This page is written by ` + "`go test ./docs -run Notices -update`" + ` from the modules that ` + "`go list -deps ./cmd/sopan`" + ` names.

`

func TestNoticesHoldTheLicenceOfEachModule(t *testing.T) {
	var b strings.Builder
	b.WriteString(noticesHead + "| module | version | licence | what for |\n| --- | --- | --- | --- |\n")
	b.WriteString("| Go standard library | | BSD-3-Clause | everything |\n")
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	goLicence := licences(t, strings.TrimSpace(string(root)))
	if len(goLicence) == 0 {
		t.Fatal("the Go installation holds no LICENSE file")
	}
	sections := "\n## Go standard library\n\n````text\n" + strings.Join(goLicence, "\n\n") + "\n````\n"
	for _, m := range shipped(t) {
		if purposes[m.Path] == "" {
			t.Errorf("the program holds %s now: say in docs/notices_test.go what for", m.Path)
		}
		texts := licences(t, m.Dir)
		if len(texts) == 0 || licenceName(texts[0]) == "" {
			t.Errorf("%s has no licence that this test knows; read it before it ships", m.Path)
			continue
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", m.Path, m.Version, licenceName(texts[0]), purposes[m.Path])
		sections += "\n## " + m.Path + "\n\n````text\n" + strings.Join(texts, "\n\n") + "\n````\n"
	}
	want := b.String() + sections
	if *update {
		if err := os.WriteFile("NOTICES.md", []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got := read(t, "NOTICES.md"); got != want {
		t.Error("docs/NOTICES.md is not what ships; run `go test ./docs -run Notices -update` and read the difference")
	}
}
