package course

import (
	"context"
	"errors"
	"os"
	"reflect"
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
	site := func(readings []*Reading, elsewhere func(string, source.Hash) (Packed, bool)) *Site {
		s, _ := Open(tree)
		out, diags, err := s.Join(readings, LoadOptions{Drafts: true, Packed: elsewhere})
		if err != nil || diags.HasErrors() {
			t.Fatal(err, diags)
		}
		return out
	}
	asked := 0
	sites := map[string]*Site{
		"in memory": site(whole, nil), "lost": site(bare, nil), "lost by the caller": site(bare, func(string, source.Hash) (Packed, bool) { return Packed{}, false }),
		"at the caller's": site(bare, func(file string, _ source.Hash) (Packed, bool) { asked++; return packed[file], true }),
		"nonsense": site(bare, func(file string, _ source.Hash) (Packed, bool) {
			return Packed{"nonsense", "nonsense", "nonsense"}, true
		}),
	}
	quizzes, practice, words := 0, 0, 0
	for what, site := range sites {
		for _, c := range site.Courses {
			for _, v := range c.Texts() {
				questions, err1 := site.Questions(v)
				sections, err2 := site.Words(v)
				if err1 != nil || err2 != nil {
					t.Fatal(what, v.File, err1, err2)
				}
				if v.File == "" {
					continue
				}
				text, _, _, _ := tree.Text(v.File)
				if q := questions.Quiz; q != nil && v.Lang == "en" {
					quizzes++
					want, _ := quiz.Read(text)
					if !reflect.DeepEqual(q, want) {
						t.Errorf("%s: the quiz %s:\n%+v\nwant %+v", what, v.File, q, want)
					}
				}
				if v.Quiz != nil && questions.Quiz == nil || v.Practice != len(questions.Practice) {
					t.Errorf("%s: %s has %d practice blocks, want %d", what, v.File, len(questions.Practice), v.Practice)
				}
				practice += len(questions.Practice)
				if v.Item != nil && v.Item.Type == Lesson {
					_, _, body, _ := splitFront(text)
					o := site.Options(v.Lang)
					doc := markdown.Parse(text, body, o)
					if want := doc.Facts().Sections; len(v.Included) == 0 && !reflect.DeepEqual(sections, want) {
						t.Errorf("%s: the words of %s:\n%q\nwant %q", what, v.File, sections, want)
					}
					words += len(sections)
					html, err := site.Body(v)
					if err != nil {
						t.Fatal(what, v.File, err)
					}
					if got, want := html.HTML(markdown.Resolver{}), string(doc.HTML(markdown.Resolver{})); got != want {
						t.Errorf("%s: the body of %s:\n%s\nwant %s", what, v.File, got, want)
					}
				}
			}
		}
	}
	if quizzes < 10 || practice < 5 || words < 100 || asked < 50 {
		t.Errorf("only %d quizzes, %d practice blocks, %d sections and %d asked of the caller were compared", quizzes, practice, words, asked)
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
