package folder

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"sopan.dev/sopan/internal/stamp"
)

// walked is what a walk into all folders but those named "not" hears of.
func walked(t *testing.T, fsys fs.FS, what What) map[string]Entry {
	t.Helper()
	var mu sync.Mutex
	found := map[string]Entry{}
	err := Walk(t.Context(), fsys, ".", what, func(dir string, entries []Entry, err error) (below []string, _ error) {
		mu.Lock()
		defer mu.Unlock()
		for _, e := range entries {
			found[strings.TrimPrefix(dir+"/"+e.Name, "./")] = e
			if e.Type == fs.ModeDir && e.Name != "not" {
				below = append(below, e.Name)
			}
		}
		return below, err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestAWalkTellsWhatPackageOSTells(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"a.md", "deep/er/x", "deep/कमल", "not/seen"} {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, []byte(name), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 500 { // more than one call gives
		if err := os.WriteFile(filepath.Join(dir, "deep", strings.Repeat("long", 30)+string(rune('0'+i%10))+strings.Repeat("x", i/10)), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if runtime.GOOS != "windows" {
		if err := os.Symlink("deep", filepath.Join(dir, "link")); err != nil {
			t.Fatal(err)
		}
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	var want []string
	named, stamped := walked(t, root.FS(), Names), walked(t, root.FS(), Stamps)
	err = filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		rel, _ := filepath.Rel(dir, p)
		if rel = filepath.ToSlash(rel); rel == "." || rel == "not/seen" {
			return err
		}
		want = append(want, rel)
		info, err := d.Info()
		if err != nil {
			return err
		}
		for _, e := range []Entry{named[rel], stamped[rel]} {
			if e.Name != d.Name() || e.Type != d.Type() || e.Err != nil {
				t.Errorf("%s: %+v", rel, e)
			}
			if s := stamp.Of(info); d.Type().IsRegular() && runtime.GOOS == "linux" && (e.Inode != s.Inode || e.Device != s.Device) {
				t.Errorf("%s is file %d of %d, not %d of %d", rel, e.Inode, e.Device, s.Inode, s.Device)
			}
		}
		if e := stamped[rel]; d.Type().IsRegular() && (e.Stamp != stamp.Of(info) || e.Size != info.Size()) {
			t.Errorf("%s: %+v is not what %+v says", rel, e, info)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for i, found := range []map[string]Entry{named, stamped} {
		if len(found) != len(want) {
			t.Errorf("walk %d found %d entries, want %d", i, len(found), len(want))
		}
	}
	if e := stamped["link"]; runtime.GOOS != "windows" && e.Type != fs.ModeSymlink {
		t.Errorf("a link is %+v", e)
	}
}

func TestAnyFileSystemIsWalked(t *testing.T) {
	found := walked(t, fstest.MapFS{"a/b.md": {Data: []byte("four")}, "c": {}}, Stamps)
	var names []string
	for name := range found {
		names = append(names, name)
	}
	slices.Sort(names)
	if strings.Join(names, " ") != "a a/b.md c" || found["a/b.md"].Size != 4 || found["a/b.md"].Stamp != (stamp.Stamp{}) {
		t.Errorf("found %+v", found)
	}
}

func TestAFolderThatCannotBeListedIsToldOfAndTheOthersAreSeen(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "a", "b"), 0o755); err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	heard := map[string]error{}
	see := func(answer func(err error) error) error {
		clear(heard)
		return Walk(t.Context(), os.DirFS(dir), ".", Names, func(dir string, _ []Entry, err error) ([]string, error) {
			mu.Lock()
			defer mu.Unlock()
			if heard[dir] = err; dir == "." {
				return []string{"gone", "a"}, nil
			}
			return nil, answer(err)
		})
	}
	if err := see(func(error) error { return nil }); err != nil {
		t.Fatal(err)
	}
	if heard["a"] != nil || !errors.Is(heard["gone"], fs.ErrNotExist) || len(heard) != 3 {
		t.Errorf("heard %v", heard)
	}
	if err := see(func(err error) error { return err }); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the walk ends with %v", err)
	}
	if err := Walk(t.Context(), os.DirFS(dir), "a/none", Names, func(_ string, _ []Entry, err error) ([]string, error) { return nil, err }); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a walk from nowhere ends with %v", err)
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	if err := Walk(stopped, os.DirFS(dir), ".", Names, func(string, []Entry, error) ([]string, error) { return nil, nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("a stopped walk ends with %v", err)
	}
}
