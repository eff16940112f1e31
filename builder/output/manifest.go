package output

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"sopan.dev/sopan/internal/folder"
)

// written is what the marker remembers of one file.
type written struct {
	Path string `json:"path"`
	Size int64  `json:"size"`
	Hash string `json:"sha256"`

	key string // see Entry; the marker does not hold it
}

// manifest is the marker file: it says that the folder is Sopan's and what it
// wrote there. It holds no time and no machine's name: same site, same bytes.
type manifest struct {
	Format int       `json:"sopan_output"`
	Files  []written `json:"files"`
}

const manifestFormat = 1

func hashOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// usualMarker is the room, in bytes, that a marker of so many files fits in.
func usualMarker(files int) int { return 200*files + 100 }

// encode writes one file a line, so that two releases can be compared by eye. It
// writes into room where that is enough.
func (m manifest) encode(room []byte) []byte {
	b := fmt.Appendf(slices.Grow(room[:0], usualMarker(len(m.Files))), "{\n\"sopan_output\": %d,\n\"files\": [", manifestFormat)
	for i, f := range m.Files {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, '\n')
		if plainPath(f.Path) { // as encoding/json would write it, ten times as fast
			b = append(append(append(b, `{"path":"`...), f.Path...), `","size":`...)
			b = append(strconv.AppendInt(b, f.Size, 10), `,"sha256":"`...)
			b = append(append(b, f.Hash...), `"}`...)
			continue
		}
		line, err := json.Marshal(f)
		if err != nil {
			panic(err) // strings and a number always encode
		}
		b = append(b, line...)
	}
	return append(b, "\n]\n}\n"...)
}

// plainPath tells whether a path needs no escape in JSON.
func plainPath(p string) bool {
	for i := range len(p) {
		if c := p[i]; c < 0x20 || c >= 0x7f || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			return false
		}
	}
	return true
}

// ReadMarker reads the list that Marker holds: path -> what the file is.
func ReadMarker(b []byte) (map[string]Sum, error) {
	var m manifest
	if err := json.Unmarshal(b, &m); err != nil {
		return nil, fmt.Errorf("reading %s: %w", Marker, err)
	}
	if m.Format != manifestFormat {
		return nil, errors.New(Marker + " is of another kind than this version of sopan knows")
	}
	files := make(map[string]Sum, len(m.Files))
	for _, f := range m.Files {
		files[f.Path] = Sum{f.Size, f.Hash}
	}
	return files, nil
}

// Littered tells of a path whether the file is one that operating systems drop
// wherever a person looks.
func Littered(p string) bool { return littered(path.Base(p)) }

// previous is what stands in the target before a build.
type previous struct {
	exists  bool
	mode    fs.FileMode
	ours    bool     // the marker is there
	marker  string   // its hash
	room    []byte   // that it was read into
	proven  bool     // its stamp alone says that it is the one that is remembered
	files   []before // that the marker lists, sorted by path
	strange []string // files found that the marker does not list, sorted
}

// before is a file that the marker lists.
type before struct {
	written
	*found        // nil where it is gone, or is no regular file any more
	noted  *Noted // what is remembered of it; nil for nothing
}

// there tells whether the file stands where it was written.
func (b *before) there() bool { return b != nil && b.found != nil }

// proven tells of a file that is there whether the stamp alone says that nobody
// touched it.
func (b *before) proven() bool {
	return b.noted != nil && b.noted.Settled && b.noted.Hash == b.Hash && b.noted.Stamp.Same(b.stamp)
}

// dropped by the operating systems' file managers wherever a person looks.
func littered(name string) bool {
	return name == ".DS_Store" || name == "Thumbs.db" || name == "desktop.ini"
}

// look reads the target without changing it. memory, which may be nil, spares
// it reading the marker.
func look(d disk, target string, memory *Memory) (previous, error) {
	var p previous
	info, err := d.Lstat(target)
	if errors.Is(err, fs.ErrNotExist) {
		return p, nil
	}
	if err != nil {
		return p, err
	}
	p.exists, p.mode = true, info.Mode()
	if !info.IsDir() {
		return p, nil
	}
	if memory == nil {
		memory = &Memory{}
	}
	there, err := d.List(target, folder.Stamps, len(memory.Files)+1)
	if err != nil {
		return p, err
	}
	var marker found
	if i, ok := slices.BinarySearchFunc(there.files, Marker, byPath); ok {
		marker = there.files[i]
	}
	if err := p.readMarker(d, target, memory, marker); err != nil {
		return p, err
	}
	for _, name := range there.folders {
		if path.Base(name) == ".git" {
			p.strange = append(p.strange, name)
		}
	}
	i := 0
	for n := range there.files {
		f := &there.files[n]
		for i < len(p.files) && p.files[i].Path < f.path {
			i++
		}
		switch {
		case f.path == Marker && p.ours, littered(path.Base(f.path)):
		case i < len(p.files) && p.files[i].Path == f.path && f.regular:
			p.files[i].found = f
		case !strings.Contains("/"+f.path, "/.git/"): // named by its folder
			p.strange = append(p.strange, f.path)
		}
	}
	slices.Sort(p.strange)
	return p, nil
}

func (p *previous) readMarker(d disk, target string, memory *Memory, now found) error {
	remembered := func() error {
		// Its lines say what the Memory's do.
		p.ours, p.marker = true, memory.Marker.Hash
		p.files = make([]before, len(memory.Files))
		for i := range memory.Files {
			n := &memory.Files[i]
			p.files[i] = before{written: written{n.Path, n.Size, n.Hash, n.Key}, noted: n}
		}
		return nil
	}
	if memory.Marker.Settled && memory.Marker.Stamp.Same(now.stamp) {
		p.proven = true
		return remembered()
	}
	marker, err := d.ReadFile(make([]byte, 0, usualMarker(len(memory.Files))), target+"/"+Marker)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	p.room = marker[:0]
	hash := hashOf(marker)
	if hash == memory.Marker.Hash {
		return remembered()
	}
	// A marker that is not ours, or not readable, makes nothing ours.
	var m manifest
	if json.Unmarshal(marker, &m) != nil || m.Format != manifestFormat {
		return nil
	}
	p.ours, p.marker = true, hash
	slices.SortStableFunc(m.Files, func(a, b written) int { return strings.Compare(a.Path, b.Path) }) // as they are, unless somebody wrote in it
	p.files = make([]before, len(m.Files))
	for i, f := range m.Files {
		p.files[i].written = f
		if n := memory.find(f.Path); n != nil && n.Hash == f.Hash {
			p.files[i].key, p.files[i].noted = n.Key, n
		}
	}
	return nil
}
