package page

import (
	"slices"
	"strings"
	"testing"
)

func TestAWordIsBrokenBetweenAksharasOnly(t *testing.T) {
	for word, want := range map[string]string{
		"किताब":          "कि ता ब",
		"क्षत्रिय":       "क्ष त्रि य",
		"रजिस्टर":        "र जि स्ट र",
		"क़ानून":         "क़ा नू न",
		"क\u094d\u200dष": "क\u094d\u200dष", // a half letter, by a zero-width joiner
		"தமிழ்":          "த மி ழ்",
		"ಕನ್ನಡ":          "ಕ ನ್ನ ಡ",
		"মামলা":          "মা ম লা",
		"cafe\u0301":     "c a f e\u0301",
		"معاملہ":         "م ع ا م ل ہ",
		"👍🏽":             "👍🏽",
	} {
		if got := strings.Join(aksharas(word), " "); got != want {
			t.Errorf("%q is broken as %q, want %q", word, got, want)
		}
	}
}

func TestALabelIsWrappedAtSpacesWithinItsWidth(t *testing.T) {
	for _, c := range []struct {
		text  string
		width int
		want  []string
	}{
		{"The counter closes", 900, []string{"The counter", "closes"}},
		{"One", 900, []string{"One"}},
		{"  spaced \t out  ", 2000, []string{"spaced out"}},
		{"", 900, []string{""}},
		{"अनुविभागीय अधिकारी के सामने", 700, []string{"अनुविभागीय", "अधिकारी के", "सामने"}},
	} {
		if got := wrapLabel(c.text, c.width); !slices.Equal(got, c.want) {
			t.Errorf("%q at %d is wrapped as %q, want %q", c.text, c.width, got, c.want)
		}
	}
}
