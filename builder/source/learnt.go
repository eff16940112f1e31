package source

import "sync"

// learnt is the hashes of the files that a tree has read, by their numbers in
// it. There are tens of thousands, without a pointer among them.
type learnt struct {
	mu     sync.Mutex
	hashes []Hash
	there  []bool
}

// none is for a tree of other files; nil where this one learns nothing.
func (l *learnt) none(files int) *learnt {
	if l == nil {
		return nil
	}
	return &learnt{hashes: make([]Hash, files), there: make([]bool, files)}
}

// learn takes note of a hash. The first one stays: who reads a file twice and
// finds other bytes says so himself.
func (t *Tree) learn(p string, h Hash) {
	i, found := t.byPath[p]
	if !found || t.learnt == nil {
		return
	}
	t.learnt.mu.Lock()
	defer t.learnt.mu.Unlock()
	if !t.learnt.there[i] {
		t.learnt.hashes[i], t.learnt.there[i] = h, true
	}
}

// knownHash gives the hash of a file's bytes where that is known without reading
// them.
func (t *Tree) knownHash(f File) (Hash, bool) {
	if t.known == nil {
		return Hash{}, false
	}
	if h, ok := t.known.Known(f); ok {
		return h, true
	}
	i := t.byPath[f.Path]
	t.learnt.mu.Lock()
	defer t.learnt.mu.Unlock()
	return t.learnt.hashes[i], t.learnt.there[i]
}
