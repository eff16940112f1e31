package output

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"sopan.dev/sopan/internal/parallel"
)

// Options of WriteDir.
type Options struct {
	// Wait is how long another build into the same folder is waited for; zero
	// means ten seconds, a negative value not at all.
	Wait time.Duration

	// Progress, if set, hears of every page that is done, in order and one call
	// at a time.
	Progress func(done, total int)

	// Memory, if set, is what an earlier run knew of this folder, and is brought
	// up to date. Without it every old file is read.
	Memory *Memory

	// Spare is an absolute path, on the same disk, where the old site is put away
	// in place of being taken apart, and taken from by the next run. "" for none.
	Spare string
}

// Result is what a build did to the folder.
type Result struct {
	Files   int   // in the site
	Bytes   int64 // in the site
	Written int   // new or changed
	Kept    int   // as they were, with their times
	Removed int   // pages whose source is gone
}

// WriteDir makes dir hold exactly the files of a set, whole or not at all.
//
// The new site is written into a folder beside dir, then the two change places
// (in one call on Linux and macOS; elsewhere, and on file systems without that
// call, in two renames, which the next build completes or takes back when it
// was killed between them). An error or a cancelled context leaves dir as it
// was. Files that did not change keep their time: they are hard links to the
// old ones. When nothing changed, nothing is touched.
//
// Durability: the file system is flushed once before the two change places, so
// that a power cut, too, leaves the one site or the other (Linux; elsewhere
// the operating system's own journal has to do). kill -9 needs no flush.
//
// The error is a *Refusal when dir is not a folder to write to; else the
// machine failed, or Render did.
func WriteDir(ctx context.Context, set *Set, dir string, o Options) (Result, error) {
	target, err := locate(dir)
	if err != nil {
		return Result{}, err
	}
	if err := makeParents(target.parent); err != nil {
		return Result{}, err
	}
	h, err := hold(ctx, target, dir, o)
	if err != nil {
		return Result{}, err
	}
	return h.Write(ctx, set)
}

// Held is a folder that waits for its files: it is locked and was looked at. A
// Write, or a Release, gives it free.
type Held struct{ w *writer }

// Hold is the first half of WriteDir, which needs no files: these can be made
// meanwhile. The folder that holds dir has to be there.
func Hold(ctx context.Context, dir string, o Options) (*Held, error) {
	target, err := locate(dir)
	if err != nil {
		return nil, err
	}
	return hold(ctx, target, dir, o)
}

func hold(ctx context.Context, target place, dir string, o Options) (*Held, error) {
	d, err := openDisk(target.parent)
	if err != nil {
		if denied(err) {
			return nil, refuseReadOnly(target.parent, err)
		}
		return nil, failed("opening "+target.parent, err)
	}
	w, err := begin(ctx, d, target.name, dir, o)
	if err != nil {
		d.Close()
		return nil, err
	}
	return &Held{w}, nil
}

// Write is the second half of WriteDir.
func (h *Held) Write(ctx context.Context, set *Set) (Result, error) {
	defer h.w.disk.Close()
	return h.w.finish(ctx, set)
}

// Release leaves the folder as it is.
func (h *Held) Release() {
	defer h.w.disk.Close()
	h.w.release()
}

// writer is one run of WriteDir. Names are relative to the target's parent.
type writer struct {
	disk     disk
	set      *Set
	progress func(done, total int)
	shown    string // the target as the person wrote it
	target   string
	fresh    string // the folder that becomes the target
	aside    string // the old target, while two renames are under way
	unlock   func()
	old      previous
	before   []*before // of each path of the set; nil where none was
	perm     fs.FileMode

	memory  *Memory
	spare   string
	taken   bool        // the spare is at fresh
	there   listing     // of it
	folders *folders    // in fresh
	first   *firstSpare // of a new site
	rooms   sync.Pool   // of *bytes.Buffer, in which files are made, and old ones read
	largest int64       // of the old files, as far as a room is made for it
}

// begin locks the target and looks at it, and takes the spare.
func begin(ctx context.Context, d disk, name, shown string, o Options) (_ *writer, err error) {
	w := &writer{
		disk: d, progress: o.Progress, shown: shown, target: name,
		fresh: "." + name + ".sopan-new", aside: "." + name + ".sopan-old",
		memory: o.Memory, spare: o.Spare,
	}
	w.folders = newFolders(d, w.fresh)
	if w.unlock, err = waitForLock(ctx, d, name, shown, o.Wait); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			w.unlock()
		}
	}()
	if err := w.recover(); err != nil {
		return nil, err
	}
	if w.old, err = look(d, name, o.Memory); err != nil {
		if denied(err) {
			return nil, refuseReadOnly(shown, err)
		}
		return nil, failed("looking at "+shown, err)
	}
	if err := w.judge(); err != nil {
		return nil, err
	}
	w.take()
	return w, nil
}

// finish brings the target about.
func (w *writer) finish(ctx context.Context, set *Set) (Result, error) {
	defer w.unlock()
	if w.set = set; set == nil {
		w.set = &Set{}
	}
	result, err := w.stage(ctx)
	switch {
	case err != nil:
		w.first.leave("")
		w.spare = "" // who knows what stands there now
		w.leave(w.fresh)
	case result.Written+result.Removed == 0 && w.old.ours:
		if !w.taken {
			w.spare = "" // an empty folder is nothing to keep
		}
		w.leave(w.fresh)
	}
	return result, err
}

// release puts back what was taken.
func (w *writer) release() {
	defer w.unlock()
	if w.taken {
		w.leave(w.fresh)
	}
}

// recover takes away what a killed build left. The lock is ours, so nobody is
// at work in these folders.
func (w *writer) recover() error {
	if _, err := w.disk.Lstat(w.aside); err == nil {
		_, err := w.disk.Lstat(w.target)
		if errors.Is(err, fs.ErrNotExist) {
			err = w.disk.Rename(w.aside, w.target) // killed between the two renames
		} else if err == nil {
			err = w.disk.RemoveAll(w.aside)
		}
		if err != nil {
			return failed("taking up the interrupted build of "+w.shown, err)
		}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return failed("looking beside "+w.shown, err)
	}
	err := cmp.Or(w.disk.RemoveAll(w.fresh), w.disk.RemoveAll(firstSpareOf(w.fresh)))
	return failed("clearing the interrupted build of "+w.shown, err)
}

// judge refuses a target that is not ours to replace.
func (w *writer) judge() error {
	switch {
	case !w.old.exists:
		w.perm = 0o755
		return nil
	case w.old.mode&fs.ModeSymlink != 0:
		return &Refusal{Dir: w.shown, Reason: IsALink,
			Message: w.shown + " is a symbolic link.",
			Hint:    "Nothing was changed. Name the folder itself with --out.",
		}
	case !w.old.mode.IsDir():
		return &Refusal{Dir: w.shown, Reason: NotAFolder,
			Message: w.shown + " is a file, not a folder.",
			Hint:    "Nothing was changed. Name a new folder with --out.",
		}
	case len(w.old.strange) > 0:
		return refuseForeign(w.shown, w.old.strange)
	case w.old.mode.Perm()&0o200 == 0:
		return refuseReadOnly(w.shown, nil)
	}
	w.perm = w.old.mode.Perm() // an institute's group rights outlive a build
	return nil
}

// stage writes the new site beside the old one and lets them change places.
func (w *writer) stage(ctx context.Context) (Result, error) {
	w.match()
	linked, err := w.fit()
	if err != nil {
		if denied(err) {
			return Result{}, refuseBeside(w.shown, err)
		}
		return Result{}, failed("making a folder beside "+w.shown, err)
	}
	w.first = w.prepare()
	files, kept, err := w.writeFiles(ctx)
	if err != nil {
		return Result{}, err
	}
	result := Result{Files: len(files), Removed: len(w.old.files)}
	for i, f := range files {
		result.Bytes += f.Size
		if kept[i] {
			result.Kept++
		}
		if w.before[i] != nil {
			result.Removed--
		}
	}
	result.Written = result.Files - result.Kept
	marker := manifest{Files: files}.encode(w.old.room)
	if result.Written == 0 && result.Removed == 0 && w.old.ours {
		if hashOf(marker) == w.old.marker {
			w.remember(files, kept, kept, marker, false)
			return result, nil
		}
		result.Written = 1 // the marker itself, of an older version of the program
	}
	if err := w.fill(ctx, kept, linked); err != nil {
		return Result{}, err
	}
	if err := w.write(Marker, marker); err != nil {
		return Result{}, failed("writing "+Marker, err)
	}
	if w.taken || w.perm != 0o755 {
		if err := w.disk.Chmod(w.fresh, w.perm); err != nil {
			return Result{}, failed("setting the rights of "+w.shown, err)
		}
	}
	if err := w.flush(files, kept, result.Written); err != nil {
		return Result{}, failed("flushing "+w.shown, err)
	}
	if err := ctx.Err(); err != nil {
		return Result{}, err
	}
	if err := w.swap(); err != nil {
		return Result{}, failed("putting the new site in its place", err)
	}
	w.first.leave(w.spare)
	w.remember(files, kept, linked, marker, true)
	return result, nil
}

// largestRoom bounds what is set aside for a file before it is known how large it is.
const largestRoom = 4 << 20

// match finds what was there before under each path of the set.
func (w *writer) match() {
	w.before = make([]*before, len(w.set.Paths()))
	i := 0
	for n := range w.before {
		for i < len(w.old.files) && w.old.files[i].Path < w.set.paths[n] {
			i++
		}
		if i < len(w.old.files) && w.old.files[i].Path == w.set.paths[n] {
			w.before[n] = &w.old.files[i]
			w.largest = max(w.largest, min(w.before[n].Size, largestRoom))
		}
	}
}

// fewFiles is how many files are flushed one by one: beyond it one flush of the
// whole file system, which waits for other programs' files too, costs less.
const fewFiles = 32

// flush brings what is new to the platter.
func (w *writer) flush(files []written, kept []bool, changed int) error {
	if changed > fewFiles {
		return w.disk.Flush(w.fresh)
	}
	for i, f := range files {
		if kept[i] {
			continue
		}
		if err := w.disk.Sync(w.fresh + "/" + f.Path); err != nil {
			return err
		}
	}
	return w.disk.Sync(w.fresh + "/" + Marker)
}

// remember brings the Memory up to date. Files that are kept and were not
// touched for it are as they were found.
func (w *writer) remember(files []written, kept, untouched []bool, marker []byte, written bool) {
	if w.memory == nil {
		return
	}
	sure := func(i int) *Noted {
		if b := w.before[i]; kept[i] && untouched[i] && b.there() && b.noted != nil && b.noted.Stamp.Same(b.stamp) {
			return b.noted
		}
		return nil
	}
	w.memory.note(w.disk, w.target, files, marker, sure, w.old.proven && !written)
}

// writeFiles renders and writes, a worker a core, each with one page in hand,
// so that memory does not grow with the site; late entries come behind the
// others, of which they speak. It gives what the marker will say, by path, and
// which files are as they were.
func (w *writer) writeFiles(ctx context.Context) ([]written, []bool, error) {
	files := make([]written, len(w.before))
	kept := make([]bool, len(w.before))
	var mu sync.Mutex
	done := 0
	finish := func(i int, now written, same bool) {
		mu.Lock()
		defer mu.Unlock()
		files[i], kept[i] = now, same
		done++
		if w.progress != nil {
			w.progress(done, len(files))
		}
	}
	sum := func(path string) (Sum, bool) {
		i, found := w.set.place(path)
		if !found || w.set.entries[i].Late != nil {
			return Sum{}, false
		}
		return Sum{files[i].Size, files[i].Hash}, true
	}
	for _, turn := range w.set.turns() {
		var left []int
		for _, i := range turn {
			if old := w.before[i]; w.asked(i) && old.proven() {
				finish(i, old.written, true)
			} else {
				left = append(left, i)
			}
		}
		slices.SortStableFunc(left, func(a, b int) int { return strings.Compare(w.set.entries[a].Near, w.set.entries[b].Near) })
		err := parallel.Each(ctx, len(left), func(n int) error {
			now, same, err := w.one(left[n], sum)
			if err != nil {
				return err
			}
			finish(left[n], now, same)
			w.first.wrote(path.Dir(now.Path))
			return nil
		})
		if err != nil {
			return nil, nil, err
		}
	}
	return files, kept, nil
}

// asked tells whether the file that is there was made for what is asked for now.
func (w *writer) asked(i int) bool {
	old, entry := w.before[i], &w.set.entries[i]
	switch {
	case !old.there():
		return false
	case entry.Stands:
		return old.noted != nil
	}
	return entry.Key != "" && entry.Key == old.key
}

// one brings one file about, or finds that it is there already.
func (w *writer) one(i int, sum func(string) (Sum, bool)) (written, bool, error) {
	name, entry, old := w.set.paths[i], w.set.entries[i], w.before[i]
	room := w.room()
	defer w.rooms.Put(room)
	if w.asked(i) && w.intact(old, room) {
		return old.written, true, nil
	}
	if entry.Late != nil {
		entry.Render = func() ([]byte, error) { return entry.Late(sum) }
	}
	content, err := entry.contentIn(room)
	if err != nil {
		return written{}, false, fmt.Errorf("rendering %s: %w", name, err)
	}
	now := written{Path: name, Size: int64(len(content)), Hash: hashOf(content), key: entry.Key}
	if old.there() && now.Hash == old.Hash && w.intact(old, room) {
		return now, true, nil
	}
	if err := w.write(name, content); err != nil {
		return written{}, false, failed("writing "+name, err)
	}
	return now, false, nil
}

// room lends an empty buffer. A new one has room for the largest old file: one that
// grows takes as much again on the way, all of it memory that nobody has touched.
func (w *writer) room() *bytes.Buffer {
	room, _ := w.rooms.Get().(*bytes.Buffer)
	if room == nil {
		room = bytes.NewBuffer(make([]byte, 0, w.largest+w.largest/8))
	}
	room.Reset()
	return room
}

// intact reads the old file: a marker says what was written, not what somebody
// changed since, and a link would carry that change into every later build.
// A stamp that is remembered proves that nobody did. It reads behind what stands
// in room.
func (w *writer) intact(old *before, room *bytes.Buffer) bool {
	if old.proven() {
		return true
	}
	b, err := w.disk.ReadFile(room.AvailableBuffer(), w.target+"/"+old.Path)
	return err == nil && int64(len(b)) == old.Size && hashOf(b) == old.Hash
}

func (w *writer) write(name string, content []byte) error {
	if err := w.folders.make(path.Dir(name)); err != nil {
		return err
	}
	to := w.fresh + "/" + name
	f, err := w.disk.Create(to)
	if w.taken && errors.Is(err, fs.ErrExist) { // the spare's, a link to the old one
		if err = w.disk.RemoveAll(to); err == nil {
			f, err = w.disk.Create(to)
		}
	}
	if err != nil {
		return err
	}
	n, err := f.Write(content)
	if err == nil && n < len(content) {
		err = io.ErrShortWrite
	}
	return errors.Join(err, f.Close())
}

// keep links an unchanged file, or copies it with its time where there are no
// hard links (FAT on a USB stick, some network shares).
func (w *writer) keep(name string) error {
	from, to := w.target+"/"+name, w.fresh+"/"+name
	if w.disk.Link(from, to) == nil {
		return nil
	}
	info, err := w.disk.Lstat(from)
	if err != nil {
		return err
	}
	content, err := w.disk.ReadFile(nil, from)
	if err != nil {
		return err
	}
	if err := w.write(name, content); err != nil {
		return err
	}
	return w.disk.Chtimes(to, info.ModTime())
}

// swap puts the new site in the place of the old one, and clears that away.
// After the new site stands, no failure is worth an error: what is left over
// is cleared by the next build.
func (w *writer) swap() error {
	if !w.old.exists {
		return w.disk.Rename(w.fresh, w.target)
	}
	err := w.disk.Exchange(w.fresh, w.target)
	if err == nil {
		w.leave(w.fresh)
		return nil
	}
	if !errors.Is(err, errors.ErrUnsupported) {
		return err
	}
	if err := w.disk.Rename(w.target, w.aside); err != nil {
		return err
	}
	if err := w.disk.Rename(w.fresh, w.target); err != nil {
		back := w.disk.Rename(w.aside, w.target)
		return errors.Join(err, back)
	}
	w.leave(w.aside)
	return nil
}
