package page

import (
	"encoding/json"
	"testing"
)

// TestStringsOfTheSearchIndexAreWhatPackageJSONWrites: with its HTML escaping, for whatever stands in a text.
func TestStringsOfTheSearchIndexAreWhatPackageJSONWrites(t *testing.T) {
	texts := []string{"", "plain words", "मिशन कर्मयोगी", `"quoted" \ back`, "</script><!--", "a & b", "line\nend\ttab\x00\x1f\x7f", "\u2028", "x\u2029y", "cut \xe0\xa4", "\xff", "😀 emoji", "é"}
	for c := range 256 {
		texts = append(texts, "a"+string([]byte{byte(c)})+"b", "a"+string(rune(c))+"b")
	}
	for _, text := range texts {
		want, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := string(appendJSON(nil, text)); got != string(want) {
			t.Errorf("%q is written as %s, want %s", text, got, want)
		}
	}
}
