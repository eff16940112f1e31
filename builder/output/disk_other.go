//go:build !linux && !darwin

package output

import "errors"

// Exchange: there is no such call here; WriteDir renames twice instead.
func (d osDisk) Exchange(a, b string) error { return errors.ErrUnsupported }

// Flush: a folder cannot be synced here; the file system's own journal keeps
// renames in order.
func (d osDisk) Flush(name string) error { return nil }
