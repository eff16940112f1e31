package output

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"sopan.dev/sopan/internal/stamp"
)

// written writes a set with a Memory and a spare, as `sopan build` does.
func (f *builtFolder) write(t *testing.T, files map[string]string) Result {
	t.Helper()
	entries := map[string]Entry{}
	for name, content := range files {
		entries[name] = Entry{Key: "key of " + content, Render: func() ([]byte, error) { f.renders.Add(1); return []byte(content), nil }}
	}
	set, err := NewSet(entries)
	if err != nil {
		t.Fatal(err)
	}
	r, err := WriteDir(t.Context(), set, f.dir, Options{Memory: &f.memory, Spare: f.spare})
	if err != nil {
		t.Fatal(err)
	}
	got := tree(t, f.dir)
	if !maps.Equal(got, files) {
		t.Errorf("the folder holds %v, want %v", got, files)
	}
	clean := filepath.Join(t.TempDir(), "clean")
	if _, err := WriteDir(t.Context(), set, clean, Options{}); err != nil {
		t.Fatal(err)
	}
	f.renders.Add(-int64(len(files)))
	want, err1 := os.ReadFile(filepath.Join(clean, Marker))
	marker, err2 := os.ReadFile(filepath.Join(f.dir, Marker))
	if err1 != nil || err2 != nil || !bytes.Equal(marker, want) {
		t.Errorf("the marker is %s (%v), and that of a clean build %s (%v)", marker, err2, want, err1)
	}
	return r
}

type builtFolder struct {
	dir, spare string
	memory     Memory
	renders    atomic.Int64 // pages are rendered side by side
}

func newFolder(t *testing.T) *builtFolder {
	parent := t.TempDir()
	return &builtFolder{dir: filepath.Join(parent, "public"), spare: filepath.Join(parent, "cache", "spare")}
}

func TestTheSpareFolderIsMadeTheNewSite(t *testing.T) {
	f := newFolder(t)
	if err := os.MkdirAll(filepath.Dir(f.spare), 0o755); err != nil {
		t.Fatal(err)
	}
	site := map[string]string{"a/1.html": "1", "a/2.html": "2", "b/3.html": "3", "c/d/4.html": "4"}
	f.write(t, site)
	for step, change := range []func(){
		func() { site["a/1.html"] = "1 changed" },
		func() { site["a/1.html"] = "1 again" },
		func() { delete(site, "c/d/4.html") },
		func() { site["b/3.html"], site["e/5.html"] = "3 changed", "5" },
		func() { // somebody was in the spare
			for name, content := range map[string]string{"a/2.html": "planted", "x.html": "planted", "y/z.html": "planted", Marker: "{}"} {
				file := filepath.Join(f.spare, name)
				os.MkdirAll(filepath.Dir(file), 0o755)
				os.Remove(file)
				if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			site["a/1.html"] = "1 once more"
		},
		func() { // or it is no folder
			os.RemoveAll(f.spare)
			os.WriteFile(f.spare, nil, 0o644)
			site["a/1.html"] = "1 the last"
		},
		func() { site = map[string]string{"only.html": "one"} },
	} {
		change()
		f.renders.Store(0)
		r := f.write(t, site)
		if r.Written == 0 && r.Removed == 0 {
			t.Errorf("step %d: nothing is said to have changed", step)
		}
		if runtime.GOOS == "linux" && step > 0 && step < 4 && f.renders.Load() > int64(r.Written) {
			t.Errorf("step %d: %d pages were rendered for %d that changed", step, f.renders.Load(), r.Written)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(f.dir), ".*")); len(left) > 0 {
		t.Errorf("left beside the site: %v", left)
	}
}

func TestANewSiteHasASpareOfLinksToItsFiles(t *testing.T) {
	f := newFolder(t)
	if err := os.MkdirAll(filepath.Dir(f.spare), 0o755); err != nil {
		t.Fatal(err)
	}
	site := map[string]string{"1.html": "1", "a/2.html": "2", "a/b/3.html": "3", "a/z.html": "4"}
	f.write(t, site)
	for name := range site {
		own, err1 := os.Stat(filepath.Join(f.dir, name))
		spare, err2 := os.Stat(filepath.Join(f.spare, name))
		if err1 != nil || err2 != nil || !os.SameFile(own, spare) {
			t.Errorf("%s is another file in the spare: %v, %v", name, err1, err2)
		}
	}
	if left := beside(t, f.dir); !slices.Equal(left, []string{"cache"}) {
		t.Errorf("left beside the site: %v", left)
	}
}

func TestAFolderThatSomebodyTouchedIsNotUntouched(t *testing.T) {
	f := newFolder(t)
	f.write(t, map[string]string{"a.html": "one", "b/c.html": "two"})
	untouched := func(m *Memory) bool {
		same, _ := m.Untouched(f.dir)
		return same
	}
	if untouched(&Memory{}) {
		t.Error("who remembers nothing knows the folder")
	}
	if runtime.GOOS != "linux" && runtime.GOOS != "darwin" {
		return // no stamp proves anything
	}
	if !untouched(&f.memory) {
		t.Fatal("nobody touched the folder, and it is said")
	}
	file := filepath.Join(f.dir, "a.html")
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	for what, touch := range map[string]func() error{
		"a file of the same size and time": func() error {
			os.WriteFile(file, []byte("eno"), 0o644)
			return os.Chtimes(file, time.Time{}, info.ModTime())
		},
		"a foreign file":  func() error { return os.WriteFile(filepath.Join(f.dir, "x"), nil, 0o644) },
		"a file gone":     func() error { return os.Remove(file) },
		"the marker":      func() error { return os.WriteFile(filepath.Join(f.dir, Marker), []byte("{}"), 0o644) },
		"the folder gone": func() error { return os.RemoveAll(f.dir) },
	} {
		os.RemoveAll(f.dir)
		f.memory = Memory{}
		f.write(t, map[string]string{"a.html": "one", "b/c.html": "two"})
		if err := touch(); err != nil {
			t.Fatal(err)
		}
		if untouched(&f.memory) {
			t.Errorf("%s: the folder is said to be untouched", what)
		}
	}
}

// TestFilesThatWereYoungSettle: what was written a moment ago has to be read by
// the next build, unless somebody looks again a little later.
func TestFilesThatWereYoungSettle(t *testing.T) {
	if runtime.GOOS != "linux" && runtime.GOOS != "darwin" {
		return // no stamp proves anything
	}
	f := newFolder(t)
	f.write(t, map[string]string{"a.html": "one", "b/c.html": "two", "b/d.html": "three"})
	settled := func() (n int) {
		for _, noted := range f.memory.Files {
			if noted.Settled {
				n++
			}
		}
		return n
	}
	if n := settled(); n > 0 {
		t.Fatalf("%d files are proven by their stamps at once", n)
	}
	for now := (stamp.Stamp{}); now == (stamp.Stamp{}) || now.Same(f.memory.find("b/c.html").Stamp); { // until the disk's clock has moved
		file := filepath.Join(f.dir, "b", "c.html")
		if err := os.WriteFile(file, []byte("own"), 0o644); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(file)
		if err != nil {
			t.Fatal(err)
		}
		now = stamp.Of(info)
	}
	for deadline := time.Now().Add(10 * time.Second); settled() < 2 && time.Now().Before(deadline); {
		f.memory.Settle(f.dir)
	}
	if n := settled(); n != 2 || f.memory.find("b/c.html").Settled {
		t.Errorf("%d files are settled, want the two that nobody touched: %+v", n, f.memory.Files)
	}
	untouched, _ := f.memory.Untouched(f.dir)
	if f.memory.Settle(f.dir); settled() != 2 || untouched {
		t.Error("a file that was changed before the second look is taken for the one that was written")
	}
}

// TestALookAtYoungFilesIsRemembered: they are read once, and not by each build that has nothing to do.
func TestALookAtYoungFilesIsRemembered(t *testing.T) {
	if runtime.GOOS != "linux" && runtime.GOOS != "darwin" {
		return // no stamp proves anything
	}
	f := newFolder(t)
	f.write(t, map[string]string{"a.html": "one", "b/c.html": "two"})
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		untouched, learned := f.memory.Untouched(f.dir)
		if !untouched {
			t.Fatal("nobody touched the folder, and it is said")
		}
		if f.memory.Files[0].Settled && f.memory.Files[1].Settled && f.memory.Marker.Settled {
			if !learned {
				t.Error("what was learned is not told")
			}
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("the files never settle: %+v", f.memory)
		}
	}
	if untouched, learned := f.memory.Untouched(f.dir); !untouched || learned {
		t.Errorf("a second look: untouched %v, learned %v", untouched, learned)
	}
}
