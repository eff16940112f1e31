package output

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"
)

// errLocked: another process, or another build in this one, holds the lock.
var errLocked = errors.New("locked")

// Lock takes the build lock of a folder. The operating system holds it, so a
// process that dies gives it back, also after kill -9; the pid in the file is
// there to be named to people. A file whose process is gone and that nobody
// holds is simply taken over.
func (d osDisk) Lock(name string) (func(), int, error) { return d.lockBy(lockFile, name) }

// lockBy is Lock with the system's call, which fails with errLocked while
// another holds the file.
func (d osDisk) lockBy(lock func(*os.File) error, name string) (func(), int, error) {
	for {
		f, err := d.root.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o644)
		if err != nil {
			return nil, 0, err
		}
		if err := lock(f); err != nil {
			pid := readPid(f)
			f.Close()
			return nil, pid, err
		}
		// The holder before us deletes the file when it is done. Whoever
		// waited on that deleted file holds nothing, and looks again.
		mine, err1 := f.Stat()
		there, err2 := d.root.Lstat(name)
		if err1 != nil || err2 != nil || !os.SameFile(mine, there) {
			f.Close()
			continue
		}
		if err := writePid(f); err != nil {
			d.root.Remove(name)
			f.Close()
			return nil, 0, err
		}
		return func() {
			// Windows deletes no open file, others must delete before they
			// unlock: one of the two works.
			removed := d.root.Remove(name)
			f.Close()
			if removed != nil {
				d.root.Remove(name)
			}
		}, 0, nil
	}
}

func writePid(f *os.File) error {
	if err := f.Truncate(0); err != nil {
		return err
	}
	_, err := f.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	return err
}

func readPid(f *os.File) int {
	b, _ := io.ReadAll(io.LimitReader(f, 20))
	pid, _ := strconv.Atoi(strings.TrimSpace(string(b)))
	return pid
}

// waitForLock takes the lock beside a target; it waits for another build, then
// gives up and names it.
func waitForLock(ctx context.Context, d disk, target, shown string, wait time.Duration) (func(), error) {
	if wait == 0 {
		wait = 10 * time.Second
	}
	deadline := time.Now().Add(wait)
	for {
		unlock, pid, err := d.Lock("." + target + ".sopan-lock")
		switch {
		case err == nil:
			return unlock, nil
		case denied(err):
			return nil, refuseBeside(shown, err)
		case !errors.Is(err, errLocked):
			return nil, failed("locking "+shown, err)
		case time.Now().After(deadline):
			who := "Another build"
			if pid != 0 {
				who = fmt.Sprintf("Another build (process %d)", pid)
			}
			return nil, &Refusal{Dir: shown, Reason: Busy, Pid: pid, Err: err,
				Message: who + " is writing to " + shown + ".",
				Hint:    "Wait until it is done, or stop it, and build again.",
			}
		}
		// A file lock can only be asked for; nobody tells when it is free.
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}
