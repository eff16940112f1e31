package schema

import "sopan.dev/sopan/internal/format"

// This file is the format of learners' files, learners/NAME.yaml, which package
// simulate reads by these tables. docs/records.md describes them.

// Learner is the whole file.
func Learner() format.Table {
	return format.Table{Keys: []format.Key{
		{Name: "title", Says: "Who this learner is, in a line.", Value: format.Text()},
		{Name: "course", Says: "The folder of the course. Needed where the site has several.", Value: format.Text()},
		{Name: "language", Says: "In which the learner begins. Without it the course's first one.", Value: format.Text()},
		{Name: "does", Says: "What the learner does, a step a line.", Value: format.ListOf(format.TableOf(Step())), Required: true},
	}}
}

// Step is one thing that a learner does: one word, and beside it what may be
// said about it.
func Step() format.Table {
	marks := format.Words("right", "wrong", "skip")
	return format.Table{
		Keys: []format.Key{
			{Name: "go through", Says: "Items, in their order, all rightly: addresses, modules or `everything`.", Value: format.Texts()},
			{Name: "except", Says: "Items that are left out.", Value: format.Texts()},
			{Name: "read", Says: "Lessons that are read and marked as read.", Value: format.Texts()},
			{Name: "read again", Says: "Lessons that were read before and are read to their ends.", Value: format.Texts()},
			{Name: "practise", Says: "Lessons whose practice questions are answered.", Value: format.Texts()},
			{Name: "begin", Says: "Items that are opened, and nothing more.", Value: format.Texts()},
			{Name: "answer", Says: "Quizzes: what is not answered yet is answered, and the quiz handed in.", Value: format.Texts()},
			{Name: "all", Says: "How questions are answered; `right` without it.", Value: marks},
			{Name: "but", Says: "How some questions are answered, by their ids.", Value: format.Value{Any: &marks}},
			{Name: "only", Says: "Ids of the questions that are answered now.", Value: format.Texts()},
			{Name: "hand in", Says: "`no`: the quiz is left open.", Value: format.Words("yes", "no")},
			{Name: "decide", Says: "A case study in which decisions are taken.", Value: format.Texts()},
			{Name: "take", Says: "The scenes that the decisions lead to; `best` is the best way.", Value: format.Texts()},
			{Name: "give", Says: "The number that the host asks for.", Value: format.Text()},
			{Name: "withdraw", Says: "The number, taken back.", Value: format.Text()},
			{Name: "switch to", Says: "A language, by the switch on the page.", Value: format.Text()},
			{Name: "tab", Says: "A tab by its number; it is opened when it is new.", Value: format.Text()},
			{Name: "go", Says: "The network goes, or comes back.", Value: format.Words("offline", "online")},
			{Name: "then", Says: "What happens to the page.", Value: format.Words("reload", "leave", "come back")},
		},
		OneOf: []string{"go through", "read", "read again", "practise", "begin", "answer", "decide", "give", "withdraw", "switch to", "tab", "go", "then"},
		Needs: map[string][]string{
			"except": {"go through"}, "all": {"answer"}, "but": {"answer"}, "only": {"answer"}, "hand in": {"answer"}, "take": {"decide"},
		},
	}
}
