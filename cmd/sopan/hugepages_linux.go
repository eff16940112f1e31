package main

import (
	"math"
	"runtime"
	"runtime/debug"

	"golang.org/x/sys/unix"
)

// hugePages asks the kernel for a heap in pages of 2 MB, where it gives them to
// those who ask. A whole build of 2,000 lessons touches 300 MB for the first
// time, which in pages of 4 KB is 80,000 faults and a tenth of its time.
//
// Go has no setting for it, and advice reaches only what is mapped. So as much as
// the heap may become is taken, advised while nothing is written to it, and let go
// of: from then on the heap grows in it, lowest addresses first. It is taken in
// pieces, because one that begins in memory that served before is cleared to its
// end, which would touch all of it. Nothing is different without it, except the time.
func hugePages() {
	if !roomFor(ampleMemory) {
		return
	}
	limit := debug.SetMemoryLimit(math.MaxInt64) // the pieces are no reason to collect
	var pieces [ampleMemory / hugePiece][]byte   // all at once, else one would serve for the next
	for i := range pieces {
		pieces[i] = make([]byte, hugePiece)
		_ = unix.Madvise(pieces[i], unix.MADV_HUGEPAGE)
	}
	runtime.KeepAlive(&pieces)
	runtime.GC()
	debug.SetMemoryLimit(limit)
}

const hugePiece = 4 << 20

// roomFor tells whether the process may map so many bytes more. Where it may not,
// by a limit of its own or of a machine that promises no more than it has, Go
// would end the program.
func roomFor(size int) bool {
	piece, err := unix.Mmap(-1, 0, size, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|unix.MAP_PRIVATE)
	if err != nil {
		return false
	}
	return unix.Munmap(piece) == nil
}
