package secret

import (
	"strings"
	"testing"
)

// Each is put together here, so that this file holds none itself.
func join(parts ...string) string { return strings.Join(parts, "") }

func TestWhatServicesGiveAsKeysIsFound(t *testing.T) {
	letters := "abcdefghijklmnopqrstuvwxyz0123456789"
	for what, text := range map[string]string{
		"a private key":                         join("-----BEGIN RSA ", "PRIVATE KEY-----"),
		"a cloud's key":                         join("AK", "IAABCDEFGHIJKLMNOP"),
		"a code host's token":                   join("gh", "p_", letters),
		"a service's token":                     join("xo", "xb-", letters),
		"a web token":                           join("ey", "JhbGciOiJIUzI1NiJ9.ey", "JzdWIiOiIxMjM0NTYifQ.", letters),
		"a user's authorization":                join("Authorization: ", "Basic ", letters),
		"an address with a user and a password": join("https://clerk:", "counter@lrs.example.gov.in/xapi"),
	} {
		before := "Words before it, "
		found := Find([]byte(before + text + " and words behind it."))
		if len(found) != 1 || found[0].What != what || found[0].Start != len(before) || found[0].End > len(before)+len(text) {
			t.Errorf("%s: found is %v", what, found)
		}
	}
}

func TestWordsAboutCredentialsAreNone(t *testing.T) {
	for _, text := range []string{
		"", "A password is never written down. password: hunter2", "The private key stays with the officer.",
		"Send `Authorization: Basic TOKEN` with each request.", "See https://example.gov.in:8443/a@b and mailto:clerk@example.gov.in.",
		"https://example.gov.in/?q=a:b@c", "AKIA is the beginning of a key.", "eyJ", "ghp_short", "12:30 to 13:00 @ the counter: https://example.org",
	} {
		if found := Find([]byte(text)); len(found) > 0 {
			t.Errorf("in %q is found %v", text, found)
		}
	}
}

// A mark is seen wherever it stands, at both ends too, and parts of it are not taken for it.
func TestAMarkIsSeenWhereverItStands(t *testing.T) {
	for _, k := range kinds() {
		for _, mark := range k.marks {
			for cut := range len(mark) {
				for _, text := range []string{mark[:cut], mark[cut:], mark[:cut] + mark, mark + mark[cut:], mark[:cut] + "\n" + mark[cut:], "x" + mark + "x"} {
					if got, want := holds([]byte(text), mark), strings.Contains(text, mark); got != want {
						t.Errorf("%q in %q: %v", mark, text, got)
					}
				}
			}
		}
	}
}
