package release

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"strings"
	"testing"
	"testing/fstest"

	"sopan.dev/sopan/builder/course"
	"sopan.dev/sopan/builder/source"
	"sopan.dev/sopan/internal/diag"
)

// lockOf makes the lock of a small site with some files changed; "" takes one away.
func lockOf(t *testing.T, changes map[string]string) *Lock {
	t.Helper()
	files := map[string]string{
		"sopan.yaml":                      "title: S\nlanguages: [en, hi]\n",
		"content/c/index.md":              "---\ntitle: C\n---\nWords.\n",
		"content/c/10-m/index.md":         "---\ntitle: M\n---\nWords.\n",
		"content/c/10-m/10-one.md":        "---\ntitle: One\n---\nWords.\n\n```quiz\n- {id: p, ask: Yes?, right: true}\n```\n",
		"content/c/10-m/10-one.hi.md":     "---\ntitle: एक\n---\nशब्द।\n\n```quiz\n- {ask: हाँ?, right: true}\n```\n",
		"content/c/10-m/90-q.quiz.yaml":   "title: Q\nquestions:\n- {id: a, ask: A?, right: x, wrong: [y, z]}\n- {id: b, ask: B?, answer: b}\n",
		"content/c/10-m/91-r.quiz.yaml":   "title: R\nquestions:\n- {id: d, ask: D?, rate: [x, y]}\n",
		"content/d/index.md":              "---\ntitle: D\n---\nWords.\n",
		"content/d/90-only-one.quiz.yaml": "title: Q\nquestions:\n- {id: e, ask: E?, right: true}\n",
	}
	maps.Copy(files, changes)
	fsys := fstest.MapFS{}
	for name, text := range files {
		if text != "" {
			fsys[name] = &fstest.MapFile{Data: []byte(text)}
		}
	}
	tree, _, err := source.Read(context.Background(), fsys, nil)
	if err != nil {
		t.Fatal(err)
	}
	site, diags, err := course.Load(context.Background(), tree, course.LoadOptions{})
	if err != nil || diags.HasErrors() {
		t.Fatal(err, diags)
	}
	lock, err := Of(site)
	if err != nil {
		t.Fatal(err)
	}
	return lock
}

// said writes a comparison in lines: severity, code, file and the first id or key.
func said(old, now *Lock) (string, diag.List) {
	tally, diags := Compare(old, now, func(file string, start, end int) (diag.Pos, diag.Pos) {
		return diag.Pos{File: file, Line: start}, diag.Pos{}
	})
	out := tally.String()
	for _, d := range diags {
		out += fmt.Sprintf("\n%s %s %s", d.Severity, d.Code, d.Start.File)
	}
	return out, diags
}

func TestWhatChangesForLearners(t *testing.T) {
	const m = "content/c/10-m/"
	quiz := func(lines string) map[string]string {
		return map[string]string{m + "90-q.quiz.yaml": "title: Q\nquestions:\n" + lines}
	}
	a, b := "- {id: a, ask: A?, right: x, wrong: [y, z]}\n", "- {id: b, ask: B?, answer: b}\n"
	for name, c := range map[string]struct {
		changes map[string]string
		want    string
		hint    string
	}{
		"nothing":                       {nil, "6 questions kept, 0 new, 0 changed, 0 retired", ""},
		"questions and choices moved":   {quiz(b + "- {id: a, ask: \"A?\", wrong: [z, y], right: x}\n"), "6 questions kept, 0 new, 0 changed, 0 retired", ""},
		"a title, an explanation":       {quiz("- {id: a, ask: A?, right: x, wrong: [y, z], why: Because., hint: Think.}\n" + b), "6 questions kept, 0 new, 0 changed, 0 retired", ""},
		"a prompt":                      {quiz("- {id: a, ask: Which?, right: x, wrong: [y, z]}\n" + b), "5 questions kept, 0 new, 1 changed, 0 retired\nnote lock/prompt-changed " + m + "90-q.quiz.yaml", "new `id`"},
		"the right choice":              {quiz("- {id: a, ask: A?, right: y, wrong: [x, z]}\n" + b), "5 questions kept, 0 new, 1 changed, 0 retired\nwarning lock/key-changed " + m + "90-q.quiz.yaml", "old key was wrong"},
		"the marks":                     {quiz(a + "- {id: b, ask: B?, answer: b, marks: 2}\n"), "5 questions kept, 0 new, 1 changed, 0 retired\nwarning lock/key-changed " + m + "90-q.quiz.yaml", ""},
		"the kind":                      {quiz(a + "- {id: b, ask: B?, right: true}\n"), "5 questions kept, 0 new, 1 changed, 0 retired\nwarning lock/kind-changed " + m + "90-q.quiz.yaml", "new `id`"},
		"a wrong choice":                {quiz("- {id: a, ask: A?, right: x, wrong: [y, other]}\n" + b), "5 questions kept, 0 new, 1 changed, 0 retired\nnote lock/choice-changed " + m + "90-q.quiz.yaml", ""},
		"an id, the words kept":         {quiz(a + "- {id: entirely-different, ask: B?, answer: c}\n"), "5 questions kept, 1 new, 0 changed, 1 retired\nwarning lock/renamed " + m + "90-q.quiz.yaml", "Write `id: b`"},
		"an id, the choices kept":       {quiz("- {id: entirely-different, ask: Other words?, right: x, wrong: [y, z]}\n" + b), "5 questions kept, 1 new, 0 changed, 1 retired\nwarning lock/renamed " + m + "90-q.quiz.yaml", "Write `id: a`"},
		"one for another":               {quiz(a + "- {id: entirely-different, ask: Else?, right: true}\n"), "5 questions kept, 1 new, 0 changed, 1 retired\nnote lock/new " + m + "90-q.quiz.yaml\nnote lock/retired sopan.lock", ""},
		"a point of a scale":            {map[string]string{m + "91-r.quiz.yaml": "title: R\nquestions:\n- {id: d, ask: D?, rate: [x, z]}\n"}, "5 questions kept, 0 new, 1 changed, 0 retired\nnote lock/choice-changed " + m + "91-r.quiz.yaml", ""},
		"a lesson's words":              {map[string]string{m + "10-one.md": "---\ntitle: Uno\n---\nOther words.\n\n```quiz\n- {id: p, ask: Yes?, right: true}\n```\n"}, "6 questions kept, 0 new, 0 changed, 0 retired", ""},
		"a number in front":             {map[string]string{m + "91-r.quiz.yaml": "", m + "05-r.quiz.yaml": "title: R\nquestions:\n- {id: d, ask: D?, rate: [x, y]}\n"}, "6 questions kept, 0 new, 0 changed, 0 retired", ""},
		"a quiz renamed":                {map[string]string{m + "91-r.quiz.yaml": "", m + "91-last.quiz.yaml": "title: R\nquestions:\n- {id: d, ask: D?, rate: [x, y]}\n"}, "5 questions kept, 1 new, 0 changed, 1 retired\nwarning lock/item-gone " + m + "91-last.quiz.yaml\nnote lock/new-item " + m + "91-last.quiz.yaml", "name its file `r.quiz.yaml` again"},
		"a lesson renamed, its id kept": {map[string]string{m + "10-one.md": "", m + "10-one.hi.md": "", m + "10-first.md": "---\ntitle: One\nid: one\n---\nW.\n\n```quiz\n- {id: p, ask: Yes?, right: true}\n```\n", m + "10-first.hi.md": "---\ntitle: एक\n---\nशब्द।\n\n```quiz\n- {ask: हाँ?, right: true}\n```\n"}, "6 questions kept, 0 new, 0 changed, 0 retired", ""},
		"a lesson renamed":              {map[string]string{m + "10-one.md": "", m + "10-one.hi.md": "", m + "10-first.md": "---\ntitle: One\n---\nW.\n\n```quiz\n- {id: p, ask: Yes?, right: true}\n```\n"}, "4 questions kept, 1 new, 0 changed, 2 retired\nwarning lock/item-gone " + m + "10-first.md\nnote lock/new-item " + m + "10-first.md", "write `id: one` in its front matter"},
		"a module renamed":              {map[string]string{m + "91-r.quiz.yaml": "", "content/c/20-n/91-r.quiz.yaml": "title: R\nquestions:\n- {id: d, ask: D?, rate: [x, y]}\n"}, "5 questions kept, 1 new, 0 changed, 1 retired\nwarning lock/item-gone content/c/20-n/91-r.quiz.yaml\nnote lock/new-item content/c/20-n/91-r.quiz.yaml", "or write `id: m` in the front matter of its module's"},
		"out of the course's folder":    {map[string]string{"content/d/90-only-one.quiz.yaml": "", "content/d/10-m/90-only-one.quiz.yaml": "title: Q\nquestions:\n- {id: e, ask: E?, right: true}\n"}, "5 questions kept, 1 new, 0 changed, 1 retired\nwarning lock/item-gone content/d/10-m/90-only-one.quiz.yaml\nnote lock/new-item content/d/10-m/90-only-one.quiz.yaml", "move it back into the course's folder"},
		"a quiz deleted":                {map[string]string{m + "91-r.quiz.yaml": ""}, "5 questions kept, 0 new, 0 changed, 1 retired\nwarning lock/item-gone sopan.lock", "Bring it back"},
		"a course renamed":              {map[string]string{"content/d/index.md": "", "content/d/90-only-one.quiz.yaml": "", "content/e/90-only-one.quiz.yaml": "title: Q\nquestions:\n- {id: e, ask: E?, right: true}\n"}, "5 questions kept, 1 new, 0 changed, 1 retired\nwarning lock/course-gone sopan.lock", "If it is `e` now, write `id: d`"},
		"a draft of a lesson":           {map[string]string{m + "10-one.md": "---\ntitle: One\nstatus: draft\n---\nWords.\n", m + "10-one.hi.md": ""}, "4 questions kept, 0 new, 0 changed, 2 retired\nwarning lock/item-gone sopan.lock", ""},
	} {
		t.Run(name, func(t *testing.T) {
			// Through the file, as it is read later.
			text := source.NewText(File, lockOf(t, nil).Bytes())
			old, diags := Read(text)
			if old == nil || len(diags) > 0 {
				t.Fatal(diags)
			}
			got, found := said(old, lockOf(t, c.changes))
			if got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
			hints := ""
			for _, d := range found {
				hints += d.Hint + "\n"
				if d.Start.File == File && (d.Start.Line == 0 || !strings.HasPrefix(string(text.Bytes[d.Start.Line:]), `"`)) {
					t.Errorf("%s stands nowhere in the lock: %d", d.Code, d.Start.Line)
				}
			}
			if !strings.Contains(hints, c.hint) {
				t.Errorf("%q says nothing of %q", hints, c.hint)
			}
		})
	}
}

func TestALockIsTheSameEachTimeAndComesBack(t *testing.T) {
	one := lockOf(t, nil)
	b := one.Bytes()
	for range 5 {
		if again := lockOf(t, nil).Bytes(); !bytes.Equal(again, b) {
			t.Fatalf("%s\n%s", b, again)
		}
	}
	back, diags := Read(source.NewText(File, b))
	if back == nil || len(diags) > 0 || !bytes.Equal(back.Bytes(), b) {
		t.Errorf("%v\n%s", diags, b)
	}
	empty := (&Lock{V: version}).Bytes()
	if l, diags := Read(source.NewText(File, empty)); l == nil || len(diags) > 0 {
		t.Errorf("the lock of an empty site is broken: %v\n%s", diags, empty)
	}
	if !back.Has("c", "m/q", "a") || back.Has("c", "m/q", "zz") || back.Has("x", "m/q", "a") || (*Lock)(nil).Has("c", "m/q", "a") {
		t.Error("Has does not tell what was released")
	}
}

func TestABrokenLockIsADiagnosticWithANextStep(t *testing.T) {
	for name, text := range map[string]string{
		"empty": "", "half": `{"v": 1, "courses": {`, "no version": `{"courses": {}}`, "later": `{"v": 2}`, "another": `[1]`, "null": "null",
		"unknown key": `{"v": 1, "lessons": {}}`, "a text for an item": `{"v": 1, "courses": {"c": {"x": "lesson"}}}`, "twice": `{"v": 1, "v": 1}`,
		"an empty item": `{"v": 1, "courses": {"c": {"x": null}}}`, "an empty question": `{"v": 1, "courses": {"c": {"x": {"type": "quiz", "questions": {"a": null}}}}}`,
		"conflict": "{\n<<<<<<< HEAD\n  \"v\": 1,", "more": `{"v": 1, "courses": {}} {}`, "deep": strings.Repeat(`{"v":`, 20000),
	} {
		l, diags := Read(source.NewText(File, []byte(text)))
		if l != nil || len(diags) != 1 || diags[0].Code != "lock/broken" || diags[0].Severity != diag.Error || diags[0].Start.Line == 0 || !strings.Contains(diags[0].Hint, "--release") {
			t.Errorf("%s: %v %+v", name, l, diags)
		}
	}
}
