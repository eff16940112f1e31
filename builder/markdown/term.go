package markdown

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
	"golang.org/x/text/unicode/norm"
)

// GlossaryTerm is an entry of the glossary in one language.
type GlossaryTerm struct {
	ID      string
	Forms   []string // the term and its other written forms
	Meaning string   // plain text
}

// Terms is a glossary that is ready to be looked for. It is immutable.
type Terms struct {
	byFirst map[string][]form // by the first word; longest form first
}

// form is a written form as folded words and what lies between them.
type form struct {
	words []string
	gaps  []string
	tail  string // what follows the last word: the bracket of "वूका (VUCA)"
	entry *GlossaryTerm
}

// NewTerms compiles a glossary. Where two entries share a form, the first keeps it.
func NewTerms(entries []GlossaryTerm) *Terms {
	t := &Terms{byFirst: map[string][]form{}}
	taken := map[string]bool{}
	for i := range entries {
		entry := entries[i]
		for _, written := range entry.Forms {
			f := form{entry: &entry}
			end := -1
			for w := range wordsOf(written) {
				if end >= 0 {
					f.gaps = append(f.gaps, foldGap(written[end:w.start]))
				}
				f.words = append(f.words, fold(written[w.start:w.end]))
				end = w.end
			}
			f.tail = strings.TrimSpace(written[max(0, end):])
			key := strings.Join(f.words, "\x00") + "\x01" + strings.Join(f.gaps, "\x00")
			if len(f.words) == 0 || taken[key] {
				continue
			}
			taken[key] = true
			list := append(t.byFirst[f.words[0]], f)
			for j := len(list) - 1; j > 0 && len(list[j].words) > len(list[j-1].words); j-- {
				list[j], list[j-1] = list[j-1], list[j]
			}
			t.byFirst[f.words[0]] = list
		}
	}
	return t
}

type wordSpan struct{ start, end int }

// wordsOf finds the runs of word runes.
func wordsOf(s string) iter.Seq[wordSpan] {
	return func(yield func(wordSpan) bool) {
		start := -1
		for i, r := range s {
			if isWordRune(r) {
				if start < 0 {
					start = i
				}
			} else if start >= 0 {
				if !yield(wordSpan{start, i}) {
					return
				}
				start = -1
			}
		}
		if start >= 0 {
			yield(wordSpan{start, len(s)})
		}
	}
}

// fold makes one of the many ways to write a word: NFC (which takes U+0958
// apart into its letter and its nukta, as every keyboard but one writes it),
// without joiners, in lower case.
func fold(word string) string { return string(foldInto(nil, []byte(word))) }

// foldInto appends the folded word to buf: most words of a text are folded
// once, looked up and forgotten, and need no memory of their own.
func foldInto(buf, word []byte) []byte {
	start := len(buf)
	ascii := true
	for i := 0; i < len(word); {
		if c := word[i]; c < utf8.RuneSelf {
			if c >= 'A' && c <= 'Z' {
				c += 'a' - 'A'
			}
			buf = append(buf, c)
			i++
			continue
		}
		ascii = false
		r, n := utf8.DecodeRune(word[i:])
		i += n
		if r != '\u200c' && r != '\u200d' {
			buf = utf8.AppendRune(buf, unicode.ToLower(r))
		}
	}
	if ascii || norm.NFC.IsNormal(buf[start:]) {
		return buf
	}
	return append(buf[:start], norm.NFC.Bytes(buf[start:])...)
}

func foldGap(gap string) string {
	if gap == " " || gap == "\n" {
		return " "
	}
	fields := strings.Fields(gap)
	switch {
	case len(fields) == 0:
		return " "
	case gap == fields[0]:
		return gap
	}
	lead, trail := "", ""
	if r, _ := utf8.DecodeRuneInString(gap); unicode.IsSpace(r) {
		lead = " "
	}
	if r, _ := utf8.DecodeLastRuneInString(gap); unicode.IsSpace(r) {
		trail = " "
	}
	return lead + strings.Join(fields, " ") + trail
}

// Term is words of the text that the glossary explains.
type Term struct {
	ast.BaseInline
	entry *GlossaryTerm
}

var kindTerm = ast.NewNodeKind("Term")

// Kind implements ast.Node.
func (t *Term) Kind() ast.NodeKind { return kindTerm }

// Dump implements ast.Node.
func (t *Term) Dump(src []byte, level int) { ast.DumpHelper(t, src, level, nil, nil) }

func terms() construct {
	return construct{render: map[ast.NodeKind]renderFunc{kindTerm: renderTerm}}
}

// linkTerms puts a Term around the first occurrence of each entry, outside
// headings, links, code, images and blocks for the facilitator.
func (d *Doc) linkTerms() {
	if d.opts.Terms == nil || len(d.opts.Terms.byFirst) == 0 {
		return
	}
	d.linker.d = d
	d.linker.walk(d.root)
}

// termLinker goes through one text. Its buffers are used again for every run, and for the next text.
type termLinker struct {
	d     *Doc
	done  map[string]bool // ids of entries that are linked
	words []runWord
	buf   []byte
}

func (l *termLinker) asNew() termLinker {
	clear(l.done)
	return termLinker{done: l.done, words: emptied(l.words[:cap(l.words)]), buf: l.buf[:0]}
}

func (l *termLinker) walk(n ast.Node) {
	switch c := n.(type) {
	case *ast.Heading, *ast.Link, *ast.AutoLink, *ast.CodeSpan, *ast.Image, *Figure, *ast.RawHTML:
		return
	case *Container:
		if c.kind.hidden {
			return
		}
	}
	for child := n.FirstChild(); child != nil; {
		if first, ok := child.(*ast.Text); ok {
			found, after := l.find(first)
			if found {
				after = l.run(n, first)
			}
			child = after
			continue
		}
		next := child.NextSibling()
		l.walk(child)
		child = next
	}
}

// find looks through the text nodes from first on for a word that begins a form
// of an entry not done yet, and gives the node after them where there is none.
// Most runs hold none, and cost no more than this.
func (l *termLinker) find(first *ast.Text) (found bool, after ast.Node) {
	for n := ast.Node(first); n != nil; n = n.NextSibling() {
		t, ok := n.(*ast.Text)
		if !ok {
			return false, n
		}
		if l.begins(l.d.src[t.Segment.Start:t.Segment.Stop]) {
			return true, nil
		}
	}
	return false, nil
}

func (l *termLinker) begins(value []byte) bool {
	known, start := knownLetters(), -1
	for i := 0; i <= len(value); {
		r, n := rune(0), 1 // behind the end, which ends a word
		if i < len(value) {
			if r = rune(value[i]); r >= utf8.RuneSelf {
				r, n = utf8.DecodeRune(value[i:])
			}
		}
		if inside := known.hold(r); inside && start < 0 {
			start = i
		} else if !inside && start >= 0 {
			l.buf = foldInto(l.buf[:0], value[start:i])
			for _, f := range l.d.opts.Terms.byFirst[string(l.buf)] {
				if !l.done[f.entry.ID] {
					return true
				}
			}
			start = -1
		}
		i += n
	}
	return false
}

// runWord is a word of a run of text nodes.
type runWord struct {
	node       *ast.Text
	start, end int // in src
	gap        string
}

// run looks through the text nodes from first on and gives the node after
// them. A run is as long as the text goes on, line ends included.
func (l *termLinker) run(parent ast.Node, first *ast.Text) ast.Node {
	d, words := l.d, l.words[:0]
	gap := ""
	var after ast.Node
	for n := ast.Node(first); ; n = n.NextSibling() {
		t, ok := n.(*ast.Text)
		if !ok {
			after = n
			break
		}
		value := util.BytesToReadOnlyString(d.src[t.Segment.Start:t.Segment.Stop])
		end := 0
		for w := range wordsOf(value) {
			gap += value[end:w.start]
			end = w.end
			words = append(words, runWord{t, t.Segment.Start + w.start, t.Segment.Start + w.end, foldGap(gap)})
			gap = ""
		}
		gap += value[end:]
		if t.SoftLineBreak() || t.HardLineBreak() {
			gap += "\n"
		}
		if n.NextSibling() == nil {
			break
		}
	}
	l.words = words
	for i := 0; i < len(words); {
		f := l.match(words[i:])
		if f == nil {
			i++
			continue
		}
		l.done[f.entry.ID] = true
		last := i + len(f.words) - 1
		from, to := words[i], words[last]
		if strings.HasPrefix(string(d.src[to.end:to.node.Segment.Stop]), f.tail) {
			to.end += len(f.tail)
		}
		tail := d.wrap(parent, from, to, f.entry)
		// What is left of the last node moved into a new one.
		for j := last + 1; j < len(words) && words[j].node == words[last].node; j++ {
			words[j].node = tail
		}
		i = last + 1
	}
	return after
}

// match gives the longest form of an entry not done yet that words start with.
func (l *termLinker) match(words []runWord) *form {
	d, w := l.d, words[0]
	if w.start > 0 && d.src[w.start-1] == '&' || w.start > 1 && d.src[w.start-1] == '#' && d.src[w.start-2] == '&' {
		return nil // a character reference
	}
	l.buf = foldInto(l.buf[:0], d.src[w.start:w.end])
	candidates := d.opts.Terms.byFirst[string(l.buf)]
next:
	for i := range candidates {
		f := &candidates[i]
		if l.done[f.entry.ID] || len(f.words) > len(words) {
			continue
		}
		for j := 1; j < len(f.words); j++ {
			if words[j].gap != f.gaps[j-1] || string(foldInto(l.buf[:0], d.src[words[j].start:words[j].end])) != f.words[j] {
				continue next
			}
		}
		return f
	}
	return nil
}

// wrap moves the text from one word to another into a Term, and gives the text
// node that holds what followed in the last one's node.
func (d *Doc) wrap(parent ast.Node, from, to runWord, entry *GlossaryTerm) *ast.Text {
	term := &Term{entry: entry}
	term.SetPos(from.start)
	tail := ast.NewTextSegment(text.NewSegment(to.end, to.node.Segment.Stop))
	tail.SetSoftLineBreak(to.node.SoftLineBreak())
	tail.SetHardLineBreak(to.node.HardLineBreak())
	to.node.SetSoftLineBreak(false)
	to.node.SetHardLineBreak(false)
	parent.InsertAfter(parent, to.node, tail)
	to.node.Segment = to.node.Segment.WithStop(to.end)
	first := from.node
	if first.Segment.Start < from.start {
		head := ast.NewTextSegment(text.NewSegment(first.Segment.Start, from.start))
		parent.InsertBefore(parent, first, head)
		first.Segment = text.NewSegment(from.start, first.Segment.Stop)
	}
	parent.InsertBefore(parent, first, term)
	for n := ast.Node(first); n != ast.Node(tail); {
		next := n.NextSibling()
		term.AppendChild(term, n)
		n = next
	}
	return tail
}

func renderTerm(w *writer, n ast.Node, entering bool) ast.WalkStatus {
	if !entering {
		w.outside(gap{kind: endGap})
		return ast.WalkContinue
	}
	entry := n.(*Term).entry
	w.outside(gap{kind: termGap, ref: Ref{Kind: TermRef, Dest: entry.ID}, text: entry.Meaning})
	return ast.WalkContinue
}

// term writes the `<a>` of a term.
func (w *writer) term(t Target, meaning string) {
	w.text(`<a class="term"`)
	w.attr("href", t.Href)
	w.attr("data-meaning", meaning)
	w.text(">")
}
