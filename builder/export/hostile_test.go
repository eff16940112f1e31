package export

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"hash/crc32"
	"io"
	"io/fs"
	"strings"
	"testing"
)

// entry is one file of a zip that a test makes.
type entry struct {
	name   string
	mode   fs.FileMode
	flags  uint16
	size   uint64 // said; 0 for the true one
	method uint16
}

// hostileZip makes a zip of entries as they are said; its reader counts what
// is read of it.
func hostileZip(t *testing.T, entries []entry) (*counting, int64) {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, e := range entries {
		var packed bytes.Buffer
		z, _ := flate.NewWriter(&packed, 9)
		content := []byte("content")
		z.Write(content)
		z.Close()
		h := &zip.FileHeader{Name: e.name, Method: zip.Deflate, Flags: e.flags, CRC32: crc32.ChecksumIEEE(content), UncompressedSize64: uint64(len(content)), CompressedSize64: uint64(packed.Len())}
		if e.method != 0 {
			h.Method = e.method
		}
		h.SetMode(e.mode | 0o644)
		if e.size > 0 {
			h.UncompressedSize64 = e.size
		}
		f, err := w.CreateRaw(h)
		if err != nil {
			t.Fatal(err)
		}
		f.Write(packed.Bytes())
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	// Where the first file's bytes are: the directory stands behind them all.
	at := int64(bytes.Index(b.Bytes(), []byte("PK\x01\x02")))
	return &counting{ReaderAt: bytes.NewReader(b.Bytes()), directory: at}, int64(b.Len())
}

// counting notes whether anything before the directory was asked for. The
// search for the end of a zip reads its last 64 KB at most, which may reach
// there: that is told apart by its size.
type counting struct {
	io.ReaderAt
	directory int64
	files     int
}

func (c *counting) ReadAt(b []byte, at int64) (int, error) {
	if at < c.directory && at+int64(len(b)) <= c.directory {
		c.files++
	}
	return c.ReaderAt.ReadAt(b, at)
}

func TestFault71AHostileZipIsRefusedBeforeAnyFileIsRead(t *testing.T) {
	list := entry{name: ManifestName}
	for name, c := range map[string]struct {
		entries []entry
		reason  string
	}{
		"a way out":              {[]entry{list, {name: "../evil.html"}}, "leaves the site"},
		"a way out in the midst": {[]entry{list, {name: "a/../../evil.html"}}, "leaves the site"},
		"absolute":               {[]entry{list, {name: "/etc/passwd"}}, "absolute"},
		"a drive":                {[]entry{list, {name: "C:/evil.html"}}, "Windows does not allow"},
		"a backslash":            {[]entry{list, {name: `a\evil.html`}}, "backslash"},
		"a way out on Windows":   {[]entry{list, {name: `..\evil.html`}}, "backslash"},
		"a device":               {[]entry{list, {name: "con.html"}}, "device"},
		"a control character":    {[]entry{list, {name: "a\x00.html"}}, "control character"},
		"no UTF-8":               {[]entry{list, {name: "a\xff.html"}}, "UTF-8"},
		"a link":                 {[]entry{list, {name: "a.html", mode: fs.ModeSymlink}}, "link"},
		"a pipe":                 {[]entry{list, {name: "a.html", mode: fs.ModeNamedPipe}}, "not a file"},
		"the same name twice":    {[]entry{list, {name: "a.html"}, {name: "a.html"}}, "same file"},
		"names of one case":      {[]entry{list, {name: "a.html"}, {name: "A.HTML"}}, "same file"},
		"names of one spelling":  {[]entry{list, {name: "\u0958.html"}, {name: "\u0915\u093c.html"}}, "same file"},
		"encrypted":              {[]entry{list, {name: "a.html", flags: 1}}, "encrypted"},
		"another packing":        {[]entry{list, {name: "a.html", method: 12}}, "unknown way"},
		"a bomb":                 {[]entry{list, {name: "a.html", size: 3 << 30}}, "times its size"},
		"a larger bomb":          {[]entry{list, {name: "a.html", size: 1 << 50}}, "more than 4 GB"},
		"a folder's way out":     {[]entry{list, {name: "../evil/", mode: fs.ModeDir}}, "leaves the site"},
	} {
		r, size := hostileZip(t, c.entries)
		_, err := VerifyZip(t.Context(), r, size)
		var hostile *HostileError
		if !errors.As(err, &hostile) {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if !strings.Contains(hostile.Error(), c.reason) {
			t.Errorf("%s: refused because %q, want %q", name, hostile, c.reason)
		}
		if r.files > 0 {
			t.Errorf("%s: files were read before it was refused", name)
		}
	}
	// The same without anything wrong is read.
	r, size := hostileZip(t, []entry{list, {name: "a.html"}})
	if _, err := VerifyZip(t.Context(), r, size); err == nil || r.files == 0 {
		t.Errorf("a zip without harm: %v, %d reads", err, r.files)
	}
}

// TestFault71AFileThatIsLargerThanItSaysIsNotReadToItsEnd: sizes in a zip are
// what its maker wrote there.
func TestFault71AFileThatIsLargerThanItSaysIsNotReadToItsEnd(t *testing.T) {
	r := strings.NewReader(strings.Repeat("x", 1000))
	same, err := sameAs(func() (io.ReadCloser, error) { return io.NopCloser(r), nil }, Manifested{"a", 10, "0"})
	if err != nil || same {
		t.Errorf("it is taken for what it should be: %v %v", same, err)
	}
	if read := 1000 - r.Len(); read > 11 {
		t.Errorf("%d bytes were read of a file that should have 10", read)
	}
}
