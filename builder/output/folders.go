package output

import "sync"

// folders is a tree of folders in the making. Several goroutines may ask for one.
type folders struct {
	disk  disk
	top   string
	mu    sync.Mutex
	there map[string]bool // by its path below top
}

func newFolders(d disk, top string) *folders {
	return &folders{disk: d, top: top, there: map[string]bool{".": true}}
}

// make makes a folder, and those above it.
func (f *folders) make(name string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	for at := range prefixes(name) {
		if f.there[at] {
			continue
		}
		if err := f.disk.Mkdir(f.top+"/"+at, 0o755); err != nil {
			return err
		}
		f.there[at] = true
	}
	return nil
}
