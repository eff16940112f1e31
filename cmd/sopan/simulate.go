package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"sopan.dev/sopan/builder"
	"sopan.dev/sopan/builder/export"
	"sopan.dev/sopan/builder/source"
	"sopan.dev/sopan/internal/diag"
	"sopan.dev/sopan/simulate"
)

type simulateCmd struct {
	Dir      string   `arg:"" optional:"" help:"Folder that holds sopan.yaml (default: the current folder)." type:"path"`
	As       string   `help:"What the course is a package for: ${platforms}." default:"web" enum:"${platforms}" placeholder:"FORMAT"`
	Learners string   `help:"Folder of the learners' files (default: DIR/learners)." placeholder:"FOLDER" type:"path"`
	Only     []string `help:"These learners alone, by the names of their files." placeholder:"NAME"`
	Golden   string   `help:"Compare what they leave with the files in this folder, in place of printing it." placeholder:"FOLDER" type:"path"`
	Update   bool     `help:"Write the files of --golden anew."`
}

func (simulateCmd) Help() string {
	return "Example: sopan simulate my-courses --golden my-courses/learners/golden\n\n" +
		"Each file in the learners' folder describes one: what they read, answer and decide, when they leave and come back.\n" +
		"They take the course in a headless Chromium, and the records that they leave are printed, one JSON object a line.\n" +
		"Random ids, times and durations are replaced, so that the same course gives the same lines. Exit 1: they differ."
}

func (c *simulateCmd) Run(ctx context.Context, t *terminal) error {
	start := time.Now()
	if c.Update && c.Golden == "" {
		return usage("--update writes the files of --golden. Name their folder")
	}
	site, err := openSite(c.Dir)
	if err != nil {
		return err
	}
	defer site.close()
	folder := c.Learners
	if folder == "" {
		folder = filepath.Join(site.path, simulate.Folder)
	}
	if info, err := os.Stat(folder); err != nil || !info.IsDir() {
		return usage("there is no folder `%s` with learners in it. docs/records.md says how one is described", display(folder))
	}
	b := builder.New()
	skip := site.skip(filepath.Join(site.path, "public"))
	whole, diags, err := b.Build(ctx, site.files(), builder.Options{Skip: skip})
	if err != nil {
		return err
	}
	if diags.HasErrors() {
		return t.refuseSimulation(diags, func() error { return t.report(t.err, diags, whole.Tree) })
	}
	learners, texts, found, err := simulate.Read(os.DirFS(folder), filepath.ToSlash(display(folder)), whole.Site)
	if err != nil {
		return err
	}
	if found.HasErrors() {
		return t.refuseSimulation(found, func() error {
			return diag.WriteText(t.err, found, diag.TextOptions{Lines: excerptsOf(texts), Color: t.errColor})
		})
	}
	learners, err = c.chosen(learners, folder)
	if err != nil {
		return err
	}
	if err := simulate.Start(); err != nil {
		return err
	}
	defer simulate.End()
	var left []simulate.Left
	for at := 0; at < len(learners); {
		slug := learners[at].Course.Slug
		end := at
		for end < len(learners) && learners[end].Course.Slug == slug {
			end++
		}
		some, err := c.take(ctx, t, b, site, skip, slug, learners[at:end])
		if err != nil {
			return err
		}
		left, at = append(left, some...), end
	}
	return c.tell(t, left, start)
}

// chosen gives the learners that are asked for, those of one course together.
func (c *simulateCmd) chosen(learners []simulate.Learner, folder string) ([]simulate.Learner, error) {
	var names []string
	for _, l := range learners {
		names = append(names, l.Name)
	}
	for _, name := range c.Only {
		if !slices.Contains(names, name) {
			return nil, usage("there is no learner `%s` in `%s`. %s", name, display(folder), diag.DidYouMean(name, names))
		}
	}
	if len(c.Only) > 0 {
		learners = slices.DeleteFunc(learners, func(l simulate.Learner) bool { return !slices.Contains(c.Only, l.Name) })
	}
	if len(learners) == 0 {
		return nil, usage("there is no learner in `%s`: no file ends in .yaml", display(folder))
	}
	slices.SortStableFunc(learners, func(a, b simulate.Learner) int { return strings.Compare(a.Course.Slug, b.Course.Slug) })
	return learners, nil
}

// take makes the package of a course and lets learners take it.
func (c *simulateCmd) take(ctx context.Context, t *terminal, b *builder.Builder, site *siteDir, skip func(string) bool, slug string, learners []simulate.Learner) ([]simulate.Left, error) {
	format, ok := export.Find(c.As)
	if !ok {
		return nil, usage("there is no package for %s", c.As)
	}
	result, diags, err := b.Build(ctx, site.files(), builder.Options{Skip: skip, Course: slug, Profile: format.Profile, Endpoint: simulate.Endpoint})
	if err != nil {
		return nil, err
	}
	var p *export.Package
	if !diags.HasErrors() {
		var found diag.List
		p, found, err = export.Make(ctx, format, result.Site, result.Set, export.Options{Version: version})
		if err != nil {
			return nil, err
		}
		diags = append(diags, found...).Sort()
	}
	if diags.HasErrors() {
		return nil, t.refuseSimulation(diags, func() error { return t.report(t.err, diags, result.Tree) })
	}
	left, err := simulate.Run(ctx, simulate.Course{Site: result.Site, Course: result.Site.Courses[0], Set: p.Set, As: c.As}, learners, runtime.GOMAXPROCS(0))
	var stuck *simulate.StuckError
	if errors.As(err, &stuck) {
		return nil, &failure{exitContent, err}
	}
	return left, err
}

// tell prints what was left, or compares it.
func (c *simulateCmd) tell(t *terminal, left []simulate.Left, start time.Time) error {
	records := 0
	for _, l := range left {
		records += len(l.Lines)
	}
	sum := fmt.Sprintf("%s left %s · %s", count(len(left), "learner"), count(records, "record"), seconds(time.Since(start)))
	switch {
	case c.Golden == "":
		for _, l := range left {
			for _, line := range l.Lines {
				fmt.Fprintln(t.out, line)
			}
		}
		if !t.quiet {
			fmt.Fprintln(t.err, sum)
		}
	case c.Update:
		if err := simulate.Update(c.Golden, c.As, left); err != nil {
			return err
		}
		if !t.quiet {
			fmt.Fprintf(t.out, "%s · written to %s\n", sum, display(c.Golden))
		}
	default:
		difference, err := simulate.Compare(c.Golden, c.As, left)
		if err != nil {
			return err
		}
		if difference != "" {
			fmt.Fprint(t.err, difference)
			fmt.Fprintln(t.err, "What they left is not what they left before. If it is what it should be, run this again with --update.")
			return errContent
		}
		if !t.quiet {
			fmt.Fprintf(t.out, "%s · as before\n", sum)
		}
	}
	return nil
}

func (t *terminal) refuseSimulation(diags diag.List, report func() error) error {
	if err := report(); err != nil {
		return err
	}
	fmt.Fprintf(t.err, "%s · nobody took the course\n", tally(diags))
	return errContent
}

// excerptsOf shows lines of files that are no part of the site.
func excerptsOf(texts []source.Text) diag.Lines {
	return func(file string, line int) (string, bool) {
		for _, t := range texts {
			if t.Path == file {
				return t.Line(line), true
			}
		}
		return "", false
	}
}
