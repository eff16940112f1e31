package quiz

import (
	"bytes"
	"html/template"
	"strings"
	"testing"

	"sopan.dev/sopan/internal/compiled"
)

// Every kind of question is written without html/template's interpreter, and
// has the bytes that html/template gives it.
func TestTheTemplatesAreCompiled(t *testing.T) {
	plain := template.Must(template.ParseFS(Templates, "*.html"))
	compare := func(name string, view any) {
		t.Helper()
		if _, err := compiled.Compile(plain, name, view); err != nil {
			t.Error(err)
		}
		var want bytes.Buffer
		if err := plain.ExecuteTemplate(&want, name, view); err != nil {
			t.Fatal(err)
		}
		var got bytes.Buffer
		if execute(&got, name, view); !bytes.Equal(got.Bytes(), want.Bytes()) {
			t.Errorf("%s\n got %s\nwant %s", name, got.Bytes(), want.Bytes())
		}
	}
	for _, kind := range KindNames() {
		for _, part := range archive(t, "testdata/"+kind+".txtar") {
			if !strings.HasSuffix(part.Name, ".yaml") {
				continue
			}
			yaml := "title: T\nquestions:\n- id: a\n  hint: [<one>, two]\n  why: Because.\n  " + strings.ReplaceAll(strings.TrimSpace(string(part.Data)), "\n", "\n  ") + "\n"
			q := &quizFrom(t, []byte(yaml)).Questions[0]
			p := painter{Easel: new(Easel), sheet: new(bytes.Buffer), name: "n", id: "q-<a>", FormOptions: FormOptions{Words: Words("en")}}
			view, _ := q.answer.view(p)
			compare(q.Kind+".html", view)
			compare("form.html", formView{Key: "k<", Questions: []QuestionView{p.question(q, formWords{"c", "h", "f", "r"})}})
		}
	}
	compare("form.html", formView{Practice: true})
}
