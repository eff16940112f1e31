package main

import "testing"

func TestMemoryGrowsWithWhatLastsAndMoreSlowlyWhereThatIsMuch(t *testing.T) {
	const mb = 1 << 20
	for _, c := range []struct{ live, beside, want uint64 }{
		{0, 0, 300},
		{100, 20, 300},
		{140, 20, 370},
		{180, 20, 470},
		{280, 30, 530},
		{400, 40, 640},
	} {
		if got := memoryLimit(c.live*mb, c.beside*mb); got != int64(c.want*mb) {
			t.Errorf("with %d MB that last and %d beside: got a limit of %d MB, want %d", c.live, c.beside, got/mb, c.want)
		}
	}
}
