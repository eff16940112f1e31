package course

import "strings"

// room holds what a site has tens of thousands of, many in one piece: what
// lasts is looked at by the collector of garbage in each of its runs, piece by
// piece.
type room struct {
	items    []Item
	versions []Version
	links    []*Version
	words    strings.Builder
}

const (
	valuesInRoom = 128
	bytesInRoom  = 8 << 10
)

// one gives the next value.
func one[T any](of *[]T) *T {
	if len(*of) == 0 {
		*of = make([]T, valuesInRoom)
	}
	v := &(*of)[0]
	*of = (*of)[1:]
	return v
}

// none gives no versions, with room for as many as are to come.
func (r *room) none(n int) Versions {
	if len(r.links) < n {
		r.links = make([]*Version, valuesInRoom+n)
	}
	vs := Versions(r.links[:0:n])
	r.links = r.links[n:]
	return vs
}

// join gives the parts as one string.
func (r *room) join(parts ...string) string {
	length := 0
	for _, p := range parts {
		length += len(p)
	}
	if r.words.Cap()-r.words.Len() < length {
		r.words = strings.Builder{}
		r.words.Grow(max(length, bytesInRoom))
	}
	at := r.words.Len()
	for _, p := range parts {
		r.words.WriteString(p)
	}
	return r.words.String()[at:]
}
