package quiz

import (
	"slices"

	"sopan.dev/sopan/internal/format"
)

// Format is the keys of a quiz file, those of its questions among them. What
// Read takes and what an editor is told come from here.
func Format() format.Table {
	t := format.Table{Keys: slices.Clone(quizTable.Keys)}
	for i, k := range t.Keys {
		if k.Name == "questions" {
			t.Keys[i].Value = format.ListOf(format.TableOf(questionFormat()))
		}
	}
	return t
}

// quizTable is the keys of a quiz file.
var quizTable = format.Table{Keys: []format.Key{
	{Name: "title", Says: "The quiz's title.", Value: format.Text(), Required: true},
	{Name: "for", Says: "What the quiz prepares for: a role, or `role > activity`, of content/roles.yaml.", Value: format.Text()},
	{Name: "tests", Says: "The competency of questions that name none: `RTI timelines, level 1`, or a list of them.", Value: format.Texts()},
	{Name: "pass", Says: "The share of the marks that passes: `60%`.", Value: format.Text()},
	{Name: "time", Says: "How long an attempt may last: `20 minutes`; `20 minutes, strict` if learners may not extend it.", Value: format.Text()},
	{Name: "attempts", Says: "How many attempts there are, and which counts: `3, best counts`, `unlimited`.", Value: format.Text()},
	{Name: "show", Says: "When answers are shown.", Value: format.Words(showWords()...)},
	{Name: "draw", Says: "Which questions an attempt gets: `all`, `10`, `3 from RTI timelines level 1, 2 from RTI exemptions`.", Value: format.Text()},
	{Name: "kind", Says: "What the quiz is for, if it is no ordinary one.", Value: format.Words(purposes...)},
	{Name: "asked of", Says: "Who is asked in a quiz of the kind 360.", Value: format.Value{Words: people, List: &format.Value{Words: people}}},
	{Name: "marking", Says: "How marks are given: `all or nothing`, `each decision`, `fair guess`, `minus 1/3`.", Value: format.Text()},
	{Name: "penalty", Says: "What each earlier try at a question costs: `1/3`, `25%`.", Value: format.Text()},
	{Name: "sealed", Says: "`true` keeps the answers out of the page; responses are marked elsewhere.", Value: format.Words("true", "false")},
	{Name: "questions", Says: "The questions, each beginning with `- ask:` or `- id:`.", Required: true},
}}

// questionTable is the keys that every question may have.
var questionTable = format.Table{Keys: []format.Key{
	{Name: "ask", Says: "The question. Inline Markdown; over several lines (`ask: |`) also paragraphs and lists.", Value: format.Text(), Required: true},
	{Name: "id", Says: "A short name that is kept once learners have seen the question: answers are kept by it.", Value: format.Text()},
	{Name: "tests", Says: "The competency that the question tests, or a list of them.", Value: format.Texts()},
	{Name: "marks", Says: "How many marks the question has; 1 without it.", Value: format.Text()},
	{Name: "marking", Says: "How marks are given: `all or nothing`, `each decision`, `fair guess`, `minus 1/3`.", Value: format.Text()},
	{Name: "hint", Says: "A hint, or a list that is given one at a time.", Value: format.Texts()},
	{Name: "why", Says: "Why the right answer is right; shown once it is marked.", Value: format.Text()},
	{Name: "reread", Says: "What to read again: a lesson's address in its course, with a heading.", Value: format.Text()},
	{Name: "image", Says: "A picture, with words for those who cannot see it: `{map.svg: What it shows}`.", Value: format.Value{Any: ptr(format.Text())}},
	{Name: "certainty", Says: "`asked`: the learner is asked how sure they are.", Value: format.Words("asked")},
	{Name: "penalty", Says: "What each earlier try costs: `1/3`, `25%`.", Value: format.Text()},
}}

// quizKeys are the keys of a quiz file, commonKeys those of every question.
var (
	quizKeys   = quizTable.Names()
	commonKeys = questionTable.Names()
)

func ptr(v format.Value) *format.Value { return &v }

// choices is one text, several, or texts with feedback.
var choices = format.Value{
	Text: true, Any: ptr(format.Text()),
	List: &format.Value{Text: true, Any: ptr(format.Text())},
}

// answerForms says what stands behind the answer words and the further keys of
// the kinds. Which there are is for the kinds to say.
var answerForms = map[string]format.Key{
	"right":   {Says: "The right choice; a list of them: choose all that apply; `true` or `false`.", Value: choices},
	"wrong":   {Says: "The wrong choices; feedback may follow a colon.", Value: choices},
	"options": {Says: "All choices in a fixed order; `right` repeats one of them.", Value: choices},
	"answer":  {Says: "The text that is to be typed.", Value: format.Text()},
	"also":    {Says: "Other texts that are right too.", Value: format.Texts()},
	"number":  {Says: "The number that is right: `25,000`.", Value: format.Text()},
	"within":  {Says: "How far off an answer may be: `5`, `5%`.", Value: format.Text()},
	"unit":    {Says: "The unit of the number.", Value: format.Text()},
	"fill":    {Says: "A text with blanks: `[[30]]`, `[[30 / thirty]]`, `[[right | wrong | wrong]]`.", Value: format.Text()},
	"match":   {Says: "Pairs: `{Request: Section 6, Appeal: Section 19}`.", Value: format.Value{Any: ptr(format.Text())}},
	"extra":   {Says: "Texts on the right-hand side that nothing belongs to.", Value: format.Texts()},
	"order":   {Says: "The steps in their right order.", Value: format.ListOf(format.Text())},
	"sort":    {Says: "Groups, each with what belongs into it.", Value: format.Value{Any: ptr(format.Texts())}},
	"write":   {Says: "A free text, and about how long: `150 words`.", Value: format.Text()},
	"model":   {Says: "A text that would be good; shown after writing.", Value: format.Text()},
	"rubric":  {Says: "What is looked for, each with its points: `{Gives reasons: 2}`.", Value: format.Value{Any: ptr(format.Text())}},
	"do":      {Says: "A checklist.", Value: format.ListOf(format.Text())},
	"rate":    {Says: "The points of a scale, from the lowest.", Value: format.ListOf(format.Text())},
	"case":    {Says: "A case study, by its name or address.", Value: format.Text()},
}

// questionFormat is the keys of a question: those of every question, and those
// of the kinds, of whose answer words there must be exactly one.
func questionFormat() format.Table {
	t := format.Table{Keys: slices.Clone(questionTable.Keys), OneOf: answerWords, Needs: map[string][]string{}}
	add := func(name string) {
		if slices.ContainsFunc(t.Keys, func(k format.Key) bool { return k.Name == name }) {
			return
		}
		k := answerForms[name] // a test says which is missing
		k.Name = name
		t.Keys = append(t.Keys, k)
	}
	for _, k := range kinds {
		for _, w := range k.words() {
			add(w)
		}
		for _, name := range k.keys() {
			add(name)
			t.Needs[name] = append(t.Needs[name], k.words()...)
		}
	}
	return t
}
