package markdown

import (
	"os"
	"strings"
	"testing"
)

// TestTheThemeHasOurWords: a word that a language's file lacks would stand in
// English in a page of that language.
func TestTheThemeHasOurWords(t *testing.T) {
	for _, lang := range []string{"en", "hi"} {
		b, err := os.ReadFile("../../themes/sopan/words/" + lang + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		for key := range english {
			if !strings.Contains("\n"+string(b), "\n"+key+":") {
				t.Errorf("%s.yaml has no `%s`", lang, key)
			}
		}
	}
}

func TestANumberTakesItsPlural(t *testing.T) {
	r := Resolver{Words: map[string]string{"minutes.one": "{n} minute", "minutes.other": "{n} minutes"}}
	for n, want := range map[int]string{1: "1 minute", 2: "2 minutes"} {
		if got := r.counted("minutes", n); got != want {
			t.Errorf("%d: %q", n, got)
		}
	}
	if got := (Resolver{}).counted("minutes", 1); got != "1 min" {
		t.Errorf("without words: %q", got)
	}
}
