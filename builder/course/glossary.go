package course

import (
	"sopan.dev/sopan/builder/markdown"
	"sopan.dev/sopan/internal/diag"
	"sopan.dev/sopan/internal/yamldoc"
)

// Term is an entry of content/glossary.yaml.
type Term struct {
	ID      string
	Term    LocalText
	Also    map[string][]string // other written forms, by language
	Meaning LocalText
}

func readGlossary(v yamldoc.Value, languages []string) []*Term {
	var out []*Term
	ids := map[string]diag.Pos{}
	m := v.Map("glossary.yaml", glossaryTable.Names()...)
	for _, tv := range m["terms"].Items() {
		tm := tv.Map("a term", termTable.Names()...)
		t := &Term{Term: readLocalText(tm["term"], languages), Also: readLocalTexts(tm["also"], languages), Meaning: readLocalText(tm["meaning"], languages)}
		switch {
		case len(t.Term) == 0:
			tv.Error("glossary/no-term", "This entry has no `term`.", "Add `term: the word`.")
			continue
		case len(t.Meaning) == 0:
			tv.Error("glossary/no-meaning", "This entry has no `meaning`.", "Add `meaning: what the word means, in one sentence`.")
			continue
		}
		if tm["id"].Exists() {
			t.ID = readID(tm["id"], tv, ids)
		} else {
			t.ID = uniqueID(tm["term"], Slug(t.Term.In(languages[0], "")), ids)
		}
		if t.ID != "" {
			out = append(out, t)
		}
	}
	return out
}

// compileTerms makes the glossary of a language ready to be found in texts. A
// term without words in the language is left out: its meaning could not be
// read.
func compileTerms(terms []*Term, lang, first string) *markdown.Terms {
	var entries []markdown.GlossaryTerm
	for _, t := range terms {
		word, meaning := t.Term[lang], t.Meaning[lang]
		if lang == first || word == "" {
			word, meaning = orElse(word, t.Term[""]), orElse(meaning, t.Meaning[""])
		}
		if word == "" || meaning == "" {
			continue
		}
		forms := append([]string{word}, t.Also[lang]...)
		if lang == first {
			forms = append(forms, t.Also[""]...)
		}
		entries = append(entries, markdown.GlossaryTerm{ID: t.ID, Forms: forms, Meaning: meaning})
	}
	if len(entries) == 0 {
		return nil
	}
	return markdown.NewTerms(entries)
}
