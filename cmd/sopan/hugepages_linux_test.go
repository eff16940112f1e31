package main

import (
	"math"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"testing"

	"golang.org/x/sys/unix"
)

func TestHugePagesTakeNothingThatStays(t *testing.T) {
	before := debug.SetMemoryLimit(321 << 20)
	defer debug.SetMemoryLimit(before)
	hugePages()
	if limit := debug.SetMemoryLimit(-1); limit != 321<<20 {
		t.Errorf("the collector's limit is %d MB afterwards, want the 321 MB of before", limit>>20)
	}
	objects := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(objects)
	if taken := objects[0].Value.Uint64(); taken >= ampleMemory {
		t.Errorf("%d MB of the heap are taken: the piece was not let go of", taken>>20)
	}
}

// Go clears what it gives out again, and so writes to it; the heap's last pages may have served before.
func TestHugePagesAreNotWrittenTo(t *testing.T) {
	served = make([]byte, 32<<20)
	served = nil
	runtime.GC()
	before := mostResident(t)
	hugePages()
	if more := mostResident(t) - before; more > ampleMemory/4 {
		t.Errorf("the process takes %d MB more, and holds nothing in them", more>>20)
	}
}

var served []byte // on the heap

// mostResident is the most memory that the process has had at a time, in bytes.
func mostResident(t *testing.T) int {
	t.Helper()
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return int(u.Maxrss) << 10
}

func TestAHeapIsNotAskedForWhereTheMachineWouldRefuseIt(t *testing.T) {
	if roomFor(math.MaxInt64 &^ 4095) {
		t.Error("there is room for 8 EB")
	}
	if !roomFor(1 << 20) {
		t.Error("there is no room for 1 MB")
	}
}
