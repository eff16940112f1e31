package output

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

// lateSet is ten files, two of which list the others; asked counts how often one of the others was made.
func lateSet(t *testing.T, edit string, asked *atomic.Int32) *Set {
	t.Helper()
	entries := map[string]Entry{}
	var names []string
	for i := range 8 {
		name := fmt.Sprintf("m/l%d.html", i)
		names = append(names, name)
		content := []byte(name)
		if i == 3 {
			content = append(content, edit...)
		}
		entries[name] = Entry{Key: fmt.Sprint(i, len(content)), Render: func() ([]byte, error) { asked.Add(1); return content, nil }}
	}
	for _, list := range []string{"a/first.json", "z/last.json"} {
		entries[list] = Entry{
			Render: func() ([]byte, error) { return nil, fmt.Errorf("%s was made the long way", list) },
			Late: func(sum func(string) (Sum, bool)) ([]byte, error) {
				var b strings.Builder
				for _, name := range names {
					s, ok := sum(name)
					if !ok {
						return nil, fmt.Errorf("%s has no sum", name)
					}
					fmt.Fprintln(&b, name, s.Size, s.SHA256)
				}
				if _, ok := sum("z/last.json"); ok {
					return nil, fmt.Errorf("a late entry has a sum")
				}
				return []byte(b.String()), nil
			},
		}
	}
	s, err := NewSet(entries)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestALateEntryKnowsTheSumsOfWhatWasWritten(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "public")
	var asked atomic.Int32
	var memory Memory
	for _, edit := range []string{"", " changed", " changed"} {
		if _, err := WriteDir(t.Context(), lateSet(t, edit, &asked), dir, Options{Memory: &memory}); err != nil {
			t.Fatal(err)
		}
		files := tree(t, dir)
		want := SumOf([]byte(files["m/l3.html"]))
		for _, list := range []string{"a/first.json", "z/last.json"} {
			if line := fmt.Sprintf("m/l3.html %d %s\n", want.Size, want.SHA256); !strings.Contains(files[list], line) {
				t.Errorf("after %q the list %s lacks %q:\n%s", edit, list, line, files[list])
			}
		}
	}
	// Eight pages, then the one that changed, then none: the lists cost no rendering.
	if n := asked.Load(); n != 9 {
		t.Errorf("pages were made %d times, want 9", n)
	}
}

func TestALateEntryStandsBehindTheOthersInAZip(t *testing.T) {
	var asked atomic.Int32
	var b, again bytes.Buffer
	for _, to := range []*bytes.Buffer{&b, &again} {
		if err := WriteZip(context.Background(), lateSet(t, "", &asked), to, ZipOptions{First: []string{"m/l5.html"}}); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(b.Bytes(), again.Bytes()) {
		t.Error("the same set gives two zips")
	}
	if n := asked.Load(); n != 16 {
		t.Errorf("two zips of eight pages made %d", n)
	}
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	if n := len(z.File); n != 10 || z.File[0].Name != "m/l5.html" || z.File[8].Name != "a/first.json" || z.File[9].Name != "z/last.json" {
		t.Fatalf("%d files, the last is %s", n, z.File[n-1].Name)
	}
	f, err := z.File[8].Open()
	if err != nil {
		t.Fatal(err)
	}
	list, err := io.ReadAll(f)
	if err != nil || strings.Count(string(list), "\n") != 8 {
		t.Errorf("the list is %q, %v", list, err)
	}
	if err := WriteZip(context.Background(), lateSet(t, "", &asked), io.Discard, ZipOptions{First: []string{"a/first.json"}}); err == nil {
		t.Error("a late entry was promised the first place")
	}
}

func TestASetOfLateEntriesAloneIsPacked(t *testing.T) {
	only, err := NewSet(map[string]Entry{"list.json": {Late: func(func(string) (Sum, bool)) ([]byte, error) { return []byte("[]"), nil }}})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := WriteZip(context.Background(), only, &b, ZipOptions{}); err != nil || b.Len() == 0 {
		t.Errorf("%d bytes, %v", b.Len(), err)
	}
}
