package runtime_test

import (
	"encoding/json"
	"slices"
	"testing"

	"sopan.dev/sopan/internal/browser"
)

// TestPackingDoesNotHoldThePageUp: a course of 60 lessons and 300 questions is to be packed within 50 ms with the processor slowed
// six times. The figure is for people; what fails is the best run at six times that, which no busy machine explains.
func TestPackingDoesNotHoldThePageUp(t *testing.T) {
	p := browser.Open(t)
	p.Goto(browser.BlankSite(t))
	p.ThrottleCPU(6)
	var took []float64
	if err := json.Unmarshal(p.RunScript(string(bundle(t, "recorder/pack_speed.ts", nil))), &took); err != nil {
		t.Fatal(err)
	}
	first := took[0]
	slices.Sort(took)
	t.Logf("the first took %.1f ms, the best %.1f ms, half of them less than %.1f ms", first, took[0], took[len(took)/2])
	if took[0] > 300 {
		t.Errorf("packing holds the page up for %.1f ms", took[0])
	}
}
