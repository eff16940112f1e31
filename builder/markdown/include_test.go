package markdown

import (
	"fmt"
	"slices"
	"testing"

	"sopan.dev/sopan/builder/source"
)

// TestFactsWithWhatIsIncludedAreThoseOfOneText compares the composed facts with
// those of a text that holds the fragment's words where the include stands.
func TestFactsWithWhatIsIncludedAreThoseOfOneText(t *testing.T) {
	const include = ":::include{file=\"/shared/x.md\"}\n:::\n"
	fragments := map[string]string{
		"without a heading":        "Ask for a *receipt*, RTI.\n",
		"with headings":            "Before it.\n\n### How {#how}\n\nWrite the date.\n\n### Why {#why}\n\nA clerk forgets.\n",
		"beginning with a heading": "### How {#how}\n\n::::activity{minutes=7}\nWrite the date.\n::::\n\n```go\nx\n```\n",
		"empty":                    "",
	}
	lessons := map[string]string{
		"in the middle":        "## One {#one}\n\nFirst words.\n\n%s\nMore words.\n\n## Two {#two}\n\nLast words.\n",
		"first and last":       "%s",
		"before all headings":  "%s\n## One {#one}\n\nWords of RTI.\n",
		"at the end":           "## One {#one}\n\nWords.\n\n::::activity{minutes=5}\nDo it.\n::::\n\n%s",
		"inside an activity":   "## One {#one}\n\n::::::reflection{minutes=2}\nThink.\n\n%s\nOn.\n::::::\n",
		"twice, once for none": "## One {#one}\n\n%s\n\n:::::facilitator\n" + include + ":::::\n\n## Two {#two}\n",
	}
	for lesson, text := range lessons {
		for fragment, words := range fragments {
			o := Options{Lang: "en", Terms: caseTerms()}
			split := Parse(source.NewText("lesson.md", fmt.Appendf(nil, text, include)), 0, o).Facts()
			o.Fragment = true
			part := Parse(source.NewText("x.md", []byte(words)), 0, o).Facts()
			parts := make([]Facts, len(split.Includes))
			for i := range parts {
				parts[i] = part
			}
			before := fmt.Sprint(split, part)
			got := split.With(parts)
			want := Parse(source.NewText("whole.md", fmt.Appendf(nil, text, words)), 0, Options{Lang: "en", Terms: caseTerms()}).Facts()
			name := lesson + ", " + fragment
			if got.Words != want.Words || got.Minutes != want.Minutes {
				t.Errorf("%s: %d words and %d minutes, want %d and %d", name, got.Words, got.Minutes, want.Words, want.Minutes)
			}
			if fmt.Sprint(got.Sections) != fmt.Sprint(want.Sections) {
				t.Errorf("%s: sections\ngot  %q\nwant %q", name, got.Sections, want.Sections)
			}
			ids := func(f Facts) (out []string) {
				for _, h := range f.Headings {
					out = append(out, fmt.Sprint(h.Level, h.ID, h.Text))
				}
				return out
			}
			if !slices.Equal(ids(got), ids(want)) || !slices.Equal(got.Human, want.Human) || !slices.Equal(got.Langs, want.Langs) {
				t.Errorf("%s:\ngot  %v %v %v\nwant %v %v %v", name, ids(got), got.Human, got.Langs, ids(want), want.Human, want.Langs)
			}
			slices.Sort(got.Terms)
			slices.Sort(want.Terms)
			if !slices.Equal(got.Terms, want.Terms) {
				t.Errorf("%s: terms %v, want %v", name, got.Terms, want.Terms)
			}
			if after := fmt.Sprint(split, part); after != before {
				t.Errorf("%s: With changed what it was given:\n%s\n%s", name, before, after)
			}
		}
	}
}
