package output

import (
	"context"
	"io/fs"
	"os"
	"slices"
	"strings"
	"sync"

	"sopan.dev/sopan/internal/folder"
	"sopan.dev/sopan/internal/stamp"
)

// listing is all that stands in a folder, sorted by path.
type listing struct {
	folders []string
	files   []found
}

// found is what stands under a path and is no folder.
type found struct {
	path    string
	regular bool
	stamp   stamp.Stamp // with folder.Stamps alone; zero where the disk does not say
	file    fileID
}

// fileID tells files apart, whatever their names. Zero is none.
type fileID struct{ inode, device uint64 }

func byPath(f found, path string) int { return strings.Compare(f.path, path) }

func (d osDisk) List(top string, what folder.What, about int) (listing, error) {
	l := listing{files: make([]found, 0, about)}
	var mu sync.Mutex
	err := folder.Walk(context.Background(), rootFS{d.root}, top, what, func(dir string, entries []folder.Entry, err error) (below []string, _ error) {
		if err != nil {
			return nil, err
		}
		prefix := dir + "/"
		if dir == top {
			prefix = ""
		} else if top != "." {
			prefix = prefix[len(top)+1:]
		}
		mu.Lock()
		defer mu.Unlock()
		for _, e := range entries {
			if e.Type == fs.ModeDir {
				below = append(below, e.Name)
				l.folders = append(l.folders, prefix+e.Name)
				continue
			}
			l.files = append(l.files, found{prefix + e.Name, e.Type == 0, e.Stamp, fileID{e.Inode, e.Device}})
		}
		return below, nil
	})
	slices.Sort(l.folders)
	slices.SortFunc(l.files, func(a, b found) int { return strings.Compare(a.path, b.path) })
	return l, err
}

// rootFS opens what the system has a name for; os.Root.FS refuses names that are
// not UTF-8, and a person's folder may have one.
type rootFS struct{ root *os.Root }

func (r rootFS) Open(name string) (fs.File, error) { return r.root.Open(name) }
