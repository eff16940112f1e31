package page_test

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"sopan.dev/sopan/builder"
)

// A page that is drawn behind another one, in a buffer that holds other pages' bytes, is what Render gives.
func TestAPageIsTheSameWhereverItIsDrawn(t *testing.T) {
	fsys := fstest.MapFS{}
	for name, text := range fragmentSite() {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	r, _, err := builder.New().Build(context.Background(), fsys, builder.Options{})
	if err != nil {
		t.Fatal(err)
	}
	const before = "what stands there"
	var sheet bytes.Buffer
	drawn := 0
	for range 2 {
		for address, e := range r.Set.All() {
			if e.Draw == nil {
				continue
			}
			drawn++
			sheet.Reset()
			sheet.WriteString(before)
			if err := e.Draw(&sheet); err != nil {
				t.Fatalf("%s: %v", address, err)
			}
			want, err := e.Render()
			if err != nil {
				t.Fatalf("%s: %v", address, err)
			}
			if got := sheet.String(); got != before+string(want) {
				t.Errorf("%s is drawn as %d bytes behind %d, and rendered as %d:\n%.300s", address, len(got)-len(before), len(before), len(want), got)
			}
		}
	}
	if drawn < 2*20 {
		t.Errorf("%d files of the site are drawn", drawn)
	}
}

// Pages that are drawn at the same time and one after the other, with practice, quizzes and a theme's template that
// html/template has to run, hold nothing of each other's texts, forms and outlines.
func TestPagesHoldOnlyTheirOwnPieces(t *testing.T) {
	files := map[string]string{
		"sopan.yaml":                        "title: A site\ntheme: ours\n",
		"themes/ours/templates/module.html": `<html>{{if .Body}}{{len .Body}} {{.Body}} {{.Body | printf "%.9s"}} {{end}}{{.Title}}{{.Outline}}</html>`,
	}
	const modules, lessons = 3, 5
	name := func(m, l int) string { return fmt.Sprintf("word%dof%d", l, m) }
	for m := range modules {
		folder := fmt.Sprintf("content/c/%d-m%d/", 10+m, m)
		files[folder+"index.md"] = "---\ntitle: M\n---\n" + name(m, 0) + "\n"
		for l := 1; l <= lessons; l++ {
			asked := "- {id: a, ask: \"" + name(m, l) + " *asks*\", right: " + name(m, l) + ", wrong: [y]}\n"
			text := "## H\n\n" + strings.Repeat(name(m, l)+" [on](index.md) ", 1+l*m*40) + "\n\n```quiz\n" + asked + "```\n"
			files[fmt.Sprintf("%s%d-l%d.md", folder, 10+l, l)] = "---\ntitle: L\n---\n" + text
			files[fmt.Sprintf("%s%d-l%d-check.quiz.yaml", folder, 10+l, l)] = "title: Q\nquestions:\n" + asked
		}
	}
	set := fstest.MapFS{}
	for name, text := range files {
		set[name] = &fstest.MapFile{Data: []byte(text)}
	}
	r, _, err := builder.New().Build(context.Background(), set, builder.Options{})
	if err != nil {
		t.Fatal(err)
	}
	pages := map[string]string{}
	for address, e := range r.Set.All() {
		content, err := e.Content()
		if err != nil {
			t.Fatal(err)
		}
		pages[address] = string(content)
	}
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			var b bytes.Buffer
			for address, e := range r.Set.All() {
				if e.Draw == nil {
					continue
				}
				b.Reset()
				if err := e.Draw(&b); err != nil || b.String() != pages[address] {
					t.Errorf("%s, drawn beside others: %v\n%.600s\nand alone\n%.600s", address, err, b.String(), pages[address])
				}
			}
		})
	}
	group.Wait()
	word := regexp.MustCompile(`word\d+of\d+`)
	for m := range modules {
		for l := 0; l <= lessons; l++ {
			of := []string{fmt.Sprintf("c/m%d/l%d.html", m, l), fmt.Sprintf("c/m%d/l%d-check.html", m, l)}
			if l == 0 {
				of = []string{fmt.Sprintf("c/m%d/index.html", m)}
			}
			for _, address := range of {
				found := word.FindAllString(pages[address], -1)
				if len(found) == 0 || slices.ContainsFunc(found, func(w string) bool { return w != name(m, l) }) {
					t.Errorf("%s speaks of %v", address, found)
				}
			}
		}
	}
	if page, want := pages["c/m0/index.html"], "<html>16 <p>word0of0</p>\n &lt;p&gt;word0o M<nav"; !strings.HasPrefix(page, want) {
		t.Errorf("a theme's own template makes %.100q and not %q", page, want)
	}
}
