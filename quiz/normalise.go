package quiz

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"
)

// Normalise gives the form in which texts are compared: what a learner typed
// with what the author accepts, a choice with its twin. Its other definition is
// normalise.ts; testdata/normalise.txtar holds for both.
//
// In this order: NFC; invisible characters away (soft hyphen, zero-width
// characters with ZWJ and ZWNJ among them, direction marks); quotation marks
// and dashes of all shapes become ' " -; Indic and Arabic digits become ASCII;
// white space is trimmed and a run of it becomes one space; case is folded
// letter by letter (lower of upper of lower, so that ß is ss and ς is σ);
// NFC once more; a letter and its nukta become one code point.
func Normalise(s string) string {
	var room [256]byte
	return string(appendNormalised(room[:0], s))
}

// appendNormalised puts the form behind what b holds.
func appendNormalised(b []byte, s string) []byte {
	if !isASCII(s) {
		return appendAny(b, s)
	}
	return appendASCII(b, s)
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// ascii is what becomes of each ASCII character.
var ascii = func() (to [128]byte) {
	for i := range to {
		switch c := byte(i); {
		case isSpace(rune(c)):
			to[i] = ' '
		case 'A' <= c && c <= 'Z':
			to[i] = c + 'a' - 'A'
		case c == '`':
			to[i] = '\''
		default:
			to[i] = c
		}
	}
	return to
}()

// appendASCII is what appendAny comes to where all is ASCII: most texts
// of most quizzes, in a quarter of the time.
func appendASCII(b []byte, s string) []byte {
	start := len(b)
	for i := range len(s) {
		c := ascii[s[i]]
		if c == ' ' && (len(b) == start || b[len(b)-1] == ' ') {
			continue
		}
		b = append(b, c)
	}
	if n := len(b); n > start && b[n-1] == ' ' {
		b = b[:n-1]
	}
	return b
}

// composed is NFC, which takes ten steps to find that nothing changes where one does.
func composed(s string) string {
	before := ' '
	for _, c := range s {
		if !staysInNFC(before, c) {
			return norm.NFC.String(s)
		}
		before = c
	}
	return s
}

// staysInNFC tells of the characters of usual Latin and Devanagari texts that NFC
// leaves them as they are after each other: of Devanagari all but what is
// written with a nukta, and the accents of the Vedas.
func staysInNFC(before, c rune) bool {
	if c == 0x93c { // a nukta, which makes one character with three of the consonants
		return before >= 0x915 && before <= 0x939 && before != 0x928 && before != 0x930 && before != 0x933
	}
	return c < 0x300 || c >= 0x900 && c <= 0x950 || c >= 0x960 && c <= 0x97f || c >= 0x200b && c <= 0x2027
}

func appendAny(b []byte, s string) []byte {
	s = composed(s)
	start := len(b)
	space, dotted := false, false
	for _, c := range s {
		switch {
		case isInvisible(c):
			continue
		case isSpace(c):
			space = len(b) > start
			continue
		}
		if space {
			b = append(b, ' ')
			space = false
		}
		switch c {
		case '‘', '’', '‚', '‛', '′', '`', '´', 'ʼ':
			b = append(b, '\'')
		case '“', '”', '„', '‟', '″', '«', '»':
			b = append(b, '"')
		case '‐', '‑', '‒', '–', '—', '―', '−', '﹘', '﹣', '－':
			b = append(b, '-')
		case 0x93c, 0x9bc, 0xa3c, 0xb3c: // a nukta
			dotted = true
			b = utf8.AppendRune(b, c)
		default:
			if d, ok := digit(c); ok {
				b = append(b, '0'+d)
			} else {
				b = appendFolded(b, c)
			}
		}
	}
	if string(b[start:]) != s { // which is NFC
		b = append(b[:start], composed(string(b[start:]))...)
	}
	if dotted {
		b = append(b[:start], nukta.Replace(string(b[start:]))...)
	}
	return b
}

func isInvisible(c rune) bool {
	return c == 0xad || c == 0x61c || c >= 0x200b && c <= 0x200f || c >= 0x202a && c <= 0x202e ||
		c >= 0x2060 && c <= 0x2069 || c == 0xfeff
}

// isSpace is spelt out because Go's idea of white space and JavaScript's differ.
func isSpace(c rune) bool {
	return c == ' ' || c >= 0x9 && c <= 0xd || c == 0x85 || c == 0xa0 || c == 0x1680 || c >= 0x2000 && c <= 0x200a ||
		c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000
}

// zeros are the zeros of the scripts whose digits are read as ASCII: Arabic,
// Urdu and Persian, Devanagari, Bengali, Gurmukhi, Gujarati, Odia, Tamil,
// Telugu, Kannada, Malayalam, Ol Chiki, Meetei Mayek.
var zeros = [...]rune{0x660, 0x6f0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0x1c50, 0xabf0}

func digit(c rune) (byte, bool) {
	for _, zero := range zeros { // which ascend
		if c < zero {
			break
		}
		if c <= zero+9 {
			return byte(c - zero), true
		}
	}
	return 0, false
}

// appendFolded puts one letter without its case behind what b holds. JavaScript knows no case folding, so
// both definitions use what both have. cases.Caser has state: one a call.
func appendFolded(b []byte, c rune) []byte {
	switch {
	case 'A' <= c && c <= 'Z':
		return append(b, byte(c)+'a'-'A')
	case c < 0x80, c >= 0x600 && c <= 0xdff: // Arabic and the Indic scripts have no case
		return utf8.AppendRune(b, c)
	}
	lower, upper := cases.Lower(language.Und), cases.Upper(language.Und)
	for _, c := range upper.String(lower.String(string(c))) {
		b = append(b, lower.String(string(c))...)
	}
	return b
}

// nukta joins what NFC keeps apart (the composition exclusions of Unicode).
var nukta = strings.NewReplacer(
	"क़", "\u0958", "ख़", "\u0959", "ग़", "\u095a", "ज़", "\u095b", "ड़", "\u095c", "ढ़", "\u095d", "फ़", "\u095e", "य़", "\u095f",
	"ড়", "\u09dc", "ঢ়", "\u09dd", "য়", "\u09df",
	"ਲ਼", "\u0a33", "ਸ਼", "\u0a36", "ਖ਼", "\u0a59", "ਗ਼", "\u0a5a", "ਜ਼", "\u0a5b", "ਫ਼", "\u0a5e",
	"ଡ଼", "\u0b5c", "ଢ଼", "\u0b5d",
)
