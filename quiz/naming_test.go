package quiz

import (
	"slices"
	"strings"
	"testing"

	"sopan.dev/sopan/builder/source"
)

// namedText writes the ids into a text, as Names gives them.
func namedText(t *testing.T, text string, kept func(q *Question) string) (string, []Naming) {
	t.Helper()
	in := source.NewText("x.quiz.yaml", []byte(text))
	var questions []Question
	if strings.HasPrefix(text, "title:") {
		q, finds := Read(in)
		if finds.HasErrors() {
			t.Fatalf("%s\n%s", text, spoken(finds))
		}
		questions = q.Questions
	} else {
		var err interface{ HasErrors() bool }
		questions, err = ReadBlock(in, 0, len(in.Bytes))
		if err.HasErrors() {
			t.Fatalf("%s has errors", text)
		}
	}
	names, finds := Names(in, questions, kept)
	if len(finds) > 0 {
		t.Fatalf("%s\n%s", text, spoken(finds))
	}
	for _, n := range slices.Backward(names) {
		text = text[:n.At] + n.Insert + text[n.At:]
	}
	return text, names
}

func nothingKept(*Question) string { return "" }

func TestAnIDIsWrittenTheWayTheQuestionIs(t *testing.T) {
	for name, c := range map[string][2]string{
		"a block": {"title: T  # the title\nquestions:\n\n# first\n- ask: Who hears it?   # a comment\n  right: \"x\"\n  wrong: ['y']\n",
			"title: T  # the title\nquestions:\n\n# first\n- id: who-hears-it\n  ask: Who hears it?   # a comment\n  right: \"x\"\n  wrong: ['y']\n"},
		"indented, more space after the dash": {"title: T\nquestions:\n  -   ask: Who?\n      right: true\n", "title: T\nquestions:\n  -   id: who\n      ask: Who?\n      right: true\n"},
		"the dash alone":                      {"title: T\nquestions:\n-\n  # note\n  ask: Who?\n  right: true\n", "title: T\nquestions:\n-\n  # note\n  id: who\n  ask: Who?\n  right: true\n"},
		"another key first":                   {"- right: true\n  ask: Who?\n", "- id: who\n  right: true\n  ask: Who?\n"},
		"a question without a dash":           {"ask: Who?\nright: true\n", "id: who\nask: Who?\nright: true\n"},
		"in braces":                           {"- {ask: Who?, right: true}\n", "- {id: who, ask: Who?, right: true}\n"},
		"in braces with spaces":               {"- { ask: Who?, right: true }\n", "- { id: who, ask: Who?, right: true }\n"},
		"in braces over lines":                {"- {\n    ask: Who?, # why\n    right: true\n  }\n", "- { id: who,\n    ask: Who?, # why\n    right: true\n  }\n"},
		"in brackets":                         {"title: T\nquestions: [{ask: Who?, right: true}, {ask: What?, right: true}]\n", "title: T\nquestions: [{id: who, ask: Who?, right: true}, {id: what, ask: What?, right: true}]\n"},
		"a key in quotes":                     {"- \"ask\": Who?\n  right: true\n", "- id: who\n  \"ask\": Who?\n  right: true\n"},
		"a block text":                        {"- ask: |\n    One.\n\n    Two.\n  right: true\n", "- id: one-two\n  ask: |\n    One.\n\n    Two.\n  right: true\n"},
		"Hindi":                               {"- ask: \"कौन-सा नियम किताब में है?\"\n  right: true\n", "- id: कौन-सा-नियम-किताब-में-है\n  ask: \"कौन-सा नियम किताब में है?\"\n  right: true\n"},
		"Tamil":                               {"- {ask: எத்தனை நாட்கள்?, right: true}\n", "- {id: எத்தனை-நாட்கள், ask: எத்தனை நாட்கள்?, right: true}\n"},
		"no letters":                          {"- {ask: \"?!\", right: true}\n- {ask: \"1 + 1 = 2\", right: true}\n- {ask: \"…\", right: true}\n", "- {id: q-1, ask: \"?!\", right: true}\n- {id: 1-1-2, ask: \"1 + 1 = 2\", right: true}\n- {id: q-3, ask: \"…\", right: true}\n"},
		"taken already":                       {"- {ask: Who?, right: true}\n- {id: who, ask: What?, right: true}\n- {ask: Who!, right: false}\n", "- {id: who-2, ask: Who?, right: true}\n- {id: who, ask: What?, right: true}\n- {id: who-3, ask: Who!, right: false}\n"},
		"long":                                {"- {ask: Within how many days must an ordinary request for information be answered?, right: true}\n", "- {id: within-how-many-days-must-an-ordinary, ask: Within how many days must an ordinary request for information be answered?, right: true}\n"},
		"one long word":                       {"- {ask: " + strings.Repeat("की", 50) + ", right: true}\n", "- {id: " + strings.Repeat("की", 20) + ", ask: " + strings.Repeat("की", 50) + ", right: true}\n"},
		"Markdown and apostrophes":            {"- {ask: \"What does *section 7(1)* of one's Act say?\", right: true}\n", "- {id: what-does-section-7-1-of-ones-act-say, ask: \"What does *section 7(1)* of one's Act say?\", right: true}\n"},
	} {
		got, names := namedText(t, c[0], nothingKept)
		if got != c[1] {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, c[1])
			continue
		}
		for _, n := range names {
			if !isSlug(n.ID) {
				t.Errorf("%s: %q is no id", name, n.ID)
			}
		}
		if again, more := namedText(t, got, nothingKept); again != got || len(more) > 0 {
			t.Errorf("%s: the second time it becomes\n%s", name, again)
		}
	}
}

func TestAnIDThatAnswersStandUnderIsKept(t *testing.T) {
	got, _ := namedText(t, "- {ask: Who?, right: true}\n- {ask: What?, right: true}\n", func(q *Question) string {
		if q.Number == 1 {
			return q.ID
		}
		return ""
	})
	if want := "- {id: q-" + textID("Who?") + ", ask: Who?, right: true}\n- {id: what, ask: What?, right: true}\n"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// A place that is not what it was taken for: nothing is written there.
func TestAnIDIsNotWrittenWhereItWouldChangeSomething(t *testing.T) {
	in := source.NewText("x", []byte("- ask: Who?\n  right: true\n"))
	questions, finds := ReadBlock(in, 0, len(in.Bytes))
	if finds.HasErrors() {
		t.Fatal(spoken(finds))
	}
	questions[0].Start += 2
	names, said := Names(in, questions, nothingKept)
	if len(names) != 0 || len(said) != 1 || said[0].Code != "quiz/id-not-written" || !strings.Contains(said[0].Hint, "id: who") {
		t.Errorf("%v %s", names, spoken(said))
	}
}
