package builder

import (
	"path"
	"sync"

	"sopan.dev/sopan/builder/course"
	"sopan.dev/sopan/builder/source"
	"sopan.dev/sopan/internal/plain"
)

// This file keeps what is packed of texts (course.Packed) out of memory: in the
// cache, a file for each folder of the site, beside that of its readings. A
// build writes it as soon as the folder is read, and pages get it from there.
// Each entry says which bytes of which text it is of, so it does not matter who
// wrote a file and when; what is not there is read from the text again.

const (
	// packsBudget is how much of it stays in memory for the next page of the same
	// folder: all of it on sites of common size, up to some 2,500 lessons.
	packsBudget = 64 << 20
	// leastPacks is how much where there is twice as much as that. Pages are made
	// folder by folder: until one that is read now is asked for, it is gone whatever
	// the budget, and less work for the collector matters more.
	leastPacks = 8 << 20
)

// keptPacks is a file of the cache.
type keptPacks struct {
	Environment source.Hash
	Texts       []keptPack
}

type keptPack struct {
	File string
	Hash source.Hash
	course.Packed
}

// packs is what of it is in memory.
type packs struct {
	coder   *plain.Coder[keptPacks]
	buffers plain.Buffers

	mu          sync.Mutex
	environment source.Hash // of the build that goes on
	held        map[string]*heldPacks
	size, clock int
	put         map[string]int // how much was put away of each folder
	all         int            // of all folders
}

// heldPacks is the packed parts of a folder's texts.
type heldPacks struct {
	read  sync.Once
	texts map[textKey]course.Packed
	size  int
	asked int // when, by the clock of packs
}

func newPacks() (*packs, error) {
	coder, err := plain.New[keptPacks](nil)
	return &packs{coder: coder, held: map[string]*heldPacks{}, put: map[string]int{}}, err
}

// in begins a build in which readings depend on this environment.
func (k *kept) in(environment source.Hash) {
	if k == nil {
		return
	}
	k.packs.mu.Lock()
	defer k.packs.mu.Unlock()
	if k.packs.environment != environment {
		k.packs.environment, k.packs.held, k.packs.size = environment, map[string]*heldPacks{}, 0
	}
}

// packed gives what is packed of one text; a nil function where nothing is kept.
func (k *kept) packed() func(file string, hash source.Hash) (course.Packed, bool) {
	if k == nil {
		return nil
	}
	return func(file string, hash source.Hash) (course.Packed, bool) {
		folder := path.Dir(file)
		p, there := k.packsOf(folder)[textKey{file, hash}]
		if !there { // so that the next build reads the folder anew, and writes both files
			k.forget("facts", folder)
		}
		return p, there
	}
}

// packsOf gives what is packed of the texts of a folder.
func (k *kept) packsOf(folder string) map[textKey]course.Packed {
	if k == nil {
		return nil
	}
	s := k.packs
	s.mu.Lock()
	h := s.held[folder]
	if h == nil {
		h = &heldPacks{}
		s.held[folder] = h
	}
	s.clock++
	h.asked = s.clock
	environment := s.environment
	s.mu.Unlock()
	h.read.Do(func() {
		texts := map[textKey]course.Packed{}
		size := 0
		if written := k.cache.Get(k.name("packed", folder)); written != "" {
			if f, err := s.coder.Read(written, nil); err == nil && f.Environment == environment {
				for _, t := range f.Texts {
					texts[textKey{t.File, t.Hash}] = t.Packed
				}
				size = len(written)
			}
		}
		s.hold(h, texts, size)
	})
	return h.texts
}

func (s *packs) budget() int {
	if s.all > 2*packsBudget {
		return leastPacks
	}
	return packsBudget
}

// hold takes note of what is in memory, and lets go of what was not asked for
// longest.
func (s *packs) hold(h *heldPacks, texts map[textKey]course.Packed, size int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	h.texts, h.size = texts, size
	s.size += size
	s.shrink(h)
}

func (s *packs) shrink(but *heldPacks) {
	for s.size > s.budget() {
		oldest := ""
		for folder, other := range s.held {
			if other != but && other.size > 0 && (oldest == "" || other.asked < s.held[oldest].asked) {
				oldest = folder
			}
		}
		if oldest == "" {
			return
		}
		s.size -= s.held[oldest].size
		delete(s.held, oldest)
	}
}

// putAway writes what is packed of all texts of a folder, and takes it out of
// the fresh readings among them. Where it cannot be written they keep it.
func (k *kept) putAway(f *folderTexts, readings []*course.Reading, file func(i int) string) {
	if k == nil {
		return
	}
	s := k.packs
	w := keptPacks{Environment: s.environment}
	texts := make(map[textKey]course.Packed, len(f.texts))
	for _, i := range f.texts {
		of := textKey{file(i), readings[i].Hash}
		p, there := f.packed[of]
		if !there {
			p = readings[i].Packed()
		}
		if p == (course.Packed{}) {
			continue // nothing is, or it is lost
		}
		texts[of] = p
		w.Texts = append(w.Texts, keptPack{of.file, of.hash, p})
	}
	size, put := 0, false
	s.buffers.Use(func(b []byte) []byte {
		b = s.coder.Append(b, &w)
		size, put = len(b), k.cache.Put(k.name("packed", f.name), b)
		return b
	})
	if !put {
		return
	}
	for _, i := range f.fresh {
		readings[i].Bare()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all += size - s.put[f.name]
	s.put[f.name] = size
	if old := s.held[f.name]; old != nil {
		s.size -= old.size
		delete(s.held, f.name)
	}
	s.shrink(nil)
	if s.size+size > s.budget() {
		return // pages begin with the folders that were read first: those stay
	}
	s.clock++
	h := &heldPacks{texts: texts, size: size, asked: s.clock}
	h.read.Do(func() {})
	s.held[f.name] = h
	s.size += size
}

// wants notes that the files of a folder are of use.
func (k *kept) wants(folder string) {
	if k != nil {
		k.name("facts", folder)
		k.name("packed", folder)
	}
}
