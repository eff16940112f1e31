package output

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"syscall"
)

// Reason says why an output folder was refused.
type Reason string

const (
	NotAFolder Reason = "not-a-folder" // the target, or a folder above it, is a file or a device; for a zip: is no file
	IsALink    Reason = "link"         // the target is a symbolic link
	IsHome     Reason = "home"         // the target is a person's home folder
	IsRoot     Reason = "root"         // the target is / or a drive
	ReadOnly   Reason = "read-only"    // the target or its parent may not be written
	Foreign    Reason = "foreign"      // the target holds files that Sopan did not write
	Busy       Reason = "busy"         // another build writes there now
)

// Refusal is an output folder that was not touched, with the next step for the
// person who named it. It is a matter of the command line, not of the machine.
type Refusal struct {
	Dir     string
	Reason  Reason
	Message string   // one sentence
	Hint    string   // what to do next
	Files   []string // Foreign: some of the files, at most five
	Pid     int      // Busy: the process that builds, 0 when it is not known
	Err     error    // the cause, where the operating system gave one
}

func (r *Refusal) Error() string { return r.Message + " " + r.Hint }
func (r *Refusal) Unwrap() error { return r.Err }

func refuseForeign(dir string, files []string) *Refusal {
	shown := files
	if len(shown) > 5 {
		shown = shown[:5]
	}
	names := strings.Join(shown, ", ")
	if more := len(files) - len(shown); more > 0 {
		names += fmt.Sprintf(" and %d more", more)
	}
	return &Refusal{Dir: dir, Reason: Foreign, Files: shown,
		Message: fmt.Sprintf("The folder %s holds files that Sopan did not write: %s.", dir, names),
		Hint:    "Nothing was changed. Name an empty or a new folder with --out, or move these files away (a site's own extra files belong in static/).",
	}
}

func refuseReadOnly(dir string, err error) *Refusal {
	return &Refusal{Dir: dir, Reason: ReadOnly, Err: err,
		Message: fmt.Sprintf("The folder %s may not be written.", dir),
		Hint:    "Allow writing to it, or name another folder with --out.",
	}
}

// refuseBeside: the new site is made beside the old one, so the folder that
// holds both has to be writable (/var/www/html alone is not enough).
func refuseBeside(dir string, err error) *Refusal {
	return &Refusal{Dir: dir, Reason: ReadOnly, Err: err,
		Message: fmt.Sprintf("The folder that holds %s may not be written, and a new site is made beside the old one.", dir),
		Hint:    "Nothing was changed. Build into a folder of your own with --out, and copy it from there.",
	}
}

// failed wraps an error of the machine with what was attempted, and puts the
// one that authors meet most often into plain words.
func failed(doing string, err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, syscall.ENOSPC) {
		return fmt.Errorf("%s: the disk is full: %w", doing, err)
	}
	return fmt.Errorf("%s: %w", doing, err)
}

func denied(err error) bool {
	return errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS)
}
