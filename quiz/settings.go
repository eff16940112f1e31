package quiz

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"sopan.dev/sopan/internal/diag"
)

// Show says when answers are shown.
type Show string

const (
	ShowQuestion Show = "question" // after each question; what a quiz does by itself
	ShowAttempt  Show = "attempt"  // after the attempt
	ShowLast     Show = "last"     // after the last attempt
	ShowNever    Show = "never"
)

// Attempts says how many there are and which of them counts. Most 0 is
// unlimited.
type Attempts struct {
	Most   int
	Counts string // "best", "last", "first"
}

// Time is how long an attempt may last; Minutes 0 is unlimited. A strict time
// can be neither extended nor paused.
type Time struct {
	Minutes float64
	Strict  bool
}

// Draw says which questions an attempt gets: all, Any number of them, or some
// of each stratum.
type Draw struct {
	Any  int
	From []Stratum
}

// Stratum is a number of questions that test one competency.
type Stratum struct {
	Count int
	Of    Competency
}

// settings reads a quiz file's own keys, and its questions.
func (r *reader) settings(q *Quiz, n *node) {
	f := r.fields(n)
	f.unknown(quizKeys, func(key string) (string, string) {
		if slices.Contains(knownKeys, key) && !slices.Contains(quizKeys, key) {
			return "`" + key + "` belongs to a question, and this is the quiz itself.", "Put a question below `questions:`, each beginning with a dash, and its keys indented by two spaces."
		}
		return "", ""
	})
	q.Title, _ = f.text("title")
	if !f.has("title") {
		r.say(diag.Error, "quiz/no-title", n.Start, f.headEnd(), "The quiz has no title.", "Write `title: …` in the first line.")
	}
	if text, at := f.text("for"); at != nil {
		q.For = Ref{What: "activity", Text: text, Start: at.Start, End: at.End}
	}
	q.Tests = r.competencies(f)
	if text, at := f.text("pass"); at != nil {
		q.Pass = r.pass(at, text)
	}
	if text, at := f.text("time"); at != nil {
		q.Time = r.time(at, text)
	}
	q.Attempts = Attempts{Counts: "best"}
	if text, at := f.text("attempts"); at != nil {
		q.Attempts = r.attempts(at, text)
	}
	q.Show = ShowQuestion
	if text, at := f.text("show"); at != nil {
		q.Show = r.show(at, text)
	}
	if text, at := f.text("kind"); at != nil {
		r.purpose(q, f, at, text)
	}
	q.Penalty = r.penalty(f)
	if at := f.meant("questions", quizKeys); at != nil {
		q.Questions = r.questions(at, &Quiz{Tests: q.Tests, Purpose: q.Purpose, Penalty: q.Penalty})
	} else {
		r.say(diag.Error, "quiz/no-questions", n.Start, f.headEnd(), "The quiz has no questions.", "Write `questions:`, and below it each question beginning with `- ask: …`.")
	}
	if text, at := f.text("marking"); at != nil {
		r.quizMarking(q, at, text)
	}
	if text, at := f.text("draw"); at != nil {
		q.Draw = r.draw(at, text, q)
	}
	q.Sealed = f.flag("sealed")
	r.sealing(q)
	r.openKey(q, f)
}

func (r *reader) pass(n *node, text string) float64 {
	v, percent, ok := parseShare(text)
	switch {
	case ok && percent && v > 0 && v <= 1:
		return v
	case ok && !percent && v >= 1 && v <= 100: // `pass: 1` is 1 mark, 1% or 100%: nobody knows
		r.refuse(n, "quiz/pass", "`pass: "+text+"` has no per cent sign.", "Write `pass: "+text+"%`, or the share you mean.")
	default:
		r.refuse(n, "quiz/pass", "`pass` is the share of the marks that passes, and `"+text+"` is none.", "Write a number from 1% to 100%, such as `pass: 60%`.")
	}
	return 0
}

// parseShare reads "60%" as 0.6, and "60" as a plain number.
func parseShare(text string) (v float64, percent, ok bool) {
	body, percent := strings.CutSuffix(strings.TrimSpace(text), "%")
	v, ok = ParseNumber(body)
	if percent {
		v /= 100
	}
	return v, percent, ok
}

var duration = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?:(\d+) (?:hours?|h))? ?(?:(\d+) (?:minutes?|min))? ?(?:(\d+) (?:seconds?|s))?$`)
})

func (r *reader) time(n *node, text string) Time {
	body, tail, two := strings.Cut(text, ",")
	m := duration().FindStringSubmatch(strings.Join(strings.Fields(Normalise(body)), " "))
	var t Time
	if m != nil {
		for i, each := range []float64{60, 1, 1.0 / 60} {
			v, _ := strconv.ParseFloat("0"+m[i+1], 64)
			t.Minutes += v * each
		}
	}
	t.Strict = two && strings.TrimSpace(tail) == "strict"
	if m == nil || t.Minutes <= 0 || t.Minutes > 24*60 || two && !t.Strict {
		r.refuse(n, "quiz/time", "`time` is how long an attempt may last, and `"+text+"` is no such time.",
			"Write `time: 20 minutes`, `time: 1 hour 30 minutes`, or `time: 20 minutes, strict` if learners may not extend it.")
		return Time{}
	}
	return t
}

func (r *reader) attempts(n *node, text string) Attempts {
	a := Attempts{Counts: "best"}
	ok := true
	for _, part := range strings.Split(Normalise(text), ",") {
		part = strings.TrimSpace(part)
		which, counts := strings.CutSuffix(part, " counts")
		v, err := strconv.Atoi(part)
		switch {
		case counts && slices.Contains([]string{"best", "last", "first"}, which):
			a.Counts = which
		case part == "unlimited":
			a.Most = 0
		case err == nil && v >= 1 && v <= 1000:
			a.Most = v
		default:
			ok = false
		}
	}
	if !ok {
		r.refuse(n, "quiz/attempts", "`attempts: "+text+"` cannot be understood.", "Write a number or `unlimited`, and which attempt counts: `attempts: 3, best counts` (or `last counts`, `first counts`).")
		return Attempts{Counts: "best"}
	}
	return a
}

// shows is what `show` may say; "answers" may stand in front of it.
var shows = []struct {
	words string
	show  Show
}{{"after each question", ShowQuestion}, {"after the attempt", ShowAttempt}, {"after the last attempt", ShowLast}, {"never", ShowNever}}

func showWords() []string {
	var out []string
	for _, s := range shows {
		out = append(out, s.words, "answers "+s.words)
	}
	return out
}

var (
	purposes = []string{"survey", "diagnostic", "360"}            // of `kind`
	people   = []string{"self", "peer", "manager", "subordinate"} // of `asked of`
)

func (r *reader) show(n *node, text string) Show {
	body := strings.TrimPrefix(Normalise(text), "answers ")
	for _, s := range shows {
		if s.words == body {
			return s.show
		}
	}
	hint := diag.DidYouMean(text, showWords())
	if hint == "" {
		hint = "Write one of " + words([]string{"answers after each question", "after the attempt", "after the last attempt", "never"}, "or") + "."
	}
	r.refuse(n, "quiz/show", "`show` says when answers are shown, and `"+text+"` is not known.", hint)
	return ShowQuestion
}

func (r *reader) purpose(q *Quiz, f *fields, n *node, text string) {
	if !slices.Contains(purposes, text) {
		hint := diag.DidYouMean(text, purposes)
		if hint == "" {
			hint = "Write one of " + words(purposes, "or") + ", or take the line away for an ordinary quiz."
		}
		r.refuse(n, "quiz/kind", "`kind` is what the quiz is for, and `"+text+"` is not known.", hint)
		return
	}
	q.Purpose = text
	for _, p := range f.proses("asked of") {
		if !slices.Contains(people, p.Text) {
			r.say(diag.Error, "quiz/asked-of", p.Start, p.End, "`asked of` names who is asked, and `"+p.Text+"` is not known.", "Write one or more of "+words(people, "and")+".")
			continue
		}
		q.AskedOf = append(q.AskedOf, p.Text)
	}
	if text == "360" && !f.has("asked of") {
		r.refuse(n, "quiz/asked-of", "A 360 quiz must say who is asked.", "Add `asked of: [self, peer, manager]`.")
	}
}

var stratum = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(\d+)\s+from\s+(.+)$`) })

func (r *reader) draw(n *node, text string, q *Quiz) Draw {
	body := Normalise(text)
	if body == "all" {
		return Draw{}
	}
	tooMany := func(of string, want, have int) {
		if r.finds.HasErrors() {
			return // questions that could not be read are missing from the count
		}
		r.refuse(n, "quiz/draw-too-large", fmt.Sprintf("`draw` takes %d questions%s, and there are no more than %d.", want, of, have), fmt.Sprintf("Write at most %d, or add questions.", have))
	}
	if v, err := strconv.Atoi(body); err == nil && v > 0 {
		if v > len(q.Questions) {
			tooMany("", v, len(q.Questions))
		}
		return Draw{Any: v}
	}
	// A competency's name may hold a comma before its level: a part that does
	// not begin with "3 from" goes on with the one before.
	var parts []string
	for _, p := range strings.Split(text, ",") {
		p = strings.TrimSpace(p)
		if len(parts) > 0 && !stratum().MatchString(Normalise(p)) {
			parts[len(parts)-1] += ", " + p
			continue
		}
		parts = append(parts, p)
	}
	var d Draw
	for _, p := range parts {
		m := stratum().FindStringSubmatch(p)
		count := 0
		if m != nil {
			count, _ = strconv.Atoi(Normalise(m[1]))
		}
		if count < 1 {
			r.refuse(n, "quiz/draw", "`draw: "+text+"` cannot be understood.", "Write `all`, a number, or parts such as `3 from RTI timelines level 1, 2 from RTI exemptions`.")
			return Draw{}
		}
		s := Stratum{Count: count, Of: parseCompetency(m[2])}
		s.Of.Start, s.Of.End = n.Start, n.End
		d.From = append(d.From, s)
		have := 0
		for i := range q.Questions {
			if slices.ContainsFunc(q.Questions[i].Tests, s.Of.covers) {
				have++
			}
		}
		if count > have {
			tooMany(" from "+s.Of.String(), count, have)
		}
	}
	return d
}

// covers tells whether a question that tests t belongs to the stratum c.
func (c Competency) covers(t Competency) bool {
	return Normalise(c.Name) == Normalise(t.Name) && (c.Level == 0 || c.Level == t.Level)
}

var levelled = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?i)^(.*?)[\s,]+level\s+(\d+)$`) })

// parseCompetency reads "RTI timelines, level 1"; the comma may be left out,
// and the level too.
func parseCompetency(text string) Competency {
	text = strings.Join(strings.Fields(text), " ")
	if m := levelled().FindStringSubmatch(text); m != nil {
		if level, err := strconv.Atoi(m[2]); err == nil {
			return Competency{Name: m[1], Level: level}
		}
	}
	return Competency{Name: text}
}

// competencies reads `tests`: one competency or a list of them.
func (r *reader) competencies(f *fields) []Competency {
	var out []Competency
	for _, p := range f.proses("tests") {
		c := parseCompetency(p.Text)
		c.Start, c.End = p.Start, p.End
		if slices.ContainsFunc(out, func(o Competency) bool { return o.Name == c.Name && o.Level == c.Level }) {
			r.say(diag.Error, "quiz/tests-twice", p.Start, p.End, "`"+p.Text+"` stands twice in `tests`.", "Take one away.")
			continue
		}
		out = append(out, c)
	}
	return out
}
