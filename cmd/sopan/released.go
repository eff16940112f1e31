package main

import (
	"fmt"
	"path/filepath"

	"sopan.dev/sopan/builder"
	"sopan.dev/sopan/builder/output"
	"sopan.dev/sopan/builder/release"
	"sopan.dev/sopan/internal/diag"
)

// compared adds what changes since the last release to the diagnostics of a
// site, and sums it up; "" when there was no release. A site with errors is
// compared with nothing: what could not be read would seem to be gone.
func compared(result *builder.Result, diags diag.List) (summary string, all diag.List, err error) {
	if diags.HasErrors() {
		return "", diags, nil
	}
	tally, found, err := result.Compare()
	if err != nil {
		return "", nil, err
	}
	if tally != nil {
		summary = fmt.Sprintf("since the last release: %s\n", tally)
	}
	return summary, append(diags, found...).Sort(), nil
}

// writeLock writes what the site remembers of a release to sopan.lock.
func (s *siteDir) writeLock(result *builder.Result) error {
	lock, err := result.Lock()
	if err != nil {
		return err
	}
	return output.WriteFile(filepath.Join(s.path, release.File), lock.Bytes(), 0o644)
}
