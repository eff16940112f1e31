package output

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"sopan.dev/sopan/internal/folder"
)

// disk is all that writing a folder asks of the operating system. Names are
// relative to the folder that holds the target. The real one is osDisk; the
// tests' one fails at the n-th call.
type disk interface {
	Lstat(name string) (fs.FileInfo, error)
	List(name string, what folder.What, about int) (listing, error) // of all that stands below, about so many files
	ReadFile(room []byte, name string) ([]byte, error)              // into room where it has enough of it
	Open(name string) (io.ReadCloser, error)
	Mkdir(name string, perm fs.FileMode) error
	Chmod(name string, perm fs.FileMode) error
	Create(name string) (io.WriteCloser, error) // fails when the file exists
	Chtimes(name string, mtime time.Time) error
	Link(from, to string) error
	LinkAll(from, to string, names []string) (linked int, err error) // files of one folder, into another
	Rename(from, to string) error
	Exchange(a, b string) error // errors.ErrUnsupported where there is no such call
	RemoveAll(name string) error
	Park(name, at string) error                         // moves a folder out to an absolute path, in the place of what stands there
	Unpark(at, name string) error                       // the way back
	Sync(name string) error                             // what was written into this file is
	Flush(name string) error                            // all that was written below name is on the platter
	Lock(name string) (unlock func(), pid int, e error) // errLocked and the holder's pid
	Close() error
}

// osDisk keeps every step below one os.Root, so that a link swapped in while a
// build runs leads nowhere else.
type osDisk struct {
	root    *os.Root
	folders *folder.Kept
}

func openDisk(dir string) (disk, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	return osDisk{root, folder.Keep(root)}, nil
}

func (d osDisk) Mkdir(name string, perm fs.FileMode) error  { return d.root.Mkdir(name, perm) }
func (d osDisk) Chmod(name string, perm fs.FileMode) error  { return d.root.Chmod(name, perm) }
func (d osDisk) Link(from, to string) error                 { return d.root.Link(from, to) }
func (d osDisk) Create(name string) (io.WriteCloser, error) { return d.folders.Create(name) }

func (d osDisk) ReadFile(room []byte, name string) ([]byte, error) {
	return d.folders.ReadFileIn(room, name)
}

func (d osDisk) Close() error {
	d.folders.ForgetAll()
	return d.root.Close()
}

func (d osDisk) Lstat(name string) (info fs.FileInfo, err error) {
	err = d.folders.In(name, func(folder *os.Root, base string) error {
		info, err = folder.Lstat(base)
		return err
	})
	return info, err
}

func (d osDisk) Open(name string) (io.ReadCloser, error) { return d.root.Open(name) }

func (d osDisk) Chtimes(name string, mtime time.Time) error {
	return d.root.Chtimes(name, time.Time{}, mtime)
}

// Rename and RemoveAll are the two calls that Windows refuses while a virus
// scanner, an indexer or a browser holds a file open, mostly for well under a
// second.
func (d osDisk) Rename(from, to string) error {
	d.folders.Forget(from, to)
	return whileHeld(func() error { return d.root.Rename(from, to) })
}

func (d osDisk) RemoveAll(name string) error {
	d.folders.Forget(name)
	return whileHeld(func() error { return d.root.RemoveAll(name) })
}

func (d osDisk) Sync(name string) error {
	f, err := d.root.OpenFile(name, os.O_RDWR, 0) // Windows flushes no file that is open for reading
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}

// Park and Unpark fail where the two are on different disks.
func (d osDisk) Park(name, at string) error {
	d.folders.Forget(name)
	if err := os.RemoveAll(at); err != nil {
		return err
	}
	return os.Rename(filepath.Join(d.root.Name(), name), at)
}

func (d osDisk) Unpark(at, name string) error {
	d.folders.Forget(name)
	return os.Rename(at, filepath.Join(d.root.Name(), name))
}

// whileHeld tries again for about two seconds while another process holds a
// file open (heldOpen is never true but on Windows).
func whileHeld(do func() error) error { return retried(do, heldOpen, time.Sleep) }

func retried(do func() error, held func(error) bool, sleep func(time.Duration)) error {
	wait := 10 * time.Millisecond
	for {
		err := do()
		if err == nil || !held(err) || wait > time.Second {
			return err
		}
		sleep(wait)
		wait *= 2
	}
}
