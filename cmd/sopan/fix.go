package main

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"

	"sopan.dev/sopan/builder"
	"sopan.dev/sopan/builder/output"
	"sopan.dev/sopan/internal/diag"
)

// nameQuestions writes an id into each question that has none, and says on
// standard error what it did, so that a report on standard output stays one.
func (s *siteDir) nameQuestions(ctx context.Context, t *terminal) (diag.List, error) {
	named, left, diags, err := builder.New().NameQuestions(ctx, s.files(), builder.Options{Skip: s.skip(filepath.Join(s.path, "public"))})
	if err != nil {
		return nil, err
	}
	say := func(format string, args ...any) {
		if !t.quiet {
			fmt.Fprintf(t.err, format, args...)
		}
	}
	ids := 0
	for i, f := range named {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("stopped after %s: %w", count(i, "file"), err)
		}
		now, err := s.root.ReadFile(filepath.FromSlash(f.File))
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", f.File, err)
		}
		if !bytes.Equal(now, f.Old) { // an editor was quicker
			say("%s was changed just now and is left alone\n", f.File)
			continue
		}
		if err := output.WriteFile(filepath.Join(s.path, filepath.FromSlash(f.File)), f.New, 0o666); err != nil {
			return nil, err
		}
		for _, n := range f.Names {
			say("%s:%d: wrote `id: %s`\n", f.File, n.Line, n.ID)
		}
		ids += len(f.Names)
	}
	for _, f := range left {
		say("%s is left alone: mend its errors first\n", f)
	}
	if ids == 0 {
		say("no id was written\n")
	} else {
		say("%s written\n", count(ids, "id"))
	}
	return diags, nil
}
