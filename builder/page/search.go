package page

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"sopan.dev/sopan/builder/course"
)

// This file is the Go side of SearchIndex in runtime/contract.ts: a classic
// script, because a page from a disk can load a script and nothing else.

// searchDoc is what the index says of a text. Sections are of id, heading and
// words each.
type searchDoc struct {
	Title, Address, Course string // Course is "" in the index of a course
	Sections               [][3]string
}

// searchIndex writes the index of a course in a language. Without a course it
// is the site's: titles and summaries of everything, so that its size does not
// grow with the texts.
func (p *planner) searchIndex(b *bytes.Buffer, c *course.Course, lang string) error {
	courses := p.site.Courses
	if c != nil {
		courses = []*course.Course{c}
	}
	texts := 0
	for _, one := range courses {
		for _, m := range one.Modules {
			texts += len(m.Items)
		}
	}
	docs := make([]searchDoc, 0, texts)
	for _, one := range courses {
		for _, m := range one.Modules {
			for _, i := range m.Items {
				d, err := p.searchDoc(c, i, lang)
				if err != nil {
					return err
				}
				docs = append(docs, d)
			}
		}
	}
	const marks = 32 // around the strings of a section, and of a text
	size := len(p.assets.Search[lang]) + marks
	for i := range docs {
		size += len(docs[i].Title) + len(docs[i].Address) + len(docs[i].Course) + marks
		for _, s := range docs[i].Sections {
			size += len(s[0]) + len(s[1]) + len(s[2]) + marks
		}
	}
	b.Grow(size + size/64)
	b.Write(p.assets.Search[lang])
	b.WriteString(`sopanSearch({"v":1,"docs":[`)
	for i := range docs {
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(docs[i].append(b.AvailableBuffer()))
	}
	b.WriteString("]});\n")
	return nil
}

// append writes a text of the index as JSON.
func (d *searchDoc) append(b []byte) []byte {
	b = appendJSON(append(b, `{"t":`...), d.Title)
	b = appendJSON(append(b, `,"u":`...), d.Address)
	if d.Course != "" {
		b = appendJSON(append(b, `,"c":`...), d.Course)
	}
	b = append(b, `,"h":[`...)
	for i, s := range d.Sections {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendJSON(append(b, '['), s[0])
		b = appendJSON(append(b, ','), s[1])
		b = append(appendJSON(append(b, ','), s[2]), ']')
	}
	return append(b, "]}"...)
}

// appendJSON writes a string as encoding/json does with its HTML escaping, so
// that no text can end a script, but ten times as fast where nothing has to be
// escaped.
func appendJSON(b []byte, s string) []byte {
	plain, bits := true, byte(0)
	for i := 0; i < len(s) && plain; i++ {
		plain = !escapedInJSON[s[i]]
		bits |= s[i]
	}
	if plain && bits >= utf8.RuneSelf {
		plain = utf8.ValidString(s) && !strings.Contains(s, "\u2028") && !strings.Contains(s, "\u2029")
	}
	if plain {
		return append(append(append(b, '"'), s...), '"')
	}
	escaped, err := json.Marshal(s)
	if err != nil {
		panic(err) // a string always has a JSON form
	}
	return append(b, escaped...)
}

// escapedInJSON are the bytes that never stand for themselves.
var escapedInJSON = func() (escaped [256]bool) {
	for c := range ' ' {
		escaped[c] = true
	}
	for _, c := range `"\<>&` {
		escaped[c] = true
	}
	return escaped
}()

// searchDoc is an item as the index of its course, or of the site, has it.
func (p *planner) searchDoc(c *course.Course, i *course.Item, lang string) (searchDoc, error) {
	v := p.site.ItemVersion(i, lang)
	d := searchDoc{Title: v.Title, Address: escapePath(v.Address)}
	if c != nil {
		var err error
		d.Sections, err = p.searched(v)
		return d, err
	}
	d.Course = p.site.PlaceVersion(&i.Module.Course.Place, lang).Title
	if v.Front.Summary != "" {
		d.Sections = [][3]string{{"", "", v.Front.Summary}}
	}
	return d, nil
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
	return parts, nil
}
