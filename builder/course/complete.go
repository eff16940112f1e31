package course

import (
	"fmt"
	"strconv"
	"strings"

	"sopan.dev/sopan/internal/yamldoc"
)

// Complete is a course's completion rule: how much of each type of item must
// be done. Its twin in the browser is CompleteRule in runtime/contract.ts.
type Complete struct {
	Lessons, Quizzes, Cases Share
	Pass                    float64 // 0 to 1: passes a quiz that names no pass mark
}

// Share is a part of the items of a type, 0 to 1. 1 is "all", 0 is "none".
type Share float64

// defaultPass is the pass mark of a quiz where neither it nor its course names
// one: the 60 % that iGOT's assessments commonly ask.
const defaultPass = 0.6

// readComplete reads `complete: {lessons: all, quizzes: all, cases: none, pass: 60%}`.
// What it does not name is "all".
func readComplete(v yamldoc.Value) Complete {
	c := Complete{1, 1, 1, defaultPass}
	if !v.Exists() {
		return c
	}
	m := v.Map("`complete`", completeTable.Names()...)
	for key, to := range map[string]*Share{"lessons": &c.Lessons, "quizzes": &c.Quizzes, "cases": &c.Cases} {
		if v := m[key]; v.Exists() {
			*to = readShare(v)
		}
	}
	if v := m["pass"]; v.Exists() {
		c.Pass = float64(readShare(v))
	}
	return c
}

func readShare(v yamldoc.Value) Share {
	switch s := v.Text(); s {
	case "all":
		return 1
	case "none":
		return 0
	default:
		n, err := strconv.ParseFloat(strings.TrimSuffix(s, "%"), 64)
		if err != nil || !strings.HasSuffix(s, "%") || n < 0 || n > 100 {
			v.Error("front/complete", fmt.Sprintf("`%s` does not say how much.", s), "Write `all`, `none` or a share such as `80%`.")
			return 1
		}
		return Share(n / 100)
	}
}
