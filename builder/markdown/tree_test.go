package markdown

import (
	"fmt"
	"math/rand/v2"
	"reflect"
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

// Of a text that was released the facts may be kept, but for its sections; of a run of words everything.
func TestWhatIsKeptOfATextIsNotWrittenOver(t *testing.T) {
	texts := shortcutTexts(t)
	o := Options{Terms: caseTerms(), RawHTML: Sanitised}
	kept := func(md string) (Facts, diag.List, *Doc) {
		d := Parse(source.NewText("x.md", []byte(md)), 0, o)
		f := d.Facts()
		f.Sections = nil
		d.Release()
		return f, d.Diagnostics(), ParseInline(md, o)
	}
	for i, md := range texts {
		facts, found, run := kept(md)
		before := fmt.Sprintf("%+v %v %+v %+v", facts, found, run.Facts(), run.Body())
		for _, next := range texts[max(0, i-3):min(i+3, len(texts))] {
			kept(next)
		}
		if after := fmt.Sprintf("%+v %v %+v %+v", facts, found, run.Facts(), run.Body()); after != before {
			t.Errorf("%q\n said %s\n says %s", md, before, after)
		}
	}
}
