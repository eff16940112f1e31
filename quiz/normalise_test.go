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

// What NFC is said to leave as it is, it leaves, whatever stands before it and behind it.
func TestNothingHappensToWhatStaysInNFC(t *testing.T) {
	var all []rune
	for c := rune(0); c <= unicode.MaxRune; c++ {
		if staysInNFC(' ', c) || staysInNFC('क', c) {
			all = append(all, c)
		}
	}
	pairs := 0
	for _, before := range all {
		for _, c := range all {
			if !staysInNFC(before, c) {
				continue
			}
			pairs++
			if s := string(before) + string(c); before != '\u093c' && !norm.NFC.IsNormalString(s) || !norm.NFC.IsNormalString("क"+s) {
				t.Fatalf("%U %U", before, c)
			}
		}
	}
	if pairs < 500_000 || composed("\u0928\u093c") != "\u0929" || composed("\u0921\u094d\u093c") != "\u0921\u093c\u094d" {
		t.Errorf("%d pairs stay", pairs)
	}
}
