package plain

import (
	"fmt"
	"reflect"
	"sync"
	"testing"
)

type shape interface{ area() int }
type square struct{ side int }
type circle struct {
	r     *float64
	marks map[string][]int
}

type dot struct{ r *float64 } // an interface holds a struct of one pointer as it holds a pointer

func (square) area() int  { return 0 }
func (*circle) area() int { return 0 }
func (dot) area() int     { return 0 }

type tree struct {
	Name     string
	private  []string
	empty    []int
	bytes    []byte
	hash     [4]byte
	flag     bool
	negative int
	small    int32
	big      uint64
	part     float64
	numbers  map[int]bool
	shapes   []shape
	under    []*tree
	far      *place
	inner    struct {
		name  string
		inner struct{ first, second int }
		last  []string
	}
}

type place struct{ id string }

func TestAValueIsReadBackAsItWasWritten(t *testing.T) {
	half := 0.5
	here := &place{"here"}
	in := tree{
		Name: "नमस्ते", private: []string{"a", "", "c"}, empty: []int{}, bytes: []byte{0, 255}, hash: [4]byte{1, 0, 3}, flag: true,
		negative: -70000, small: -1 << 31, big: 1 << 63, part: -0.25, numbers: map[int]bool{3: true, -4: false},
		shapes: []shape{square{4}, nil, &circle{&half, map[string][]int{"x": {1, 2}, "": nil}}, dot{&half}, dot{}, (*circle)(nil)},
		under:  []*tree{{Name: "child"}, nil}, far: here,
	}
	in.inner.name, in.inner.inner.second, in.inner.last = "in", 7, []string{"z"}
	c := coderOf(t, here)
	b := c.Append(nil, &in)
	out, err := c.Read(string(b), nil)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(&in, out) {
		t.Errorf("wrote %+v\nread  %+v", in, *out)
	}
	if out.far != here {
		t.Error("a type that is written by name is not found again but made anew")
	}
	for n := range b { // whatever is cut off or changed: an error or another value, no crash
		c.Read(string(b[:n]), nil)
		for _, bit := range []byte{1, 0x80, 0xff} {
			wrong := append([]byte{}, b...)
			wrong[n] ^= bit
			c.Read(string(wrong), nil)
			if lent, err := c.Lend(string(wrong), nil); err == nil {
				lent.GiveBack()
			}
			lent, err := c.Lend(string(b), nil)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(&in, &lent.Value) {
				t.Fatalf("after another value stood in its place\nwrote %+v\nread  %+v", in, lent.Value)
			}
			lent.GiveBack()
		}
	}
}

func TestValuesThatAreLentAtTheSameTimeAreApart(t *testing.T) {
	c := coderOf(t, &place{"here"})
	var all sync.WaitGroup
	for n := range 8 {
		all.Go(func() {
			var in tree
			for i := range 50 * (n + 1) {
				in.under = append(in.under, &tree{Name: fmt.Sprint(n, i), numbers: map[int]bool{i: true}, shapes: []shape{square{n}, &circle{}}})
			}
			b := string(c.Append(nil, &in))
			for range 20 {
				lent, err := c.Lend(b, nil)
				if err != nil {
					t.Error(err)
					return
				}
				if !reflect.DeepEqual(in, lent.Value) {
					t.Errorf("%d: another value than was written", n)
				}
				lent.GiveBack()
			}
		})
	}
	all.Wait()
}

func coderOf(t testing.TB, here *place) *Coder[tree] {
	t.Helper()
	c, err := New[tree]([]reflect.Type{reflect.TypeFor[square](), reflect.TypeFor[*circle](), reflect.TypeFor[dot]()}, Names{
		Type: reflect.TypeFor[*place](), Name: func(v any) string { return v.(*place).id },
		Find: func(name string, _ any) (any, bool) { return here, name == "here" },
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestATypeThatIsNoPlainDataIsRefused(t *testing.T) {
	if _, err := New[struct{ f func() }](nil); err == nil {
		t.Error("a function can be written down")
	}
	if _, err := New[struct{ s shape }](nil); err == nil {
		t.Error("an interface can be written down whose implementations nobody named")
	}
}
