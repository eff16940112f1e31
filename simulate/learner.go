package simulate

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"sopan.dev/sopan/builder/course"
	"sopan.dev/sopan/builder/schema"
	"sopan.dev/sopan/builder/source"
	"sopan.dev/sopan/internal/diag"
	"sopan.dev/sopan/internal/yamldoc"
)

// Folder is where a site keeps its learners.
const Folder = "learners"

// Learner is somebody who takes a course, as a file describes them.
type Learner struct {
	Name   string // of the file, without its extension
	Title  string
	Course *course.Course
	Lang   string // in which they begin

	steps []step
}

// step is one thing that a learner does.
type step struct {
	at    diag.Pos
	words string // as the file has them, shortened
	do    func(*visit)
}

// Read reads the learners in a folder, sorted by name. They are held against the site: whom they ask for must be there.
// folder names the folder in diagnostics. The texts are those of the files, for excerpts.
func Read(fsys fs.FS, folder string, site *course.Site) ([]Learner, []source.Text, diag.List, error) {
	names, err := fs.Glob(fsys, "*.yaml")
	if err != nil {
		return nil, nil, nil, err
	}
	slices.Sort(names)
	var learners []Learner
	var texts []source.Text
	var diags diag.List
	for _, name := range names {
		b, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, nil, nil, fmt.Errorf("reading a learner: %w", err)
		}
		text, found := source.Normalise(path.Join(folder, name), b)
		texts, diags = append(texts, text), append(diags, found...)
		if found.HasErrors() {
			continue
		}
		l, found := readLearner(strings.TrimSuffix(name, ".yaml"), text, site)
		diags = append(diags, found...)
		learners = append(learners, l)
	}
	return learners, texts, diags.Sort(), nil
}

func readLearner(name string, text source.Text, site *course.Site) (Learner, diag.List) {
	l := Learner{Name: name}
	v, r := yamldoc.Parse(text, 0, len(text.Bytes), "the learner")
	m := v.Map("a learner", schema.Learner().Names()...)
	if len(m) == 0 && r.Diags.HasErrors() {
		return l, r.Diags // it is no mapping at all
	}
	l.Title = m["title"].Text()
	l.readCourse(m["course"], v, site)
	if l.Course == nil {
		return l, r.Diags
	}
	langs := site.Langs(l.Course)
	l.Lang = langs[0]
	if lang := m["language"]; lang.Exists() {
		l.Lang = lang.Text()
		isLanguage(lang, langs)
	}
	items := m["does"].Items()
	if len(items) == 0 {
		v.Error("learner/idle", "This learner does nothing.", "Write `does:` and below it one step a line, such as `- read: everything`.")
	}
	read := reader{site, l.Course, langs}
	for _, item := range items {
		if s, ok := read.step(item); ok {
			l.steps = append(l.steps, s)
		}
	}
	return l, r.Diags
}

func (l *Learner) readCourse(v, whole yamldoc.Value, site *course.Site) {
	var slugs []string
	for _, c := range site.Courses {
		slugs = append(slugs, c.Slug)
		if v.Exists() && c.Slug == v.Text() {
			l.Course = c
		}
	}
	switch {
	case v.Exists() && l.Course == nil:
		notThere(v, "course", v.Text(), slugs)
	case !v.Exists() && len(slugs) == 1:
		l.Course = site.Courses[0]
	case !v.Exists():
		whole.Error("learner/which-course", "The site has several courses, and this learner names none.", "Write `course:` and one of: "+strings.Join(slugs, ", ")+".")
	}
}

func isLanguage(v yamldoc.Value, langs []string) {
	if !slices.Contains(langs, v.Text()) {
		notThere(v, "language of this course", v.Text(), langs)
	}
}

// notThere says that a learner asks for what the course has not.
func notThere(v yamldoc.Value, what, name string, there []string) {
	hint := diag.DidYouMean(name, there)
	if hint == "" {
		hint = "There are: " + strings.Join(there, ", ") + "."
	}
	v.Error("learner/not-there", fmt.Sprintf("There is no %s `%s`.", what, name), hint)
}
