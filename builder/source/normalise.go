package source

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"sopan.dev/sopan/internal/diag"
)

// Normalise makes a Text from a file's bytes: a byte order mark is dropped,
// "\r\n" and "\r" become "\n". What is no text is an error with its place and
// is replaced by U+FFFD, so that later stages can go on and say all they have
// to say in the same run: bytes that are not UTF-8, NUL, and the embedding
// and override characters U+202A to U+202E that show text in another order
// than it is stored (CVE-2021-42574). The isolates U+2066 to U+2069 pass: Urdu
// and Sindhi authors need them.
//
// Columns stay what an editor shows: neither the mark nor a "\r" counts.
func Normalise(path string, b []byte) (Text, diag.List) { return normalise(path, b, nil) }

// normalise puts the lines of a text with nothing to mend into room.
func normalise(path string, b []byte, room []int) (Text, diag.List) {
	b = bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))
	if bytes.IndexByte(b, '\r') >= 0 {
		b = bytes.ReplaceAll(b, []byte("\r\n"), []byte("\n"))
		b = bytes.ReplaceAll(b, []byte("\r"), []byte("\n"))
	}
	if clean(b) {
		return newText(path, b, room), nil
	}
	if bytes.HasPrefix(b, []byte{0xFF, 0xFE}) || bytes.HasPrefix(b, []byte{0xFE, 0xFF}) {
		return NewText(path, nil), diag.List{{
			Start: diag.Pos{File: path, Line: 1, Col: 1}, Code: "source/not-utf-8",
			Message: "The file is saved as UTF-16.",
			Hint:    "Save it again as UTF-8 (in Notepad: Save as, Encoding: UTF-8).",
		}}
	}
	type found struct {
		offset  int
		code    string
		message string
		hint    string
	}
	var finds []found
	out := make([]byte, 0, len(b)+16)
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		switch {
		case r == utf8.RuneError && n <= 1:
			finds = append(finds, found{len(out), "source/not-utf-8", fmt.Sprintf("The byte %02X is not UTF-8 text.", b[i]), "Save the file as UTF-8 (in Notepad: Save as, Encoding: UTF-8)."})
			out = append(out, "\uFFFD"...)
			n = 1
		case r == 0:
			finds = append(finds, found{len(out), "source/nul", "The text holds a NUL character.", "Delete the character, or type the line anew."})
			out = append(out, "\uFFFD"...)
		case r >= 0x202A && r <= 0x202E:
			finds = append(finds, found{len(out), "source/bidi-control", fmt.Sprintf("The text holds the invisible character U+%04X, which shows text in another order than it is stored.", r), "Delete it. Text from right to left needs no such character; to set off a foreign word use U+2068 and U+2069."})
			out = append(out, "\uFFFD"...)
		default:
			out = append(out, b[i:i+n]...)
		}
		i += n
	}
	text := NewText(path, out)
	var diags diag.List
	const most = 20 // of one kind a file: a binary file is one mistake, not a million
	count := map[string]int{}
	for _, f := range finds {
		if count[f.code]++; count[f.code] > most {
			continue
		}
		diags = append(diags, diag.Diagnostic{Start: text.Pos(f.offset), Code: f.code, Message: f.message, Hint: f.hint})
	}
	return text, diags
}

// clean tells whether there is nothing to mend, in one pass.
func clean(b []byte) bool {
	if !utf8.Valid(b) || bytes.IndexByte(b, 0) >= 0 {
		return false
	}
	for {
		at := bytes.Index(b, []byte("\u202A")[:2])
		if at < 0 {
			return true
		}
		if last := b[at+2]; last >= 0xAA && last <= 0xAE { // U+202A is E2 80 AA
			return false
		}
		b = b[at+3:]
	}
}
