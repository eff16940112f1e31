package folder

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
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

func TestAFileIsMadeOnceAndWhole(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "a/one", "old")
	k := keep(t, dir)
	content := strings.Repeat("new ", 1<<18)
	for _, name := range []string{"top", "a/two"} {
		f, err := k.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		n, err := io.WriteString(f, content)
		if err = errors.Join(err, f.Close()); err != nil || n != len(content) {
			t.Fatalf("writing %s: %d bytes of %d, %v", name, n, len(content), err)
		}
		if b, err := k.ReadFile(name); err != nil || string(b) != content {
			t.Errorf("%s holds %d bytes (%v), want %d", name, len(b), err, len(content))
		}
		usual := filepath.Join(t.TempDir(), "usual")
		if err := os.WriteFile(usual, nil, 0o644); err != nil {
			t.Fatal(err)
		}
		own, err1 := os.Stat(filepath.Join(dir, name))
		as, err2 := os.Stat(usual)
		if err1 != nil || err2 != nil || own.Mode() != as.Mode() {
			t.Errorf("%s has the rights %v, want %v (%v, %v)", name, own.Mode(), as.Mode(), err1, err2)
		}
	}
	if _, err := k.Create("a/one"); !errors.Is(err, fs.ErrExist) {
		t.Errorf("making a file that is there says %v", err)
	}
	if _, err := k.Create("none/one"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("making a file in no folder says %v", err)
	}
	if runtime.GOOS == "windows" {
		return // links need a right of their own there
	}
	if err := os.Symlink(filepath.Join(dir, "elsewhere"), filepath.Join(dir, "a", "link")); err != nil {
		t.Fatal(err)
	}
	if _, err := k.Create("a/link"); !errors.Is(err, fs.ErrExist) {
		t.Errorf("making a file through a link says %v", err)
	}
	if _, err := os.Lstat(filepath.Join(dir, "elsewhere")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file was made through a link: %v", err)
	}
}

func TestWhateverStandsInAFolderIsReadAsPackageOSReadsIt(t *testing.T) {
	dir := t.TempDir()
	for name, content := range map[string]string{"a/empty": "", "a/one": "1", "a/large": strings.Repeat("x", 1<<20), "a/folder/x": ""} {
		write(t, dir, name, content)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	k := keep(t, dir)
	for _, name := range []string{"a/empty", "a/one", "a/large", "a/folder", "a/none"} {
		want, failed := root.ReadFile(name)
		got, err := k.ReadFile(name)
		if string(got) != string(want) || (err == nil) != (failed == nil) || errors.Is(err, fs.ErrNotExist) != errors.Is(failed, fs.ErrNotExist) {
			t.Errorf("%s: %d bytes, %v; package os reads %d, %v", name, len(got), err, len(want), failed)
		}
	}
}

func TestForgottenFoldersAndFilesAreClosed(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("there is no list of what is open")
	}
	dir := t.TempDir()
	for i := range 10 {
		write(t, dir, fmt.Sprintf("f%d/x", i), "x")
	}
	open := func() int {
		entries, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Fatal(err)
		}
		return len(entries)
	}
	k := keep(t, dir)
	round := func(made string) int {
		for i := range 10 {
			f, err := k.Create(fmt.Sprintf("f%d/%s", i, made))
			if err != nil {
				t.Fatal(err)
			}
			f.Close()
			if _, err := k.ReadFile(fmt.Sprintf("f%d/x", i)); err != nil {
				t.Fatal(err)
			}
		}
		k.ForgetAll()
		return open()
	}
	if first, second := round("one"), round("two"); second > first {
		t.Errorf("%d files are open after the first round, %d after the second", first, second)
	}
}
