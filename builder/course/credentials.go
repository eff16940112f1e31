package course

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"sopan.dev/sopan/builder/source"
	"sopan.dev/sopan/internal/diag"
	"sopan.dev/sopan/internal/secret"
)

// credentials refuses a text with a key, a token or a password in it: what is
// published can be read by everyone. Comments count, since sources are passed
// on too.
func credentials(text source.Text) diag.List {
	var diags diag.List
	for _, f := range secret.Find(text.Bytes) {
		start, end := text.Span(f.Start, f.End)
		diags = append(diags, diag.Diagnostic{
			Start: start, End: end, Code: "source/credential", Secret: true,
			Message: fmt.Sprintf("Here stands what looks like %s. Everyone can read what is published.", f.What),
			Hint:    "Take it out, and have a new one made: this one is known to all who have the file. An example is written with dots: `ghp_…`.",
		})
	}
	return diags
}

// hush leaves out what else is said of a line with a credential in it: it
// would show it again, and the line has to be written anew anyway. Where the
// settings are told of it in better words, these stay.
func hush(diags diag.List) diag.List {
	type line struct {
		file string
		line int
	}
	found, settings := map[line]bool{}, map[line]bool{}
	for _, d := range diags {
		switch d.Code {
		case "source/credential":
			found[line{d.Start.File, d.Start.Line}] = true
		case "records/credential":
			settings[line{d.Start.File, d.Start.Line}] = true
		}
	}
	if len(found) == 0 {
		return diags
	}
	return slices.DeleteFunc(diags, func(d diag.Diagnostic) bool {
		at := line{d.Start.File, d.Start.Line}
		return found[at] && d.Code != "records/credential" && (settings[at] || d.Code != "source/credential")
	})
}

// plainTypes are files that are text of any form.
var plainTypes = []string{".txt", ".csv", ".json", ".ics", ".xml", ".html", ".htm", ".js", ".mjs", ".css", ".svg", ".vtt", ".webmanifest", ".yaml", ".md"}

// mostPlain is the size up to which a file is looked through: a table of
// 4 MB has 50,000 rows.
const mostPlain = 4 << 20

// copiedCredentials looks through what is copied as it is, and through the
// site's themes.
func (l *loader) copiedCredentials() {
	var files []string
	for _, a := range l.site.Assets {
		files = append(files, a.File)
	}
	for _, f := range l.tree.Under("themes") {
		files = append(files, f.Path)
	}
	for _, name := range files {
		f, there := l.tree.Find(name)
		if !there || f.Size > mostPlain || !slices.Contains(plainTypes, strings.ToLower(path.Ext(name))) {
			continue
		}
		b, err := l.tree.Bytes(name)
		if err != nil {
			continue // told where the file is needed
		}
		if len(secret.Find(b)) > 0 {
			l.diags = append(l.diags, credentials(source.NewText(name, b))...)
		}
	}
}
