package export

import (
	"archive/zip"
	"compress/flate"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"sopan.dev/sopan/builder/output"
)

// HostileError says why a zip is not read: unpacking it could do harm.
type HostileError struct{ Name, Reason string }

func (e *HostileError) Error() string {
	if e.Name == "" {
		return e.Reason
	}
	return fmt.Sprintf("%q: %s", e.Name, e.Reason)
}

// Limits of a zip that is read. A package of text is a tenth of its size at
// the smallest; what unpacks to far more than that is made to fill a disk.
// Deflate itself reaches 1,032 to one.
const (
	mostFiles    = 100_000
	mostRatio    = 200
	mostUnpacked = 4 << 30
	freeOfRatio  = 16 << 20 // in all: nobody is harmed by so much
)

// judgeZip looks at what a zip says of its files, before any is opened.
func judgeZip(z *zip.Reader, size int64) error {
	if len(z.File) > mostFiles {
		return &HostileError{Reason: fmt.Sprintf("It holds %d files; at most %d are read.", len(z.File), mostFiles)}
	}
	fold := cases.Fold()
	seen := map[string]string{}
	total := uint64(0)
	for _, f := range z.File {
		// The name as it stands there: archive/zip does not clean it.
		name := f.Name
		if f.Mode().IsDir() {
			name = strings.TrimSuffix(name, "/")
		}
		if bad := output.CheckPath(name); bad != nil && name != output.Marker {
			return &HostileError{f.Name, bad.Reason}
		}
		switch mode := f.Mode(); {
		case mode&fs.ModeSymlink != 0:
			return &HostileError{f.Name, "It is a link."}
		case !mode.IsDir() && !mode.IsRegular():
			return &HostileError{f.Name, "It is not a file."}
		case f.Flags&1 != 0:
			return &HostileError{f.Name, "It is encrypted."}
		case f.Method != zip.Store && f.Method != zip.Deflate:
			return &HostileError{f.Name, "It is packed in an unknown way."}
		}
		key := fold.String(norm.NFC.String(name))
		if other, twice := seen[key]; twice {
			return &HostileError{f.Name, "It is the same file as " + other + " on a disk that ignores case."}
		}
		seen[key] = f.Name
		total += f.UncompressedSize64
		if f.UncompressedSize64 > mostUnpacked || total > mostUnpacked {
			return &HostileError{Reason: "It unpacks to more than 4 GB."}
		}
	}
	// Against the zip as a whole: files may share the same packed bytes.
	if total > freeOfRatio && total/mostRatio > uint64(size) {
		return &HostileError{Reason: fmt.Sprintf("It unpacks to %d times its size.", total/uint64(max(size, 1)))}
	}
	return nil
}

// corrupt tells whether packed bytes cannot be unpacked.
func corrupt(err error) bool {
	var c flate.CorruptInputError
	return errors.As(err, &c)
}
