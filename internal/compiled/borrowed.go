package compiled

import (
	"bytes"
	"html/template"
	"unsafe"
)

// Borrowed is what stands in a buffer from an offset on, as HTML for a template and
// without a copy: a page is put together of pieces that are as long as it is. It
// is good until the buffer is emptied; what is written behind it does not matter,
// also where the buffer has to grow for that. Who empties the buffer sees to it that no
// template is still to run, and keeps no part of the piece.
func Borrowed(b *bytes.Buffer, from int) template.HTML {
	piece := b.Bytes()[from:]
	return template.HTML(unsafe.String(unsafe.SliceData(piece), len(piece)))
}
