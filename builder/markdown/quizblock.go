package markdown

import (
	"bytes"

	"github.com/yuin/goldmark/ast"

	"sopan.dev/sopan/internal/diag"
)

// QuizBlock is a ```quiz fence. Its YAML is never read here: the block is a
// range of bytes and a place in the page.
type QuizBlock struct {
	ast.BaseBlock
	index      int
	start, end int
}

var kindQuizBlock = ast.NewNodeKind("QuizBlock")

// Kind implements ast.Node.
func (q *QuizBlock) Kind() ast.NodeKind { return kindQuizBlock }

// IsRaw implements ast.Node.
func (q *QuizBlock) IsRaw() bool { return true }

// Dump implements ast.Node.
func (q *QuizBlock) Dump(src []byte, level int) { ast.DumpHelper(q, src, level, nil, nil) }

func quizBlocks() construct {
	return construct{render: map[ast.NodeKind]renderFunc{kindQuizBlock: renderQuizBlock}}
}

// findQuizzes puts a QuizBlock in the place of every quiz fence. It refuses
// those whose lines are not one range of the file: positions in the YAML would
// be wrong, and so would its indentation.
func (d *Doc) findQuizzes() {
	if !d.holds("quiz") {
		return
	}
	var fences []*ast.FencedCodeBlock
	for n := range blocks(d.root) {
		if f, ok := n.(*ast.FencedCodeBlock); ok && string(f.Language(d.src)) == "quiz" {
			fences = append(fences, f)
		}
	}
	index := 0
	for _, f := range fences {
		if d.prompt {
			d.report(f.Pos(), f.Info.Segment.Stop, diag.Error, "markdown/quiz-nested", "A quiz block cannot stand in a question.", "Write another question after this one.")
			continue
		}
		start, end := d.fenceSpan(f)
		if f.Lines().Len() == 0 || len(bytes.TrimSpace(d.src[start:end])) == 0 {
			d.report(f.Pos(), f.Info.Segment.Stop, diag.Error, "markdown/quiz-empty", "This quiz block holds no questions.", "Write a list of questions in it, or remove it.")
			continue
		}
		if !oneRange(f) || d.text.Pos(d.base+f.Pos()).Col != 1 {
			d.report(f.Pos(), f.Info.Segment.Stop, diag.Error, "markdown/quiz-nested",
				"This quiz block is indented, or stands in a list or a quotation.", "Start its lines at the left margin.")
			continue
		}
		if hiddenFromLearners(f) {
			d.report(f.Pos(), f.Info.Segment.Stop, diag.Error, "markdown/quiz-hidden",
				"This quiz block stands in a block for the facilitator, where no learner would see it.", "Move it out.")
			continue
		}
		if d.runsToTheEnd(f) {
			d.report(f.Pos(), f.Info.Segment.Stop, diag.Error, "markdown/code-unclosed", "This quiz block is never closed.", unclosedHint)
		}
		q := &QuizBlock{index: index, start: start, end: end}
		q.SetPos(f.Pos())
		f.Parent().ReplaceChild(f.Parent(), f, q)
		index++
	}
}

// fenceSpan is the bytes between a fence's lines.
func (d *Doc) fenceSpan(f *ast.FencedCodeBlock) (int, int) {
	lines := f.Lines()
	if lines.Len() == 0 {
		return f.Pos(), f.Pos()
	}
	return lines.At(0).Start, lines.At(lines.Len() - 1).Stop
}

func oneRange(f *ast.FencedCodeBlock) bool {
	lines := f.Lines()
	for i := range lines.Len() {
		line := lines.At(i)
		if line.Padding != 0 || (i > 0 && line.Start != lines.At(i-1).Stop) {
			return false
		}
	}
	return true
}

func hiddenFromLearners(n ast.Node) bool {
	for p := n.Parent(); p != nil; p = p.Parent() {
		if c, ok := p.(*Container); ok && c.kind.hidden {
			return true
		}
	}
	return false
}

func renderQuizBlock(w *writer, n ast.Node, entering bool) ast.WalkStatus {
	if entering {
		w.outside(gap{kind: quizGap, n: n.(*QuizBlock).index})
	}
	return ast.WalkSkipChildren
}
