package simulate

import (
	"context"
	"os"
	"runtime"
	"sync"
	"testing"

	"sopan.dev/sopan/builder"
	"sopan.dev/sopan/builder/course"
	"sopan.dev/sopan/builder/export"
)

// sample builds the sample site once for all platforms; what differs between them is remembered by the builder.
var sample = sync.OnceValues(func() (*builder.Builder, error) {
	b := builder.New()
	_, _, err := b.Build(context.Background(), os.DirFS(".."), builder.Options{})
	return b, err
})

// packed gives the sample course as a package for a platform.
func packed(t *testing.T, as string) Course {
	t.Helper()
	b, err := sample()
	if err != nil {
		t.Fatal(err)
	}
	format, ok := export.Find(as)
	if !ok {
		t.Fatalf("there is no package for %s", as)
	}
	result, diags, err := b.Build(context.Background(), os.DirFS(".."), builder.Options{Course: "mission-karmayogi", Profile: format.Profile, Endpoint: Endpoint})
	if err != nil || diags.HasErrors() {
		t.Fatal(err, diags)
	}
	p, diags, err := export.Make(context.Background(), format, result.Site, result.Set, export.Options{})
	if err != nil || diags.HasErrors() {
		t.Fatal(err, diags)
	}
	return Course{Site: result.Site, Course: result.Site.Courses[0], Set: p.Set, As: as}
}

func learnersOf(t *testing.T, site *course.Site) []Learner {
	t.Helper()
	learners, _, diags, err := Read(os.DirFS("../learners"), "learners", site)
	if err != nil || len(diags) > 0 {
		t.Fatal(err, diags)
	}
	if len(learners) != 6 {
		t.Fatalf("the sample has %d learners", len(learners))
	}
	return learners
}

// TestTheSampleLearnersLeaveTheirRecords lets the six learners of the sample course take it on each platform, and compares
// what they leave with learners/golden. After a change that is meant: sopan simulate --as FORMAT --golden learners/golden
// --update, and read the difference.
func TestTheSampleLearnersLeaveTheirRecords(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: this test needs a browser")
	}
	for _, as := range Platforms() {
		t.Run(as, func(t *testing.T) {
			c := packed(t, as)
			left, err := Run(context.Background(), c, learnersOf(t, c.Site), runtime.GOMAXPROCS(0))
			if err != nil {
				t.Fatal(err)
			}
			difference, err := Compare("../learners/golden", as, left)
			if err != nil {
				t.Fatal(err)
			}
			if difference != "" {
				t.Errorf("the learners leave other records on %s:\n%s", as, difference)
			}
		})
	}
}
