package quiz

import (
	"slices"
	"testing"
)

// An editor is told of each key that a kind reads, and of no other.
func TestEachKeyOfAKindIsExplained(t *testing.T) {
	var keys []string
	for _, k := range kinds {
		keys = slices.Concat(keys, k.words(), k.keys())
	}
	for _, key := range keys {
		if slices.Contains(commonKeys, key) {
			continue
		}
		if answerForms[key].Says == "" {
			t.Errorf("no entry in answerForms (format.go) says what stands behind `%s`", key)
		}
	}
	for key := range answerForms {
		if !slices.Contains(keys, key) {
			t.Errorf("answerForms has an entry for `%s`, which no kind reads", key)
		}
	}
}
