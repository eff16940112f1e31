package page

import (
	"encoding/json"
	"slices"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
)

// sortTerms orders terms as a dictionary in the language does.
func sortTerms(terms []TermView, lang string) {
	tag, err := language.Parse(lang)
	if err != nil {
		tag = language.Und
	}
	c := collate.New(tag)
	slices.SortStableFunc(terms, func(a, b TermView) int { return c.CompareString(a.Term, b.Term) })
}

// pointsJSON writes a decision's points; encoding/json sorts the keys.
func pointsJSON(points map[string]int) string {
	b, err := json.Marshal(points)
	if err != nil {
		panic("page: points that are no JSON: " + err.Error())
	}
	return string(b)
}
