package preview

import (
	"errors"
	"hash/maphash"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"time"
)

const (
	// racy is how young a file's time may be for its size and time to prove
	// nothing: FAT counts in two seconds.
	racy = 2500 * time.Millisecond

	// hashed is the largest file that is read because it is racy.
	hashed = 1 << 20
)

// stamp is what a look remembers of a file or folder.
type stamp struct {
	info fs.FileInfo
	sum  uint64 // of a racy file's bytes, else 0
}

func sorted(set map[string]bool) []string {
	paths := make([]string, 0, len(set))
	for p := range set {
		paths = append(paths, p)
	}
	slices.Sort(paths)
	return paths
}

// rootChanged tells whether the folder at the root's name is another one, or
// none, since the last look.
func (w *watch) rootChanged() bool {
	info, err := os.Stat(w.root)
	if err != nil || !info.IsDir() {
		return w.rootIs != nil
	}
	return w.rootIs == nil || !os.SameFile(info, w.rootIs)
}

// lookAtAll looks at every file; nil when nothing differs.
func (w *watch) lookAtAll() *change {
	start := time.Now()
	defer func() { w.took = time.Since(start) }()
	info, err := os.Stat(w.root)
	if err != nil || !info.IsDir() {
		if w.rootIs == nil && len(w.picture) > 0 {
			return nil
		}
		w.say("The folder %s is gone; waiting for it to come back.", w.root)
		w.rootIs = nil
		w.picture = map[string]map[string]stamp{".": {}}
		return nil // the last good pages stay
	}
	returned := w.rootIs == nil && w.picture["."] != nil
	other := w.rootIs != nil && !os.SameFile(info, w.rootIs)
	w.rootIs = info
	diff := map[string]bool{}
	w.scan(".", true, diff)
	if returned || other {
		if returned {
			w.say("The folder %s is back.", w.root)
		}
		return &change{all: true}
	}
	if len(diff) == 0 {
		return nil
	}
	return &change{paths: sorted(diff)}
}

// portion is how long a look at everything goes on before it is asked whether a
// file was saved meanwhile. All files of 10,000 lessons take 65 ms, more than the
// page of a lesson does.
const portion = 2 * time.Millisecond

// begin starts a look at everything in portions, which ends when no folder is
// left. It cannot be done so where the root itself is another one.
func (w *watch) begin() bool {
	if w.rootIs == nil || w.rootChanged() {
		return false
	}
	w.left, w.took = []string{"."}, 0
	return true
}

// goOn looks at a portion of the folders that are left; nil when nothing differs.
func (w *watch) goOn() *change {
	if w.rootIs == nil || w.rootChanged() {
		w.left = nil
		return w.lookAtAll()
	}
	start := time.Now()
	diff := map[string]bool{}
	for len(w.left) > 0 {
		dir := w.left[len(w.left)-1]
		w.left = w.left[:len(w.left)-1]
		if w.picture[dir] == nil {
			continue // gone since
		}
		w.scan(dir, false, diff)
		for name, s := range w.picture[dir] {
			if s.info.IsDir() {
				w.left = append(w.left, path.Join(dir, name))
			}
		}
		if time.Since(start) >= portion {
			break
		}
	}
	w.took += time.Since(start)
	if len(diff) == 0 {
		return nil
	}
	return &change{paths: sorted(diff)}
}

func (w *watch) path(rel string) string { return filepath.Join(w.root, filepath.FromSlash(rel)) }

// scan looks at one folder, and with deep at those below; folders that are new
// are always looked into. A folder is watched before it is read, so nothing
// falls between.
func (w *watch) scan(dir string, deep bool, diff map[string]bool) {
	if w.notify != nil {
		if err := w.notify.Add(w.path(dir)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			w.giveUpEvents(err)
		}
	}
	now := time.Now()
	entries, err := os.ReadDir(w.path(dir))
	if err != nil {
		w.drop(dir, diff)
		return
	}
	before, names := w.picture[dir], make(map[string]stamp, len(entries))
	w.picture[dir] = names
	for _, e := range entries {
		rel := path.Join(dir, e.Name())
		if w.leftOut(rel) {
			continue
		}
		info, err := e.Info()
		if err != nil {
			continue // gone since
		}
		old, known := before[e.Name()]
		if info.IsDir() {
			if known && !old.info.IsDir() {
				diff[rel] = true
				known = false
			}
			names[e.Name()] = stamp{info: info}
			if !known || deep || w.picture[rel] == nil {
				w.scan(rel, true, diff)
			}
			continue
		}
		if known && old.info.IsDir() {
			w.drop(rel, diff)
		}
		s := stamp{info: info}
		if now.Sub(info.ModTime()) < racy && info.Mode().IsRegular() && info.Size() <= hashed {
			s.sum = w.sum(rel)
		}
		names[e.Name()] = s
		if !known || w.differs(rel, old, s) {
			diff[rel] = true
		}
	}
	for name, old := range before {
		if _, still := names[name]; still {
			continue
		}
		rel := path.Join(dir, name)
		if old.info.IsDir() {
			w.drop(rel, diff)
		} else {
			diff[rel] = true
		}
	}
}

func (w *watch) differs(rel string, old, now stamp) bool {
	a, b := old.info, now.info
	if a.Size() != b.Size() || !a.ModTime().Equal(b.ModTime()) || a.Mode() != b.Mode() || !os.SameFile(a, b) {
		return true
	}
	return old.sum != 0 && old.sum != cmpSum(now.sum, func() uint64 { return w.sum(rel) })
}

// cmpSum is the sum that was just taken, or takes it.
func cmpSum(sum uint64, take func() uint64) uint64 {
	if sum != 0 {
		return sum
	}
	return take()
}

func (w *watch) sum(rel string) uint64 {
	b, err := os.ReadFile(w.path(rel))
	if err != nil {
		return 0
	}
	return maphash.Bytes(w.seed, b) | 1 // never the zero of "not taken"
}

// drop takes a folder that is gone out of the picture, with all below it.
func (w *watch) drop(dir string, diff map[string]bool) {
	if w.notify != nil {
		w.notify.Remove(w.path(dir)) // mostly gone already; a renamed one is not
	}
	for name, s := range w.picture[dir] {
		rel := path.Join(dir, name)
		if s.info.IsDir() {
			w.drop(rel, diff)
		} else {
			diff[rel] = true
		}
	}
	delete(w.picture, dir)
	if dir != "." {
		delete(w.picture[path.Dir(dir)], path.Base(dir))
	}
}
