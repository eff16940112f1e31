// Package output holds a built site as a value and writes it down whole.
//
// In go addresses with their bytes, or with a function that makes them; out
// come a Set (immutable, ordered by path, with paths that every file system
// and web server takes), a folder that is wholly the old site or wholly the
// new one, or a zip that is the same bytes on every machine.
//
// The package never looks into what it writes, never deletes a file that it
// did not write, and never prints.
package output

import (
	"bytes"
	"cmp"
	"errors"
	"iter"
	"maps"
	"slices"
	"strings"
)

// Entry is the content of one file: Bytes, or Render when the bytes are made
// on demand. Render may be called more than once and by several goroutines,
// and gives the same bytes each time.
type Entry struct {
	Bytes  []byte
	Render func() ([]byte, error)

	// Draw, if set, writes the same bytes as Render behind what stands in a buffer:
	// who needs them for a moment makes one file after the other in one place.
	Draw func(b *bytes.Buffer) error

	// Key names the content without making it: two entries with the same path
	// and the same non-empty Key have the same bytes, in this build and in
	// every other one. It covers all that Render reads, the version of the
	// renderer too. With it an unchanged page is not even rendered.
	Key string

	// Near names what the content is made of, a source's path: the writer of a
	// folder makes entries in the order of these names, so that what is looked up
	// for one is at hand for the next. Those without stand first, by their paths.
	Near string

	// Late, if set, makes the same bytes as Render out of the other files' sums:
	// who writes or packs a set calls it behind all entries without Late, whose
	// sums it then knows, so that a list of a site's files costs no second
	// rendering. It is asked for each path but those of late entries.
	Late func(sum func(path string) (Sum, bool)) ([]byte, error)

	// Stands, if set, is in the place of a content: the file stays that the
	// writer's Memory knows there. See Memory.With.
	Stands bool
}

// ErrTouched says that a file that was to stay is not the one that is
// remembered, so that its content has to be made.
var ErrTouched = errors.New("the file was touched since it was written")

// Sum is what a list of files says of one of them.
type Sum struct {
	Size   int64
	SHA256 string // in hexadecimal digits
}

// SumOf measures bytes.
func SumOf(b []byte) Sum { return Sum{int64(len(b)), hashOf(b)} }

// Content gives the bytes. The caller does not change them.
func (e Entry) Content() ([]byte, error) {
	if e.Stands {
		return nil, ErrTouched
	}
	if e.Render != nil {
		return e.Render()
	}
	return e.Bytes, nil
}

// contentIn is Content for who lends an empty buffer: the bytes may stand in it.
func (e Entry) contentIn(b *bytes.Buffer) ([]byte, error) {
	if e.Stands || e.Draw == nil {
		return e.Content()
	}
	err := e.Draw(b)
	return b.Bytes(), err
}

// Set is the files of a site. It does not change after NewSet, so that many
// readers may share it. A nil *Set is an empty one.
type Set struct {
	paths   []string       // sorted
	entries []Entry        // in the same order
	places  map[string]int // nil: nobody asks often
}

// NewSet checks every path (see CheckPath) and every pair of paths. The error
// joins all *PathError there are, ordered by path.
func NewSet(entries map[string]Entry) (*Set, error) { return newSet(maps.All(entries)) }

func newSet(entries iter.Seq2[string, Entry]) (*Set, error) {
	n := 0
	for range entries {
		n++
	}
	given, paths, order := make([]Entry, 0, n), make([]string, 0, n), make([]int, 0, n)
	for path, e := range entries {
		order, paths, given = append(order, len(order)), append(paths, path), append(given, e)
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Or(strings.Compare(paths[a], paths[b]), b-a) })
	order = slices.CompactFunc(order, func(a, b int) bool { return paths[a] == paths[b] }) // the later one stands first
	s := &Set{paths: make([]string, len(order)), entries: make([]Entry, len(order)), places: make(map[string]int, len(order))}
	for i, from := range order {
		s.paths[i], s.entries[i] = paths[from], given[from]
		s.places[s.paths[i]] = i
	}
	problems := checkPaths(s.paths)
	if len(problems) == 0 {
		return s, nil
	}
	slices.SortFunc(problems, func(a, b *PathError) int { return cmp.Compare(a.Path, b.Path) })
	errs := make([]error, len(problems))
	for i, p := range problems {
		errs[i] = p
	}
	return nil, errors.Join(errs...)
}

// NewSetLike is NewSet for entries whose paths are mostly those of another set:
// where they are all the same they are neither checked nor sorted again. Of two
// entries with one path the later one counts.
func NewSetLike(other *Set, entries iter.Seq2[string, Entry]) (*Set, error) {
	if other == nil {
		return newSet(entries)
	}
	s := &Set{paths: other.paths, entries: make([]Entry, len(other.entries)), places: other.places}
	given := make([]bool, len(s.entries))
	n := 0
	for path, e := range entries {
		i, there := s.place(path)
		if !there {
			return newSet(entries)
		}
		if !given[i] {
			n++
		}
		s.entries[i], given[i] = e, true
	}
	if n < len(given) {
		return newSet(entries)
	}
	return s, nil
}

// Len is the number of files.
func (s *Set) Len() int {
	if s == nil {
		return 0
	}
	return len(s.paths)
}

// Paths gives all paths in byte order.
func (s *Set) Paths() []string {
	if s == nil {
		return nil
	}
	return slices.Clone(s.paths)
}

// All walks paths and entries in byte order of the paths.
func (s *Set) All() iter.Seq2[string, Entry] {
	return func(yield func(string, Entry) bool) {
		if s == nil {
			return
		}
		for i, p := range s.paths {
			if !yield(p, s.entries[i]) {
				return
			}
		}
	}
}

// turns gives the places of the paths in the order in which they can be made:
// those of late entries behind all others.
func (s *Set) turns() [2][]int {
	var turns [2][]int
	if s != nil {
		for i, e := range s.entries {
			turn := 0
			if e.Late != nil {
				turn = 1
			}
			turns[turn] = append(turns[turn], i)
		}
	}
	return turns
}

// Entry looks a path up.
func (s *Set) Entry(path string) (Entry, bool) {
	if s == nil {
		return Entry{}, false
	}
	i, ok := s.place(path)
	if !ok {
		return Entry{}, false
	}
	return s.entries[i], true
}

func (s *Set) place(path string) (int, bool) {
	if s.places == nil {
		return slices.BinarySearch(s.paths, path)
	}
	i, ok := s.places[path]
	return i, ok
}

// Open gives the bytes at a path; the error is fs.ErrNotExist when there is
// no such file, and Render's otherwise.
func (s *Set) Open(path string) ([]byte, error) {
	e, ok := s.Entry(path)
	if !ok {
		return nil, &notFound{path}
	}
	return e.Content()
}
