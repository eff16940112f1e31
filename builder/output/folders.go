package output

import (
	"os"
	"path"
	"strings"
	"sync"
)

// folders keeps those folders below a root open that were worked in last. An
// os.Root walks to a file from its top, two calls of the system for each
// folder on the way; in an open folder a file is one step away.
//
// An open folder stays what it is under whatever name: who moves or removes one
// calls forget first.
type folders struct {
	root *os.Root
	mu   sync.RWMutex
	open map[string]*os.Root // by path, with "/" behind it
}

// mostOpen bounds the folders that are open at once, well below what a process
// may open.
const mostOpen = 64

// in calls do with the folder that holds a file, and the file's name in it.
// Where that folder cannot be opened do gets the root, to find out why.
func (f *folders) in(name string, do func(folder *os.Root, base string) error) error {
	dir, base := path.Split(name)
	if dir == "" || base == "" {
		return do(f.root, name)
	}
	f.mu.RLock()
	if folder := f.open[dir]; folder != nil {
		defer f.mu.RUnlock()
		return do(folder, base)
	}
	f.mu.RUnlock()
	f.mu.Lock()
	defer f.mu.Unlock()
	folder := f.open[dir]
	if folder == nil {
		var err error
		if folder, err = f.root.OpenRoot(dir); err != nil {
			return do(f.root, name)
		}
		if len(f.open) >= mostOpen {
			f.close("")
		}
		f.open[dir] = folder
	}
	return do(folder, base)
}

// forget closes these folders and all below them.
func (f *folders) forget(names ...string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, name := range names {
		f.close(name + "/")
	}
}

// forgetAll closes all folders.
func (f *folders) forgetAll() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.close("")
}

func (f *folders) close(prefix string) {
	for dir, folder := range f.open {
		if strings.HasPrefix(dir, prefix) {
			folder.Close()
			delete(f.open, dir)
		}
	}
}
