package main

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"sopan.dev/sopan/builder/export"
)

type verifyCmd struct {
	Path string `arg:"" help:"A package (a zip), or the folder of a hosted site or of an unpacked package." type:"path"`
}

func (verifyCmd) Help() string {
	return "Example: sopan verify my-course.zip\n\n" +
		"Each file is compared with the list that was made with the package or the site. What differs, is missing or was added is\n" +
		"named, and the exit code is 1. Nothing is unpacked and nothing is changed."
}

func (c *verifyCmd) Run(ctx context.Context, t *terminal) error {
	start := time.Now()
	v, err := c.compare(ctx)
	var hostile *export.HostileError
	var nested *export.NestedError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return usage("there is no `%s`. Name a package or the folder of a site", display(c.Path))
	case errors.Is(err, export.ErrNoList):
		return usage("%s cannot be verified: it holds no list of its files.\n  A package has it in %s, a built site in .sopan-output.json, which some ways of copying leave out.", display(c.Path), export.ManifestName)
	case errors.Is(err, zip.ErrFormat):
		return &failure{exitContent, fmt.Errorf("%s is no zip, or only a part of one: if it should be a package, copy it again", display(c.Path))}
	case errors.As(err, &nested):
		return usage("%s cannot be verified: %w.\n  A package has it at its root: name that folder, or the zip as `sopan package` made it.", display(c.Path), nested)
	case errors.As(err, &hostile):
		return &failure{exitContent, fmt.Errorf("%s was not read, because unpacking it could do harm. %s", display(c.Path), hostile)}
	case err != nil:
		return &failure{exitContent, fmt.Errorf("%s cannot be verified: %w", display(c.Path), err)}
	}
	for _, f := range v.Findings {
		fmt.Fprintf(t.out, "%-8s %s\n", f.What, f.Path)
	}
	if len(v.Findings) > 0 {
		fmt.Fprintf(t.err, "sopan: %s is not as it was made: %s of %d.\n", display(c.Path), count(len(v.Findings), "difference"), v.Files)
		return errContent
	}
	if !t.quiet {
		fmt.Fprintf(t.out, "%s is as it was made · %s · %s\n", display(c.Path), count(v.Files, "file"), seconds(time.Since(start)))
	}
	return nil
}

func (c *verifyCmd) compare(ctx context.Context) (export.Verified, error) {
	info, err := os.Stat(c.Path)
	if err != nil {
		return export.Verified{}, err
	}
	if info.IsDir() {
		root, err := os.OpenRoot(c.Path)
		if err != nil {
			return export.Verified{}, err
		}
		defer root.Close()
		return export.VerifyDir(ctx, root.FS())
	}
	f, err := os.Open(c.Path)
	if err != nil {
		return export.Verified{}, err
	}
	defer f.Close()
	return export.VerifyZip(ctx, f, info.Size())
}
