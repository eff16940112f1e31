package builder

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"testing"
	"testing/fstest"
)

// nameIn names the questions of a site and gives it as it is then, with the
// names that were written.
func nameIn(t *testing.T, files map[string]string) (map[string]string, []string) {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	named, left, diags, err := New().NameQuestions(context.Background(), fsys, Options{})
	if err != nil || diags.HasErrors() {
		t.Fatal(err, diags)
	}
	out, said := maps.Clone(files), []string{}
	for _, f := range named {
		if files[f.File] != string(f.Old) {
			t.Errorf("%s was another one", f.File)
		}
		out[f.File] = string(f.New)
		for _, n := range f.Names {
			said = append(said, fmt.Sprintf("%s:%d: %s", f.File, n.Line, n.ID))
			if line := strings.FieldsFunc(string(f.New), func(c rune) bool { return c == '\n' })[0:]; !strings.Contains(strings.Split(strings.ReplaceAll(string(f.New), "\r", ""), "\n")[n.Line-1], "id: "+n.ID) {
				t.Errorf("%s: line %d does not hold %s: %v", f.File, n.Line, n.ID, line)
			}
		}
	}
	for _, f := range left {
		said = append(said, f+" is left alone")
	}
	return out, said
}

func TestIDsAreWrittenIntoTheFilesOfASite(t *testing.T) {
	files := map[string]string{
		"sopan.yaml":              "title: S\nlanguages: [en, hi]\n",
		"content/c/index.md":      "---\ntitle: C\n---\nWords.\n\n```quiz\n- {ask: Front?, right: true}\n```\n",
		"content/c/10-m/index.md": "---\ntitle: M\n---\nWords.\n",
		// A byte order mark and the line ends of Windows stay.
		"content/c/10-m/90-check.quiz.yaml": "\xef\xbb\xbftitle: Q\r\nquestions:\r\n# one\r\n- ask: Who?\r\n  right: true\r\n\r\n- {ask: What?,  right: true}\r\n",
		"content/c/10-m/10-lesson.md":       "---\ntitle: L\n---\n## Head {#head}\n\n```quiz\n- ask: Head?\n  right: true\n```\n\nText.\n\n```quiz\n- ask: Head!\n  answer: x\n- {id: other, ask: Other?, right: true}\n```\n",
		// The same questions get the same ids; answers in one language count in the other.
		"content/c/10-m/10-lesson.hi.md":  "---\ntitle: पाठ\n---\n## शीर्ष {#head}\n\n```quiz\n- ask: शीर्ष?\n  right: true\n```\n\n```quiz\n- ask: शीर्ष!\n  answer: क\n- {ask: और?, right: true}\n```\n",
		"content/c/10-m/20-draft.md":      "---\ntitle: D\nstatus: draft\n---\n```quiz\n- {ask: Draft?, right: true}\n```\n",
		"content/c/10-m/91-bad.quiz.yaml": "title: Q\nquestions:\n- {ask: Who?, right: true}\n- {ask: What?}\n",
	}
	got, said := nameIn(t, files)
	want := maps.Clone(files)
	want["content/c/index.md"] = strings.Replace(files["content/c/index.md"], "{ask", "{id: front, ask", 1)
	want["content/c/10-m/90-check.quiz.yaml"] = "\xef\xbb\xbftitle: Q\r\nquestions:\r\n# one\r\n- id: who\r\n  ask: Who?\r\n  right: true\r\n\r\n- {id: what, ask: What?,  right: true}\r\n"
	want["content/c/10-m/10-lesson.md"] = strings.NewReplacer("- ask: Head?", "- id: head\n  ask: Head?", "- ask: Head!", "- id: head-2\n  ask: Head!").Replace(files["content/c/10-m/10-lesson.md"])
	want["content/c/10-m/10-lesson.hi.md"] = strings.NewReplacer("- ask: शीर्ष?", "- id: head\n  ask: शीर्ष?", "- ask: शीर्ष!", "- id: head-2\n  ask: शीर्ष!", "{ask", "{id: other, ask").Replace(files["content/c/10-m/10-lesson.hi.md"])
	want["content/c/10-m/20-draft.md"] = strings.Replace(files["content/c/10-m/20-draft.md"], "{ask", "{id: draft, ask", 1)
	for name := range want {
		if got[name] != want[name] {
			t.Errorf("%s: got\n%q\nwant\n%q", name, got[name], want[name])
		}
	}
	if last := said[len(said)-1]; last != "content/c/10-m/91-bad.quiz.yaml is left alone" {
		t.Errorf("%q", said)
	}
	if again, said := nameIn(t, got); !maps.Equal(again, got) || len(said) != 1 {
		t.Errorf("the second time something is written: %v", said)
	}
}

// What was released under an id that was made of the prompt keeps that id, and
// so does what a translation calls by it.
func TestAnswersAreNotLostToAWrittenID(t *testing.T) {
	files := map[string]string{
		"sopan.yaml":                 "title: S\nlanguages: [en, hi]\n",
		"content/c/index.md":         "---\ntitle: C\n---\nWords.\n",
		"content/c/90-old.quiz.yaml": "title: Q\nquestions:\n- {ask: Who?, right: true}\n",
		"content/c/10-lesson.md":     "---\ntitle: L\n---\nW.\n\n```quiz\n- {ask: Yes?, right: true}\n```\n",
		"content/c/10-lesson.hi.md":  "---\ntitle: ल\n---\nश।\n\n```quiz\n- {ask: हाँ?, right: true}\n```\n",
	}
	lock := func(files map[string]string) []byte {
		fsys := fstest.MapFS{}
		for name, text := range files {
			fsys[name] = &fstest.MapFile{Data: []byte(text)}
		}
		r, diags, err := warm.Build(context.Background(), fsys, Options{})
		if err != nil || diags.HasErrors() {
			t.Fatal(err, diags)
		}
		lock, err := r.Lock()
		if err != nil {
			t.Fatal(err)
		}
		return lock.Bytes()
	}
	released := lock(files)
	files["sopan.lock"] = string(released)
	got, _ := nameIn(t, files)
	delete(got, "sopan.lock")
	if after := lock(got); string(after) != string(released) {
		t.Errorf("a release with the written ids is another one:\n%s\n%s", released, after)
	}
	if got["content/c/10-lesson.hi.md"] == files["content/c/10-lesson.hi.md"] {
		t.Error("no id was written into the translation")
	}

	delete(files, "sopan.lock")
	derived := got["content/c/90-old.quiz.yaml"][strings.Index(got["content/c/90-old.quiz.yaml"], "q-"):][:10]
	files["content/c/90-old.quiz.hi.yaml"] = "title: क\nquestions:\n  " + derived + ": {ask: कौन?}\n"
	if got, _ := nameIn(t, files); !strings.Contains(got["content/c/90-old.quiz.yaml"], "id: "+derived) {
		t.Errorf("the translation's id is lost:\n%s", got["content/c/90-old.quiz.yaml"])
	}
}
