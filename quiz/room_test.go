package quiz

import (
	"reflect"
	"testing"

	"sopan.dev/sopan/builder/source"
	"sopan.dev/sopan/internal/diag"
)

// What a room was given of one text stays when the next is read in it, and
// nothing of what stood in a room before it was given back is in what comes after.
func TestWhatIsReadInARoomStaysUntilItIsGivenBack(t *testing.T) {
	var texts []source.Text
	for _, path := range append(KindNames(), "refused", "translated") {
		for _, p := range archive(t, "testdata/"+path+".txtar") {
			texts = append(texts, source.NewText(p.Name, p.Data))
		}
	}
	texts = append(texts, source.NewText("typical.yaml", []byte(typical)))
	type read struct {
		quiz      *Quiz
		block     []Question
		all, some diag.List
	}
	reads := func(room *Room, t source.Text) (is read) {
		is.quiz, is.all = room.Read(t)
		is.block, is.some = room.ReadBlock(t, 0, len(t.Bytes))
		return is
	}
	var rooms Rooms
	for round := range 3 {
		room := rooms.Take()
		got := make([]read, len(texts))
		for i, text := range texts {
			got[i] = reads(room, text)
		}
		for i, text := range texts {
			if want := reads(new(Room), text); !reflect.DeepEqual(got[i], want) {
				t.Errorf("round %d, %s: %q\nis %+v\nwant %+v", round, text.Path, text.Bytes, got[i], want)
			}
		}
		rooms.GiveBack(room)
		if q := got[len(got)-1].quiz; q.Title != "" || len(q.Questions) > 0 {
			t.Errorf("a quiz that nobody holds any more keeps its words in memory: %+v", q)
		}
	}
}
