package output

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// errKill as the error of a failingDisk kills the process instead.
var errKill = errors.New("kill -9")

// die is kill -9 of oneself: no deferred call runs, no buffer is written.
func die() {
	p, _ := os.FindProcess(os.Getpid())
	p.Kill()
	select {}
}

// The test binary is also the build that is killed: with these variables set
// it builds into a folder instead of testing.
const (
	childDir  = "SOPAN_TEST_CHILD_DIR"  // the target
	childCall = "SOPAN_TEST_CHILD_CALL" // die at this call; "-" builds for ever, "hold" takes the lock and waits
	childTwo  = "SOPAN_TEST_CHILD_TWO"  // without exchange
	childKept = "SOPAN_TEST_CHILD_KEPT" // the folder of what one run keeps for the next; "" for nothing
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		child(dir, os.Getenv(childCall))
		return
	}
	os.Exit(m.Run())
}

// keeping is what a build keeps for the next besides the output, as the command does: a Memory in a file, and a spare folder.
// Whoever is killed has not written the one, and perhaps has half of the other. The zero value keeps nothing.
type keeping struct{ dir string }

func (k keeping) options() Options {
	if k.dir == "" {
		return Options{}
	}
	o := Options{Memory: &Memory{}, Spare: filepath.Join(k.dir, "spare")}
	if b, err := os.ReadFile(filepath.Join(k.dir, "memory")); err == nil {
		if err := json.Unmarshal(b, o.Memory); err != nil {
			panic(err)
		}
	}
	return o
}

func (k keeping) put(o Options) {
	if k.dir == "" {
		return
	}
	b, err := json.Marshal(o.Memory)
	name := filepath.Join(k.dir, "memory")
	if err = errors.Join(err, os.WriteFile(name+".new", b, 0o644)); err == nil {
		err = os.Rename(name+".new", name)
	}
	if err != nil {
		panic(err)
	}
}

// keyed is a set whose entries have keys, by which a Memory knows them again unrendered.
func keyed(t testing.TB, files map[string]string) *Set {
	entries := map[string]Entry{}
	for p, s := range files {
		entries[p] = Entry{Key: hashOf([]byte(s)), Render: func() ([]byte, error) { return []byte(s), nil }}
	}
	set, err := NewSet(entries)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// write is mustWrite by a run that keeps something.
func (k keeping) write(t *testing.T, dir, generation string) {
	t.Helper()
	o := k.options()
	if _, err := WriteDir(t.Context(), keyed(t, killSet(generation)), dir, o); err != nil {
		t.Fatal(err)
	}
	k.put(o)
}

func killSet(generation string) map[string]string {
	files := map[string]string{"same.html": "same", "gone-with-" + generation + ".html": generation}
	for i := range 12 {
		files[fmt.Sprintf("m%d/l%d.html", i%3, i)] = strings.Repeat(generation, 5000)
	}
	return files
}

func child(dir, call string) {
	real, err := openDisk(filepath.Dir(dir))
	if err != nil {
		panic(err)
	}
	if call == "hold" {
		if _, _, err := real.Lock("." + filepath.Base(dir) + ".sopan-lock"); err != nil {
			panic(err)
		}
		fmt.Println("held")
		select {}
	}
	d := &failingDisk{disk: real, err: errKill, twoStep: os.Getenv(childTwo) != ""}
	d.left, _ = strconv.Atoi(call)
	k := keeping{os.Getenv(childKept)}
	for i := 0; ; i++ {
		o := k.options()
		if _, err = writeDir(context.Background(), d, keyed(nil, killSet([]string{"new", "other"}[i%2])), filepath.Base(dir), dir, o); err != nil {
			panic(err)
		}
		k.put(o)
		if call != "-" {
			fmt.Println("done")
			return
		}
		fmt.Println("built")
	}
}

func startChild(t *testing.T, dir, call string, twoStep bool, k keeping) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childDir+"="+dir, childCall+"="+call, childKept+"="+k.dir)
	if twoStep {
		cmd.Env = append(cmd.Env, childTwo+"=1")
	}
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, bufio.NewScanner(out)
}

// oneOf tells which generation a folder holds whole, "" when none.
func oneOf(t *testing.T, dir string, generations ...string) string {
	got := tree(t, dir)
	for _, g := range generations {
		if maps.Equal(got, killSet(g)) {
			return g
		}
	}
	t.Logf("the folder holds %v", slices.Sorted(maps.Keys(got)))
	return ""
}

// works builds once more and looks that nothing is left of the killed run.
func works(t *testing.T, dir string, k keeping) {
	t.Helper()
	k.write(t, dir, "next")
	if oneOf(t, dir, "next") == "" {
		t.Fatal("the next build does not give its site")
	}
	if left := beside(t, dir); len(left) > 0 {
		t.Fatalf("the next build leaves beside it: %v", left)
	}
}

func TestFault14KilledAtEachCall(t *testing.T) {
	for _, c := range []struct{ twoStep, keeps, first bool }{
		{false, false, false}, {true, false, false}, {false, true, false}, {true, true, false}, {false, true, true},
	} {
		twoStep := c.twoStep
		t.Run(fmt.Sprintf("twoStep=%v,keeps=%v,first=%v", twoStep, c.keeps, c.first), func(t *testing.T) {
			t.Parallel()
			olds, news := 0, 0
			for n := 1; ; n++ {
				dir, k := filepath.Join(t.TempDir(), "public"), keeping{}
				if c.keeps {
					k.dir = t.TempDir()
				}
				if c.keeps && !c.first {
					k.write(t, dir, "older") // what becomes the spare
				}
				if !c.first {
					k.write(t, dir, "old")
				}
				cmd, out := startChild(t, dir, strconv.Itoa(n), twoStep, k)
				finished := out.Scan()
				cmd.Wait()
				if _, err := os.Stat(dir); twoStep && errors.Is(err, os.ErrNotExist) {
					// Between the two renames there is no site for a moment (Linux
					// and macOS have the one call): the next run brings it back.
					d, err := openDisk(filepath.Dir(dir))
					if err != nil {
						t.Fatal(err)
					}
					w := &writer{disk: d, target: "public", fresh: ".public.sopan-new", aside: ".public.sopan-old", shown: dir}
					if err := w.recover(); err != nil {
						t.Fatal(err)
					}
					d.Close()
				}
				_, err := os.Stat(dir)
				switch none := errors.Is(err, os.ErrNotExist); {
				case c.first && none, !none && oneOf(t, dir, "old") != "":
					olds++
				case !none && oneOf(t, dir, "new") != "":
					news++
				default:
					t.Fatalf("killed at call %d: neither the old site nor the new one", n)
				}
				works(t, dir, k)
				if finished {
					break
				}
			}
			t.Logf("killed %d times", olds+news-1)
			if olds < 20 || news < 1 {
				t.Errorf("%d runs kept the old site, %d had the new one: the kills did not reach both sides", olds, news)
			}
		})
	}
}

// Random moments, mid-system-call too; every second run keeps nothing for the next. SOPAN_KILLS sets how many.
func TestFault14KilledAtAnyMoment(t *testing.T) {
	runs := 100
	if s := os.Getenv("SOPAN_KILLS"); s != "" {
		var err error
		if runs, err = strconv.Atoi(s); err != nil {
			t.Fatalf("SOPAN_KILLS: %v", err)
		}
	}
	dir, keeps := filepath.Join(t.TempDir(), "public"), keeping{t.TempDir()}
	keeps.write(t, dir, "old")
	took := 20 * time.Millisecond
	for i := range runs {
		k := []keeping{keeps, {}}[i%2]
		cmd, out := startChild(t, dir, "-", false, k)
		if !out.Scan() {
			t.Fatalf("run %d: the child did not build", i)
		}
		start := time.Now()
		if out.Scan() {
			took = time.Since(start)
		}
		// A random moment is the subject here, not a wait for something.
		time.Sleep(rand.N(2*took + time.Millisecond))
		cmd.Process.Kill()
		cmd.Wait()
		if oneOf(t, dir, "new", "other") == "" {
			t.Fatalf("run %d: neither the one site nor the other", i)
		}
		works(t, dir, k)
	}
}

func TestFault17TwoBuildsAtOnce(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "public")
	mustWrite(t, dir, killSet("old"))
	cmd, out := startChild(t, dir, "hold", false, keeping{})
	defer func() { cmd.Process.Kill(); cmd.Wait() }()
	if !out.Scan() || out.Text() != "held" {
		t.Fatal("the other build did not start")
	}
	set := mustSet(t, killSet("new"))

	_, err := WriteDir(t.Context(), set, dir, Options{Wait: -1})
	var r *Refusal
	if !errors.As(err, &r) || r.Reason != Busy || r.Pid != cmd.Process.Pid {
		t.Fatalf("error %v, want a refusal that names process %d", err, cmd.Process.Pid)
	}
	if !strings.Contains(err.Error(), strconv.Itoa(cmd.Process.Pid)) {
		t.Errorf("the words do not name the process: %v", err)
	}
	if oneOf(t, dir, "old") == "" {
		t.Error("a refused build changed the folder")
	}

	// The other build dies while this one waits: its lock is taken over.
	result := make(chan error, 1)
	go func() {
		_, err := WriteDir(t.Context(), set, dir, Options{Wait: time.Minute})
		result <- err
	}()
	cmd.Process.Kill()
	cmd.Wait()
	if err := <-result; err != nil {
		t.Fatalf("after the other build died: %v", err)
	}
	if oneOf(t, dir, "new") == "" || len(beside(t, dir)) > 0 {
		t.Errorf("the waiting build did not write its site, or left %v", beside(t, dir))
	}
}

// The build before ends, and takes its lock file with it, after this one has opened that file and before it has locked it.
func TestFault17ALockOnADeletedFileIsNone(t *testing.T) {
	for _, third := range []bool{false, true} { // and a third build has made and locked a file of that name
		t.Run(fmt.Sprintf("third=%v", third), func(t *testing.T) {
			dir := t.TempDir()
			opened, err := openDisk(dir)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { opened.Close() })
			d := opened.(osDisk)
			before := true
			unlock, _, err := d.lockBy(func(f *os.File) error {
				if before {
					before = false
					if err := os.Remove(filepath.Join(dir, "lock")); err != nil {
						t.Error(err)
					}
					if third {
						free, _, err := d.Lock("lock")
						if err != nil {
							t.Fatal(err)
						}
						t.Cleanup(free)
					}
				}
				return lockFile(f)
			}, "lock")
			if third {
				if !errors.Is(err, errLocked) {
					t.Errorf("beside the third build this one holds the lock too: %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if _, _, err := d.Lock("lock"); !errors.Is(err, errLocked) {
				t.Errorf("another build gets the lock as well: %v", err)
			}
			unlock()
			if left := tree(t, dir); len(left) > 0 {
				t.Errorf("left: %v", left)
			}
		})
	}
}

func TestFault17TheLockIsHeldUntilTheSiteStands(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "public")
	renders, goOn := make(chan bool), make(chan bool)
	slow, err := NewSet(map[string]Entry{"index.html": {Render: func() ([]byte, error) {
		close(renders)
		<-goOn
		return []byte("slow"), nil
	}}})
	if err != nil {
		t.Fatal(err)
	}
	result := make(chan error, 1)
	go func() {
		_, err := WriteDir(t.Context(), slow, dir, Options{})
		result <- err
	}()
	select {
	case <-renders:
	case err := <-result:
		t.Fatalf("the first build ended before its page was asked for: %v", err)
	}
	_, err = WriteDir(t.Context(), mustSet(t, killSet("new")), dir, Options{Wait: -1})
	var r *Refusal
	if !errors.As(err, &r) || r.Reason != Busy {
		t.Errorf("in the middle of a build another one ends with %v", err)
	}
	close(goOn)
	if err := <-result; err != nil {
		t.Fatal(err)
	}
	if got := tree(t, dir); !maps.Equal(got, map[string]string{"index.html": "slow"}) {
		t.Errorf("the folder holds %v", got)
	}
}

func TestFault17BuildsInOneProcessQueue(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "public")
	results := make(chan error, 8)
	for i := range 8 {
		set := mustSet(t, killSet(strconv.Itoa(i)))
		go func() {
			_, err := WriteDir(t.Context(), set, dir, Options{Wait: time.Minute})
			results <- err
		}()
	}
	for range 8 {
		if err := <-results; err != nil {
			t.Error(err)
		}
	}
	if oneOf(t, dir, "0", "1", "2", "3", "4", "5", "6", "7") == "" {
		t.Error("the folder is a mixture")
	}
}

func TestFault17AWaitEndsWithItsContext(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "public")
	d, err := openDisk(filepath.Dir(dir))
	if err != nil {
		t.Fatal(err)
	}
	unlock, _, err := d.Lock(".public.sopan-lock")
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := WriteDir(ctx, mustSet(t, killSet("x")), dir, Options{Wait: time.Minute}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
}

// While the site is made, somebody puts a link to a folder of theirs in the
// place of a folder that is being written: before its first page is written, and between two of them.
func TestFault21ALinkSwappedInMidBuild(t *testing.T) {
	for _, before := range []bool{true, false} {
		parent := t.TempDir()
		dir, outside := filepath.Join(parent, "public"), t.TempDir()
		swap := func() ([]byte, error) {
			fresh := filepath.Join(parent, ".public.sopan-new")
			if err := errors.Join(os.RemoveAll(filepath.Join(fresh, "m")), os.Symlink(outside, filepath.Join(fresh, "m"))); err != nil {
				t.Errorf("setting the trap: %v", err)
			}
			return []byte("page"), nil
		}
		entries := map[string]Entry{"m/z.html": {Render: swap}}
		if !before { // a late page comes when the others are written
			entries = map[string]Entry{"m/a.html": {Bytes: []byte("a")}, "m/z.html": {Late: func(func(string) (Sum, bool)) ([]byte, error) { return swap() }}}
		}
		set, err := NewSet(entries)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := WriteDir(t.Context(), set, dir, Options{}); err == nil {
			t.Errorf("before the first page %v: a link out of the folder was followed without an error", before)
		}
		if got := tree(t, outside); len(got) > 0 {
			t.Errorf("before the first page %v: written outside: %v", before, got)
		}
	}
}
