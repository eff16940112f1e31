package course

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"sopan.dev/sopan/builder/source"
	"sopan.dev/sopan/internal/diag"
	"sopan.dev/sopan/internal/yamldoc"
)

// Status of a text on its way to the learner.
type Status string

// The states of a text. Drafts are shown in the preview only.
const (
	Draft     Status = "draft"
	Review    Status = "review"
	Published Status = "published"
)

// Front is the front matter of a Markdown file.
type Front struct {
	Summary      string
	ID           string
	Minutes      int
	Status       Status
	Competencies []Leveled
	Roles        []string
	Authors      []string
	Licence      string
	Sources      []Source
	AsOf         string // ISO date
	ReviewBy     string // ISO date
	Aliases      []Alias
	// of a course only
	Outcomes []string
	Keywords []string
	Audience string
	Complete Complete
}

// Source is a work that a text draws on.
type Source struct{ Title, URL, Publisher, Date string }

// Alias is an old address that leads on to the page.
type Alias struct {
	Address    string
	Start, End diag.Pos
}

// frontLimit bounds the YAML that a lesson may open with; 64 KB is a hundred
// times what any needs.
const frontLimit = 64 << 10

// splitFront finds the front matter: the offsets of its YAML, and where the
// body starts. A file without it has start == end == body == 0. An opening
// line without a closing one is a diagnostic.
func splitFront(t source.Text) (start, end, body int, diags diag.List) {
	if !bytes.HasPrefix(t.Bytes, []byte("---\n")) {
		return 0, 0, 0, nearlyFront(t)
	}
	start = 4
	for at := start; at <= len(t.Bytes); {
		lineEnd := bytes.IndexByte(t.Bytes[at:], '\n')
		line := t.Bytes[at:]
		next := len(t.Bytes) + 1
		if lineEnd >= 0 {
			line = t.Bytes[at : at+lineEnd]
			next = at + lineEnd + 1
		}
		if s := strings.TrimRight(string(line), " \t"); s == "---" || s == "..." {
			if at-start > frontLimit {
				return start, start, min(next, len(t.Bytes)), diag.List{{Start: t.Pos(0), Code: "front/too-large", Message: "The front matter is larger than 64 KB.", Hint: "Move text below the second `---`."}}
			}
			return start, at, min(next, len(t.Bytes)), nil
		}
		at = next
	}
	return 0, 0, len(t.Bytes), diag.List{{
		Start: t.Pos(0), End: t.Pos(3), Code: "front/not-closed",
		Message: "The front matter opens here and is never closed.", Hint: "Put a line with `---` alone after its last line.",
	}}
}

var nearFront = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(\s*)(-{2,}|\x{2013}|\x{2014})[ \t]*\n(title|summary|id|minutes|status)[ \t]*:`)
})

// nearlyFront tells an author what keeps a text's first lines from being its front matter: that they are not the first ones, or
// that a word processor has made a dash of the three hyphens.
func nearlyFront(t source.Text) diag.List {
	m := nearFront().FindSubmatchIndex(t.Bytes[:min(len(t.Bytes), 1<<10)])
	if m == nil {
		return nil
	}
	d := diag.Diagnostic{Start: t.Pos(m[4]), End: t.Pos(m[5]), Code: "front/not-first",
		Message: "This is no front matter, because it does not begin in the first line.", Hint: "Take away what stands above it."}
	switch {
	case string(t.Bytes[m[4]:m[5]]) == "---" && m[3] == 0:
		d.Message, d.Hint = "This is no front matter, because something stands behind the three hyphens.", "Take away the spaces behind them."
	case string(t.Bytes[m[4]:m[5]]) != "---":
		d.Message, d.Hint = "This is no front matter, because it does not begin with three hyphens.", "Write `---` here, and again below its last line."
	}
	return diag.List{d}
}

// frontOf decodes front matter, the title apart. Its words are parts of the
// text, until the reading is tightened.
func (s *Survey) frontOf(t source.Text, start, end int, isCourse bool) (title string, f Front, _ diag.List) {
	f.Status = Published
	if start == end {
		return "", f, nil
	}
	room, _ := s.site.fronts.Get().(*yamldoc.Room)
	if room == nil {
		room = new(yamldoc.Room)
	}
	defer s.site.fronts.Put(room)
	root, r := room.Parse(t, start, end, "the front matter")
	keys := frontTable
	if isCourse {
		keys = courseTable
	}
	m := root.Map("the front matter", keys.Names()...)
	title, f.Summary, f.Licence, f.Audience = m["title"].Text(), m["summary"].Text(), m["licence"].Text(), m["audience"].Text()
	if v := m["id"]; v.Exists() {
		if id := v.Text(); !idForm().MatchString(id) {
			v.Error("front/bad-id", fmt.Sprintf("`%s` cannot be an id.", id), "Use letters, digits, `-`, `_` and `.`, no spaces.")
		} else {
			f.ID = id
		}
	}
	f.Minutes = m["minutes"].Int(1)
	if v := m["status"]; v.Exists() {
		if i := slices.Index(statusWords, v.Text()); i >= 0 {
			f.Status = Status(statusWords[i])
		} else {
			hint := diag.DidYouMean(v.Text(), statusWords)
			v.Error("front/status", fmt.Sprintf("`%s` is not a status.", v.Text()), orElse(hint, "Write draft, review or published."))
		}
	}
	for _, v := range m["competencies"].Items() {
		if c, code, message, hint := s.site.competencies.find(v.Text()); code != "" {
			v.Error(code, message, hint)
		} else {
			f.Competencies = append(f.Competencies, c)
		}
	}
	for _, v := range m["roles"].Items() {
		if _, _, code, message, hint := findRole(s.site.Positions, v.Text()); code != "" {
			v.Error(code, message, hint)
		} else {
			f.Roles = append(f.Roles, v.Text())
		}
	}
	f.Authors, f.Outcomes, f.Keywords = m["authors"].Texts(), m["outcomes"].Texts(), m["keywords"].Texts()
	for _, v := range m["sources"].Items() {
		if s := readSource(v); s.Title != "" {
			f.Sources = append(f.Sources, s)
		}
	}
	f.AsOf, f.ReviewBy = readDate(m["as_of"]), readDate(m["review_by"])
	for _, v := range m["aliases"].Items() {
		f.Aliases = append(f.Aliases, Alias{v.Text(), v.Pos(), v.End()})
	}
	f.Complete = readComplete(m["complete"])
	return title, f, r.Diags
}

func readSource(v yamldoc.Value) Source {
	if v.IsText() {
		return Source{Title: v.Text()}
	}
	m := v.Map("a source", sourceTable.Names()...)
	s := Source{m["title"].Text(), m["url"].Text(), m["publisher"].Text(), m["date"].Text()}
	if s.Title == "" {
		s.Title = s.URL
	}
	if s.Title == "" {
		v.Error("front/source", "This source has no title.", "Add `title: …`.")
	}
	if s.URL != "" && !strings.HasPrefix(s.URL, "https://") && !strings.HasPrefix(s.URL, "http://") {
		m["url"].Error("front/source", fmt.Sprintf("`%s` is not the address of a source.", s.URL), "Write it with `https://` in front.")
		s.URL = ""
	}
	return s
}

func readDate(v yamldoc.Value) string {
	if !v.Exists() {
		return ""
	}
	s := v.Text()
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		v.Error("front/date", fmt.Sprintf("`%s` is not a date.", s), "Write year-month-day: `2026-03-31`.")
		return ""
	}
	return s
}
