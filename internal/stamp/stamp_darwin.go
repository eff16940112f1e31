package stamp

import (
	"io/fs"
	"syscall"
)

func (s *Stamp) identify(info fs.FileInfo) {
	t, ok := info.Sys().(*syscall.Stat_t)
	if !ok { // not of a disk
		*s = Stamp{}
		return
	}
	s.Changed, s.Inode, s.Device = t.Ctimespec.Nano(), t.Ino, uint64(t.Dev)
}
