//go:build !linux && !darwin

package stamp

import "io/fs"

// identify: here a stat call tells neither the time of the last change nor which
// file it is, and a program can set the rest as it was. No stamp proves anything.
func (s *Stamp) identify(fs.FileInfo) { *s = Stamp{} }
