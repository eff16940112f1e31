package course

import (
	"fmt"
	"slices"
	"strings"

	"sopan.dev/sopan/internal/diag"
	"sopan.dev/sopan/internal/format"
	"sopan.dev/sopan/internal/yamldoc"
)

// Ask is what a host asks of learners beside what is pseudonymous: one number,
// with the notice that is shown before it is asked for. A learner may go on
// without giving it.
type Ask struct {
	Field   string // one of AskFields
	Basis   string // the ground in law, as the host states it: one of askBases
	Purpose LocalText
	Keep    LocalText // how long it is kept
	Contact LocalText // whom to ask
}

// AskFields is all that can be asked for: the two numbers by which an employer
// or the platform knows a learner already. No name, no address, no number of
// the State's: what is not collected cannot leak.
func AskFields() []string { return []string{"employee-id", "igot-id"} }

func askBases() []string { return []string{"consent", "employment", "state-service"} }

var askTable = format.Table{Keys: []format.Key{
	{Name: "field", Says: "The number that learners are asked for.", Value: format.Words(AskFields()...), Required: true},
	{Name: "basis", Says: "The ground in law on which your institute asks.", Value: format.Words(askBases()...), Required: true},
	{Name: "purpose", Says: "What it is for, in a sentence, in each language.", Value: local(), Required: true},
	{Name: "keep", Says: "How long it is kept, in each language.", Value: local(), Required: true},
	{Name: "contact", Says: "Whom learners can ask, and ask to erase it.", Value: local(), Required: true},
}}

// readAsk reads `ask` in `records`. nil where something is missing: half a
// notice is none.
func readAsk(v yamldoc.Value, languages []string) *Ask {
	m := v.Map("`ask`", askTable.Names()...)
	a := &Ask{}
	whole := true
	word := func(key, code string, known []string, why string) string {
		w := m[key]
		if !w.Exists() {
			return ""
		}
		if !slices.Contains(known, w.Text()) {
			hint := diag.DidYouMean(w.Text(), known)
			if hint == "" {
				hint = "Write one of: " + strings.Join(known, ", ") + "."
			}
			w.Error(code, fmt.Sprintf("`%s: %s` %s", key, w.Text(), why), hint)
			whole = false
		}
		return w.Text()
	}
	a.Field = word("field", "records/ask-field", AskFields(), "is nothing that learners can be asked for.")
	a.Basis = word("basis", "records/ask", askBases(), "is no ground that the notice knows.")
	text := func(key string) LocalText {
		w := m[key]
		t := readLocalText(w, languages)
		if w.IsMap() {
			for _, lang := range languages {
				if t[lang] == "" {
					w.Error("records/ask", fmt.Sprintf("`%s` has no words in the language `%s`: the notice stands in the language of the page.", key, lang), fmt.Sprintf("Add `%s: …`.", lang))
					whole = false
				}
			}
		} else if w.Exists() && len(languages) > 1 && key != "contact" {
			w.Error("records/ask", fmt.Sprintf("`%s` stands in one language, and the site has %d: the notice stands in the language of the page.", key, len(languages)), fmt.Sprintf("Write `%s: {%s: …}`.", key, strings.Join(languages, ": …, ")))
			whole = false
		}
		return t
	}
	a.Purpose, a.Keep, a.Contact = text("purpose"), text("keep"), text("contact")
	for _, key := range askTable.Names() {
		if v.IsMap() && !m[key].Exists() {
			v.Error("records/ask", fmt.Sprintf("The notice does not say its `%s`.", key), "A notice says its field, basis, purpose, how long the number is kept, and whom to ask. Add "+fmt.Sprintf("`%s: …`.", key))
			whole = false
		}
	}
	if !whole || !v.IsMap() {
		return nil
	}
	return a
}
