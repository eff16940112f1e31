package builder

import (
	"crypto/sha256"
	"sync"
	"time"

	"sopan.dev/sopan/builder/cache"
	"sopan.dev/sopan/builder/source"
	"sopan.dev/sopan/internal/plain"
	"sopan.dev/sopan/internal/stamp"
)

// sums remembers the hash of each file of a site by its stamp, so that a file
// that nobody touched is not read. It is source.Sums.
type sums struct {
	kept  func() map[string]sum // of the last run that called put
	mu    sync.Mutex
	fresh map[string]seen // of this run
}

// seen is the hash of a file that was looked at in this run. A site has tens of
// thousands of them.
type seen struct {
	stamp   stamp.Stamp
	hash    source.Hash
	at      int64 // nanoseconds
	settled bool
}

// sum is the hash of a file's bytes.
type sum struct {
	Path    string
	Stamp   stamp.Stamp
	Settled bool // the stamp alone proves that the bytes are the same
	Hash    source.Hash
}

const sumsName = "sums"

func sumCoder() *plain.Coder[[]sum] {
	c, err := plain.New[[]sum](nil)
	if err != nil {
		panic(err) // a fault of this program, which each test finds
	}
	return c
}

// readSums reads while the caller goes on, to list the site's files.
func readSums(c *cache.Cache) *sums {
	kept := sync.OnceValue(func() map[string]sum {
		list, err := sumCoder().Read(c.Get(sumsName), nil)
		if err != nil {
			return nil
		}
		out := make(map[string]sum, len(*list))
		for _, one := range *list {
			out[one.Path] = one
		}
		return out
	})
	go kept()
	return &sums{kept: kept, fresh: map[string]seen{}}
}

// Known implements source.Sums. What one look at a site has read is not read
// again for that look, whatever its age.
func (s *sums) Known(f source.File, at time.Time) (source.Hash, bool) {
	if k, ok := s.kept()[f.Path]; ok && k.Settled && k.Stamp.Same(f.Stamp) {
		return k.Hash, true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	k, ok := s.fresh[f.Path]
	return k.hash, ok && (k.settled || k.at == at.UnixNano()) && k.stamp.Same(f.Stamp)
}

// Learn implements source.Sums.
func (s *sums) Learn(f source.File, at time.Time, h source.Hash) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fresh[f.Path] = seen{f.Stamp, h, at.UnixNano(), f.Stamp.Settled(at)}
}

// all tells whether the files of a tree are those that were put last, with the
// same bytes. A file that was young then is read.
func (s *sums) all(tree *source.Tree) bool {
	files, kept := tree.Files(), s.kept()
	if len(files) != len(kept) {
		return false
	}
	for _, f := range files {
		k, ok := kept[f.Path]
		if !ok || !k.Stamp.Same(f.Stamp) {
			return false
		}
		if !k.Settled {
			if b, err := tree.Bytes(f.Path); err != nil || sha256.Sum256(b) != k.Hash {
				return false
			}
		}
	}
	return true
}

// put writes down the hashes of a tree's files. One that was not read and is
// not known is read by the next run.
func (s *sums) put(c *cache.Cache, tree *source.Tree) {
	list := make([]sum, 0, len(tree.Files()))
	kept := s.kept()
	same := len(tree.Files()) == len(kept)
	for _, f := range tree.Files() {
		k, ok := kept[f.Path]
		if !ok || !k.Settled || !k.Stamp.Same(f.Stamp) {
			same = false
			h, err := tree.Sum(f.Path)
			if err != nil {
				continue
			}
			k = sum{f.Path, f.Stamp, f.Stamp.Settled(tree.At()), h}
		}
		list = append(list, k)
	}
	if !same {
		c.Put(sumsName, sumCoder().Append(nil, &list))
	}
}
