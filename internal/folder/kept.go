package folder

import (
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"sync"
)

// Kept keeps those folders below a root open that were worked in last. An
// os.Root walks to a file from its top, two calls of the system for each
// folder on the way; in an open folder a file is one step away.
//
// An open folder stays what it is under whatever name: who moves or removes one
// calls Forget first, as does who wants to see what others have moved.
type Kept struct {
	root files
	mu   sync.RWMutex
	open map[string]files // by path, with "/" behind it
}

// Keep keeps folders below a root, which stays the caller's to close.
func Keep(root *os.Root) *Kept { return &Kept{root: slowly(root), open: map[string]files{}} }

// mostOpen bounds the folders that are open at once, well below what a process
// may open.
const mostOpen = 64

// In calls do with the folder that holds a file, and the file's name in it.
// Where that folder cannot be opened do gets the root, to find out why.
func (k *Kept) In(name string, do func(folder *os.Root, base string) error) error {
	return k.in(name, func(folder files, base string) error { return do(folder.root, base) })
}

// ReadFile reads a file.
func (k *Kept) ReadFile(name string) ([]byte, error) { return k.ReadFileIn(nil, name) }

// ReadFileIn reads a file into room, whatever stands there, where it has enough of it.
func (k *Kept) ReadFileIn(room []byte, name string) (b []byte, err error) {
	err = k.in(name, func(folder files, base string) error {
		b, err = folder.read(room, base)
		return err
	})
	return b, err
}

// Create makes a file, which must not exist.
func (k *Kept) Create(name string) (w io.WriteCloser, err error) {
	err = k.in(name, func(folder files, base string) error {
		w, err = folder.create(base)
		return err
	})
	return w, err
}

func (k *Kept) in(name string, do func(folder files, base string) error) error {
	dir, base := path.Split(name)
	if dir == "" || base == "" {
		return do(k.root, name)
	}
	k.mu.RLock()
	if folder, open := k.open[dir]; open {
		defer k.mu.RUnlock()
		return do(folder, base)
	}
	k.mu.RUnlock()
	k.mu.Lock()
	defer k.mu.Unlock()
	folder, open := k.open[dir]
	if !open {
		root, err := k.root.root.OpenRoot(dir)
		if err != nil {
			return do(k.root, name)
		}
		if len(k.open) >= mostOpen {
			k.close("")
		}
		folder = filesOf(root)
		k.open[dir] = folder
	}
	return do(folder, base)
}

func createIn(folder *os.Root, name string) (io.WriteCloser, error) {
	return folder.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
}

// Forget closes these folders and all below them.
func (k *Kept) Forget(names ...string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, name := range names {
		k.close(name + "/")
	}
}

// ForgetAll closes all folders.
func (k *Kept) ForgetAll() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.close("")
}

func (k *Kept) close(prefix string) {
	for dir, folder := range k.open {
		if strings.HasPrefix(dir, prefix) {
			folder.close()
			delete(k.open, dir)
		}
	}
}

// FS gives the files below the root. Each that is read whole is read from its
// folder, which stays open.
func (k *Kept) FS() fs.FS { return keptFS{k.root.root.FS().(rootFS), k} }

// rootFS is what the file system of an os.Root can do.
type rootFS interface {
	fs.ReadDirFS
	fs.ReadFileFS
	fs.ReadLinkFS
	fs.StatFS
}

type keptFS struct {
	rootFS
	kept *Kept
}

func (f keptFS) ReadFile(name string) ([]byte, error) { return f.ReadFileIn(nil, name) }

// ReadFileIn reads a file into room, whatever stands there, where it has enough
// of it.
func (f keptFS) ReadFileIn(room []byte, name string) ([]byte, error) {
	if fs.ValidPath(name) {
		if b, err := f.kept.ReadFileIn(room, name); err == nil {
			return b, nil
		}
	}
	return f.rootFS.ReadFile(name) // says what is wrong by the whole name, and follows a link that leads out of the folder
}
