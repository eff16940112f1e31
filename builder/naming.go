package builder

import (
	"bytes"
	"cmp"
	"context"
	"io/fs"
	"slices"
	"strings"

	"sopan.dev/sopan/builder/course"
	"sopan.dev/sopan/builder/release"
	"sopan.dev/sopan/builder/source"
	"sopan.dev/sopan/internal/diag"
	"sopan.dev/sopan/quiz"
)

// NamedFile is a source file with ids written into it.
type NamedFile struct {
	File     string // slash-separated, from the site's root
	Old, New []byte // as they are on the disk
	Names    []Name
}

// Name is an id that was written, with its line in the new text.
type Name struct {
	ID   string
	Line int
}

// NameQuestions finds an id for each question that has none, in quizzes and
// practice blocks, drafts included, and gives the files with the ids written
// into them. Nothing else in them changes. A file whose questions have errors
// is left alone; its name is in left.
//
// An id that learners' answers may stand under stays: the one made of the
// prompt's hash, when it was released (sopan.lock) or a translation names it. A
// question of a translated lesson gets the id of its original.
func (b *Builder) NameQuestions(ctx context.Context, fsys fs.FS, o Options) (named []NamedFile, left []string, diags diag.List, err error) {
	tree, _, err := source.Read(ctx, fsys, o.Skip)
	if err != nil {
		return nil, nil, nil, err
	}
	site, _, err := b.load(ctx, tree, course.LoadOptions{Drafts: true})
	if err != nil {
		return nil, nil, nil, err
	}
	lock, diags, err := lastRelease(tree)
	if err != nil || diags.HasErrors() {
		return nil, nil, diags, err
	}
	n := &namer{site: site, tree: tree, lock: lock, diags: diags}
	for _, c := range site.Courses {
		n.course = c.Key
		if err := n.text("index", c.Versions); err != nil {
			return nil, nil, nil, err
		}
		for _, m := range c.Modules {
			if m.Slug != "" {
				if err := n.text(m.Key, m.Versions); err != nil {
					return nil, nil, nil, err
				}
			}
			for _, i := range m.Items {
				if err := n.text(i.Key, i.Versions); err != nil {
					return nil, nil, nil, err
				}
			}
		}
	}
	slices.SortFunc(n.named, func(a, b NamedFile) int { return cmp.Compare(a.File, b.File) })
	slices.Sort(n.left)
	return n.named, n.left, n.diags.Sort(), nil
}

type namer struct {
	site   *course.Site
	tree   *source.Tree
	lock   *release.Lock
	course string // key
	named  []NamedFile
	left   []string
	diags  diag.List
}

// text names the questions of an item, or of an introduction, in all languages.
func (n *namer) text(item string, versions course.Versions) error {
	first := n.site.Settings.Languages[0]
	var original []quiz.Question // those of the first language, named
	for _, lang := range n.site.Settings.Languages {
		v := versions.In(lang)
		if v == nil || v.File == "" || v.Quiz != nil && lang != first {
			continue // a translated quiz names the questions of its original
		}
		text, _, _, err := n.tree.Text(v.File)
		if err != nil {
			return err
		}
		questions, ok := questionsOf(v, text)
		if !ok {
			n.left = append(n.left, v.File)
			continue
		}
		if !slices.ContainsFunc(questions, func(q quiz.Question) bool { return !q.IDWritten }) {
			if lang == first {
				original = questions
			}
			continue
		}
		var translations []string
		if v.Quiz != nil {
			if translations, err = n.translations(versions, first); err != nil {
				return err
			}
		}
		at := -1
		kept := func(q *quiz.Question) string {
			at = slices.IndexFunc(questions, func(o quiz.Question) bool { return o.Start == q.Start })
			switch {
			case n.lock.Has(n.course, item, q.ID):
				return q.ID
			case slices.ContainsFunc(translations, func(t string) bool { return strings.Contains(t, q.ID) }):
				return q.ID
			case lang != first && len(original) == len(questions) && original[at].Kind == q.Kind:
				return original[at].ID
			}
			return ""
		}
		names, finds := quiz.Names(text, questions, kept)
		n.diags = append(n.diags, finds...)
		if err := n.write(v.File, text, names); err != nil {
			return err
		}
		if lang == first {
			original = named(questions, names)
		}
	}
	return nil
}

// questionsOf reads the questions of a text; not ok when one has an error.
func questionsOf(v *course.Version, text source.Text) (questions []quiz.Question, ok bool) {
	if v.Quiz != nil {
		q, finds := quiz.Read(text)
		return q.Questions, !finds.HasErrors()
	}
	for _, b := range v.Facts.Quizzes {
		more, finds := quiz.ReadBlock(text, b.Start, b.End)
		if finds.HasErrors() {
			return nil, false
		}
		questions = append(questions, more...)
	}
	return questions, true
}

// translations gives the texts of a quiz's translations.
func (n *namer) translations(versions course.Versions, first string) ([]string, error) {
	var out []string
	for _, lang := range n.site.Settings.Languages {
		if v := versions.In(lang); v != nil && lang != first {
			text, _, _, err := n.tree.Text(v.File)
			if err != nil {
				return nil, err
			}
			out = append(out, string(text.Bytes))
		}
	}
	return out, nil
}

// named gives the questions as they are once the names are written.
func named(questions []quiz.Question, names []quiz.Naming) []quiz.Question {
	out := slices.Clone(questions)
	for i := range out {
		for _, m := range names {
			if m.At >= out[i].Start && m.At <= out[i].Start+1 {
				out[i].ID = m.ID
			}
		}
	}
	return out
}

func (n *namer) write(file string, text source.Text, names []quiz.Naming) error {
	if len(names) == 0 {
		return nil
	}
	raw, err := n.tree.Bytes(file)
	if err != nil {
		return err
	}
	var insertions []source.Insertion
	f := NamedFile{File: file, Old: raw}
	lines := 0 // inserted so far
	for _, m := range names {
		insertions = append(insertions, source.Insertion{At: m.At, Text: m.Insert})
		f.Names = append(f.Names, Name{m.ID, text.Pos(m.At).Line + lines})
		lines += strings.Count(m.Insert, "\n")
	}
	out, ok := source.Insert(raw, insertions)
	if !ok || bytes.Equal(out, raw) {
		n.left = append(n.left, file)
		return nil
	}
	f.New = out
	n.named = append(n.named, f)
	return nil
}
