package markdown

import (
	"strconv"
	"strings"
)

// english is the UI words that this package writes into pages, by key. `{n}` is
// a number. Resolver.Words should hold the same keys; these stand in for what
// it lacks.
var english = map[string]string{
	"note":         "Note",
	"tip":          "Tip",
	"important":    "Important",
	"warning":      "Warning",
	"caution":      "Take care",
	"activity":     "Activity",
	"session":      "Session",
	"reflection":   "Think about it",
	"example":      "Example",
	"debrief":      "Looking back",
	"facilitator":  "For the facilitator",
	"details":      "More",
	"minutes":      "{n} min",
	"transcript":   "Transcript",
	"table":        "Table",
	"footnotes":    "Notes",
	"back_to_text": "Back to the text",
}

func (r Resolver) word(key string) string {
	if w, ok := r.Words[key]; ok && w != "" {
		return w
	}
	return english[key]
}

// counted is a word with a number in it, in its plural form where the
// language's words have one ("minutes.one", "minutes.other").
func (r Resolver) counted(key string, n int) string {
	form := key + ".other"
	if n == 1 {
		form = key + ".one"
	}
	w, ok := r.Words[form]
	if !ok {
		w = r.word(key)
	}
	return strings.ReplaceAll(w, "{n}", strconv.Itoa(n))
}
