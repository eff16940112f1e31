package simulate

import (
	"context"
	"slices"
	"testing"
	"testing/fstest"

	"sopan.dev/sopan/builder"
	"sopan.dev/sopan/builder/course"
	"sopan.dev/sopan/builder/schema"
)

func smallSite(t *testing.T) *course.Site {
	t.Helper()
	files := fstest.MapFS{}
	for name, text := range map[string]string{
		"sopan.yaml":                      "title: Small\n",
		"content/rti/index.md":            "---\ntitle: RTI\n---\nText.\n",
		"content/rti/10-m/10-a.md":        "---\ntitle: A\n---\nText.\n",
		"content/rti/10-m/20-q.quiz.yaml": "title: Q\nquestions:\n- id: days\n  ask: How many?\n  number: 30\n- id: fee\n  ask: Rupees?\n  number: 10\n",
		"content/rti/30-file.case.md":     "---\ntitle: The file\n---\n## Start {#start}\n\n- [Search](#found) {records +1}\n- [Deny](#lost)\n\n## Found {#found}\n\n:::debrief\nGood.\n:::\n\n## Lost {#lost}\n\n:::debrief\nBad.\n:::\n",
	} {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	result, diags, err := builder.New().Build(context.Background(), files, builder.Options{})
	if err != nil || result.Site == nil || len(result.Site.Courses) == 0 {
		t.Fatal(err, diags)
	}
	return result.Site
}

// TestEachWordOfTheFormatIsRead: the format says which words there are, and the reader what they come to.
func TestEachWordOfTheFormatIsRead(t *testing.T) {
	words := schema.Step().OneOf
	for _, word := range words {
		if reads()[word] == nil {
			t.Errorf("nothing reads `%s`", word)
		}
	}
	if len(reads()) != len(words) {
		t.Errorf("%d words are read, and the format has %d", len(reads()), len(words))
	}
}

func TestALearnersMistakesAreNamedAtTheirPlaces(t *testing.T) {
	site := smallSite(t)
	for _, c := range []struct {
		name, text, code string
		line, col        int
	}{
		{"nothing to do", "title: A\n", "learner/idle", 1, 1},
		{"an unknown key", "titel: A\ndoes:\n- read: m/a\n", "yaml/unknown-key", 1, 1},
		{"an unknown course", "course: rtti\ndoes:\n- read: m/a\n", "learner/not-there", 1, 9},
		{"an unknown language", "language: fr\ndoes:\n- read: m/a\n", "learner/not-there", 1, 11},
		{"an unknown step", "does:\n- raed: m/a\n", "yaml/unknown-key", 2, 3},
		{"a word alone", "does:\n- reload\n", "learner/step", 2, 3},
		{"two things at once", "does:\n- read: m/a\n  go: offline\n", "learner/step", 2, 3},
		{"a word that belongs to another step", "does:\n- read: m/a\n  take: [found]\n", "learner/step", 3, 3},
		{"an unknown lesson", "does:\n- read: m/b\n", "learner/not-there", 2, 9},
		{"a quiz is no lesson", "does:\n- read: m/q\n", "learner/not-there", 2, 9},
		{"an unknown question", "does:\n- answer: m/q\n  but: {dais: wrong}\n", "learner/not-there", 3, 9},
		{"an unknown way to answer", "does:\n- answer: m/q\n  all: badly\n", "learner/not-there", 3, 8},
		{"an unknown scene", "does:\n- decide: file\n  take: [fond]\n", "learner/not-there", 3, 10},
		{"neither yes nor no", "does:\n- answer: m/q\n  hand in: perhaps\n", "learner/not-there", 3, 12},
		{"an unknown line", "does:\n- go: of\n", "learner/not-there", 2, 7},
		{"an unknown end", "does:\n- then: stay\n", "learner/not-there", 2, 9},
		{"a tab that is no number", "does:\n- tab: two\n", "yaml/not-a-number", 2, 8},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, _, diags, err := Read(fstest.MapFS{"a.yaml": {Data: []byte(c.text)}}, "learners", site)
			if err != nil {
				t.Fatal(err)
			}
			if len(diags) != 1 || diags[0].Code != c.code || diags[0].Start.Line != c.line || diags[0].Start.Col != c.col || diags[0].Start.File != "learners/a.yaml" || diags[0].Hint == "" {
				t.Errorf("got %+v, want %s at %d:%d", diags, c.code, c.line, c.col)
			}
		})
	}
}

func TestLearnersAreReadInTheOrderOfTheirNames(t *testing.T) {
	site := smallSite(t)
	fine := &fstest.MapFile{Data: []byte("title: Fine\ndoes:\n- go through: everything\n  except: m/q\n- answer: m/q\n  but: {days: wrong, fee: skip}\n- decide: file\n  take: [found]\n- {go: offline}\n- then: reload\n")}
	learners, texts, diags, err := Read(fstest.MapFS{"b.yaml": fine, "a.yaml": fine, "golden/x.jsonl": fine, "notes.txt": fine}, "learners", site)
	if err != nil || len(diags) > 0 {
		t.Fatal(err, diags)
	}
	var names []string
	for _, l := range learners {
		names = append(names, l.Name)
	}
	if !slices.Equal(names, []string{"a", "b"}) || len(texts) != 2 || learners[0].Course.Slug != "rti" || learners[0].Lang != "en" || len(learners[0].steps) != 5 {
		t.Errorf("read %v: %+v", names, learners)
	}
}
