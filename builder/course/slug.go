package course

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

var leadingNumber = regexp.MustCompile(`^(\d{1,9})[-_. ]+(.+)$`)

// splitOrder takes the ordering number off a file or folder name:
// "10-vuca" -> 10, "vuca", true.
func splitOrder(name string) (order int, rest string, numbered bool) {
	if m := leadingNumber.FindStringSubmatch(name); m != nil {
		n, _ := strconv.Atoi(m[1])
		return n, m[2], true
	}
	return 0, name, false
}

// Slug makes the part of an address that a name or a title gives: NFC, folded
// to small letters, letters with their marks and digits of any script kept, all
// else one "-". "" when nothing is left.
func Slug(name string) string {
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

// titleOf makes a title from a folder's name: "10-why-change" -> "Why change".
func titleOf(name string) string {
	_, rest, _ := splitOrder(name)
	rest = strings.TrimSpace(strings.NewReplacer("-", " ", "_", " ").Replace(rest))
	r := []rune(rest)
	if len(r) > 0 {
		r[0] = unicode.ToUpper(r[0])
	}
	return string(r)
}
