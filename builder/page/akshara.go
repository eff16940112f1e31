package page

import (
	"strings"
	"unicode"
)

// This file breaks the words of a label into lines for a picture, which no
// browser does. Widths are estimates in hundredths of the font's size, on the
// wide side: no font is at hand when a site is built.

// wrapLabel breaks a text into lines no wider than width. It breaks at spaces;
// a word that is too long alone is broken between aksharas, never inside one.
func wrapLabel(text string, width int) []string {
	var lines []string
	line, filled := "", 0
	put := func(piece string, w int, space bool) {
		gap := 0
		if line != "" && space {
			gap = widthOf(" ")
		}
		if line != "" && filled+gap+w > width {
			lines = append(lines, line)
			line, filled, gap = "", 0, 0
		}
		if gap > 0 {
			line += " "
		}
		line += piece
		filled += gap + w
	}
	for _, word := range strings.Fields(text) {
		if w := widthOf(word); w <= width {
			put(word, w, true)
			continue
		}
		for i, a := range aksharas(word) {
			put(a, widthOf(a), i == 0)
		}
	}
	if line != "" || len(lines) == 0 {
		lines = append(lines, line)
	}
	return lines
}

// aksharas splits a word where a line may break at need: a base with all its
// signs, and consonants that a virama joins, stay together.
func aksharas(word string) []string {
	var out []string
	start := 0
	joins := true // the first rune starts the first akshara
	for i, r := range word {
		if !joins && !continues(r) {
			out = append(out, word[start:i])
			start = i
		}
		joins = isVirama(r) || r == zeroWidthJoiner || r == zeroWidthNonJoiner && joins
	}
	return append(out, word[start:])
}

const (
	zeroWidthNonJoiner = '\u200c'
	zeroWidthJoiner    = '\u200d'
)

func continues(r rune) bool {
	return unicode.In(r, unicode.M) || r == zeroWidthJoiner || r == zeroWidthNonJoiner || r >= 0x1F3FB && r <= 0x1F3FF
}

// isVirama tells the sign that joins two consonants, in the scripts of India.
// Tamil's only kills the vowel, but keeping it with what follows does no harm.
func isVirama(r rune) bool {
	switch r {
	case 0x094D, 0x09CD, 0x0A4D, 0x0ACD, 0x0B4D, 0x0BCD, 0x0C4D, 0x0CCD, 0x0D4D, 0x0DCA, 0xABED, 0x11133:
		return true
	}
	return false
}

// widthOf estimates the width of a text in hundredths of the font's size.
func widthOf(s string) int {
	w := 0
	for _, r := range s {
		switch {
		case unicode.In(r, unicode.Mn, unicode.Cf, unicode.Me):
		case unicode.Is(unicode.Mc, r):
			w += 32
		case strings.ContainsRune(" .,:;!|'’‘iljtfI()-", r):
			w += 32
		case strings.ContainsRune("mwMW@—", r):
			w += 92
		case r < 0x250 && unicode.IsUpper(r):
			w += 70
		case r < 0x250:
			w += 58
		case unicode.In(r, unicode.Tamil, unicode.Malayalam):
			w += 92
		case unicode.In(r, unicode.Arabic):
			w += 58
		case r >= 0x2E80: // Chinese, Japanese, Korean; emoji
			w += 102
		default:
			w += 68
		}
	}
	return w
}
