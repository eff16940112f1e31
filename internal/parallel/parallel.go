// Package parallel does independent work on all processors.
//
// In goes how many pieces of work there are and a function that does one of
// them by its number; out comes an error or none. It hands out numbers and
// never results: the function puts these where its number says, so that they
// do not depend on which was done first.
package parallel

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
)

// Each calls do for each number below n, as many at once as there are
// processors, and returns when the last call has.
//
// Numbers are begun in order. After the first error, and after the end of ctx,
// no other is begun; those that are under way are finished, so all below one
// that failed were done. For that the error of the lowest number that fails is
// returned, in each run the same. Where none fails, it is that of ctx, or nil
// when everything was done before ctx ended.
func Each(ctx context.Context, n int, do func(i int) error) error {
	var next atomic.Int64
	var stopped atomic.Bool
	var mu sync.Mutex
	lowest, failed := n, error(nil)
	var workers sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		workers.Go(func() {
			for !stopped.Load() && ctx.Err() == nil { // before a number is taken, never after
				i := int(next.Add(1) - 1)
				if i >= n {
					return
				}
				if err := do(i); err != nil {
					stopped.Store(true)
					mu.Lock()
					if i < lowest {
						lowest, failed = i, err
					}
					mu.Unlock()
				}
			}
		})
	}
	workers.Wait()
	if failed == nil && next.Load() < int64(n) {
		return ctx.Err()
	}
	return failed
}
