package output

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// Exchange swaps two names at once, on APFS; HFS+ answers ENOTSUP.
func (d osDisk) Exchange(a, b string) error {
	d.folders.Forget(a, b)
	f, err := d.root.Open(".")
	if err != nil {
		return err
	}
	defer f.Close()
	err = unix.RenameatxNp(int(f.Fd()), a, int(f.Fd()), b, unix.RENAME_SWAP)
	if err == unix.ENOTSUP || err == unix.EINVAL {
		return errors.ErrUnsupported
	}
	return os.NewSyscallError("renameatx_np", err)
}

// Flush: macOS has no syncfs; the folder's own entry is what the swap needs.
func (d osDisk) Flush(name string) error { return syncFolder(d, name) }

func syncFolder(d osDisk, name string) error {
	f, err := d.root.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}
