package export

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"sopan.dev/sopan/builder/output"
	"sopan.dev/sopan/internal/parallel"
)

// What can be wrong with a file of a package or a hosted folder.
const (
	Differs = "differs"
	Missing = "missing"
	Extra   = "extra" // nobody listed it
)

// Finding is a file that is not as it was made.
type Finding struct{ Path, What string }

// Verified is what a comparison came to.
type Verified struct {
	Files    int       // that the list names
	Findings []Finding // by path
}

// ErrNoList says that there is nothing to compare with.
var ErrNoList = errors.New("it holds no list of its files")

// NestedError says that the files stand in a folder of what was given.
type NestedError struct{ Folder string }

func (e *NestedError) Error() string {
	return fmt.Sprintf("%v; that stands in the folder %s in it", ErrNoList, e.Folder)
}

// VerifyZip compares a package with the list in it. Every name and size is
// judged before any file is read: what could harm who unpacks it is a
// *HostileError.
func VerifyZip(ctx context.Context, r io.ReaderAt, size int64) (Verified, error) {
	z, err := zip.NewReader(r, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) { // judgeZip says which name it is
		return Verified{}, fmt.Errorf("reading the zip: %w", err)
	}
	if err := judgeZip(z, size); err != nil {
		return Verified{}, err
	}
	there := map[string]func() (io.ReadCloser, error){}
	for _, f := range z.File {
		if !f.FileInfo().IsDir() {
			there[f.Name] = f.Open
		}
	}
	return verify(ctx, there)
}

// VerifyDir compares a hosted site with the list that the build left in it, or
// an unpacked package with its own.
func VerifyDir(ctx context.Context, dir fs.FS) (Verified, error) {
	there := map[string]func() (io.ReadCloser, error){}
	err := fs.WalkDir(dir, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir():
			return ctx.Err()
		case !d.Type().IsRegular(): // a link is no copy, wherever it leads
			there[name] = func() (io.ReadCloser, error) { return nil, errNoFile }
		default:
			there[name] = func() (io.ReadCloser, error) { return dir.Open(name) }
		}
		return nil
	})
	if err != nil {
		return Verified{}, fmt.Errorf("reading the folder: %w", err)
	}
	return verify(ctx, there)
}

var errNoFile = errors.New("it is no file")

// verify compares files with the list among them.
func verify(ctx context.Context, there map[string]func() (io.ReadCloser, error)) (Verified, error) {
	listed, name, err := readList(there)
	if err != nil {
		return Verified{}, err
	}
	v := Verified{Files: len(listed)}
	findings := make([]string, len(listed))
	err = parallel.Each(ctx, len(listed), func(i int) error {
		f := listed[i]
		open := there[f.Path]
		if open == nil {
			findings[i] = Missing
			return nil
		}
		same, err := sameAs(open, f)
		if err != nil {
			return fmt.Errorf("reading %s: %w", f.Path, err)
		}
		if !same {
			findings[i] = Differs
		}
		return nil
	})
	if err != nil {
		return Verified{}, err
	}
	known := map[string]bool{name: true}
	for i, what := range findings {
		known[listed[i].Path] = true
		if what != "" {
			v.Findings = append(v.Findings, Finding{listed[i].Path, what})
		}
	}
	for name := range there {
		if !known[name] && !output.Littered(name) {
			v.Findings = append(v.Findings, Finding{name, Extra})
		}
	}
	slices.SortFunc(v.Findings, func(a, b Finding) int { return strings.Compare(a.Path, b.Path) })
	return v, nil
}

// sameAs reads no more of a file than the list says it has, and one byte.
func sameAs(open func() (io.ReadCloser, error), f Manifested) (bool, error) {
	r, err := open()
	if errors.Is(err, errNoFile) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer r.Close()
	h := sha256.New()
	n, err := io.Copy(h, io.LimitReader(r, f.Size+1))
	if errors.Is(err, zip.ErrChecksum) || errors.Is(err, zip.ErrFormat) || errors.Is(err, io.ErrUnexpectedEOF) || corrupt(err) {
		return false, nil // damaged within the zip
	}
	return err == nil && n == f.Size && hex.EncodeToString(h.Sum(nil)) == f.Hash, err
}

// mostList is the size of a list of files that is still read: a hundred
// thousand of them.
const mostList = 32 << 20

// readList reads the list of a site, or that of a package.
func readList(there map[string]func() (io.ReadCloser, error)) ([]Manifested, string, error) {
	read := func(name string) ([]byte, error) {
		r, err := there[name]()
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", name, err)
		}
		defer r.Close()
		b, err := io.ReadAll(io.LimitReader(r, mostList))
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", name, err)
		}
		return b, nil
	}
	if there[output.Marker] != nil {
		b, err := read(output.Marker)
		if err != nil {
			return nil, "", err
		}
		files, err := output.ReadMarker(b)
		if err != nil {
			return nil, "", err
		}
		var listed []Manifested
		for name, sum := range files {
			listed = append(listed, Manifested{name, sum.Size, sum.SHA256})
		}
		slices.SortFunc(listed, func(a, b Manifested) int { return strings.Compare(a.Path, b.Path) })
		return listed, output.Marker, nil
	}
	if there[ManifestName] == nil {
		folder := ""
		for name := range there {
			in, file := path.Split(name)
			if (file == ManifestName || file == output.Marker) && (folder == "" || in < folder) {
				folder = in
			}
		}
		if folder != "" {
			return nil, "", &NestedError{folder}
		}
		return nil, "", ErrNoList
	}
	b, err := read(ManifestName)
	if err != nil {
		return nil, "", err
	}
	m, err := ReadManifest(b)
	return m.Files, ManifestName, err
}
