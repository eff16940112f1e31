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

	"sopan.dev/sopan/internal/stamp"
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

// encode writes one file a line, so that two releases can be compared by eye.
func (m manifest) encode() []byte {
	b := fmt.Appendf(make([]byte, 0, 200*len(m.Files)+100), "{\n\"sopan_output\": %d,\n\"files\": [", manifestFormat)
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
	ours    bool   // the marker is there
	marker  string // its hash
	files   map[string]written
	noted   map[string]Noted       // what is remembered of the files
	found   map[string]stamp.Stamp // regular files on the disk that the marker lists
	strange []string               // files found that the marker does not list, sorted
}

// dropped by the operating systems' file managers wherever a person looks.
func littered(name string) bool {
	return name == ".DS_Store" || name == "Thumbs.db" || name == "desktop.ini"
}

// look reads the target without changing it. memory, which may be nil, spares
// it reading the marker.
func look(d disk, target string, memory *Memory) (previous, error) {
	p := previous{files: map[string]written{}, noted: memory.byPath(), found: map[string]stamp.Stamp{}}
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
	there, err := list(d, target)
	if err != nil {
		return p, err
	}
	if err := p.readMarker(d, target, memory, there.files[Marker]); err != nil {
		return p, err
	}
	for _, name := range there.folders {
		if path.Base(name) == ".git" {
			p.strange = append(p.strange, name)
		}
	}
	for name, s := range there.files {
		_, listed := p.files[name]
		switch {
		case name == Marker && p.ours, littered(path.Base(name)):
		case listed && s.regular:
			p.found[name] = s.Stamp
		case !strings.Contains("/"+name, "/.git/"): // named by its folder
			p.strange = append(p.strange, name)
		}
	}
	slices.Sort(p.strange)
	return p, nil
}

func (p *previous) readMarker(d disk, target string, memory *Memory, now entry) error {
	if memory != nil && memory.Marker.Settled && memory.Marker.Stamp.Same(now.Stamp) {
		p.ours, p.marker = true, memory.Marker.Hash
		for _, n := range memory.Files {
			p.files[n.Path] = written{n.Path, n.Size, n.Hash, n.Key}
		}
		return nil
	}
	marker, err := d.ReadFile(target + "/" + Marker)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	// A marker that is not ours, or not readable, makes nothing ours.
	var m manifest
	if json.Unmarshal(marker, &m) != nil || m.Format != manifestFormat {
		return nil
	}
	p.ours, p.marker = true, hashOf(marker)
	for _, f := range m.Files {
		if n := p.noted[f.Path]; n.Hash == f.Hash {
			f.key = n.Key
		}
		p.files[f.Path] = f
	}
	return nil
}
