package quiz

import (
	"fmt"
	"slices"
	"strings"

	"sopan.dev/sopan/internal/diag"
)

// fields are the keys of a quiz or of a question, each once, with their values.
type fields struct {
	*reader
	node  *node
	index map[string]entry // of many keys; nil for few
}

// fewKeys are looked through one by one, faster than a map is made of them. The
// format's questions have less, and a hostile file may have a hundred thousand.
const fewKeys = 16

// fields takes a mapping apart. A key that stands twice is refused, the first one counts.
func (r *reader) fields(n *node) *fields {
	f := &fields{reader: r, node: n}
	if len(n.Content) > 2*fewKeys {
		f.index = make(map[string]entry, len(n.Content)/2)
		for e := range entries(n) {
			if _, twice := f.index[e.key.Value]; e.key.Kind == scalar && !twice {
				f.index[e.key.Value] = e
			}
		}
	}
	for e := range entries(n) {
		k := e.key
		if k.Kind != scalar {
			r.refuse(k, "quiz/key", "A key must be a word.", "Put quotation marks around it if it is a text.")
			continue
		}
		if first := f.entry(k.Value); first.key != k {
			d := r.refuse(k, "quiz/duplicate-key", "`"+k.Value+"` stands twice here; only one of them can count.", "Take one away, or join the two.")
			d.Related = []diag.Related{{Pos: r.place(first.key.Start), Message: "the first one"}}
		}
	}
	return f
}

// entry finds a key and its value; both are nil where there is none.
func (f *fields) entry(key string) entry {
	if f.index != nil {
		return f.index[key]
	}
	for i, of := 0, f.node.Content; f.node.Kind == pairs && i+1 < len(of); i += 2 { // each key that there can be is asked for
		if k := of[i]; k.Value == key && k.Kind == scalar {
			return entry{k, of[i+1]}
		}
	}
	return entry{}
}

// headEnd is the end of the first key: what is wrong with a question as a whole
// is shown at its beginning.
func (f *fields) headEnd() int {
	for e := range entries(f.node) {
		return e.key.End
	}
	return f.node.Start
}

func (f *fields) has(key string) bool { return f.entry(key).key != nil }

func (f *fields) get(key string) *node { return f.entry(key).value }

// keysIn gives the keys that f has of a list, in the list's order.
func (f *fields) keysIn(keys []string) []string {
	var have []string
	for _, k := range keys {
		if f.has(k) && !slices.Contains(have, k) {
			have = append(have, k)
		}
	}
	return have
}

// meant gives the value of a key, or of one that is misspelt, which unknown
// says: what it holds is read all the same.
func (f *fields) meant(key string, known []string) *node {
	if n := f.get(key); n != nil {
		return n
	}
	if f.full() {
		return nil
	}
	for e := range entries(f.node) {
		if k := e.key; k.Kind == scalar && !slices.Contains(known, k.Value) && diag.Nearest(k.Value, known) == key {
			return f.get(k.Value)
		}
	}
	return nil
}

// unknown refuses the keys that stand in no rule. why may know better than
// "did you mean" for a key (a key of another kind); it returns "" otherwise.
func (f *fields) unknown(known []string, why func(key string) (message, hint string)) {
	for e := range entries(f.node) {
		if f.full() {
			return
		}
		k := e.key
		if k.Kind != scalar || slices.Contains(known, k.Value) {
			continue
		}
		message, hint := why(k.Value)
		if message == "" {
			message = fmt.Sprintf("%s has a key that the format does not know: `%s`.", f.here(), k.Value)
			hint = diag.DidYouMean(k.Value, known)
			if hint == "" {
				hint = "The keys here are " + words(known, "and") + "."
			}
		}
		f.refuse(k, "quiz/unknown-key", message, hint)
	}
}

// words writes a list in a sentence: `a`, `b` and `c`.
func words(list []string, last string) string {
	var b strings.Builder
	for i, w := range list {
		switch {
		case i > 0 && i == len(list)-1:
			b.WriteString(" " + last + " ")
		case i > 0:
			b.WriteString(", ")
		}
		b.WriteString("`" + w + "`")
	}
	return b.String()
}

// asText gives the text of a scalar. What is none is refused, with the line
// that was probably meant.
func (r *reader) asText(n *node, what string) (string, bool) {
	if text := written(n); text != "" {
		return text, true
	}
	switch {
	case n.Kind == pairs && len(n.Content) == 2 && n.Content[0].Kind == scalar && n.Content[1].Kind == scalar:
		meant := n.Content[0].Value + ": " + n.Content[1].Value
		r.refuse(n, "quiz/needs-quotes", "YAML takes the colon here for the end of a key, but "+what+" is one text.", "Write `"+quoteYAML(strings.TrimSpace(meant))+"`.")
		return meant, true
	case n.Kind == list && len(n.Content) == 1 && n.Content[0].Kind == scalar && !strings.HasPrefix(string(r.text.Bytes[n.Start:]), "-"):
		r.refuse(n, "quiz/not-a-text", capital(what)+" is one text; in brackets it becomes a list.", "Write `"+quoteYAML("["+n.Content[0].Value+"]")+"` if the brackets belong to it, or take them away.")
		return n.Content[0].Value, true
	case n.Kind == list:
		r.refuse(n, "quiz/not-a-text", capital(what)+" must be one text, and here is a list.", "Leave one text, without a dash and without brackets.")
	case n.Kind == pairs:
		r.refuse(n, "quiz/not-a-text", capital(what)+" must be one text, and here are keys with values.", "Put quotation marks around the text if its colon belongs to it.")
	default:
		r.refuse(n, "quiz/empty-value", "Nothing is written for "+what+".", "Write it, or take the line away.")
	}
	return "", false
}

// valueText is asText for the value of a key.
func (r *reader) valueText(n *node, key string) (string, bool) {
	if text := written(n); text != "" {
		return text, true
	}
	return r.asText(n, "`"+key+"`")
}

// written is the text of a scalar, "" of anything else.
func written(n *node) string {
	if n.Kind != scalar {
		return ""
	}
	return strings.TrimSpace(n.Value)
}

func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// prose gives the text of a key for learners; the zero Prose when the key is
// not there or is no text.
func (f *fields) prose(key string) Prose {
	n := f.get(key)
	if n == nil {
		return Prose{}
	}
	text, ok := f.valueText(n, key)
	if !ok {
		return Prose{}
	}
	return Prose{Text: text, Start: n.Start, End: n.End, Block: strings.Contains(text, "\n")}
}

// text gives the text of a key that is a setting.
func (f *fields) text(key string) (string, *node) {
	n := f.get(key)
	if n == nil {
		return "", nil
	}
	text, ok := f.valueText(n, key)
	if !ok {
		return "", nil
	}
	return text, n
}

// proses gives the texts of a key that holds one text or a list of them.
func (f *fields) proses(key string) []Prose {
	n := f.get(key)
	if n == nil {
		return nil
	}
	items := []*node{n}
	if n.Kind == list {
		items = n.Content
		if len(items) == 0 {
			f.refuse(n, "quiz/empty-value", "The list of `"+key+"` is empty.", "Write its texts, or take the line away.")
		}
	}
	out := f.room.proses.piece(len(items))
	for _, item := range items {
		if text, ok := f.asText(item, "each `"+key+"`"); ok {
			out = append(out, Prose{Text: text, Start: item.Start, End: item.End, Block: strings.Contains(text, "\n")})
		}
	}
	return out
}

// flag reads true or false.
func (f *fields) flag(key string) bool {
	text, n := f.text(key)
	switch {
	case n == nil || text == "false":
		return false
	case text == "true":
		return true
	}
	f.refuse(n, "quiz/not-true-or-false", "`"+key+"` is `true` or `false`, not `"+text+"`.", "Write `"+key+": true`, or take the line away.")
	return false
}

// place is the position of an offset in the text that is read.
func (r *reader) place(offset int) diag.Pos { return r.text.Pos(offset) }
