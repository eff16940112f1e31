package page

import (
	"bytes"
	"encoding/json"
	"slices"

	"sopan.dev/sopan/builder/course"
	"sopan.dev/sopan/builder/markdown"
	"sopan.dev/sopan/quiz"
)

// This file is the Go side of SearchIndex in runtime/contract.ts: a classic
// script, because a page from a disk can load a script and nothing else.

type searchIndex struct {
	V    int         `json:"v"`
	Docs []searchDoc `json:"docs"`
}

type searchDoc struct {
	Title    string      `json:"t"`
	Address  string      `json:"u"`
	Course   string      `json:"c,omitempty"`
	Sections [][3]string `json:"h"`
}

// searchIndex writes the index of a course in a language. Without a course it
// is the site's: titles and summaries of everything, so that its size does not
// grow with the texts.
func (p *planner) searchIndex(c *course.Course, lang string) ([]byte, error) {
	x := searchIndex{V: 1, Docs: []searchDoc{}}
	courses := p.site.Courses
	if c != nil {
		courses = []*course.Course{c}
	}
	for _, one := range courses {
		title := ""
		if c == nil {
			title = p.site.PlaceVersion(&one.Place, lang).Title
		}
		items := one.Items()
		x.Docs = slices.Grow(x.Docs, len(items))
		for _, i := range items {
			v := p.site.ItemVersion(i, lang)
			d := searchDoc{Title: v.Title, Address: escapePath(v.Address), Course: title, Sections: [][3]string{}}
			switch {
			case c == nil && v.Front.Summary != "":
				d.Sections = [][3]string{{"", "", v.Front.Summary}}
			case c != nil:
				var err error
				if d.Sections, err = p.searched(v); err != nil {
					return nil, err
				}
			}
			x.Docs = append(x.Docs, d)
		}
	}
	return p.written(func(b *bytes.Buffer) error {
		b.Write(p.assets.Search[lang])
		b.WriteString("sopanSearch(")
		e := json.NewEncoder(b) // with its default HTML escaping: no text can end the script
		if err := e.Encode(x); err != nil {
			return err
		}
		b.Truncate(b.Len() - 1)
		b.WriteString(");\n")
		return nil
	})
}

// searched gives what can be found in a text: id, heading and words of each part.
func (p *planner) searched(v *course.Version) ([][3]string, error) {
	words, err := p.site.Words(v)
	if err != nil {
		return nil, err
	}
	parts := make([][3]string, 0, len(words))
	for _, s := range words {
		parts = append(parts, [3]string{s.ID, s.Heading, s.Text})
	}
	if v.Quiz == nil {
		return parts, nil
	}
	asked, err := p.site.Questions(v)
	if err != nil {
		return nil, err
	}
	for n := range asked.Quiz.Questions {
		q := &asked.Quiz.Questions[n]
		parts = append(parts, [3]string{"q-" + q.ID, "", p.spoken(v, q.Ask)})
	}
	return parts, nil
}

// spoken gives a prompt as it is read, without its markup.
func (p *planner) spoken(v *course.Version, t quiz.Prose) string {
	if t.Block {
		return plain(markdown.ParseBlock(t.Text, p.markdownOptions(v)))
	}
	return plain(markdown.ParseInline(t.Text, p.markdownOptions(v)))
}
