package plain

import (
	"reflect"
	"unsafe"
)

// Lent is a value in memory that serves the next value: who reads thousands one
// after the other makes nothing anew for each.
type Lent[T any] struct {
	Value  T
	coder  *Coder[T] // whose numbers the chunks have
	chunks chunks
}

// Lend is Read for whoever lets go of the value soon, and calls GiveBack then.
// Its strings are parts of s and stay.
func (c *Coder[T]) Lend(s string, context any) (*Lent[T], error) {
	l, ok := c.lent.Get().(*Lent[T])
	if !ok {
		l = &Lent[T]{coder: c, chunks: make(chunks, c.elements)}
	}
	r := reader{rest: s, context: context, chunks: l.chunks}
	if err := r.whole(c.of, unsafe.Pointer(&l.Value)); err != nil {
		l.GiveBack()
		return nil, err
	}
	return l, nil
}

// GiveBack is for who holds nothing of the value any more but strings: the next
// one takes its place, and until then nothing is there.
func (l *Lent[T]) GiveBack() {
	var none T
	l.Value = none
	l.chunks.empty()
	l.coder.lent.Put(l)
}

// element is a type of which values are read one behind the other.
type element struct {
	number int // among the elements of a coder
	of     reflect.Type
	slice  reflect.Type // of these
	size   uintptr
}

// chunk is memory for elements of a type, of which the first are taken.
type chunk struct {
	memory     reflect.Value // a variable with a slice of them; the zero Value where there is none yet
	start      unsafe.Pointer
	taken, all int
}

type chunks []chunk // by the element's number

// place gives memory for n elements, all zero.
func (r *reader) place(e *element, n int) unsafe.Pointer {
	switch {
	case r.chunks != nil && n > 0: // of none the place would be behind the chunk's last
		return r.chunks[e.number].take(e, n)
	case n == 1:
		return reflect.New(e.of).UnsafePointer()
	}
	return reflect.MakeSlice(e.slice, n, n).UnsafePointer()
}

func (c *chunk) take(e *element, n int) unsafe.Pointer {
	if c.all-c.taken < n { // the old one belongs to what was read into it
		c.taken, c.all = 0, max(n, 2*c.all)
		c.memory = reflect.New(e.slice).Elem()
		c.memory.Set(reflect.MakeSlice(e.slice, c.all, c.all))
		c.start = c.memory.UnsafePointer()
	}
	at := unsafe.Add(c.start, uintptr(c.taken)*e.size)
	c.taken += n
	return at
}

func (cs chunks) empty() {
	for i := range cs {
		if c := &cs[i]; c.taken > 0 {
			c.memory.SetLen(c.taken)
			c.memory.Clear()
			c.taken = 0
		}
	}
}
