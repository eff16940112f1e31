package course

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// TestFault53ACredentialIsRefusedWhereverItStands: in whatever reaches the output, in a comment, and in a theme. It is never
// shown again, whatever else is wrong in its line.
func TestFault53ACredentialIsRefusedWhereverItStands(t *testing.T) {
	// Put together here, so that this file holds none itself.
	token := "gh" + "p_" + strings.Repeat("abcd", 9)
	if _, diags := load(t, planted("", ""), LoadOptions{}); diags.HasErrors() {
		t.Fatalf("the site without a credential: %v", diags)
	}
	for file, text := range map[string]string{
		"sopan.yaml":                       "title: A site\npublisher: X\n",
		"content/glossary.yaml":            "- id: a\n  term: A\n  meaning: X\n",
		"content/c/index.md":               "---\ntitle: A course\nsummary: X\n---\nWords.\n",
		"content/c/10-lesson.md":           "---\ntitle: A lesson\n---\nWords. X\n",
		"content/c/10-lesson.hi.md":        "---\ntitle: पाठ\n---\nX\n",
		"content/c/20-check.quiz.yaml":     "title: Check\nquestions:\n- {id: a, ask: Is it X?, right: true}\n",
		"content/c/20-check.quiz.hi.yaml":  "title: जाँच\nquestions:\n  a: {ask: X?}\n",
		"content/c/30-comment.md":          "---\ntitle: A lesson\n# X\n---\nWords.\n",
		"content/c/40-comment.md":          "---\ntitle: A lesson\n---\nWords. <!-- X -->\n",
		"content/c/50-link.md":             "---\ntitle: A lesson\n---\n[Words](X.md).\n",
		"content/shared/note.md":           "X\n",
		"content/c/table.csv":              "a,b\nX,c\n",
		"static/site.js":                   "const a = 'X';\n",
		"static/data.json":                 `{"a": "X"}`,
		"themes/sopan/templates/base.html": "<p>X</p>",
	} {
		_, diags := load(t, planted(file, strings.ReplaceAll(text, "X", token)), LoadOptions{})
		found := false
		for _, d := range diags {
			found = found || d.Code == "source/credential" && d.Start.File == file && d.Secret && d.Start.Line == 1+strings.Count(text[:strings.Index(text, "X")], "\n")
			if strings.Contains(d.Message+d.Hint, token) {
				t.Errorf("%s: it is shown again: %s", file, d.Message)
			}
			if !d.Secret && d.Start.File == file && d.Start.Line > 0 && strings.Contains(strings.Split(strings.ReplaceAll(text, "X", token), "\n")[d.Start.Line-1], token) {
				t.Errorf("%s: the line would be shown: %s", file, d.Code)
			}
		}
		if !found || !diags.HasErrors() {
			t.Errorf("%s: it is not found: %v", file, diags)
		}
	}
}

// planted is a site of two languages, with a file in it or in the place of one.
func planted(file, text string) fstest.MapFS {
	texts := map[string]string{
		"sopan.yaml": "title: A site\nlanguages: [en, hi]\n", "content/c/index.md": "---\ntitle: A course\n---\nWords.\n",
		"content/c/10-lesson.md": "---\ntitle: A lesson\n---\nWords.\n", "content/c/20-check.quiz.yaml": "title: Check\nquestions:\n- {id: a, ask: Is it?, right: true}\n",
	}
	if file == "sopan.yaml" {
		text += "languages: [en, hi]\n"
	}
	if file != "" {
		texts[file] = text
	}
	files := fstest.MapFS{}
	for name, text := range texts {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return files
}

func TestACourseByItselfLeadsNowhereElse(t *testing.T) {
	files := planted("content/c/30-out.md", "---\ntitle: Out\n---\nSee [it](../d/10-x.md), [this](10-lesson.md) and [all](../d/).\n")
	for name, text := range map[string]string{
		"content/d/index.md": "---\ntitle: Another course\n---\nWords.\n", "content/d/10-x.md": "---\ntitle: X\naliases: [/x.html]\n---\nWords.\n",
		"content/d/x.csv": "a", "content/c/y.csv": "a", "static/z.txt": "a", "content/shared/note.md": "[List](n.csv)", "content/shared/n.csv": "a",
		"content/c/40-in.md": "---\ntitle: In\n---\n:::include{file=\"../shared/note.md\"}\n:::\n",
	} {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	site, diags := load(t, files, LoadOptions{})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	c, err := site.FindCourse("c")
	if err != nil {
		t.Fatal(err)
	}
	only, outside := site.Only(c)
	var at []int
	for _, d := range outside {
		at = append(at, d.Start.Col)
		if d.Code != "package/outside-link" || d.Start.File != "content/c/30-out.md" || d.Start.Line != 4 {
			t.Errorf("%+v", d)
		}
	}
	if !slices.Equal(at, []int{10, 56}) {
		t.Errorf("links that lead out stand in columns %v", at)
	}
	var assets []string
	for _, a := range only.Assets {
		assets = append(assets, a.Address)
	}
	slices.Sort(assets)
	if len(only.Courses) != 1 || len(only.Moved) != 0 || !slices.Equal(only.Settings.Languages, []string{"en"}) || !slices.Equal(assets, []string{"c/y.csv", "shared/n.csv", "z.txt"}) {
		t.Errorf("what is left: %d courses, %d old addresses, languages %v, files %v", len(only.Courses), len(only.Moved), only.Settings.Languages, assets)
	}
	if len(site.Courses) != 2 || len(site.Moved) != 1 || len(site.Settings.Languages) != 2 {
		t.Error("the site itself has changed")
	}
}
