package main

import (
	"math"
	"runtime/debug"
	"runtime/metrics"
	"testing"
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

func TestAHeapIsNotAskedForWhereTheMachineWouldRefuseIt(t *testing.T) {
	if roomFor(math.MaxInt64 &^ 4095) {
		t.Error("there is room for 8 EB")
	}
	if !roomFor(1 << 20) {
		t.Error("there is no room for 1 MB")
	}
}
