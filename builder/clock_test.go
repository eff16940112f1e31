package builder

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// askers is where the rooms that make a site ask the machine what differs from one build to the next, and why no answer can
// reach a page. A clock cannot be set for a test as a time zone can: so who reads one is counted.
var askers = map[string][]string{
	"builder/cache/cache.go":   {"os.Hostname", "time.Now"},             // names a cache's folder; tells which caches are old
	"builder/markdown/code.go": {"time.AfterFunc"},                      // code that takes too long to colour stands without colours, and says so
	"builder/output/lock.go":   {"os.Getpid", "time.After", "time.Now"}, // names the process that holds the lock; ends the wait for it
	"builder/output/locate.go": {"os.UserHomeDir"},                      // refuses to write over a home folder
	"builder/output/memory.go": {"time.Now", "time.Until"},              // a file that was changed just now is read, not believed, or waited for
	"builder/source/tree.go":   {"time.Now"},                            // the same, of sources
}

// TestFault23NothingAsksForTheTimeOrTheMachine: what is not asked for cannot make two builds differ.
func TestFault23NothingAsksForTheTimeOrTheMachine(t *testing.T) {
	asks := map[string][]string{
		"time": {"Now", "Since", "Until", "Local", "After", "AfterFunc", "NewTimer", "NewTicker", "Tick"},
		"os":   {"Getenv", "LookupEnv", "Environ", "ExpandEnv", "Hostname", "Getwd", "Getpid", "Getuid", "UserHomeDir", "UserCacheDir", "UserConfigDir", "Executable"},
	}
	found := map[string][]string{}
	for _, room := range []string{"builder", "quiz", "runtime", "internal/diag", "internal/yamldoc", "internal/plain", "internal/compiled", "internal/format", "internal/secret", "internal/stamp"} {
		err := filepath.WalkDir(filepath.Join("..", room), func(path string, d fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
			if err != nil {
				return err
			}
			name := strings.TrimPrefix(filepath.ToSlash(path), "../")
			for _, i := range file.Imports {
				switch i.Path.Value {
				case `"math/rand"`, `"math/rand/v2"`, `"crypto/rand"`, `"os/user"`, `"hash/maphash"`:
					found[name] = append(found[name], strings.Trim(i.Path.Value, `"`))
				}
			}
			ast.Inspect(file, func(n ast.Node) bool {
				if s, ok := n.(*ast.SelectorExpr); ok {
					if of, ok := s.X.(*ast.Ident); ok && slices.Contains(asks[of.Name], s.Sel.Name) {
						found[name] = append(found[name], of.Name+"."+s.Sel.Name)
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
	for _, name := range slices.Sorted(maps.Keys(found)) {
		slices.Sort(found[name])
		if got := slices.Compact(found[name]); !slices.Equal(got, askers[name]) {
			t.Errorf("%s asks for %v, and may for %v", name, got, askers[name])
		}
	}
	for name := range askers {
		if found[name] == nil {
			t.Errorf("%s asks for nothing: take it off the list", name)
		}
	}
}
