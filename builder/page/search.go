package page

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"sopan.dev/sopan/builder/course"
	"sopan.dev/sopan/builder/markdown"
)

// This file is the Go side of SearchIndex in runtime/contract.ts: a classic
// script, because a page from a disk can load a script and nothing else.

// searchDoc is what the index says of a text before its words.
type searchDoc struct{ Title, Address, Course string } // Course is "" in the index of a course

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
	standing := p.standingDocs(c, lang, texts)
	size := 0
	for _, written := range standing {
		size += len(written) + len(",")
	}
	b.Grow(len(p.assets.Search[lang]) + size + size/64) // for an edit, which makes one index and starts with an empty buffer
	b.Write(p.assets.Search[lang])
	b.WriteString(docsBegin)
	n := 0
	for _, one := range courses {
		for _, m := range one.Modules {
			for _, i := range m.Items {
				if n > 0 {
					b.WriteByte(',')
				}
				if standing != nil && p.stands(standing[n], i, lang) {
					b.Write(standing[n])
				} else if err := p.searchDoc(b, c, i, lang); err != nil {
					return err
				}
				n++
			}
		}
	}
	b.WriteString(docsEnd)
	return nil
}

// What stands before the texts of an index and behind them, and what each begins with.
const docsBegin, docsEnd, docBegin = `sopanSearch({"v":1,"docs":[`, "]});\n", `{"t":`

// standingDocs gives the texts of a course's index as they stand in that of the last
// build; nil where there is none, or it has not as many. To take a text from there is
// less work than to read and write its words.
func (p *planner) standingDocs(c *course.Course, lang string, texts int) [][]byte {
	if c == nil || p.edit == nil || texts == 0 {
		return nil
	}
	old, same := p.edit.last.Content(searchAddress(c, lang))
	old, begins := bytes.CutPrefix(old, p.assets.Search[lang])
	old, known := bytes.CutPrefix(old, []byte(docsBegin))
	old, ends := bytes.CutSuffix(old, []byte(docsEnd))
	if !same || !begins || !known || !ends {
		return nil
	}
	docs := make([][]byte, 0, texts)
	for len(old) > 0 {
		// No string holds this: a quotation mark in it has a backslash before it.
		end := bytes.Index(old, []byte(","+docBegin))
		if end < 0 {
			end = len(old)
		}
		docs, old = append(docs, old[:end]), old[min(end+len(","), len(old)):]
	}
	if len(docs) != texts {
		return nil
	}
	return docs
}

// stands tells whether what the last build wrote of an item is what there is to say of
// it now: it is the same item with the same title, and the edit touched none of its texts.
func (p *planner) stands(written []byte, i *course.Item, lang string) bool {
	for _, v := range i.Versions {
		if p.edit.touched(v) {
			return false
		}
	}
	v := p.site.ItemVersion(i, lang)
	same := searchDoc{Title: v.Title, Address: escapePath(v.Address)}
	return bytes.HasPrefix(written, same.append(make([]byte, 0, 256)))
}

// append writes the beginning of a text of the index as JSON: behind it come its parts.
func (d *searchDoc) append(b []byte) []byte {
	b = appendJSON(append(b, docBegin...), d.Title)
	b = appendJSON(append(b, `,"u":`...), d.Address)
	if d.Course != "" {
		b = appendJSON(append(b, `,"c":`...), d.Course)
	}
	return append(b, `,"h":[`...)
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

// searchDoc writes what the index of a course, or of the site, says of an item.
func (p *planner) searchDoc(b *bytes.Buffer, c *course.Course, i *course.Item, lang string) error {
	v := p.site.ItemVersion(i, lang)
	d := searchDoc{Title: v.Title, Address: escapePath(v.Address)}
	var parts []markdown.Section
	if c != nil {
		lent := p.site.Lend() // of each text by itself: those of a course are many
		defer lent.GiveBack()
		var err error
		if parts, err = lent.Words(v); err != nil {
			return err
		}
	} else {
		d.Course = p.site.PlaceVersion(&i.Module.Course.Place, lang).Title
		if v.Front.Summary != "" {
			parts = []markdown.Section{{Text: v.Front.Summary}}
		}
	}
	out := d.append(b.AvailableBuffer())
	for n, s := range parts {
		if n > 0 {
			out = append(out, ',')
		}
		out = appendJSON(append(out, '['), s.ID)
		out = appendJSON(append(out, ','), s.Heading)
		out = append(appendJSON(append(out, ','), s.Text), ']')
	}
	b.Write(append(out, "]}"...))
	return nil
}
