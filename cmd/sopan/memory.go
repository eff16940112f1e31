package main

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// A build makes much garbage from little that lasts, and Go's collector runs
// when the heap has doubled: on a site of 2,000 lessons that is a tenth of the
// whole build. Here it runs when the heap has reached roomyHeap, and on sites
// that need more of it when the heap has grown by leastGrowth.
const (
	roomyHeap   = 256 << 20
	leastGrowth = 30 // percent
)

// roomy gives the collector these rules for the rest of the process, unless
// whoever started it has set GOGC or GOMEMLIMIT.
func roomy() {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	debug.SetGCPercent(100 * roomyHeap / firstHeap)
	afterCollection(func() {
		live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		metrics.Read(live)
		if n := live[0].Value.Uint64(); n > 0 {
			debug.SetGCPercent(max(leastGrowth, int(100*roomyHeap/n)-100))
		}
	})
}

// firstHeap is what the runtime takes for the heap in use until the first collection.
const firstHeap = 4 << 20

// afterCollection calls f after each collection: a new object dies in each.
func afterCollection(f func()) {
	runtime.AddCleanup(new([16]byte), func(f func()) {
		f()
		afterCollection(f)
	}, f)
}
