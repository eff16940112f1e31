// Package secret finds credentials in text. In goes a text; out come the
// places where something stands that could only be a key, a token or a
// password: the forms that services give their own, which nobody writes by
// chance. It never shows what it found, and does not guess at words.
package secret

import (
	"bytes"
	"regexp"
	"strings"
	"sync"
)

// Found is a credential: where it stands, in bytes, and what it is, in words.
type Found struct {
	Start, End int
	What       string
}

// kind is a form of credential. marks are what must stand in a text for the
// form to be looked for: looking for a few letters costs next to nothing, and
// texts are many.
type kind struct {
	what  string
	marks []string
	form  *regexp.Regexp
}

var kinds = sync.OnceValue(func() []kind {
	return []kind{
		{"a private key", []string{"PRIVATE KEY"}, regexp.MustCompile(`-----BEGIN [A-Z ]*PRIVATE KEY`)},
		{"a cloud's key", []string{"AKIA", "ASIA", "AIza"}, regexp.MustCompile(`\b(?:(?:AKIA|ASIA)[0-9A-Z]{16}|AIza[0-9A-Za-z_-]{35})\b`)},
		{"a code host's token", []string{"ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-"}, regexp.MustCompile(`\b(?:gh[pousr]_[0-9A-Za-z]{36,}|github_pat_[0-9A-Za-z_]{22,}|glpat-[0-9A-Za-z_-]{20,})`)},
		{"a service's token", []string{"xox", "sk_live_"}, regexp.MustCompile(`\b(?:xox[abprs]-[0-9A-Za-z-]{10,}|sk_live_[0-9A-Za-z]{16,})`)},
		{"a web token", []string{"eyJ"}, regexp.MustCompile(`\beyJ[0-9A-Za-z_-]{10,}\.eyJ[0-9A-Za-z_-]{10,}\.[0-9A-Za-z_-]*`)},
		{"a user's authorization", []string{"uthorization", "UTHORIZATION"}, regexp.MustCompile(`(?i)authorization["']?\s*[:=,]\s*["']?(?:basic|bearer) [0-9a-z+/=_.-]{16,}`)},
		{"an address with a user and a password", []string{"://"}, regexp.MustCompile(`\b[a-z][a-z0-9+.-]*://[^/\s"'<>@:]+:[^/\s"'<>@]+@`)},
	}
})

// holds tells whether a mark stands in a text. It looks for the sign of the mark
// that a text has least of: from one "e" of it to the next there is no way to go.
func holds(text []byte, mark string) bool {
	rare := rarest(mark)
	for at := 0; ; at++ {
		i := bytes.IndexByte(text[at:], mark[rare])
		if i < 0 {
			return false
		}
		at += i
		if from := at - rare; from >= 0 && bytes.HasPrefix(text[from:], []byte(mark)) {
			return true
		}
	}
}

// byFrequency is the letters of English, most frequent first; what is not among
// them is rarer.
const byFrequency = "etaoinshrdlucmfwypvbgkqjxz"

// rarest gives the place of a mark's rarest sign.
func rarest(mark string) int {
	place, best := 0, -1
	for i := range len(mark) {
		rank := strings.IndexByte(byFrequency, mark[i])
		if rank < 0 {
			return i
		}
		if rank > best {
			place, best = i, rank
		}
	}
	return place
}

// Find lists the credentials in a text, form by form.
func Find(text []byte) []Found {
	var found []Found
	for _, k := range kinds() {
		for _, mark := range k.marks {
			if !holds(text, mark) {
				continue
			}
			for _, at := range k.form.FindAllIndex(text, -1) {
				found = append(found, Found{at[0], at[1], k.what})
			}
			break
		}
	}
	return found
}
