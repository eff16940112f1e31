package acceptance

import (
	"encoding/json"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestEveryPageIsValidHTML asks the Nu Html Checker, the one behind validator.w3.org.
func TestEveryPageIsValidHTML(t *testing.T) {
	leaveOutWhenShort(t, "Java")
	validHTML(t, sampleSite(t), ".")
}

// validHTML judges some of a site's files, or all below a folder of it.
func validHTML(t *testing.T, s *Site, files ...string) {
	t.Helper()
	if _, err := exec.LookPath("java"); err != nil {
		t.Fatalf("the HTML checker needs Java, run `make setup`: %v", err)
	}
	for i, f := range files {
		files[i] = s.file(f)
	}
	args := []string{"-Xss4m", "-XX:TieredStopAtLevel=1", "-jar", npm(t, "vnu-jar/build/dist/vnu.jar"), "--format", "json", "--stdout", "--exit-zero-always", "--skip-non-html"}
	cmd := exec.Command("java", append(args, files...)...)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("the HTML checker failed: %v", err)
	}
	var verdict struct {
		Messages []struct {
			Type, SubType, URL, Message, Extract string
			LastLine, LastColumn                 int
		}
	}
	if err := json.Unmarshal(out, &verdict); err != nil {
		t.Fatalf("the HTML checker said no JSON: %v\n%.400s", err, out)
	}
	said := map[string]int{}
	for _, m := range verdict.Messages {
		rel := m.URL
		if _, after, ok := strings.Cut(rel, filepath.ToSlash(s.Dir)+"/"); ok {
			rel = after
		}
		if m.Type == "info" {
			t.Logf("%s:%d: %s: %s", rel, m.LastLine, m.SubType, m.Message)
			continue
		}
		// The same slip in a template is on every page: it is told in full a few times, then counted.
		if said[m.Message]++; said[m.Message] <= 3 {
			t.Errorf("%s:%d:%d: %s\n    %s", rel, m.LastLine, m.LastColumn, m.Message, m.Extract)
		}
	}
	for message, n := range said {
		if n > 3 {
			t.Errorf("%d times in all: %s", n, message)
		}
	}
}

// TestEveryScriptIsES2020 reads the scripts with a parser of that year: a phone's browser of 2020 runs them.
func TestEveryScriptIsES2020(t *testing.T) {
	s := sampleSite(t)
	scripts, err := filepath.Glob(s.file("assets/*.js"))
	if err != nil || len(scripts) == 0 {
		t.Fatalf("the site has no scripts in assets: %v", err)
	}
	args := append([]string{npm(t, "es-check/lib/cli/index.js"), "es2020"}, scripts...)
	if out, err := run(repository(), "node", args...); err != nil {
		t.Errorf("es-check: %v\n%s", err, out)
	}
}
