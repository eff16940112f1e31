package builder

import (
	"sopan.dev/sopan/builder/course"
	"sopan.dev/sopan/builder/page"
	"sopan.dev/sopan/builder/source"
	"sopan.dev/sopan/quiz"
)

// KeyFile is the key of a sealed quiz: what marks its responses later. It is
// the institute's, and no part of the set.
type KeyFile struct {
	Path  string // slash-separated: "mission-karmayogi/why-change/check.json"
	Bytes []byte
}

// Keys makes the key files of all sealed quizzes of the site, sorted by path.
func (r *Result) Keys() ([]KeyFile, error) {
	var out []KeyFile
	first := r.Site.Settings.Languages[0]
	for _, c := range r.Site.Courses {
		for _, i := range c.Items() {
			original := i.Versions.In(first)
			if original == nil || original.Quiz == nil || !original.Quiz.Sealed {
				continue
			}
			k := quiz.Key{V: 1, ID: page.ActivityID(r.Site, i), Course: c.Key, Quiz: i.Key, Title: original.Title}
			for _, v := range i.Versions.Sorted() {
				text, err := r.unchanged(v)
				if err != nil {
					return nil, err
				}
				if v.Lang == first {
					k.Source = string(text.Bytes)
					continue
				}
				if k.Translations == nil {
					k.Translations = map[string]string{}
				}
				k.Translations[v.Lang] = string(text.Bytes)
			}
			out = append(out, KeyFile{c.Key + "/" + i.Key + ".json", k.JSON()})
		}
	}
	return out, nil
}

// unchanged reads a text again, which must be the one that was built.
func (r *Result) unchanged(v *course.Version) (source.Text, error) {
	text, hash, _, err := r.Tree.Text(v.File)
	if err == nil && hash != v.Hash {
		err = &course.ChangedError{File: v.File}
	}
	return text, err
}
