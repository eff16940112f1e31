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
	bytes *[]byte // of the texts, one after the other; nil before the first one
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
	free        []*[]byte // where folders stood. No sync.Pool: the collector of garbage empties that
}

// heldPacks is the packed parts of a folder's texts.
type heldPacks struct {
	packs *packs
	read  sync.Once
	texts map[textKey]course.Packed
	bytes *[]byte // where they stand
	size  int     // 0 where they are nowhere else: those are never let go of
	asked int     // when, by the clock of packs

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
		texts := map[textKey]course.Packed{}
		h.bytes = s.buffer()
		if written := k.cache.GetIn(k.name("packed", folder), h.bytes); written != "" {
			if head, rest, ok := s.head(written); !ok || head.Environment != environment || !head.share(rest, texts) {
				clear(texts)
			}
		}
		s.hold(h, texts)
	})
	return h.texts
}

// hold takes note of what is in memory, and lets go of what was not asked for
// longest.
func (s *packs) hold(h *heldPacks, texts map[textKey]course.Packed) {
	s.mu.Lock()
	defer s.mu.Unlock()
	h.texts = texts
	if h.gone {
		return
	}
	h.size = cap(*h.bytes)
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
	if h.gone && h.loans == 0 && !h.taken && h.bytes != nil {
		s.free = append(s.free, h.bytes)
		h.bytes, h.texts = nil, nil
	}
}

// buffer gives an empty place for a folder.
func (s *packs) buffer() *[]byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	last := len(s.free) - 1
	if last < 0 {
		return new([]byte)
	}
	b := s.free[last]
	s.free = s.free[:last]
	*b = (*b)[:0]
	return b
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
			a.bytes = k.packs.buffer()
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
		b = s.buffer()
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
	s.replace(f.name, &head, b, put)
	f.away = away{}
}

// replace lets go of what was packed of the texts of a folder before, and holds what
// is nowhere else.
func (s *packs) replace(folder string, head *keptPacks, b *[]byte, put bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.held[folder] != nil {
		s.letGo(folder)
	}
	if put {
		s.free = append(s.free, b)
		return
	}
	h := &heldPacks{packs: s, taken: true, texts: make(map[textKey]course.Packed, len(head.Texts))}
	head.share(unsafe.String(unsafe.SliceData(*b), len(*b)), h.texts)
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
