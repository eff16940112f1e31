package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// siteDir is an opened site folder.
type siteDir struct {
	path string // absolute
	root *os.Root
}

// openSite opens the folder of a site. A folder without sopan.yaml is refused
// when it does not look like a site at all, so that a slip of the keyboard
// does not build somebody's home folder.
func openSite(dir string) (*siteDir, error) {
	if dir == "" {
		dir = "."
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	info, err := os.Stat(abs)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, usage("there is no folder `%s`. Name the folder that holds sopan.yaml, or make a site with `sopan new site %s`.", display(abs), display(abs))
	case err != nil:
		return nil, fmt.Errorf("opening %s: %w", dir, err)
	case !info.IsDir():
		return nil, usage("`%s` is a file. Name the folder that holds sopan.yaml.", display(abs))
	}
	root, err := os.OpenRoot(abs)
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", dir, err)
	}
	return &siteDir{abs, root}, nil
}

func (s *siteDir) close() { s.root.Close() }

// among names the folder of sources that a path stands in, "" for none.
func (s *siteDir) among(p string) string {
	for _, room := range []string{"content", "static", "themes"} {
		if rel, err := filepath.Rel(filepath.Join(s.path, room), p); err == nil && filepath.IsLocal(rel) {
			return room
		}
	}
	return ""
}

// skip leaves an output folder inside the site out of what is read.
func (s *siteDir) skip(out string) func(string) bool {
	rel, err := filepath.Rel(s.path, out)
	if err != nil || rel == "." || strings.HasPrefix(rel, "..") {
		return nil
	}
	slash := filepath.ToSlash(rel)
	return func(p string) bool { return p == slash || strings.HasPrefix(p, slash+"/") }
}
