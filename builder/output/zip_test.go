package output

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

func zipBytes(t testing.TB, s *Set, o ZipOptions) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := WriteZip(t.Context(), s, &b, o); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestFault23AZipIsTheSameBytesEverywhere(t *testing.T) {
	files := map[string]string{}
	for i := range 50 {
		files[fmt.Sprintf("m/%02d.html", i)] = strings.Repeat(fmt.Sprint(i), 1000)
	}
	set := mustSet(t, files)
	first := zipBytes(t, set, ZipOptions{})
	before := runtime.GOMAXPROCS(1)
	defer runtime.GOMAXPROCS(before)
	t.Setenv("TZ", "Asia/Kolkata")
	if second := zipBytes(t, set, ZipOptions{}); !bytes.Equal(first, second) {
		t.Error("two zips of one set differ")
	}
}

func TestFault73AZipKeepsNamesAndBytes(t *testing.T) {
	files := map[string]string{"hi/वुका.html": strings.Repeat("वुका", 100), "a.png": strings.Repeat("x", 500), "mimetype": "application/epub+zip", "empty": ""}
	b := zipBytes(t, mustSet(t, files), ZipOptions{First: []string{"mimetype"}})
	r, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for i, f := range r.File {
		if i == 0 && (f.Name != "mimetype" || f.Method != zip.Store) || len(f.Extra) > 0 || f.Flags&0x8 != 0 {
			t.Errorf("entry %d: %s, method %d, %d bytes extra, flags %x", i, f.Name, f.Method, len(f.Extra), f.Flags)
		}
		if f.NonUTF8 || f.Name == "a.png" && f.Method != zip.Store || strings.HasSuffix(f.Name, ".html") && f.Method != zip.Deflate {
			t.Errorf("%s: method %d, not UTF-8 %v", f.Name, f.Method, f.NonUTF8)
		}
		if y, m, d := f.Modified.Date(); y != 1980 || m != 1 || d != 1 {
			t.Errorf("%s is of %v", f.Name, f.Modified)
		}
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(in) // checks the CRC
		if err != nil {
			t.Errorf("%s: %v", f.Name, err)
		}
		got[f.Name] = string(content)
	}
	if !sameTree(got, files) {
		t.Errorf("the zip holds %v", got)
	}
	// OCF: the letters "mimetype" at 30, its content at 38.
	if string(b[30:58]) != "mimetypeapplication/epub+zip" {
		t.Errorf("the head is %q", b[:60])
	}
}

func TestFault72AnInterruptedPackageLeavesTheOldOne(t *testing.T) {
	set := mustSet(t, faultNew)
	want := zipBytes(t, set, ZipOptions{})
	old := zipBytes(t, mustSet(t, faultOld), ZipOptions{})
	for _, fault := range []error{syscall.ENOSPC, io.ErrShortWrite} {
		for n := 1; ; n++ {
			parent := t.TempDir()
			file := filepath.Join(parent, "course.zip")
			if err := os.WriteFile(file, old, 0o644); err != nil {
				t.Fatal(err)
			}
			real, err := openDisk(parent)
			if err != nil {
				t.Fatal(err)
			}
			d := &failingDisk{disk: real, err: fault, left: n}
			err = writeZipFile(t.Context(), d, set, "course.zip", file, ZipOptions{})
			d.Close()
			got, _ := os.ReadFile(file)
			switch {
			case err == nil && !bytes.Equal(got, want):
				t.Fatalf("call %d (%s) failed silently", n, d.failed)
			case err != nil && (!bytes.Equal(got, old) || !errors.Is(err, fault)):
				t.Fatalf("call %d (%s): %v, and the file is another", n, d.failed, err)
			}
			if left := beside(t, file); len(left) > 0 {
				t.Errorf("call %d (%s): left %v", n, d.failed, left)
			}
			if d.failed == "" {
				if n < 8 {
					t.Errorf("only %d calls could fail", n)
				}
				break
			}
		}
	}
}

func TestAZipIsNotWrittenOverSomethingElse(t *testing.T) {
	dir := t.TempDir()
	thesis := filepath.Join(dir, "thesis.doc")
	os.WriteFile(thesis, []byte("mine"), 0o644)
	os.Symlink(thesis, filepath.Join(dir, "link.zip"))
	for name, reason := range map[string]Reason{"thesis.doc": Foreign, "link.zip": IsALink, ".": NotAFolder} {
		err := WriteZipFile(t.Context(), mustSet(t, faultNew), filepath.Join(dir, name), ZipOptions{})
		var r *Refusal
		if !errors.As(err, &r) || r.Reason != reason {
			t.Errorf("%s: %v, want a refusal for %s", name, err, reason)
		}
	}
	if b, _ := os.ReadFile(thesis); string(b) != "mine" {
		t.Errorf("the thesis is %q", b)
	}
	if err := WriteZipFile(t.Context(), mustSet(t, faultNew), filepath.Join(dir, "new", "course.zip"), ZipOptions{}); err != nil {
		t.Error(err)
	}
}

func TestAZipStopsWithAFailingPageOrItsContext(t *testing.T) {
	broken := errors.New("broken")
	set, _ := NewSet(map[string]Entry{"a": text("a"), "b": {Render: func() ([]byte, error) { return nil, broken }}})
	if err := WriteZip(t.Context(), set, io.Discard, ZipOptions{}); !errors.Is(err, broken) {
		t.Errorf("a failing page: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := WriteZip(ctx, mustSet(t, faultNew), io.Discard, ZipOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled context: %v", err)
	}
	if err := WriteZip(t.Context(), set, io.Discard, ZipOptions{First: []string{"mimetype"}}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a first file that is not there: %v", err)
	}
}
