package course

import (
	"fmt"
	"testing"

	"sopan.dev/sopan/builder/markdown"
	"sopan.dev/sopan/quiz"
)

// What is rendered is not rendered again, whether a quiz has few such texts or many.
func TestATextOfAQuestionIsRenderedOnce(t *testing.T) {
	for _, n := range []int{0, 1, fewProses, fewProses + 1, 3 * fewProses} {
		all := make([]Rendered, n)
		for i := range all {
			all[i] = Rendered{Source: fmt.Sprintf("*text* %d", i), Plain: "put away"}
		}
		p := NewProses(all, markdown.Options{})
		for i := range all {
			if got := p.Rendered(quiz.Prose{Text: all[i].Source}, false); got != &all[i] {
				t.Errorf("of %d texts number %d is rendered anew: %+v", n, i, got)
			}
		}
		one := quiz.Prose{Text: "*text* 0"} // as a block, which none of them is
		if first := p.Rendered(one, true); first.Plain != "text 0" || p.Rendered(one, true) != first {
			t.Errorf("beside %d texts another is %+v, and then %+v", n, first, p.Rendered(one, true))
		}
	}
}
