package quiz

import (
	"math/rand/v2"
	"testing"
)

// What is taken for a number without the expression is one by the expression
// too, and the same.
func TestADecimalIsTheNumberThatTheExpressionFinds(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	decimals := 0
	for range 20_000 {
		b := make([]byte, random.IntN(6))
		for i := range b {
			b[i] = "0123456789..,-e "[random.IntN(16)]
		}
		text := string(b)
		if !isDecimal(text) {
			continue
		}
		decimals++
		m := numeral().FindStringSubmatch(text)
		if m == nil || len(m[2]) == 0 && len(m[3]) < 2 || m[1]+grouping.Replace(m[2])+m[3]+m[4] != text {
			t.Fatalf("%q is taken for a decimal; the expression finds %q", text, m)
		}
	}
	if decimals < 1000 {
		t.Errorf("%d decimals", decimals)
	}
}
