package page

import (
	"encoding/json"
	"html/template"
	"strings"

	"sopan.dev/sopan/builder/course"
	"sopan.dev/sopan/quiz"
	"sopan.dev/sopan/runtime"
)

// This file is the Go side of PageData and CaseData in runtime/contract.ts.

// PageData is written in three pieces: the item is a page's own, what stands
// before and behind it is shared with other pages.

type pageStart struct {
	V      int         `json:"v"`
	Kind   string      `json:"kind"`
	Lang   string      `json:"lang"`
	Root   string      `json:"root"`
	Site   idTitle     `json:"site"`
	Course *courseData `json:"course,omitempty"`
}

type pageEnd struct {
	Records *recordsData `json:"records,omitempty"`
	Host    string       `json:"host,omitempty"` // the profile of a package for a learning platform
	Search  string       `json:"search,omitempty"`
	Result  string       `json:"result,omitempty"` // the script that tells a quiz's result
	Draft   bool         `json:"draft,omitempty"`
	Preview bool         `json:"preview,omitempty"`
}

type idTitle struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

type courseData struct {
	Key      string   `json:"key"`
	ID       string   `json:"id"`
	Title    string   `json:"title"`
	Href     string   `json:"href"`
	Complete passRule `json:"complete"`
}

type itemData struct {
	Key     string          `json:"key"`
	ID      string          `json:"id"`
	Type    course.ItemType `json:"type"`
	Title   string          `json:"title"`
	Minutes int             `json:"minutes,omitempty"`
}

// passRule is what of a course's rule stands in every page; the rest is in the
// course's own script.
type passRule struct {
	Pass float64 `json:"pass"`
}

type recordsData struct {
	Endpoint string `json:"endpoint"`
	Unsent   string `json:"unsent"` // the script of records that stay
}

type caseData struct {
	V     int               `json:"v"`
	Key   string            `json:"key"`
	ID    string            `json:"id"`
	Title string            `json:"title"`
	Start string            `json:"start,omitempty"`
	Names map[string]string `json:"names,omitempty"`
	Best  []string          `json:"best,omitempty"`
	Most  int               `json:"most,omitempty"`
}

// dataElement makes the one <script type="application/json"> element that
// carries v. Here alone JSON enters a page (quiz.Form has its twin for quiz data).
func dataElement(attributes string, v any) template.HTML {
	return template.HTML(dataOpen(attributes) + inJSON(v) + dataClose)
}

func dataOpen(attributes string) string { return `<script type="application/json" ` + attributes + `>` }

const dataClose = `</script>`

// inJSON writes <, >, &, U+2028 and U+2029 as escapes, as encoding/json does, so
// that no text can end the element it stands in.
func inJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic("page: data that cannot be JSON: " + err.Error()) // only our own types come here
	}
	return string(b)
}

// data gives what stands in the pages' data element before and behind the item:
// the search index at least, which each page names.
func (p *planner) data(at vantage, from string) (start, end string) {
	s := p.site.Settings
	before := pageStart{V: 1, Kind: at.kind, Lang: at.lang, Root: root(from), Site: idTitle{s.ID, s.Title.In(at.lang, s.Languages[0])}}
	if at.course != nil {
		v := p.placeIn(&at.course.Place, at.lang)
		before.Course = &courseData{Key: at.course.Key, ID: courseIRI(p.site, at.course), Title: v.Title, Href: href(from, v.Address, "")}
		before.Course.Complete.Pass = at.course.Complete.Pass
	}
	behind := pageEnd{Search: searchAddress(at.course, at.lang), Draft: at.draft}
	if at.kind == "quiz" {
		behind.Result, behind.Preview = p.assets.Scripts[at.lang]["result"], p.options.Preview
	}
	if e := p.endpoint(); e != "" {
		behind.Records = &recordsData{e, p.assets.Scripts[at.lang]["unsent"]}
	}
	if runtime.Hosted(p.options.Profile) {
		behind.Host = p.options.Profile
	}
	return dataOpen(`id="sopan-page"`) + strings.TrimSuffix(inJSON(before), "}"), "," + strings.TrimPrefix(inJSON(behind), "{") + dataClose
}

// data is the element with the page's item, if it has one.
func (s *shared) data(sheet *sheet, item *itemData) template.HTML {
	if item == nil {
		return template.HTML(s.start + s.end)
	}
	at := sheet.Len()
	sheet.WriteString(s.start)
	sheet.WriteString(`,"item":`)
	if err := json.NewEncoder(sheet).Encode(item); err != nil {
		panic("page: data that cannot be JSON: " + err.Error())
	}
	sheet.Truncate(sheet.Len() - len("\n"))
	sheet.WriteString(s.end)
	return sheet.from(at)
}

// itemData is nil where no item is worked through: to read a facilitator's sheet is not to do so.
func (p *planner) itemData(a about) *itemData {
	if a.version == nil || a.version.Item == nil || a.kind == "facilitator" {
		return nil
	}
	v, i := a.version, a.version.Item
	return &itemData{i.Key, itemIRI(p.site, i), i.Type, v.Title, v.Front.Minutes}
}

// IRIs of activities: the site's id, the course's key, the item's key.

func courseIRI(s *course.Site, c *course.Course) string {
	return joinIRI(s.Settings.ID, c.Key)
}

// ActivityID is the activity IRI of an item, as pages and records name it.
func ActivityID(s *course.Site, i *course.Item) string { return itemIRI(s, i) }

func itemIRI(s *course.Site, i *course.Item) string {
	return joinIRI(s.Settings.ID, i.Module.Course.Key, i.Key)
}

// practiceOf names a practice block of a text: by its key, under which the
// answers are stored, and the activity that its questions belong to.
func practiceOf(s *course.Site, v *course.Version, block *quiz.Quiz) (key, iri string) {
	c := v.Course()
	switch {
	case v.Item != nil:
		return v.Item.Key + "/" + block.Key, itemIRI(s, v.Item)
	case v.Place != nil && v.Place.Module != nil: // no item is called index: that is the page itself
		return v.Place.Key + "/index/" + block.Key, joinIRI(s.Settings.ID, c.Key, v.Place.Key)
	default:
		return block.Key, courseIRI(s, c)
	}
}

// joinIRI appends segments: with "/" to an address, with ":" to a URN, as each
// scheme's syntax wants. Keys hold no white space.
func joinIRI(base string, segments ...string) string {
	separator := "/"
	if strings.HasPrefix(base, "urn:") {
		separator = ":"
	}
	return base + separator + strings.Join(segments, separator)
}
