package output

import (
	"errors"
	"io"
	"os"
	"strconv"
	"strings"
)

// errLocked: another process, or another build in this one, holds the lock.
var errLocked = errors.New("locked")

// Lock takes the build lock of a folder. The operating system holds it, so a
// process that dies gives it back, also after kill -9; the pid in the file is
// there to be named to people. A file whose process is gone and that nobody
// holds is simply taken over.
func (d osDisk) Lock(name string) (func(), int, error) {
	for {
		f, err := d.root.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o644)
		if err != nil {
			return nil, 0, err
		}
		if err := lockFile(f); err != nil {
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
