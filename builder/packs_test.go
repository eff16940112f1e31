package builder

import (
	"os"
	"slices"
	"strings"
	"testing"

	"sopan.dev/sopan/builder/cache"
	"sopan.dev/sopan/builder/course"
)

// A disk that takes nothing any more costs a build nothing but memory: no text is read twice.
func TestWhatCannotBePutAwayStaysInMemory(t *testing.T) {
	dir, caches := t.TempDir(), t.TempDir()
	writeDown(t, dir, map[string]string{
		"sopan.yaml": "title: A site\n", "content/c/index.md": "---\ntitle: A course\n---\nWords.\n",
		"content/c/10-check.quiz.yaml": "title: Check\nquestions:\n- {id: a, ask: Is it?, right: true}\n",
	})
	b := Remembering(cache.Open(caches, dir, "test"), "test")
	if err := os.RemoveAll(caches); err != nil {
		t.Fatal(err)
	}
	got, diags, err := b.Build(t.Context(), os.DirFS(dir), Options{})
	if err != nil || got.Set == nil {
		t.Fatal(err, diags)
	}
	held := b.kept.packsOf("content/c", nil)
	if len(held) != 2 {
		t.Fatalf("of two texts %d are held", len(held))
	}
	for text, p := range held {
		switch {
		case text.file == "content/c/index.md" && strings.Contains(p.Words, "Words.") && strings.Contains(p.Body, "<p>Words.</p>") && p.Questions == "":
		case text.file == "content/c/10-check.quiz.yaml" && strings.Contains(p.Questions, "Is it?") && strings.Contains(p.Words, "Is it?") && p.Body == "":
		default:
			t.Errorf("of %s is held %+v", text.file, p)
		}
	}
}

// A page that is made keeps no part of what is packed of texts: the next folder stands where they stood.
func TestAPageHoldsNoPartOfWhatItWasLent(t *testing.T) {
	site := os.DirFS("..")
	want, diags, err := New().Build(t.Context(), site, Options{})
	if err != nil || want.Set == nil {
		t.Fatal(err, diags)
	}
	b := Remembering(cache.Open(t.TempDir(), "sample", "test"), "test")
	got, diags, err := b.Build(t.Context(), site, Options{})
	if err != nil || got.Set == nil {
		t.Fatal(err, diags)
	}
	if paths := got.Set.Paths(); !slices.Equal(paths, want.Set.Paths()) {
		t.Fatalf("the site has the files %v", paths)
	}
	s, overwritten := b.kept.packs, 0
	for _, path := range got.Set.Paths() {
		content, err1 := got.Set.Open(path)
		whole, err2 := want.Set.Open(path)
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		if string(content) != string(whole) {
			t.Errorf("%s is another page", path)
		}
		s.mu.Lock()
		for folder, h := range s.held {
			if s.letGo(folder); h.at != nil && !h.taken {
				t.Errorf("%s: %s was not given back", path, folder)
			}
		}
		for _, b := range s.free {
			overwritten += len(b.bytes)
			for i := range b.bytes {
				b.bytes[i] = '#'
			}
		}
		s.mu.Unlock()
	}
	if overwritten < 1<<20 {
		t.Errorf("only %d bytes were written over", overwritten)
	}
}

// What somebody holds a part of is not written over, however many other folders are asked for.
func TestWhatIsLentStaysUntilItIsGivenBack(t *testing.T) {
	dir := t.TempDir()
	writeDown(t, dir, map[string]string{
		"sopan.yaml": "title: A site\n", "content/a/index.md": "---\ntitle: A\n---\nWords of A.\n", "content/b/index.md": "---\ntitle: B\n---\nWords of B.\n",
	})
	b := Remembering(cache.Open(t.TempDir(), dir, "test"), "test")
	got, diags, err := b.Build(t.Context(), os.DirFS(dir), Options{})
	if err != nil || got.Set == nil {
		t.Fatal(err, diags)
	}
	s := b.kept.packs
	s.free = nil
	ask := func(folder string, l *course.Loan) string {
		for _, p := range b.kept.packsOf(folder, l) {
			return p.Body
		}
		t.Fatalf("nothing is packed of %s", folder)
		return ""
	}
	first, second := got.Site.Lend(), got.Site.Lend()
	body, again := ask("content/a", first), ask("content/a", second)
	for _, end := range []*course.Loan{first, second} {
		if s.held["content/a"] != nil {
			s.letGo("content/a")
		}
		if len(s.free) > 0 || !strings.Contains(body, "Words of A.") || again != body {
			t.Fatalf("while it is lent %d places are free, and there stands %q", len(s.free), body)
		}
		end.GiveBack()
	}
	if len(s.free) != 1 {
		t.Fatalf("when all is given back %d places are free", len(s.free))
	}
	if other := ask("content/b", nil); !strings.Contains(other, "Words of B.") || strings.Contains(body, "Words of A.") {
		t.Errorf("%q does not stand where %q stood", other, body)
	}
	if s.letGo("content/b"); len(s.free) > 0 {
		t.Error("what was taken for good is written over")
	}
}

// A head of other bytes gives nothing, and breaks nothing.
func TestAHeadThatDoesNotFitIsAsIfThereWereNone(t *testing.T) {
	head := keptPacks{Texts: []keptPack{{File: "a", Questions: 1, Words: 2}, {File: "b", Body: 3}}}
	texts := map[textKey]course.Packed{}
	if !head.share("qwwbbb", texts) || texts[textKey{file: "a"}] != (course.Packed{Questions: "q", Words: "ww"}) || texts[textKey{file: "b"}] != (course.Packed{Body: "bbb"}) {
		t.Errorf("shared as %+v", texts)
	}
	for _, bytes := range []string{"", "qwwbb", "qwwbbbx"} {
		if head.share(bytes, texts) || len(texts) > 0 {
			t.Errorf("%q is shared as %+v", bytes, texts)
		}
	}
	head.Texts[0].Words = -2
	if head.share("qwwbbb", texts) || len(texts) > 0 {
		t.Errorf("a part of -2 bytes is shared as %+v", texts)
	}
	s, err := newPacks()
	if err != nil {
		t.Fatal(err)
	}
	for _, written := range []string{"", "1234567", "\xff\xff\xff\xff\xff\xff\xff\xff", "\x02\x00\x00\x00\x00\x00\x00\x00x", "\x01\x00\x00\x00\x00\x00\x00\x00\x7f"} {
		if _, _, ok := s.head(written); ok {
			t.Errorf("%q has a head", written)
		}
	}
}
