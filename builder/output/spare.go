package output

import (
	"context"
	"path"

	"sopan.dev/sopan/internal/stamp"
)

// This file makes the folder that becomes the target. A folder of 20,000 links
// takes half a second to make and to take away, so the site before the last is
// kept as a spare (Options.Spare): the next one is made of it by what differs.
// What stands in a spare is never trusted: a file of it stays where it is the
// same file as the target's, a hard link to it.

// take makes the folder w.fresh, of the spare where there is one, and gives the
// files in it that are links to the target's.
func (w *writer) take() (linked map[string]bool, err error) {
	linked = map[string]bool{}
	if w.spare == "" || !w.old.ours || w.disk.Unpark(w.spare, w.fresh) != nil {
		return linked, w.disk.Mkdir(w.fresh, 0o755)
	}
	w.taken = true
	found, err := list(w.disk, w.fresh)
	if err != nil {
		return linked, err
	}
	for name, s := range found.files {
		_, wanted := w.set.Entry(name)
		if there, ok := w.old.found[name]; wanted && ok && s.Inode != 0 && sameFile(s.Stamp, there) {
			linked[name] = true
		} else if err := w.disk.RemoveAll(w.fresh + "/" + name); err != nil {
			return linked, err
		}
	}
	wanted := map[string]bool{}
	for name := range w.set.All() {
		for at := path.Dir(name); at != "." && !wanted[at]; at = path.Dir(at) {
			wanted[at] = true
		}
	}
	for _, folder := range found.folders {
		if wanted[folder] {
			w.folders[folder] = true
		} else if err := w.disk.RemoveAll(w.fresh + "/" + folder); err != nil {
			return linked, err
		}
	}
	return linked, nil
}

func sameFile(a, b stamp.Stamp) bool { return a.Inode == b.Inode && a.Device == b.Device }

// leave puts the old target, which stands at w.fresh, away: as the spare, or
// for good.
func (w *writer) leave(at string) {
	if w.spare != "" && w.disk.Park(at, w.spare) == nil {
		return
	}
	// One failing call must not leave the folder behind: try twice.
	if w.disk.RemoveAll(at) != nil {
		w.disk.RemoveAll(at)
	}
}

// fill links what is kept into the new folder, and gives the names of the files
// that were touched for it.
func (w *writer) fill(ctx context.Context, kept []string, linked map[string]bool) (touched map[string]bool, err error) {
	touched = map[string]bool{}
	for _, name := range kept {
		if linked[name] {
			continue
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		touched[name] = true
		if err := w.folder(path.Dir(name)); err != nil {
			return nil, failed("making the folder of "+name, err)
		}
		if err := w.keep(name); err != nil {
			return nil, failed("keeping "+name, err)
		}
	}
	return touched, nil
}
