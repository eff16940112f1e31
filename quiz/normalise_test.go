package quiz

import (
	"math/rand/v2"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// The quick way for texts in ASCII is the general one. Whoever breaks it breaks
// the ids of choices, and learners' answers with them.
func TestASCIIIsNormalisedAsAllElseIs(t *testing.T) {
	check := func(s string) {
		t.Helper()
		if got, want := string(appendASCII(nil, s)), string(appendAny(nil, s)); got != want {
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

// A text of characters that stay is NFC by itself: none is written otherwise, joins
// what stands before it, or changes places with it.
func TestNothingHappensToWhatStaysInNFC(t *testing.T) {
	count := 0
	for c := rune(0); c <= unicode.MaxRune; c++ {
		if !staysInNFC(c) {
			continue
		}
		count++
		p := norm.NFC.PropertiesString(string(c))
		if virama := p.CCC() == 9; !norm.NFC.IsNormalString(string(c)) || !p.BoundaryBefore() && !virama {
			t.Errorf("%U", c)
		}
	}
	if count < 0x300 || staysInNFC(0x93c) || composed("\u0928\u093c") != "\u0929" {
		t.Errorf("%d characters stay", count)
	}
}
