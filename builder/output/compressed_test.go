package output

import (
	"bytes"
	"compress/gzip"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
)

// A web server sends the twin in the place of the file: what comes out of it must be the file.
func TestATwinHoldsItsFile(t *testing.T) {
	page := []byte("<!doctype html>" + strings.Repeat("<p>सोपान, a flight of steps</p>\n", 200))
	set, err := NewSet(map[string]Entry{
		"a/page.html":  {Render: func() ([]byte, error) { return page, nil }, Key: "k", Near: "content/a/page.md"},
		"assets/x.css": {Bytes: page},
		"list.json": {
			Render: func() ([]byte, error) { return page, nil },
			Late:   func(func(string) (Sum, bool)) ([]byte, error) { return page, nil },
		},
		"photo.jpg":   {Bytes: page},
		"robots.txt":  {Bytes: []byte("short")},
		"own.html":    {Bytes: page},
		"own.html.gz": {Bytes: []byte("an author's own")},
	})
	if err != nil {
		t.Fatal(err)
	}
	twins, err := Compressed(set)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"a/page.html", "a/page.html.br", "a/page.html.gz", "assets/x.css", "assets/x.css.br", "assets/x.css.gz",
		"list.json", "list.json.br", "list.json.gz", "own.html", "own.html.br", "own.html.gz", "photo.jpg", "robots.txt",
	}
	if got := twins.Paths(); !slices.Equal(got, want) {
		t.Fatalf("paths %v, want %v", got, want)
	}
	for _, name := range want {
		b, err := twins.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		entry, _ := twins.Entry(name)
		var r io.Reader
		switch {
		case name == "own.html.gz":
			continue
		case strings.HasSuffix(name, ".gz"):
			if r, err = gzip.NewReader(bytes.NewReader(b)); err != nil {
				t.Fatal(err)
			}
		case strings.HasSuffix(name, ".br"):
			r = brotli.NewReader(bytes.NewReader(b))
		default:
			continue
		}
		if out, err := io.ReadAll(r); err != nil || !bytes.Equal(out, page) {
			t.Errorf("%s holds %d bytes, want %d: %v", name, len(out), len(page), err)
		}
		if len(b) > len(page)/5 {
			t.Errorf("%s has %d bytes of %d", name, len(b), len(page))
		}
		original, _ := twins.Entry(strings.TrimSuffix(strings.TrimSuffix(name, ".gz"), ".br"))
		if (entry.Key == "") != (original.Key == "") || entry.Key == original.Key && entry.Key != "" {
			t.Errorf("%s has the key %q, its file %q", name, entry.Key, original.Key)
		}
		if entry.Near != original.Near {
			t.Errorf("%s is made near %q, its file near %q", name, entry.Near, original.Near)
		}
		if (entry.Late == nil) != (original.Late == nil) {
			t.Errorf("%s is made early where its file is late, or the other way round", name)
		}
	}
}
