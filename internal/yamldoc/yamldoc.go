// Package yamldoc reads YAML as authors write it: strictly, from its source
// text, and with a place for every complaint.
//
// In goes a stretch of a source text; out come Values, which know their
// position and hand out what a reader asks for (a text, a list, a mapping with
// known keys), noting what does not fit as diagnostics. It never resolves
// types the YAML way (`no` stays "no", `012` stays "012") and never follows
// anchors.
package yamldoc

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"sopan.dev/sopan/builder/source"
	"sopan.dev/sopan/internal/diag"
)

// MaxDepth is how deep a document may nest. The deepest of our formats needs 8.
const MaxDepth = 100

// maxFinds is how many mistakes of a document are told; one with more has one cause.
const maxFinds = 500

// Reader reads one YAML document and gathers what is wrong with it. It serves
// one goroutine.
type Reader struct {
	text     source.Text
	start    int      // where the document starts in the text
	from     diag.Pos // the same
	Diags    diag.List
	rootDesc string
}

// Node is a piece of YAML: what is asked of a yaml.Node here, in half of its
// memory.
type Node struct {
	Kind    yaml.Kind
	Style   yaml.Style
	Value   string // of a scalar
	Content []*Node
	Start   int // its offset in the text, in bytes
	End     int // where Usual read it; yaml.v3 does not tell
}

// Of makes a Node of what yaml.v3 gave of a text.
func Of(y *yaml.Node, text []byte) *Node {
	p := newPlaces(text)
	return p.node(y)
}

// Value is a node of the document. The zero Value stands for "not there".
type Value struct {
	node *Node
	r    *Reader
}

// Parse reads the bytes [start, end) of t, which begin at the start of a line.
// what names the document in messages ("the front matter"). The Value is not
// there when the YAML is empty or cannot be read.
func Parse(t source.Text, start, end int, what string) (Value, *Reader) {
	return parse(t, start, end, what, Usual)
}

// Parse is the function of that name, whose nodes and texts are what Usual gives.
func (r *Room) Parse(t source.Text, start, end int, what string) (Value, *Reader) {
	return parse(t, start, end, what, r.Usual)
}

func parse(t source.Text, start, end int, what string, usual func([]byte) (*Node, bool)) (Value, *Reader) {
	r := &Reader{text: t, start: start, from: t.Pos(start), rootDesc: what}
	src := t.Bytes[start:end]
	if root, ok := usual(src); ok {
		return Value{root, r}, r
	}
	var doc yaml.Node
	if err := unmarshal(oneKindOfLine(src), &doc); err != nil {
		r.syntax(err)
		return Value{}, r
	}
	if doc.Kind == 0 || len(doc.Content) == 0 {
		return Value{}, r
	}
	if !r.walkable(doc.Content[0], src, 1) {
		return Value{}, r
	}
	return Value{Of(doc.Content[0], src), r}, r
}

// unmarshal parses. The parser has panicked on odd input before (go-yaml issues
// 665, 666); an author must get a message, not a stack.
func unmarshal(b []byte, doc *yaml.Node) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("yaml: %v", p)
		}
	}()
	return yaml.Unmarshal(b, doc)
}

// otherLineEnds are line ends for a YAML 1.1 parser alone: no editor counts them.
// They come with texts that are pasted from PDF files and web pages.
var otherLineEnds = [...]string{"\u0085", "\u2028", "\u2029"}

// oneKindOfLine puts a space for each of them, so that the parser's lines and
// columns are those of the text.
func oneKindOfLine(b []byte) []byte {
	for _, end := range otherLineEnds {
		if bytes.Contains(b, []byte(end)) {
			b = bytes.ReplaceAll(b, []byte(end), []byte(" "))
		}
	}
	return b
}

// walkable refuses anchors, aliases, tags and deep nesting before anything
// walks the tree.
func (r *Reader) walkable(n *yaml.Node, src []byte, depth int) bool {
	refuse := func(code, message, hint string) bool {
		Value{Of(n, src), r}.Error(code, message, hint)
		return false
	}
	switch {
	case depth > MaxDepth:
		return refuse("yaml/too-deep", fmt.Sprintf("This is nested more than %d deep.", MaxDepth), "Lay it out flat.")
	case n.Kind == yaml.AliasNode || n.Anchor != "":
		return refuse("yaml/anchor", "YAML anchors (`&name`) and aliases (`*name`) are not used here.", "Write the text out, in quotes when it starts with `&` or `*`.")
	case n.Style&yaml.TaggedStyle != 0:
		return refuse("yaml/tag", fmt.Sprintf("YAML would read `%s` as a type, not as text.", n.Tag), "Put the whole text in quotes.")
	}
	for _, c := range n.Content {
		if !r.walkable(c, src, depth+1) {
			return false
		}
	}
	return true
}

// pos gives the place of a node in the file.
func (r *Reader) pos(n *Node) diag.Pos { return r.text.Pos(r.start + n.Start) }

// Exists tells whether the value is there and not empty (`key:` alone is empty).
func (v Value) Exists() bool {
	return v.node != nil && !(v.node.Kind == yaml.ScalarNode && v.node.Style == 0 && (v.node.Value == "" || v.node.Value == "~"))
}

// Pos is where the value starts.
func (v Value) Pos() diag.Pos {
	if v.node == nil {
		return diag.Pos{}
	}
	return v.r.pos(v.node)
}

// End is where a scalar on one line ends (exclusive); for others it is zero.
func (v Value) End() diag.Pos {
	if v.node == nil || v.node.Kind != yaml.ScalarNode || strings.Contains(v.node.Value, "\n") {
		return diag.Pos{}
	}
	p := v.Pos()
	p.Col += len([]rune(v.node.Value))
	if v.node.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0 {
		p.Col += 2
	}
	return p
}

// Error notes a mistake at the value.
func (v Value) Error(code, message, hint string) { v.note(diag.Error, code, message, hint) }

// Secret notes a mistake in a line that must not be shown again.
func (v Value) Secret(code, message, hint string) {
	v.Error(code, message, hint)
	v.r.Diags[len(v.r.Diags)-1].Secret = true
}

func (v Value) note(s diag.Severity, code, message, hint string) {
	v.r.say(diag.Diagnostic{Start: v.Pos(), End: v.End(), Severity: s, Code: code, Message: message, Hint: hint})
}

func (r *Reader) say(d diag.Diagnostic) {
	switch {
	case len(r.Diags) > maxFinds:
		return
	case len(r.Diags) == maxFinds:
		d = diag.Diagnostic{Start: d.Start, Code: "yaml/too-many", Message: "There are more mistakes than can be shown.", Hint: "Mend these first."}
	}
	r.Diags = append(r.Diags, d)
}

// kindWords names what stands there, for messages.
func (v Value) kindWords() string {
	switch v.node.Kind {
	case yaml.MappingNode:
		return "a group of keys"
	case yaml.SequenceNode:
		return "a list"
	default:
		return "a text"
	}
}

// IsText and IsMap tell what the value is.
func (v Value) IsText() bool { return v.node != nil && v.node.Kind == yaml.ScalarNode }
func (v Value) IsMap() bool  { return v.node != nil && v.node.Kind == yaml.MappingNode }

// Text gives the source text of a scalar, "" where the value is not there.
func (v Value) Text() string {
	if v.node == nil {
		return ""
	}
	if v.node.Kind != yaml.ScalarNode {
		v.Error("yaml/wrong-shape", fmt.Sprintf("Here stands %s, but a text is expected.", v.kindWords()), "Write one text. A text that holds `: ` or starts with `[` or `{` belongs in quotes.")
		return ""
	}
	return strings.TrimSpace(v.node.Value)
}

// Int reads a whole number of at least least; it gives 0 and a diagnostic for
// anything else, 0 alone where the value is not there.
func (v Value) Int(least int) int {
	if !v.Exists() {
		return 0
	}
	s := v.Text()
	n, err := strconv.Atoi(s)
	if err != nil || n < least {
		v.Error("yaml/not-a-number", fmt.Sprintf("`%s` is not a whole number of at least %d.", s, least), "Write digits only.")
		return 0
	}
	return n
}

// Items gives the values of a list. A single text counts as a list of one,
// because that is what an author means.
func (v Value) Items() []Value {
	switch {
	case !v.Exists():
		return nil
	case v.node.Kind == yaml.SequenceNode:
		out := make([]Value, len(v.node.Content))
		for i, c := range v.node.Content {
			out[i] = Value{c, v.r}
		}
		return out
	case v.node.Kind == yaml.ScalarNode:
		return []Value{v}
	}
	v.Error("yaml/wrong-shape", "Here stands a group of keys, but a list is expected.", "Start each entry with `- `.")
	return nil
}

// Texts gives the texts of a list of texts; empty entries are left out.
func (v Value) Texts() []string {
	var out []string
	for _, item := range v.Items() {
		if s := item.Text(); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// Entry is a key of a mapping and its value.
type Entry struct {
	Key   Value
	Value Value
}

// Entries gives the pairs of a mapping in the order of the source, each key
// once; a key that stands twice is an error.
func (v Value) Entries() []Entry {
	if !v.Exists() {
		return nil
	}
	if v.node.Kind != yaml.MappingNode {
		v.Error("yaml/wrong-shape", fmt.Sprintf("Here stands %s, but keys with values (`key: value`) are expected.", v.kindWords()), "Write `key: value`, one a line.")
		return nil
	}
	out := make([]Entry, 0, len(v.node.Content)/2)
	seen := map[string]diag.Pos{}
	for i := 0; i+1 < len(v.node.Content); i += 2 {
		key := Value{v.node.Content[i], v.r}
		if !key.IsText() {
			key.Error("yaml/wrong-shape", "A key must be a word.", "Write `key: value`.")
			continue
		}
		if first, twice := seen[key.node.Value]; twice {
			v.r.say(diag.Diagnostic{
				Start: key.Pos(), End: key.End(), Code: "yaml/key-twice",
				Message: fmt.Sprintf("The key `%s` stands here a second time.", key.node.Value),
				Hint:    "Keep one of them.",
				Related: []diag.Related{{Pos: first, Message: "the first one"}},
			})
			continue
		}
		seen[key.node.Value] = key.Pos()
		out = append(out, Entry{key, Value{v.node.Content[i+1], v.r}})
	}
	return out
}

// Map reads a mapping that may hold the known keys only; any other key is an
// error with the nearest known one. where names the mapping in the message.
func (v Value) Map(where string, known ...string) map[string]Value {
	entries := v.Entries()
	out := make(map[string]Value, len(entries))
	for _, e := range entries {
		k := e.Key.node.Value
		if !slices.Contains(known, k) {
			hint := diag.DidYouMean(k, known)
			if hint == "" {
				hint = "Known keys: " + strings.Join(known, ", ") + "."
			}
			e.Key.Error("yaml/unknown-key", fmt.Sprintf("`%s` is not a key of %s.", k, where), hint)
			continue
		}
		out[k] = e.Value
	}
	return out
}

// Raw is the key or text as it stands, untrimmed.
func (v Value) Raw() string {
	if v.node == nil {
		return ""
	}
	return v.node.Value
}
