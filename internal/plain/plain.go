// Package plain writes Go values down as bytes and reads them back, fast
// enough to read what was worked out of twenty thousand texts in a few tens of
// milliseconds.
//
// In goes a type that holds plain data: numbers, strings, slices, maps, structs
// (their unexported fields too), pointers to such, and interfaces whose
// implementations are named. Out come bytes that the same program reads back as
// an equal value. The bytes say nothing of the type: who keeps them has to know
// that the program that reads them is the one that wrote them, and that they are
// whole. Bytes that are neither give an error or a wrong value, never a crash.
//
// A field that is zero takes no space and no time. What is read shares its
// strings with the bytes.
//
// encoding/gob reads a thousandth as fast as the texts themselves can be read
// again, and no unexported fields; so this walks memory by itself. It is the
// only package that does.
package plain

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"sync"
	"unsafe"
)

// Coder writes and reads values of type T. It is safe for concurrent use.
type Coder[T any] struct {
	of       coder
	elements int       // how many types of these it has
	lent     sync.Pool // of *Lent[T]
}

// Names replaces a type by a name that stands for it: a pointer into something
// that is not written down.
type Names struct {
	Type reflect.Type
	Name func(v any) string
	Find func(name string, context any) (any, bool)
}

// New makes a coder. implementations are the types that an interface may hold;
// names are the types that are written as a name.
func New[T any](implementations []reflect.Type, names ...Names) (*Coder[T], error) {
	b := builder{implementations: implementations, names: names, done: map[reflect.Type]*lazy{}, elements: map[reflect.Type]*element{}}
	c, err := b.of(reflect.TypeFor[T]())
	if err != nil {
		return nil, err
	}
	return &Coder[T]{of: c, elements: len(b.elements)}, nil
}

// Append writes a value behind b.
func (c *Coder[T]) Append(b []byte, v *T) []byte { return c.of.write(b, unsafe.Pointer(v)) }

// Read reads a value. context is handed to Names.Find. The strings in the value
// are parts of s.
func (c *Coder[T]) Read(s string, context any) (*T, error) {
	v := new(T)
	r := reader{rest: s, context: context}
	if err := r.whole(c.of, unsafe.Pointer(v)); err != nil {
		return nil, err
	}
	return v, nil
}

var errBroken = errors.New("plain: bytes that are no such value")

// deepest bounds the nesting of values, so that no bytes overflow the stack.
const deepest = 100

type reader struct {
	rest    string
	context any
	chunks  chunks // nil: all is made anew
	depth   int
	broken  bool
}

// whole reads a value that takes all of the bytes.
func (r *reader) whole(c coder, at unsafe.Pointer) error {
	c.read(r, at)
	if r.broken || r.rest != "" {
		return errBroken
	}
	return nil
}

// number reads a varint, most of which are a byte.
func (r *reader) number() uint64 {
	if r.rest != "" && r.rest[0] < 0x80 {
		n := r.rest[0]
		r.rest = r.rest[1:]
		return uint64(n)
	}
	return r.longNumber()
}

func (r *reader) longNumber() uint64 {
	var n uint64
	for i := 0; i < len(r.rest) && i < binary.MaxVarintLen64; i++ {
		c := r.rest[i]
		n |= uint64(c&0x7f) << (7 * i)
		if c < 0x80 {
			r.rest = r.rest[i+1:]
			return n
		}
	}
	r.broken, r.rest = true, ""
	return 0
}

// count reads how many parts follow; each takes at least a byte.
func (r *reader) count() int {
	n := r.number()
	if n > uint64(len(r.rest)) {
		r.broken, r.rest = true, ""
		return 0
	}
	return int(n)
}

func (r *reader) text() string {
	n := r.count()
	s := r.rest[:n]
	r.rest = r.rest[n:]
	return s
}

// coder writes and reads the value at a place in memory.
type coder struct {
	write func(b []byte, at unsafe.Pointer) []byte
	read  func(r *reader, at unsafe.Pointer)
	zero  func(at unsafe.Pointer) bool
}

// builder makes the coder of each type once. lazy lets a type hold itself: until
// its coder is made, what it holds calls it by way of the lazy one.
type builder struct {
	implementations []reflect.Type
	names           []Names
	done            map[reflect.Type]*lazy
	elements        map[reflect.Type]*element
}

type lazy struct{ coder }

func (b *builder) of(t reflect.Type) (coder, error) {
	if l, ok := b.done[t]; ok {
		if l.write != nil {
			return l.coder, nil
		}
		return coder{
			func(out []byte, at unsafe.Pointer) []byte { return l.write(out, at) },
			func(r *reader, at unsafe.Pointer) { l.read(r, at) },
			func(at unsafe.Pointer) bool { return l.zero(at) },
		}, nil
	}
	l := &lazy{}
	b.done[t] = l
	c, err := b.make(t)
	if err != nil {
		return coder{}, fmt.Errorf("%s: %w", t, err)
	}
	l.coder = c
	return c, nil
}

func (b *builder) element(t reflect.Type) *element {
	if b.elements[t] == nil {
		b.elements[t] = &element{len(b.elements), t, reflect.SliceOf(t), t.Size()}
	}
	return b.elements[t]
}

func (b *builder) make(t reflect.Type) (coder, error) {
	for _, n := range b.names {
		if n.Type == t {
			return named(n), nil
		}
	}
	switch t.Kind() {
	case reflect.Bool:
		return integer[bool](func(v bool) uint64 { return 1 }, func(n uint64) bool { return n == 1 }), nil
	case reflect.Int:
		return integer[int](func(v int) uint64 { return zigzag(int64(v)) }, func(n uint64) int { return int(unzigzag(n)) }), nil
	case reflect.Int32:
		return integer[int32](func(v int32) uint64 { return zigzag(int64(v)) }, func(n uint64) int32 { return int32(unzigzag(n)) }), nil
	case reflect.Int64:
		return integer[int64](zigzag, unzigzag), nil
	case reflect.Uint64:
		return integer[uint64](func(v uint64) uint64 { return v }, func(n uint64) uint64 { return n }), nil
	case reflect.Uint8:
		return integer[uint8](func(v uint8) uint64 { return uint64(v) }, func(n uint64) uint8 { return uint8(n) }), nil
	case reflect.Float64:
		return integer[float64](math.Float64bits, math.Float64frombits), nil
	case reflect.String:
		return coder{
			func(out []byte, at unsafe.Pointer) []byte {
				s := *(*string)(at)
				return append(binary.AppendUvarint(out, uint64(len(s))), s...)
			},
			func(r *reader, at unsafe.Pointer) { *(*string)(at) = r.text() },
			func(at unsafe.Pointer) bool { return *(*string)(at) == "" },
		}, nil
	case reflect.Array:
		return b.array(t)
	case reflect.Slice:
		return b.slice(t)
	case reflect.Map:
		return b.mapping(t)
	case reflect.Pointer:
		return b.pointer(t)
	case reflect.Struct:
		return b.structure(t)
	case reflect.Interface:
		return b.interfaced(t)
	}
	return coder{}, fmt.Errorf("plain: cannot write a %s", t.Kind())
}

func (b *builder) named(t reflect.Type) bool {
	return slices.ContainsFunc(b.names, func(n Names) bool { return n.Type == t })
}

func zigzag(v int64) uint64   { return uint64(v)<<1 ^ uint64(v>>63) }
func unzigzag(n uint64) int64 { return int64(n>>1) ^ -int64(n&1) }

func integer[T comparable](to func(T) uint64, from func(uint64) T) coder {
	var none T
	return coder{
		func(out []byte, at unsafe.Pointer) []byte {
			v := *(*T)(at)
			if v == none {
				return append(out, 0)
			}
			return binary.AppendUvarint(out, to(v))
		},
		func(r *reader, at unsafe.Pointer) { *(*T)(at) = from(r.number()) },
		func(at unsafe.Pointer) bool { return *(*T)(at) == none },
	}
}

func named(n Names) coder {
	value := func(at unsafe.Pointer) reflect.Value { return reflect.NewAt(n.Type, at).Elem() }
	return coder{
		func(out []byte, at unsafe.Pointer) []byte {
			s := n.Name(value(at).Interface())
			return append(binary.AppendUvarint(out, uint64(len(s))), s...)
		},
		func(r *reader, at unsafe.Pointer) {
			v, ok := n.Find(r.text(), r.context)
			if !ok {
				r.broken = true
				return
			}
			value(at).Set(reflect.ValueOf(v))
		},
		func(at unsafe.Pointer) bool { return value(at).IsZero() },
	}
}

func (b *builder) array(t reflect.Type) (coder, error) {
	if t.Elem().Kind() != reflect.Uint8 {
		return coder{}, fmt.Errorf("plain: cannot write a %s", t)
	}
	n := t.Len()
	bytes := func(at unsafe.Pointer) []byte { return unsafe.Slice((*byte)(at), n) }
	return coder{
		func(out []byte, at unsafe.Pointer) []byte { return append(out, bytes(at)...) },
		func(r *reader, at unsafe.Pointer) {
			if len(r.rest) < n {
				r.broken, r.rest = true, ""
				return
			}
			copy(bytes(at), r.rest)
			r.rest = r.rest[n:]
		},
		func(at unsafe.Pointer) bool {
			for _, c := range bytes(at) {
				if c != 0 {
					return false
				}
			}
			return true
		},
	}, nil
}

// header is a slice in memory.
type header struct {
	data     unsafe.Pointer
	len, cap int
}

// slice writes 0 for nil, else the length plus one.
func (b *builder) slice(t reflect.Type) (coder, error) {
	zero := func(at unsafe.Pointer) bool { return (*header)(at).data == nil }
	if t.Elem().Kind() == reflect.Uint8 {
		return coder{
			func(out []byte, at unsafe.Pointer) []byte {
				s := *(*[]byte)(at)
				if s == nil {
					return append(out, 0)
				}
				return append(binary.AppendUvarint(out, uint64(len(s))+1), s...)
			},
			func(r *reader, at unsafe.Pointer) {
				n := r.number()
				if n == 0 {
					return
				}
				if n-1 > uint64(len(r.rest)) {
					r.broken, r.rest = true, ""
					return
				}
				*(*[]byte)(at) = append([]byte{}, r.rest[:n-1]...) // a slice could be written to
				r.rest = r.rest[n-1:]
			},
			zero,
		}, nil
	}
	elem, err := b.of(t.Elem())
	if err != nil {
		return coder{}, err
	}
	size, place := t.Elem().Size(), b.element(t.Elem())
	return coder{
		func(out []byte, at unsafe.Pointer) []byte {
			h := (*header)(at)
			if h.data == nil {
				return append(out, 0)
			}
			out = binary.AppendUvarint(out, uint64(h.len)+1)
			for i := range h.len {
				out = elem.write(out, unsafe.Add(h.data, uintptr(i)*size))
			}
			return out
		},
		func(r *reader, at unsafe.Pointer) {
			n := r.number()
			if n == 0 {
				return
			}
			n--
			if n > uint64(len(r.rest)) { // an element takes at least a byte
				r.broken, r.rest = true, ""
				return
			}
			h := header{r.place(place, int(n)), int(n), int(n)}
			*(*header)(at) = h
			for i := range h.len {
				elem.read(r, unsafe.Add(h.data, uintptr(i)*size))
			}
		},
		zero,
	}, nil
}

func (b *builder) mapping(t reflect.Type) (coder, error) {
	key, err := b.of(t.Key())
	if err != nil {
		return coder{}, err
	}
	elem, err := b.of(t.Elem())
	if err != nil {
		return coder{}, err
	}
	return coder{
		func(out []byte, at unsafe.Pointer) []byte {
			m := reflect.NewAt(t, at).Elem()
			if m.IsNil() {
				return append(out, 0)
			}
			out = binary.AppendUvarint(out, uint64(m.Len())+1)
			k, v := reflect.New(t.Key()), reflect.New(t.Elem())
			for each := m.MapRange(); each.Next(); {
				k.Elem().SetIterKey(each)
				v.Elem().SetIterValue(each)
				out = elem.write(key.write(out, k.UnsafePointer()), v.UnsafePointer())
			}
			return out
		},
		func(r *reader, at unsafe.Pointer) {
			n := r.number()
			if n == 0 {
				return
			}
			n--
			if n > uint64(len(r.rest)) {
				r.broken, r.rest = true, ""
				return
			}
			m := reflect.MakeMapWithSize(t, int(n))
			k, v := reflect.New(t.Key()), reflect.New(t.Elem())
			for range n {
				k.Elem().SetZero()
				v.Elem().SetZero()
				key.read(r, k.UnsafePointer())
				elem.read(r, v.UnsafePointer())
				m.SetMapIndex(k.Elem(), v.Elem())
			}
			reflect.NewAt(t, at).Elem().Set(m)
		},
		func(at unsafe.Pointer) bool { return *(*unsafe.Pointer)(at) == nil },
	}, nil
}

func (b *builder) pointer(t reflect.Type) (coder, error) {
	elem, err := b.of(t.Elem())
	if err != nil {
		return coder{}, err
	}
	place := b.element(t.Elem())
	return coder{
		func(out []byte, at unsafe.Pointer) []byte {
			p := *(*unsafe.Pointer)(at)
			if p == nil {
				return append(out, 0)
			}
			return elem.write(append(out, 1), p)
		},
		func(r *reader, at unsafe.Pointer) {
			if r.number() == 0 {
				return
			}
			if r.depth++; r.depth > deepest {
				r.broken, r.rest = true, ""
				return
			}
			made := r.place(place, 1)
			elem.read(r, made)
			*(*unsafe.Pointer)(at) = made
			r.depth--
		},
		func(at unsafe.Pointer) bool { return *(*unsafe.Pointer)(at) == nil },
	}, nil
}

// field is a field of a struct, and where it is in it.
type field struct {
	coder
	offset uintptr
}

// fields lists the fields of a struct that is at an offset in another; a struct
// among them is its own fields.
func (b *builder) fields(t reflect.Type, offset uintptr) ([]field, error) {
	var all []field
	for f := range t.Fields() {
		at := offset + f.Offset
		if f.Type.Kind() == reflect.Struct && !b.named(f.Type) {
			inner, err := b.fields(f.Type, at)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", f.Name, err)
			}
			all = append(all, inner...)
			continue
		}
		c, err := b.of(f.Type)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name, err)
		}
		all = append(all, field{c, at})
	}
	return all, nil
}

// structure writes the fields that are not zero, each behind its number.
func (b *builder) structure(t reflect.Type) (coder, error) {
	fields, err := b.fields(t, 0)
	if err != nil {
		return coder{}, err
	}
	return coder{
		func(out []byte, at unsafe.Pointer) []byte {
			for i := range fields {
				f := &fields[i]
				if place := unsafe.Add(at, f.offset); !f.zero(place) {
					out = f.write(binary.AppendUvarint(out, uint64(i)+1), place)
				}
			}
			return append(out, 0)
		},
		func(r *reader, at unsafe.Pointer) {
			for {
				n := r.number()
				if n == 0 {
					return
				}
				if n > uint64(len(fields)) {
					r.broken, r.rest = true, ""
					return
				}
				f := &fields[n-1]
				f.read(r, unsafe.Add(at, f.offset))
			}
		},
		func(at unsafe.Pointer) bool {
			for i := range fields {
				if !fields[i].zero(unsafe.Add(at, fields[i].offset)) {
					return false
				}
			}
			return true
		},
	}, nil
}

// boxed is an interface in memory: the type that it holds, and the value, or
// where that is.
type boxed struct{ table, value unsafe.Pointer }

// implementation is a type that an interface may hold.
type implementation struct {
	coder
	place  *element
	table  unsafe.Pointer
	direct bool // a pointer, which the interface holds as it is
}

// interfaced writes 0 for nil, else the number of the implementation and its
// value. To have package reflect fill an interface takes as long as to read a
// question.
func (b *builder) interfaced(t reflect.Type) (coder, error) {
	var kinds []implementation
	for _, one := range b.implementations {
		if !one.Implements(t) {
			continue
		}
		c, err := b.of(one)
		if err != nil {
			return coder{}, err
		}
		holds := reflect.New(t)
		holds.Elem().Set(reflect.Zero(one))
		zero := (*boxed)(holds.UnsafePointer())
		kinds = append(kinds, implementation{c, b.element(one), zero.table, zero.value == nil})
	}
	if len(kinds) == 0 {
		return coder{}, errors.New("plain: an interface without a named implementation")
	}
	return coder{
		func(out []byte, at unsafe.Pointer) []byte {
			v := (*boxed)(at)
			if v.table == nil {
				return append(out, 0)
			}
			for i := range kinds {
				k := &kinds[i]
				if v.table != k.table {
					continue
				}
				out = binary.AppendUvarint(out, uint64(i)+1)
				if k.direct {
					return k.write(out, unsafe.Pointer(&v.value))
				}
				return k.write(out, v.value)
			}
			panic("plain: " + reflect.NewAt(t, at).Elem().Elem().Type().String() + " is not among the implementations of " + t.String())
		},
		func(r *reader, at unsafe.Pointer) {
			n := r.number()
			if n == 0 {
				return
			}
			if n > uint64(len(kinds)) {
				r.broken, r.rest = true, ""
				return
			}
			k := &kinds[n-1]
			v := boxed{table: k.table}
			if k.direct {
				k.read(r, unsafe.Pointer(&v.value))
			} else {
				v.value = r.place(k.place, 1)
				k.read(r, v.value)
			}
			*(*boxed)(at) = v
		},
		func(at unsafe.Pointer) bool { return (*boxed)(at).table == nil },
	}, nil
}
