package plain

import "sync"

// Buffers are bytes that serve again: what is written into them anew for each
// of many values does not grow anew each time. The zero value is ready, and safe
// for concurrent use.
type Buffers struct{ pool sync.Pool }

// Use calls do with an empty slice to append to. do gives back what it has
// become, of which nobody may hold a part.
func (b *Buffers) Use(do func(empty []byte) []byte) {
	buffer, _ := b.pool.Get().(*[]byte)
	if buffer == nil {
		buffer = new([]byte)
	}
	*buffer = do((*buffer)[:0])
	b.pool.Put(buffer)
}
