package builder

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"sync"
	"unsafe"

	"sopan.dev/sopan/builder/cache"
	"sopan.dev/sopan/builder/course"
	"sopan.dev/sopan/builder/source"
	"sopan.dev/sopan/internal/plain"
)

// kept is what a Builder remembers on the disk, for the next run of the
// program. As in the memo, what is kept depends on its key alone. Four things
// are kept: the hashes of the site's files, by their stamps (sums.go); the
// readings of texts, a file of the cache for each folder of the site, so that
// an edit writes little; what is packed of them, in a file beside it (packs.go);
// and what a stage made of few inputs (keep).
//
// A nil *kept keeps nothing.
type kept struct {
	cache   *cache.Cache
	tool    string
	writer  *course.Writer
	folders *plain.Coder[keptFolder]
	written plain.Buffers // what of a folder is put away
	sums    *sums
	packs   *packs

	mu    sync.Mutex
	names map[string]bool // in the cache, that this run has use for
}

// keptFolder is a file of the cache: the texts of a folder.
type keptFolder struct {
	Environment source.Hash
	Texts       []keptText
}

type keptText struct {
	File    string
	Hash    source.Hash
	Reading string // as course.Writer writes it, bare
}

// textKey is a text by its path and bytes.
type textKey struct {
	file string
	hash source.Hash
}

// LastBuild is a name in the cache that Keep leaves to the caller.
const LastBuild = "last"

// Remembering makes a Builder that remembers on the disk. tool names this build
// of the program.
func Remembering(c *cache.Cache, tool string) *Builder {
	b := New()
	if c == nil {
		return b
	}
	writer, err1 := course.NewWriter()
	folders, err2 := plain.New[keptFolder](nil)
	packs, err3 := newPacks()
	if err := errors.Join(err1, err2, err3); err != nil {
		panic(err) // a fault of this program, which each test finds
	}
	b.kept = &kept{
		cache: c, tool: tool, writer: writer, folders: folders, sums: readSums(c), packs: packs,
		names: map[string]bool{sumsName: true, LastBuild: true},
	}
	return b
}

// changes is what became of a site's files since Keep was called last.
type changes struct {
	files  []string // whose bytes may be others
	before string   // NameOf them as they were
}

// Unchanged names the files of a site (NameOf) if they are those that were there
// when Keep was called last, byte for byte; "" is no name. The next Build, or Amend,
// works with the list of files that is made for it.
func (b *Builder) Unchanged(ctx context.Context, fsys fs.FS, o Options) (tree *source.Tree, name string, err error) {
	if b.kept == nil {
		return nil, "", nil
	}
	l, err := b.look(ctx, fsys, o)
	if err != nil {
		return nil, "", err
	}
	if files, before, known := b.kept.sums.changed(l.tree); known {
		l.changes = &changes{files, before}
		if len(files) == 0 && len(l.diags) == 0 {
			name = before // all stamps are as they were
		}
	}
	b.looked = l
	return l.tree, name, nil
}

// Keep forgets what the last build had no use for, unless it looked at a part of
// the site, and writes down which files were read. name is NameOf them. It writes
// while the caller goes on; wait returns when that is done.
func (b *Builder) Keep(tree *source.Tree, name string) (wait func()) {
	k := b.kept
	if k == nil {
		return func() {}
	}
	if !b.amended {
		k.cache.Keep(func(name string) bool { return k.names[name] }) // takes away what is half written, too
	}
	var writing sync.WaitGroup
	writing.Go(func() { k.sums.put(k.cache, tree, name) })
	return writing.Wait
}

// keyBase names all that pages read beside the courses and texts of the site:
// the program, the settings, the data files of content, the site's own theme.
// "" where nobody remembers pages: in memory, and in a package.
func (b *Builder) keyBase(tree *source.Tree, o Options) (string, error) {
	if b.kept == nil || o.Drafts || o.Profile != "" || o.Course != "" {
		return "", nil
	}
	h := sha256.New()
	fmt.Fprintf(h, "%s\x00", b.kept.tool)
	for _, f := range tree.Files() {
		if !strings.HasPrefix(f.Path, "themes/") && path.Dir(f.Path) != "content" && f.Path != "sopan.yaml" {
			continue
		}
		sum, err := tree.Sum(f.Path)
		if errors.Is(err, fs.ErrPermission) {
			continue // it is an error among the diagnostics, and nothing is written
		}
		if err != nil {
			return "", err
		}
		fmt.Fprintf(h, "%s\x00%x", f.Path, sum)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// name names a file of the cache, and notes that there is use for it.
func (k *kept) name(kind string, of ...any) string {
	name := cacheName(kind, of...)
	k.mu.Lock()
	defer k.mu.Unlock()
	k.names[name] = true
	return name
}

func cacheName(kind string, of ...any) string {
	h := sha256.New()
	for _, part := range of {
		fmt.Fprintf(h, "%v\x00", part)
	}
	return kind + "-" + hex.EncodeToString(h.Sum(nil)[:12])
}

// forget says that there is no use for a file of the cache.
func (k *kept) forget(kind string, of ...any) {
	name := k.name(kind, of...)
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.names, name)
}

// facts gives what the cache knows of the texts of a folder, without what is
// packed of them.
func (k *kept) facts(folder string, survey *course.Survey) map[textKey]*course.Reading {
	if k == nil {
		return nil
	}
	written := k.cache.Get(k.name("facts", folder))
	if written == "" {
		return nil
	}
	f, err := k.folders.Read(written, nil)
	if err != nil || f.Environment != survey.Environment() {
		return nil
	}
	out := make(map[textKey]*course.Reading, len(f.Texts))
	for _, t := range f.Texts {
		if r, err := k.writer.Read(t.Reading, survey); err == nil {
			out[textKey{t.File, t.Hash}] = r
		}
	}
	return out
}

// putFacts writes down what the texts of a folder say.
func (k *kept) putFacts(f *folderTexts, readings []*course.Reading, survey *course.Survey) {
	if k == nil {
		return
	}
	w := keptFolder{Environment: survey.Environment(), Texts: make([]keptText, len(f.texts))}
	k.written.Use(func(all []byte) []byte {
		ends := make([]int, len(f.texts))
		for n, i := range f.texts {
			all = k.writer.Append(all, readings[i])
			ends[n] = len(all)
		}
		begin := 0
		for n, i := range f.texts {
			w.Texts[n] = keptText{survey.File(i), readings[i].Hash, unsafe.String(unsafe.SliceData(all[begin:]), ends[n]-begin)}
			begin = ends[n]
		}
		k.written.Use(func(b []byte) []byte {
			b = k.folders.Append(b, &w)
			k.cache.Put(k.name("facts", f.name), b)
			return b
		})
		return all
	})
}

// keep is remember with the disk behind it, for a stage whose result is plain
// data.
func keep[T any](b *Builder, k key, fn func() (T, error)) (T, error) {
	return remember(&b.memo, k, func() (T, error) {
		if b.kept == nil {
			return fn()
		}
		coder, err := plain.New[T](nil)
		if err != nil {
			panic(err) // a fault of this program, which each test finds
		}
		name := b.kept.name(k.stage, k.path, k.input, k.options)
		if written := b.kept.cache.Get(name); written != "" {
			if v, err := coder.Read(written, nil); err == nil {
				return *v, nil
			}
		}
		made, err := fn()
		if err == nil {
			b.kept.cache.Put(name, coder.Append(nil, &made))
		}
		return made, err
	})
}
