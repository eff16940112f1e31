package builder

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"sync"
)

// memo remembers what a stage made of its inputs. Stages do not know of it:
// what is remembered depends on its key alone, and is immutable.
type memo struct {
	mu   sync.Mutex
	made map[key]any
}

// key names a stage and everything its result depends on, by hash.
type key struct{ stage, inputs, options string }

func newMemo() memo { return memo{made: map[key]any{}} }

// remember gives what fn made for the key the first time. A failure is not
// remembered.
func remember[T any](m *memo, k key, fn func() (T, error)) (T, error) {
	m.mu.Lock()
	v, ok := m.made[k]
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
	for old := range m.made { // one result a stage: the last inputs are the likely next
		if old.stage == k.stage {
			delete(m.made, old)
		}
	}
	m.made[k] = made
	return made, nil
}

// hashTree is a hash of every file below a folder of a tree, names and bytes.
func hashTree(tree fs.FS, folder string) (string, error) {
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
	return hex.EncodeToString(h.Sum(nil)), err
}
