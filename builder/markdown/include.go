package markdown

import (
	"fmt"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"

	"sopan.dev/sopan/internal/diag"
)

// Include is the place of another text: `:::include{file="/shared/x.md"}` and
// `:::`. That text is never read here: its HTML comes from Resolver.Include,
// and Facts.With puts its facts in.
type Include struct {
	ast.BaseBlock
	ref Ref // its offsets are into src
}

var kindInclude = ast.NewNodeKind("Include")

// Kind implements ast.Node.
func (i *Include) Kind() ast.NodeKind { return kindInclude }

// Dump implements ast.Node.
func (i *Include) Dump(src []byte, level int) { ast.DumpHelper(i, src, level, nil, nil) }

func includes() construct {
	return construct{render: map[ast.NodeKind]renderFunc{kindInclude: renderInclude}}
}

// Inclusion is an include as the facts know it: which text is meant, and how
// much of the including text stands before it.
type Inclusion struct {
	Dest       string
	Start, End int // of the file's name
	Headings   int // headings before it
	Sections   int // sections before it; what follows it is a section of its own
	Level      int // of the heading that it stands under; 1 for the title
	Hidden     bool
}

// findIncludes puts an Include in the place of every `:::include`. Its
// reference is kept with it, for the facts and the renderer.
func (d *Doc) findIncludes() {
	if !d.holds(":::") {
		return
	}
	var all []*Container
	for n := range blocks(d.root) {
		if c, ok := n.(*Container); ok && c.name == "include" {
			all = append(all, c)
		}
	}
	for _, c := range all {
		switch {
		case d.opts.Fragment:
			d.report(c.start, c.end, diag.Error, "include/nested", "A fragment cannot include another one.",
				"Write its text here, or include both in the lesson.")
			continue
		case d.prompt:
			d.report(c.start, c.end, diag.Error, "include/in-question", "A question cannot include a fragment.", "Include it in the lesson, before the questions.")
			continue
		case c.file.value == "" && c.file.said:
			continue
		case c.file.value == "":
			d.report(c.start, c.end, diag.Error, "include/no-file", "This include names no file.", "Write `:::include{file=\"/shared/name.md\"}`.")
			continue
		case c.closed && c.HasChildren():
			at := max(c.start, c.FirstChild().Pos())
			d.report(at, at+1, diag.Error, "include/not-empty", "Something stands between this include and its end.",
				"Close it on the next line with `:::`, and move the text after that.")
		}
		n := &Include{ref: Ref{Kind: IncludeRef, Dest: c.file.value, Start: c.file.start, End: c.file.end}}
		n.SetPos(c.start)
		c.Parent().ReplaceChild(c.Parent(), c, n)
	}
}

// checkFragment refuses what a text that stands inside others cannot hold.
func (d *Doc) checkFragment() {
	if !d.opts.Fragment {
		return
	}
	noted := false
	_ = ast.Walk(d.root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch n := n.(type) {
		case *QuizBlock:
			if entering {
				d.report(n.Pos(), n.Pos()+3, diag.Error, "include/quiz", "A fragment cannot hold questions: progress on them could not be told apart between the pages that include it.",
					"Move them into the lessons.")
			}
		case *east.FootnoteLink:
			if entering && !noted {
				noted = true
				at := max(0, n.Pos())
				d.report(at, at+1, diag.Error, "include/footnote", "A fragment cannot hold footnotes: their numbers would be those of the page's own.", "Write the source into the sentence.")
			}
		}
		return ast.WalkContinue, nil
	})
}

// take notes an include for the facts. What follows it begins a section
// without an id, which With joins to whatever stands before it then.
func (c *collector) take(n *Include) {
	d, f := c.d, &c.d.facts
	ref := n.ref
	d.addRef(n, ref)
	if !c.hidden {
		c.closeSection()
	}
	level := 1
	if len(f.Headings) > 0 {
		level = f.Headings[len(f.Headings)-1].Level
	}
	f.Includes = append(f.Includes, Inclusion{
		Dest: ref.Dest, Start: d.base + ref.Start, End: d.base + ref.End,
		Headings: len(f.Headings), Sections: len(f.Sections), Level: level, Hidden: c.hidden,
	})
}

// With gives the facts of a text with those of the texts that it includes at
// their places; included has one for each of f.Includes, an empty one where
// there is none. Neither f nor what is in included is changed. Refs, Quizzes
// and Includes stay those of the text itself: their offsets are into it.
func (f Facts) With(included []Facts) Facts {
	out := f
	out.Headings, out.Sections = nil, nil
	out.Terms, out.Langs, out.Human = slices.Clone(f.Terms), slices.Clone(f.Langs), slices.Clone(f.Human)
	blocks := f.blockMinutes()
	headings, sections := 0, 0
	for i, inc := range f.Includes {
		if inc.Hidden {
			continue
		}
		g := included[i]
		out.Headings = append(append(out.Headings, f.Headings[headings:inc.Headings]...), g.Headings...)
		out.addSections(f.Sections[sections:inc.Sections])
		out.addSections(g.Sections)
		headings, sections = inc.Headings, inc.Sections
		out.Words += g.Words
		blocks += g.blockMinutes()
		out.Terms, out.Langs = appendNew(out.Terms, g.Terms), appendNew(out.Langs, g.Langs)
		out.Human = append(out.Human, g.Human...)
	}
	out.Headings = append(out.Headings, f.Headings[headings:]...)
	out.addSections(f.Sections[sections:])
	out.Minutes = readingMinutes(out.Words) + blocks
	return out
}

// blockMinutes is the minutes that blocks name.
func (f Facts) blockMinutes() int { return f.Minutes - readingMinutes(f.Words) }

// addSections appends sections; one without an id goes on with the last.
func (f *Facts) addSections(more []Section) {
	for _, s := range more {
		if n := len(f.Sections); n > 0 && s.ID == "" {
			last := &f.Sections[n-1]
			last.Text = strings.TrimSpace(last.Text + " " + s.Text)
			continue
		}
		f.Sections = append(f.Sections, s)
	}
}

func appendNew(list, more []string) []string {
	for _, s := range more {
		if !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return list
}

func renderInclude(w *writer, n ast.Node, entering bool) ast.WalkStatus {
	if ref, ok := w.doc.refs[n]; ok && entering {
		w.outside(gap{kind: includeGap, ref: ref})
	}
	return ast.WalkSkipChildren
}

// fileAttribute is the value of `file=` and where it stands in src.
type fileAttribute struct {
	value      string
	start, end int
	said       bool // what is wrong with it was reported
}

func (d *Doc) setFile(c *Container, a attribute, start, end int) {
	if c.file.value = strings.TrimSpace(a.value); c.file.value == "" {
		return
	}
	c.file.start, c.file.end = start, end
	if from := strings.IndexByte(string(d.src[start:end]), '=') + 1; from > 0 {
		c.file.start = start + from
		if d.src[c.file.start] == '"' {
			c.file.start++
			c.file.end--
		}
	}
	if class := classify(c.file.value); class != local {
		d.report(c.file.start, c.file.end, diag.Error, "include/not-found", fmt.Sprintf("`%s` is no file of the site.", c.file.value), "Name a file in `content/shared`: `file=\"/shared/name.md\"`.")
		c.file.value, c.file.said = "", true
	}
}
