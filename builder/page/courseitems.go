package page

import (
	"bytes"
	"encoding/json"
	"path"

	"sopan.dev/sopan/builder/bundle"
	"sopan.dev/sopan/builder/course"
)

// This file is the Go side of CourseData in runtime/contract.ts: what all
// pages of a course share, as a classic script, because a page from a disk can
// load a script and nothing else. It is the same for all languages.

type courseItems struct {
	V        int          `json:"v"`
	Items    [][2]string  `json:"items"` // key, type
	Complete completeRule `json:"complete"`
}

type completeRule struct {
	Lessons any `json:"lessons"`
	Quizzes any `json:"quizzes"`
	Cases   any `json:"cases"`
}

func (p *planner) courseItems(b *bytes.Buffer, c *course.Course) error {
	items := c.Items()
	data := courseItems{
		V: 1, Items: make([][2]string, len(items)),
		Complete: completeRule{shareData(c.Complete.Lessons), shareData(c.Complete.Quizzes), shareData(c.Complete.Cases)},
	}
	for n, i := range items {
		data.Items[n] = [2]string{i.Key, string(i.Type)}
	}
	b.WriteString("sopanCourse=")
	return json.NewEncoder(b).Encode(data)
}

// courseAddress is where a course's script stands. Its name has no hash: a new
// lesson must not change every page.
func courseAddress(c *course.Course) string {
	return path.Join(bundle.Folder, "course", c.Slug+".js")
}

func shareData(s course.Share) any {
	switch s {
	case 1:
		return "all"
	case 0:
		return "none"
	default:
		return float64(s)
	}
}
