//go:build linux

package output

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// A full disk is a small file system in memory that this process's child sees alone. Its user may mount one in a name space of its
// own; where the kernel forbids even that, the disk of TestFault15TheNthCallFails says ENOSPC at each call in turn.
func TestFault15AFullDiskLeavesTheOldSite(t *testing.T) {
	if os.Getenv("SOPAN_TEST_FULL") != "" {
		onFullDisk(t, os.Getenv("SOPAN_TEST_FULL"))
		return
	}
	dir := t.TempDir()
	cmd := exec.Command("unshare", "-rm", "sh", "-c", `mount -t tmpfs -o size=256k none "$0" && exec "$1" -test.run '^TestFault15AFullDisk' -test.v`, dir, os.Args[0])
	cmd.Env = append(os.Environ(), "SOPAN_TEST_FULL="+dir)
	out, err := cmd.CombinedOutput()
	if strings.Contains(string(out), "unshare failed") || strings.Contains(string(out), "permission denied") || errors.Is(err, exec.ErrNotFound) {
		t.Logf("no file system can be mounted here: %v %s", err, out)
		withoutSpace(t)
		return
	}
	if err != nil || !strings.Contains(string(out), "old site stands") {
		t.Fatalf("%v\n%s", err, out)
	}
}

// onFullDisk runs in the child: a small site fits, a large one does not.
func onFullDisk(t *testing.T, dir string) {
	target := filepath.Join(dir, "public")
	old := map[string]string{"index.html": strings.Repeat("old", 1000), "a/b.html": "b"}
	mustWrite(t, target, old)
	large := map[string]Entry{}
	for _, name := range []string{"index.html", "a/c.html", "a/d.html", "e.html"} {
		large[name] = text(strings.Repeat("new", 50_000))
	}
	set, err := NewSet(large)
	if err != nil {
		t.Fatal(err)
	}
	_, err = WriteDir(t.Context(), set, target, Options{})
	if !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("error %v, want no space left", err)
	}
	if got := tree(t, target); got["index.html"] != old["index.html"] || got["a/b.html"] != "b" || len(got) != len(old) {
		t.Fatalf("the old site is gone; the folder holds %d files", len(got))
	}
	if left := beside(t, target); len(left) > 0 {
		t.Fatalf("left beside it: %v", left)
	}
	mustWrite(t, target, map[string]string{"index.html": "small again"})
	t.Log("the old site stands")
}

// withoutSpace lets the disk say that it is full at each of its calls.
func withoutSpace(t *testing.T) {
	for n := 1; ; n++ {
		target := filepath.Join(t.TempDir(), "public")
		mustWrite(t, target, killSet("old"))
		real, err := openDisk(filepath.Dir(target))
		if err != nil {
			t.Fatal(err)
		}
		d := &failingDisk{disk: real, err: syscall.ENOSPC, left: n}
		entries := map[string]Entry{}
		for p, s := range killSet("new") {
			entries[p] = text(s)
		}
		set, err := NewSet(entries)
		if err != nil {
			t.Fatal(err)
		}
		_, err = writeDir(t.Context(), d, set, "public", target, Options{})
		real.Close()
		if d.failed == "" {
			return
		}
		if generation := oneOf(t, target, "old", "new"); generation == "" || err != nil && generation != "old" {
			t.Fatalf("call %d (%s): error %v, and the folder holds %q", n, d.failed, err, generation)
		}
	}
}
