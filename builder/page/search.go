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

	written []byte // all of it as JSON, from the last build; nil where it has to be made
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
	lent := p.site.Lend()
	defer lent.GiveBack()
	docs := make([]searchDoc, 0, texts)
	standing := p.standingDocs(c, lang, texts)
	for _, one := range courses {
		for _, m := range one.Modules {
			for _, i := range m.Items {
				if standing != nil {
					if d := (searchDoc{written: standing[len(docs)]}); p.stands(d, i, lang) {
						docs = append(docs, d)
						continue
					}
				}
				d, err := p.searchDoc(c, i, lang, lent)
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
		size += len(docs[i].Title) + len(docs[i].Address) + len(docs[i].Course) + len(docs[i].written) + marks
		for _, s := range docs[i].Sections {
			size += len(s[0]) + len(s[1]) + len(s[2]) + marks
		}
	}
	b.Grow(size + size/64)
	b.Write(p.assets.Search[lang])
	b.WriteString(docsBegin)
	for i := range docs {
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(docs[i].append(b.AvailableBuffer()))
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
func (p *planner) stands(d searchDoc, i *course.Item, lang string) bool {
	for _, v := range i.Versions {
		if p.edit.touched(v) {
			return false
		}
	}
	v := p.site.ItemVersion(i, lang)
	same := searchDoc{Title: v.Title, Address: escapePath(v.Address)}
	return bytes.HasPrefix(d.written, same.appendHead(make([]byte, 0, 256)))
}

// append writes a text of the index as JSON.
func (d *searchDoc) append(b []byte) []byte {
	if d.written != nil {
		return append(b, d.written...)
	}
	b = d.appendHead(b)
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

// appendHead writes what stands before the sections of a text.
func (d *searchDoc) appendHead(b []byte) []byte {
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

// searchDoc is an item as the index of its course, or of the site, has it.
func (p *planner) searchDoc(c *course.Course, i *course.Item, lang string, lent *course.Loan) (searchDoc, error) {
	v := p.site.ItemVersion(i, lang)
	d := searchDoc{Title: v.Title, Address: escapePath(v.Address)}
	if c != nil {
		var err error
		d.Sections, err = p.searched(v, lent)
		return d, err
	}
	d.Course = p.site.PlaceVersion(&i.Module.Course.Place, lang).Title
	if v.Front.Summary != "" {
		d.Sections = [][3]string{{"", "", v.Front.Summary}}
	}
	return d, nil
}

// searched gives what can be found in a text: id, heading and words of each part.
func (p *planner) searched(v *course.Version, lent *course.Loan) ([][3]string, error) {
	words, err := lent.Words(v)
	if err != nil {
		return nil, err
	}
	parts := make([][3]string, 0, len(words))
	for _, s := range words {
		parts = append(parts, [3]string{s.ID, s.Heading, s.Text})
	}
	return parts, nil
}
