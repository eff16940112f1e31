package output

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"sopan.dev/sopan/internal/folder"
)

// writeDir is WriteDir on a disk of the tests.
func writeDir(ctx context.Context, d disk, set *Set, name, shown string, o Options) (Result, error) {
	w, err := begin(ctx, d, name, shown, o)
	if err != nil {
		return Result{}, err
	}
	return w.finish(ctx, set)
}

// failingDisk is a disk of which one call, the n-th, fails.
type failingDisk struct {
	disk
	err     error
	twoStep bool // has no exchange, as on Windows
	noLinks bool // has no hard links, as on FAT

	mu     sync.Mutex
	left   int    // calls until the failing one; 0 or below: none fails
	calls  int    // made so far
	failed string // the call that failed
}

func (d *failingDisk) turn(call string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.calls++
	if d.left--; d.left == 0 {
		d.failed = call
		if d.err == errKill {
			die()
		}
		return &fs.PathError{Op: call, Err: d.err}
	}
	return nil
}

func (d *failingDisk) Park(name, at string) error {
	if err := d.turn("park " + name); err != nil {
		return err
	}
	return d.disk.Park(name, at)
}

func (d *failingDisk) Unpark(at, name string) error {
	if err := d.turn("unpark " + name); err != nil {
		return err
	}
	return d.disk.Unpark(at, name)
}

func (d *failingDisk) Sync(name string) error {
	if err := d.turn("sync " + name); err != nil {
		return err
	}
	return d.disk.Sync(name)
}

func (d *failingDisk) Lstat(name string) (fs.FileInfo, error) {
	if err := d.turn("lstat " + name); err != nil {
		return nil, err
	}
	return d.disk.Lstat(name)
}

func (d *failingDisk) List(name string, what folder.What, about int) (listing, error) {
	if err := d.turn("list " + name); err != nil {
		return listing{}, err
	}
	return d.disk.List(name, what, about)
}

func (d *failingDisk) ReadFile(room []byte, name string) ([]byte, error) {
	if err := d.turn("read " + name); err != nil {
		return nil, err
	}
	return d.disk.ReadFile(room, name)
}

func (d *failingDisk) Open(name string) (io.ReadCloser, error) {
	if err := d.turn("open " + name); err != nil {
		return nil, err
	}
	return d.disk.Open(name)
}

func (d *failingDisk) Mkdir(name string, perm fs.FileMode) error {
	if err := d.turn("mkdir " + name); err != nil {
		return err
	}
	return d.disk.Mkdir(name, perm)
}

func (d *failingDisk) Chmod(name string, perm fs.FileMode) error {
	if err := d.turn("chmod " + name); err != nil {
		return err
	}
	return d.disk.Chmod(name, perm)
}

func (d *failingDisk) Chtimes(name string, mtime time.Time) error {
	if err := d.turn("chtimes " + name); err != nil {
		return err
	}
	return d.disk.Chtimes(name, mtime)
}

func (d *failingDisk) Link(from, to string) error {
	if err := d.turn("link " + to); err != nil {
		return err
	}
	if d.noLinks {
		return syscall.EPERM
	}
	return d.disk.Link(from, to)
}

func (d *failingDisk) LinkAll(from, to string, names []string) (int, error) {
	if err := d.turn("linkall " + to); err != nil {
		return 0, err
	}
	if d.noLinks {
		return 0, syscall.EPERM
	}
	return d.disk.LinkAll(from, to, names)
}

func (d *failingDisk) Rename(from, to string) error {
	if err := d.turn("rename " + from); err != nil {
		return err
	}
	return d.disk.Rename(from, to)
}

func (d *failingDisk) Exchange(a, b string) error {
	if d.twoStep {
		return errors.ErrUnsupported
	}
	if err := d.turn("exchange " + a); err != nil {
		return err
	}
	return d.disk.Exchange(a, b)
}

func (d *failingDisk) RemoveAll(name string) error {
	if err := d.turn("removeall " + name); err != nil {
		return err
	}
	return d.disk.RemoveAll(name)
}

func (d *failingDisk) Flush(name string) error {
	if err := d.turn("flush " + name); err != nil {
		return err
	}
	return nil // the test machine's disk is everybody's
}

func (d *failingDisk) Lock(name string) (func(), int, error) {
	if err := d.turn("lock " + name); err != nil {
		return nil, 0, err
	}
	return d.disk.Lock(name)
}

func (d *failingDisk) Create(name string) (io.WriteCloser, error) {
	if err := d.turn("create " + name); err != nil {
		return nil, err
	}
	f, err := d.disk.Create(name)
	return &failingFile{f, d, name}, err
}

// failingFile writes half of the bytes when its write is the one that fails: a
// full disk takes what fits. With io.ErrShortWrite as the error it says nothing
// of it, as a broken driver would.
type failingFile struct {
	io.WriteCloser
	disk *failingDisk
	name string
}

func (f *failingFile) Write(b []byte) (int, error) {
	if err := f.disk.turn("write " + f.name); err != nil {
		n, _ := f.WriteCloser.Write(b[:len(b)/2])
		if errors.Is(err, io.ErrShortWrite) {
			return n, nil
		}
		return n, err
	}
	return f.WriteCloser.Write(b)
}

func (f *failingFile) Close() error {
	err := f.disk.turn("close " + f.name)
	return errors.Join(err, f.WriteCloser.Close())
}

var (
	faultOld = map[string]string{"index.html": "old", "kept.html": "kept", "gone/x.html": "gone", "m/a.html": "old a"}
	faultNew = map[string]string{"index.html": "new", "kept.html": "kept", "m/a.html": "new a", "m/b.html": "b"}
)

func writeWith(t *testing.T, dir string, files map[string]string, o Options) {
	t.Helper()
	if _, err := WriteDir(t.Context(), mustSet(t, files), dir, o); err != nil {
		t.Fatal(err)
	}
}

func TestFault15TheNthCallFails(t *testing.T) {
	disks := []struct {
		name             string
		old              map[string]string
		twoStep, noLinks bool
		keeps            bool // the memory and the spare folder of the runs before
	}{
		{"a site that is there", faultOld, false, false, false},
		{"a new site", nil, false, false, false},
		{"without exchange", faultOld, true, false, false},
		{"without hard links", faultOld, false, true, false},
		{"with what earlier runs kept", faultOld, false, false, true},
		{"a new site and its spare", nil, false, false, true},
	}
	for _, kind := range disks {
		for _, fault := range []error{syscall.ENOSPC, syscall.EIO, io.ErrShortWrite} {
			t.Run(fmt.Sprintf("%s/%v", kind.name, fault), func(t *testing.T) {
				t.Parallel()
				failures := 0
				for n := 1; ; n++ {
					parent := t.TempDir()
					dir := filepath.Join(parent, "public")
					o := Options{Wait: -1}
					if kind.keeps {
						o.Memory, o.Spare = &Memory{}, filepath.Join(t.TempDir(), "spare")
					}
					if kind.old != nil {
						if kind.keeps {
							writeWith(t, dir, faultNew, o)
						}
						writeWith(t, dir, kind.old, o)
					}
					real, err := openDisk(parent)
					if err != nil {
						t.Fatal(err)
					}
					d := &failingDisk{disk: real, err: fault, twoStep: kind.twoStep, noLinks: kind.noLinks, left: n}
					_, err = writeDir(t.Context(), d, mustSet(t, faultNew), "public", dir, o)
					d.Close()
					want := faultNew
					switch {
					case err != nil:
						failures++
						want = kind.old
						if !errors.Is(err, fault) {
							t.Errorf("call %d (%s): the error %v does not say %v", n, d.failed, err, fault)
						}
						if errors.Is(fault, syscall.ENOSPC) && !strings.Contains(err.Error(), "the disk is full") {
							t.Errorf("call %d (%s): a full disk in these words: %v", n, d.failed, err)
						}
					case d.failed != "":
						// Clearing away, or reading what can be written anew, may
						// fail; what becomes the site may not.
						op, name, _ := strings.Cut(d.failed, " ")
						if !strings.HasPrefix(name, firstSpareOf(".public.sopan-new")) && slices.Contains([]string{"create", "write", "close", "mkdir", "sync", "flush", "exchange", "rename"}, op) {
							t.Errorf("call %d (%s) failed and nobody was told", n, d.failed)
						}
					}
					var got map[string]string
					if kind.old != nil || err == nil {
						got = tree(t, dir)
					}
					if !sameTree(got, want) {
						t.Fatalf("call %d (%s), error %v: the folder holds %v, want %v", n, d.failed, err, got, want)
					}
					if left := beside(t, dir); len(left) > 0 {
						t.Errorf("call %d (%s), error %v: left beside it: %v", n, d.failed, err, left)
					}
					if d.failed == "" {
						if failures < 10 {
							t.Errorf("only %d calls could fail; the test does not reach its subject", failures)
						}
						return
					}
					// The next build works.
					if err != nil {
						writeWith(t, dir, faultNew, o)
						if got := tree(t, dir); !sameTree(got, faultNew) {
							t.Fatalf("after call %d (%s) the next build gives %v", n, d.failed, got)
						}
					}
				}
			})
		}
	}
}

// unflushed is a disk that takes everything and cannot bring it to the platter.
type unflushed struct{ disk }

func (unflushed) Flush(string) error { return syscall.EIO }

// Many files are flushed with one call for all.
func TestFault15AFlushOfManyFilesThatFailsLeavesTheOldSite(t *testing.T) {
	parent := t.TempDir()
	dir := filepath.Join(parent, "public")
	mustWrite(t, dir, faultOld)
	many := map[string]string{}
	for i := range fewFiles + 1 {
		many[fmt.Sprintf("m/%d.html", i)] = "new"
	}
	real, err := openDisk(parent)
	if err != nil {
		t.Fatal(err)
	}
	defer real.Close()
	if _, err := writeDir(t.Context(), unflushed{real}, mustSet(t, many), "public", dir, Options{Wait: -1}); !errors.Is(err, syscall.EIO) {
		t.Errorf("error %v, want an I/O error", err)
	}
	if got, left := tree(t, dir), beside(t, dir); !sameTree(got, faultOld) || len(left) > 0 {
		t.Errorf("the folder holds %v, beside it %v", got, left)
	}
}

func TestAKilledTwoStepSwapIsTakenUp(t *testing.T) {
	parent := t.TempDir()
	dir := filepath.Join(parent, "public")
	mustWrite(t, dir, faultOld)
	real, err := openDisk(parent)
	if err != nil {
		t.Fatal(err)
	}
	// Killed between the two renames: the old site is aside, the new one is
	// still beside. Nothing may be lost even if the next build fails.
	if err := real.Rename("public", ".public.sopan-old"); err != nil {
		t.Fatal(err)
	}
	d := &failingDisk{disk: real, err: syscall.ENOSPC}
	broken, _ := NewSet(map[string]Entry{"index.html": {Render: func() ([]byte, error) { return nil, errors.New("broken") }}})
	if _, err := writeDir(t.Context(), d, broken, "public", dir, Options{}); err == nil {
		t.Fatal("a broken set was written")
	}
	if got := tree(t, dir); !sameTree(got, faultOld) {
		t.Errorf("the folder holds %v, want the old site back", got)
	}
	if left := beside(t, dir); len(left) > 0 {
		t.Errorf("left beside it: %v", left)
	}
}

// A copy keeps its time where there are no hard links.
func TestUnchangedFilesKeepTheirTimeWithoutHardLinks(t *testing.T) {
	parent := t.TempDir()
	dir := filepath.Join(parent, "public")
	mustWrite(t, dir, faultOld)
	real, err := openDisk(parent)
	if err != nil {
		t.Fatal(err)
	}
	defer real.Close()
	long := time.Date(2001, 2, 3, 4, 5, 6, 0, time.UTC)
	if err := real.Chtimes("public/kept.html", long); err != nil {
		t.Fatal(err)
	}
	d := &failingDisk{disk: real, noLinks: true}
	if _, err := writeDir(t.Context(), d, mustSet(t, faultNew), "public", dir, Options{}); err != nil {
		t.Fatal(err)
	}
	info, err := real.Lstat("public/kept.html")
	if err != nil || !info.ModTime().Equal(long) {
		t.Errorf("kept.html has time %v (%v), want %v", info.ModTime(), err, long)
	}
}
