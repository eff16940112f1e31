//go:build !linux

package folder

import (
	"io"
	"os"
)

// files is how the files of an open folder are read and made.
type files struct{ root *os.Root }

func slowly(root *os.Root) files  { return files{root} }
func filesOf(root *os.Root) files { return files{root} }

func (f files) close() { f.root.Close() }

func (f files) read(_ []byte, name string) ([]byte, error) { return f.root.ReadFile(name) }
func (f files) create(name string) (io.WriteCloser, error) { return createIn(f.root, name) }
