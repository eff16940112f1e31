package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"sopan.dev/sopan/builder/source"
	"sopan.dev/sopan/internal/diag"
)

// report prints diagnostics as text: errors and warnings always, notes when
// asked for more.
func (t *terminal) report(w io.Writer, list diag.List, tree *source.Tree) error {
	shown := t.shown(list)
	if len(shown) == 0 {
		return nil
	}
	color := t.errColor
	if w == t.out {
		color = t.outColor
	}
	if err := diag.WriteText(w, shown, diag.TextOptions{Lines: excerpts(tree), Color: color}); err != nil {
		return err
	}
	_, err := fmt.Fprintln(w)
	return err
}

// shown leaves notes out of diagnostics where nobody asked for more.
func (t *terminal) shown(list diag.List) diag.List {
	shown := make(diag.List, 0, len(list))
	for _, d := range list {
		if d.Severity != diag.Note || t.verbose {
			shown = append(shown, d)
		}
	}
	return shown
}

// excerpts reads lines of source files, keeping the last file.
func excerpts(tree *source.Tree) diag.Lines {
	if tree == nil {
		return nil
	}
	var last source.Text
	return func(file string, line int) (string, bool) {
		if file != last.Path || last.Path == "" {
			if !tree.Has(file) {
				return "", false
			}
			text, _, _, err := tree.Text(file)
			if err != nil {
				return "", false
			}
			last = text
		}
		s := last.Line(line)
		return s, strings.TrimSpace(s) != ""
	}
}

// tally sums a run up: "3 errors, 1 warning in 2 files".
func tally(list diag.List) string {
	errs, warnings := list.Count(diag.Error), list.Count(diag.Warning)
	files := map[string]bool{}
	for _, d := range list {
		if d.Severity != diag.Note {
			files[d.Start.File] = true
		}
	}
	var parts []string
	if errs > 0 {
		parts = append(parts, count(errs, "error"))
	}
	if warnings > 0 {
		parts = append(parts, count(warnings, "warning"))
	}
	if len(parts) == 0 {
		return "no errors"
	}
	return strings.Join(parts, ", ") + " in " + count(len(files), "file")
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.1f s", d.Seconds()) }

// megabytes writes a size as people read it.
func megabytes(n int64) string {
	if n < 100<<10 {
		return fmt.Sprintf("%.1f KB", float64(n)/(1<<10))
	}
	return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
}
