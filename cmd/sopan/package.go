package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"sopan.dev/sopan/builder"
	"sopan.dev/sopan/builder/course"
	"sopan.dev/sopan/builder/export"
	"sopan.dev/sopan/builder/output"
	"sopan.dev/sopan/internal/diag"
)

type packageCmd struct {
	Course string `arg:"" help:"The course: its slug (my-course), or its folder (content/10-my-course)."`
	As     string `help:"Kind of package: ${formats}." required:"" enum:"${formats}" placeholder:"FORMAT"`
	Out    string `help:"The zip to write (default: COURSE-FORMAT.zip in the current folder)." placeholder:"FILE" type:"path"`
	Split  bool   `help:"Launch each module by itself, in the place of the whole course."`
	Site   string `help:"Folder that holds sopan.yaml (default: the one around the course's folder, else the current folder)." placeholder:"FOLDER" type:"path"`
}

func (packageCmd) Help() string {
	lines := "Example: sopan package my-course --as web --out my-course.zip\n\nThe kinds of packages are:\n"
	for _, f := range export.Formats() {
		lines += fmt.Sprintf("  %-10s %s\n", f.Name, f.Title)
	}
	return lines + "\nThe package holds this course alone, in all its languages. The same course gives the same bytes each time.\n" +
		"With errors nothing is written, and a package that was there stays as it is. `sopan verify FILE` checks it later."
}

// formatNames lists what --as takes.
func formatNames() string {
	var names []string
	for _, f := range export.Formats() {
		names = append(names, f.Name)
	}
	return strings.Join(names, ",")
}

func (c *packageCmd) Run(ctx context.Context, t *terminal) error {
	start := time.Now()
	format, _ := export.Find(c.As)
	if c.Split && !format.Split {
		return usage("a %s package cannot launch modules one by one. Leave --split out", format.Name)
	}
	dir, name := c.place()
	site, err := openSite(dir)
	if err != nil {
		return err
	}
	defer site.close()
	hugePages()
	b := builder.New()
	for try := 1; ; try++ {
		result, diags, err := b.Build(ctx, site.files(), builder.Options{
			Course: name, Profile: format.Profile, Split: c.Split, Skip: site.skip(filepath.Join(site.path, "public")),
		})
		var unknown *course.UnknownCourseError
		if errors.As(err, &unknown) {
			return usage("%s", unknown)
		}
		if err != nil {
			return err
		}
		var p *export.Package
		if !diags.HasErrors() {
			var found diag.List
			p, found, err = export.Make(ctx, format, result.Site, result.Set, export.Options{Split: c.Split, Version: version})
			var mistake authors
			switch {
			case isStale(err) && try < mostTries:
				continue
			case errors.As(err, &mistake):
				found = mistake.Diagnostics()
			case err != nil:
				return err
			}
			diags = append(diags, found...).Sort()
		}
		if err := t.report(t.err, diags, result.Tree); err != nil {
			return err
		}
		if diags.HasErrors() {
			fmt.Fprintf(t.err, "%s · nothing was written · %s\n", tally(diags), seconds(time.Since(start)))
			return errContent
		}
		out := c.Out
		if out == "" {
			if out, err = filepath.Abs(result.Site.Courses[0].Slug + "-" + format.Name + ".zip"); err != nil {
				return err
			}
		}
		if room := site.among(out); room != "" {
			return usage("%s stands among the site's sources, in `%s`, and would be read as one of them.\n  Nothing was changed. Name a file outside of it with --out", display(out), room)
		}
		if err := writePackage(ctx, p, out); err != nil {
			return err
		}
		if !t.quiet {
			info, err := os.Stat(out)
			if err != nil {
				return err
			}
			fmt.Fprintf(t.out, "%s · %s as %s · %s, %s (%s unpacked) in %s · %s\n", tally(diags), result.Site.Courses[0].Slug, format.Name,
				count(p.Set.Len(), "file"), megabytes(info.Size()), megabytes(p.Bytes), display(out), seconds(time.Since(start)))
			fmt.Fprintf(t.out, "checked: %s\n", strings.Join(format.Checked, ", "))
		}
		return nil
	}
}

func writePackage(ctx context.Context, p *export.Package, out string) error {
	err := output.WriteZipFile(ctx, p.Set, out, output.ZipOptions{})
	var refused *output.Refusal
	if errors.As(err, &refused) {
		return &failure{exitUsage, fmt.Errorf("%s\n  %s", refused.Message, refused.Hint)}
	}
	return err
}

// place finds the site's folder and the course's name in it. A course may be
// named by the path to its folder, from wherever one stands.
func (c *packageCmd) place() (site, name string) {
	if c.Site != "" {
		if abs, err := filepath.Abs(c.Course); err == nil {
			if rel, err := filepath.Rel(c.Site, abs); err == nil && strings.HasPrefix(filepath.ToSlash(rel), "content/") {
				return c.Site, filepath.ToSlash(rel)
			}
		}
		return c.Site, c.Course
	}
	abs, err := filepath.Abs(c.Course)
	if err != nil {
		return ".", c.Course
	}
	if info, err := os.Stat(abs); err != nil || !info.IsDir() {
		return ".", c.Course
	}
	for dir := filepath.Dir(abs); ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "sopan.yaml")); !errors.Is(err, fs.ErrNotExist) {
			if rel, err := filepath.Rel(dir, abs); err == nil {
				return dir, filepath.ToSlash(rel)
			}
		}
		if dir == filepath.Dir(dir) {
			return ".", c.Course
		}
	}
}
