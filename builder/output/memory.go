package output

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"sopan.dev/sopan/internal/folder"
	"sopan.dev/sopan/internal/parallel"
	"sopan.dev/sopan/internal/stamp"
)

// Memory is what a WriteDir knows of the folder that it wrote, for the next one
// into the same folder: which files are as it left them, and under which keys
// they were made. It is plain data. A wrong Memory costs time alone, as long as
// its stamps are those of this machine's disk: each is compared with the disk.
// The zero Memory knows nothing.
//
// It does not stand in the marker, because keys and stamps differ from one
// machine to the next, and the same site is the same bytes on all.
type Memory struct {
	Marker Noted
	Files  []Noted // sorted by path
}

// Noted is what is remembered of a file.
type Noted struct {
	Path    string
	Size    int64
	Hash    string // of its bytes, as in the marker
	Key     string // see Entry
	Stamp   stamp.Stamp
	Settled bool // the stamp alone proves that the bytes are the same
}

// Untouched tells whether dir holds exactly what its Memory says, byte for byte.
// Files whose stamps proved nothing when they were noted are read for that; when
// their stamps prove something by now, the Memory learns it, and learned says
// that it is worth to be kept: the next look reads them no more.
func (m *Memory) Untouched(dir string) (untouched, learned bool) {
	if len(m.Files) == 0 {
		return false, false
	}
	d, err := openDisk(dir)
	if err != nil {
		return false, false
	}
	at := time.Now()
	defer d.Close()
	there, err := d.List(".", folder.Stamps, len(m.Files)+1)
	if err != nil || len(there.files) != len(m.Files)+1 {
		return false, false
	}
	var settled atomic.Bool
	same := func(n *Noted, now found) bool {
		if n.Path != now.path || !n.is(now.stamp, func() ([]byte, error) { return d.ReadFile(nil, n.Path) }) {
			return false
		}
		if !n.Settled && n.Stamp.Settled(at) {
			n.Settled = true
			settled.Store(true)
		}
		return true
	}
	marker, ours := slices.BinarySearchFunc(there.files, Marker, byPath)
	if !ours || !same(&m.Marker, there.files[marker]) {
		return false, false
	}
	others := slices.Delete(there.files, marker, marker+1)
	touched := errors.New("touched")
	err = parallel.Each(context.Background(), len(others), func(i int) error {
		if !same(&m.Files[i], others[i]) {
			return touched
		}
		return nil
	})
	return err == nil, settled.Load()
}

// is tells whether a file with this stamp is the noted one; read is asked when
// the stamp alone proves nothing.
func (n *Noted) is(s stamp.Stamp, read func() ([]byte, error)) bool {
	if !n.Stamp.Same(s) {
		return false
	}
	if n.Settled {
		return true
	}
	b, err := read()
	return err == nil && int64(len(b)) == n.Size && hashOf(b) == n.Hash
}

// With gives the set of all files that the Memory knows, those of fresh in the
// place of their namesakes: all others stay, and need not be made. ok is false
// when fresh has a file that the Memory does not know.
func (m *Memory) With(fresh *Set) (set *Set, ok bool) {
	set = &Set{paths: make([]string, len(m.Files)), entries: make([]Entry, len(m.Files))}
	for i := range m.Files {
		set.paths[i], set.entries[i] = m.Files[i].Path, Entry{Key: m.Files[i].Key, Stands: true}
	}
	for path, entry := range fresh.All() {
		i, known := set.place(path)
		if !known {
			return nil, false
		}
		set.entries[i] = entry
	}
	return set, true
}

// Key is the key under which a file was made that the Memory knows.
func (m *Memory) Key(path string) (key string, known bool) {
	n := m.find(path)
	if n == nil {
		return "", false
	}
	return n.Key, true
}

// Read reads a file of dir, if it is the one that the Memory knows.
func (m *Memory) Read(dir, path string) (content []byte, same bool) {
	n := m.find(path)
	if n == nil {
		return nil, false
	}
	content, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(path)))
	return content, err == nil && hashOf(content) == n.Hash
}

// find gives what is noted of a file, nil for nothing.
func (m *Memory) find(path string) *Noted {
	i, ok := slices.BinarySearchFunc(m.Files, path, func(n Noted, path string) int { return strings.Compare(n.Path, path) })
	if !ok {
		return nil
	}
	return &m.Files[i]
}

// note brings a Memory up to date with what was written. sure gives what was
// noted of a file that nobody touched in this run.
func (m *Memory) note(d disk, target string, files []written, marker []byte, sure func(i int) *Noted, sureMarker bool) {
	at := time.Now()
	out := m.Files // the same list, mostly
	if !slices.EqualFunc(out, files, func(n Noted, f written) bool { return n.Path == f.Path }) {
		out = make([]Noted, len(files))
	}
	var unsure []int
	for i, f := range files {
		now := Noted{Path: f.Path, Size: f.Size, Hash: f.Hash, Key: f.key}
		if n := sure(i); n != nil && n.Settled && n.Hash == f.Hash {
			now.Stamp, now.Settled = n.Stamp, true
		} else {
			unsure = append(unsure, i)
		}
		out[i] = now
	}
	stamped := func(n *Noted, s stamp.Stamp) { n.Stamp, n.Settled = s, s.Settled(at) }
	look := func(n *Noted) {
		if info, err := d.Lstat(target + "/" + n.Path); err == nil {
			stamped(n, stamp.Of(info))
		}
	}
	if len(unsure) > len(files)/2 { // to look into folders is quicker than to look for files
		there, _ := d.List(target, folder.Stamps, len(files)+1)
		for _, f := range there.files {
			if i, ok := slices.BinarySearchFunc(out, f.path, func(n Noted, path string) int { return strings.Compare(n.Path, path) }); ok {
				stamped(&out[i], f.stamp)
			}
		}
	} else {
		parallel.Each(context.Background(), len(unsure), func(i int) error { look(&out[unsure[i]]); return nil })
	}
	m.Files = out
	if !sureMarker {
		m.Marker = Noted{Path: Marker, Size: int64(len(marker)), Hash: hashOf(marker)}
		look(&m.Marker)
	}
}

const (
	manyYoung = 1000
	mostWait  = 60 * time.Millisecond
)

// Settle looks once more at the files of dir where many were too young to be
// proven by their stamps when they were written. Whoever was at work for a
// moment since then spares the next build reading them; a few are read sooner
// than all are looked at. With many files it waits for that moment: reading
// them takes the next build longer.
func (m *Memory) Settle(dir string) {
	young := 0
	var settle time.Time
	for _, n := range m.Files {
		if !n.Settled {
			young++
			if s := n.Stamp.Settles(); s.After(settle) {
				settle = s
			}
		}
	}
	if young <= len(m.Files)/4 {
		return
	}
	if wait := time.Until(settle) + time.Millisecond; young > manyYoung && wait < mostWait {
		time.Sleep(wait)
	}
	at := time.Now()
	d, err := openDisk(dir)
	if err != nil {
		return
	}
	defer d.Close()
	there, err := d.List(".", folder.Stamps, len(m.Files)+1)
	if err != nil {
		return
	}
	for _, f := range there.files {
		n := m.find(f.path)
		if f.path == Marker {
			n = &m.Marker
		}
		if n != nil && n.Stamp.Same(f.stamp) {
			n.Settled = n.Stamp.Settled(at)
		}
	}
}
