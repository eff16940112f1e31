package main

import (
	"context"
	"fmt"
	"os"
	"time"
)

// A disk is what the file system of a folder says of itself.
type disk struct {
	free  int64 // bytes
	inRAM bool
}

const (
	// perLesson is more than either program writes for a lesson with its quiz, its cache with it.
	perLesson = 100 << 10
	// calm is how long ext4 without a journal is slow at creating files after many were deleted.
	calm = time.Minute
)

// keeps says whether what was measured may stay beside a build of so many lessons. In RAM it never stays: it takes what the
// programs need, and to delete it costs the next build nothing.
func (d disk) keeps(lessons int) bool { return !d.inRAM && d.free > int64(lessons)*perLesson }

// folderFor is where a run up to so many lessons writes everything: in RAM, if it has plenty of room beside the programs, since
// a disk tells of its own speed and of what was deleted on it lately; else, or where $TMPDIR names a place, "" for the usual one.
func folderFor(lessons int, tmpdir, ram string, d disk) string {
	if tmpdir == "" && d.inRAM && d.free > 4*int64(lessons)*perLesson {
		return ram
	}
	return ""
}

// makeRoom is called before a build from nothing, with what the one before it left. On a disk this is deleted only where
// there is no room, with some calm after it; at the end of the run everything is.
func (b *bench) makeRoom(ctx context.Context, p *pair, spent ...string) error {
	for _, dir := range spent {
		if dir != "" {
			b.spent = append(b.spent, dir)
		}
	}
	d := diskOf(b.work)
	if len(b.spent) == 0 || d.keeps(p.lessons) {
		return nil
	}
	for _, dir := range b.spent {
		if err := os.RemoveAll(dir); err != nil {
			return err
		}
	}
	b.spent = nil
	if d.inRAM {
		return nil
	}
	fmt.Fprintf(os.Stderr, "bench: little room on the disk, so that earlier builds are deleted and %v pass; TMPDIR names another disk\n", calm)
	select {
	case <-time.After(calm):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
