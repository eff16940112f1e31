package course

import (
	"slices"
	"strings"
	"testing"

	"sopan.dev/sopan/builder/markdown"
)

func TestHeadingsAreReadAsTheyWereLaidTogether(t *testing.T) {
	all := []markdown.Heading{
		{Level: 2, Text: "What to do", ID: "what-to-do", Start: 12, End: 25},
		{Level: 3, Start: 127, End: 128},
		{Level: 6, Text: "अभ्यास", ID: "अभ्यास-2", Start: 1 << 20, End: 1<<20 + 300},
		{Level: 2, Text: strings.Repeat("long ", 400), ID: "x", Start: 1 << 30, End: 1<<30 + 4000},
	}
	for n := range len(all) + 1 {
		if got := slices.Collect(headingsOf(all[:n]).All()); !slices.Equal(got, all[:n]) {
			t.Errorf("laid together %v\nread %v", all[:n], got)
		}
	}
}

func TestHeadingsOfOtherBytesEndWhereTheyMakeNoSense(t *testing.T) {
	whole := string(headingsOf([]markdown.Heading{{Level: 2, Text: "One", ID: "one"}, {Level: 2, Text: "Two", ID: "two"}}))
	for n := range whole {
		if got := slices.Collect(Headings(whole[:n]).All()); len(got) > 1 {
			t.Errorf("the first %d bytes of two headings are %v", n, got)
		}
	}
	for _, b := range []string{strings.Repeat("\xff", 60), "\x02\x00\x00\x7f\x01ab", "\x02\x00\x00\x01\xff\xff\xff\xff\xff\xff\xff\xff\x7fab"} {
		if got := slices.Collect(Headings(b).All()); len(got) > 0 {
			t.Errorf("%q is %v", b, got)
		}
	}
}
