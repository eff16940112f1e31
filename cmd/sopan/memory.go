package main

import (
	"math"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// A command makes much garbage from little that lasts, and Go's collector runs
// whenever the heap has doubled: twice before the first word of `sopan version`
// is out. Here it runs when all memory together has reached roomyMemory. Where a
// site of many lessons needs more it runs when what lasts has grown by mostGrowth,
// as long as all together is below ampleMemory, and beyond that by leastGrowth:
// the more often it runs, the more of the time is spent on looking at the same
// lessons again. A limit bounds what the process takes better than a percentage
// does, which is a share of the heap after the last collection.
const (
	roomyMemory = 300 << 20
	ampleMemory = 530 << 20
	mostGrowth  = 150 // percent
	leastGrowth = 50
)

// memoryLimit is where the collector runs next. live is what lasted when it ran
// last, beside what the process takes for anything but its heap.
func memoryLimit(live, beside uint64) int64 {
	grown := func(percent uint64) uint64 { return live + live*percent/100 + beside }
	return int64(min(math.MaxInt64, max(roomyMemory, min(ampleMemory, grown(mostGrowth)), grown(leastGrowth))))
}

// roomy gives the collector these rules for the rest of the process, unless
// whoever started it has set GOGC or GOMEMLIMIT.
func roomy() {
	if collectorIsSet() {
		return
	}
	debug.SetGCPercent(-1)
	debug.SetMemoryLimit(roomyMemory)
	afterCollection(func() {
		m := []metrics.Sample{{Name: "/gc/heap/live:bytes"}, {Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/objects:bytes"},
			{Name: "/memory/classes/heap/free:bytes"}, {Name: "/memory/classes/heap/released:bytes"}, {Name: "/memory/classes/heap/unused:bytes"}}
		metrics.Read(m)
		live := m[0].Value.Uint64()
		beside := m[1].Value.Uint64()
		for _, heap := range m[2:] {
			beside -= min(beside, heap.Value.Uint64())
		}
		debug.SetMemoryLimit(memoryLimit(live, beside))
	})
}

// frugal has the collector run whenever the heap has doubled, too: for a command
// that stays, beside an author's other programs.
func frugal() {
	if !collectorIsSet() {
		debug.SetGCPercent(100)
	}
}

func collectorIsSet() bool { return os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" }

// afterCollection calls f after each collection: a new object dies in each.
func afterCollection(f func()) {
	runtime.AddCleanup(new([16]byte), func(f func()) {
		f()
		afterCollection(f)
	}, f)
}
