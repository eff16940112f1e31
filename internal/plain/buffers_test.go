package plain_test

import (
	"strings"
	"sync"
	"testing"

	"sopan.dev/sopan/internal/plain"
)

func TestABufferIsEmptyAndNobodyElsesWhileItIsInUse(t *testing.T) {
	var buffers plain.Buffers
	var all sync.WaitGroup
	for _, letter := range "abcdefgh" {
		all.Go(func() {
			for n := range 100 {
				buffers.Use(func(b []byte) []byte {
					if len(b) != 0 {
						t.Errorf("a buffer begins with %q", b)
					}
					want := strings.Repeat(string(letter), n)
					for range n {
						b = append(b, byte(letter))
					}
					if string(b) != want {
						t.Errorf("got %q, want %q", b, want)
					}
					return b
				})
			}
		})
	}
	all.Wait()
}
