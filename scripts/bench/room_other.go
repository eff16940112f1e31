//go:build !linux

package main

import "math"

// diskOf is not asked for here: there is room.
func diskOf(string) disk { return disk{free: math.MaxInt64} }
