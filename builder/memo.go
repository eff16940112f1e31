package builder

import (
	"crypto/sha256"
	"io/fs"
	"sync"

	"sopan.dev/sopan/builder/source"
)

// memo remembers what a stage made of its inputs. Stages do not know of it:
// what is remembered depends on its key alone, and is immutable. What a build
// did not ask for is forgotten after it, so that a preview that runs all day
// holds one site.
type memo struct {
	mu    sync.Mutex
	made  map[key]any
	asked map[key]bool // in this build
}

// key names a stage and everything its result depends on: a path, and hashes.
type key struct {
	stage, path    string
	input, options source.Hash
}

func newMemo() memo { return memo{made: map[key]any{}, asked: map[key]bool{}} }

// remember gives what fn made for the key the first time. A failure is not
// remembered.
func remember[T any](m *memo, k key, fn func() (T, error)) (T, error) {
	m.mu.Lock()
	v, ok := m.made[k]
	m.asked[k] = true
	m.mu.Unlock()
	if ok {
		return v.(T), nil
	}
	made, err := fn()
	if err != nil {
		return made, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.made[k] = made
	return made, nil
}

// forget drops what was not asked for since the last call.
func (m *memo) forget() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for k := range m.made {
		if !m.asked[k] {
			delete(m.made, k)
		}
	}
	clear(m.asked)
}

// hashTree is a hash of every file below a folder of a tree, names and bytes.
func hashTree(tree fs.FS, folder string) (source.Hash, error) {
	h := sha256.New()
	err := fs.WalkDir(tree, folder, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(tree, p)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(b)
		h.Write([]byte(p))
		h.Write(sum[:])
		return nil
	})
	return source.Hash(h.Sum(nil)), err
}
