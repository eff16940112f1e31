package course

import (
	"slices"
	"strings"
)

// A site has tens of thousands of readings, which last until the last page is
// made, and the collector of garbage looks at each string of theirs in each of
// its runs. So the words of a reading are laid into one string, in the
// place of thirty.

// tighten lays a reading's own words together. Nobody else has it yet.
func (r *Reading) tighten() {
	var room [96]*string
	own := append(room[:0], &r.Title)
	if f := r.Front; f != noFront {
		own = append(own, &f.Summary, &f.ID, &f.Licence, &f.AsOf, &f.ReviewBy, &f.Audience)
		for _, list := range [][]string{f.Roles, f.Authors, f.Outcomes, f.Keywords} {
			own = appendEach(own, list)
		}
		for i := range f.Sources {
			s := &f.Sources[i]
			own = append(own, &s.Title, &s.URL, &s.Publisher, &s.Date)
		}
		for i := range f.Aliases {
			own = append(own, &f.Aliases[i].Address)
		}
	}
	if f := r.Facts; f != noFacts {
		own = append(own, (*string)(&r.Headings))
		own = appendEach(appendEach(own, f.Langs), f.Human)
	}
	if r.Quiz != nil {
		own = append(own, &r.Quiz.ids, &r.Quiz.Purpose)
	}
	r.Mentions = slices.Clone(r.Mentions)
	for i := range r.Mentions {
		own = append(own, &r.Mentions[i].Dest)
	}
	length := 0
	for _, s := range own {
		length += len(*s)
	}
	var b strings.Builder
	b.Grow(length)
	for _, s := range own {
		b.WriteString(*s)
	}
	for all, i := b.String(), 0; i < len(own); i++ {
		n := len(*own[i])
		*own[i], all = all[:n], all[n:]
	}
}

func appendEach(to []*string, list []string) []*string {
	for i := range list {
		to = append(to, &list[i])
	}
	return to
}
