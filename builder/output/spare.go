package output

import (
	"context"
	"path"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

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
	found, err := list(w.disk, w.fresh)
	if err != nil { // no folder, or one that cannot be looked into
		if err := w.disk.RemoveAll(w.fresh); err != nil {
			return linked, err
		}
		return linked, w.disk.Mkdir(w.fresh, 0o755)
	}
	w.taken = true
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
	var names []string
	for _, name := range kept {
		if !linked[name] {
			touched[name] = true
			names = append(names, name)
		}
	}
	return touched, each(ctx, names, func(name string) error {
		if err := w.folder(path.Dir(name)); err != nil {
			return failed("making the folder of "+name, err)
		}
		return failed("keeping "+name, w.keep(name))
	})
}

// prepare makes the first spare, of a site that was just written, so that the
// first edit is as quick as all others. Nothing depends on it.
func (w *writer) prepare(ctx context.Context, files []written) {
	if w.spare == "" || w.old.exists {
		return
	}
	w.folders = map[string]bool{".": true}
	var names []string
	for _, f := range files {
		names = append(names, f.Path)
	}
	err := w.disk.Mkdir(w.fresh, 0o755)
	if err == nil {
		err = each(ctx, names, func(name string) error {
			if err := w.folder(path.Dir(name)); err != nil {
				return err
			}
			return w.disk.Link(w.target+"/"+name, w.fresh+"/"+name)
		})
	}
	if err != nil {
		w.spare = ""
	}
	w.leave(w.fresh)
}

// each calls do for each name, as many at once as there are processors.
func each(ctx context.Context, names []string, do func(name string) error) error {
	const portion = 64
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for part := range slices.Chunk(names, portion) {
		g.Go(func() error {
			for _, name := range part {
				if err := ctx.Err(); err != nil {
					return err
				}
				if err := do(name); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return g.Wait()
}
