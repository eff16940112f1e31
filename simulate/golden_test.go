package simulate

import (
	"strings"
	"testing"
)

func line(id, verb, object, more string) string {
	return `{"id":"` + id + `","timestamp":"2026-11-21T10:20:30.123Z","verb":{"id":"http://adlnet.gov/expapi/verbs/` + verb + `"},"object":{"id":"urn:x:` + object + `"}` + more + `}`
}

func TestWhatDiffersFromRunToRunIsReplacedAndNothingElse(t *testing.T) {
	const random, derived = "0b0e5a8e-3f5e-4b52-9a51-1f6f5d2f7a11", "ac88ba75-37f0-5b65-a4b7-9d8533b9b6d4"
	got := normalised([]string{
		line(derived, "initialized", "a", ""),
		line(random, "answered", "a", `,"result":{"duration":"PT73S","score":{"scaled":0.5}},"stored":"2026-11-21T10:20:31Z"`),
		line("1b0e5a8e-3f5e-4b52-9a51-1f6f5d2f7a11", "answered", "b", `,"context":{"statement":{"id":"`+random+`"},"platform":"http://127.0.0.1:40123/x"}`),
	}, randomID())
	want := []string{
		strings.Replace(line(derived, "initialized", "a", ""), "2026-11-21T10:20:30.123Z", "2026-01-01T00:00:01.000Z", 1),
		strings.Replace(line("00000000-0000-4000-8000-000000000001", "answered", "a", `,"result":{"duration":"PT1M","score":{"scaled":0.5}}`), "2026-11-21T10:20:30.123Z", "2026-01-01T00:00:02.000Z", 1),
		strings.Replace(line("00000000-0000-4000-8000-000000000002", "answered", "b", `,"context":{"statement":{"id":"00000000-0000-4000-8000-000000000001"},"platform":"http://platform.test/x"}`), "2026-11-21T10:20:30.123Z", "2026-01-01T00:00:03.000Z", 1),
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("line %d\n got  %s\n want %s", i+1, got[i], want[i])
		}
	}
}

func TestADifferenceNamesTheRecordAndTheField(t *testing.T) {
	before := []string{line("1", "initialized", "a", ""), line("2", "answered", "a", `,"result":{"score":{"scaled":0.5}}`), line("3", "completed", "a", "")}
	after := []string{line("1", "initialized", "a", ""), line("2", "answered", "a", `,"result":{"score":{"scaled":1},"success":true}`), line("4", "passed", "a", ""), line("3", "completed", "a", "")}
	if d := Difference(before, before); d != "" {
		t.Errorf("equal records differ: %s", d)
	}
	want := "  ~ 2 answered urn:x:a /result/score/scaled: was 0.5, is 1\n  ~ 2 answered urn:x:a /result/success: is new: true\n  + 3 passed urn:x:a: is new\n"
	if d := Difference(before, after); d != want {
		t.Errorf("got\n%s\nwant\n%s", d, want)
	}
	if d := Difference(after, before); !strings.Contains(d, "- 3 passed urn:x:a: is gone") || !strings.Contains(d, "/result/success: is gone, was true") {
		t.Errorf("got\n%s", d)
	}
}

func TestGoldenFilesAreWrittenAndComparedByLearner(t *testing.T) {
	dir := t.TempDir()
	left := []Left{{"a", []string{line("1", "initialized", "a", "")}}, {"b", []string{line("2", "initialized", "b", "")}}}
	if d, err := Compare(dir, "web", left); err != nil || !strings.Contains(d, "a.web.jsonl: there is no such file") {
		t.Errorf("without files: %q %v", d, err)
	}
	if err := Update(dir, "web", left); err != nil {
		t.Fatal(err)
	}
	if d, err := Compare(dir, "web", left); err != nil || d != "" {
		t.Errorf("as written: %q %v", d, err)
	}
	left[1].Lines = nil
	if d, err := Compare(dir, "web", left); err != nil || !strings.Contains(d, "b.web.jsonl:\n  - 1 initialized urn:x:b: is gone") {
		t.Errorf("nothing left: %q %v", d, err)
	}
}
