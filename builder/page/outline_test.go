package page

import "testing"

// TestWhatWasMadeLastIsHeldAndNoMore: a site of thousands of modules is not held in memory for its outlines.
func TestWhatWasMadeLastIsHeldAndNoMore(t *testing.T) {
	var r recent[int, int]
	made := 0
	get := func(key int) int {
		return r.get(key, func() int { made++; return key * key })
	}
	for key := range 10 * mostRecent {
		for range 3 { // a module's pages
			if got := get(key); got != key*key {
				t.Fatalf("%d is given for %d", got, key)
			}
		}
		if held := len(r.made) + len(r.past); held > 2*mostRecent {
			t.Fatalf("%d are held", held)
		}
	}
	if made != 10*mostRecent {
		t.Errorf("%d were made, of %d", made, 10*mostRecent)
	}
	if get(0); made != 10*mostRecent+1 {
		t.Error("what was made long ago is still held")
	}
}
