package course

import (
	"encoding/binary"
	"iter"

	"sopan.dev/sopan/builder/markdown"
)

// Headings is those of a text, laid into one string: a site has hundreds of
// thousands, which last until its last page is made, and the collector of garbage
// would look at two strings of each.
type Headings string

func headingsOf(all []markdown.Heading) Headings {
	var room [1 << 10]byte
	b := room[:0]
	for _, h := range all {
		for _, n := range [...]int{h.Level, h.Start, h.End - h.Start, len(h.Text), len(h.ID)} {
			b = binary.AppendUvarint(b, uint64(n))
		}
		b = append(append(b, h.Text...), h.ID...)
	}
	return Headings(b)
}

// All gives the headings in the order of the text. Their words are parts of the string.
func (hs Headings) All() iter.Seq[markdown.Heading] {
	return func(yield func(markdown.Heading) bool) {
		rest := string(hs)
		for rest != "" {
			var n [5]int
			for i := range n {
				n[i], rest = number(rest)
			}
			words, id := n[3], n[3]+n[4]
			if words < 0 || id < words || id > len(rest) {
				return // a cache with other bytes than were written
			}
			if !yield(markdown.Heading{Level: n[0], Start: n[1], End: n[1] + n[2], Text: rest[:words], ID: rest[words:id]}) {
				return
			}
			rest = rest[id:]
		}
	}
}

// number reads what AppendUvarint wrote; it is negative where nothing is left to read.
func number(s string) (n int, rest string) {
	for i := 0; i < len(s) && i < binary.MaxVarintLen64; i++ {
		n |= int(s[i]&0x7f) << (7 * i)
		if s[i] < 0x80 {
			return n, s[i+1:]
		}
	}
	return -1, ""
}
