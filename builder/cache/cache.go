// Package cache keeps bytes on the disk from one run of the program to the
// next.
//
// In go a name and bytes; out come the same bytes, or none. What was cut off,
// changed, written by another build of the program, for another folder or on
// another machine is as if it were not there: a cache can be deleted at any
// time, and no fault of it is an error. The package knows nothing of what it
// keeps, and never keeps a name's old bytes and its new ones half each.
package cache

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"hash/crc32"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"time"
	"unsafe"
)

// Cache is a folder for what is remembered of one site. A nil *Cache remembers
// nothing.
type Cache struct {
	dir  string
	mark [16]byte // of the program, the machine and the site
}

const (
	// mostSites is how many sites are remembered; those not built for longest go.
	mostSites = 40

	used = "used" // its time says when the site was built last
)

// Open gives the cache of a site, which need not exist. root is the folder of
// all caches, site the site's absolute path, and tool names the program that
// asks so exactly that another build of it has another name. nil where root is
// "" or cannot be made.
func Open(root, site, tool string) *Cache {
	if root == "" {
		return nil
	}
	host, _ := os.Hostname()
	name := sha256.Sum256([]byte(site))
	c := &Cache{dir: filepath.Join(root, hex.EncodeToString(name[:12]))}
	mark := sha256.Sum256([]byte(tool + "\x00" + host + "\x00" + site))
	copy(c.mark[:], mark[:])
	_, err := os.Stat(c.dir)
	if os.MkdirAll(c.dir, 0o700) != nil {
		return nil
	}
	now := time.Now()
	if file := filepath.Join(c.dir, used); os.Chtimes(file, now, now) != nil {
		os.WriteFile(file, nil, 0o600)
	}
	if err != nil { // the site is new here
		forget(root)
	}
	return c
}

// Spare is the path of a folder that whoever keeps the cache may use; "" without one.
func (c *Cache) Spare() string {
	if c == nil {
		return ""
	}
	return filepath.Join(c.dir, "spare")
}

// forget takes away the sites beyond mostSites.
func forget(root string) {
	sites, err := os.ReadDir(root)
	if err != nil || len(sites) <= mostSites {
		return
	}
	last := map[string]time.Time{}
	for _, s := range sites {
		if info, err := os.Stat(filepath.Join(root, s.Name(), used)); err == nil {
			last[s.Name()] = info.ModTime()
		}
	}
	slices.SortFunc(sites, func(a, b os.DirEntry) int { return last[b.Name()].Compare(last[a.Name()]) })
	for _, s := range sites[mostSites:] {
		os.RemoveAll(filepath.Join(root, s.Name()))
	}
}

// A file is a mark, the sum of what follows, then the bytes.
const head = 16 + 8

func sum(parts ...[]byte) uint64 {
	length, sum := 0, uint32(0)
	for _, b := range parts {
		length += len(b)
		sum = crc32.Update(sum, crc32.MakeTable(crc32.Castagnoli), b) // there is one such table, made when it is asked for
	}
	return uint64(length)<<32 | uint64(sum)
}

// Get gives the bytes that were put under a name, "" when there are none.
func (c *Cache) Get(name string) string {
	var own []byte
	return c.GetIn(name, &own)
}

// GetIn is Get into a room that has served before, which is made larger where it
// has to be: what it gave then is gone.
func (c *Cache) GetIn(name string, room *[]byte) string {
	if c == nil {
		return ""
	}
	f, err := os.Open(filepath.Join(c.dir, name))
	if err != nil {
		return ""
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || info.Size() <= head || info.Size() > math.MaxInt32 {
		return ""
	}
	b := slices.Grow((*room)[:0], int(info.Size()))[:info.Size()]
	*room = b
	if _, err := io.ReadFull(f, b); err != nil || [16]byte(b[:16]) != c.mark || binary.LittleEndian.Uint64(b[16:]) != sum(b[head:]) {
		return ""
	}
	return unsafe.String(&b[head], len(b)-head) // nobody else has them
}

// Put keeps bytes, part after part, under a name. A new file takes an old one's place
// in one call; where there is none it is written where it belongs, since half of it has
// no right sum. For that reason nothing is flushed, either. It tells whether they are
// there now.
func (c *Cache) Put(name string, parts ...[]byte) bool {
	if c == nil {
		return false
	}
	place := filepath.Join(c.dir, name)
	f, err := os.OpenFile(place, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		f, err = os.CreateTemp(c.dir, "."+name+"-*")
	}
	if err != nil {
		return false
	}
	_, err = f.Write(binary.LittleEndian.AppendUint64(slices.Clone(c.mark[:]), sum(parts...)))
	for _, b := range parts {
		_, failed := f.Write(b)
		err = errors.Join(err, failed)
	}
	if err = errors.Join(err, f.Close()); err == nil && f.Name() != place {
		err = os.Rename(f.Name(), place)
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err == nil
}

// Keep takes away all names but those that keep asks for, and what a killed
// run left.
func (c *Cache) Keep(keep func(name string) bool) {
	if c == nil {
		return
	}
	entries, err := os.ReadDir(c.dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		if e.Type().IsRegular() && e.Name() != used && !keep(e.Name()) {
			os.Remove(filepath.Join(c.dir, e.Name()))
		}
	}
}
