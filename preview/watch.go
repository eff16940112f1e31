package preview

import (
	"context"
	"errors"
	"hash/maphash"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
)

const (
	// quiet is how long no event comes before the files are looked at: an
	// atomic save is three or four events within a millisecond or two. A look
	// that comes too early is followed by another one, and costs little.
	quiet = 10 * time.Millisecond

	// stormQuiet is the same in the middle of a checkout or an unpacking.
	stormQuiet  = 120 * time.Millisecond
	stormEvents = 40

	// longest is how long a storm may put a build off.
	longest = 2 * time.Second

	// lookAgain is how often all files are looked at although events come: a
	// network share, or a Windows folder seen from WSL, sends none and says so
	// nowhere.
	lookAgain = 5 * time.Second

	// fallback is the interval when events have failed.
	fallback = time.Second

	// rest is how many times longer than a look the pause after it is.
	rest = 20
)

// notifier tells of changes in folders that were added, not in those below.
// The real one is fsnotify's; the tests' one runs into limits.
type notifier interface {
	Add(dir string) error
	Remove(dir string) error
	Events() <-chan fsnotify.Event
	Errors() <-chan error
	Close() error
}

type native struct{ *fsnotify.Watcher }

func (n native) Events() <-chan fsnotify.Event { return n.Watcher.Events }
func (n native) Errors() <-chan error          { return n.Watcher.Errors }

// watch keeps a picture of a folder and says what differs from it. Whatever
// the events say, it is the picture and a fresh look that decide.
type watch struct {
	root    string
	leftOut func(rel string) bool
	say     func(format string, args ...any)
	changes chan change

	notify    notifier // nil while polling
	newNotify func() (notifier, error)
	poll      time.Duration // the pause between looks; zero while events come
	backstop  time.Duration

	seed    maphash.Seed
	picture map[string]map[string]stamp // folder -> name -> stamp
	rootIs  fs.FileInfo                 // nil while the root is gone
	left    []string                    // folders that a look at everything has still to see
	took    time.Duration               // of the last look at everything
}

func newWatch(root string, poll time.Duration, leftOut func(string) bool, say func(string, ...any)) *watch {
	return &watch{
		root: root, leftOut: leftOut, say: say, poll: poll, backstop: lookAgain,
		changes: make(chan change),
		newNotify: func() (notifier, error) {
			w, err := fsnotify.NewBufferedWatcher(1024)
			return native{w}, err
		},
		seed:    maphash.MakeSeed(),
		picture: map[string]map[string]stamp{},
	}
}

// hints is what the events since the last look speak of.
type hints struct {
	folders map[string]bool // to look at; true: with all below
	paths   map[string]bool // named by an event as written, whatever their stamps say
	all     bool
	events  int
	since   time.Time
}

func newHints() hints { return hints{folders: map[string]bool{}, paths: map[string]bool{}} }

// run watches until the context ends. The first change it offers is "all",
// when everything is watched.
func (w *watch) run(ctx context.Context) {
	if w.poll == 0 {
		n, err := w.newNotify()
		if err != nil {
			w.giveUpEvents(err)
		} else {
			w.notify = n
		}
	}
	defer func() {
		if w.notify != nil {
			w.notify.Close()
		}
	}()
	w.lookAtAll()
	pending := &change{all: true}
	seen := newHints()
	calm := time.NewTimer(time.Hour)
	calm.Stop()
	again := time.NewTimer(w.pause())
	ready := make(chan struct{})
	close(ready)
	hint := func(at time.Time) {
		if seen.events == 0 {
			seen.since = at
		}
		seen.events++
		wait := quiet
		if seen.events > stormEvents {
			wait = stormQuiet
		}
		calm.Reset(max(0, min(wait, longest-at.Sub(seen.since))))
	}
	for {
		var events <-chan fsnotify.Event
		var errs <-chan error
		if w.notify != nil {
			events, errs = w.notify.Events(), w.notify.Errors()
		}
		var offer chan change
		var offered change
		if pending != nil {
			offer, offered = w.changes, *pending
		}
		var more <-chan struct{}
		if len(w.left) > 0 && seen.events == 0 { // a save goes first
			more = ready
		}
		select {
		case <-ctx.Done():
			return
		case offer <- offered:
			pending = nil
		case e, ok := <-events:
			if !ok {
				w.giveUpEvents(errors.New("the events ended"))
				continue
			}
			if w.take(e, &seen) {
				hint(time.Now())
			}
		case err := <-errs:
			if errors.Is(err, fsnotify.ErrEventOverflow) {
				w.say("More files changed at once than the system tells of; looking at all of them.")
			} else {
				w.say("Watching the files: %v; looking at all of them.", err)
			}
			seen.all = true
			hint(time.Now())
		case <-calm.C:
			found := w.look(seen)
			seen = newHints()
			pending = join(pending, found)
			if w.rootIs == nil || w.notify == nil {
				again.Reset(w.pause())
			}
		case <-again.C:
			if w.notify != nil && w.begin() {
				continue
			}
			w.left = nil
			pending = join(pending, w.lookAtAll())
			again.Reset(w.pause())
		case <-more:
			found := w.goOn()
			if found != nil && !found.all && w.notify != nil && w.unannounced(found, &seen) {
				w.say("Files change here without the system telling; looking every %s from now on. (--poll does so from the start.)", fallback)
				w.stopEvents()
			}
			pending = join(pending, found)
			if len(w.left) == 0 {
				again.Reset(w.pause())
			}
		}
	}
}

func join(a, b *change) *change {
	if a == nil || b == nil {
		if a == nil {
			return b
		}
		return a
	}
	both := a.and(*b)
	return &both
}

// unannounced waits out the events that may be under way, and tells whether
// none of them names what a look at everything found.
func (w *watch) unannounced(found *change, seen *hints) bool {
	late := time.After(100 * quiet) // a busy machine brings them late, and polling is for good
	for {
		select {
		case e := <-w.notify.Events():
			if w.take(e, seen) {
				return false
			}
		case <-late:
			return true
		}
	}
}

// pause is the time until the next look at everything. A large site is looked
// at less often, so that the watch never takes more than a twentieth of a core.
func (w *watch) pause() time.Duration {
	switch {
	case w.rootIs == nil:
		return 200 * time.Millisecond // the root's return is what the author waits for
	case w.notify == nil:
		return max(w.poll, w.took*rest)
	default:
		return max(w.backstop, w.took*rest)
	}
}

// take notes what an event hints at.
func (w *watch) take(e fsnotify.Event, seen *hints) bool {
	rel, err := filepath.Rel(w.root, e.Name)
	if err != nil || strings.HasPrefix(rel, "..") {
		return false
	}
	rel = filepath.ToSlash(rel)
	if rel == "." {
		seen.folders["."] = seen.folders["."] || !e.Op.Has(fsnotify.Chmod)
		return true
	}
	if w.isLeftOut(rel) {
		return false
	}
	dir := path.Dir(rel)
	seen.folders[dir] = seen.folders[dir] || false
	if e.Op&(fsnotify.Create|fsnotify.Remove|fsnotify.Rename) != 0 {
		seen.folders[rel] = true // if it is a folder, its watch is new or lost
	}
	if e.Op&^fsnotify.Chmod != 0 {
		seen.paths[rel] = true
	}
	return true
}

func (w *watch) isLeftOut(rel string) bool {
	for at := rel; at != "."; at = path.Dir(at) {
		if w.leftOut(at) {
			return true
		}
	}
	return false
}

// look compares what was hinted at with the picture; nil when nothing differs.
func (w *watch) look(seen hints) *change {
	if seen.all || w.rootIs == nil {
		found := w.lookAtAll()
		if found == nil {
			found = &change{}
		}
		return w.settle(*found, seen)
	}
	if w.rootChanged() {
		return w.lookAtAll()
	}
	diff := map[string]bool{}
	folders := make([]string, 0, len(seen.folders))
	for dir := range seen.folders {
		folders = append(folders, dir)
	}
	slices.Sort(folders) // a folder before those below it
	for _, dir := range folders {
		known := dir == "." || w.picture[dir] != nil
		if info, err := os.Lstat(w.path(dir)); err == nil && info.IsDir() {
			w.scan(dir, seen.folders[dir], diff)
		} else if known {
			w.drop(dir, diff)
		}
	}
	return w.settle(change{paths: sorted(diff)}, seen)
}

// settle adds what events named as written. A working file that came and went
// between two looks is nobody's change.
func (w *watch) settle(found change, seen hints) *change {
	for p := range seen.paths {
		if s, ok := w.picture[path.Dir(p)][path.Base(p)]; ok && !s.info.IsDir() {
			found.paths = append(found.paths, p)
		}
	}
	if found.all {
		return &change{all: true}
	}
	if len(found.paths) == 0 {
		return nil
	}
	slices.Sort(found.paths)
	found.paths = slices.Compact(found.paths)
	return &found
}

// giveUpEvents goes over to looking, aloud.
func (w *watch) giveUpEvents(err error) {
	hint := ""
	if text := err.Error(); strings.Contains(text, "no space left") || strings.Contains(text, "too many open files") {
		hint = " The system's limit of watched folders is reached; it can be raised (on Linux: sysctl fs.inotify.max_user_watches and max_user_instances)."
	}
	w.say("The files cannot be watched (%v); looking at them every %s instead.%s", err, fallback, hint)
	w.stopEvents()
}

func (w *watch) stopEvents() {
	if w.notify != nil {
		w.notify.Close()
		w.notify = nil
	}
	w.poll = max(w.poll, fallback)
}
