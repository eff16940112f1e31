package quiz

import (
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"sopan.dev/sopan/internal/diag"
)

// textID is the identity of a text that has no other: eight letters and digits
// of the SHA-256 of its normalised form. It keeps when texts change places,
// and an edited text honestly becomes a new one. Forty bits: among a thousand
// choices of one question two would meet once in two million questions.
func textID(text string) string {
	var room [256]byte
	sum := sha256.Sum256(appendNormalised(room[:0], text))
	return string(idLetters.AppendEncode(room[:0], sum[:5]))
}

// noText is the identity of a text without letters.
var noText = textID("")

var idLetters = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567")

// id gives a question's identity, and refuses one that stands twice.
func (r *reader) id(f *fields, ask Prose) (id string, written bool) {
	text, n := f.text("id")
	if n != nil {
		text = norm.NFC.String(text)
		if !isSlug(text) {
			r.refuse(n, "quiz/id", "`"+text+"` cannot be an id.", "Write a short id of letters, digits and hyphens, such as `"+slug(text)+"`.")
			n = nil
		}
	}
	at := pos{f.node.Start, f.node.Start}
	if n != nil {
		at = pos{n.Start, n.End}
	} else {
		text = "q-" + textID(ask.Text)
		if !f.has("id") && ask.Text != "" {
			r.nameless = append(r.nameless, at)
		}
	}
	if first, twice := r.ids[text]; twice && (n != nil || ask.Text != "") {
		if n != nil {
			r.twice(text, first, at)
		} else {
			d := r.say(diag.Error, "quiz/duplicate-id", at.start, at.end, r.here()+" asks the same as an earlier question, and neither has an id.", "Give each an `id`, or take one away.")
			d.Related = []diag.Related{{Pos: r.place(first.start), Message: "the earlier one"}}
		}
	} else {
		r.ids[text] = at
	}
	return text, n != nil
}

func (r *reader) twice(id string, first, second pos) {
	d := r.say(diag.Error, "quiz/duplicate-id", second.start, second.end, "The id `"+id+"` stands twice. Answers to the one would count for the other.", "Change one of them, and keep the one that is published already.")
	d.Related = []diag.Related{{Pos: r.place(first.start), Message: "the first one"}}
}

// nameMissingIDs says once a file that questions have no id.
func (r *reader) nameMissingIDs(severity diag.Severity) {
	if len(r.nameless) == 0 {
		return
	}
	what := "A question has no `id`."
	if n := len(r.nameless); n > 1 {
		what = fmt.Sprintf("%d questions have no `id`.", n)
	}
	first := r.nameless[0]
	r.say(severity, "quiz/id-missing", first.start, first.end, what+" When its words change, a learner's answers are lost to it.",
		"Add a short `id: …` to each; `sopan check --fix` writes them for you.")
}

// isSlug tells whether a word may be an id: letters of any script, digits,
// hyphens and underscores, at most 64 of them.
func isSlug(s string) bool {
	n := 0
	for i, c := range s {
		mark := unicode.IsMark(c) || c == '-' || c == '_' || c == 0x200c || c == 0x200d
		if !unicode.IsLetter(c) && !unicode.IsDigit(c) && (!mark || i == 0) {
			return false
		}
		n++
	}
	return n > 0 && n <= 64
}

// slug makes an id of any text, for a hint.
func slug(s string) string {
	var b strings.Builder
	for _, c := range strings.ToLower(s) {
		switch {
		case unicode.IsLetter(c) || unicode.IsDigit(c) || unicode.IsMark(c) && b.Len() > 0:
			b.WriteRune(c)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
		if b.Len() > 40 {
			break
		}
	}
	if out := strings.Trim(b.String(), "-"); out != "" {
		return out
	}
	return "question-1"
}
