package markdown

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"sopan.dev/sopan/builder/source"
	"sopan.dev/sopan/internal/diag"
)

// What a text says does not depend on the text that was read before it, whose tree it is given.
func TestATreeServesAgainAsNew(t *testing.T) {
	texts := shortcutTexts(t)
	o := Options{Terms: caseTerms(), RawHTML: Sanitised}
	read := func(md string) *Doc { return Parse(source.NewText("x.md", []byte(md)), 0, o) }
	anew := make([]*Doc, len(texts))
	for i, md := range texts {
		anew[i] = read(md) // and not released
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 3 {
		for _, i := range r.Perm(len(texts)) {
			again := read(texts[i])
			if got, want := again.HTML(caseResolver()), anew[i].HTML(caseResolver()); string(got) != string(want) {
				t.Errorf("%q\n got %q\nwant %q", texts[i], got, want)
			}
			if !reflect.DeepEqual(again.Facts(), anew[i].Facts()) || !reflect.DeepEqual(again.Diagnostics(), anew[i].Diagnostics()) {
				t.Errorf("%q\n got %+v %v\nwant %+v %v", texts[i], again.Facts(), again.Diagnostics(), anew[i].Facts(), anew[i].Diagnostics())
			}
			again.Release()
		}
	}
}

// Of a text that was released strings may be kept, but for those of its sections, and what of its lists and its body was copied.
func TestWhatIsKeptOfATextIsNotWrittenOver(t *testing.T) {
	texts := shortcutTexts(t)
	o := Options{Terms: caseTerms(), RawHTML: Sanitised}
	type said struct {
		Facts
		diag.List
		plain string
		body  Body
	}
	read := func(d *Doc) said {
		f, body := d.Facts(), d.Body()
		f.Headings, f.Refs, f.Sections = slices.Clone(f.Headings), slices.Clone(f.Refs), nil
		s := said{f, d.Diagnostics(), d.Plain(), body.Clone()}
		d.Release()
		return s
	}
	all := func(md string) [3]said {
		return [3]said{read(Parse(source.NewText("x.md", []byte(md)), 0, o)), read(ParseBlock(md, o)), read(ParseInline(md, o))}
	}
	for i, md := range texts {
		kept := all(md)
		before := fmt.Sprintf("%+v", kept)
		for _, next := range texts[max(0, i-3):min(i+3, len(texts))] {
			all(next)
		}
		if after := fmt.Sprintf("%+v", kept); after != before {
			t.Errorf("%q\n said %s\n says %s", md, before, after)
		}
	}
}
