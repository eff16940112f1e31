package quiz

import (
	"fmt"
	"strings"
)

// Summary is the quiz in plain lines, one a question, for an author to see how
// it was understood: "3: true or false, 1 mark, RTI timelines level 1".
func (q *Quiz) Summary() []string {
	var lines []string
	for i := range q.Questions {
		one := &q.Questions[i]
		parts := []string{one.answer.summary(), MarksText(one.Marks)}
		switch one.answer.standing() {
		case unmarked:
			parts[1] = "no marks"
		case selfAssessed:
			parts[1] += " (self-assessed)"
		}
		for _, c := range one.Tests {
			parts = append(parts, c.String())
		}
		lines = append(lines, fmt.Sprintf("%d: %s", one.Number, strings.Join(parts, ", ")))
	}
	return lines
}
