package source

import (
	"slices"
	"sync"

	"sopan.dev/sopan/internal/diag"
)

// desk is where a text stands while it is read: what serves again need not be
// asked of the machine for each of ten thousand texts.
type desk struct {
	bytes []byte
	lines []int
}

type desks struct{ pool sync.Pool }

// Lend is Text for whoever lets go of the text at once: nobody may hold a part of
// it when do has returned, because the next text stands in its place then.
func (t *Tree) Lend(p string, do func(Text, Hash, diag.List)) error {
	d, _ := t.desks.pool.Get().(*desk)
	if d == nil {
		d = &desk{bytes: make([]byte, 0, usualText)}
	}
	defer t.desks.pool.Put(d)
	text, hash, diags, err := t.textOn(d, p)
	if err == nil {
		do(text, hash, diags)
	}
	return err
}

// usualText holds nearly every text; a larger one makes room for itself.
const usualText = 32 << 10

// Clone gives a text that may be held for longer than what it is a copy of.
func (t Text) Clone() Text {
	return Text{t.Path, slices.Clone(t.Bytes), slices.Clone(t.lines)}
}
