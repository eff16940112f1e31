package markdown

import (
	"math/rand/v2"
	"reflect"
	"testing"

	"sopan.dev/sopan/builder/source"
)

// What a text says does not depend on the text that was read before it, whose tree it is given.
func TestATreeServesAgainAsNew(t *testing.T) {
	texts := shortcutTexts(t)
	o := Options{Terms: caseTerms(), RawHTML: Sanitised}
	anew := make([]*Doc, len(texts))
	for i, md := range texts {
		for blockSetup().trees.Get() != nil { // nothing serves
		}
		anew[i] = Parse(source.NewText("x.md", []byte(md)), 0, o)
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 3 {
		for _, i := range r.Perm(len(texts)) {
			again := Parse(source.NewText("x.md", []byte(texts[i])), 0, o)
			if got, want := again.HTML(caseResolver()), anew[i].HTML(caseResolver()); string(got) != string(want) {
				t.Errorf("%q\n got %q\nwant %q", texts[i], got, want)
			}
			if !reflect.DeepEqual(again.Facts(), anew[i].Facts()) || !reflect.DeepEqual(again.Diagnostics(), anew[i].Diagnostics()) {
				t.Errorf("%q\n got %+v %v\nwant %+v %v", texts[i], again.Facts(), again.Diagnostics(), anew[i].Facts(), anew[i].Diagnostics())
			}
		}
	}
}
