package quiz

import "math"

// CourseRule says how much of a course must be done, as shares from 0 (none) to 1 (all).
type CourseRule struct{ Lessons, Quizzes, Cases float64 }

// CourseItem is something that can be finished: "lesson", "quiz" or "case".
type CourseItem struct{ Key, Type string }

// ItemState is how far a learner is in an item. Scaled and Passed are nil where there is nothing to mark or to pass.
type ItemState struct {
	Done   bool
	Scaled *float64
	Passed *bool
}

// CourseTold is what was said of the course earlier in the same attempt: it is never taken back.
type CourseTold struct{ Completed, Passed bool }

// CourseVerdict is what a course comes to.
type CourseVerdict struct {
	Completed bool
	Success   string   // "unknown", "passed" or "failed"
	Scaled    *float64 // mean of the quizzes that were handed in and have a share of marks
	Done, Of  int
}

// VerdictOf says what a course comes to, from the states of its items by key. It is the twin of runtime/verdict.ts, which
// explains the rule; both run testdata/verdict.txtar. For a module, give its items alone.
func VerdictOf(rule CourseRule, items []CourseItem, states map[string]ItemState, told CourseTold) CourseVerdict {
	var count, done, reached [3]int // lessons, quizzes, cases
	place := map[string]int{"lesson": 0, "quiz": 1, "case": 2}
	v := CourseVerdict{Success: "unknown", Of: len(items)}
	passed, sum, scores := false, 0.0, 0
	for _, item := range items {
		i, s := place[item.Type], states[item.Key]
		count[i]++
		if !s.Done {
			continue
		}
		done[i]++
		v.Done++
		if item.Type != "quiz" || s.Passed == nil || *s.Passed {
			reached[i]++
		}
		if item.Type == "quiz" {
			passed = passed || s.Passed != nil && *s.Passed
			if s.Scaled != nil {
				sum += *s.Scaled
				scores++
			}
		}
	}
	met := func(i int, need float64) bool {
		// 0.6 of 5 is 3.0000000000000004 in binary: the noise must not ask for a fourth.
		return float64(reached[i]) >= math.Ceil(float64(need*float64(count[i]))-1e-9)
	}
	others, enough := met(0, rule.Lessons) && met(2, rule.Cases), met(1, rule.Quizzes)
	v.Completed = told.Completed || len(items) > 0 && others && enough
	switch {
	case told.Passed || v.Completed && rule.Quizzes > 0 && passed:
		v.Success = "passed"
	case !v.Completed && others && done[1] == count[1] && !enough:
		v.Success = "failed"
	}
	if scores > 0 {
		mean := sum / float64(scores)
		v.Scaled = &mean
	}
	return v
}
