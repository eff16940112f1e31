package page_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"sopan.dev/sopan/builder"
)

// Pages of one folder that differ in all that their scripts, styles and data depend on: whichever is made first, each is
// the same, and says its own.
func TestPagesOfAFolderShareOnlyWhatIsTheSame(t *testing.T) {
	quiz := "questions:\n- {id: a, ask: A?, right: x, wrong: [y]}\n"
	files := map[string]string{
		"sopan.yaml":                     "title: A site\nlanguages: [en, hi]\n",
		"content/c/index.md":             "---\ntitle: C\n---\nWords.\n",
		"content/c/05-own.md":            "---\ntitle: Own\n---\nWords.\n",
		"content/c/07-own.quiz.yaml":     "title: Own check\n" + quiz,
		"content/c/10-m/index.md":        "---\ntitle: M\n---\nWords.\n",
		"content/c/10-m/10-plain.md":     "---\ntitle: Plain\n---\nWords.\n",
		"content/c/10-m/10-plain.hi.md":  "---\ntitle: सादा\n---\nशब्द।\n",
		"content/c/10-m/20-draft.md":     "---\ntitle: Draft\nstatus: draft\n---\nWords.\n",
		"content/c/10-m/30-code.md":      "---\ntitle: Code\n---\n```go\nfunc main() {}\n```\n",
		"content/c/10-m/40-asks.md":      "---\ntitle: Asks\n---\n```quiz\n- {id: a, ask: A?, right: x, wrong: [y]}\n```\n",
		"content/c/10-m/50-types.md":     "---\ntitle: Types\nas_of: 2026-11-21\n---\n```quiz\n- {id: a, ask: A?, answer: x}\n```\n",
		"content/c/10-m/60-q.quiz.yaml":  "title: Q\n" + quiz,
		"content/c/10-m/70-t.quiz.yaml":  "title: T\ntime: 10 minutes\n" + quiz,
		"content/c/10-m/80-o.quiz.yaml":  "title: O\nquestions:\n- {id: a, ask: A?, order: [x, y, z]}\n",
		"content/c/10-m/90-case.case.md": "---\ntitle: A case\n---\n## Start {#start}\n\nWords.\n\n- [Go on](#end)\n\n## The end {#end}\n\nDone.\n",
		"content/c/20-n/10-elsewhere.md": "---\ntitle: Elsewhere\n---\nWords.\n",
		"content/d/10-m/10-plain.md":     "---\ntitle: Plain\n---\nWords.\n",
		"content/d/10-m/60-q.quiz.yaml":  "title: Q\n" + quiz,
	}
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	pages := func(order func(paths []string)) map[string]string {
		r, diags, err := builder.New().Build(context.Background(), fsys, builder.Options{Drafts: true})
		if err != nil || r.Set == nil {
			t.Fatal(err, diags)
		}
		out := map[string]string{}
		paths := r.Set.Paths()
		order(paths)
		for _, path := range paths {
			content, err := r.Set.Open(path)
			if err != nil {
				t.Fatalf("%s: %v", path, err)
			}
			out[path] = string(content)
		}
		return out
	}
	forward, backward := pages(func([]string) {}), pages(slices.Reverse)
	for path, page := range forward {
		if backward[path] != page {
			t.Errorf("%s depends on which page was made first", path)
		}
	}
	for path, says := range map[string][]string{
		"c/m/plain.html":    {"Plain · C</title>", `"item":{"key":"m/plain","id":`, `<li><a href="index.html">M</a></li><li><span aria-current="page">Plain`},
		"c/m/draft.html":    {`"draft":true`, `<p class="banner banner-draft">`},
		"c/m/code.html":     {"/code."},
		"c/m/asks.html":     {"/exercise.", "/quiz."},
		"c/m/types.html":    {"/typed.", "21 November 2026"},
		"c/m/t.html":        {"/rules."},
		"c/m/o.html":        {"/kinds."},
		"c/own.html":        {`"root":"../"`, `<li><a href="index.html">C</a></li><li><span aria-current="page">Own`},
		"hi/c/m/plain.html": {`"root":"../../../"`, `<html lang="hi"`},
		"d/m/plain.html":    {"Plain · "},
	} {
		for _, want := range says {
			if !strings.Contains(forward[path], want) {
				t.Errorf("%s lacks %s:\n%.1500s", path, want, forward[path])
			}
		}
	}
	for _, other := range []string{"/code.", "/exercise.", "/rules.", "/typed.", "/kinds.", "/quiz.", "banner-draft", `"draft"`, "21 November"} {
		if strings.Contains(forward["c/m/plain.html"], other) {
			t.Errorf("a lesson of words alone has %s", other)
		}
	}
}
