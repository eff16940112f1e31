package builder

import (
	"errors"
	"io/fs"

	"sopan.dev/sopan/builder/release"
	"sopan.dev/sopan/builder/source"
	"sopan.dev/sopan/internal/diag"
)

// Lock is what a release of the site remembers: the content of sopan.lock.
// The error is the machine's.
func (r *Result) Lock() (*release.Lock, error) { return release.Of(r.Site) }

// Compare compares the site with the last release. Without a sopan.lock the
// tally is nil; with one that cannot be read it is nil too, and the list says so.
func (r *Result) Compare() (*release.Tally, diag.List, error) {
	old, diags, err := lastRelease(r.Tree)
	if old == nil || err != nil {
		return nil, diags, err
	}
	now, err := r.Lock()
	if err != nil {
		return nil, diags, err
	}
	texts := map[string]source.Text{}
	tally, found := release.Compare(old, now, func(file string, start, end int) (diag.Pos, diag.Pos) {
		if start == 0 && end == 0 {
			return diag.Pos{File: file}, diag.Pos{}
		}
		if _, read := texts[file]; !read {
			text, _, _, err := r.Tree.Text(file)
			if err != nil {
				return diag.Pos{File: file}, diag.Pos{}
			}
			texts[file] = text
		}
		return texts[file].Span(start, end)
	})
	return &tally, append(diags, found...), nil
}

// lastRelease reads sopan.lock; nil when there is none.
func lastRelease(tree *source.Tree) (*release.Lock, diag.List, error) {
	if !tree.Has(release.File) {
		return nil, nil, nil
	}
	b, err := tree.Bytes(release.File)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	text, _ := source.Normalise(release.File, b)
	lock, diags := release.Read(text)
	return lock, diags, nil
}
