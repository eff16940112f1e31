package export

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"sopan.dev/sopan/builder/course"
	"sopan.dev/sopan/builder/output"
)

// zipOf is a package of some files, with the list that belongs to them.
func zipOf(t *testing.T, files map[string]string) []byte {
	t.Helper()
	var list []File
	entries := map[string]output.Entry{}
	for name, text := range files {
		list = append(list, File{Path: name, Content: []byte(text)})
		entries[name] = output.Entry{Bytes: []byte(text)}
	}
	slices.SortFunc(list, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	entries[ManifestName] = output.Entry{Bytes: manifest(Format{Name: "web"}, Input{Course: &course.Course{}}, list)}
	set, err := output.NewSet(entries)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := output.WriteZip(t.Context(), set, &b, output.ZipOptions{}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// repacked is a zip of a zip's files after a change, as somebody's tool would
// make it.
func repacked(t *testing.T, b []byte, change func(files map[string][]byte)) []byte {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, f := range r.File {
		files[f.Name], err = fs.ReadFile(r, f.Name)
		if err != nil {
			t.Fatal(err)
		}
	}
	change(files)
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for name, content := range files {
		f, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		f.Write(content)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

var someFiles = map[string]string{"index.html": "<h1>Fees</h1>", "fees/a.html": strings.Repeat("<p>Ten rupees.</p>", 50), "fees/b.png": "\x89PNG", "empty.txt": ""}

func verifyZip(b []byte) (Verified, error) {
	return VerifyZip(context.Background(), bytes.NewReader(b), int64(len(b)))
}

func TestFault76APackageIsComparedFileByFile(t *testing.T) {
	whole := zipOf(t, someFiles)
	for _, c := range []struct {
		name   string
		change func(files map[string][]byte)
		want   []Finding
	}{
		{"nothing", func(map[string][]byte) {}, nil},
		{"a byte", func(f map[string][]byte) { f["fees/a.html"][3] ^= 1 }, []Finding{{"fees/a.html", Differs}}},
		{"a byte behind the end", func(f map[string][]byte) { f["empty.txt"] = []byte(" ") }, []Finding{{"empty.txt", Differs}}},
		{"a file gone", func(f map[string][]byte) { delete(f, "fees/b.png") }, []Finding{{"fees/b.png", Missing}}},
		{"a file more", func(f map[string][]byte) { f["evil.js"] = nil }, []Finding{{"evil.js", Extra}}},
		{"a folder's entry", func(f map[string][]byte) { f["fees/"] = nil }, nil},
		{"what file managers drop", func(f map[string][]byte) { f["fees/.DS_Store"], f["Thumbs.db"] = nil, nil }, nil},
		{"all at once", func(f map[string][]byte) {
			f["index.html"] = nil
			delete(f, "fees/a.html")
			f["z"] = nil
		}, []Finding{{"fees/a.html", Missing}, {"index.html", Differs}, {"z", Extra}}},
	} {
		v, err := verifyZip(repacked(t, whole, c.change))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if !slices.Equal(v.Findings, c.want) || v.Files != len(someFiles) {
			t.Errorf("%s: %d files, %v; want %v", c.name, v.Files, v.Findings, c.want)
		}
	}
}

// TestFault76EachByteCounts changes the packed bytes themselves: nothing that
// a zip's own sums let pass, and no page that only looks the same.
func TestFault76EachByteCounts(t *testing.T) {
	whole := zipOf(t, someFiles)
	for at := range whole {
		b := bytes.Clone(whole)
		b[at] ^= 0x20
		v, err := verifyZip(b)
		if err == nil && len(v.Findings) == 0 {
			if same(t, whole, b) {
				continue // a time, a flag: no content
			}
			t.Errorf("byte %d was changed, and nothing was found", at)
		}
	}
}

// same tells whether two zips hold the same names and contents.
func same(t *testing.T, a, b []byte) bool {
	contents := func(b []byte) map[string]string {
		r, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			return nil
		}
		out := map[string]string{}
		for _, f := range r.File {
			content, err := fs.ReadFile(r, f.Name)
			if err != nil {
				t.Logf("%s: %v", f.Name, err)
			}
			out[f.Name] = string(content)
		}
		return out
	}
	x, y := contents(a), contents(b)
	if len(x) != len(y) {
		return false
	}
	for name := range x {
		if x[name] != y[name] {
			return false
		}
	}
	return true
}

func TestAPackageWithoutItsListIsNoPackage(t *testing.T) {
	for name, change := range map[string]func(f map[string][]byte){
		"no list":         func(f map[string][]byte) { delete(f, ManifestName) },
		"another program": func(f map[string][]byte) { f[ManifestName] = []byte(`{"sopan_package": 99}`) },
		"no JSON":         func(f map[string][]byte) { f[ManifestName] = []byte(`<html>`) },
	} {
		_, err := verifyZip(repacked(t, zipOf(t, someFiles), change))
		if err == nil || name == "no list" && !errors.Is(err, ErrNoList) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := verifyZip([]byte("PK no zip")); err == nil {
		t.Error("what is no zip was read")
	}
}

func TestFault76AHostedFolderIsComparedWithItsMarker(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "public")
	set, err := output.NewSet(map[string]output.Entry{"index.html": {Bytes: []byte("a")}, "hi/वुका.html": {Bytes: []byte("b")}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := output.WriteDir(t.Context(), set, dir, output.Options{}); err != nil {
		t.Fatal(err)
	}
	find := func() []Finding {
		root, err := os.OpenRoot(dir)
		if err != nil {
			t.Fatal(err)
		}
		defer root.Close()
		v, err := VerifyDir(t.Context(), root.FS())
		if err != nil {
			t.Fatal(err)
		}
		return v.Findings
	}
	if got := find(); len(got) > 0 {
		t.Errorf("a folder as it was built: %v", got)
	}
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("hi/वुका.html", "c")
	write(".htaccess", "Deny from all")
	if got, want := find(), []Finding{{".htaccess", Extra}, {"hi/वुका.html", Differs}}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if runtime.GOOS == "windows" { // links need a right there
		return
	}
	write("../elsewhere.html", "a")
	os.Remove(filepath.Join(dir, "index.html"))
	if err := os.Symlink("../elsewhere.html", filepath.Join(dir, "index.html")); err != nil {
		t.Fatal(err)
	}
	if got := find(); !slices.Contains(got, Finding{"index.html", Differs}) {
		t.Errorf("a link in the place of a page is taken for it: %v", got)
	}
	if _, err := VerifyDir(t.Context(), fstest.MapFS{"a.txt": {}}); !errors.Is(err, ErrNoList) {
		t.Errorf("a folder of somebody else: %v", err)
	}
}
