package quiz

import (
	"encoding/json"
	"fmt"
	"testing"
)

// Keyboards, phones and word processors write one word in several ways: in one piece or taken apart, with a joiner or
// without. A learner's spelling of the right word is right whichever the author had, and TestBothGradersAgree holds the
// browser to the same.
func TestFault11OneAnswerInSeveralSpellingsIsOneAnswer(t *testing.T) {
	for _, spellings := range [][]string{
		{"\u0958ानून", "\u0915\u093cानून"},                       // qa, in one piece and with a nukta
		{"क्ष", "क्\u200dष", "क्\u200cष", "\u200dक्ष"},           // with and without joiners
		{"caf\u00e9", "cafe\u0301", "CAF\u00c9", " cafe\u0301 "}, // Latin, composed and not
		{"\u0bca", "\u0bc6\u0bbe"},                               // Tamil o, in one sign and in two
		{"ग्राम सभा", "ग्राम\u00a0सभा", "ग्राम  सभा"},            // blanks
	} {
		for _, author := range spellings {
			yaml, err := json.Marshal(author)
			if err != nil {
				t.Fatal(err)
			}
			q := oneQuestion(t, "q", fmt.Appendf(nil, "id: a\nask: Write it.\nanswer: %s\n", yaml))
			for _, learner := range spellings {
				response, err := json.Marshal(learner)
				if err != nil {
					t.Fatal(err)
				}
				if got := judged(q, response, 0); got != "1" {
					t.Errorf("the author wrote %+q, the learner %+q: %s, want 1", author, learner, got)
				}
			}
			if got := judged(q, json.RawMessage(`"कुछ और"`), 0); got != "0" {
				t.Errorf("the author wrote %+q, and another word earns %s", author, got)
			}
		}
	}
}
