package builder

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"sopan.dev/sopan/builder/course"
	"sopan.dev/sopan/builder/source"
	"sopan.dev/sopan/themes"
)

// themeOf lays the site's own theme, if it has one, over the built-in theme
// (base), and says where it stands, for messages.
func themeOf(site course.Settings, tree *source.Tree) (theme, base fs.FS, dir string, err error) {
	base, err = fs.Sub(themes.Sopan, "sopan")
	if err != nil {
		return nil, nil, "", fmt.Errorf("opening the built-in theme: %w", err)
	}
	dir = "themes/" + site.Theme
	if len(tree.Under(dir)) == 0 {
		return base, base, dir, nil
	}
	own, err := tree.Sub(dir)
	if err != nil {
		return nil, nil, "", fmt.Errorf("opening the theme %s: %w", dir, err)
	}
	return &layers{own, base}, base, dir, nil
}

// layers is file systems on top of each other: a file of an upper one hides
// its namesake below, folders are merged.
type layers []fs.FS

// Open implements fs.FS.
func (l *layers) Open(name string) (fs.File, error) {
	for _, layer := range *l {
		f, err := layer.Open(name)
		if !errors.Is(err, fs.ErrNotExist) {
			return f, err
		}
	}
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

// ReadDir implements fs.ReadDirFS.
func (l *layers) ReadDir(name string) ([]fs.DirEntry, error) {
	seen := map[string]bool{}
	var out []fs.DirEntry
	found := false
	for _, layer := range *l {
		entries, err := fs.ReadDir(layer, name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		found = true
		for _, e := range entries {
			if !seen[e.Name()] && !strings.HasPrefix(e.Name(), ".") {
				seen[e.Name()] = true
				out = append(out, e)
			}
		}
	}
	if !found {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: fs.ErrNotExist}
	}
	slices.SortFunc(out, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return out, nil
}
