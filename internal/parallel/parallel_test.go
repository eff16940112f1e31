package parallel

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
)

// processors is how many workers a test has, whatever the machine has.
func processors(t *testing.T, n int) {
	before := runtime.GOMAXPROCS(n)
	t.Cleanup(func() { runtime.GOMAXPROCS(before) })
}

func TestEachNumberIsDoneOnce(t *testing.T) {
	for _, workers := range []int{1, 2, 7} {
		processors(t, workers)
		for _, n := range []int{0, 1, 2, 6, 7, 8, 1000} {
			done := make([]atomic.Int32, n)
			if err := Each(context.Background(), n, func(i int) error { done[i].Add(1); return nil }); err != nil {
				t.Errorf("%d numbers, %d workers: %v", n, workers, err)
			}
			for i := range done {
				if times := done[i].Load(); times != 1 {
					t.Errorf("%d numbers, %d workers: %d is done %d times", n, workers, i, times)
				}
			}
		}
	}
}

// TestAsManyAtOnceAsThereAreProcessors: calls wait for one another, so that
// with fewer workers the test would never end.
func TestAsManyAtOnceAsThereAreProcessors(t *testing.T) {
	const workers = 3
	processors(t, workers)
	var now, most atomic.Int32
	var all sync.WaitGroup
	all.Add(workers)
	err := Each(context.Background(), 20*workers, func(i int) error {
		at := now.Add(1)
		defer now.Add(-1)
		for old := most.Load(); at > old && !most.CompareAndSwap(old, at); old = most.Load() {
		}
		if i < workers {
			all.Done()
			all.Wait()
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if most.Load() != workers {
		t.Errorf("%d calls at once, want %d", most.Load(), workers)
	}
}

// TestTheErrorOfTheLowestNumberIsKept also when a higher one failed before it.
func TestTheErrorOfTheLowestNumberIsKept(t *testing.T) {
	processors(t, 2)
	later := make(chan struct{})
	var begun atomic.Int32
	err := Each(context.Background(), 1000, func(i int) error {
		begun.Add(1)
		switch i {
		case 4:
			<-later
			return errors.New("four")
		case 5:
			defer close(later)
			return errors.New("five")
		}
		return nil
	})
	if err == nil || err.Error() != "four" {
		t.Errorf("got %v, want the error of 4", err)
	}
	if begun.Load() != 6 {
		t.Errorf("%d numbers were begun, want none behind those that failed", begun.Load())
	}
}

func TestTheEndOfTheContextEndsTheWork(t *testing.T) {
	for _, workers := range []int{1, 4} {
		processors(t, workers)
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		if err := Each(ctx, 5, func(int) error { t.Error("work is begun after the end"); return nil }); !errors.Is(err, context.Canceled) {
			t.Errorf("%d workers: got %v", workers, err)
		}

		ctx, cancel = context.WithCancel(context.Background())
		var begun atomic.Int32
		err := Each(ctx, 1000, func(int) error {
			begun.Add(1)
			cancel()
			return nil
		})
		if !errors.Is(err, context.Canceled) || begun.Load() > int32(workers) {
			t.Errorf("%d workers: got %v after %d numbers", workers, err, begun.Load())
		}
	}
}

func TestWorkThatIsDoneBeforeTheEndIsNoError(t *testing.T) {
	processors(t, 1)
	ctx, cancel := context.WithCancel(context.Background())
	err := Each(ctx, 3, func(i int) error {
		if i == 2 {
			cancel()
		}
		return nil
	})
	if err != nil {
		t.Errorf("everything was done, and the error is %v", err)
	}
}

func TestAnErrorIsKeptWhenTheContextEndsToo(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	err := Each(ctx, 10, func(i int) error {
		cancel()
		return fmt.Errorf("%d", i)
	})
	if err == nil || err.Error() != "0" {
		t.Errorf("got %v, want the error of 0", err)
	}
}
