package export

import (
	"bytes"
	"fmt"

	"sopan.dev/sopan/internal/diag"
	"sopan.dev/sopan/internal/secret"
)

// judgeSecrets looks for credentials in the files of a package themselves. The
// sources have been looked through when they were read; this is the second
// door, for what else finds its way into a page.
func judgeSecrets(in Input, files []File) diag.List {
	var diags diag.List
	for _, f := range files {
		// Films and pictures hold letters in any order.
		if bytes.IndexByte(f.Content[:min(len(f.Content), 1024)], 0) >= 0 {
			continue
		}
		if found := secret.Find(f.Content); len(found) > 0 {
			diags = append(diags, diag.Diagnostic{
				Start: diag.Pos{File: orElse(f.Source, in.Course.Dir)}, Code: "package/credential", Secret: true,
				Message: fmt.Sprintf("`%s` of the package would hold what looks like %s.", f.Path, found[0].What),
				Hint:    "Find out where it comes from, and take it out there.",
			})
		}
	}
	return diags
}
