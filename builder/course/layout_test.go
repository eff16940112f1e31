package course

import (
	"testing"
	"testing/fstest"

	"sopan.dev/sopan/internal/diag"
)

// A site without a course is built, and whoever mistook its folder's name is told so.
func TestASiteWithoutACourseIsTold(t *testing.T) {
	settings := &fstest.MapFile{Data: []byte("title: A site\n")}
	for name, files := range map[string]fstest.MapFS{
		"no content":          {"sopan.yaml": settings},
		"another folder":      {"sopan.yaml": settings, "contents/c/a.md": {Data: []byte("Words.\n")}},
		"an empty folder":     {"sopan.yaml": settings, "content": {Mode: 0o755 | 1<<31}},
		"data files alone":    {"sopan.yaml": settings, "content/glossary.yaml": {Data: []byte("terms: []\n")}},
		"a course of no text": {"sopan.yaml": settings, "content/c": {Mode: 0o755 | 1<<31}},
	} {
		_, diags := load(t, files, LoadOptions{})
		if len(diags) != 1 || diags[0].Code != "site/no-course" || diags[0].Severity != diag.Warning || diags[0].Start.File != "content" || diags[0].Hint == "" {
			t.Errorf("%s: got %+v", name, diags)
		}
	}
	for name, files := range map[string]fstest.MapFS{
		"no settings either":          {},
		"a lesson beside the courses": {"sopan.yaml": settings, "content/a.md": {Data: []byte("Words.\n")}},
		"a draft":                     siteOf("content/c/index.md", "---\ntitle: A course\nstatus: draft\n---\nWords.\n"),
	} {
		_, diags := load(t, files, LoadOptions{})
		for _, d := range diags {
			if d.Code == "site/no-course" {
				t.Errorf("%s: got %+v", name, diags)
			}
		}
	}
}
