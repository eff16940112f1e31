package course

import (
	"fmt"
	"slices"

	"sopan.dev/sopan/internal/diag"
	"sopan.dev/sopan/internal/yamldoc"
)

// LocalText is a text in several languages: language tag -> words. A text
// written without languages stands under "".
type LocalText map[string]string

// In gives the text in a language, else in the fallback, else in whichever
// language stands first by name; "" only when there is none at all.
func (t LocalText) In(lang, fallback string) string {
	for _, l := range []string{lang, fallback, ""} {
		if s := t[l]; s != "" {
			return s
		}
	}
	keys := make([]string, 0, len(t))
	for k := range t {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range keys {
		if t[k] != "" {
			return t[k]
		}
	}
	return ""
}

// All lists the distinct texts over all languages, sorted.
func (t LocalText) All() []string {
	var out []string
	for _, s := range t {
		if s != "" {
			out = append(out, s)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// readLocalText reads `text` or `{en: text, hi: text}`.
func readLocalText(v yamldoc.Value, languages []string) LocalText {
	if !v.Exists() {
		return nil
	}
	if !v.IsMap() {
		return LocalText{"": v.Text()}
	}
	out := LocalText{}
	for _, e := range v.Entries() {
		if checkLanguage(e.Key, languages) {
			out[e.Key.Raw()] = e.Value.Text()
		}
	}
	return out
}

// readTitle reads a title that must be there.
func readTitle(v, parent yamldoc.Value, languages []string) LocalText {
	if !v.Exists() {
		parent.Error("yaml/no-title", "A title is missing here.", "Add `title: …`.")
	}
	return readLocalText(v, languages)
}

// readLocalTexts reads `[a, b]` or `{en: [a, b], hi: [c]}`.
func readLocalTexts(v yamldoc.Value, languages []string) map[string][]string {
	if !v.Exists() {
		return nil
	}
	if !v.IsMap() {
		return map[string][]string{"": v.Texts()}
	}
	out := map[string][]string{}
	for _, e := range v.Entries() {
		if checkLanguage(e.Key, languages) {
			out[e.Key.Raw()] = e.Value.Texts()
		}
	}
	return out
}

func checkLanguage(key yamldoc.Value, languages []string) bool {
	if slices.Contains(languages, key.Raw()) || knownLanguage(key.Raw()) {
		return true
	}
	hint := diag.DidYouMean(key.Raw(), languages)
	if hint == "" {
		hint = fmt.Sprintf("This site's languages are %v.", languages)
	}
	key.Error("site/unknown-language", fmt.Sprintf("`%s` is not a language that Sopan knows.", key.Raw()), hint)
	return false
}
