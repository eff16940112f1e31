package markdown

import (
	"html"
	"net/url"
	"strings"
)

// addressClass says what a browser would do with an address.
type addressClass int

const (
	local    addressClass = iota // a file of the site, or a place in this text
	external                     // another host, a mail address, a telephone number
	unsafe                       // anything that could run, or that we do not know
)

// maxDecoded is how often an address may be encoded.
const maxDecoded = 6

// classify reads an address as browsers do and a little more warily: they drop
// control characters and white space before they look for a scheme, so
// `java&#10;script:` is a script [CVE-2026-5160]. Character references and
// percent-encoding are taken off again and again, because other readers of
// the output might.
func classify(address string) addressClass {
	s := scrub(address)
	if executable(s) {
		return unsafe
	}
	again := s
	for range maxDecoded {
		next := again
		if decoded, err := url.PathUnescape(next); err == nil {
			next = decoded
		}
		next = scrub(html.UnescapeString(next))
		if next == again {
			return plainClass(s)
		}
		if executable(next) {
			return unsafe
		}
		again = next
	}
	return unsafe // nobody encodes an address so often for a good reason
}

func plainClass(s string) addressClass {
	if strings.HasPrefix(strings.ReplaceAll(s, `\`, "/"), "//") {
		return external
	}
	switch scheme(s) {
	case "":
		return local
	case "http", "https", "mailto", "tel":
		return external
	default:
		return unsafe
	}
}

// scrub drops what browsers drop or what nobody sees, and folds case.
func scrub(s string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		switch {
		case r <= 0x20, r >= 0x7f && r <= 0xa0, r == 0xad, r == 0xfeff, r == 0xfffd,
			r >= 0x200b && r <= 0x200f, r >= 0x2028 && r <= 0x202f, r >= 0x2060 && r <= 0x206f:
			return -1
		}
		return r
	}, s))
}

// scheme gives what stands before the first colon if it can be a scheme.
func scheme(s string) string {
	i := strings.IndexByte(s, ':')
	if i < 1 || s[0] < 'a' || s[0] > 'z' {
		return ""
	}
	for _, c := range s[:i] {
		if !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '+' || c == '-' || c == '.') {
			return ""
		}
	}
	return s[:i]
}

func executable(s string) bool {
	switch scheme(s) {
	case "javascript", "vbscript", "livescript", "data", "blob", "filesystem", "view-source", "jar", "file":
		return true
	}
	return false
}

// loads tells whether an external address would be fetched from another host
// by a page that shows it.
func loads(address string) bool {
	s := strings.ReplaceAll(scrub(address), `\`, "/")
	return strings.HasPrefix(s, "//") || strings.HasPrefix(s, "http:") || strings.HasPrefix(s, "https:")
}
