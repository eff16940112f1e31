package acceptance

import (
	"fmt"
	"net/url"
	"os"
	"path"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// address is an address in a page and where it stands.
type address struct{ element, attr, to string }

func (a address) String() string { return fmt.Sprintf("<%s %s=%q>", a.element, a.attr, a.to) }

func addresses(root *html.Node) []address {
	var all []address
	for n := range elements(root, "") {
		for _, a := range n.Attr {
			switch a.Key {
			case "href", "src", "action", "poster", "data", "formaction", "cite":
				all = append(all, address{n.Data, a.Key, a.Val})
			case "srcset":
				for part := range strings.SplitSeq(a.Val, ",") {
					if fields := strings.Fields(part); len(fields) > 0 {
						all = append(all, address{n.Data, a.Key, fields[0]})
					}
				}
			}
		}
	}
	return all
}

// TestEveryLinkIsRelativeAndLeadsSomewhere is promise 1: the same bytes work anywhere. An address inside the site is
// relative, ends in a file's name, and its file and its fragment are there.
func TestEveryLinkIsRelativeAndLeadsSomewhere(t *testing.T) {
	s := sampleSite(t)
	ids := map[string][]string{}
	for _, p := range s.Pages {
		for n := range elements(p.Root, "") {
			if id := attribute(n, "id"); id != "" {
				if slices.Contains(ids[p.Path], id) {
					t.Errorf("%s: the id %q stands twice", p.Path, id)
				}
				ids[p.Path] = append(ids[p.Path], id)
			}
		}
	}
	files := map[string]bool{}
	for _, f := range s.files(t) {
		files[f] = true
	}
	for _, p := range s.Pages {
		for _, a := range addresses(p.Root) {
			u, err := url.Parse(a.to)
			switch {
			case err != nil:
				t.Errorf("%s: %v: %v", p.Path, a, err)
				continue
			case u.Scheme == "https" && a.element == "a", a.attr == "cite", u.Scheme == "mailto" && a.element == "a":
				continue // leads out of the site, and only when a learner follows it
			case u.Scheme != "" || u.Host != "":
				t.Errorf("%s: %v names a host", p.Path, a)
				continue
			case strings.HasPrefix(u.Path, "/"):
				t.Errorf("%s: %v starts at a domain's root", p.Path, a)
				continue
			case u.RawQuery == "again" && p.Kind == "unkept":
				continue // where the service worker puts the address of the page that was asked for
			case u.RawQuery != "":
				t.Errorf("%s: %v asks a query, which a file cannot answer", p.Path, a)
				continue
			}
			target := p.Path
			if u.Path != "" {
				target = path.Join(path.Dir(p.Path), u.Path)
			}
			if !files[target] {
				t.Errorf("%s: %v leads to %s, which is not there", p.Path, a, target)
				continue
			}
			if u.Fragment != "" && strings.HasSuffix(target, ".html") && !slices.Contains(ids[target], u.Fragment) {
				t.Errorf("%s: %v: %s has no #%s", p.Path, a, target, u.Fragment)
			}
		}
	}
}

// TestFault10EveryHeadingInAnyScriptHasAnIdThatCanBeLinked looks at Indic headings above all: libraries give them "-".
func TestFault10EveryHeadingInAnyScriptHasAnIdThatCanBeLinked(t *testing.T) {
	s := sampleSite(t)
	hindi := 0
	for _, p := range s.ofKind(t, "lesson") {
		for h := range elements(p.Root, "h2") {
			if !within(h, "prose") {
				continue // the theme's own headings, which nobody links to
			}
			id := attribute(h, "id")
			if strings.Trim(id, "-0123456789") == "" {
				t.Errorf("%s: the heading %q has the id %q", p.Path, text(h), id)
			}
			if p.Lang == "hi" {
				hindi++
			}
		}
	}
	if hindi == 0 {
		t.Error("no Hindi heading was looked at")
	}
}

// within says whether n stands in an element of a class.
func within(n *html.Node, class string) bool {
	for a := range n.Ancestors() {
		if a.Type == html.ElementNode && slices.Contains(strings.Fields(attribute(a, "class")), class) {
			return true
		}
	}
	return false
}

func text(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// TestNoFileOfTheSiteIsALink: what is copied to a host is bytes.
func TestNoFileOfTheSiteIsALink(t *testing.T) {
	s := sampleSite(t)
	for _, f := range s.files(t) {
		if info, err := os.Lstat(s.file(f)); err != nil || !info.Mode().IsRegular() {
			t.Errorf("%s is no plain file: %v", f, err)
		}
	}
}
