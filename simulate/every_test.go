package simulate

import (
	"context"
	"os"
	"testing"

	"sopan.dev/sopan/builder"
	"sopan.dev/sopan/builder/export"
)

// TestOneOfEverythingIsRecorded lets a learner do all that is recorded: every kind of question, a survey, a 360, a sealed
// quiz, a number given and taken back. What is left is what docs/records.md is made of.
func TestOneOfEverythingIsRecorded(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: this test needs a browser")
	}
	const dir = "testdata/every"
	format, _ := export.Find("web")
	result, diags, err := builder.New().Build(context.Background(), os.DirFS(dir), builder.Options{Course: "every", Profile: format.Profile, Endpoint: Endpoint})
	if err != nil || diags.HasErrors() {
		t.Fatal(err, diags)
	}
	p, diags, err := export.Make(context.Background(), format, result.Site, result.Set, export.Options{})
	if err != nil || diags.HasErrors() {
		t.Fatal(err, diags)
	}
	learners, _, diags, err := Read(os.DirFS(dir+"/learners"), "learners", result.Site)
	if err != nil || len(diags) > 0 {
		t.Fatal(err, diags)
	}
	left, err := Run(context.Background(), Course{Site: result.Site, Course: result.Site.Courses[0], Set: p.Set, As: "web"}, learners, 1)
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := Update(dir+"/learners/golden", "web", left); err != nil {
			t.Fatal(err)
		}
		return
	}
	difference, err := Compare(dir+"/learners/golden", "web", left)
	if err != nil {
		t.Fatal(err)
	}
	if difference != "" {
		t.Errorf("the learner leaves other records (-update writes them):\n%s", difference)
	}
}
