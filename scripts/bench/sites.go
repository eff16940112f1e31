package main

import (
	"bytes"
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// theme is a site's settings and templates for Hugo.
//
//go:embed all:hugo
var theme embed.FS

// A form writes a corpus down as one program wants it. Addresses of pages are the same in both: course-1/module-1/lesson-1.html.
type form struct {
	settings func(dir string) error
	course   func(n int) (name, text string)
	module   func(course, n int) (name, text string)
	file     func(i int) string // the path of lesson i; all paths are below content
	lesson   func(i int, l lesson) string
	quiz     func(i int, quiz string) (name, text string)
	link     func(to int) string // from a lesson to another of its module
}

// place is where lesson i stands: course and module, counted from 1, and its number within the module.
func place(i int) (course, module, number int) {
	return i/lessonsPerCourse + 1, i/lessonsPerModule%modulesPerCourse + 1, i%lessonsPerModule + 1
}

// address is the page of lesson i, in either site.
func address(i int) string {
	course, module, number := place(i)
	return fmt.Sprintf("course-%d/module-%d/lesson-%d.html", course, module, number)
}

func sopanForm() form {
	folder := func(course, module int) string { return fmt.Sprintf("course-%d/%d0-module-%d", course, module, module) }
	return form{
		settings: func(dir string) error {
			return write(filepath.Join(dir, "sopan.yaml"), "title: Bench\nid: bench\n")
		},
		course: func(n int) (string, string) {
			return fmt.Sprintf("course-%d/index.md", n), fmt.Sprintf("---\ntitle: Course %d\nsummary: %s\n---\n\n%s\n", n, courseSummary, courseText)
		},
		module: func(course, n int) (string, string) {
			return folder(course, n) + "/index.md", fmt.Sprintf("---\ntitle: Module %d of course %d\n---\n\n%s\n", n, course, moduleText)
		},
		lesson: func(_ int, l lesson) string {
			return fmt.Sprintf("---\ntitle: %q\nsummary: %q\nminutes: %d\n---\n\n%s", l.title, l.summary, l.minutes, l.body)
		},
		quiz: func(i int, quiz string) (string, string) {
			course, module, number := place(i)
			return fmt.Sprintf("%s/%d5-check-%d.quiz.yaml", folder(course, module), number, number), fmt.Sprintf("title: Check %d\n%s", i+1, quiz)
		},
		file: func(i int) string {
			course, module, number := place(i)
			return fmt.Sprintf("%s/%d0-lesson-%d.md", folder(course, module), number, number)
		},
		link: func(to int) string {
			_, _, number := place(to)
			return fmt.Sprintf("%d0-lesson-%d.md", number, number)
		},
	}
}

func hugoForm() form {
	folder := func(course, module int) string { return fmt.Sprintf("course-%d/module-%d", course, module) }
	return form{
		settings: func(dir string) error {
			return fs.WalkDir(theme, "hugo", func(name string, d fs.DirEntry, err error) error {
				if err != nil || d.IsDir() {
					return err
				}
				text, err := theme.ReadFile(name)
				if err != nil {
					return err
				}
				return write(filepath.Join(dir, filepath.FromSlash(strings.TrimPrefix(name, "hugo/"))), string(text))
			})
		},
		course: func(n int) (string, string) {
			return fmt.Sprintf("course-%d/_index.md", n), fmt.Sprintf("---\ntitle: Course %d\nsummary: %s\nweight: %d\nlayout: course\noutputs: [html, search]\n---\n\n%s\n",
				n, courseSummary, n, courseText)
		},
		module: func(course, n int) (string, string) {
			return folder(course, n) + "/_index.md", fmt.Sprintf("---\ntitle: Module %d of course %d\nweight: %d\n---\n\n%s\n", n, course, n, moduleText)
		},
		lesson: func(i int, l lesson) string {
			_, _, number := place(i)
			return fmt.Sprintf("---\ntitle: %q\nsummary: %q\nminutes: %d\nweight: %d0\n---\n\n%s", l.title, l.summary, l.minutes, number, l.body)
		},
		quiz: func(i int, quiz string) (string, string) {
			course, module, number := place(i)
			return fmt.Sprintf("%s/check-%d.md", folder(course, module), number), fmt.Sprintf("---\ntitle: Check %d\nlayout: quiz\nweight: %d5\n%s---\n", i+1, number, quiz)
		},
		file: func(i int) string {
			course, module, number := place(i)
			return fmt.Sprintf("%s/lesson-%d.md", folder(course, module), number)
		},
		link: func(to int) string {
			_, _, number := place(to)
			return fmt.Sprintf("lesson-%d.html", number)
		},
	}
}

const (
	courseSummary = "A course of the bench."
	courseText    = "What this course is about."
	moduleText    = "What this module is about."
)

// write writes the corpus's site into dir.
func (c corpus) write(dir string, f form) error {
	if err := f.settings(dir); err != nil {
		return err
	}
	into := func(name, text string) error {
		return write(filepath.Join(dir, "content", filepath.FromSlash(name)), text)
	}
	for i := range c.lessons {
		course, module, _ := place(i)
		if i%lessonsPerCourse == 0 {
			if err := into(f.course(course)); err != nil {
				return err
			}
		}
		if i%lessonsPerModule == 0 {
			if err := into(f.module(course, module)); err != nil {
				return err
			}
		}
		if err := into(f.file(i), f.lesson(i, c.lesson(i, f.link))); err != nil {
			return err
		}
		if err := into(f.quiz(i, c.quiz(i))); err != nil {
			return err
		}
	}
	return nil
}

func write(path, text string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(text), 0o644)
}

// A site is a corpus on disk.
type site struct {
	dir string
	form
}

func (s site) path(i int) string {
	return filepath.Join(s.dir, "content", filepath.FromSlash(s.file(i)))
}

// An edit changes one lesson in the way an author does. The mark is new each time, and stands in the lesson's page afterwards.
type edit func(text []byte, mark string) []byte

func editText(text []byte, mark string) []byte {
	return append(bytes.Clone(text), "\nOne more sentence, "+mark+".\n"...)
}

func editTitle(text []byte, mark string) []byte {
	open, rest, _ := bytes.Cut(text, []byte("\n"))
	_, rest, _ = bytes.Cut(rest, []byte("\n")) // the title stands in the second line
	return bytes.Join([][]byte{open, []byte("title: A new title, " + mark), rest}, []byte("\n"))
}

func (s site) edit(i int, how edit, mark string) error {
	text, err := os.ReadFile(s.path(i))
	if err != nil {
		return err
	}
	return os.WriteFile(s.path(i), how(text, mark), 0o644)
}
