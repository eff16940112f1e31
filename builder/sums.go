package builder

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"slices"
	"strings"
	"sync"

	"sopan.dev/sopan/builder/cache"
	"sopan.dev/sopan/builder/source"
	"sopan.dev/sopan/internal/plain"
	"sopan.dev/sopan/internal/stamp"
)

// sums remembers the hash of each file of a site by its stamp, so that a file
// that nobody touched is not read. It is source.Sums.
type sums struct {
	kept func() keptSums // of the last run that called put
}

// keptSums is a file of the cache.
type keptSums struct {
	Name  string // NameOf the files
	Files []sum  // sorted by path
}

// sum is the hash of a file's bytes.
type sum struct {
	Path    string
	Stamp   stamp.Stamp
	Settled bool // the stamp alone proves that the bytes are the same
	Hash    source.Hash
}

const sumsName = "sums"

func sumCoder() *plain.Coder[keptSums] {
	c, err := plain.New[keptSums](nil)
	if err != nil {
		panic(err) // a fault of this program, which each test finds
	}
	return c
}

// readSums reads while the caller goes on, to list the site's files.
func readSums(c *cache.Cache) *sums {
	kept := sync.OnceValue(func() keptSums {
		k, err := sumCoder().Read(c.Get(sumsName), nil)
		if err != nil {
			return keptSums{}
		}
		return *k
	})
	go kept()
	return &sums{kept}
}

// of gives what was put of a file.
func (k keptSums) of(path string) (sum, bool) {
	i, there := slices.BinarySearchFunc(k.Files, path, func(s sum, path string) int { return strings.Compare(s.Path, path) })
	if !there {
		return sum{}, false
	}
	return k.Files[i], true
}

// Known implements source.Sums.
func (s *sums) Known(f source.File) (source.Hash, bool) {
	k, ok := s.kept().of(f.Path)
	return k.Hash, ok && k.Settled && k.Stamp.Same(f.Stamp)
}

// changed lists the files of a tree whose bytes are not those that were put
// last, and names the files as they were then (see NameOf). A file that was
// young then is read. known is false where there are others files now.
func (s *sums) changed(tree *source.Tree) (changed []string, before string, known bool) {
	files, kept := tree.Files(), s.kept()
	if len(files) != len(kept.Files) {
		return nil, "", false
	}
	for i, f := range files {
		k := &kept.Files[i]
		if k.Path != f.Path || k.Stamp == (stamp.Stamp{}) {
			return nil, "", false
		}
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
	return changed, kept.Name, true
}

// NameOf names the files of a site as the disk told of them.
func NameOf(tree *source.Tree) string {
	h := sha256.New()
	var line []byte
	for _, f := range tree.Files() {
		line = append(line[:0], f.Path...)
		for _, n := range [...]uint64{uint64(len(f.Path)), uint64(f.Stamp.Size), uint64(f.Stamp.Modified), uint64(f.Stamp.Changed), f.Stamp.Inode, f.Stamp.Device} {
			line = binary.LittleEndian.AppendUint64(line, n)
		}
		h.Write(line)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// put writes down the hashes of a tree's files, and its name. One that was not
// read and is not known is read by the next run.
func (s *sums) put(c *cache.Cache, tree *source.Tree, name string) {
	now := keptSums{Name: name, Files: make([]sum, 0, len(tree.Files()))}
	kept := s.kept()
	same, at := name == kept.Name, 0
	for _, f := range tree.Files() { // in the same order
		for at < len(kept.Files) && kept.Files[at].Path < f.Path {
			at++
		}
		var k sum
		if at < len(kept.Files) && kept.Files[at].Path == f.Path {
			k = kept.Files[at]
		}
		if !k.Settled || !k.Stamp.Same(f.Stamp) {
			same = false
			h, err := tree.Sum(f.Path)
			if err != nil {
				continue
			}
			k = sum{f.Path, f.Stamp, f.Stamp.Settled(tree.At()), h}
		}
		now.Files = append(now.Files, k)
	}
	if !same {
		const usual = 160 // bytes of a file's sum
		c.Put(sumsName, sumCoder().Append(make([]byte, 0, usual*(len(now.Files)+1)), &now))
	}
}
