package quiz

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"sopan.dev/sopan/builder/source"
	"sopan.dev/sopan/internal/diag"
)

// Naming is an id that is to be written into the source of a question.
type Naming struct {
	ID     string
	Number int    // of the question, in its file or block
	At     int    // offset in the text
	Insert string // what to insert there; lines end in \n
}

// Names finds an id for each question without one, and the place to write it:
// as its first key, in the way the question is written. questions are all that
// the text holds. kept gives an id that a question must have, because learners'
// answers or a translation know it, or "". Without one the id is made of the
// prompt's words.
//
// Nothing is given for a question whose source could not take the line and stay
// what it is; that is a diagnostic.
func Names(t source.Text, questions []Question, kept func(q *Question) string) ([]Naming, diag.List) {
	taken := map[string]bool{}
	for i := range questions {
		if questions[i].IDWritten {
			taken[questions[i].ID] = true
		}
	}
	var names []Naming
	r := new(Room).reader(t)
	for i := range questions {
		q := &questions[i]
		if q.IDWritten {
			continue
		}
		id := kept(q)
		if id == "" || taken[id] {
			id = free(promptSlug(q.Ask.Text), q.Number, taken)
		}
		n := Naming{ID: id, Number: q.Number}
		n.At, n.Insert = insertion(t.Bytes, q.Start, id)
		if !n.fits(t.Bytes, q) {
			r.say(diag.Warning, "quiz/id-not-written", q.Start, q.Start+1, fmt.Sprintf("The id of question %d cannot be written here without changing what stands around it.", q.Number),
				"Write `id: "+id+"` yourself, among the keys of the question.")
			continue
		}
		taken[id] = true
		names = append(names, n)
	}
	return names, r.finds
}

// insertion says how to write an id as the first key of the question that
// starts at an offset.
func insertion(src []byte, start int, id string) (at int, text string) {
	if start < len(src) && src[start] == '{' {
		if next := start + 1; next < len(src) && (src[next] == ' ' || src[next] == '\n') {
			return next, " id: " + id + ","
		}
		return start + 1, "id: " + id + ", "
	}
	line := bytes.LastIndexByte(src[:start], '\n') + 1
	indent := strings.Map(func(c rune) rune {
		return ' ' // for the dash, and for what else stands before the key
	}, string(src[line:start]))
	return start, "id: " + id + "\n" + indent
}

// fits tries the insertion on the question alone: it must be the same question
// afterwards, with the id.
func (n Naming) fits(src []byte, q *Question) bool {
	from := q.Start
	if src[from] != '{' {
		from = bytes.LastIndexByte(src[:from], '\n') + 1 // with its dash and its indentation
	}
	t := source.NewText("", slices.Concat(src[from:n.At], []byte(n.Insert), src[n.At:q.End], []byte("\n")))
	questions, finds := ReadBlock(t, 0, len(t.Bytes))
	if finds.HasErrors() || len(questions) != 1 || questions[0].ID != n.ID || !questions[0].IDWritten {
		return false
	}
	was, is := q.Print(), questions[0].Print()
	return was.Ask == is.Ask && was.Kind == is.Kind && slices.Equal(was.Choices, is.Choices)
}

// free makes an id that nobody has of one that somebody may have; without any
// it is the question's number.
func free(id string, number int, taken map[string]bool) string {
	if id == "" {
		id = fmt.Sprintf("q-%d", number)
	}
	try := id
	for n := 2; taken[try]; n++ {
		try = fmt.Sprintf("%s-%d", id, n)
	}
	return try
}

// slugLetters is how long an id made of a prompt gets: six or seven words.
const slugLetters = 40

// promptSlug makes an id of the words of a prompt: small letters and digits of
// any script with their marks, whole words as far as they go. "" when it has
// none. Joiners go: they are not seen, and a word is the same without them.
func promptSlug(text string) string {
	text = strings.NewReplacer("\u200c", "", "\u200d", "", "'", "", "’", "").Replace(norm.NFC.String(strings.ToLower(text)))
	words := strings.FieldsFunc(text, func(c rune) bool {
		return !unicode.IsLetter(c) && !unicode.IsDigit(c) && !unicode.IsMark(c)
	})
	out, letters := "", 0
	for _, w := range words {
		w = strings.TrimLeftFunc(w, unicode.IsMark)
		n := len([]rune(w))
		switch {
		case w == "":
			continue
		case out == "" && n > slugLetters:
			// Not in the middle of a syllable: marks go with their letter.
			runes := []rune(w)
			end := slugLetters
			for end > 1 && unicode.IsMark(runes[end]) {
				end--
			}
			return string(runes[:end])
		case out == "":
			out, letters = w, n
			continue
		case letters+1+n > slugLetters:
			return out
		}
		out, letters = out+"-"+w, letters+1+n
	}
	return out
}
