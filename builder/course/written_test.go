package course

import (
	"context"
	"errors"
	"os"
	"reflect"
	"slices"
	"testing"
	"testing/fstest"

	"sopan.dev/sopan/builder/markdown"
	"sopan.dev/sopan/builder/source"
	"sopan.dev/sopan/quiz"
)

// The sample course has every kind of question, case studies, translations and competencies.
func TestAReadingIsReadBackAsItWasWritten(t *testing.T) {
	for _, site := range []string{"../..", "../../quiz/testdata"} {
		if _, err := os.Stat(site + "/sopan.yaml"); err != nil {
			continue
		}
		tree, _, err := source.Read(context.Background(), os.DirFS(site), nil)
		if err != nil {
			t.Fatal(err)
		}
		s, err := Open(tree)
		if err != nil {
			t.Fatal(err)
		}
		w, err := NewWriter()
		if err != nil {
			t.Fatal(err)
		}
		if s.Len() < 30 {
			t.Fatalf("only %d texts", s.Len())
		}
		for i := range s.Len() {
			r, err := s.Read(i)
			if err != nil {
				t.Fatal(err)
			}
			r.Bare()
			again, err := w.Read(string(w.Append(nil, r)), s)
			if err != nil {
				t.Fatalf("%s: %v", s.File(i), err)
			}
			if !reflect.DeepEqual(r, again) {
				t.Errorf("%s: wrote %+v\nread %+v", s.File(i), r, again)
			}
		}
	}
}

// What is packed of a text is what the text says, wherever it is: in memory, at the caller's, or lost.
func TestWhatIsPackedOfATextIsWhatItSays(t *testing.T) {
	tree, _, err := source.Read(context.Background(), os.DirFS("../.."), nil)
	if err != nil {
		t.Fatal(err)
	}
	s, _ := Open(tree)
	s.Bodies = true
	var whole, bare []*Reading
	packed := map[string]Packed{}
	for i := range s.Len() {
		r, err := s.Read(i)
		if err != nil {
			t.Fatal(err)
		}
		packed[s.File(i)] = r.Packed()
		copied := *r
		copied.Bare()
		whole, bare = append(whole, r), append(bare, &copied)
		if got := copied.Packed(); got != (Packed{}) {
			t.Errorf("%s: a bare reading holds %q", s.File(i), got)
		}
	}
	site := func(readings []*Reading, elsewhere func(string, source.Hash, *Loan) (Packed, bool)) *Site {
		s, _ := Open(tree)
		out, diags, err := s.Join(readings, LoadOptions{Drafts: true, Packed: elsewhere})
		if err != nil || diags.HasErrors() {
			t.Fatal(err, diags)
		}
		return out
	}
	asked := 0
	sites := map[string]*Site{
		"in memory": site(whole, nil), "lost": site(bare, nil), "lost by the caller": site(bare, func(string, source.Hash, *Loan) (Packed, bool) { return Packed{}, false }),
		"at the caller's": site(bare, func(file string, _ source.Hash, _ *Loan) (Packed, bool) { asked++; return packed[file], true }),
		"nonsense": site(bare, func(file string, _ source.Hash, _ *Loan) (Packed, bool) {
			return Packed{"nonsense", "nonsense", "nonsense"}, true
		}),
	}
	quizzes, practice, words, prose := 0, 0, 0, 0
	for what, site := range sites {
		for _, c := range site.Courses {
			for _, v := range c.Texts() {
				if v.File == "" {
					continue
				}
				lent := site.Lend() // in whose memory that of the next text stands
				questions, err1 := lent.Questions(v)
				sections, err2 := lent.Words(v)
				kept, err3 := site.Questions(v)
				if err1 != nil || err2 != nil || err3 != nil {
					t.Fatal(what, v.File, err1, err2, err3)
				}
				if !reflect.DeepEqual(questions, kept) {
					t.Errorf("%s: %s lends the questions\n%+v\nand gives\n%+v", what, v.File, questions, kept)
				}
				text, _, _, _ := tree.Text(v.File)
				if q := questions.Quiz; q != nil && v.Lang == "en" {
					quizzes++
					want, _ := quiz.Read(text)
					if !reflect.DeepEqual(q, want) {
						t.Errorf("%s: the quiz %s:\n%+v\nwant %+v", what, v.File, q, want)
					}
				}
				if v.Quiz != nil && questions.Quiz == nil || int(v.Practice) != len(questions.Practice) {
					t.Errorf("%s: %s has %d practice blocks, want %d", what, v.File, len(questions.Practice), v.Practice)
				}
				practice += len(questions.Practice)
				prose += checkRendered(t, what+": "+v.File, site.Options(v.Lang), questions)
				if q := questions.Quiz; q != nil {
					for i, one := range q.Questions {
						want := markdown.Section{ID: "q-" + one.ID, Text: parseProse(one.Ask, site.Options(v.Lang)).Plain()}
						if len(sections) != len(q.Questions) || sections[i] != want {
							t.Errorf("%s: the words of question %d of %s: %q, want %q among them", what, one.Number, v.File, sections, want)
						}
					}
				}
				if v.Item != nil && v.Item.Type == Lesson {
					_, _, body, _ := splitFront(text)
					o := site.Options(v.Lang)
					doc := markdown.Parse(text, body, o)
					if want := doc.Facts().Sections; len(v.Included) == 0 && !reflect.DeepEqual(sections, want) {
						t.Errorf("%s: the words of %s:\n%q\nwant %q", what, v.File, sections, want)
					}
					words += len(sections)
					html, err := lent.Body(v)
					if err != nil {
						t.Fatal(what, v.File, err)
					}
					if got, want := html.HTML(markdown.Resolver{}), string(doc.HTML(markdown.Resolver{})); got != want {
						t.Errorf("%s: the body of %s:\n%s\nwant %s", what, v.File, got, want)
					}
				}
				lent.GiveBack()
			}
		}
	}
	if quizzes < 10 || practice < 5 || words < 100 || prose < 10 || asked < 50 {
		t.Errorf("only %d quizzes, %d practice blocks, %d sections, %d texts of questions and %d asked of the caller were compared", quizzes, practice, words, prose, asked)
	}
}

// checkRendered holds what is put away of the texts of questions against what
// Markdown makes of them now, and tells of how many.
func checkRendered(t *testing.T, of string, o markdown.Options, asked Questions) (n int) {
	t.Helper()
	for _, q := range asked.All() {
		for p := range q.Prose() {
			i := slices.IndexFunc(asked.Rendered, func(r Rendered) bool { return r.Source == p.Text && r.Block == p.Block })
			if i < 0 {
				if !p.Fallback && !markdown.IsBare(p.Text) {
					t.Errorf("%s: nothing is put away of the text %q", of, p.Text)
				}
				continue
			}
			n++
			doc := parseProse(p, o)
			if got, want := asked.Rendered[i].HTML.HTML(markdown.Resolver{}), string(doc.HTML(markdown.Resolver{})); got != want {
				t.Errorf("%s: the text %q is %q, want %q", of, p.Text, got, want)
			}
			if got, want := asked.Rendered[i].Plain, doc.Plain(); got != want {
				t.Errorf("%s: the words of %q are %q, want %q", of, p.Text, got, want)
			}
		}
	}
	return n
}

// Texts of questions that are more than words are rendered when they are read,
// those of a quiz, of its translation and of a practice block.
func TestTextsOfQuestionsArePutAwayAsMarkdownRendersThem(t *testing.T) {
	const questions = `- id: a
  ask: "Is ` + "`form_8`" + ` **due**, as [the Act](../b/index.md) has it?"
  right: "*Yes*, at once"
  wrong: ["No", {"Never & nowhere": "See <https://example.org/a?b=c>."}]
  why: "Two\\_words, and ![a seal](seal.svg)."
- id: b
  ask: |
    Which of these holds?

    - one
    - **two**
  right: true
  hint: "~~Not this~~"
- id: c
  ask: Words alone.
  answer: words
`
	files := fstest.MapFS{
		"sopan.yaml": {Data: []byte("title: A site\nlanguages: [en, hi]\n")}, "content/c/index.md": {Data: []byte("---\ntitle: C\n---\n")},
		"content/c/check.quiz.yaml":    {Data: []byte("title: Check\nquestions:\n" + questions)},
		"content/c/check.quiz.hi.yaml": {Data: []byte("title: जाँच\nquestions:\n  a:\n    ask: \"क्या `form_8` **देय** है?\"\n  c: {ask: शब्द}\n")},
		"content/c/one.md":             {Data: []byte("---\ntitle: One\n---\n\nText.\n\n```quiz\n" + questions + "```\n")},
	}
	tree, _, err := source.Read(context.Background(), files, nil)
	if err != nil {
		t.Fatal(err)
	}
	s, err := Open(tree)
	if err != nil {
		t.Fatal(err)
	}
	var readings []*Reading
	for i := range s.Len() {
		r, err := s.Read(i)
		if err != nil {
			t.Fatal(err)
		}
		readings = append(readings, r)
	}
	site, _, err := s.Join(readings, LoadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]int{"content/c/check.quiz.yaml": 7, "content/c/check.quiz.hi.yaml": 1, "content/c/one.md": 7} {
		v := site.byFile[file]
		asked, err := site.Questions(v)
		if err != nil {
			t.Fatal(err)
		}
		if n := checkRendered(t, file, site.Options(v.Lang), asked); n != want || n != len(asked.Rendered) {
			t.Errorf("%s: %d texts are rendered and %d of them stand in its questions, want %d", file, len(asked.Rendered), n, want)
		}
	}
}

// A page that asks for the questions of a text which is another by now is told so.
func TestATextThatChangedIsNotUnpacked(t *testing.T) {
	files := fstest.MapFS{
		"sopan.yaml": {Data: []byte("title: A site\n")}, "content/c/index.md": {Data: []byte("---\ntitle: C\n---\n")},
		"content/c/check.quiz.yaml": {Data: []byte("title: Check\nquestions:\n- {id: a, ask: Is it?, right: true}\n")},
	}
	tree, _, err := source.Read(context.Background(), files, nil)
	if err != nil {
		t.Fatal(err)
	}
	s, _ := Open(tree)
	var bare []*Reading
	for i := range s.Len() {
		r, err := s.Read(i)
		if err != nil {
			t.Fatal(err)
		}
		r.Bare()
		bare = append(bare, r)
	}
	site, _, err := s.Join(bare, LoadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	files["content/c/check.quiz.yaml"].Data = []byte("title: Check\nquestions:\n- {id: b, ask: Is it?, right: true}\n")
	var changed *ChangedError
	if _, err := site.Questions(site.byFile["content/c/check.quiz.yaml"]); !errors.As(err, &changed) {
		t.Errorf("got %v, want a ChangedError", err)
	}
}

func BenchmarkReadWritten(b *testing.B) {
	tree, _, err := source.Read(context.Background(), os.DirFS("../.."), nil)
	if err != nil {
		b.Fatal(err)
	}
	s, _ := Open(tree)
	w, _ := NewWriter()
	var written []string
	size := 0
	for i := range s.Len() {
		r, _ := s.Read(i)
		written = append(written, string(w.Append(nil, r)))
		size += len(written[i])
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		for _, one := range written {
			w.Read(one, s)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*s.Len()), "ns/text")
}
