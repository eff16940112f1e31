package folder

import (
	"io"
	"os"

	"golang.org/x/sys/unix"
)

// files is how the files of an open folder are read and made: through its
// descriptor, with as few calls of the system as that takes. Package os asks for
// each file whether it can be waited for, in five calls. Whatever goes wrong on
// the way is left to it: it knows links, signals and slow disks, and says what is
// wrong.
type files struct {
	root *os.Root
	at   descriptor
}

// slowly reads and makes files through package os alone.
func slowly(root *os.Root) files { return files{root, none} }

// filesOf takes the root over.
func filesOf(root *os.Root) files {
	folder, err := root.Open(".")
	if err != nil {
		return slowly(root)
	}
	defer folder.Close()
	at, err := descriptorOf(folder)
	if err != nil {
		return slowly(root)
	}
	return files{root, at}
}

func (f files) close() {
	f.at.close()
	f.root.Close()
}

func (f files) read(room []byte, name string) ([]byte, error) {
	if b, ok := f.at.read(room, name); ok {
		return b, nil
	}
	return f.root.ReadFile(name)
}

func (f files) create(name string) (io.WriteCloser, error) {
	fd, err := unix.Openat(int(f.at), name, unix.O_WRONLY|unix.O_CREAT|unix.O_EXCL|unix.O_CLOEXEC, 0o644)
	if err != nil {
		return createIn(f.root, name)
	}
	return fresh(fd), nil
}

// read reads a file in one call: when fewer bytes come than there is room for,
// they are all.
func (d descriptor) read(room []byte, name string) (b []byte, ok bool) {
	fd, err := unix.Openat(int(d), name, unix.O_RDONLY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, false
	}
	defer unix.Close(fd)
	var s unix.Stat_t
	if unix.Fstat(fd, &s) != nil || s.Mode&unix.S_IFMT != unix.S_IFREG {
		return nil, false
	}
	b = room[:cap(room)]
	if int64(len(b)) <= s.Size {
		b = make([]byte, s.Size+1)
	}
	n, err := unix.Read(fd, b)
	if err != nil || int64(n) != s.Size {
		return nil, false
	}
	return b[:n], true
}

// fresh is a file that is being written.
type fresh int

// Write writes all, or says why not.
func (f fresh) Write(b []byte) (n int, err error) {
	for n < len(b) {
		more, err := unix.Write(int(f), b[n:])
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return n, os.NewSyscallError("write", err)
		}
		n += more
	}
	return n, nil
}

func (f fresh) Close() error { return os.NewSyscallError("close", unix.Close(int(f))) }
