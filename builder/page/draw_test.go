package page_test

import (
	"bytes"
	"context"
	"testing"
	"testing/fstest"

	"sopan.dev/sopan/builder"
)

// A page that is drawn behind another one, in a buffer that holds other pages' bytes, is what Render gives.
func TestAPageIsTheSameWhereverItIsDrawn(t *testing.T) {
	fsys := fstest.MapFS{}
	for name, text := range fragmentSite() {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	r, _, err := builder.New().Build(context.Background(), fsys, builder.Options{})
	if err != nil {
		t.Fatal(err)
	}
	const before = "what stands there"
	var sheet bytes.Buffer
	drawn := 0
	for range 2 {
		for address, e := range r.Set.All() {
			if e.Draw == nil {
				continue
			}
			drawn++
			sheet.Reset()
			sheet.WriteString(before)
			if err := e.Draw(&sheet); err != nil {
				t.Fatalf("%s: %v", address, err)
			}
			want, err := e.Render()
			if err != nil {
				t.Fatalf("%s: %v", address, err)
			}
			if got := sheet.String(); got != before+string(want) {
				t.Errorf("%s is drawn as %d bytes behind %d, and rendered as %d:\n%.300s", address, len(got)-len(before), len(before), len(want), got)
			}
		}
	}
	if drawn < 2*20 {
		t.Errorf("%d files of the site are drawn", drawn)
	}
}
