// Package scaffold makes new sites, courses, modules, lessons, quizzes and
// case studies from small examples that show the format.
//
// In goes what to make and where; out come files on the disk, all of them or
// none, and a sentence about what to do next. It never overwrites a file.
package scaffold

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"unicode"

	"sopan.dev/sopan/builder/schema"
	"sopan.dev/sopan/builder/source"
)

//go:embed files
var files embed.FS

// Made says what New has made.
type Made struct {
	Files []string // absolute paths
	Next  string   // what the author does next; of a site whoever asked for it says it, and knows the way there
}

// usageError is a path that nothing can be made at: the person's to mend.
type usageError struct{ error }

// IsUsage tells whether an error is a matter of the command line.
func IsUsage(err error) bool {
	var u usageError
	return errors.As(err, &u)
}

func refuse(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// New makes a site, course, module, lesson, quiz or case at a path. For a
// lesson, quiz or case the path may leave the ending out.
func New(what, path string) (*Made, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	if bad := source.BadName(filepath.Base(path)); bad != "" {
		return nil, refuse("the name `%s` %s. Choose another one.", filepath.Base(path), bad)
	}
	switch what {
	case "site":
		return newSite(path)
	case "course":
		if err := below(path, "course", "content"); err != nil {
			return nil, err
		}
		if !there(filepath.Dir(path)) && !there(filepath.Join(filepath.Dir(path), "..", "sopan.yaml")) {
			return nil, refuse("there is no folder `content` here. Go to the site's folder first, where `sopan.yaml` is.")
		}
		return write(path, "course", titleFrom(path), "Write its front page in "+name(path, "index.md")+".")
	case "module":
		if err := within(path, "course"); err != nil {
			return nil, err
		}
		return write(path, "module", titleFrom(path), "Write its lesson in "+name(path, "10-first-lesson.md")+".")
	case "lesson":
		return one(path, ".md", "lesson.md")
	case "quiz":
		return one(path, ".quiz.yaml", "check.quiz.yaml")
	case "case":
		return one(path, ".case.md", "decision.case.md")
	}
	return nil, refuse("`%s` cannot be made. Choose site, course, module, lesson, quiz or case.", what)
}

func name(path, file string) string { return filepath.Join(filepath.Base(path), file) }

// below refuses a course that would not stand directly in a content folder.
func below(path, what, parent string) error {
	if filepath.Base(filepath.Dir(path)) != parent {
		return refuse("a %s stands directly in the folder `%s`, for example `%s`.", what, parent, filepath.Join(parent, filepath.Base(path)))
	}
	return nil
}

// within refuses a path in a folder that is not there: a slip in its name would make a course that nobody wants.
func within(path, what string) error {
	if folder := filepath.Dir(path); !there(folder) {
		return refuse("there is no folder `%s` to make it in. Look at its spelling, or make that %s first with `sopan new %s`.", filepath.Base(folder), what, what)
	}
	return nil
}

func there(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func newSite(path string) (*Made, error) {
	if entries, err := os.ReadDir(path); err == nil && len(entries) > 0 {
		return nil, refuse("the folder `%s` is not empty. Name a new folder.", filepath.Base(path))
	}
	out, err := example(path, "site", titleFrom(path))
	if err != nil {
		return nil, err
	}
	for file, b := range schema.Editor() {
		out[filepath.Join(path, filepath.FromSlash(file))] = b
	}
	return writeAll(out, "")
}

// one makes a single file, named with the ending its type has.
func one(path, ending, example string) (*Made, error) {
	what := "module"
	if filepath.Base(filepath.Dir(filepath.Dir(path))) == "content" {
		what = "course"
	}
	if err := within(path, what); err != nil {
		return nil, err
	}
	for _, e := range []string{".quiz.yaml", ".case.md", ".md", ".yaml", ".yml"} {
		if strings.HasSuffix(path, e) {
			path = strings.TrimSuffix(path, e)
			break
		}
	}
	// An example is no translation: it would say another thing than its original.
	if original, found := translationOf(path, ending); found {
		how := "Copy that file to the new name and translate the words; keys, ids and links stay."
		if ending == ".quiz.yaml" {
			how = "Write its title into a new file of that name, then `questions:` and below it the id of each question with its texts."
		}
		return nil, refuse("that would be a translation of `%s`, which cannot be made from an example. %s", original, how)
	}
	path += ending
	b, err := files.ReadFile("files/" + example)
	if err != nil {
		return nil, err
	}
	return writeAll(map[string][]byte{path: fill(b, titleFrom(strings.TrimSuffix(path, ending)))}, "Open it in an editor; `sopan serve` shows it as you write.")
}

var languageTag = regexp.MustCompile(`^\.[a-z]{2,3}(-[A-Z][A-Za-z]+)?$`)

// translationOf finds the file that a new one, still without its last ending, would be a translation of.
func translationOf(path, ending string) (original string, found bool) {
	tag := filepath.Ext(path)
	if !languageTag.MatchString(tag) {
		return "", false
	}
	kind := strings.TrimSuffix(ending, filepath.Ext(ending)) // ".quiz" of ".quiz.yaml": it stands before the tag
	original = strings.TrimSuffix(strings.TrimSuffix(path, tag), kind) + ending
	return filepath.Base(original), there(original)
}

// write makes a folder from a folder of examples.
func write(path, name, title, next string) (*Made, error) {
	out, err := example(path, name, title)
	if err != nil {
		return nil, err
	}
	return writeAll(out, next)
}

// example gives the files of a folder of examples, by their paths.
func example(path, name, title string) (map[string][]byte, error) {
	out := map[string][]byte{}
	root := "files/" + name
	err := fs.WalkDir(files, root, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := files.ReadFile(p)
		if err != nil {
			return err
		}
		rel := strings.TrimPrefix(p, root+"/")
		out[filepath.Join(path, filepath.FromSlash(rel))] = fill(b, title)
		return nil
	})
	return out, err
}

func fill(b []byte, title string) []byte {
	return []byte(strings.ReplaceAll(string(b), "TITLE", quoted(title)))
}

// quoted writes a title as YAML would read it back.
func quoted(s string) string {
	plain := strings.IndexFunc(s, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r) && r != ' ' && r != '-'
	}) < 0
	if plain && s != "" && unicode.IsLetter([]rune(s)[0]) {
		return s
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

// writeAll writes files that do not exist yet; when one fails, those that were
// written are taken away again.
func writeAll(contents map[string][]byte, next string) (*Made, error) {
	m := &Made{Next: next}
	for p := range contents {
		m.Files = append(m.Files, p)
	}
	sortPaths(m.Files)
	for _, p := range m.Files {
		if _, err := os.Lstat(p); err == nil {
			return nil, refuse("`%s` exists already. Nothing was changed.", filepath.Base(p))
		}
	}
	for i, p := range m.Files {
		err := os.MkdirAll(filepath.Dir(p), 0o755)
		if err == nil {
			err = create(p, contents[p])
		}
		if err != nil {
			for _, done := range m.Files[:i] {
				os.Remove(done)
			}
			return nil, fmt.Errorf("making %s: %w", p, err)
		}
	}
	return m, nil
}

func create(p string, b []byte) error {
	f, err := os.OpenFile(p, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	if _, err = f.Write(b); err == nil {
		return f.Close()
	}
	f.Close()
	os.Remove(p)
	return err
}

var order = regexp.MustCompile(`^\d+[-_. ]+`)

// titleFrom makes a title of a file's name: "20-village-fees" -> "Village fees".
func titleFrom(path string) string {
	s := order.ReplaceAllString(filepath.Base(path), "")
	s = strings.TrimSpace(strings.NewReplacer("-", " ", "_", " ").Replace(s))
	r := []rune(s)
	if len(r) == 0 {
		return "New"
	}
	r[0] = unicode.ToUpper(r[0])
	return string(r)
}

// sortPaths puts a folder's index.md and sopan.yaml where a reader expects
// them: shorter paths first, then by name.
func sortPaths(paths []string) {
	depth := func(p string) int { return strings.Count(p, string(filepath.Separator)) }
	for i := range paths {
		for j := i; j > 0; j-- {
			a, b := paths[j-1], paths[j]
			if depth(a) > depth(b) || depth(a) == depth(b) && a > b {
				paths[j-1], paths[j] = b, a
			}
		}
	}
}
