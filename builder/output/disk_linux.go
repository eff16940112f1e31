package output

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// Exchange swaps two names at once: at no moment is there no site. File
// systems without the flag (some network and FUSE mounts) answer EINVAL.
func (d osDisk) Exchange(a, b string) error {
	d.folders.Forget(a, b)
	return d.in(func(fd int) error {
		err := unix.Renameat2(fd, a, fd, b, unix.RENAME_EXCHANGE)
		if err == unix.EINVAL || err == unix.ENOSYS || err == unix.ENOTSUP {
			return errors.ErrUnsupported
		}
		return err
	})
}

// Flush is one syncfs instead of an fsync for each of some thousand pages: it
// costs about as much as two of them.
func (d osDisk) Flush(name string) error {
	return d.in(unix.Syncfs)
}

func (d osDisk) in(do func(fd int) error) error { return d.inside(".", do) }

// inside calls do with the descriptor of a folder.
func (d osDisk) inside(name string, do func(fd int) error) error {
	f, err := d.root.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	raw, err := f.SyscallConn()
	if err != nil {
		return err
	}
	var result error
	if err := raw.Control(func(fd uintptr) { result = do(int(fd)) }); err != nil {
		return err
	}
	if result != nil && result != errors.ErrUnsupported {
		return os.NewSyscallError("output", result)
	}
	return result
}
