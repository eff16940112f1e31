package course

import (
	"reflect"

	"sopan.dev/sopan/internal/plain"
	"sopan.dev/sopan/quiz"
)

// Writer writes readings down and reads them back, for a caller that remembers
// them. What it reads is of use where the text has the same bytes and path, and
// the survey the same Environment, as when it was written.
type Writer struct{ coder *plain.Coder[Reading] }

// NewWriter makes a Writer. The error is a fault of this program: a Reading
// that holds something that cannot be written down.
func NewWriter() (*Writer, error) {
	c, err := plain.New[Reading](quiz.AnswerTypes(), plain.Names{
		Type: reflect.TypeFor[*Competency](),
		Name: func(v any) string { return v.(*Competency).ID },
		Find: func(id string, survey any) (any, bool) {
			c := survey.(*Survey).site.competencies.byID[id]
			return c, c != nil
		},
	})
	if err != nil {
		return nil, err
	}
	return &Writer{c}, nil
}

// Append writes a reading behind b, bare.
func (w *Writer) Append(b []byte, r *Reading) []byte {
	bare := *r
	bare.packed = Packed{}
	if r.Front == noFront {
		bare.Front = nil
	}
	if r.Facts == noFacts {
		bare.Facts = nil
	}
	return w.coder.Append(b, &bare)
}

// Read reads a reading for a survey. It shares memory with what was written.
func (w *Writer) Read(written string, s *Survey) (*Reading, error) {
	r, err := w.coder.Read(written, s)
	if err != nil {
		return nil, err
	}
	if r.Front == nil {
		r.Front = noFront
	}
	if r.Facts == nil {
		r.Facts = noFacts
	}
	return r, nil
}
