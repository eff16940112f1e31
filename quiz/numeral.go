package quiz

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"sopan.dev/sopan/internal/diag"
)

// A number is written, after Normalise:
//
//	number   = [currency] [sign] digits [fraction] [exponent]
//	currency = "₹" | "rs" | "rs." | "inr" | "रु" | "रु." | "रू" | "ரூ" | "$" | "€" | "£"   (before or after the sign)
//	sign     = "+" | "-"
//	digits   = 1234 | 1,234,567 (threes) | 12,34,567 (lakhs) | 1 234 567 (threes, one space)
//	fraction = "." and digits, either side of the point may be empty
//	exponent = "e", a sign or none, one to three digits
//
// The Arabic marks ٬ and ٫ are read as , and . as Urdu uses them. Everything
// else (1/2, 0x10, 2,5, 25k) is no number. numeral.ts is the other definition.
var numeral = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?:(?:₹|rs\.?|inr|रु\.?|रू|ரூ|\$|€|£) ?)?([+-]?)(?: ?(?:₹|rs\.?|\$|€|£) ?)?(\d{1,3}(?:,\d{3})+|\d{1,2}(?:,\d{2})+,\d{3}|\d{1,3}(?: \d{3})+|\d*)(\.\d*)?(e[+-]?\d{1,3})?$`)
})

var (
	arabicMarks = strings.NewReplacer("٬", ",", "٫", ".")
	grouping    = strings.NewReplacer(",", "", " ", "")
)

// ParseNumber reads a number as people in India write one. ok is false when it
// is none, or too large for one.
func ParseNumber(text string) (v float64, ok bool) {
	text = Normalise(text)
	if !isDecimal(text) { // most are, and need no expression
		m := numeral().FindStringSubmatch(arabicMarks.Replace(text))
		if m == nil || len(m[2]) == 0 && len(m[3]) < 2 {
			return 0, false
		}
		text = m[1] + grouping.Replace(m[2]) + m[3] + m[4]
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsInf(v, 0) {
		return 0, false
	}
	return v, true
}

// isDecimal tells whether a text is digits with at most one point.
func isDecimal(s string) bool {
	points := 0
	for i := range len(s) {
		if s[i] == '.' {
			points++
		} else if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return points <= 1 && len(s) > points
}

// FormatNumber writes a number as JavaScript's String does, so that a record
// made in Go and one made in the browser are the same.
func FormatNumber(v float64) string {
	if v == 0 {
		return "0" // and not -0
	}
	if a := math.Abs(v); a >= 1e-6 && a < 1e21 {
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	s := strconv.FormatFloat(v, 'e', -1, 64)
	head, exp, _ := strings.Cut(s, "e")
	return head + "e" + exp[:1] + strings.TrimLeft(exp[1:], "0")
}

// notANumber refuses what an author wrote for a number.
func (r *reader) notANumber(n *node, text, key string) *diag.Diagnostic {
	hint := "Write `" + key + "` with digits, such as `25,000`, `1,00,000` or `2.5`."
	if key == "number" {
		hint += " A unit goes into `unit: …`."
	}
	return r.refuse(n, "quiz/not-a-number", "`"+text+"` is not a number.", hint)
}
