// Package stamp tells from what a disk says of a file whether its bytes can
// have changed, without reading them.
//
// In goes what a stat call gave; out comes a Stamp, which two looks at an
// untouched file share and which no write keeps. The package never opens a file.
package stamp

import (
	"io/fs"
	"time"
)

// Stamp is size, times and identity of a file. The zero Stamp is that of no
// file: it equals nothing (see Same).
type Stamp struct {
	Size     int64
	Modified int64  // nanoseconds since 1970; a program can set it back
	Changed  int64  // the same, of the last change of bytes, names or rights; no program can set it
	Inode    uint64 // another one after a rename into the place
	Device   uint64 // another one on another disk, and mostly on another machine
}

// Of makes the stamp of a regular file; the zero Stamp where the system says
// too little.
func Of(info fs.FileInfo) Stamp {
	if !info.Mode().IsRegular() {
		return Stamp{}
	}
	s := Stamp{Size: info.Size(), Modified: info.ModTime().UnixNano()}
	s.identify(info)
	return s
}

// Same tells whether two looks saw one file with the same bytes.
func (s Stamp) Same(other Stamp) bool { return s == other && s != Stamp{} }

const (
	// tick is the longest time that a kernel's file clock stands still, many
	// times over: ext4 and APFS count in nanoseconds, and the clock that they ask
	// moves every 1 to 10 ms.
	tick = 50 * time.Millisecond
	// coarse is the same on a file system that counts in seconds: FAT in two.
	coarse = 2500 * time.Millisecond
)

// Settled tells whether a stamp that was taken at a time proves anything: a
// file that was written in the same tick may be written again in it and keep
// its stamp (git calls this “racily clean”).
func (s Stamp) Settled(at time.Time) bool { return s != Stamp{} && s.Settles().Before(at) }

// Settles is from when on the stamp of an untouched file proves something.
func (s Stamp) Settles() time.Time {
	last := max(s.Modified, s.Changed)
	wait := tick
	if last%int64(time.Second) == 0 {
		wait = coarse
	}
	return time.Unix(0, last).Add(wait)
}
