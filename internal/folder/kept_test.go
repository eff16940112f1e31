package folder

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"testing/fstest"
)

// write makes a file and the folders above it.
func write(t *testing.T, dir, name, content string) {
	t.Helper()
	file := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

func keep(t *testing.T, dir string) *Kept {
	t.Helper()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	k := Keep(root)
	t.Cleanup(func() {
		k.ForgetAll()
		root.Close()
	})
	return k
}

func TestFilesOfKeptFoldersAreAFileSystem(t *testing.T) {
	dir := t.TempDir()
	names := []string{"top", "a/one", "a/two", "a/deep/er/three"}
	for _, name := range names {
		write(t, dir, name, "in "+name)
	}
	if err := fstest.TestFS(keep(t, dir).FS(), names...); err != nil {
		t.Error(err)
	}
}

func TestWhatCannotBeReadIsNamedByItsWholePath(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "a/one", "")
	for _, name := range []string{"a/none", "none/one", "a/../a/one", "/a/one", "a/one/"} {
		fsys := keep(t, dir).FS()
		var wrong *fs.PathError
		if _, err := fs.ReadFile(fsys, name); !errors.As(err, &wrong) || wrong.Path != name {
			t.Errorf("reading %q says %v, want an error that names it", name, err)
		}
	}
	if _, err := fs.ReadFile(keep(t, dir).FS(), "a/none"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("reading a file that is not there says %v", err)
	}
}

func TestALinkIsFollowedWithinTheRootAndNotOutOfIt(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("links need a right of their own there")
	}
	outside, dir := t.TempDir(), t.TempDir()
	write(t, outside, "secret", "outside")
	write(t, dir, "a/one", "inside")
	for name, to := range map[string]string{"b/in": "../a/one", "b/out": filepath.Join(outside, "secret")} {
		if err := os.MkdirAll(filepath.Join(dir, "b"), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	fsys := keep(t, dir).FS()
	if b, err := fs.ReadFile(fsys, "b/in"); err != nil || string(b) != "inside" {
		t.Errorf("the link to a/one gives %q (%v)", b, err)
	}
	if b, err := fs.ReadFile(fsys, "b/out"); err == nil {
		t.Errorf("the link out of the root gives %q", b)
	}
}

func TestAfterForgettingAFolderTheOneThatStandsThereIsRead(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "a/one", "old")
	k := keep(t, dir)
	read := func() string {
		t.Helper()
		b, err := fs.ReadFile(k.FS(), "a/one")
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	if got := read(); got != "old" {
		t.Fatalf("a/one is %q", got)
	}
	k.ForgetAll()
	if err := os.Rename(filepath.Join(dir, "a"), filepath.Join(dir, "b")); err != nil {
		t.Fatal(err)
	}
	write(t, dir, "a/one", "new")
	if got := read(); got != "new" {
		t.Errorf("a/one is %q, want that of the new folder", got)
	}
}

func TestNoMoreFoldersAreOpenThanTheBound(t *testing.T) {
	dir := t.TempDir()
	k := keep(t, dir)
	for i := range 3 * mostOpen {
		name := fmt.Sprintf("f%d/x", i)
		write(t, dir, name, "")
		if _, err := fs.ReadFile(k.FS(), name); err != nil {
			t.Fatal(err)
		}
		if n := len(k.open); n > mostOpen || n == 0 {
			t.Fatalf("%d folders are open, want at most %d", n, mostOpen)
		}
	}
}
