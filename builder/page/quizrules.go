package page

import (
	"bytes"
	"fmt"
	"math"
	"strconv"

	"sopan.dev/sopan/builder/course"
	"sopan.dev/sopan/quiz"
)

// This file says a quiz's rules in words, and makes a course's certificate.

// marks is what a quiz can earn: "" where nothing is marked, or where questions
// are drawn and differ in marks.
func marks(q *quiz.Quiz) string {
	sum := q.Marks()
	if sum == 0 || !q.Scored() {
		return ""
	}
	if q.Asks() < len(q.Questions) {
		for _, one := range q.Questions {
			if !one.Counts() || one.Marks != q.Questions[0].Marks {
				return ""
			}
		}
		sum = float64(q.Asks()) * q.Questions[0].Marks
	}
	return strconv.FormatFloat(sum, 'g', 6, 64)
}

// allowed says how long an attempt may last. Less than a minute is said as one.
func (p *planner) allowed(t quiz.Time, lang string) string {
	if t.Minutes <= 0 {
		return ""
	}
	words := p.duration(int(math.Ceil(t.Minutes)), lang)
	if t.Strict {
		words = p.word(lang, "time_strict", "time", words)
	}
	return words
}

func (p *planner) attempts(a quiz.Attempts, lang string) string {
	switch {
	case a.Most == 1:
		return "1"
	case a.Most > 1:
		return p.word(lang, "attempts_"+a.Counts, "n", fmt.Sprint(a.Most))
	case a.Counts == "last" || a.Counts == "first":
		return p.word(lang, "attempts_"+a.Counts, "n", p.word(lang, "unlimited"))
	default:
		return ""
	}
}

func (p *planner) certificate(b *bytes.Buffer, c *course.Course, lang string) error {
	a := about{kind: "certificate", address: p.site.Certificate(c, lang), lang: lang, title: p.word(lang, "certificate"), course: c}
	return p.execute(b, "certificate", CertificatePage{Common: p.common(a), Complete: p.completeInWords(c, lang)})
}
