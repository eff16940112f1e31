// Package source reads a site's folder.
//
// In goes a file system whose root is the folder that holds sopan.yaml; out
// comes a Tree: the list of files that belong to a site, each readable as a
// normalised Text that turns offsets into lines and columns. Files that
// cannot belong to a site (links that lead out, pipes, names that Windows
// refuses, bytes that are no text) become diagnostics. The package never
// interprets what a file says, never writes, and never follows a link out of
// the root.
package source

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"sort"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"sopan.dev/sopan/internal/diag"
	"sopan.dev/sopan/internal/folder"
	"sopan.dev/sopan/internal/stamp"
)

// Limits of a site. They are written down in docs/limits.md.
const (
	// MaxTextBytes is the largest Markdown or YAML file. A 900-word lesson has
	// 8 KB; the parsers' memory is a multiple of this.
	MaxTextBytes = 5 << 20
	// MaxNameBytes is what ext4, NTFS (in UTF-16 units) and APFS all hold.
	MaxNameBytes = 255
	// MaxDepth is how deep folders may nest.
	MaxDepth = 32
)

// Hash is the SHA-256 of a file's bytes as they are on disk.
type Hash [sha256.Size]byte

// File is one file of a site, without its content.
type File struct {
	Path  string // slash-separated, relative to the root, as the disk spells it
	Size  int64
	Stamp stamp.Stamp // zero where the disk says too little
}

// Tree is the files of a site at one moment, sorted by path. It is safe for
// concurrent use. Contents are read when asked for.
type Tree struct {
	fsys   fs.FS
	files  []File
	byPath map[string]int
	at     time.Time // when the first file was looked at
	known  Sums
	learnt *learnt // nil without Sums
	desks  *desks
}

// rooms are the places at the root that belong to a site; all else beside
// them (a README, a .git) is none of Sopan's business.
var rooms = [...]string{"content", "static", "themes"}

// rootFiles are the files at the root that belong to a site: its settings, and
// what was released last.
var rootFiles = [...]string{"sopan.yaml", "sopan.lock"}

// Read lists the files of the site in fsys: sopan.yaml, sopan.lock and everything below
// content, static and themes. The error is the machine's (a folder that
// cannot be listed, a cancelled context); what an author has to mend is in
// the list. skip, which may be nil, names folders to leave out (an output
// folder inside the input).
func Read(ctx context.Context, fsys fs.FS, skip func(path string) bool) (*Tree, diag.List, error) {
	at := time.Now()
	w := walker{fsys: fsys, skip: skip}
	for _, name := range rootFiles {
		if info, err := fs.Stat(fsys, name); err == nil && info.Mode().IsRegular() {
			w.parts = append(w.parts, []File{fileOf(name, info)})
		} else if err != nil && w.isLink(name) {
			w.linkOutside(name)
		} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, nil, fmt.Errorf("looking for %s: %w", name, err)
		}
	}
	for _, room := range rooms {
		info, err := fs.Stat(fsys, room)
		switch {
		case err != nil && w.isLink(room): // nothing there, and the site would lose its pages
			w.refuse(room, "source/link-outside", "The link does not lead to a folder inside the site's folder.", "Replace the link by the folder itself.")
			continue
		case errors.Is(err, fs.ErrNotExist):
			continue
		case err != nil:
			return nil, nil, fmt.Errorf("looking at the folder %s: %w", room, err)
		case !info.IsDir():
			w.refuse(room, "source/not-a-folder", fmt.Sprintf("`%s` is a file, but a folder is expected.", room), "Rename the file, or move it elsewhere.")
			continue
		}
		if err := folder.Walk(ctx, fsys, room, folder.Stamps, w.folder); err != nil {
			return nil, nil, err
		}
	}
	files := slices.Concat(w.parts...)
	slices.SortFunc(files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	w.twins(files)
	tree := newTree(fsys, files)
	tree.at = at
	return tree, w.diags.Sort(), nil
}

func fileOf(p string, info fs.FileInfo) File {
	return File{p, info.Size(), stamp.Of(info)}
}

func newTree(fsys fs.FS, files []File) *Tree {
	t := &Tree{fsys: fsys, files: files, byPath: make(map[string]int, len(files)), desks: &desks{}}
	for i, f := range files {
		t.byPath[f.Path] = i
	}
	return t
}

// Files lists all files, sorted by path. The slice must not be changed.
func (t *Tree) Files() []File { return t.files }

// Has tells whether there is a file at this path.
func (t *Tree) Has(p string) bool { _, ok := t.byPath[p]; return ok }

// Find gives the file at this path.
func (t *Tree) Find(p string) (File, bool) {
	i, ok := t.byPath[p]
	if !ok {
		return File{}, false
	}
	return t.files[i], true
}

// Under lists the files below a folder, sorted by path.
func (t *Tree) Under(folder string) []File {
	prefix := folder + "/"
	from := sort.Search(len(t.files), func(i int) bool { return t.files[i].Path >= prefix })
	to := from
	for to < len(t.files) && strings.HasPrefix(t.files[to].Path, prefix) {
		to++
	}
	return t.files[from:to]
}

// Bytes reads a file as it is.
func (t *Tree) Bytes(p string) ([]byte, error) { return t.bytesIn(nil, p) }

// bytesIn reads a file into room, where it has enough of it and the file system
// can.
func (t *Tree) bytesIn(room []byte, p string) (b []byte, err error) {
	if roomy, ok := t.fsys.(interface {
		ReadFileIn(room []byte, name string) ([]byte, error)
	}); ok {
		b, err = roomy.ReadFileIn(room, p)
	} else {
		b, err = fs.ReadFile(t.fsys, p)
	}
	return b, t.reading(p, err)
}

// reading says what was attempted when an error came.
func (t *Tree) reading(p string, err error) error {
	var gone *GoneError
	if err = t.gone(p, err); err == nil || errors.As(err, &gone) {
		return err
	}
	return fmt.Errorf("reading %s: %w", p, err)
}

// gone says of an error whether it is that a file went away: all files of a tree
// were there when it was made.
func (t *Tree) gone(p string, err error) error {
	if errors.Is(err, fs.ErrNotExist) && t.Has(p) {
		return &GoneError{p}
	}
	return err
}

// GoneError says that a source file was deleted between being listed and being
// read; the build must start again.
type GoneError struct{ File string }

// Stale says that what was asked for is out of date, and nothing else is wrong
// with it.
func (e *GoneError) Stale() bool { return true }

// Unwrap makes it an fs.ErrNotExist.
func (e *GoneError) Unwrap() error { return fs.ErrNotExist }

func (e *GoneError) Error() string {
	return e.File + " went away while the site was being read; build again when nothing else works in the site's folder"
}

// Again gives the tree as it is when nothing but these files of it can have
// changed, read through another file system for the same folder. It is not the
// same tree any more when one of them is gone, or is no plain file.
func (t *Tree) Again(fsys fs.FS, changed []string) (again *Tree, same bool) {
	out := *t
	out.files = slices.Clone(t.files)
	out.at = time.Now()
	out.learnt = t.learnt.none(len(out.files))
	out.fsys = fsys
	for _, p := range changed {
		i, there := t.byPath[p]
		if !there {
			return nil, false
		}
		info, err := fs.Lstat(fsys, p)
		if err != nil || !info.Mode().IsRegular() {
			return nil, false
		}
		out.files[i] = fileOf(p, info)
	}
	return &out, true
}

// Part gives a tree of some of the files.
func (t *Tree) Part(in func(path string) bool) *Tree {
	out := *t
	out.files = make([]File, 0, len(t.files)/4)
	out.byPath = make(map[string]int, len(t.files)/4)
	for _, f := range t.files {
		if in(f.Path) {
			out.byPath[f.Path] = len(out.files)
			out.files = append(out.files, f)
		}
	}
	out.learnt = t.learnt.none(len(out.files))
	return &out
}

// Sums remembers the hashes of files that were looked at before.
type Sums interface {
	Known(f File) (Hash, bool)
}

// Knowing returns a tree that asks for a file's hash before it reads the file
// for it. What this tree has read it does not read for its hash again.
func (t *Tree) Knowing(known Sums) *Tree {
	copyOf := *t
	copyOf.known, copyOf.learnt = known, (&learnt{}).none(len(t.files))
	return &copyOf
}

// At is when the first file was looked at.
func (t *Tree) At() time.Time { return t.at }

// Hash gives the hash of a text file's bytes; of a file that Text would refuse
// unread (too large, no permission) it is the hash of its refusal.
func (t *Tree) Hash(p string) (Hash, error) {
	f, found := t.Find(p)
	if found && f.Size > MaxTextBytes {
		return sha256.Sum256(fmt.Append(nil, "too large", f.Size)), nil
	}
	if found {
		if h, ok := t.knownHash(f); ok {
			return h, nil
		}
	}
	b, err := t.Bytes(p)
	if errors.Is(err, fs.ErrPermission) {
		return sha256.Sum256([]byte("unreadable")), nil
	}
	if err != nil {
		return Hash{}, err
	}
	h := Hash(sha256.Sum256(b))
	t.learn(p, h)
	return h, nil
}

// Sum gives the hash of a file's bytes, whatever its size.
func (t *Tree) Sum(p string) (Hash, error) {
	f, found := t.Find(p)
	if found {
		if h, ok := t.knownHash(f); ok {
			return h, nil
		}
	}
	open, err := t.fsys.Open(p)
	if err != nil {
		return Hash{}, t.reading(p, err)
	}
	defer open.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, open); err != nil {
		return Hash{}, fmt.Errorf("reading %s: %w", p, err)
	}
	h := Hash(sum.Sum(nil))
	t.learn(p, h)
	return h, nil
}

// Open opens a file for streaming.
func (t *Tree) Open(p string) (io.ReadCloser, error) {
	f, err := t.fsys.Open(p)
	return f, t.gone(p, err)
}

// Sub gives a folder of the site as a file system of its own.
func (t *Tree) Sub(folder string) (fs.FS, error) { return fs.Sub(t.fsys, folder) }

// Text reads a text file and normalises it (see Normalise), and gives the
// hash of its bytes. A file over MaxTextBytes is not read: it is a diagnostic
// and an empty text.
func (t *Tree) Text(p string) (Text, Hash, diag.List, error) { return t.textOn(&desk{}, p) }

func (t *Tree) textOn(d *desk, p string) (Text, Hash, diag.List, error) {
	f, found := t.Find(p)
	if found && f.Size > MaxTextBytes {
		return NewText(p, nil), Hash{}, diag.List{tooLarge(p, f.Size)}, nil
	}
	b, err := t.bytesIn(d.bytes, p)
	if errors.Is(err, fs.ErrPermission) {
		return NewText(p, nil), Hash{}, diag.List{{
			Start: diag.Pos{File: p}, Code: "source/unreadable",
			Message: "The file cannot be read.", Hint: "Give yourself the permission to read it.",
		}}, nil
	}
	if err != nil {
		return Text{}, Hash{}, nil, err
	}
	if len(b) > MaxTextBytes {
		return NewText(p, nil), Hash{}, diag.List{tooLarge(p, int64(len(b)))}, nil
	}
	hash := Hash(sha256.Sum256(b))
	t.learn(p, hash)
	text, diags := normalise(p, b, d.lines)
	d.bytes, d.lines = b, text.lines
	return text, hash, diags, nil
}

func tooLarge(p string, size int64) diag.Diagnostic {
	return diag.Diagnostic{
		Start: diag.Pos{File: p}, Code: "source/too-large",
		Message: fmt.Sprintf("The file is %.1f MB; a text file may have at most %d MB.", float64(size)/(1<<20), MaxTextBytes>>20),
		Hint:    "Split it into several lessons or quizzes.",
	}
}

// walker takes what belongs to the site out of its folders, several at once.
type walker struct {
	fsys  fs.FS
	skip  func(string) bool
	mu    sync.Mutex // of what follows
	parts [][]File   // a folder's files each
	diags diag.List
}

func (w *walker) refuse(p, code, message, hint string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.diags = append(w.diags, diag.Diagnostic{Start: diag.Pos{File: p}, Code: code, Message: message, Hint: hint})
}

// folder takes the files of one folder, and names the folders in it that belong
// to the site.
func (w *walker) folder(dir string, entries []folder.Entry, err error) (below []string, _ error) {
	if strings.Count(dir, "/") >= MaxDepth {
		w.refuse(dir, "source/too-deep", fmt.Sprintf("Folders are nested more than %d deep.", MaxDepth), "Move the folder further up.")
		return nil, nil
	}
	if errors.Is(err, fs.ErrPermission) {
		w.refuse(dir, "source/unreadable", "The folder cannot be read.", "Give yourself the permission to read it.")
		return nil, nil
	}
	if errors.Is(err, fs.ErrNotExist) && strings.Contains(dir, "/") { // gone since the folder above it was listed
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("listing %s: %w", dir, err)
	}
	files := make([]File, 0, len(entries))
	paths := pathsIn(dir, entries)
	for i, e := range entries {
		p := paths[i]
		if leftByAnEditor(e.Name) || w.skip != nil && w.skip(p) {
			continue
		}
		w.checkName(p, e.Name)
		switch {
		case e.Type == fs.ModeDir:
			below = append(below, e.Name)
		case e.Type == fs.ModeSymlink:
			if f, ok := w.linked(p); ok {
				files = append(files, f)
			}
		case errors.Is(e.Err, fs.ErrNotExist): // gone since the folder was listed: an editor at work
		case e.Err != nil:
			return nil, fmt.Errorf("looking at %s: %w", p, e.Err)
		case e.Type != 0:
			w.notAFile(p)
		default:
			files = append(files, File{p, e.Size, e.Stamp})
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.parts = append(w.parts, files)
	return below, nil
}

// pathsIn gives the paths of a folder's entries. They are parts of one string:
// paths last as long as the site, and the collector of garbage looks at each
// string in each of its runs.
func pathsIn(dir string, entries []folder.Entry) []string {
	length := 0
	for _, e := range entries {
		length += len(dir) + 1 + len(e.Name)
	}
	var b strings.Builder
	b.Grow(length)
	for _, e := range entries {
		b.WriteString(dir)
		b.WriteByte('/')
		b.WriteString(e.Name)
	}
	paths, all := make([]string, len(entries)), b.String()
	for i, e := range entries {
		n := len(dir) + 1 + len(e.Name)
		paths[i], all = all[:n], all[n:]
	}
	return paths
}

// linked gives the file that a link leads to.
func (w *walker) linked(p string) (File, bool) {
	// Stat follows the link, inside the root only when fsys is an os.Root.
	info, err := fs.Stat(w.fsys, p)
	switch {
	case err != nil:
		w.linkOutside(p)
	case info.IsDir():
		w.refuse(p, "source/link-to-folder", "The link leads to a folder. Links to folders are not followed, because they can go in circles.", "Replace the link by the folder itself, or put what is shared into `content/shared`.")
	case !info.Mode().IsRegular():
		w.notAFile(p)
	default:
		return fileOf(p, info), true
	}
	return File{}, false
}

func (w *walker) linkOutside(p string) {
	w.refuse(p, "source/link-outside", "The link does not lead to a file inside the site's folder.", "Replace the link by a copy of the file.")
}

func (w *walker) isLink(p string) bool {
	info, err := fs.Lstat(w.fsys, p)
	return err == nil && info.Mode()&fs.ModeSymlink != 0
}

func (w *walker) notAFile(p string) {
	w.refuse(p, "source/not-a-file", "This is neither a file nor a folder (a pipe, a socket or a device).", "Remove it from the site's folder.")
}

// twins reports paths that are one path on Windows and macOS: equal after
// Unicode NFC and case folding.
func (w *walker) twins(files []File) {
	if !slices.ContainsFunc(files, func(f File) bool { lower, plain := asciiLower(f.Path); return !plain || lower != f.Path }) {
		return // all are what they fold to
	}
	fold := cases.Fold()
	seen := make(map[string]string, len(files))
	for _, f := range files {
		key := f.Path
		if lower, plain := asciiLower(key); plain {
			key = lower
		} else {
			key = fold.String(norm.NFC.String(key))
		}
		if other, ok := seen[key]; ok {
			w.diags = append(w.diags, diag.Diagnostic{
				Start: diag.Pos{File: f.Path}, Code: "source/name-twice",
				Message: fmt.Sprintf("`%s` and `%s` are the same name on Windows and macOS.", path.Base(other), path.Base(f.Path)),
				Hint:    "Rename one of them.",
				Related: []diag.Related{{Pos: diag.Pos{File: other}, Message: "the other file"}},
			})
			continue
		}
		seen[key] = f.Path
	}
}

// asciiLower folds a path of ASCII alone, as most are.
func asciiLower(s string) (string, bool) {
	upper := false
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return "", false
		}
		upper = upper || 'A' <= s[i] && s[i] <= 'Z'
	}
	if upper {
		return strings.ToLower(s), true
	}
	return s, true
}

// leftByAnEditor tells whether a name is what editors, version control and
// desktops leave lying about. Such files are none of the site's.
func leftByAnEditor(name string) bool {
	return strings.HasPrefix(name, ".") || strings.HasSuffix(name, "~") || strings.HasPrefix(name, "~$") ||
		strings.HasPrefix(name, "#") && strings.HasSuffix(name, "#") ||
		slices.Contains([]string{"Thumbs.db", "desktop.ini", "4913"}, name) ||
		strings.HasSuffix(name, ".swp") || strings.HasSuffix(name, ".tmp")
}
