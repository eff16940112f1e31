package builder

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"sync"

	"sopan.dev/sopan/builder/cache"
	"sopan.dev/sopan/builder/source"
	"sopan.dev/sopan/internal/plain"
	"sopan.dev/sopan/internal/stamp"
)

// sums remembers the hash of each file of a site by its stamp, so that a file
// that nobody touched is not read. It is source.Sums.
type sums struct {
	kept func() map[string]sum // of the last run that called put
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
	return &sums{kept}
}

// Known implements source.Sums.
func (s *sums) Known(f source.File) (source.Hash, bool) {
	k, ok := s.kept()[f.Path]
	return k.Hash, ok && k.Settled && k.Stamp.Same(f.Stamp)
}

// changed lists the files of a tree whose bytes are not those that were put
// last, and names the files as they were then (see NameOf). A file that was
// young then is read. known is false where there are others files now.
func (s *sums) changed(tree *source.Tree) (changed []string, before string, known bool) {
	files, kept := tree.Files(), s.kept()
	if len(files) != len(kept) {
		return nil, "", false
	}
	then := sha256.New()
	for _, f := range files {
		k, ok := kept[f.Path]
		if !ok || k.Stamp == (stamp.Stamp{}) {
			return nil, "", false
		}
		addName(then, f.Path, k.Stamp)
		if k.Stamp.Same(f.Stamp) {
			if k.Settled {
				continue
			}
			if b, err := tree.Bytes(f.Path); err == nil && sha256.Sum256(b) == k.Hash {
				continue
			}
		}
		changed = append(changed, f.Path)
	}
	return changed, hex.EncodeToString(then.Sum(nil)), true
}

// NameOf names the files of a site as the disk told of them.
func NameOf(tree *source.Tree) string {
	h := sha256.New()
	for _, f := range tree.Files() {
		addName(h, f.Path, f.Stamp)
	}
	return hex.EncodeToString(h.Sum(nil))
}

func addName(h hash.Hash, path string, s stamp.Stamp) {
	var b [6 * 8]byte
	for i, n := range [...]uint64{uint64(len(path)), uint64(s.Size), uint64(s.Modified), uint64(s.Changed), s.Inode, s.Device} {
		binary.LittleEndian.PutUint64(b[8*i:], n)
	}
	h.Write([]byte(path))
	h.Write(b[:])
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
		const usual = 160 // bytes of a file's sum
		c.Put(sumsName, sumCoder().Append(make([]byte, 0, usual*(len(list)+1)), &list))
	}
}
