package quiz

import (
	"math/rand/v2"
	"testing"
)

// The quick way for texts in ASCII is the general one. Whoever breaks it breaks
// the ids of choices, and learners' answers with them.
func TestASCIIIsNormalisedAsAllElseIs(t *testing.T) {
	check := func(s string) {
		t.Helper()
		if got, want := string(appendASCII(nil, s)), normaliseAny(s); got != want {
			t.Fatalf("%q is normalised to %q; want %q", s, got, want)
		}
	}
	random := rand.New(rand.NewPCG(1, 2))
	for c := range rune(0x80) {
		check(string(c))
		check("a" + string(c) + "B")
	}
	for range 5000 {
		b := make([]byte, random.IntN(20))
		for i := range b {
			b[i] = byte(random.IntN(0x80))
			if random.IntN(3) == 0 {
				b[i] = " \t\n`A"[random.IntN(5)]
			}
		}
		check(string(b))
	}
}
