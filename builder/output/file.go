package output

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// WriteFile writes a single file whole or not at all: it is made beside the
// old one, flushed, and takes its place in one step. A new file gets perm; an
// old one keeps what it has, unless that allows more than perm does. A link is
// followed, so that it still leads to the same file afterwards.
func WriteFile(file string, content []byte, perm fs.FileMode) (err error) {
	if target, err := filepath.EvalSymlinks(file); err == nil {
		file = target
	} else if !errors.Is(err, fs.ErrNotExist) {
		return failed("looking at "+file, err)
	}
	if info, err := os.Stat(file); err == nil {
		perm &= info.Mode().Perm()
	}
	f, err := os.CreateTemp(filepath.Dir(file), ".sopan-*.tmp") // which source.Read takes for an editor's
	if err != nil {
		return failed("writing "+file, err)
	}
	temporary := f.Name()
	defer func() {
		if err != nil {
			os.Remove(temporary)
			err = failed("writing "+file, err)
		}
	}()
	if _, err = f.Write(content); err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return err
	}
	if err = os.Chmod(temporary, perm); err != nil {
		return err
	}
	return whileHeld(func() error { return os.Rename(temporary, file) })
}
