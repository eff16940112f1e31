package quiz

import (
	"encoding/json"
	"strings"
	"testing"

	"sopan.dev/sopan/builder/source"
	"sopan.dev/sopan/internal/diag"
)

func quizFrom(t *testing.T, yaml []byte) *Quiz {
	t.Helper()
	q, finds := Read(source.NewText("check.quiz.yaml", yaml))
	if finds.HasErrors() {
		t.Fatalf("%s\n%s", yaml, spoken(finds))
	}
	return q
}

// A translation is checked against its source, and can neither change the key
// nor the marks.
func TestTranslationsAreCheckedAndKeepTheKey(t *testing.T) {
	compare(t, "testdata/translated.txtar", func(t *testing.T, in map[string][]byte) diag.List {
		q := quizFrom(t, in["quiz.yaml"])
		before := Data(q, DataOptions{}).JSON()
		translated, finds := q.Translate(source.NewText("check.quiz.hi.yaml", in["hi.yaml"]))
		if after := Data(q, DataOptions{}).JSON(); string(after) != string(before) {
			t.Errorf("translating changed the source\nbefore %s\nafter  %s", before, after)
		}
		if len(translated.Questions) != len(q.Questions) {
			t.Fatalf("%d questions, the source has %d", len(translated.Questions), len(q.Questions))
		}
		for i := range q.Questions {
			a, b := &q.Questions[i], &translated.Questions[i]
			x, y := a.Interaction(nil), b.Interaction(nil)
			if a.ID != b.ID || a.Kind != b.Kind || a.Marks != b.Marks || len(x.Choices) != len(y.Choices) {
				t.Errorf("question %d is another one: %+v, %+v", i+1, a, b)
			}
			for j := range x.Choices {
				if x.Choices[j].ID != y.Choices[j].ID {
					t.Errorf("question %d, choice %d has another id", i+1, j+1)
				}
			}
			if len(x.Choices) > 0 && x.CorrectResponsesPattern[0] != y.CorrectResponsesPattern[0] {
				t.Errorf("question %d has another key", i+1)
			}
		}
		return finds
	})
}

func TestATranslatedAnswerIsAcceptedBesideTheSource(t *testing.T) {
	q := quizFrom(t, []byte("title: T\nquestions:\n- id: a\n  ask: Who?\n  answer: Central Information Commission\n  also: CIC\n"))
	hi, finds := q.Translate(source.NewText("hi.yaml", []byte("title: ट\nquestions:\n  a: {ask: कौन?, answer: केन्द्रीय सूचना आयोग}\n")))
	if len(finds) > 0 {
		t.Fatal(string(spoken(finds)))
	}
	for _, response := range []string{`"केन्द्रीय सूचना आयोग"`, `"cic"`, `"central information commission"`} {
		if r, err := hi.Questions[0].Mark(json.RawMessage(response)); err != nil || r.Share != 1 {
			t.Errorf("%s: %+v, %v", response, r, err)
		}
	}
	if r, _ := q.Questions[0].Mark(json.RawMessage(`"केन्द्रीय सूचना आयोग"`)); r.Share != 0 {
		t.Errorf("the source changed")
	}
}

// A text that is not translated is marked with the language it is in.
func TestFallbackTextsNameTheirLanguage(t *testing.T) {
	q := quizFrom(t, []byte("title: T\nquestions:\n- {id: a, ask: Is it?, right: x, wrong: y}\n"))
	hi, _ := q.Translate(source.NewText("hi.yaml", []byte("title: ट\nquestions:\n  a: {right: क, wrong: ख}\n")))
	form := string(Form(hi, FormOptions{SourceLang: "en", Words: Words("hi")}))
	if want := `<span class="q-ask"><span lang="en">Is it?</span></span>`; !strings.Contains(form, want) {
		t.Errorf("no %s in\n%s", want, form)
	}
	if strings.Contains(form, `lang="en">क`) {
		t.Errorf("a translated choice is marked as English:\n%s", form)
	}
}
