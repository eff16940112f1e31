package output

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
)

func TestAHeldFolderWaitsForItsFilesAlone(t *testing.T) {
	f := newFolder(t)
	if err := os.MkdirAll(filepath.Dir(f.spare), 0o755); err != nil {
		t.Fatal(err)
	}
	f.write(t, map[string]string{"a.html": "1", "b/c.html": "2"})
	f.write(t, map[string]string{"a.html": "1 changed", "b/c.html": "2"})
	here, spare := tree(t, f.dir), tree(t, f.spare)
	o := Options{Wait: -1, Memory: &f.memory, Spare: f.spare}

	held, err := Hold(t.Context(), f.dir, o)
	if err != nil {
		t.Fatal(err)
	}
	var refused *Refusal
	if _, err := WriteDir(t.Context(), mustSet(t, faultNew), f.dir, Options{Wait: -1}); !errors.As(err, &refused) || refused.Reason != Busy {
		t.Errorf("another build into a folder that is held: %v, want a refusal because it is busy", err)
	}
	if got := tree(t, f.dir); !maps.Equal(got, here) {
		t.Errorf("held, the folder is %v, want %v", got, here)
	}
	held.Release()
	if got := tree(t, f.dir); !maps.Equal(got, here) {
		t.Errorf("given free, the folder is %v, want %v", got, here)
	}
	if got := tree(t, f.spare); !maps.Equal(got, spare) {
		t.Errorf("given free, the spare is %v, want %v", got, spare)
	}
	if left := beside(t, f.dir); !slices.Equal(left, []string{"cache"}) { // where the spare is
		t.Errorf("given free, there stands beside it: %v", left)
	}

	if held, err = Hold(t.Context(), f.dir, o); err != nil {
		t.Fatal(err)
	}
	if r, err := held.Write(t.Context(), mustSet(t, map[string]string{"a.html": "3", "b/c.html": "2"})); err != nil || r.Written != 1 || r.Kept != 1 {
		t.Errorf("the files of a held folder: %+v, %v; want one written and one kept", r, err)
	}
	if got, want := tree(t, f.dir), map[string]string{"a.html": "3", "b/c.html": "2"}; !maps.Equal(got, want) {
		t.Errorf("written, the folder is %v, want %v", got, want)
	}
	f.write(t, map[string]string{"a.html": "4"}) // it is free again
}

func TestAFolderThatIsNotThereIsHeldWithoutMakingAnything(t *testing.T) {
	parent := t.TempDir()
	if _, err := Hold(t.Context(), filepath.Join(parent, "not", "there"), Options{}); err == nil {
		t.Error("a folder is held whose parent is not there")
	}
	held, err := Hold(t.Context(), filepath.Join(parent, "public"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	held.Release()
	if entries, err := os.ReadDir(parent); err != nil || len(entries) > 0 {
		t.Errorf("there stands now: %v (%v)", entries, err)
	}
}

func TestAHeldFolderIsWholeWhicheverCallFails(t *testing.T) {
	for n := 1; ; n++ {
		f := newFolder(t)
		if err := os.MkdirAll(filepath.Dir(f.spare), 0o755); err != nil {
			t.Fatal(err)
		}
		f.write(t, faultNew)
		f.write(t, faultOld)
		want := tree(t, f.dir)
		real, err := openDisk(filepath.Dir(f.dir))
		if err != nil {
			t.Fatal(err)
		}
		d := &failingDisk{disk: real, err: syscall.EIO, left: n}
		if w, err := begin(t.Context(), d, "public", f.dir, Options{Wait: -1, Memory: &f.memory, Spare: f.spare}); err == nil {
			w.release()
		}
		real.Close()
		if got := tree(t, f.dir); !maps.Equal(got, want) {
			t.Fatalf("call %d (%s): the folder is %v, want %v", n, d.failed, got, want)
		}
		f.write(t, faultNew) // and is free
		if d.failed == "" {
			if n < 6 {
				t.Errorf("only %d calls could fail; the test does not reach its subject", n)
			}
			return
		}
	}
}
