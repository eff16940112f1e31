package markdown

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
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
	// what a real page looks like, on a machine that is busy with much else either.
	highlightTime = 5 * time.Second
)

// language is a language that can be coloured. fast is nil where only chroma
// itself can run its lexer.
type language struct {
	lexer chroma.Lexer
	fast  func() *lexer
}

func newLanguage(l chroma.Lexer) *language {
	return &language{l, sync.OnceValue(func() *lexer { return newLexer(l) })}
}

// registry is chroma's list of languages. A release makes it when a function of
// chroma's package is first asked for a name (scripts/lexers), as one is here.
var registry = sync.OnceValue(func() *chroma.LexerRegistry {
	lexers.Names(false)
	return lexers.GlobalLexerRegistry
})

// languagesByName is every language by its names in lower case. chroma's own
// look-up goes through all file patterns when a name is unknown.
var languagesByName = sync.OnceValue(func() map[string]*language {
	m := map[string]*language{}
	for _, l := range registry().Lexers {
		lang, c := newLanguage(l), l.Config()
		for _, name := range append([]string{c.Name}, c.Aliases...) {
			if _, taken := m[strings.ToLower(name)]; !taken {
				m[strings.ToLower(name)] = lang
			}
		}
	}
	return m
})

// plainLanguages are names that ask for no colours.
var plainLanguages = [...]string{"text", "txt", "plain", "plaintext", "none", "output", "console-output"}

const unclosedHint = "Write its closing fence, as long as the opening one, on a line of its own."

func languageFor(name string) *language { return languagesByName()[strings.ToLower(name)] }

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
	if languageFor(lang) == nil {
		hint := ""
		if len(lang) < 40 && len(d.diags) < maxDiagnostics { // comparing it with all names takes a millisecond
			hint = diag.DidYouMean(lang, slices.Collect(maps.Keys(languagesByName())))
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
	return last > 0 && len(bytes.TrimSpace(d.src[last:])) == 0
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
	if in := languageFor(lang); in == nil || len(code) > maxHighlighted || !w.highlight(in, code) {
		w.escaped(code)
	}
	w.text("</code></pre>\n")
	return ast.WalkSkipChildren
}

// highlight writes code as spans with few classes; false, and nothing written,
// when the lexer fails, panics (some of chroma's do on odd code: "unknown
// state") or takes too long.
func (w *writer) highlight(in *language, code string) (done bool) {
	start := w.Len()
	var late atomic.Bool // a flag: to ask for the time takes longer than most tokens
	timer := time.AfterFunc(highlightTime, func() { late.Store(true) })
	defer func() {
		timer.Stop()
		if recover() != nil {
			done = false
		}
		if !done {
			w.Truncate(start)
		}
	}()
	class, open := "", false
	end := func() {
		if open {
			w.text("</span>")
			open = false
		}
	}
	inTime := true
	err := in.tokens(code, func(t chroma.TokenType, value string) bool {
		if inTime = !late.Load(); !inTime {
			return false
		}
		if next := tokenClass(t); next != class {
			end()
			class = next
		}
		if class != "" && value != "" && !open {
			w.text(`<span class="`, class, `">`)
			open = true
		}
		w.escaped(value)
		return true
	})
	end()
	return err == nil && inTime
}

// tokens gives the tokens of code to emit, until it wants no more.
func (l *language) tokens(code string, emit func(t chroma.TokenType, value string) bool) error {
	if fast := l.fast(); fast != nil && !strings.Contains(code, "\r") {
		return fast.tokens(code, emit)
	}
	next, err := l.lexer.Tokenise(&chroma.TokeniseOptions{State: "root", EnsureLF: true}, code)
	if err != nil {
		return err
	}
	for t := next(); t != chroma.EOF && emit(t.Type, t.Value); t = next() {
	}
	return nil
}

// tokenClass gives the class that HighlightCSS colours a token by: its own,
// its kind's or its category's; "" for what keeps the colour of the text.
func tokenClass(t chroma.TokenType) string {
	if class, ok := tokenClasses()[t]; ok {
		return class
	}
	return findClass(t)
}

var tokenClasses = sync.OnceValue(func() map[chroma.TokenType]string {
	classes := map[chroma.TokenType]string{}
	for t := range chroma.StandardTypes {
		classes[t] = findClass(t)
	}
	return classes
})

func findClass(t chroma.TokenType) string {
	for _, t := range [...]chroma.TokenType{t, t.SubCategory(), t.Category()} {
		if class := chroma.StandardTypes[t]; class != "" && highlighted[class] != "" {
			return highlighted[class]
		}
	}
	return ""
}
