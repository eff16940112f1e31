package output

import (
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sopan.dev/sopan/internal/folder"
)

// Whenever in a build a link is put in a folder's place, the next call meets it. Each gets an error, reads nothing and changes
// nothing where the link leads, be that a folder whose path begins as the root's does.
func TestFault21NoCallFollowsALinkOut(t *testing.T) {
	long := time.Date(2001, 2, 3, 4, 5, 6, 0, time.UTC)
	read := func(r io.ReadCloser, err error) error {
		if err == nil {
			r.Close()
		}
		return err
	}
	calls := map[string]func(d disk) error{
		"lstat":        func(d disk) error { _, err := d.Lstat("m/theirs"); return err },
		"list":         func(d disk) error { _, err := d.List("m/below", folder.Stamps, 0); return err },
		"read":         func(d disk) error { _, err := d.ReadFile(nil, "m/theirs"); return err },
		"open":         func(d disk) error { return read(d.Open("m/theirs")) },
		"mkdir":        func(d disk) error { return d.Mkdir("m/new", 0o755) },
		"chmod":        func(d disk) error { return d.Chmod("m/theirs", 0o600) },
		"create":       func(d disk) error { w, err := d.Create("m/new"); return errors.Join(err, closed(w)) },
		"chtimes":      func(d disk) error { return d.Chtimes("m/theirs", long) },
		"link from":    func(d disk) error { return d.Link("m/theirs", "ours/theirs") },
		"link to":      func(d disk) error { return d.Link("ours/file", "m/file") },
		"linkall from": func(d disk) error { _, err := d.LinkAll("m", "ours", []string{"theirs"}); return err },
		"linkall to":   func(d disk) error { _, err := d.LinkAll("ours", "m", []string{"file"}); return err },
		"rename from":  func(d disk) error { return d.Rename("m/theirs", "ours/theirs") },
		"rename to":    func(d disk) error { return d.Rename("ours/file", "m/file") },
		"remove":       func(d disk) error { return d.RemoveAll("m/theirs") },
		"sync":         func(d disk) error { return d.Sync("m/theirs") },
		"lock":         func(d disk) error { free, _, err := d.Lock("m/lock"); unlock(free); return err },
		"chmod of it":  func(d disk) error { return d.Chmod("m", 0o700) },
		"list of it":   func(d disk) error { _, err := d.List("m", folder.Stamps, 0); return err },
	}
	for name, call := range calls {
		for _, relative := range []bool{true, false} {
			parent := t.TempDir()
			root, outside := filepath.Join(parent, "data"), filepath.Join(parent, "data-secret")
			for p, text := range map[string]string{"data/ours/file": "ours", "data/m/theirs": "was a folder of the build", "data-secret/theirs": "secret", "data-secret/below/deep": "secret"} {
				p = filepath.Join(parent, filepath.FromSlash(p))
				if err := errors.Join(os.MkdirAll(filepath.Dir(p), 0o755), os.WriteFile(p, []byte(text), 0o644)); err != nil {
					t.Fatal(err)
				}
			}
			d, err := openDisk(root)
			if err != nil {
				t.Fatal(err)
			}
			to := outside
			if relative {
				to = "../data-secret"
			}
			if err := errors.Join(os.RemoveAll(filepath.Join(root, "m")), os.Symlink(to, filepath.Join(root, "m"))); err != nil {
				t.Fatal(err)
			}
			before, were := tree(t, outside), stamps(t, outside)
			if err := call(d); err == nil {
				t.Errorf("%s goes through a link to %s", name, to)
			}
			d.Close()
			if got := tree(t, outside); !maps.Equal(got, before) || !maps.Equal(stamps(t, outside), were) {
				t.Errorf("%s through a link to %s: outside stand %v (%v), before %v (%v)", name, to, got, stamps(t, outside), before, were)
			}
			if got := tree(t, root); strings.Contains(got["ours/theirs"], "secret") {
				t.Errorf("%s through a link to %s brings in what stands outside", name, to)
			}
		}
	}
}

func closed(c io.Closer) error {
	if c == nil {
		return nil
	}
	return c.Close()
}

func unlock(free func()) {
	if free != nil {
		free()
	}
}

// stamps gives rights and time of a folder and all below it.
func stamps(t *testing.T, dir string) map[string]string {
	t.Helper()
	got := map[string]string{}
	err := filepath.Walk(dir, func(p string, info os.FileInfo, err error) error {
		if err == nil {
			got[p] = info.Mode().String() + " " + info.ModTime().String()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// What Windows says of a file that a virus scanner has open. Windows itself is not needed to see how long that is borne.
func TestFault26AFileHeldOpenIsTriedAgainForTwoSeconds(t *testing.T) {
	sharing := errors.New("the process cannot access the file because it is being used by another process")
	held := func(err error) bool { return errors.Is(err, sharing) }
	for name, c := range map[string]struct {
		errs []error // of the calls, the last one for ever
		want error
		most time.Duration
	}{
		"free at once":        {[]error{nil}, nil, 0},
		"held for three":      {[]error{sharing, sharing, sharing, nil}, nil, time.Second},
		"held for ever":       {[]error{sharing}, sharing, 3 * time.Second},
		"another error":       {[]error{errors.ErrUnsupported}, errors.ErrUnsupported, 0},
		"held, then an error": {[]error{sharing, errors.ErrUnsupported}, errors.ErrUnsupported, time.Second},
	} {
		calls, slept := 0, time.Duration(0)
		err := retried(func() error {
			calls++
			return c.errs[min(calls, len(c.errs))-1]
		}, held, func(d time.Duration) { slept += d })
		if !errors.Is(err, c.want) || c.want == nil && err != nil || slept > c.most {
			t.Errorf("%s: %v after %d calls and %v, want %v within %v", name, err, calls, slept, c.want, c.most)
		}
		if c.want == sharing && slept < time.Second {
			t.Errorf("%s: given up after %v; a scanner needs up to a second", name, slept)
		}
	}
}
