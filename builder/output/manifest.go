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
	"strings"
)

// written is what the marker remembers of one file.
type written struct {
	Path string `json:"path"`
	Size int64  `json:"size"`
	Hash string `json:"sha256"`
	Key  string `json:"key,omitempty"`
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
	var b strings.Builder
	fmt.Fprintf(&b, "{\n\"sopan_output\": %d,\n\"files\": [", manifestFormat)
	for i, f := range m.Files {
		line, err := json.Marshal(f)
		if err != nil {
			panic(err) // strings and a number always encode
		}
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
		b.Write(line)
	}
	b.WriteString("\n]\n}\n")
	return []byte(b.String())
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
	ours    bool // the marker is there
	marker  []byte
	files   map[string]written
	present map[string]bool // regular files found on disk
	strange []string        // files found that the marker does not list, sorted
}

// dropped by the operating systems' file managers wherever a person looks.
func littered(name string) bool {
	return name == ".DS_Store" || name == "Thumbs.db" || name == "desktop.ini"
}

// look reads the target without changing it.
func look(d disk, target string) (previous, error) {
	p := previous{files: map[string]written{}, present: map[string]bool{}}
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
	marker, err := d.ReadFile(target + "/" + Marker)
	switch {
	case err == nil:
		// A marker that is not ours, or not readable, makes nothing ours.
		var m manifest
		if json.Unmarshal(marker, &m) == nil && m.Format == manifestFormat {
			p.ours, p.marker = true, marker
			for _, f := range m.Files {
				p.files[f.Path] = f
			}
		}
	case !errors.Is(err, fs.ErrNotExist):
		return p, err
	}
	if err := p.walk(d, target, ""); err != nil {
		return p, err
	}
	slices.Sort(p.strange)
	return p, nil
}

func (p *previous) walk(d disk, dir, prefix string) error {
	entries, err := d.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		name := prefix + e.Name()
		switch {
		case e.IsDir() && e.Name() == ".git":
			p.strange = append(p.strange, name)
		case e.IsDir():
			if err := p.walk(d, dir+"/"+e.Name(), name+"/"); err != nil {
				return err
			}
		case name == Marker && p.ours, littered(e.Name()):
		default:
			if _, listed := p.files[name]; listed && e.Type().IsRegular() {
				p.present[name] = true
			} else {
				p.strange = append(p.strange, name)
			}
		}
	}
	return nil
}
