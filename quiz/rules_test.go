package quiz_test

import (
	"encoding/json"
	"strings"
	"testing"

	"sopan.dev/sopan/builder/source"
	"sopan.dev/sopan/quiz"
)

// TestThePageIsToldOfTimeDrawAndPurpose: a stratum reaches the browser as the places of its questions.
func TestThePageIsToldOfTimeDrawAndPurpose(t *testing.T) {
	questions := `questions:
- {id: a, ask: A?, right: true, tests: "RTI timelines, level 1"}
- {id: b, ask: B?, right: true, tests: "RTI timelines, level 2"}
- {id: c, ask: C?, right: true, tests: RTI exemptions}
- {id: d, ask: D?, right: true, tests: ["RTI timelines, level 1", RTI exemptions]}
`
	for _, c := range []struct {
		settings, want string
		asks           int
		ruled          bool
	}{
		{"", `"show":"question"`, 4, false},
		{"attempts: 2", `"attempts":{"most":2,"counts":"best"}`, 4, false},
		{"time: 1 hour 30 minutes", `"time":{"seconds":5400}`, 4, true},
		{"time: 90 seconds, strict", `"time":{"seconds":90,"strict":true}`, 4, true},
		{"draw: all", `"show":"question"`, 4, false},
		{"draw: 3", `"draw":{"any":3}`, 3, true},
		{"draw: 2 from RTI timelines level 1, 1 from RTI timelines", `"draw":{"from":[{"count":2,"of":[0,3]},{"count":1,"of":[0,1,3]}]}`, 3, true},
		{"draw: 2 from RTI exemptions", `"draw":{"from":[{"count":2,"of":[2,3]}]}`, 2, true},
		{"kind: diagnostic", `"purpose":"diagnostic"`, 4, true},
	} {
		q, diags := quiz.Read(source.NewText("a.quiz.yaml", []byte("title: T\n"+c.settings+"\n"+questions)))
		if diags.HasErrors() {
			t.Fatalf("%s: %v", c.settings, diags)
		}
		b, err := json.Marshal(quiz.Data(q, quiz.DataOptions{}))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(b), c.want) || q.Asks() != c.asks || q.Ruled() != c.ruled {
			t.Errorf("%s: asks %d (want %d), ruled %v (want %v), data lacks %s:\n%s", c.settings, q.Asks(), c.asks, q.Ruled(), c.ruled, c.want, b)
		}
	}
	q, diags := quiz.Read(source.NewText("a.quiz.yaml", []byte("title: T\nkind: 360\nasked of: [self, peer]\nquestions:\n- {id: a, ask: A?, rate: [low, high]}\n")))
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	b, _ := json.Marshal(quiz.Data(q, quiz.DataOptions{}))
	if want := `"purpose":"360","asked":["self","peer"]`; !strings.Contains(string(b), want) || q.Scored() {
		t.Errorf("a 360 lacks %s, or is scored:\n%s", want, b)
	}
}
