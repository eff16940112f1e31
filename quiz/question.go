package quiz

import (
	"fmt"
	"slices"
	"strings"

	"sopan.dev/sopan/internal/diag"
)

var (
	// knownKeys are all keys of the format: those after which a missing space is
	// taken for a slip.
	knownKeys = func() []string {
		keys := slices.Concat(quizKeys, commonKeys)
		for _, k := range kinds {
			keys = slices.Concat(keys, k.words(), k.keys())
		}
		return keys
	}()
	// answerWords are those of all kinds, each once.
	answerWords = func() []string {
		var words []string
		for _, k := range kinds {
			for _, w := range k.words() {
				if !slices.Contains(words, w) {
					words = append(words, w)
				}
			}
		}
		return words
	}()
	// kindsOf are the kinds that an answer word can mean, and keysOf all keys that
	// a question of a kind may have, by the kind's name.
	kindsOf, keysOf = func() (map[string][]kind, map[string][]string) {
		of, keys := map[string][]kind{}, map[string][]string{}
		for _, k := range kinds {
			for _, w := range k.words() {
				of[w] = append(of[w], k)
			}
			keys[k.name()] = slices.Concat(commonKeys, k.words(), k.keys())
		}
		return of, keys
	}()
)

// questions reads a list of questions. What is wrong in one never hides another.
func (r *reader) questions(n *node, quiz *Quiz) []Question {
	if n.Kind != list || len(n.Content) == 0 {
		r.refuse(n, "quiz/not-a-list", "`questions` must be a list of questions.", "Begin each question with `- ask: …`.")
		return nil
	}
	out := r.room.questions.piece(len(n.Content))
	for i, item := range n.Content {
		if r.full() {
			break
		}
		r.question = i + 1
		if item.Kind == unread { // reported when it was parsed
			continue
		}
		if q, ok := r.oneQuestion(item, quiz); ok {
			out = append(out, q)
		}
	}
	r.question = 0
	return out
}

// scalars counts the keys and texts in a node.
func scalars(n *node) int {
	if n.Kind == scalar {
		return 1
	}
	count := 0
	for _, c := range n.Content {
		count += scalars(c)
	}
	return count
}

func (r *reader) oneQuestion(n *node, quiz *Quiz) (Question, bool) {
	if n.Kind != pairs {
		r.refuse(n, "quiz/not-a-question", r.here()+" is no question: it has no `ask:`.", "Write `- ask: …`, and the answer in the lines below it, indented by two spaces.")
		return Question{}, false
	}
	if texts := scalars(n); texts > maxTexts {
		r.say(diag.Error, "quiz/too-long", n.Start, n.Content[0].End, fmt.Sprintf("%s has %d words and texts, and may have %d.", r.here(), texts, maxTexts), "Make several questions of it.")
		return Question{}, false
	}
	f := r.fields(n)
	q := Question{Number: r.question, File: r.text.Path, Start: n.Start, End: n.End, Marks: 1}
	q.Ask = f.prose("ask")
	if !f.has("ask") {
		r.say(diag.Error, "quiz/no-ask", n.Start, f.headEnd(), r.here()+" asks nothing.", "Add `ask: …` with the question.")
	}
	q.ID, q.IDWritten = r.id(f, q.Ask)
	q.Tests = r.competencies(f)
	if len(q.Tests) == 0 {
		q.Tests = quiz.Tests
	}
	if text, at := f.text("marks"); at != nil {
		v, ok := ParseNumber(text)
		switch {
		case !ok:
			r.notANumber(at, text, "marks")
		case v <= 0 || v > 1000:
			r.refuse(at, "quiz/marks", "`marks` must be above 0 and at most 1000.", "Write `marks: 1`, or take the line away: 1 is what a question has by itself.")
		default:
			q.Marks = v
		}
	}
	q.Hints = f.proses("hint")
	q.Why = f.prose("why")
	if text, at := f.text("reread"); at != nil {
		q.Reread = Ref{What: "reread", Text: text, Start: at.Start, End: at.End}
	}
	q.Image = r.image(f)
	if text, at := f.text("certainty"); at != nil {
		if q.Certainty = text == "asked"; !q.Certainty {
			r.refuse(at, "quiz/certainty", "`certainty` can only be `asked`, not `"+text+"`.", "Write `certainty: asked`, or take the line away.")
		}
	}
	k := r.kindOf(f)
	if k == nil {
		return q, false
	}
	f.unknown(keysOf[k.name()], func(key string) (string, string) {
		for _, other := range kinds {
			if have := f.keysIn(k.words()); slices.Contains(other.keys(), key) && len(have) > 0 {
				return fmt.Sprintf("`%s` belongs to a question with %s, and this one has `%s`.", key, words(other.words(), "or"), have[0]),
					"Take `" + key + "` away, or change the kind of the question."
			}
		}
		return "", ""
	})
	if q.answer = k.read(f); q.answer == nil {
		return q, false
	}
	q.Kind = k.name()
	if q.Certainty && !q.Counts() {
		r.refuse(f.get("certainty"), "quiz/certainty", "`certainty` has no meaning here: nothing in this question is right or wrong.", "Take the line away.")
		q.Certainty = false
	}
	if q.Certainty && !f.has("marks") {
		q.Marks = certainMarks
	}
	if quiz.Purpose == "survey" && q.Counts() {
		r.say(diag.Error, "quiz/survey", n.Start, f.headEnd(), r.here()+" has a right answer, and nothing in a survey is right or wrong.", "Ask with `rate` or `write`, or take `kind: survey` away.")
	}
	q.scheme = r.marking(f, quiz, q.answer)
	q.Penalty = r.penalty(f)
	switch {
	case !q.Counts() && q.Penalty != nil:
		r.refuse(f.get("penalty"), "quiz/penalty", "`penalty` has no meaning here: nothing in this question is right or wrong.", "Take the line away.")
		q.Penalty = nil
	case q.Counts() && q.Penalty == nil:
		q.Penalty = quiz.Penalty
	}
	return q, true
}

// kindOf finds the kind of a question by its answer word. There must be one.
func (r *reader) kindOf(f *fields) kind {
	have := f.keysIn(answerWords)
	switch len(have) {
	case 0:
		// `wrong` without `right`, `also` without `answer`: the kind is clear, and
		// it knows best what is missing.
		for _, k := range kinds {
			if len(f.keysIn(k.keys())) > 0 {
				return k
			}
		}
		hint := "Add one of " + words(answerWords, "or") + "."
		for e := range entries(f.node) {
			k := e.key
			if !slices.Contains(commonKeys, k.Value) {
				if near := diag.Nearest(k.Value, answerWords); near != "" {
					hint = "Did you mean `" + near + "` by `" + k.Value + "`?"
				}
			}
		}
		r.say(diag.Error, "quiz/no-answer-word", f.node.Start, f.headEnd(), r.here()+" does not say what the answer is.", hint)
		return nil
	case 1:
		for _, k := range kindsOf[have[0]] {
			if k.claims(f) {
				return k
			}
		}
		panic("quiz: no kind claims " + have[0]) // the last kind of a word claims all
	}
	d := r.refuse(f.entry(have[1]).key, "quiz/two-answer-words", fmt.Sprintf("%s has %d kinds of answer: %s.", r.here(), len(have), words(have, "and")),
		"Keep one of them. For the other, write a question of its own.")
	d.Related = []diag.Related{{Pos: r.place(f.entry(have[0]).key.Start), Message: "the first one"}}
	return nil
}

// image reads `image: {map.svg: What the picture shows}`. The words are for
// those who do not see it, and are required for that reason.
func (r *reader) image(f *fields) *Image {
	n := f.get("image")
	if n == nil {
		return nil
	}
	if n.Kind == pairs && len(n.Content) == 2 && n.Content[0].Kind == scalar && n.Content[1].Kind == scalar && strings.TrimSpace(n.Content[1].Value) != "" {
		k := n.Content[0]
		return &Image{File: Ref{What: "image", Text: k.Value, Start: k.Start, End: k.End}, Alt: strings.TrimSpace(n.Content[1].Value)}
	}
	name := "map.svg"
	if n.Kind == scalar && n.Value != "" {
		name = n.Value
	}
	r.refuse(n, "quiz/image", "The picture has no words for those who cannot see it.", "Write `image: {"+name+": what the picture shows}`.")
	return nil
}
