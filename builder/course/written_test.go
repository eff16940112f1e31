package course

import (
	"context"
	"os"
	"reflect"
	"testing"

	"sopan.dev/sopan/builder/source"
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
