package diag

import (
	"slices"
	"strings"
)

// Nearest returns the candidate that a person most likely meant by word, or ""
// when none is near enough to be worth a "did you mean". Case is ignored; the
// distance is Damerau-Levenshtein over runes (an insertion, a deletion, a
// substitution or a swap of neighbours costs 1), and at most a third of the
// word's length may differ. Ties go to the candidate that sorts first.
func Nearest(word string, candidates []string) string {
	w := []rune(strings.ToLower(word))
	best, bestDistance := "", len(w)/3+1
	if len(w) <= 2 {
		bestDistance = 2
	}
	sorted := slices.Clone(candidates)
	slices.Sort(sorted)
	for _, c := range sorted {
		r := []rune(strings.ToLower(c))
		if len(r)-len(w) >= bestDistance || len(w)-len(r) >= bestDistance {
			continue
		}
		if d := distance(w, r); d < bestDistance {
			best, bestDistance = c, d
		}
	}
	return best
}

// DidYouMean is the closing half of a hint: " Did you mean `x`?", or "" when
// nothing is near.
func DidYouMean(word string, candidates []string) string {
	if n := Nearest(word, candidates); n != "" {
		return "Did you mean `" + n + "`?"
	}
	return ""
}

func distance(a, b []rune) int {
	prev2 := make([]int, len(b)+1)
	prev := make([]int, len(b)+1)
	cur := make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		cur[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			cur[j] = min(prev[j]+1, cur[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				cur[j] = min(cur[j], prev2[j-2]+1)
			}
		}
		prev2, prev, cur = prev, cur, prev2
	}
	return prev[len(b)]
}
