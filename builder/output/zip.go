package output

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"path"
	"runtime"
	"slices"
	"strings"
)

// ZipOptions of WriteZip.
type ZipOptions struct {
	// First are the paths that stand first, in this order and uncompressed: the
	// `mimetype` of an EPUB. None of them is late.
	First []string
}

// WriteZip writes a set as a zip that is the same bytes on every machine: files
// by path, late entries behind the others, all of 1 January 1980, with sizes in front (no data descriptors) and
// no extra fields. Pages are made and compressed in parallel, a few ahead of
// the writer.
func WriteZip(ctx context.Context, set *Set, w io.Writer, o ZipOptions) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	order, err := zipOrder(set, o.First)
	if err != nil {
		return err
	}
	queue := make(chan chan packed, runtime.GOMAXPROCS(0))
	sums := make(map[string]Sum, len(order)) // of the early entries, whole before the first late one is asked for
	early := make(chan struct{})
	left := 0
	for _, name := range order {
		if entry, _ := set.Entry(name); entry.Late == nil {
			left++
		}
	}
	if left == 0 {
		close(early)
	}
	go func() {
		defer close(queue)
		for i, name := range order {
			if entry, _ := set.Entry(name); entry.Late != nil {
				select {
				case <-early:
				case <-ctx.Done():
					return
				}
			}
			slot := make(chan packed, 1)
			select {
			case queue <- slot:
			case <-ctx.Done():
				return
			}
			go func() { slot <- pack(set, name, i < len(o.First), sums) }()
		}
	}()
	z := zip.NewWriter(w)
	for slot := range queue {
		p := <-slot
		if p.err != nil {
			return p.err
		}
		if left > 0 { // these come first
			sums[p.header.Name] = p.sum
			if left--; left == 0 {
				close(early)
			}
		}
		entry, err := z.CreateRaw(p.header)
		if err == nil {
			_, err = entry.Write(p.data)
		}
		if err != nil {
			return failed("writing "+p.header.Name+" into the zip", err)
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return failed("writing the zip", z.Close())
}

func zipOrder(set *Set, first []string) ([]string, error) {
	for _, name := range first {
		if e, ok := set.Entry(name); !ok || e.Late != nil {
			return nil, &notFound{name}
		}
	}
	order := slices.Clone(first)
	for _, turn := range set.turns() {
		for _, i := range turn {
			if name := set.paths[i]; !slices.Contains(first, name) {
				order = append(order, name)
			}
		}
	}
	return order, nil
}

type packed struct {
	header *zip.FileHeader
	data   []byte
	sum    Sum
	err    error
}

// dosNewYear is 1 January 1980, the first day that a zip knows. The header's
// Modified stays zero, because it would add an extra field.
const dosNewYear = 1<<5 | 1

func pack(set *Set, name string, stored bool, sums map[string]Sum) packed {
	entry, _ := set.Entry(name)
	if entry.Late != nil {
		entry.Render = func() ([]byte, error) {
			return entry.Late(func(path string) (Sum, bool) { s, ok := sums[path]; return s, ok })
		}
	}
	content, err := entry.Content()
	if err != nil {
		return packed{err: fmt.Errorf("rendering %s: %w", name, err)}
	}
	h := &zip.FileHeader{Name: name, Method: zip.Store, ModifiedDate: dosNewYear, ReaderVersion: 20}
	h.SetMode(0o644)
	if strings.ContainsFunc(name, func(r rune) bool { return r > 0x7e }) {
		h.Flags |= 0x800 // the name is UTF-8
	}
	h.CRC32 = crc32.ChecksumIEEE(content)
	h.UncompressedSize64 = uint64(len(content))
	data := content
	if !stored && !compressed(name) {
		var b bytes.Buffer
		z, err := flate.NewWriter(&b, flate.BestCompression)
		if err != nil {
			panic(err) // the level is a constant
		}
		z.Write(content) // a bytes.Buffer takes all
		z.Close()
		if b.Len() < len(content) {
			h.Method, data = zip.Deflate, b.Bytes()
		}
	}
	h.CompressedSize64 = uint64(len(data))
	p := packed{header: h, data: data}
	if entry.Late == nil {
		p.sum = SumOf(content)
	}
	return p
}

// compressed tells by name what does not get smaller.
func compressed(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".mp4", ".webm", ".mp3", ".m4a", ".ogg", ".woff2", ".woff", ".zip", ".gz", ".br":
		return true
	}
	return false
}

// WriteZipFile writes a set as a zip file, whole or not at all: an error, a
// cancelled context or a kill leaves file as it was. What is no zip is not
// overwritten.
func WriteZipFile(ctx context.Context, set *Set, file string, o ZipOptions) error {
	target, err := locate(file)
	if err != nil {
		return err
	}
	if err := makeParents(target.parent); err != nil {
		return err
	}
	d, err := openDisk(target.parent)
	if err != nil {
		return failed("opening "+target.parent, err)
	}
	defer d.Close()
	return writeZipFile(ctx, d, set, target.name, file, o)
}

func writeZipFile(ctx context.Context, d disk, set *Set, name, shown string, o ZipOptions) (err error) {
	unlock, err := waitForLock(ctx, d, name, shown, 0)
	if err != nil {
		return err
	}
	defer unlock()
	if err := judgeZip(d, name, shown); err != nil {
		return err
	}
	fresh := "." + name + ".sopan-new"
	if err := d.RemoveAll(fresh); err != nil {
		return failed("clearing the interrupted package "+shown, err)
	}
	f, err := d.Create(fresh)
	if err != nil {
		return failed("making a file beside "+shown, err)
	}
	err = WriteZip(ctx, set, whole{f}, o)
	if closing := f.Close(); err == nil {
		err = failed("writing "+shown, closing)
	}
	if err == nil {
		err = failed("flushing "+shown, d.Flush("."))
	}
	if err == nil {
		err = failed("putting "+shown+" in its place", d.Rename(fresh, name))
	}
	if err != nil && d.RemoveAll(fresh) != nil {
		d.RemoveAll(fresh)
	}
	return err
}

// whole makes a write that took less than all an error.
type whole struct{ io.Writer }

func (w whole) Write(b []byte) (int, error) {
	n, err := w.Writer.Write(b)
	if err == nil && n < len(b) {
		err = io.ErrShortWrite
	}
	return n, err
}

// judgeZip refuses to write over what is no zip.
func judgeZip(d disk, name, shown string) error {
	info, err := d.Lstat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return failed("looking at "+shown, err)
	}
	refuse := func(reason Reason, what string) error {
		return &Refusal{Dir: shown, Reason: reason, Message: shown + " is " + what + ".", Hint: "Nothing was changed. Name a new file with --out."}
	}
	switch {
	case info.Mode()&fs.ModeSymlink != 0:
		return refuse(IsALink, "a symbolic link")
	case !info.Mode().IsRegular():
		return refuse(NotAFolder, "not a file")
	case info.Size() == 0:
		return nil
	}
	head := make([]byte, 2)
	f, err := d.Open(name)
	if err != nil {
		return failed("looking at "+shown, err)
	}
	defer f.Close()
	if _, err := io.ReadFull(f, head); err != nil || string(head) != "PK" {
		return refuse(Foreign, "a file that is no zip")
	}
	return nil
}
