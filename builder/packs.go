package builder

import (
	"encoding/binary"
	"path"
	"slices"
	"sync"
	"unsafe"

	"sopan.dev/sopan/builder/course"
	"sopan.dev/sopan/builder/source"
	"sopan.dev/sopan/internal/plain"
)

// This file keeps what is packed of texts (course.Packed) out of memory: in the
// cache, a file for each folder of the site, beside that of its readings. A
// build writes it as soon as the folder is read, and pages get it from there.
// Each entry says which bytes of which text it is of, so it does not matter who
// wrote a file and when; what is not there is read from the text again.

// packsBudget is how much of it stays in memory for the next page of the same
// folder, and for the course's search index. Pages are made folder by folder, and
// what the machine's memory has of a file anyway is read again sooner than memory
// is touched for the first time: a larger budget costs more than it saves.
const packsBudget = 4 << 20

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
	at    *place // of the texts, one after the other; nil before the first one
}

// packedText is a text by its number in the survey, and how many bytes its parts have.
type packedText struct{ text, questions, words, body int }

// packs is what of it is in memory.
type packs struct {
	coder *plain.Coder[keptPacks]

	mu          sync.Mutex
	environment source.Hash // of the build that goes on
	held        map[string]*heldPacks
	size, clock int
	free        []*place // where folders stood. No sync.Pool: the collector of garbage empties that
}

// place is where what is packed of a folder's texts stands.
type place struct {
	bytes []byte
	texts map[textKey]course.Packed // in them
}

// usualPlace holds what is packed of a module of ten lessons with a quiz each.
const usualPlace = 320 << 10

// heldPacks is the packed parts of a folder's texts.
type heldPacks struct {
	packs *packs
	read  sync.Once
	at    *place
	size  int // 0 where they are nowhere else: those are never let go of
	asked int // when, by the clock of packs

	loans int  // that were not given back
	taken bool // for good
	gone  bool // nobody who asks now gets it
}

func newPacks() (*packs, error) {
	coder, err := plain.New[keptPacks](nil)
	return &packs{coder: coder, held: map[string]*heldPacks{}}, err
}

// in begins a build in which readings depend on this environment.
func (k *kept) in(environment source.Hash) {
	if k == nil {
		return
	}
	k.packs.mu.Lock()
	defer k.packs.mu.Unlock()
	if k.packs.environment != environment {
		k.packs.environment = environment
		for folder := range k.packs.held {
			k.packs.letGo(folder)
		}
	}
}

// packed gives what is packed of one text; a nil function where nothing is kept.
func (k *kept) packed() func(file string, hash source.Hash, l *course.Loan) (course.Packed, bool) {
	if k == nil {
		return nil
	}
	return func(file string, hash source.Hash, l *course.Loan) (course.Packed, bool) {
		folder := path.Dir(file)
		p, there := k.packsOf(folder, l)[textKey{file, hash}]
		if !there { // so that the next build reads the folder anew, and writes both files
			k.forget("facts", folder)
		}
		return p, there
	}
}

// packsOf gives what is packed of the texts of a folder, for good or for a loan.
func (k *kept) packsOf(folder string, l *course.Loan) map[textKey]course.Packed {
	if k == nil {
		return nil
	}
	s := k.packs
	s.mu.Lock()
	h := s.held[folder]
	if h == nil {
		h = &heldPacks{packs: s}
		s.held[folder] = h
	}
	s.clock++
	h.asked = s.clock
	if l == nil {
		h.taken = true
	} else {
		h.loans++
		l.Holds(h)
	}
	environment := s.environment
	s.mu.Unlock()
	h.read.Do(func() {
		h.at = s.place()
		if written := k.cache.GetIn(k.name("packed", folder), &h.at.bytes); written != "" {
			if head, rest, ok := s.head(written); !ok || head.Environment != environment || !head.share(rest, h.at.texts) {
				clear(h.at.texts)
			}
		}
		s.hold(h)
	})
	return h.at.texts
}

// hold takes note of what is in memory, and lets go of what was not asked for
// longest.
func (s *packs) hold(h *heldPacks) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if h.gone {
		return
	}
	h.size = cap(h.at.bytes)
	s.size += h.size
	for s.size > packsBudget {
		oldest := ""
		for folder, other := range s.held {
			if other != h && other.size > 0 && (oldest == "" || other.asked < s.held[oldest].asked) {
				oldest = folder
			}
		}
		if oldest == "" {
			return
		}
		s.letGo(oldest)
	}
}

// letGo takes a folder out of memory; where it is lent out, when that is given back.
func (s *packs) letGo(folder string) {
	h := s.held[folder]
	delete(s.held, folder)
	s.size -= h.size
	h.gone = true
	s.reuse(h)
}

// GiveBack ends a loan.
func (h *heldPacks) GiveBack() {
	h.packs.mu.Lock()
	defer h.packs.mu.Unlock()
	h.loans--
	h.packs.reuse(h)
}

// reuse gives the next folder the place of one that nobody holds a part of.
func (s *packs) reuse(h *heldPacks) {
	if h.gone && h.loans == 0 && !h.taken && h.at != nil {
		s.free = append(s.free, h.at)
		h.at = nil
	}
}

// place gives an empty place for a folder.
func (s *packs) place() *place {
	s.mu.Lock()
	defer s.mu.Unlock()
	last := len(s.free) - 1
	if last < 0 {
		return &place{make([]byte, 0, usualPlace), map[textKey]course.Packed{}}
	}
	p := s.free[last]
	s.free = s.free[:last]
	p.bytes = p.bytes[:0]
	clear(p.texts)
	return p
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
		if a.at == nil {
			a.at = k.packs.place()
		}
		a.texts = append(a.texts, packedText{i, len(questions), len(words), len(body)})
		a.at.bytes = append(append(append(a.at.bytes, questions...), words...), body...)
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
	at := f.away.at
	if at == nil { // of translated quizzes alone nothing is packed
		at = s.place()
	}
	size := len(at.bytes)
	for _, p := range f.packed {
		size += len(p.Questions) + len(p.Words) + len(p.Body)
	}
	at.bytes = slices.Grow(at.bytes, size-len(at.bytes))
	fresh := map[int]bool{}
	for _, t := range f.away.texts {
		fresh[t.text] = true
		head.Texts = append(head.Texts, keptPack{file(t.text), readings[t.text].Hash, t.questions, t.words, t.body})
	}
	for _, i := range f.texts {
		if p, there := f.packed[textKey{file(i), readings[i].Hash}]; there && !fresh[i] {
			head.Texts = append(head.Texts, keptPack{file(i), readings[i].Hash, len(p.Questions), len(p.Words), len(p.Body)})
			at.bytes = append(append(append(at.bytes, p.Questions...), p.Words...), p.Body...)
		}
	}
	written := s.coder.Append(make([]byte, headBytes), &head)
	binary.LittleEndian.PutUint64(written, uint64(len(written)-headBytes))
	put := k.cache.Put(k.name("packed", f.name), written, at.bytes)
	s.replace(f.name, &head, at, put)
	f.away = away{}
}

// replace lets go of what was packed of the texts of a folder before, and holds what
// is nowhere else.
func (s *packs) replace(folder string, head *keptPacks, at *place, put bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.held[folder] != nil {
		s.letGo(folder)
	}
	if put {
		s.free = append(s.free, at)
		return
	}
	h := &heldPacks{packs: s, taken: true, at: at}
	head.share(unsafe.String(unsafe.SliceData(at.bytes), len(at.bytes)), at.texts)
	h.read.Do(func() {})
	s.held[folder] = h
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
