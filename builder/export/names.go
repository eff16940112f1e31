package export

import (
	"fmt"
	"path"
	"regexp"
	"strings"

	"sopan.dev/sopan/internal/diag"
)

// nameForm is what every learning platform and upload form takes: ASCII
// letters and digits, dot, hyphen and underscore. iGOT refuses spaces and
// special characters; several platforms unpack other names into question marks.
var nameForm = regexp.MustCompile(`^[A-Za-z0-9_-][A-Za-z0-9._-]*$`)

// longest is the longest path, in bytes: Windows opens 259 characters in all
// without being asked to do more, and the folder that a package is unpacked
// into takes some of them.
const longest = 180

// judgeNames refuses paths that cannot stand in a package of any kind. One
// file's name, or one folder's, is told once.
func judgeNames(in Input, files []File) diag.List {
	var diags diag.List
	told := map[string]bool{}
	for _, f := range files {
		d := diag.Diagnostic{Start: diag.Pos{File: f.Source}, Code: "package/name"}
		if f.Source == "" {
			d.Start.File = in.Course.Dir
		}
		at := ""
		for _, name := range strings.Split(f.Path, "/") {
			at = path.Join(at, name)
			if !nameForm.MatchString(name) && !told[at] {
				told[at] = true
				d.Message = fmt.Sprintf("The address `%s` holds `%s`: learning platforms take only the letters a to z, digits, `-`, `_` and `.` in a name.", f.Path, name)
				d.Hint = "Rename the file or the folder with such letters. Its title stays as it is; with an `id` in its front matter learners keep their progress."
				diags = append(diags, d)
			}
		}
		if len(f.Path) > longest {
			d.Message = fmt.Sprintf("The address `%s` has %d characters; %d fit on every computer that a package is unpacked on.", f.Path, len(f.Path), longest)
			d.Hint = "Give the file or its folders shorter names."
			diags = append(diags, d)
		}
	}
	return diags
}
