package source

import (
	"bytes"
)

// Insertion is a text and the offset in a Text's bytes where it belongs.
type Insertion struct {
	At   int
	Text string // lines end in \n
}

// Insert puts texts into a file's bytes, as they are on the disk, at offsets
// of its normalised Text. Everything else stays: the byte order mark, and the
// line ends, which the inserted lines take over from the line that they stand
// in. Insertions must be sorted by offset. ok is false for a file that
// Normalise had to mend: its offsets are not those of the disk.
func Insert(raw []byte, insertions []Insertion) (out []byte, ok bool) {
	mark := []byte("\xef\xbb\xbf")
	body, marked := bytes.CutPrefix(raw, mark)
	if !clean(body) {
		return nil, false
	}
	if marked {
		out = append(out, mark...)
	}
	at := 0 // in the normalised text
	for i := 0; ; {
		for len(insertions) > 0 && insertions[0].At == at {
			out = append(out, bytes.ReplaceAll([]byte(insertions[0].Text), []byte("\n"), lineEnd(body, i))...)
			insertions = insertions[1:]
		}
		if i >= len(body) {
			break
		}
		n := 1
		if body[i] == '\r' && i+1 < len(body) && body[i+1] == '\n' {
			n = 2
		}
		out = append(out, body[i:i+n]...)
		i += n
		at++
	}
	return out, len(insertions) == 0
}

// lineEnd is how the line at an offset ends; the last line ends as the one
// before it.
func lineEnd(b []byte, at int) []byte {
	i := bytes.IndexAny(b[at:], "\r\n")
	if i >= 0 {
		i += at
	} else if i = bytes.LastIndexAny(b[:at], "\r\n"); i > 0 && b[i] == '\n' && b[i-1] == '\r' {
		i--
	}
	switch {
	case i < 0 || b[i] == '\n':
		return []byte("\n")
	case i+1 < len(b) && b[i+1] == '\n':
		return []byte("\r\n")
	}
	return []byte("\r")
}
