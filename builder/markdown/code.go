package markdown

import (
	"fmt"
	"html"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/lexers"
	"github.com/yuin/goldmark/ast"

	"sopan.dev/sopan/internal/diag"
)

func codeBlocks() construct {
	return construct{render: map[ast.NodeKind]renderFunc{
		ast.KindFencedCodeBlock: renderCode,
		ast.KindCodeBlock:       renderCode,
	}}
}

const (
	// maxHighlighted is the bytes of a block beyond which colours are not worth
	// the reader's download or the builder's time.
	maxHighlighted = 16 << 10
	// highlightTime ends what a lexer's expressions make of code that was
	// written to be slow: chroma 2.27's kotlin needs minutes for 8 KB of "/*\".
	// Honest code takes a thousandth of it, so that the clock never decides
	// what a real page looks like.
	highlightTime = 2 * time.Second
)

// lexersByName is every language by its names in lower case. chroma's own
// look-up goes through all file patterns when a name is unknown.
var lexersByName = sync.OnceValue(func() map[string]chroma.Lexer {
	m := map[string]chroma.Lexer{}
	for _, l := range lexers.GlobalLexerRegistry.Lexers {
		c := l.Config()
		for _, name := range append([]string{c.Name}, c.Aliases...) {
			if _, taken := m[strings.ToLower(name)]; !taken {
				m[strings.ToLower(name)] = l
			}
		}
	}
	return m
})

// plainLanguages are names that ask for no colours.
var plainLanguages = [...]string{"text", "txt", "plain", "plaintext", "none", "output", "console-output"}

const unclosedHint = "Write its closing fence, as long as the opening one, on a line of its own."

func lexerFor(lang string) chroma.Lexer { return lexersByName()[strings.ToLower(lang)] }

// checkCode gives a fence's language, "" when it names none, and says what is wrong with the fence.
func (d *Doc) checkCode(n *ast.FencedCodeBlock) string {
	if d.runsToTheEnd(n) {
		end := n.Pos() + 3
		if n.Info != nil {
			end = n.Info.Segment.Stop
		}
		d.report(n.Pos(), end, diag.Warning, "markdown/code-unclosed", "This code block is never closed, so the rest of the text is code.",
			unclosedHint)
	}
	lang := string(n.Language(d.src))
	if lang == "" || lang == "quiz" || slices.Contains(plainLanguages[:], strings.ToLower(lang)) {
		return ""
	}
	if lexerFor(lang) == nil {
		hint := ""
		if len(lang) < 40 && len(d.diags) < maxDiagnostics { // comparing it with all names takes a millisecond
			hint = diag.DidYouMean(lang, slices.Collect(maps.Keys(lexersByName())))
		}
		if hint == "" {
			hint = "Write `text` for code without colours."
		}
		start := n.Info.Segment.Start
		d.report(start, start+len(lang), diag.Warning, "markdown/unknown-language", fmt.Sprintf("The language `%s` is not known.", lang), hint)
	}
	return lang
}

// runsToTheEnd tells whether a fence's last line is the text's last.
func (d *Doc) runsToTheEnd(n *ast.FencedCodeBlock) bool {
	last := 0
	if lines := n.Lines(); lines.Len() > 0 {
		last = lines.At(lines.Len() - 1).Stop
	} else if n.Info != nil {
		last = n.Info.Segment.Stop
	}
	return last > 0 && strings.TrimSpace(string(d.src[last:])) == ""
}

func renderCode(w *writer, n ast.Node, entering bool) ast.WalkStatus {
	if !entering {
		return ast.WalkContinue
	}
	lang := ""
	if f, ok := n.(*ast.FencedCodeBlock); ok {
		lang = unescape(f.Language(w.doc.src))
	}
	code := segmentsText(n.Lines(), w.doc.src)
	w.text(`<pre class="chroma" tabindex="0"><code`)
	if lang != "" {
		w.attr("class", "language-"+lang)
	}
	w.text(">")
	if lexer := lexerFor(lang); lexer == nil || len(code) > maxHighlighted || !w.highlight(lexer, code) {
		w.escaped(code)
	}
	w.text("</code></pre>\n")
	return ast.WalkSkipChildren
}

// highlight writes code as spans with few classes; false, and nothing written,
// when the lexer fails, panics (some of chroma's do on odd code: "unknown
// state") or takes too long.
func (w *writer) highlight(lexer chroma.Lexer, code string) (done bool) {
	defer func() {
		if recover() != nil {
			done = false
		}
	}()
	tokens, err := lexer.Tokenise(&chroma.TokeniseOptions{State: "root", EnsureLF: true}, code)
	if err != nil {
		return false
	}
	var b, run strings.Builder
	class := ""
	flush := func() {
		switch {
		case run.Len() == 0:
		case class == "":
			b.WriteString(html.EscapeString(run.String()))
		default:
			b.WriteString(`<span class="` + class + `">` + html.EscapeString(run.String()) + "</span>")
		}
		run.Reset()
	}
	began := time.Now()
	for t := tokens(); t != chroma.EOF; t = tokens() {
		if time.Since(began) > highlightTime {
			return false
		}
		if next := tokenClass(t.Type); next != class {
			flush()
			class = next
		}
		run.WriteString(t.Value)
	}
	flush()
	w.text(b.String())
	return true
}

// tokenClass gives the class that HighlightCSS colours a token by: its own,
// its kind's or its category's; "" for what keeps the colour of the text.
func tokenClass(t chroma.TokenType) string {
	for _, t := range [...]chroma.TokenType{t, t.SubCategory(), t.Category()} {
		if class := chroma.StandardTypes[t]; class != "" && highlighted[class] != "" {
			return highlighted[class]
		}
	}
	return ""
}
