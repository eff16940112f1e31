package markdown

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/yuin/goldmark/ast"
)

// Most runs of text are passed over after a quick look. Each of them, looked through word by word, holds no term to link.
func TestNoRunWithATermIsPassedOver(t *testing.T) {
	o := Options{RawHTML: Sanitised, Terms: NewTerms([]GlossaryTerm{
		{ID: "rti", Forms: []string{"RTI", "right to information"}}, {ID: "pio", Forms: []string{"PIO"}}, {ID: "e", Forms: []string{"\u00e9lan"}},
		{ID: "law", Forms: []string{"क़ानून", "ज़मीन का क़ानून"}}, {ID: "k", Forms: []string{"kelvin"}}, {ID: "v", Forms: []string{"वूका (VUCA)"}}, {ID: "last", Forms: []string{"7a"}},
	})}
	pieces := []string{
		"RTI", "rti", "PIO", "right", "to", "information", "e\u0301lan", "\u00c9LAN", "क\u093cानून", "\u0958ानून", "ज़मीन", "का", "क\u200dानून", "\u212aelvin", "वूका", "(VUCA)", "7a", "7", "a",
		" ", " ", " ", "\n", "  \n", "\n\n", "*", "**", "`", "[", "](x.md)", "&", "&amp;", "&#", ";", "\\", "<b>", "</b>", ":::details\n", ":::\n", "> ", "- ", "# ", "| ", "-|-\n", "\xff", "\u2028", "[^1]", "\n[^1]: ",
	}
	r, linked := rand.New(rand.NewPCG(1, 2)), 0
	for range 4000 {
		var b strings.Builder
		for range 1 + r.IntN(30) {
			b.WriteString(pieces[r.IntN(len(pieces))])
		}
		d := readWhole(b.String(), o)
		l := termLinker{d: d, done: map[string]bool{}}
		_ = ast.Walk(d.root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
			if term, ok := n.(*Term); ok && entering {
				l.done[term.entry.ID] = true
			}
			return ast.WalkContinue, nil
		})
		before := len(l.done)
		linked += before
		l.everyRun(d.root)
		if len(l.done) > before {
			t.Fatalf("in %q a term is passed over; linked are %v", b.String(), l.done)
		}
	}
	if linked < 1000 {
		t.Errorf("only %d terms were linked: the test shows nothing", linked)
	}
}

// everyRun is walk without the quick look, over what walk has left.
func (l *termLinker) everyRun(n ast.Node) {
	switch c := n.(type) {
	case *ast.Heading, *ast.Link, *ast.AutoLink, *ast.CodeSpan, *ast.Image, *Figure, *ast.RawHTML, *Term:
		return
	case *Container:
		if c.kind.hidden {
			return
		}
	}
	for child := n.FirstChild(); child != nil; {
		if first, ok := child.(*ast.Text); ok {
			child = l.run(n, first)
			continue
		}
		next := child.NextSibling()
		l.everyRun(child)
		child = next
	}
}
