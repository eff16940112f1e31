package course

import (
	"path"
	"slices"
	"sync"
)

// nearby finds files that a link to nowhere may mean. It is made when the first
// such link asks, and once: a folder that gets another name breaks thousands.
type nearby struct {
	files  func(yield func(file string) bool)
	once   sync.Once
	beside map[string][]string // names of the files in a folder, sorted
	named  map[string][]string // files by their plainName, sorted
}

// files gives all that a link can lead to.
func (s *Site) files(yield func(file string) bool) {
	for file := range s.byFile {
		if !yield(file) {
			return
		}
	}
	for file := range s.assets {
		if !yield(file) {
			return
		}
	}
}

func (n *nearby) index() {
	n.beside, n.named = map[string][]string{}, map[string][]string{}
	for file := range n.files {
		dir, name := path.Split(file)
		n.beside[dir] = append(n.beside[dir], name)
		plain := plainName(name)
		n.named[plain] = append(n.named[plain], file)
	}
	for _, lists := range []map[string][]string{n.beside, n.named} {
		for _, list := range lists {
			slices.Sort(list)
		}
	}
}

// in lists the names of the files in a folder, which ends in a slash.
func (n *nearby) in(dir string) []string {
	n.once.Do(n.index)
	return n.beside[dir]
}

// called lists the files with a name, but for its order and capitals: first
// those of the folder, which ends in a slash.
func (n *nearby) called(name, dir string) (here, elsewhere []string) {
	n.once.Do(n.index)
	for _, file := range n.named[plainName(name)] {
		if in, _ := path.Split(file); in == dir {
			here = append(here, file)
		} else {
			elsewhere = append(elsewhere, file)
		}
	}
	return here, elsewhere
}

// plainName is a name without its order, folded.
func plainName(name string) string {
	_, rest, _ := splitOrder(name)
	return fold(rest)
}
