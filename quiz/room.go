package quiz

import (
	"sync"

	"sopan.dev/sopan/builder/source"
	"sopan.dev/sopan/internal/diag"
	"sopan.dev/sopan/internal/yamldoc"
)

// Room is what the quizzes of one text stand in: the nodes of their YAML, their
// questions, and the choices of these. It serves one text after the other, so
// that who reads thousands makes nothing of it anew. The zero value is ready,
// for one goroutine.
type Room struct {
	yaml      yamldoc.Room
	quizzes   chunk[Quiz]
	questions chunk[Question]
	options   chunk[option]
	ends      chunk[end]
	proses    chunk[Prose]
	ids       map[string]pos
}

// Rooms are the rooms of all who read at the same time. The zero value is ready,
// and safe for concurrent use.
type Rooms struct{ pool sync.Pool }

// Take gives a room in which nothing stands.
func (rs *Rooms) Take() *Room {
	if room, ok := rs.pool.Get().(*Room); ok {
		return room
	}
	return new(Room)
}

// GiveBack is for who holds nothing any more that was read in the room: another
// text takes its place.
func (rs *Rooms) GiveBack(room *Room) {
	room.quizzes.empty()
	room.questions.empty()
	room.options.empty()
	room.ends.empty()
	room.proses.empty()
	rs.pool.Put(room)
}

// Read is the function of that name.
func (room *Room) Read(t source.Text) (*Quiz, diag.List) { return room.reader(t).quiz() }

// ReadBlock is the function of that name.
func (room *Room) ReadBlock(t source.Text, start, end int) ([]Question, diag.List) {
	return room.reader(t).block(start, end)
}

// usualIDs is how many ids are forgotten one by one: a table that once held a
// hundred thousand is looked through whole for that.
const usualIDs = 1000

func (room *Room) reader(t source.Text) *reader {
	if room.ids == nil || len(room.ids) > usualIDs {
		room.ids = map[string]pos{}
	}
	clear(room.ids)
	return &reader{text: t, ids: room.ids, room: room}
}

// chunk is memory for many values that are let go of at the same time.
type chunk[T any] struct{ taken []T }

// piece gives an empty slice that has room for n values; where there is no chunk,
// one of its own.
func (c *chunk[T]) piece(n int) []T {
	if c == nil {
		return make([]T, 0, n)
	}
	if c.taken == nil || cap(c.taken)-len(c.taken) < n { // never nil: to internal/plain that is another value
		c.taken = make([]T, 0, max(n, 2*cap(c.taken)))
	}
	at := len(c.taken)
	c.taken = c.taken[:at+n]
	return c.taken[at : at : at+n]
}

// empty forgets the values, so that nothing stays in memory for them, and who
// still uses one sees that it is gone.
func (c *chunk[T]) empty() {
	clear(c.taken)
	c.taken = c.taken[:0]
}
