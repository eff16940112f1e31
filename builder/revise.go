package builder

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"slices"

	"sopan.dev/sopan/builder/bundle"
	"sopan.dev/sopan/builder/course"
	"sopan.dev/sopan/builder/page"
	"sopan.dev/sopan/builder/source"
	"sopan.dev/sopan/internal/diag"
)

// This file is the short way of a preview's build. When an author saves a
// lesson, nine times in ten no other text can tell: then the last build's list
// of files, its site and its set serve again, with one text changed in each.
// Whenever there is a doubt the build goes the long way, which is the law: the
// short one has to come to the same site.

// lastSite is what a build made, for the next one to start from.
type lastSite struct {
	options Options
	tree    *source.Tree
	survey  *course.Survey
	site    *course.Site
	theme   *page.Theme
	assets  *bundle.Assets
	diags   diag.List
	result  *Result
}

// mostRevised is how many files may have changed for the short way: more are a
// checkout.
const mostRevised = 8

// revise tries the short way; a nil Result means that there is none.
func (b *Builder) revise(ctx context.Context, fsys fs.FS, o Options) (*Result, diag.List, error) {
	last := b.last
	if last == nil || len(o.Changed) == 0 || len(o.Changed) > mostRevised || !last.options.alike(o) {
		return nil, nil, nil
	}
	before := b.read.byFile()
	for _, file := range o.Changed {
		// What is wrong with a text has a place in it, which may have moved.
		if before[file] == nil || slices.ContainsFunc(last.diags, func(d diag.Diagnostic) bool { return names(d, file) }) {
			return nil, nil, nil
		}
	}
	tree, same := last.tree.Again(fsys, o.Changed)
	if !same {
		return nil, nil, nil
	}
	next := *last
	next.tree = tree
	survey := last.survey.On(tree)
	now := map[string]*course.Reading{}
	for _, file := range o.Changed {
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		r, err := survey.Read(survey.Find(file))
		if errors.Is(err, fs.ErrNotExist) {
			return nil, nil, nil
		}
		if err != nil {
			return nil, nil, err
		}
		site, ok := next.site.Revise(tree, file, before[file], r)
		if !ok {
			return nil, nil, nil
		}
		next.site, now[file] = site, r
	}
	files, err := page.Plan(next.site, next.theme, next.assets, o.plan("", nil))
	if err != nil {
		return nil, nil, err
	}
	set, err := page.SetLike(last.result.Set, files)
	if err != nil {
		return nil, nil, nil // the long way says what is wrong
	}
	maps.Copy(before, now)
	result := *last.result
	result.Site, result.Set, result.Tree = next.site, set, tree
	next.result = &result
	b.last = &next
	return &result, next.diags, nil
}

func names(d diag.Diagnostic, file string) bool {
	return d.Start.File == file || slices.ContainsFunc(d.Related, func(r diag.Related) bool { return r.Pos.File == file })
}

// alike tells whether two builds were asked for the same, of whichever files.
func (o Options) alike(other Options) bool {
	return o.Drafts == other.Drafts && o.Endpoint == other.Endpoint && o.Course == other.Course &&
		o.Profile == other.Profile && o.Split == other.Split && o.Release == other.Release
}
