package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"sopan.dev/sopan/internal/folder"
)

// siteDir is an opened site folder.
type siteDir struct {
	path string // absolute
	root *os.Root
	kept *folder.Kept
}

// openSite opens the folder of a site.
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
		return nil, usage("there is no folder `%s`. Name the folder that holds sopan.yaml, or make a site with `sopan new site %s`.", display(abs), argument(display(abs)))
	case err != nil:
		return nil, fmt.Errorf("opening %s: %w", dir, err)
	case !info.IsDir():
		return nil, usage("`%s` is a file. Name the folder that holds sopan.yaml.", display(abs))
	}
	if err := noSite(abs); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(abs)
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", dir, err)
	}
	return &siteDir{abs, root, folder.Keep(root)}, nil
}

const settingsFile = "sopan.yaml"

// noSite refuses a folder without sopan.yaml where it can be told what was meant: the file has nearly that name, as Notepad
// and Explorer leave it behind, or the folder is one inside a site. Else the content is said to lack it, with what to write.
func noSite(abs string) error {
	entries, err := os.ReadDir(abs)
	if err != nil {
		return nil // opening it says why
	}
	nearly, content := "", false
	for _, e := range entries {
		switch name := strings.ToLower(e.Name()); {
		case e.Name() == settingsFile:
			return nil
		case name == "content":
			content = true
		case name == "sopan.yaml", name == "sopan.yml", name == "sopan.yaml.txt", name == "sopan.yml.txt":
			nearly = e.Name()
		}
	}
	if nearly != "" {
		hidden := ""
		if strings.HasSuffix(nearly, ".txt") {
			hidden = " Explorer hides the last ending; “File name extensions” in its View menu shows it."
		}
		return usage("`%s` is not read: the settings of a site are called `%s`, with these letters and no other ending. Rename it.%s", nearly, settingsFile, hidden)
	}
	if content {
		return nil
	}
	for up := filepath.Dir(abs); up != filepath.Dir(up); up = filepath.Dir(up) {
		if info, err := os.Stat(filepath.Join(up, settingsFile)); err == nil && info.Mode().IsRegular() {
			return usage("the folder `%s` is no site, but a part of the one in `%s`. Name that folder in its place, or go there first:\n  cd %s", filepath.Base(abs), filepath.Base(up), argument(fromHere(up)))
		}
	}
	return nil
}

// fromHere is the way from the current folder to another one.
func fromHere(path string) string {
	if here, err := filepath.Abs("."); err == nil {
		if rel, err := filepath.Rel(here, path); err == nil {
			return rel
		}
	}
	return path
}

// argument is a path as it is typed on a command line: PowerShell, the old Windows prompt and Unix shells all take double
// quotation marks around a space.
func argument(path string) string {
	if strings.ContainsAny(path, " ()&;,'") {
		return `"` + path + `"`
	}
	return path
}

func (s *siteDir) close() {
	s.kept.ForgetAll()
	s.root.Close()
}

// files gives the files of the site, as its folders are now.
func (s *siteDir) files() fs.FS {
	s.kept.ForgetAll()
	return s.kept.FS()
}

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
