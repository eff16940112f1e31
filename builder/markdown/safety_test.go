package markdown

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"sopan.dev/sopan/builder/source"
)

// pageTags is every element that this package writes. A tag that is not in
// the list came out of an author's text.
var pageTags = strings.Fields(`html head body a aside blockquote br code dd del details div dl dt em figcaption figure form h1 h2 h3 h4 h5 h6
	hr img input label li ol p pre section source span strong summary sup table tbody td th thead tr track ul video`)

var pageAttributes = strings.Fields(`alt aria-label checked class controls data-meaning decoding default disabled height href hreflang
	id kind label loading open preload rel role scope src srclang start tabindex title type width`)

// danger reads HTML as a browser does and gives what could run, load from
// another host, style, or did not come from us. sanitised allows the tags and
// attributes of the sanitised subset as well.
func danger(output string, sanitised bool) error {
	tags, attributes := set(pageTags), set(pageAttributes)
	if sanitised {
		for _, t := range sanitisedTags {
			tags[t] = true
		}
		for _, a := range []string{"lang", "dir", "datetime"} {
			attributes[a] = true
		}
	}
	root, err := html.Parse(strings.NewReader(output))
	if err != nil {
		return err
	}
	ids := map[string]bool{}
	var walk func(*html.Node) error
	walk = func(n *html.Node) error {
		if n.Type == html.CommentNode || n.Type == html.DoctypeNode {
			return fmt.Errorf("a comment or doctype %q", n.Data)
		}
		if n.Type == html.ElementNode {
			if !tags[n.Data] || n.Namespace != "" {
				return fmt.Errorf("an element <%s %s>", n.Namespace, n.Data)
			}
			for _, a := range n.Attr {
				switch {
				case !attributes[a.Key] || a.Namespace != "":
					return fmt.Errorf("an attribute %s on <%s>", a.Key, n.Data)
				case a.Key == "href" && classify(a.Val) == unsafe:
					return fmt.Errorf("an address %q", a.Val)
				case a.Key == "src" && classify(a.Val) != local:
					return fmt.Errorf("a request to %q", a.Val)
				case a.Key == "id" && (a.Val == "" || ids[a.Val]):
					return fmt.Errorf("an id %q that is empty or there twice", a.Val)
				case a.Key == "id":
					ids[a.Val] = true
				}
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if err := walk(c); err != nil {
				return err
			}
		}
		return nil
	}
	return walk(root)
}

func set(words []string) map[string]bool {
	m := map[string]bool{}
	for _, w := range words {
		m[w] = true
	}
	return m
}

// balanced tells whether an output ends every element that it starts: put
// into a page, it must not end one of the page's.
func balanced(output string) error {
	z := html.NewTokenizer(strings.NewReader(output))
	var open []string
	for {
		switch z.Next() {
		case html.ErrorToken:
			if len(open) > 0 {
				return fmt.Errorf("<%s> is left open", open[len(open)-1])
			}
			return nil
		case html.StartTagToken:
			name, _ := z.TagName()
			switch string(name) {
			case "br", "hr", "img", "input", "source", "track", "wbr":
			default:
				open = append(open, string(name))
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			if len(open) == 0 || open[len(open)-1] != string(name) {
				return fmt.Errorf("</%s> ends %v", name, open)
			}
			open = open[:len(open)-1]
		}
	}
}

func checkText(t *testing.T, md string) {
	t.Helper()
	for _, o := range []Options{{Case: true, Terms: caseTerms()}, {RawHTML: Sanitised, Lang: "hi"}} {
		r := caseResolver()
		if o.Lang == "hi" {
			r.Words = hindi
		}
		tx := source.NewText("x.md", []byte(md))
		d := Parse(tx, 0, o)
		f := d.Facts()
		pieces := []string{string(d.HTML(r)), string(d.FacilitatorHTML(Resolver{}))}
		if o.Case {
			intro := d.IntroHTML(r)
			pieces = append(pieces, string(intro.Body), string(intro.Notes))
			for i := range d.Scenes() {
				s := d.SceneHTML(i, r)
				pieces = append(pieces, string(s.Title), string(s.Where), string(s.Body))
				for _, x := range s.Decisions {
					pieces = append(pieces, string(x))
				}
			}
		}
		inline := ParseInline(md, o)
		pieces = append(pieces, string(inline.HTML(r)))
		for i, p := range pieces {
			if err := danger(p, o.RawHTML == Sanitised); err != nil {
				t.Fatalf("piece %d of %q has %v\n%s", i, md, err, p)
			}
			if err := balanced(p); err != nil {
				t.Fatalf("piece %d of %q: %v\n%s", i, md, err, p)
			}
		}
		for _, ref := range f.Refs {
			if ref.Start < 0 || ref.End > len(md) || ref.Start > ref.End {
				t.Fatalf("%q: a reference at %d to %d", md, ref.Start, ref.End)
			}
		}
		for _, h := range f.Headings {
			if h.ID == "" || h.Start < 0 || h.End > len(md) || h.Start > h.End {
				t.Fatalf("%q: a heading %+v", md, h)
			}
		}
		for _, q := range f.Quizzes {
			if q.Start < 0 || q.End > len(md) || q.Start >= q.End {
				t.Fatalf("%q: a quiz %+v", md, q)
			}
		}
		for _, x := range append(d.Diagnostics(), inline.Diagnostics()...) {
			if x.Start.Line < 1 || x.Start.Col < 1 || x.Message == "" || x.Hint == "" || !strings.HasPrefix(x.Code, "markdown/") && !strings.HasPrefix(x.Code, "include/") {
				t.Fatalf("%q: a diagnostic %+v", md, x)
			}
		}
		if again := Parse(tx, 0, o); string(again.HTML(r)) != pieces[0] {
			t.Fatalf("%q: two readings differ", md)
		}
		d = readWhole(md, o)
		body := d.Body()
		if got := body.HTML(r); got != pieces[0] {
			t.Fatalf("%q: a body whose gaps are filled is\n%s\nand not\n%s", md, got, pieces[0])
		}
		page := bytes.NewBufferString("<body>")
		if body.Write(page, r); page.String() != "<body>"+pieces[0] {
			t.Fatalf("%q: written behind a tag, a body is\n%s\nand not\n%s", md, page, pieces[0])
		}
		if got, want := body.HTML(Resolver{}), string(d.HTML(Resolver{})); got != want {
			t.Fatalf("%q: the same body, with nothing known of what lies outside, is\n%s\nand not\n%s", md, got, want)
		}
	}
}

// readWhole reads a text and keeps its tree.
func readWhole(md string, o Options) *Doc {
	t := source.NewText("x.md", []byte(md))
	d := &Doc{text: t, src: t.Bytes, opts: o, tree: newTree()}
	d.read(blockSetup().parser)
	return d
}

// seeds is the Markdown of every case in testdata and of the specification.
func seeds(t testing.TB) []string {
	var out []string
	paths, _ := filepath.Glob("testdata/*.txtar")
	for _, path := range paths {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range parseArchive(string(raw)).files {
			if strings.HasSuffix(f.name, ".md") {
				out = append(out, f.data)
			}
		}
	}
	return out
}

func TestFault01NothingOfAnAuthorsTextRuns(t *testing.T) {
	for _, md := range seeds(t) {
		checkText(t, md)
	}
	for _, e := range specExamples(t) {
		checkText(t, e.markdown)
	}
}

func TestTheOracleSeesWhatRuns(t *testing.T) {
	for _, bad := range []string{
		`<script>x</script>`, `<p onclick="x">y</p>`, `<a href="javascript:x">y</a>`, `<a href="java&#10;script:x">y</a>`, `<p style="x">y</p>`,
		`<img src="https://example.org/x.png">`, `<svg><a></a></svg>`, `<iframe></iframe>`, `<p id="a"></p><p id="a"></p>`, `<!-- x -->`, `<b>x</b>`,
	} {
		if danger(bad, false) == nil {
			t.Errorf("%s passes", bad)
		}
	}
	for _, bad := range []string{`<p>`, `</p>`, `<p><em></p></em>`} {
		if balanced(bad) == nil {
			t.Errorf("%s passes as balanced", bad)
		}
	}
}
