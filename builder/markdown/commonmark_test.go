package markdown

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"sopan.dev/sopan/builder/source"
)

type specExample struct {
	number         int
	markdown, want string
}

// specExamples reads the examples of the specification's own text.
func specExamples(t *testing.T) []specExample {
	t.Helper()
	b, err := os.ReadFile("testdata/commonmark/spec.txt")
	if err != nil {
		t.Fatal(err)
	}
	fence := strings.Repeat("`", 32)
	var out []specExample
	rest := strings.ReplaceAll(string(b), "→", "\t")
	for {
		_, after, found := strings.Cut(rest, "\n"+fence+" example\n")
		if !found {
			break
		}
		body, tail, _ := strings.Cut("\n"+after, "\n"+fence+"\n")
		md, want, _ := strings.Cut(body, "\n.\n")
		if strings.HasSuffix(body, "\n.") { // nothing is rendered
			md, want = strings.TrimSuffix(body, "\n."), ""
		}
		md = strings.TrimPrefix(md, "\n")
		if md != "" {
			md += "\n"
		}
		if want != "" {
			want += "\n"
		}
		out = append(out, specExample{len(out) + 1, md, want})
		rest = "\n" + tail
	}
	if len(out) != 652 {
		t.Fatalf("the specification has 652 examples, found %d", len(out))
	}
	return out
}

// plainRenderer is goldmark's own HTML, in the form the specification prints,
// so that what is compared is what our parsers made of the text.
func plainRenderer() renderer.Renderer {
	options := []html.Option{html.WithXHTML(), html.WithUnsafe()}
	return renderer.NewRenderer(renderer.WithNodeRenderers(
		util.Prioritized(html.NewRenderer(options...), 1000),
		util.Prioritized(extension.NewStrikethroughHTMLRenderer(options...), 500),
		util.Prioritized(extension.NewDefinitionListHTMLRenderer(options...), 500),
		util.Prioritized(extension.NewTableHTMLRenderer(), 500),
		util.Prioritized(extension.NewFootnoteHTMLRenderer(), 500),
		util.Prioritized(extension.NewTaskCheckBoxHTMLRenderer(), 500),
	))
}

func parseSpec(p parser.Parser, md string) (*Doc, ast.Node) {
	d := &Doc{text: source.NewText("", []byte(md)), src: []byte(md), opts: Options{RawHTML: On}, tree: newTree()}
	d.findRuns()
	return d, p.Parse(text.NewReader(d.src), parser.WithContext(d.parseContext()))
}

func TestCommonMarkSpecificationHoldsForOurCore(t *testing.T) {
	p, r := parser.NewParser(coreParsers()...), plainRenderer()
	for _, e := range specExamples(t) {
		d, root := parseSpec(p, e.markdown)
		var got bytes.Buffer
		if err := r.Render(&got, d.src, root); err != nil {
			t.Fatal(err)
		}
		if got.String() != e.want {
			t.Errorf("example %d\n%s\n got %q\nwant %q", e.number, e.markdown, got.String(), e.want)
		}
	}
}

// extended is the examples that read otherwise with our extensions on, and why.
var extended = map[int]string{
	608: "GFM links a bare address",
	611: "GFM links a bare address",
	612: "GFM links a bare mail address",
}

func TestExtensionsLeaveCommonMarkAlone(t *testing.T) {
	r := plainRenderer()
	for _, e := range specExamples(t) {
		d, root := parseSpec(blockSetup().parser, e.markdown)
		d.tidyBreaks(root)
		var got bytes.Buffer
		if err := r.Render(&got, d.src, root); err != nil {
			t.Fatal(err)
		}
		why, differs := extended[e.number]
		if same := got.String() == e.want; same == differs {
			t.Errorf("example %d (expected to differ: %q)\n%s\n got %q\nwant %q", e.number, why, e.markdown, got.String(), e.want)
		}
	}
}

// TestCommonMarkSpecificationThroughTheFrontDoor holds our renderer to the
// examples whose HTML ours adds nothing to: text, emphasis, lists, quotations,
// code spans, breaks, raw HTML.
func TestCommonMarkSpecificationThroughTheFrontDoor(t *testing.T) {
	same := 0
	for _, e := range specExamples(t) {
		d := Parse(source.NewText("", []byte(e.markdown)), 0, Options{RawHTML: On})
		got := string(d.HTML(Resolver{}))
		want := strings.NewReplacer("<br />", "<br>", "<hr />", "<hr>").Replace(e.want)
		if got == want {
			same++
		} else if !ours(e.want) && extended[e.number] == "" {
			t.Errorf("example %d\n%s\n got %q\nwant %q", e.number, e.markdown, got, want)
		}
	}
	if same < 300 {
		t.Errorf("only %d examples are rendered to the letter", same)
	}
}

// ours tells whether the HTML has an element that we render in our own way.
func ours(want string) bool {
	for _, tag := range []string{"<h", "<a", "<img", "<pre", "<del", "<table"} {
		if strings.Contains(want, tag) {
			return true
		}
	}
	return false
}
