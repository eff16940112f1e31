package output

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

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
func (m *Memory) Untouched(dir string) bool {
	if len(m.Files) == 0 {
		return false
	}
	d, err := openDisk(dir)
	if err != nil {
		return false
	}
	defer d.Close()
	found, err := list(d, ".")
	if err != nil || len(found.folders) == 0 && len(found.files) == 0 || len(found.files) != len(m.Files)+1 {
		return false
	}
	same := func(n Noted) bool {
		s, there := found.files[n.Path]
		return there && n.is(s.Stamp, func() ([]byte, error) { return os.ReadFile(filepath.Join(dir, filepath.FromSlash(n.Path))) })
	}
	for _, n := range m.Files {
		if !same(n) {
			return false
		}
	}
	return same(m.Marker)
}

// is tells whether a file with this stamp is the noted one; read is asked when
// the stamp alone proves nothing.
func (n Noted) is(s stamp.Stamp, read func() ([]byte, error)) bool {
	if !n.Stamp.Same(s) {
		return false
	}
	if n.Settled {
		return true
	}
	b, err := read()
	return err == nil && int64(len(b)) == n.Size && hashOf(b) == n.Hash
}

func (m *Memory) byPath() map[string]Noted {
	if m == nil {
		return nil
	}
	out := make(map[string]Noted, len(m.Files))
	for _, n := range m.Files {
		out[n.Path] = n
	}
	return out
}

// note brings a Memory up to date with what was written. sure are the stamps of
// files that nobody touched in this run.
func (m *Memory) note(d disk, target string, files []written, marker []byte, sure map[string]Noted) {
	at := time.Now()
	stamps := map[string]entry{}
	if len(files) > 2*len(sure) { // most are new: to look into folders is quicker than to look for files
		if there, err := list(d, target); err == nil {
			stamps = there.files
		}
	}
	noted := func(f written) Noted {
		if n, ok := sure[f.Path]; ok && n.Settled && n.Hash == f.Hash {
			n.Key = f.key
			return n
		}
		n := Noted{Path: f.Path, Size: f.Size, Hash: f.Hash, Key: f.key}
		if s, ok := stamps[f.Path]; ok {
			n.Stamp = s.Stamp
		} else if info, err := d.Lstat(target + "/" + f.Path); err == nil {
			n.Stamp = stamp.Of(info)
		}
		n.Settled = n.Stamp.Settled(at)
		return n
	}
	out := make([]Noted, len(files))
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	const portion = 512
	for from := 0; from < len(files); from += portion {
		g.Go(func() error {
			for i := from; i < min(from+portion, len(files)); i++ {
				out[i] = noted(files[i])
			}
			return nil
		})
	}
	g.Wait()
	m.Files = out
	m.Marker = noted(written{Path: Marker, Size: int64(len(marker)), Hash: hashOf(marker)})
}

// listing is all that stands in a folder.
type listing struct {
	folders []string
	files   map[string]entry
}

// entry is what stands under a name and is no folder.
type entry struct {
	stamp.Stamp
	regular bool
}

// list looks into a folder and all below it, many at once.
func list(d disk, top string) (listing, error) {
	l := listing{files: map[string]entry{}}
	var mu sync.Mutex
	g, ctx := errgroup.WithContext(context.Background())
	g.SetLimit(runtime.GOMAXPROCS(0))
	var look func(dir, prefix string) error
	look = func(dir, prefix string) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		entries, err := d.ReadDir(dir)
		if err != nil {
			return err
		}
		stamps := make([]entry, len(entries))
		for i, e := range entries {
			if e.IsDir() {
				name := prefix + e.Name()
				mu.Lock()
				l.folders = append(l.folders, name)
				mu.Unlock()
				below := func() error { return look(dir+"/"+e.Name(), name+"/") }
				if !g.TryGo(below) {
					if err := below(); err != nil {
						return err
					}
				}
			} else if info, err := e.Info(); err != nil {
				stamps[i].regular = e.Type().IsRegular()
			} else {
				stamps[i] = entry{stamp.Of(info), e.Type().IsRegular()}
			}
		}
		mu.Lock()
		defer mu.Unlock()
		for i, e := range entries {
			if !e.IsDir() {
				l.files[prefix+e.Name()] = stamps[i]
			}
		}
		return nil
	}
	err := look(top, "")
	if waited := g.Wait(); err == nil {
		err = waited
	}
	return l, err
}
