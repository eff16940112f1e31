package course

import (
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// mostDigits is how long an ordering number may be; a longer one is a name.
const mostDigits = 9

// splitOrder takes the ordering number off a file or folder name:
// "10-vuca" -> 10, "vuca", true.
func splitOrder(name string) (order int, rest string, numbered bool) {
	digits := 0
	for digits < len(name) && name[digits] >= '0' && name[digits] <= '9' {
		digits++
	}
	rest = strings.TrimLeft(name[digits:], "-_. ")
	if rest == "" && len(name) > digits+1 {
		rest = name[len(name)-1:] // "10--" is the tenth, called "-"
	}
	if digits == 0 || digits > mostDigits || rest == "" || len(rest) == len(name)-digits || strings.Contains(rest, "\n") {
		return 0, name, false
	}
	order, _ = strconv.Atoi(name[:digits])
	return order, rest, true
}

// Slug makes the part of an address that a name or a title gives: NFC, folded
// to small letters, letters with their marks and digits of any script kept, all
// else one "-". "" when nothing is left.
func Slug(name string) string {
	if isSlug(name) {
		return name
	}
	var b strings.Builder
	dash := false
	for _, r := range norm.NFC.String(cases.Fold().String(norm.NFC.String(name))) {
		switch {
		case unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r) || r == '_' || r == '.':
			if dash && b.Len() > 0 {
				b.WriteByte('-')
			}
			dash = false
			b.WriteRune(r)
		case r == '\u200c' || r == '\u200d' || r == '\'' || r == '’':
		default:
			dash = true
		}
	}
	return strings.Trim(b.String(), ".")
}

// isSlug knows at a glance what most names are: small ASCII letters, digits and
// single dashes.
func isSlug(name string) bool {
	dash := true // no dash at the start, none behind another, none at the end
	for i := range len(name) {
		switch c := name[i]; {
		case 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '_':
			dash = false
		case c == '-' && !dash:
			dash = true
		default:
			return false
		}
	}
	return !dash
}

// titleOf makes a title from a folder's name: "10-why-change" -> "Why change".
func titleOf(name string) string {
	_, rest, _ := splitOrder(name)
	rest = strings.TrimSpace(strings.Map(func(r rune) rune {
		if r == '-' || r == '_' {
			return ' '
		}
		return r
	}, rest))
	r := []rune(rest)
	if len(r) > 0 {
		r[0] = unicode.ToUpper(r[0])
	}
	return string(r)
}
