package folder

import (
	"bytes"
	"encoding/binary"
	"io/fs"
	"os"
	"slices"

	"golang.org/x/sys/unix"

	"sopan.dev/sopan/internal/stamp"
)

// open: a folder of the disk is listed through its descriptor. Package os takes
// twice as long: from an os.Root it walks to each folder from the top, and makes
// three objects of each file.
func (w *walk) open(top string) (handle, error) {
	f, err := w.fsys.Open(top)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	file, ok := f.(*os.File)
	if !ok {
		return pathHandle{w.fsys, top}, nil
	}
	return descriptorOf(file)
}

// descriptor is an open folder.
type descriptor int

// descriptorOf opens an open folder once more.
func descriptorOf(folder *os.File) (own descriptor, err error) {
	raw, err := folder.SyscallConn()
	if err != nil {
		return none, err
	}
	if failed := raw.Control(func(fd uintptr) { own, err = openAt(int(fd), ".") }); failed != nil {
		return none, failed
	}
	return own, err
}

// none is no folder: what is asked of it fails.
const none descriptor = -1

// openAt opens a folder in a folder; a link is none.
func openAt(at int, name string) (descriptor, error) {
	for {
		fd, err := unix.Openat(at, name, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
		switch err {
		case nil:
			return descriptor(fd), nil
		case unix.EINTR:
			continue
		}
		return none, &fs.PathError{Op: "open", Path: name, Err: err}
	}
}

func (d descriptor) close()                            { unix.Close(int(d)) }
func (d descriptor) below(name string) (handle, error) { return openAt(int(d), name) }

func (d descriptor) list(what What, r *room) error {
	var own unix.Stat_t
	if err := unix.Fstat(int(d), &own); err != nil {
		return os.NewSyscallError("fstat", err)
	}
	for {
		n, err := unix.Getdents(int(d), r.names[:])
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			r.entries = r.entries[:0] // a part is no list
			return os.NewSyscallError("getdents", err)
		}
		if n <= 0 {
			return nil
		}
		r.entries = slices.Grow(r.entries, n/usualEntry)
		for rest := r.names[:n]; len(rest) > nameAt; {
			size := int(binary.NativeEndian.Uint16(rest[16:]))
			if e, ok := d.entry(rest[:size], what); ok {
				if e.Device == 0 {
					e.Device = uint64(own.Dev)
				}
				r.entries = append(r.entries, e)
			}
			rest = rest[size:]
		}
	}
}

// usualEntry is the size of an entry with a name of 20 letters.
const usualEntry = 40

// nameAt is where the name stands in a struct linux_dirent64, behind the inode
// (8 bytes), a place (8), the entry's size (2) and its type (1).
const nameAt = 19

func (d descriptor) entry(b []byte, what What) (Entry, bool) {
	name, _, _ := bytes.Cut(b[nameAt:], []byte{0})
	e := Entry{Name: string(name), Inode: binary.NativeEndian.Uint64(b)}
	if e.Name == "." || e.Name == ".." {
		return Entry{}, false
	}
	known := true
	switch b[18] {
	case unix.DT_REG:
	case unix.DT_DIR:
		e.Type = fs.ModeDir
	case unix.DT_LNK:
		e.Type = fs.ModeSymlink
	case unix.DT_UNKNOWN: // some file systems do not say
		known = false
	default:
		e.Type = fs.ModeIrregular
	}
	if known && (what != Stamps || e.Type != 0) {
		return e, true
	}
	var s unix.Stat_t
	for {
		err := unix.Fstatat(int(d), e.Name, &s, unix.AT_SYMLINK_NOFOLLOW)
		if err == unix.EINTR {
			continue
		}
		if err == unix.ENOENT {
			return Entry{}, false // gone since
		}
		if err != nil {
			e.Err = &fs.PathError{Op: "lstat", Path: e.Name, Err: err}
			return e, true
		}
		break
	}
	e.Inode, e.Device = s.Ino, uint64(s.Dev)
	switch s.Mode & unix.S_IFMT {
	case unix.S_IFREG:
		e.Type, e.Size = 0, s.Size
		e.Stamp = stamp.Stamp{Size: s.Size, Modified: s.Mtim.Nano(), Changed: s.Ctim.Nano(), Inode: s.Ino, Device: e.Device}
	case unix.S_IFDIR:
		e.Type = fs.ModeDir
	case unix.S_IFLNK:
		e.Type = fs.ModeSymlink
	default:
		e.Type = fs.ModeIrregular
	}
	return e, true
}
