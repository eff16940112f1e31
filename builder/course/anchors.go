package course

import (
	"cmp"

	"sopan.dev/sopan/internal/diag"
)

// anchors are the headings that a link can lead to, in order, with their
// places. A text has few: a list is smaller than a map, and as quick.
type anchors []anchor

type anchor struct {
	id        string
	file      string // "" for the text's own
	line, col int
}

// find gives the place of a heading in the text of a file.
func (a anchors) find(id, file string) (diag.Pos, bool) {
	for _, one := range a {
		if one.id == id {
			return diag.Pos{File: cmp.Or(one.file, file), Line: one.line, Col: one.col}, true
		}
	}
	return diag.Pos{}, false
}
