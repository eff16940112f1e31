package builder

import (
	"os"
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
	held := b.kept.packsOf("content/c")
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
	if b.kept.packs.shrink(nil); len(b.kept.packsOf("content/c")) != 2 {
		t.Error("what is nowhere else is let go of")
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
