package markdown

import (
	"bytes"
	"slices"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	gmhtml "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Most of a lesson is words in which no sign means anything. goldmark looks at
// them byte by byte and asks, at each space, who might begin something there.
// Here they are taken in runs, each up to the next sign. A test holds that
// nothing is read otherwise.

// runs takes and renders the words between signs.
func runs() construct {
	return construct{
		parse: func() []parser.Option {
			return []parser.Option{parser.WithInlineParsers(
				util.Prioritized(runParser{}, addressPriority-1), util.Prioritized(starParser{}, starPriority), util.Prioritized(codeSpanParser{}, codeSpanPriority),
			)}
		},
		render: map[ast.NodeKind]renderFunc{ast.KindText: renderText},
	}
}

// addressPriority is that of GFM's addresses without brackets, which come last.
const addressPriority = 999

func bareAddresses() construct {
	return construct{parse: func() []parser.Option {
		return []parser.Option{parser.WithInlineParsers(util.Prioritized(extension.NewLinkifyParser(), addressPriority))}
	}}
}

// addressWord is a word that may be an address: the place of the white space
// before it (-1: none), and of the last in it of what every address has one of.
type addressWord struct{ before, last int }

// findRuns looks where runs may be taken.
func (d *Doc) findRuns() {
	d.escapes = escapes(d.src)
	for _, odd := range [...]string{`\ `, "\\\t", "\\\v", "\\\f", `\\\`} {
		if d.escapes && d.holds(odd) { // goldmark remembers such a backslash until it has seen one more byte itself
			return
		}
	}
	d.inRuns = true
	var parts []int
	for _, part := range [...]string{"://", "@", "www."} {
		for at := 0; ; at++ {
			i := bytes.Index(d.src[at:], []byte(part))
			if i < 0 {
				break
			}
			at += i
			parts = append(parts, at)
		}
	}
	slices.Sort(parts)
	for i, at := range parts {
		from := 0
		if i > 0 {
			from = parts[i-1]
		}
		if before := bytes.LastIndexAny(d.src[from:at], " \t\n\v\f"); before >= 0 || i == 0 {
			d.addresses = append(d.addresses, addressWord{from + before, at})
		} else {
			d.addresses[len(d.addresses)-1].last = at
		}
	}
}

// signs is what a run ends at: where inline parsers wake, a backslash, the end of a line.
var signs = [256]bool{'`': true, '*': true, '_': true, '[': true, ']': true, '!': true, '<': true, '~': true, '\\': true, '\n': true}

// takesRuns tells whether a run may be taken from a line.
func (d *Doc) takesRuns(line text.Segment) bool {
	return d.inRuns && line.Padding == 0 && !line.ForceNewline
}

// run gives the length of the run that a line begins with, which stands at start.
func (d *Doc) run(line []byte, start int) int {
	end := len(line)
	next, _ := slices.BinarySearchFunc(d.addresses, start, func(w addressWord, start int) int { return w.last - start })
	if next < len(d.addresses) {
		end = min(end, d.addresses[next].before-start)
	}
	n := 0
	for n < end && !signs[line[n]] {
		n++
	}
	return n
}

// runParser is woken where a line begins and after everything that is no words,
// and behind a sign that meant nothing at the next space or punctuation.
type runParser struct{}

// Trigger leaves out what stands in character references: goldmark cuts its text
// where it wakes somebody.
func (runParser) Trigger() []byte { return []byte(" \"$%&'()+,-./:=>?@^{|}") }

func (runParser) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	d := docOf(pc)
	line, at := block.PeekLine()
	if !d.takesRuns(at) {
		return nil
	}
	n := d.run(line, at.Start)
	if n == 0 {
		return nil
	}
	run := at.WithStop(at.Start + n)
	if n < len(line) && line[n] != '\n' {
		block.Advance(n)
		return d.words(run)
	}
	words := d.words(run.TrimRightSpace(d.src))
	if n < len(line) {
		hard := bytes.HasSuffix(bytes.TrimSuffix(line[:n], []byte("\r")), []byte("  "))
		words.SetHardLineBreak(hard)
		words.SetSoftLineBreak(!hard)
	}
	block.AdvanceLine()
	return words
}

// rendered is what the HTML of text does not have as it is written.
var rendered = [256]bool{'&': true, '<': true, '>': true, '"': true, '\\': true, 0: true}

func renderText(w *writer, n ast.Node, entering bool) ast.WalkStatus {
	if !entering {
		return ast.WalkContinue
	}
	t := n.(*ast.Text)
	words := t.Value(w.doc.src)
	if t.IsRaw() {
		gmhtml.DefaultWriter.RawWrite(w, words)
		return ast.WalkContinue
	}
	if slices.ContainsFunc(words, func(c byte) bool { return rendered[c] }) {
		gmhtml.DefaultWriter.Write(w, words)
	} else {
		w.Write(words)
	}
	switch {
	case t.HardLineBreak():
		w.text("<br>\n")
	case t.SoftLineBreak():
		w.WriteByte('\n')
	}
	return ast.WalkContinue
}
