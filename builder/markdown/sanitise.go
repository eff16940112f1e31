package markdown

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// This file is the harmless subset of HTML, which a site turns on. What it lets
// through is listed here and nothing else is: no address, no style, no class, no
// id, no handler. It goes tag by tag and pairs nothing; who calls it does.

// sanitisedTags are marks on words that Markdown has no sign for. None of them
// lays out, loads, runs or styles anything.
var sanitisedTags = [...]string{
	"abbr", "b", "bdi", "bdo", "br", "cite", "code", "del", "dfn", "em", "i", "ins", "kbd", "mark", "p", "q", "rp", "rt",
	"ruby", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "u", "var", "wbr",
}

func tagAllowed(name string) bool { return slices.Contains(sanitisedTags[:], name) }

// attributeAllowed tells whether an attribute of a sanitised tag is kept.
func attributeAllowed(tag string, a html.Attribute) bool {
	switch a.Key {
	case "lang":
		return madeOf(a.Val, 2, 35, func(c byte) bool { return letterOrDigit(c) || c == '-' })
	case "dir":
		return a.Val == "ltr" || a.Val == "rtl" || a.Val == "auto"
	case "title":
		return tag == "abbr" || tag == "dfn"
	case "datetime":
		return (tag == "time" || tag == "del" || tag == "ins") &&
			madeOf(a.Val, 4, 40, func(c byte) bool { return '0' <= c && c <= '9' || strings.IndexByte("TZ:+.-", c) >= 0 })
	}
	return false
}

// madeOf tells whether a value has between least and most bytes, each of them
// an allowed one.
func madeOf(value string, least, most int, allowed func(byte) bool) bool {
	if len(value) < least || len(value) > most {
		return false
	}
	for i := range len(value) {
		if !allowed(value[i]) {
			return false
		}
	}
	return true
}

func letterOrDigit(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}

// contentDropped tells of a tag that is dropped together with all up to its end:
// what stands in it was meant for no reader's eyes, or for another page.
func contentDropped(name string) bool {
	switch name {
	case "frame", "frameset", "iframe", "noembed", "noframes", "noscript", "nostyle", "object", "title":
		return true
	}
	return false
}

func isCode(name string) bool { return name == "script" || name == "style" }

// sanitise gives what the subset lets through of a piece of HTML: each tag is
// read as browsers read it and written anew, and all text is escaped.
// Comments, doctypes, scripts and styles leave nothing.
func sanitise(raw string) string {
	var b strings.Builder
	dropped, depth := false, 0 // what stands in contentDropped; an end tag too many leaves more out, never less
	code := false              // what stands in a script or style
	z := html.NewTokenizer(strings.NewReader(raw))
	for z.Next() != html.ErrorToken { // of a string: its end
		t := z.Token()
		switch t.Type {
		case html.TextToken:
			if !dropped && !code {
				b.WriteString(t.String())
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			start := t.Type == html.StartTagToken
			if start {
				code = isCode(t.Data)
			}
			if start && contentDropped(t.Data) {
				dropped, depth = true, depth+1
			}
			if !dropped && tagAllowed(t.Data) {
				t.Attr = slices.DeleteFunc(t.Attr, func(a html.Attribute) bool { return !attributeAllowed(t.Data, a) })
				b.WriteString(t.String())
			}
		case html.EndTagToken:
			code = false // the tokenizer ends a script with its own end tag alone
			if contentDropped(t.Data) {
				depth--
				dropped = dropped && depth != 0
			}
			if !dropped && tagAllowed(t.Data) {
				b.WriteString("</" + t.Data + ">")
			}
		}
	}
	return b.String()
}
