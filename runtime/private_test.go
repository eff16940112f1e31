package runtime_test

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"sopan.dev/sopan/quiz"
	"sopan.dev/sopan/runtime"
)

var (
	private    = regexp.MustCompile(`\bprivate (?:(?:static|readonly|async|get|set|override) )*(\w+)`)
	underscore = regexp.MustCompile(`\w*[A-Za-z0-9]_\b`)
	comment    = regexp.MustCompile(`(?m)^\s*(?:/?\*.*|//.*)$| // .*$`)
)

// TestOnlyPrivateMembersEndInAnUnderscore: the bundler gives names that end so short ones, for each script apart. A name that
// pages, storage, the DOM or another script know must not be among them; nor may a class inherit from one of another script.
func TestOnlyPrivateMembersEndInAnUnderscore(t *testing.T) {
	found := 0
	for folder, tree := range map[string]fs.FS{"runtime": runtime.Files, "quiz": quiz.Scripts} {
		err := fs.WalkDir(tree, ".", func(file string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(file, ".ts") {
				return err
			}
			b, err := fs.ReadFile(tree, file)
			if err != nil {
				return err
			}
			code := comment.ReplaceAllString(string(b), "")
			declared := map[string]bool{}
			for _, m := range private.FindAllStringSubmatch(code, -1) {
				if m[1] == "constructor" {
					continue
				}
				found++
				declared[m[1]] = true
				if !strings.HasSuffix(m[1], "_") {
					t.Errorf("%s/%s: the private member %s does not end in an underscore", folder, file, m[1])
				}
			}
			for _, name := range underscore.FindAllString(code, -1) {
				if !declared[name] {
					t.Errorf("%s/%s: %s ends in an underscore and is no private member", folder, file, name)
				}
			}
			for _, m := range regexp.MustCompile(`class \w+ extends (\w+)`).FindAllStringSubmatch(code, -1) {
				if m[1] != "Error" && !strings.HasSuffix(file, ".test.ts") && !strings.Contains(code, "class "+m[1]+" ") {
					t.Errorf("%s/%s: a class inherits from %s, which is not in the same file", folder, file, m[1])
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if found < 50 {
		t.Errorf("only %d private members were found", found)
	}
}
