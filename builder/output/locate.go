package output

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"syscall"
)

// place is where a target stands: a folder and a name in it.
type place struct{ parent, name string }

// locate refuses what no set may replace.
func locate(dir string) (place, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return place{}, failed("finding "+dir, err)
	}
	if filepath.Dir(abs) == abs {
		return place{}, &Refusal{Dir: dir, Reason: IsRoot,
			Message: dir + " is the root of a disk.",
			Hint:    "Nothing was changed. Name a new folder with --out.",
		}
	}
	if isHome(abs) {
		return place{}, &Refusal{Dir: dir, Reason: IsHome,
			Message: dir + " is your home folder.",
			Hint:    "Nothing was changed. Name a folder inside it with --out, for example " + path.Join(filepath.ToSlash(dir), "public") + ".",
		}
	}
	return place{filepath.Dir(abs), filepath.Base(abs)}, nil
}

func isHome(abs string) bool {
	home, err := os.UserHomeDir()
	if err != nil {
		return false
	}
	a, err1 := os.Stat(abs)
	b, err2 := os.Stat(home)
	return err1 == nil && err2 == nil && os.SameFile(a, b)
}

// makeParents makes the folders above the target.
func makeParents(parent string) error {
	err := os.MkdirAll(parent, 0o755)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.ENOTDIR), errors.Is(err, fs.ErrExist):
		return &Refusal{Dir: parent, Reason: NotAFolder, Err: err,
			Message: parent + " is not a folder.",
			Hint:    "Nothing was changed. Name a new folder with --out.",
		}
	case denied(err):
		return refuseReadOnly(parent, err)
	}
	return failed("making the folder "+parent, err)
}
