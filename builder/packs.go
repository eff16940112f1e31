package builder

import (
	"encoding/binary"
	"path"
	"slices"
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

// keptPacks is the head of a file of the cache. Behind it stands what is packed of
// the texts, one after the other.
type keptPacks struct {
	Environment source.Hash
	Texts       []keptPack
}

// keptPack says what stands there of a text: how many bytes of each part.
type keptPack struct {
	File                   string
	Hash                   source.Hash
	Questions, Words, Body int
}

// away is what is packed of the texts of a folder while they are read.
type away struct {
	mu    sync.Mutex
	texts []packedText
	bytes *[]byte // of the texts, one after the other; nil before the first one
}

// packedText is a text by its number in the survey, and how many bytes its parts have.
type packedText struct{ text, questions, words, body int }

// packs is what of it is in memory.
type packs struct {
	coder   *plain.Coder[keptPacks]
	buffers sync.Pool // of *[]byte, for away

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
			if head, rest, ok := s.head(written); ok && head.Environment == environment && head.share(rest, texts) {
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

// read reads a text. What is packed of it goes away with that of its folder.
func (k *kept) read(f *folderTexts, survey *course.Survey, i int) (*course.Reading, error) {
	if k == nil {
		return survey.Read(i)
	}
	return survey.ReadBare(i, func(questions, words, body []byte) {
		a := &f.away
		a.mu.Lock()
		defer a.mu.Unlock()
		if a.bytes == nil {
			if a.bytes, _ = k.packs.buffers.Get().(*[]byte); a.bytes == nil {
				a.bytes = new([]byte)
			}
			*a.bytes = (*a.bytes)[:0]
		}
		a.texts = append(a.texts, packedText{i, len(questions), len(words), len(body)})
		*a.bytes = append(append(append(*a.bytes, questions...), words...), body...)
	})
}

// putAway writes what is packed of all texts of a folder. Where it cannot be
// written it stays in memory.
func (k *kept) putAway(f *folderTexts, readings []*course.Reading, file func(i int) string) {
	if k == nil {
		return
	}
	s := k.packs
	head := keptPacks{Environment: s.environment, Texts: make([]keptPack, 0, len(f.texts))}
	b := f.away.bytes
	if b == nil { // of translated quizzes alone nothing is packed
		b = new([]byte)
	}
	size := len(*b)
	for _, p := range f.packed {
		size += len(p.Questions) + len(p.Words) + len(p.Body)
	}
	*b = slices.Grow(*b, size-len(*b))
	fresh := map[int]bool{}
	for _, t := range f.away.texts {
		fresh[t.text] = true
		head.Texts = append(head.Texts, keptPack{file(t.text), readings[t.text].Hash, t.questions, t.words, t.body})
	}
	for _, i := range f.texts {
		if p, there := f.packed[textKey{file(i), readings[i].Hash}]; there && !fresh[i] {
			head.Texts = append(head.Texts, keptPack{file(i), readings[i].Hash, len(p.Questions), len(p.Words), len(p.Body)})
			*b = append(append(append(*b, p.Questions...), p.Words...), p.Body...)
		}
	}
	written := s.coder.Append(make([]byte, headBytes), &head)
	binary.LittleEndian.PutUint64(written, uint64(len(written)-headBytes))
	put := k.cache.Put(k.name("packed", f.name), written, *b)
	s.keep(f.name, &head, *b, len(written)+len(*b), put)
	f.away = away{}
	s.buffers.Put(b)
}

// keep holds what is packed of the texts of a folder where there is room for it, or
// where it is nowhere else.
func (s *packs) keep(folder string, head *keptPacks, b []byte, size int, put bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all += size - s.put[folder]
	s.put[folder] = size
	if old := s.held[folder]; old != nil {
		s.size -= old.size
		delete(s.held, folder)
	}
	s.shrink(nil)
	if put && s.size+size > s.budget() {
		return // pages begin with the folders that were read first: those stay
	}
	s.clock++
	h := &heldPacks{texts: make(map[textKey]course.Packed, len(head.Texts)), asked: s.clock}
	if put {
		h.size = size // else it is never let go of
	}
	head.share(string(b), h.texts)
	h.read.Do(func() {})
	s.held[folder] = h
	s.size += h.size
}

// headBytes is how many bytes say how long the head of a file is.
const headBytes = 8

// head reads the head of a file.
func (s *packs) head(written string) (head *keptPacks, rest string, ok bool) {
	if len(written) < headBytes {
		return nil, "", false
	}
	length, rest := binary.LittleEndian.Uint64([]byte(written[:headBytes])), written[headBytes:]
	if length > uint64(len(rest)) {
		return nil, "", false
	}
	head, err := s.coder.Read(rest[:length], nil)
	return head, rest[length:], err == nil
}

// share gives each text its part of the bytes behind the head; not ok where these
// are not as many.
func (p *keptPacks) share(bytes string, texts map[textKey]course.Packed) (ok bool) {
	next := func(n int) (part string) {
		if ok = ok && n >= 0 && n <= len(bytes); ok {
			part, bytes = bytes[:n], bytes[n:]
		}
		return part
	}
	ok = true
	for _, t := range p.Texts {
		texts[textKey{t.File, t.Hash}] = course.Packed{Questions: next(t.Questions), Words: next(t.Words), Body: next(t.Body)}
	}
	if ok = ok && bytes == ""; !ok {
		clear(texts)
	}
	return ok
}

// wants notes that the files of a folder are of use.
func (k *kept) wants(folder string) {
	if k != nil {
		k.name("facts", folder)
		k.name("packed", folder)
	}
}
