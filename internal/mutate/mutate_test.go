package mutate

import (
	"bytes"
	"slices"
	"strings"
	"testing"
)

var sound = []string{"---\ntitle: A\n---\n\nWords.\n\n- one\n- two\n", "title: नियम\nquestions:\n- ask: A?\n  right: true\n", ""}

func TestTheSameTextsComeEachTime(t *testing.T) {
	t.Setenv("SOPAN_SEED", "")
	first := Of(t, 500, sound...)
	if !slices.Equal(first, Of(t, 500, sound...)) {
		t.Error("the second time other texts come")
	}
	t.Setenv("SOPAN_SEED", "1,2")
	if !slices.Equal(first, Of(t, 500, sound...)) {
		t.Error("with the number 1, which is the default, other texts come")
	}
	t.Setenv("SOPAN_SEED", "2")
	if slices.Equal(first, Of(t, 500, sound...)) {
		t.Error("with another number the same texts come")
	}
}

// What a test stands on: the texts are many, most are not sound, each of the signs comes, some nest deeply, none is huge.
func TestTheTextsAreBrokenInManyWays(t *testing.T) {
	t.Setenv("SOPAN_SEED", "")
	texts := Of(t, 20_000, sound...)
	all := strings.Join(texts, "\xff\xff")
	for _, s := range signs {
		if !strings.Contains(all, s) {
			t.Errorf("%q is never put in", s)
		}
	}
	for _, p := range pairs {
		if !strings.Contains(all, strings.Repeat(p[0], 100)) {
			t.Errorf("%q is never nested 100 times", p[0])
		}
	}
	same := 0
	for i, s := range texts {
		if s == sound[i%len(sound)] {
			same++
		}
		if len(s) > Most {
			t.Errorf("a text of %d bytes", len(s))
		}
	}
	slices.Sort(texts)
	if different := len(slices.Compact(texts)); same > len(texts)/5 || different < len(texts)/2 {
		t.Errorf("of %d texts %d are as they were, and %d are different ones", len(texts), same, different)
	}
}

func TestTheSeedsStayAsTheyAre(t *testing.T) {
	seeds := [][]byte{[]byte("title: A\nright: true\n"), bytes.Repeat([]byte("long"), Most/2)}
	before := [][]byte{slices.Clone(seeds[0]), slices.Clone(seeds[1])}
	for _, b := range Of(t, 2000, seeds...) {
		clear(b)
	}
	if !bytes.Equal(seeds[0], before[0]) || !bytes.Equal(seeds[1], before[1]) {
		t.Error("breaking a text changed its seed")
	}
}
