package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"sopan.dev/sopan/builder"
	"sopan.dev/sopan/builder/output"
	"sopan.dev/sopan/builder/release"
	"sopan.dev/sopan/builder/source"
	"sopan.dev/sopan/internal/diag"
)

type buildCmd struct {
	Dir  string `arg:"" optional:"" help:"Folder that holds sopan.yaml (default: the current folder)." type:"path"`
	Out  string `help:"Folder to write to (default: DIR/public)." placeholder:"FOLDER" type:"path"`
	Keys string `help:"Folder for the keys of sealed quizzes (default: the output folder's name with .keys behind it)." placeholder:"FOLDER" type:"path"`

	Compress bool `help:"Also write a .gz and a .br file beside each text, for web servers that send these as they are."`
	NoCache  bool `help:"Work everything out anew, and remember nothing of it for the next build."`

	Release bool `help:"Remember in sopan.lock what is published, so that later builds say what they change for learners."`
}

func (buildCmd) Help() string {
	return "Example: sopan build my-courses --out /srv/www/courses\n\n" +
		"The folder is written whole or not at all. With errors in the content the old site stays as it is.\n\n" +
		"The key of each sealed quiz goes to FOLDER.keys, beside the site and never inside it.\n" +
		"With --release a later build or check says which questions are new, changed or gone."
}

// authors is an error that is an author's mistake after all: one that shows
// only when a page is rendered, as in a theme's template.
type authors interface {
	error
	Diagnostics() diag.List
}

// mostTries is how often a build starts again because a source file changed
// under it, or went away; an editor that saves all the time must not hold it up
// for ever.
const mostTries = 3

// isStale tells whether an error says no more than that the sources are not what
// they were when they were read.
func isStale(err error) bool {
	var stale interface{ Stale() bool }
	return errors.As(err, &stale) && stale.Stale()
}

func (c *buildCmd) Run(ctx context.Context, t *terminal) error {
	start := time.Now()
	site, err := openSite(c.Dir)
	if err != nil {
		return err
	}
	defer site.close()
	out := c.Out
	if out == "" {
		out = filepath.Join(site.path, "public")
	}
	if room := site.among(out); room != "" {
		return usage("%s stands among the site's sources, in `%s`, and would be read as one of them.\n  Nothing was changed. Name a folder outside of it with --out", display(out), room)
	}
	keys, err := site.keyFolder(c.Keys, out)
	if err != nil {
		return err
	}
	remembered := site.cache(!c.NoCache)
	reading := readLast(remembered)
	b := builder.Remembering(remembered, tool())
	options := builder.Options{Skip: site.skip(out), Release: c.Release}
	tree, unchanged, err := b.Unchanged(ctx, site.files(), options)
	if err != nil {
		return err
	}
	last := <-reading
	again := last.is(c.request(out, keys)) && keysStand(last.Keys)
	if again && unchanged != "" && last.Sources == unchanged && last.untouched(out, remembered) {
		if err := t.report(t.err, last.Diags, tree); err != nil {
			return err
		}
		if !t.quiet {
			last.say(t, last.result(), out, start)
			last.sayKeys(t, keys)
		}
		return nil
	}
	end := func(written output.Result, tree *source.Tree) {
		last.Request, last.Sources = c.request(out, keys), builder.NameOf(tree)
		if !t.quiet {
			last.say(t, written, out, start)
			if c.Release {
				fmt.Fprintf(t.out, "what is released stands in %s; commit it with the content\n", display(filepath.Join(site.path, release.File)))
			}
			last.sayKeys(t, keys)
		}
		wait := b.Keep(tree, last.Sources)
		last.Memory.Settle(out) // as late as can be: its files are young
		last.put(remembered)
		wait()
	}
	writing := output.Options{Progress: t.bar("pages"), Memory: &last.Memory, Spare: remembered.Spare()}
	if again && unchanged == "" {
		if written, amended, done := c.amend(ctx, b, options, last, out, writing); done {
			if err := t.report(t.err, last.Diags, amended.Tree); err != nil {
				return err
			}
			last.Known = amended.Known
			end(written, amended.Tree)
			return nil
		}
	}
	hugePages()
	for try := 1; ; try++ {
		result, diags, err := b.Build(ctx, site.files(), options)
		if err != nil {
			return err
		}
		summary, diags, err := compared(result, diags)
		if err != nil {
			return err
		}
		if err := t.report(t.err, diags, result.Tree); err != nil {
			return err
		}
		if diags.HasErrors() {
			fmt.Fprintf(t.err, "%s · nothing was written · %s\n", tally(diags), seconds(time.Since(start)))
			b.Keep(result.Tree, builder.NameOf(result.Tree))()
			return errContent
		}
		sealed, err := keyFiles(result, keys, out)
		if err != nil {
			return err
		}
		undo, err := keyFolders(sealed)
		if err != nil {
			return err
		}
		set := result.Set
		if c.Compress {
			if set, err = output.Compressed(set); err != nil {
				return err
			}
		}
		written, err := output.WriteDir(ctx, set, out, writing)
		if err == nil {
			err = writeKeys(sealed)
		} else {
			undo() // a refused build leaves nothing behind
		}
		var refused *output.Refusal
		var mistake authors
		switch {
		case isStale(err) && try < mostTries:
			continue
		case errors.As(err, &mistake):
			diags = mistake.Diagnostics()
			if err := t.report(t.err, diags, result.Tree); err != nil {
				return err
			}
			fmt.Fprintf(t.err, "%s · nothing was written · %s\n", tally(diags), seconds(time.Since(start)))
			return errContent
		case errors.As(err, &refused):
			return &failure{exitUsage, fmt.Errorf("%s\n  %s", refused.Message, refused.Hint)}
		case err != nil:
			return err
		}
		if c.Release {
			if err := site.writeLock(result); err != nil {
				return err
			}
		}
		last.Diags, last.Told, last.Summary, last.Keys, last.Known = diags, result.Told, summary, standing(sealed), result.Known
		end(written, result.Tree)
		return nil
	}
}

// amend tries to build only what shows the texts that changed. Whatever stands
// in its way is met once more by a whole build, which says so.
func (c *buildCmd) amend(ctx context.Context, b *builder.Builder, o builder.Options, last *lastBuild, out string, writing output.Options) (output.Result, *builder.Amended, bool) {
	since := builder.LastBuilt{Sources: last.Sources, Diags: last.Diags, Keys: len(last.Keys) > 0, Known: last.Known, Memory: &last.Memory, Out: out}
	if !b.MayAmend(o, since) {
		return output.Result{}, nil, false
	}
	writing.Wait = -1 // the whole build waits
	var held *output.Held
	var holding errgroup.Group
	holding.Go(func() (err error) {
		held, err = output.Hold(ctx, out, writing)
		return err
	})
	amended, set := c.amended(ctx, b, o, since)
	if holding.Wait() != nil {
		return output.Result{}, nil, false
	}
	if set == nil {
		held.Release()
		return output.Result{}, nil, false
	}
	written, err := held.Write(ctx, set)
	return written, amended, err == nil
}

// amended gives the files of an amended site, all of them; no set where there is
// no short way.
func (c *buildCmd) amended(ctx context.Context, b *builder.Builder, o builder.Options, since builder.LastBuilt) (*builder.Amended, *output.Set) {
	amended, err := b.Amend(ctx, o, since)
	if err != nil || amended == nil {
		return nil, nil
	}
	fresh := amended.Set
	if c.Compress {
		if fresh, err = output.Compressed(fresh); err != nil {
			return nil, nil
		}
	}
	set, known := since.Memory.With(fresh)
	if !known {
		return nil, nil
	}
	return amended, set
}

// display shortens a path to one below the current folder where it is.
func display(p string) string {
	if cwd, err := filepath.Abs("."); err == nil {
		if rel, err := filepath.Rel(cwd, p); err == nil && filepath.IsLocal(rel) {
			return rel
		}
	}
	return p
}

// bar shows progress on a terminal once a second has gone by; in a pipe it
// is silent.
func (t *terminal) bar(what string) func(done, total int) {
	if !t.progress || t.quiet {
		return nil
	}
	start, last := time.Now(), time.Time{}
	shown := false
	return func(done, total int) {
		now := time.Now()
		if done == total {
			if shown {
				fmt.Fprint(t.err, "\r\x1b[K")
			}
			return
		}
		if now.Sub(start) < time.Second || now.Sub(last) < 100*time.Millisecond {
			return
		}
		last, shown = now, true
		fmt.Fprintf(t.err, "\r%d of %d %s", done, total, what)
	}
}
