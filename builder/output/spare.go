package output

import (
	"context"
	"maps"
	"path"
	"slices"

	"sopan.dev/sopan/internal/folder"
	"sopan.dev/sopan/internal/parallel"
)

// This file makes the folder that becomes the target. A folder of 20,000 links
// takes half a second to make and to take away, so the site before the last is
// kept as a spare (Options.Spare): the next one is made of it by what differs.
// What stands in a spare is never trusted: a file of it stays where it is the
// same file as the target's, a hard link to it.

// take brings the spare, if there is one, to w.fresh, and lists it.
func (w *writer) take() {
	if w.spare == "" || !w.old.ours || w.disk.Unpark(w.spare, w.fresh) != nil {
		return
	}
	var err error
	if w.there, err = w.disk.List(w.fresh, folder.Names, len(w.old.files)+1); err == nil {
		w.taken = true
	} else { // no folder, or one that cannot be looked into
		w.disk.RemoveAll(w.fresh)
	}
}

// fit makes the folder w.fresh, or of the spare that was taken what may stand in
// it, and tells of each file of the set whether it stands there as a link to the
// target's.
func (w *writer) fit() (linked []bool, err error) {
	linked = make([]bool, len(w.before))
	if !w.taken {
		return linked, w.disk.Mkdir(w.fresh, 0o755)
	}
	i := 0
	for _, f := range w.there.files {
		for i < len(w.before) && w.set.paths[i] < f.path {
			i++
		}
		if i < len(w.before) && w.set.paths[i] == f.path && w.before[i].there() && f.file == w.before[i].file && f.file != (fileID{}) {
			linked[i] = true
		} else if err := w.disk.RemoveAll(w.fresh + "/" + f.path); err != nil {
			return linked, err
		}
	}
	wanted := map[string]bool{}
	last := ""
	for _, name := range w.set.paths {
		dir, _ := path.Split(name)
		if dir == last {
			continue
		}
		last = dir
		for at := path.Dir(name); at != "." && !wanted[at]; at = path.Dir(at) {
			wanted[at] = true
		}
	}
	for _, dir := range w.there.folders {
		if wanted[dir] {
			w.folders.there[dir] = true
		} else if err := w.disk.RemoveAll(w.fresh + "/" + dir); err != nil {
			return linked, err
		}
	}
	return linked, nil
}

// leave puts the old target, which stands at w.fresh, away: as the spare, or
// for good.
func (w *writer) leave(at string) { putAway(w.disk, at, w.spare) }

// putAway makes a folder the spare, or removes it where there is to be none.
func putAway(d disk, at, spare string) {
	if spare != "" && d.Park(at, spare) == nil {
		return
	}
	// One failing call must not leave the folder behind: try twice.
	if d.RemoveAll(at) != nil {
		d.RemoveAll(at)
	}
}

// fill links what is kept into the new folder, where it does not stand yet.
func (w *writer) fill(ctx context.Context, kept, linked []bool) error {
	var lacking []string
	for i, name := range w.set.paths {
		if kept[i] && !linked[i] {
			lacking = append(lacking, name)
		}
	}
	inside := inFolders(lacking)
	dirs := slices.Sorted(maps.Keys(inside))
	return parallel.Each(ctx, len(dirs), func(i int) error {
		dir, names := dirs[i], inside[dirs[i]]
		if err := w.folders.make(dir); err != nil {
			return failed("making the folder "+dir, err)
		}
		done, _ := w.disk.LinkAll(w.target+"/"+dir, w.fresh+"/"+dir, names)
		for _, name := range names[done:] {
			name = path.Join(dir, name)
			if err := w.keep(name); err != nil {
				return failed("keeping "+name, err)
			}
		}
		return nil
	})
}

// inFolders gives the names of the files that stand in each folder.
func inFolders(files []string) map[string][]string {
	inside := map[string][]string{}
	for _, file := range files {
		inside[path.Dir(file)] = append(inside[path.Dir(file)], path.Base(file))
	}
	return inside
}
