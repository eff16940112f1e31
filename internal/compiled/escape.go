package compiled

import (
	"bytes"
	"html/template"
	"reflect"
	"strconv"
	"strings"
	"text/template/parse"
)

// The escapers are those of html/template's html.go and url.go, for plain
// texts and for template.HTML; a test compares them.

// escapersOf takes the escapers off a pipeline's end, which html/template has
// put there, and gives what writes a value through them.
func escapersOf(cmds []*parse.CommandNode) (value []*parse.CommandNode, write func(x expr) step) {
	var names []string
	for len(cmds) > 1 {
		last := cmds[len(cmds)-1]
		name, ok := last.Args[0].(*parse.IdentifierNode)
		if !ok || len(last.Args) > 1 || !strings.HasPrefix(name.Ident, "_html_template_") {
			break
		}
		names = append([]string{strings.TrimPrefix(name.Ident, "_html_template_")}, names...)
		cmds = cmds[:len(cmds)-1]
	}
	chain := strings.Join(names, " ")
	return cmds, func(x expr) step {
		text := printed(x)
		if x.typ == reflect.TypeFor[template.HTML]() {
			if chain != "htmlescaper" {
				refuse("HTML through %s", chain)
			}
			return func(e *frame) { e.out.WriteString(text(e)) }
		}
		switch chain {
		case "htmlescaper", "attrescaper", "rcdataescaper":
			return func(e *frame) { escapeHTML(e.out, text(e)) }
		case "urlfilter urlnormalizer attrescaper":
			return func(e *frame) { escapeHTML(e.out, normaliseURL(safeURL(text(e)), true)) }
		case "urlnormalizer attrescaper":
			return func(e *frame) { escapeHTML(e.out, normaliseURL(text(e), true)) }
		case "urlfilter attrescaper":
			return func(e *frame) { escapeHTML(e.out, safeURL(text(e))) }
		case "srcsetescaper attrescaper":
			return func(e *frame) { escapeHTML(e.out, safeSrcset(text(e))) }
		case "urlescaper attrescaper":
			return func(e *frame) { escapeHTML(e.out, normaliseURL(text(e), false)) }
		}
		refuse("the escapers `%s`", chain)
		return nil
	}
}

// printed gives a value's text: of strings and whole numbers, whatever they are
// called, as long as they do not print themselves.
func printed(x expr) func(e *frame) string {
	t := x.typ
	if t.Name() != t.Kind().String() && t != reflect.TypeFor[template.HTML]() && (t.PkgPath() == "html/template" || t.NumMethod() > 0 || reflect.PointerTo(t).NumMethod() > 0) {
		refuse("the text of %s", t)
	}
	switch {
	case x.text != nil:
		return x.text
	case t.Kind() == reflect.String:
		return func(e *frame) string { return x.value(e).String() }
	case t.Kind() == reflect.Int:
		return func(e *frame) string { return strconv.FormatInt(x.value(e).Int(), 10) }
	}
	refuse("the text of %s", t)
	return nil
}

// entities are what HTML has in the place of a byte; those without one stand for themselves.
var entities = [256]string{0: "\uFFFD", '"': "&#34;", '&': "&amp;", '\'': "&#39;", '+': "&#43;", '<': "&lt;", '>': "&gt;"}

func escapeHTML(out *bytes.Buffer, s string) {
	written := 0
	for i := range len(s) {
		if entities[s[i]] == "" {
			continue
		}
		out.WriteString(s[written:i])
		out.WriteString(entities[s[i]])
		written = i + 1
	}
	out.WriteString(s[written:])
}

// safeURL lets relative addresses through and those of the web and of mail.
func safeURL(s string) string {
	if protocol, _, ok := strings.Cut(s, ":"); ok && !strings.Contains(protocol, "/") {
		if !strings.EqualFold(protocol, "http") && !strings.EqualFold(protocol, "https") && !strings.EqualFold(protocol, "mailto") {
			return "#ZgotmplZ"
		}
	}
	return s
}

// normaliseURL percent-encodes what cannot stand in an address; norm leaves
// the signs that have a meaning in one, and what is encoded already.
func normaliseURL(s string, norm bool) string {
	stands := unreserved
	if norm {
		stands = reserved
	}
	var b []byte
	written := 0
	for i := range len(s) {
		switch kind := inURL[s[i]]; {
		case kind >= stands, norm && kind == percent && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]):
			continue
		}
		b = append(b, s[written:i]...)
		b = append(b, '%', "0123456789abcdef"[s[i]>>4], "0123456789abcdef"[s[i]&15])
		written = i + 1
	}
	if written == 0 {
		return s
	}
	return string(append(b, s[written:]...))
}

// safeSrcset lets through those of the addresses, parted by commas, that are
// safe and have nothing but a width or a density behind them.
func safeSrcset(s string) string {
	var out []string
	for part := range strings.SplitSeq(s, ",") {
		rest := strings.TrimLeft(part, htmlSpace)
		blank := part[:len(part)-len(rest)]
		address, size := rest, ""
		if end := strings.IndexAny(rest, htmlSpace); end >= 0 {
			address, size = rest[:end], rest[end:]
		}
		if safeURL(address) != address || strings.ContainsFunc(size, notOfASize) {
			out = append(out, "#ZgotmplZ")
			continue
		}
		out = append(out, blank+normaliseURL(address, true)+size)
	}
	return strings.Join(out, ",")
}

const htmlSpace = "\t\n\f\r "

func notOfASize(c rune) bool {
	return !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.ContainsRune(htmlSpace, c))
}

// What a byte is in an address; the zero value is one that cannot stand there.
const (
	percent  byte = iota + 1
	reserved      // it has a meaning
	unreserved
)

var inURL = func() (kinds [256]byte) {
	for c := range kinds {
		switch c := byte(c); {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', strings.IndexByte("-._~", c) >= 0:
			kinds[c] = unreserved
		case strings.IndexByte("!#$&*+,/:;=?@[]", c) >= 0:
			kinds[c] = reserved
		case c == '%':
			kinds[c] = percent
		}
	}
	return kinds
}()

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}
