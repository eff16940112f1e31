package quiz

import (
	"encoding/json"
	"strings"
	"testing"
)

// What a page is given is what json.Marshal makes of it, byte for byte: open
// and sealed, of all kinds, with signs that end a script element.
func TestDataIsWrittenAsJSONMarshalWritesIt(t *testing.T) {
	penalty, written := 0.25, 0
	for _, kind := range KindNames() {
		var all Quiz
		for _, v := range vectors(t, kind) {
			all.Questions = append(all.Questions, *v.question)
		}
		last := &all.Questions[len(all.Questions)-1]
		last.Penalty, last.Certainty, last.scheme = &penalty, true, scheme{Rule: each, Penalty: 1.0 / 3}
		last.Tests = []Competency{{Name: "RTI & <timelines>", Level: 2}}
		for _, q := range []Quiz{{}, {Questions: all.Questions[:1]}, all} {
			q.Key, q.Title, q.Pass, q.Attempts = "m/</script>", "<\u2028&\u2029\"\\\x01\xff", 1.0/3, Attempts{3, "last"}
			for _, q.Sealed = range []bool{false, true} {
				d := Data(&q, DataOptions{
					ID:         "https://example.org/?a&b",
					Competency: func(c Competency) string { return "rti:2" },
					Name:       func(id string) string { return "RTI > all" },
				})
				want, err := json.Marshal(d)
				if err != nil {
					t.Fatal(err)
				}
				if got := d.JSON(); string(got) != string(want) {
					t.Errorf("%s, sealed %v:\n got %s\nwant %s", kind, q.Sealed, got, want)
				}
				if strings.ContainsAny(string(d.JSON()), "<>&") {
					t.Errorf("%s: a text can end its element: %s", kind, d.JSON())
				}
				written += len(q.Questions)
			}
		}
	}
	if written < 100 {
		t.Errorf("%d questions were written; want those of all kinds", written)
	}
}
