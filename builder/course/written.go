package course

import (
	"errors"
	"reflect"

	"sopan.dev/sopan/internal/plain"
	"sopan.dev/sopan/quiz"
)

// Writer writes readings and faces down and reads them back, for a caller that
// remembers them. A reading that it reads is of use where the text has the same
// bytes and path, and the survey the same Environment, as when it was written.
type Writer struct {
	coder *plain.Coder[Reading]
	faces *plain.Coder[Face]
}

// NewWriter makes a Writer. The error is a fault of this program: a Reading
// that holds something that cannot be written down.
func NewWriter() (*Writer, error) {
	competencies := plain.Names{
		Type: reflect.TypeFor[*Competency](),
		Name: func(v any) string { return v.(*Competency).ID },
		Find: func(id string, survey any) (any, bool) {
			c := survey.(*Survey).site.competencies.byID[id]
			return c, c != nil
		},
	}
	c, err1 := plain.New[Reading](quiz.AnswerTypes(), competencies)
	faces, err2 := plain.New[Face](nil, competencies)
	if err := errors.Join(err1, err2); err != nil {
		return nil, err
	}
	return &Writer{c, faces}, nil
}

// AppendFace writes a face behind b. Two faces are the same where their bytes are.
func (w *Writer) AppendFace(b []byte, f *Face) []byte { return w.faces.Append(b, f) }

// ReadFace reads a face for a survey of the same competencies.
func (w *Writer) ReadFace(written string, s *Survey) (*Face, error) { return w.faces.Read(written, s) }

// Append writes a reading behind b, bare.
func (w *Writer) Append(b []byte, r *Reading) []byte {
	bare := *r
	bare.Bare()
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
