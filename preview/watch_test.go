package preview

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/fsnotify/fsnotify"

	"sopan.dev/sopan/builder/output"
	"sopan.dev/sopan/internal/diag"
)

// atomicSaves are the ways in which editors replace a file.
var atomicSaves = map[string]func(dir, name, text string) error{
	"vim": func(dir, name, text string) error { // backupcopy=no: a probe, the old one aside, a new one, the old one gone
		p := filepath.Join(dir, name)
		return errors.Join(
			os.WriteFile(filepath.Join(dir, "4913"), nil, 0o644), os.Remove(filepath.Join(dir, "4913")),
			os.Rename(p, p+"~"), os.WriteFile(p, []byte(text), 0o644), os.Remove(p+"~"))
	},
	"vscode": func(dir, name, text string) error { // truncates and writes in place
		f, err := os.OpenFile(filepath.Join(dir, name), os.O_WRONLY|os.O_TRUNC, 0)
		if err != nil {
			return err
		}
		_, err = f.WriteString(text)
		return errors.Join(err, f.Close())
	},
	"rename": func(dir, name, text string) error { // gedit, Kate, safe-write
		p := filepath.Join(dir, "."+name+".tmp")
		return errors.Join(os.WriteFile(p, []byte(text), 0o644), os.Rename(p, filepath.Join(dir, name)))
	},
}

func TestFault27AtomicSaves(t *testing.T) {
	for editor, save := range atomicSaves {
		t.Run(editor, func(t *testing.T) {
			l := run(t, map[string]string{"a/page.html": "save 0."}, Options{})
			events := l.listen()
			for i := 1; i <= 100; i++ {
				if err := save(filepath.Join(l.dir, "a"), "page.html", fmt.Sprintf("save %d.", i)); err != nil {
					t.Fatal(err)
				}
				if i%10 == 0 { // ten in a row, then look
					l.until(events, "/a/page.html", has(fmt.Sprintf("save %d.", i)))
				}
			}
			l.noPolling()
		})
	}
}

// What an editor leaves beside a file while it saves it is nobody's page, and no reason to build.
func TestFault27WorkingFilesSetOffNoBuild(t *testing.T) {
	s, err := New(Options{Dir: t.TempDir(), Build: copySite(""), Addr: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	defer s.listener.Close()
	for rel, want := range map[string]bool{
		"content/c/4913": true, "content/c/.10-fees.md.swp": true, "content/c/10-fees.md~": true, "content/c/#10-fees.md#": true, ".git": true, "public": true,
		"content/c/10-fees.md": false, "content/c/4913.md": false, "content/public": false, "content/c/#hash.svg": false, "publication": false,
	} {
		if got := s.leftOut(rel); got != want {
			t.Errorf("%s is left out: %v", rel, got)
		}
	}
}

// noPolling makes sure that a test of events was not won by looking.
func (l *live) noPolling() {
	l.t.Helper()
	if s := l.log.String(); strings.Contains(s, "looking") {
		l.t.Errorf("events were given up: %s", s)
	}
}

func TestFault28ACheckoutOfTwoThousandFiles(t *testing.T) {
	l := run(t, map[string]string{"index.html": "start"}, Options{})
	events := l.listen()
	l.until(events, "/", has("start"))
	for i := range 2000 {
		l.write(fmt.Sprintf("c%d/m%d/l%d.html", i%4, i%40, i), fmt.Sprintf("text %d.", i))
	}
	for i := 0; i < 2000; i += 3 {
		if err := os.Remove(filepath.Join(l.dir, fmt.Sprintf("c%d/m%d/l%d.html", i%4, i%40, i))); err != nil {
			t.Fatal(err)
		}
	}
	l.write("index.html", "end")
	want, _, err := copySite(l.dir)(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	late := time.After(patienceOfTests)
	for !slices.Equal(l.s.site.Load().set.Paths(), want.Paths()) {
		select {
		case <-events.events:
		case <-late:
			t.Fatalf("the preview has %d files, a clean build %d", l.s.site.Load().set.Len(), want.Len())
		}
	}
	l.until(events, "/", has("end"))
	for path := range want.All() {
		got, _ := l.s.site.Load().set.Open(path)
		clean, _ := want.Open(path)
		if string(got) != string(clean) {
			t.Errorf("%s is %q, in a clean build %q", path, got, clean)
		}
	}
}

// fakeNotify is a notifier that a test drives.
type fakeNotify struct {
	added  []string
	limit  int // Add fails beyond; 0: never
	events chan fsnotify.Event
	errs   chan error
	closed atomic.Bool
}

func (f *fakeNotify) Add(dir string) error {
	if f.limit > 0 && len(f.added) >= f.limit {
		return fmt.Errorf("adding %s: %w", dir, syscall.ENOSPC)
	}
	f.added = append(f.added, dir)
	return nil
}
func (f *fakeNotify) Remove(string) error           { return nil }
func (f *fakeNotify) Events() <-chan fsnotify.Event { return f.events }
func (f *fakeNotify) Errors() <-chan error          { return f.errs }
func (f *fakeNotify) Close() error                  { f.closed.Store(true); return nil }

// watched runs a watch over a folder with a fake notifier.
type watched struct {
	t    *testing.T
	w    *watch
	fake *fakeNotify
	dir  string
	said chan string
}

func runWatch(t *testing.T, fake *fakeNotify, adjust func(*watch)) *watched {
	t.Helper()
	fake.events, fake.errs = make(chan fsnotify.Event), make(chan error)
	x := &watched{t: t, fake: fake, dir: t.TempDir(), said: make(chan string, 100)}
	x.w = newWatch(x.dir, 0, func(rel string) bool { return strings.HasPrefix(filepath.Base(rel), ".") },
		func(format string, args ...any) { x.said <- fmt.Sprintf(format, args...) })
	x.w.newNotify = func() (notifier, error) { return fake, nil }
	x.w.backstop = time.Hour
	if adjust != nil {
		adjust(x.w)
	}
	return x
}

func (x *watched) start() {
	x.t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); x.w.run(ctx) }()
	x.t.Cleanup(func() { stop(); <-done })
	if c := x.change(); !c.all {
		x.t.Fatalf("the first change is %v, want all", c)
	}
}

func (x *watched) change() change {
	x.t.Helper()
	select {
	case c := <-x.w.changes:
		return c
	case <-time.After(patienceOfTests):
		x.t.Fatal("no change was offered")
		return change{}
	}
}

func (x *watched) hears(words string) {
	x.t.Helper()
	late := time.After(patienceOfTests)
	for {
		select {
		case s := <-x.said:
			if strings.Contains(s, words) {
				return
			}
		case <-late:
			x.t.Fatalf("never said %q", words)
		}
	}
}

func (x *watched) put(name, text string) {
	x.t.Helper()
	p := filepath.Join(x.dir, name)
	if err := errors.Join(os.MkdirAll(filepath.Dir(p), 0o755), os.WriteFile(p, []byte(text), 0o644)); err != nil {
		x.t.Fatal(err)
	}
}

// While a build is under way nobody takes what the watch offers; it then comes together.
func TestFault27SavesDuringABuildAreAllTold(t *testing.T) {
	asked := make(chan string, 1000)
	x := runWatch(t, &fakeNotify{}, func(w *watch) {
		leftOut := w.leftOut
		w.leftOut = func(rel string) bool { asked <- rel; return leftOut(rel) }
	})
	x.start()
	for _, name := range []string{"a.md", "b.md"} {
		x.put(name, "new")
		x.fake.events <- fsnotify.Event{Name: filepath.Join(x.dir, name), Op: fsnotify.Create}
		late := time.After(patienceOfTests)
		for n := 0; n < 2; { // about the event, and in the look that it sets off
			select {
			case rel := <-asked:
				if rel == name {
					n++
				}
			case <-late:
				t.Fatalf("%s was not looked at", name)
			}
		}
	}
	x.fake.events <- fsnotify.Event{Name: filepath.Join(x.dir, ".c"), Op: fsnotify.Write} // is taken when the look is over
	if c := x.change(); !slices.Equal(c.paths, []string{"a.md", "b.md"}) {
		t.Errorf("found %v", c)
	}
}

func TestFault29AQueueOverflowIsNamedAndEverythingLookedAt(t *testing.T) {
	x := runWatch(t, &fakeNotify{}, nil)
	x.put("a.md", "a")
	x.start()
	x.put("a.md", "changed")
	x.put("deep/er/b.md", "b")
	x.fake.errs <- fsnotify.ErrEventOverflow // and no event of the two
	x.hears("More files changed at once")
	if c := x.change(); !slices.Equal(c.paths, []string{"a.md", "deep/er/b.md"}) {
		t.Errorf("found %v", c)
	}
}

func TestFault29TheWatchLimitIsNamedAndFilesAreLookedAt(t *testing.T) {
	fake := &fakeNotify{limit: 2}
	x := runWatch(t, fake, nil)
	x.put("a/a.md", "a")
	x.put("b/b.md", "b")
	x.put("c/c.md", "c")
	x.start()
	x.hears("max_user_watches")
	if !fake.closed.Load() {
		t.Error("the events that are of no more use were not given back")
	}
	x.put("c/c.md", "changed")
	if c := x.change(); !slices.Equal(c.paths, []string{"c/c.md"}) {
		t.Errorf("found %v", c)
	}
}

func TestFault29NoWatcherAtAll(t *testing.T) {
	x := runWatch(t, &fakeNotify{}, func(w *watch) {
		w.newNotify = func() (notifier, error) { return nil, syscall.EMFILE }
	})
	x.start()
	x.hears("cannot be watched")
	x.put("c.md", "new")
	if c := x.change(); !slices.Equal(c.paths, []string{"c.md"}) {
		t.Errorf("found %v", c)
	}
}

// A network share takes the watch and never sends an event.
func TestFault30AShareThatSendsNoEventsIsLookedAt(t *testing.T) {
	fake := &fakeNotify{}
	x := runWatch(t, fake, func(w *watch) { w.backstop = 10 * time.Millisecond })
	x.put("a.md", "a")
	x.start()
	x.put("a.md", "changed elsewhere")
	if c := x.change(); !slices.Equal(c.paths, []string{"a.md"}) {
		t.Errorf("found %v", c)
	}
	x.hears("without the system telling")
	if !fake.closed.Load() {
		t.Error("still waits for events that do not come")
	}
}

// A look at everything is done in portions, and finds what one in one piece
// finds.
func TestALookInPortionsFindsEverything(t *testing.T) {
	x := runWatch(t, &fakeNotify{}, nil)
	for i := range 200 {
		x.put(fmt.Sprintf("c%d/m/%d.md", i%20, i), "words")
	}
	x.w.lookAtAll()
	x.put("c3/m/3.md", "other words")
	x.put("c4/new/er/4.md", "words")
	if err := errors.Join(os.RemoveAll(filepath.Join(x.dir, "c5")), os.Remove(filepath.Join(x.dir, "c6/m/6.md"))); err != nil {
		t.Fatal(err)
	}
	want := []string{"c3/m/3.md", "c4/new/er/4.md", "c6/m/6.md"}
	for i := 5; i < 200; i += 20 {
		want = append(want, fmt.Sprintf("c5/m/%d.md", i))
	}
	slices.Sort(want)
	var got []string
	if !x.w.begin() {
		t.Fatal("the root is taken for another one")
	}
	for len(x.w.left) > 0 {
		if c := x.w.goOn(); c != nil {
			got = append(got, c.paths...)
		}
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("found %v, want %v", got, want)
	}
	if c := x.w.lookAtAll(); c != nil {
		t.Errorf("a whole look behind it finds %v", c)
	}
	// The root goes away in the middle: nothing of it is taken for deleted.
	x.w.begin()
	if err := os.Rename(x.dir, x.dir+".away"); err != nil {
		t.Fatal(err)
	}
	for len(x.w.left) > 0 {
		if c := x.w.goOn(); c != nil {
			t.Errorf("without the root %v is found", c)
		}
	}
	if x.w.begin() {
		t.Error("a look at everything begins without the root")
	}
}

func TestFault30PollSeesTheChange(t *testing.T) {
	l := run(t, map[string]string{"a.html": "one"}, Options{Poll: 5 * time.Millisecond})
	events := l.listen()
	l.until(events, "/a.html", has("one"))
	l.write("a.html", "two") // the same size, perhaps within the clock's tick
	l.until(events, "/a.html", has("two"))
	l.write("new/b.html", "b")
	l.until(events, "/new/b.html", has("b"))
	if err := os.RemoveAll(filepath.Join(l.dir, "new")); err != nil {
		t.Fatal(err)
	}
	l.until(events, "/new/b.html", func(status int, _ string) bool { return status == 404 })
}

// The same where no event could have told: who asks for looking has a disk that sends none.
func TestFault30PollAsksForNoEvents(t *testing.T) {
	x := runWatch(t, &fakeNotify{}, func(w *watch) {
		w.poll = 5 * time.Millisecond
		w.newNotify = func() (notifier, error) { t.Error("events are waited for"); return nil, syscall.ENOSYS }
	})
	x.put("a.md", "one")
	x.start()
	x.put("b/c.md", "new")
	if c := x.change(); !slices.Equal(c.paths, []string{"b/c.md"}) {
		t.Errorf("found %v", c)
	}
	s, err := New(Options{Dir: x.dir, Build: copySite(""), Addr: "127.0.0.1:0", Poll: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	defer s.listener.Close()
	if w := s.watch(); w.poll != time.Minute {
		t.Errorf("--poll 1m looks every %v", w.poll)
	}
	// Without it all files are looked at as well, now and then: nothing tells of a share that sends no events.
	s.options.Poll = 0
	if w := s.watch(); w.poll != 0 || w.backstop <= 0 || w.backstop > 10*time.Second {
		t.Errorf("without --poll files are looked at every %v, and every %v although events come", w.poll, w.backstop)
	}
}

// A file changed within the tick of its file system's clock has the size and
// the time it had.
func TestFault30TheSameSizeAndTimeAreNoProof(t *testing.T) {
	x := runWatch(t, &fakeNotify{}, func(w *watch) { w.poll = 5 * time.Millisecond })
	x.put("a.md", "one")
	// A minute old by its clock it would not be looked into; it stays young however long this test is kept waiting.
	young := time.Now().Add(time.Hour)
	if err := os.Chtimes(filepath.Join(x.dir, "a.md"), young, young); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(filepath.Join(x.dir, "a.md"))
	if err != nil {
		t.Fatal(err)
	}
	x.start()
	f, err := os.OpenFile(filepath.Join(x.dir, "a.md"), os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	f.WriteAt([]byte("two"), 0)
	f.Close()
	os.Chtimes(filepath.Join(x.dir, "a.md"), time.Time{}, info.ModTime())
	if c := x.change(); !slices.Equal(c.paths, []string{"a.md"}) {
		t.Errorf("found %v", c)
	}
}

func TestFault31FastNestedFolders(t *testing.T) {
	l := run(t, map[string]string{"index.html": "start"}, Options{})
	events := l.listen()
	l.until(events, "/", has("start"))
	for i := range 30 {
		deep := fmt.Sprintf("d%d/e/f/g/h", i)
		l.write(deep+"/page.html", "deep") // mkdir -p and write at once
		l.until(events, "/"+deep+"/page.html", has("deep"))
		l.write(deep+"/page.html", "deeper") // the new folder is watched
		l.until(events, "/"+deep+"/page.html", has("deeper"))
	}
	// A folder that is moved takes its pages with it; one of its name is another.
	if err := os.Rename(filepath.Join(l.dir, "d0"), filepath.Join(l.dir, "moved")); err != nil {
		t.Fatal(err)
	}
	l.until(events, "/moved/e/f/g/h/page.html", has("deeper"))
	l.until(events, "/d0/e/f/g/h/page.html", func(status int, _ string) bool { return status == 404 })
	l.write("moved/e/f/g/h/page.html", "after the move")
	l.until(events, "/moved/e/f/g/h/page.html", has("after the move"))
	l.write("d0/e/f/g/h/page.html", "again")
	l.until(events, "/d0/e/f/g/h/page.html", has("again"))
	l.noPolling()
}

func TestFault33TheRootIsDeletedAndMadeAgain(t *testing.T) {
	l := run(t, map[string]string{"index.html": "one", "sub/a.html": "a"}, Options{})
	events := l.listen()
	l.until(events, "/", has("one"))
	for _, text := range []string{"two", "three"} {
		if err := os.RemoveAll(l.dir); err != nil {
			t.Fatal(err)
		}
		l.says("is gone")
		if _, _, body := l.get("/"); strings.Contains(body, text) {
			t.Fatal("the page is there before it was written")
		}
		l.write("index.html", text)
		l.write("sub/a.html", text)
		l.until(events, "/", has(text))
		l.until(events, "/sub/a.html", has(text))
		l.write("sub/a.html", "later "+text) // watched again
		l.until(events, "/sub/a.html", has("later "+text))
	}
	l.noPolling()
}

func TestFault33TheRootIsReplacedAtOnce(t *testing.T) {
	l := run(t, map[string]string{"index.html": "one"}, Options{})
	events := l.listen()
	l.until(events, "/", has("one"))
	other := l.dir + "-other"
	if err := errors.Join(os.Mkdir(other, 0o755), os.WriteFile(other+"/index.html", []byte("two"), 0o644),
		os.Rename(l.dir, l.dir+"-old"), os.Rename(other, l.dir)); err != nil {
		t.Fatal(err)
	}
	l.until(events, "/", has("two"))
	l.write("index.html", "three")
	l.until(events, "/", has("three"))
}

func TestFault33OutputInsideInputMakesNoLoop(t *testing.T) {
	builds := make(chan []string, 1000)
	var dir atomic.Value
	o := Options{}
	o.Build = func(ctx context.Context, changed []string) (*output.Set, diag.List, error) {
		d := dir.Load().(string)
		builds <- changed
		set, err := output.NewSet(map[string]output.Entry{"index.html": {Bytes: []byte(fmt.Sprint(len(builds)))}})
		if err != nil {
			return nil, nil, err
		}
		// A build that writes into the folder that is watched, as another
		// window's `sopan build` does.
		_, err = output.WriteDir(ctx, set, filepath.Join(d, "public"), output.Options{})
		return set, nil, err
	}
	tmp := filepath.Join(t.TempDir(), "site")
	if err := os.MkdirAll(tmp, 0o755); err != nil {
		t.Fatal(err)
	}
	dir.Store(tmp)
	o.Dir = tmp
	l := run(t, nil, o)
	l.dir = tmp
	<-builds
	l.save("a.md", "a")
	if changed := <-builds; !slices.Equal(changed, []string{"a.md"}) {
		t.Errorf("the build heard of %v, want a.md alone", changed)
	}
	// Whatever the output folder set off would come before the next save's build.
	l.save("b.md", "b")
	if changed := <-builds; !slices.Equal(changed, []string{"b.md"}) {
		t.Errorf("the build heard of %v, want b.md alone", changed)
	}
	l.noPolling()
}

func TestFault32BrokenThenFixed(t *testing.T) {
	l := run(t, map[string]string{"index.html": "<p>good</p>"}, Options{})
	events := l.listen()
	l.until(events, "/", has("good"))
	for range 3 {
		l.save("index.html", "<p>first line</p>\n<p>क्या BROKEN है</p>\n")
		var p problems
		for p.Errors == 0 {
			p = events.next("diagnostics").problems(t)
		}
		got := p.Items[0]
		if got.File != "index.html" || got.Line != 2 || got.Col != 9 || got.Message != "This is broken." || got.Hint != "Mend it." {
			t.Errorf("the overlay says %+v", got)
		}
		if got.Before != "<p>क्या " || got.Marked != "BROKEN" || got.After != " है</p>" {
			t.Errorf("the excerpt is %q %q %q", got.Before, got.Marked, got.After)
		}
		if !p.Kept {
			t.Error("nobody is told that the page is of an earlier build")
		}
		if _, _, body := l.get("/"); !strings.Contains(body, "<p>good</p>") {
			t.Errorf("the last good page is gone: %q", body)
		}
		l.save("index.html", "<p>good</p> again")
		for p.Errors != 0 {
			p = events.next("diagnostics").problems(t)
		}
		l.until(events, "/", has("good</p> again"))
	}
}

// Most mistakes leave a page that can be shown. It is the new one, and nobody is told that it is the last good one.
func TestFault32AMistakeThatLeavesAPageIsLaidOverIt(t *testing.T) {
	dir := t.TempDir()
	l := run(t, nil, Options{Dir: dir, Build: func(context.Context, []string) (*output.Set, diag.List, error) {
		b, err := os.ReadFile(filepath.Join(dir, "index.html"))
		if err != nil {
			return nil, diag.List{{Code: "test/none", Message: "There is no page."}}, nil
		}
		set, err := output.NewSet(map[string]output.Entry{"index.html": {Bytes: b}})
		return set, diag.List{{Start: diag.Pos{File: "index.html", Line: 1, Col: 1}, Code: "test/link", Message: "A link leads nowhere."}}, err
	}})
	l.dir = dir
	l.says("1 error to mend · there is no page to show yet")
	events := l.listen()
	l.save("index.html", "a page with a mistake")
	l.says("1 error to mend · the pages are shown as they are")
	l.until(events, "/", has("a page with a mistake"))
	if found := l.s.problems.Load(); found.Errors != 1 || found.Kept {
		t.Errorf("the overlay says %+v", found)
	}
}

// With -q only what is wrong is said: that all is well, and how many files there are, is not.
func TestAQuietPreviewSaysWhatIsWrong(t *testing.T) {
	l := run(t, map[string]string{"index.html": "good"}, Options{Quiet: true})
	events := l.listen()
	l.until(events, "/", has("good"))
	l.save("index.html", "BROKEN")
	l.says("index.html:1:1: error: This is broken.")
	l.says("1 error to mend")
	l.save("index.html", "good again")
	l.until(events, "/", has("good again"))
	l.stop()
	if s := l.log.String(); strings.Contains(s, "1 file") || strings.Contains(s, "0 errors") {
		t.Errorf("it says %q", s)
	}
}

func TestFault32AMachineThatFailsIsTriedAgain(t *testing.T) {
	var fail atomic.Bool
	fail.Store(true)
	var dir string
	heard := make(chan []string, 100)
	o := Options{Build: func(ctx context.Context, changed []string) (*output.Set, diag.List, error) {
		heard <- changed
		if fail.Load() {
			return nil, nil, syscall.EIO
		}
		return copySite(dir)(ctx, changed)
	}}
	dir = filepath.Join(t.TempDir(), "site")
	os.MkdirAll(dir, 0o755)
	o.Dir = dir
	l := run(t, nil, o)
	<-heard
	events := l.listen()
	if p := events.next("diagnostics").problems(t); p.Errors != 1 || !strings.Contains(p.Items[0].Message, "input/output error") {
		t.Errorf("the overlay says %+v", p)
	}
	if status, _, body := l.get("/"); status != 500 || !strings.Contains(body, "input/output error") || !strings.Contains(body, scriptPath) {
		t.Errorf("without a good page: %d %q", status, body)
	}
	fail.Store(false)
	os.WriteFile(filepath.Join(dir, "index.html"), []byte("works"), 0o644)
	if changed := <-heard; changed != nil {
		t.Errorf("after a failed build of everything only %v is built", changed)
	}
	l.until(events, "/", has("works"))
}

// A tool may put a file's time back (a restore, an rsync): what an event names
// has changed, whatever its size and time say.
func TestFault29AnEventIsBelievedOverSizeAndTime(t *testing.T) {
	x := runWatch(t, &fakeNotify{}, nil)
	x.put("a.md", "one")
	p := filepath.Join(x.dir, "a.md")
	long := time.Now().Add(-time.Hour)
	if err := os.Chtimes(p, long, long); err != nil {
		t.Fatal(err)
	}
	x.start()
	if err := errors.Join(os.WriteFile(p, []byte("two"), 0o644), os.Chtimes(p, long, long)); err != nil {
		t.Fatal(err)
	}
	x.fake.events <- fsnotify.Event{Name: p, Op: fsnotify.Write}
	if c := x.change(); !slices.Equal(c.paths, []string{"a.md"}) {
		t.Errorf("found %v", c)
	}
}

// In another folder of the same name anything may differ, also what the build
// has open.
func TestFault33AnotherFolderInTheRootsPlaceIsAllNew(t *testing.T) {
	x := runWatch(t, &fakeNotify{}, nil)
	x.dir = filepath.Join(x.dir, "site")
	x.w.root = x.dir
	x.put("a.md", "one")
	x.start()
	if err := os.Rename(x.dir, x.dir+"-old"); err != nil {
		t.Fatal(err)
	}
	x.put("a.md", "one")
	x.fake.events <- fsnotify.Event{Name: filepath.Join(x.dir, "a.md"), Op: fsnotify.Write}
	if c := x.change(); !c.all {
		t.Errorf("found %v, want all", c)
	}
}
