// Package folder works in folders of the disk with as few calls of the operating
// system as that takes.
//
// In go a file system and a folder in it; out come the folder's entries with what
// the disk says of each, and those of all folders below it that the caller wants
// to see. Links are listed and never followed. Or in goes a root, below which
// folders stay open for who has many files to read or to make in them (Kept). The
// package itself writes nothing into a file, and takes none away.
package folder

import (
	"context"
	"io/fs"
	"runtime"
	"sync"

	"golang.org/x/sync/errgroup"

	"sopan.dev/sopan/internal/stamp"
)

// Entry is what stands in a folder under a name.
type Entry struct {
	Name string
	Type fs.FileMode // the bits of fs.ModeType

	// Which file it is; zero where that is not told.
	Inode, Device uint64

	// Of a regular file, with Stamps alone; Err where the disk did not say.
	Size  int64
	Stamp stamp.Stamp
	Err   error
}

// What is asked of each entry.
type What int

const (
	Names  What = iota // what the folder itself says: one call for many entries
	Stamps             // what each regular file says, too: one call for each
)

// Walk lists a folder and all below it, as many at once as there are processors.
// visit hears of each folder by its path in fsys, from several goroutines, and
// gives the names of those folders in it that are to be listed too; or of the
// error that it cannot be listed for. The entries come in no order, and are the
// walk's again when visit returns. What visit answers with an error ends the walk,
// as ctx does.
func Walk(ctx context.Context, fsys fs.FS, top string, what What, visit func(dir string, entries []Entry, err error) (below []string, _ error)) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	w := walk{ctx: ctx, fsys: fsys, what: what, visit: visit, group: group}
	at, err := w.open(top)
	err = w.look(top, at, err)
	if waited := group.Wait(); waited != nil {
		return waited
	}
	return err
}

type walk struct {
	ctx   context.Context
	fsys  fs.FS
	what  What
	visit func(dir string, entries []Entry, err error) ([]string, error)
	group *errgroup.Group
	rooms sync.Pool // of *room
}

// room is what listing a folder takes, which serves for the next one.
type room struct {
	entries []Entry
	names   [16 << 10]byte // as the system writes them
}

// look lists an open folder and closes it.
func (w *walk) look(dir string, at handle, err error) error {
	r, _ := w.rooms.Get().(*room)
	if r == nil {
		r = &room{}
	}
	r.entries = r.entries[:0]
	if err == nil {
		defer at.close()
		if err := w.ctx.Err(); err != nil {
			return err
		}
		err = at.list(w.what, r)
	}
	below, err := w.visit(dir, r.entries, err)
	w.rooms.Put(r)
	if err != nil {
		return err
	}
	for _, name := range below {
		deeper := dir + "/" + name
		if dir == "." {
			deeper = name
		}
		next, err := at.below(name) // before at is closed
		again := func() error { return w.look(deeper, next, err) }
		if !w.group.TryGo(again) {
			if err := again(); err != nil {
				return err
			}
		}
	}
	return nil
}

// handle is a folder that is open.
type handle interface {
	list(what What, r *room) error     // into r.entries
	below(name string) (handle, error) // a folder in it
	close()
}

// pathHandle is a folder of any file system: its name.
type pathHandle struct {
	fsys fs.FS
	path string
}

func (h pathHandle) close() {}

func (h pathHandle) below(name string) (handle, error) {
	if h.path == "." {
		return pathHandle{h.fsys, name}, nil
	}
	return pathHandle{h.fsys, h.path + "/" + name}, nil
}

func (h pathHandle) list(what What, r *room) error {
	listed, err := fs.ReadDir(h.fsys, h.path)
	if err != nil {
		return err
	}
	for _, e := range listed {
		own := Entry{Name: e.Name(), Type: e.Type()}
		if what == Stamps && e.Type().IsRegular() {
			if info, err := e.Info(); err != nil {
				own.Err = err
			} else {
				own.Type, own.Size, own.Stamp = info.Mode().Type(), info.Size(), stamp.Of(info)
				own.Inode, own.Device = own.Stamp.Inode, own.Stamp.Device
			}
		}
		r.entries = append(r.entries, own)
	}
	return nil
}
