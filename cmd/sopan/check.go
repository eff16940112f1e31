package main

import (
	"context"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"time"

	"sopan.dev/sopan/builder"
	"sopan.dev/sopan/builder/course"
	"sopan.dev/sopan/internal/diag"
	"sopan.dev/sopan/simulate"
)

type checkCmd struct {
	Dir    string `arg:"" optional:"" help:"Folder that holds sopan.yaml (default: the current folder)." type:"path"`
	Format string `help:"text, json, sarif or github." enum:"text,json,sarif,github" default:"text"`
	Drafts bool   `help:"Check drafts as if they were published."`
	Fix    bool   `help:"Write an id into each question that has none, and check then."`
}

func (checkCmd) Help() string {
	return "Example: sopan check my-courses\n\n" +
		"With -v it also prints notes, and a line for each question. Exit code 1 when there is an error.\n" +
		"With --fix questions get their ids written into their files; nothing else in the files changes."
}

func (c *checkCmd) Run(ctx context.Context, t *terminal) error {
	start := time.Now()
	site, err := openSite(c.Dir)
	if err != nil {
		return err
	}
	defer site.close()
	var notWritten diag.List
	if c.Fix {
		if notWritten, err = site.nameQuestions(ctx, t); err != nil {
			return err
		}
	}
	hugePages()
	result, diags, err := builder.New().Build(ctx, site.files(), builder.Options{Drafts: c.Drafts, Skip: site.skip(filepath.Join(site.path, "public"))})
	if err != nil {
		return err
	}
	learners, err := site.learners(result, diags)
	if err != nil {
		return err
	}
	diags = append(append(diags, notWritten...), learners...).Sort()
	summary, diags, err := compared(result, diags)
	if err != nil {
		return err
	}
	switch c.Format {
	case "json":
		err = diag.WriteJSON(t.out, diags)
	case "sarif":
		err = diag.WriteSARIF(t.out, diags, version)
	case "github":
		err = diag.WriteGitHub(t.out, diags)
	default:
		if err = t.report(t.out, diags, result.Tree); err != nil {
			return err
		}
		if t.verbose {
			if err = t.questions(result.Site); err != nil {
				return err
			}
		}
		if !t.quiet || diags.HasErrors() {
			fmt.Fprintf(t.out, "%s · %s · %s\n", tally(diags), inventory(result.Site), seconds(time.Since(start)))
			fmt.Fprint(t.out, summary, result.Told)
		}
	}
	if err != nil {
		return err
	}
	if diags.HasErrors() {
		return errContent
	}
	return nil
}

// learners reads the files of simulated learners, which no build reads, and
// says what is wrong in them. They are held against a site that has no errors.
func (s *siteDir) learners(result *builder.Result, diags diag.List) (diag.List, error) {
	folder, err := fs.Sub(s.files(), simulate.Folder)
	if err != nil || diags.HasErrors() {
		return nil, err
	}
	_, _, found, err := simulate.Read(folder, simulate.Folder, result.Site)
	return found, err
}

// inventory says what a site holds: "3 courses, 17 lessons, 8 quizzes, 3 cases".
func inventory(s *course.Site) string {
	n := map[course.ItemType]int{}
	for _, c := range s.Courses {
		for _, i := range c.Items() {
			n[i.Type]++
		}
	}
	quizzes := "1 quiz"
	if n[course.Quiz] != 1 {
		quizzes = fmt.Sprintf("%d quizzes", n[course.Quiz])
	}
	return fmt.Sprintf("%s, %s, %s, %s", count(len(s.Courses), "course"), count(n[course.Lesson], "lesson"), quizzes, count(n[course.Case], "case"))
}

// questions prints one plain line a question, so that an author sees how each
// was understood.
func (t *terminal) questions(s *course.Site) error {
	first := s.Settings.Languages[0]
	for _, c := range s.Courses {
		for _, i := range c.Items() {
			v := i.Versions.In(first)
			if v == nil {
				continue
			}
			asked, err := s.Questions(v)
			if err != nil {
				return err
			}
			for _, q := range asked.All() {
				if len(q.Questions) == 0 {
					continue
				}
				fmt.Fprintln(t.out, v.File)
				for _, line := range q.Summary() {
					fmt.Fprintf(t.out, "  %s\n", line)
				}
			}
			if v.Graph != nil && len(v.Graph.Scenes) > 0 {
				t.caseStudy(v)
			}
		}
	}
	return nil
}

// caseStudy prints how many scenes a case study has, and its worst and best
// path, so that an author sees whether the points say what was meant.
func (t *terminal) caseStudy(v *course.Version) {
	g := v.Graph
	decisions, endings := 0, 0
	for _, s := range g.Scenes {
		decisions += len(s.Exits)
		if len(s.Exits) == 0 {
			endings++
		}
	}
	fmt.Fprintf(t.out, "%s\n  %s, %s, %s\n", v.File, count(len(g.Scenes), "scene"), count(decisions, "decision"), count(endings, "ending"))
	if len(g.Best) > 0 {
		fmt.Fprintf(t.out, "  lowest  %4d: %s\n  highest %4d: %s\n", g.Lowest, strings.Join(g.Worst, " > "), g.Highest, strings.Join(g.Best, " > "))
	}
}
