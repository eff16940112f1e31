package page

import (
	"bytes"
	"html/template"
	"iter"
	"strconv"

	"sopan.dev/sopan/builder/course"
	"sopan.dev/sopan/builder/markdown"
)

// This file fills the views of views.go, one function a kind of page.

func (p *planner) front(b *bytes.Buffer, lang string) error {
	s := p.site.Settings
	a := about{kind: "site", address: p.site.Root(lang) + "index.html", lang: lang, title: s.Title.In(lang, s.Languages[0]), twin: "index.html"}
	a.summary = s.Summary.In(lang, s.Languages[0])
	return p.execute(b, "site", SitePage{Common: p.common(a), Summary: a.summary, Courses: p.cards(lang, a.address)})
}

// cards lists the courses, as links from a page.
func (p *planner) cards(lang, from string) []CourseCard {
	var cards []CourseCard
	for _, c := range p.site.Courses {
		card := CourseCard{Link: p.placeLink(&c.Place, lang, from), Summary: p.site.PlaceVersion(&c.Place, lang).Front.Summary}
		card.Key = c.Key
		minutes := 0
		for _, m := range c.Modules {
			if m.Slug != "" {
				card.Modules++
			}
			for _, i := range m.Items {
				minutes += p.site.ItemVersion(i, lang).Front.Minutes
				if i.Type == course.Lesson {
					card.Lessons++
				}
			}
		}
		card.Time = p.duration(minutes, lang)
		for _, l := range p.site.Langs(c) {
			language, _ := course.LanguageByTag(l)
			card.Langs = append(card.Langs, language.Name)
		}
		cards = append(cards, card)
	}
	return cards
}

func (p *planner) coursePage(b *bytes.Buffer, c *course.Course, v *course.Version) error {
	sheet := p.sheet()
	defer p.sheets.Put(sheet)
	lent := p.site.Lend()
	defer lent.GiveBack()
	asked, err := lent.Questions(v)
	if err != nil {
		return err
	}
	body, err := p.body(sheet, v, lent, asked)
	if err != nil {
		return err
	}
	f := v.Front
	a := about{kind: "course", address: v.Address, lang: v.Lang, title: v.Title, summary: f.Summary, course: c, version: v, asked: asked}
	view := CoursePage{
		Common: p.common(a), Summary: f.Summary, Body: body, Outcomes: f.Outcomes, Audience: f.Audience,
		Competencies: p.competencies(f.Competencies, v.Lang), Flights: p.flights(c, v.Lang, v.Address),
		Complete: p.completeInWords(c, v.Lang), Certificate: href(v.Address, p.site.Certificate(c, v.Lang), ""), Sources: sources(f.Sources), Authors: f.Authors, Licence: f.Licence,
		Offline: p.offlineView(c, v),
	}
	if asked := p.ask(); asked != nil {
		view.Ask = asked.Field
	}
	if len(view.Competencies) == 0 {
		view.Competencies = p.competencies(courseCompetencies(p.site, c, v.Lang), v.Lang)
	}
	minutes := 0
	for _, flight := range view.Flights {
		minutes += flight.Minutes
		if view.First == nil && len(flight.Steps) > 0 {
			view.First = &flight.Steps[0].Link
		}
	}
	view.Time = p.duration(minutes, v.Lang)
	return p.execute(b, "course", view)
}

// courseCompetencies gathers what the items of a course practise, each at its
// highest level, in the order of the frameworks.
func courseCompetencies(s *course.Site, c *course.Course, lang string) []course.Leveled {
	highest := map[string]int{} // by id: a remembered text points into the frameworks of an earlier load
	for _, i := range c.Items() {
		for _, l := range s.ItemVersion(i, lang).Front.Competencies {
			highest[l.Competency.ID] = max(highest[l.Competency.ID], l.Level)
		}
	}
	var out []course.Leveled
	for _, f := range s.Frameworks {
		for _, area := range f.Areas {
			for _, comp := range area.Competencies {
				if level := highest[comp.ID]; level > 0 {
					out = append(out, course.Leveled{Competency: comp, Level: level})
				}
			}
		}
	}
	return out
}

// completeInWords says the completion rule in sentences. What the course has
// none of is not asked for.
func (p *planner) completeInWords(c *course.Course, lang string) string {
	count := map[course.ItemType]int{}
	for _, i := range c.Items() {
		count[i.Type]++
	}
	out := ""
	say := func(t course.ItemType, share course.Share, key string) {
		if count[t] == 0 || share == 0 {
			return
		}
		if share < 1 {
			key += "_part"
		}
		if out != "" {
			out += " "
		}
		out += p.word(lang, key, "share", percent(float64(share)), "pass", percent(c.Complete.Pass))
	}
	say(course.Lesson, c.Complete.Lessons, "complete_lessons")
	say(course.Quiz, c.Complete.Quizzes, "complete_quizzes")
	say(course.Case, c.Complete.Cases, "complete_cases")
	return out
}

func percent(share float64) string { return strconv.FormatFloat(share*100, 'g', 4, 64) + " %" }

func (p *planner) modulePage(b *bytes.Buffer, m *course.Module, v *course.Version) error {
	sheet := p.sheet()
	defer p.sheets.Put(sheet)
	lent := p.site.Lend()
	defer lent.GiveBack()
	asked, err := lent.Questions(v)
	if err != nil {
		return err
	}
	body, err := p.body(sheet, v, lent, asked)
	if err != nil {
		return err
	}
	outline, err := p.outlineFrom(m, v.Lang, v.Address)
	if err != nil {
		return err
	}
	a := about{kind: "module", address: v.Address, lang: v.Lang, title: v.Title, summary: v.Front.Summary, course: m.Course, version: v, asked: asked}
	view := ModulePage{Common: p.common(a), Summary: v.Front.Summary, Body: body, Flight: p.flight(m, v.Lang, v.Address), Outline: template.HTML(outline.html)}
	view.Time = view.Flight.Time
	if len(m.Items) > 0 {
		view.Prev, _ = p.neighbours(m.Items[0], v.Lang, v.Address)
		next := p.step(m.Items[0], v.Lang, v.Address)
		view.Next = &next
	}
	return p.execute(b, "module", view)
}

// body draws a lesson, or the text of a course's or module's index.md, onto a sheet.
func (p *planner) body(sheet *sheet, v *course.Version, lent *course.Loan, asked course.Questions) (template.HTML, error) {
	body, err := lent.Body(v)
	if err != nil {
		return "", err
	}
	r, err := p.textResolver(v, lent, asked)
	if err != nil {
		return "", err
	}
	at := sheet.Len()
	body.Write(&sheet.Buffer, r)
	return sheet.from(at), nil
}

// practice renders the practice blocks of a text, by number.
func (p *planner) practice(v *course.Version, asked course.Questions) func(i int) []byte {
	texts := p.proses(v, asked.Rendered)
	return func(i int) []byte {
		if i >= len(asked.Practice) {
			return nil
		}
		key, iri := practiceOf(p.site, v, asked.Practice[i])
		sheet := p.sheet() // the page's own is in the midst of the text
		defer p.sheets.Put(sheet)
		return []byte(p.quizForm(sheet, asked.Practice[i], texts, v, key, iri))
	}
}

func (p *planner) lessonPage(b *bytes.Buffer, i *course.Item, v *course.Version) error {
	sheet := p.sheet()
	defer p.sheets.Put(sheet)
	lent := p.site.Lend()
	defer lent.GiveBack()
	asked, err := lent.Questions(v)
	if err != nil {
		return err
	}
	body, err := p.body(sheet, v, lent, asked)
	if err != nil {
		return err
	}
	outline, err := p.outline(sheet, i, v.Lang, v.Address)
	if err != nil {
		return err
	}
	f := v.Front
	a := about{sheet: sheet, kind: "lesson", address: v.Address, lang: v.Lang, title: v.Title, summary: f.Summary, course: i.Module.Course, version: v, asked: asked}
	view := LessonPage{
		Common: p.common(a), Summary: f.Summary, Minutes: f.Minutes, Body: body,
		Contents: contents(v.Headings.All()), Outline: outline,
		Competencies: p.competencies(f.Competencies, v.Lang), Sources: sources(f.Sources), Authors: f.Authors, Licence: f.Licence,
	}
	if f.ReviewBy != "" {
		view.Aged = p.word(v.Lang, "aged", "date", date(f.ReviewBy, v.Lang))
	}
	view.Prev, view.Next = p.neighbours(i, v.Lang, v.Address)
	return p.execute(b, "lesson", view)
}

// contents is the table of contents: levels 2 and 3, when there are enough to
// be worth one.
func contents(headings iter.Seq[markdown.Heading]) []Heading {
	out := make([]Heading, 0, 8) // what a usual lesson needs
	for h := range headings {
		if h.Level == 2 || h.Level == 3 {
			out = append(out, Heading{ID: h.ID, Text: h.Text, Level: h.Level})
		}
	}
	if len(out) < 3 {
		return nil
	}
	return out
}

func (p *planner) quizPage(b *bytes.Buffer, i *course.Item, v *course.Version) error {
	sheet := p.sheet()
	defer p.sheets.Put(sheet)
	outline, err := p.outline(sheet, i, v.Lang, v.Address)
	if err != nil {
		return err
	}
	lent := p.site.Lend()
	defer lent.GiveBack()
	asked, err := lent.Questions(v)
	if err != nil {
		return err
	}
	q := asked.Quiz
	a := about{sheet: sheet, kind: "quiz", address: v.Address, lang: v.Lang, title: v.Title, course: i.Module.Course, version: v, asked: asked}
	view := QuizPage{
		Common: p.common(a), Questions: q.Asks(), Marks: marks(q), Sealed: q.Sealed, Time: p.allowed(q.Time, v.Lang), Attempts: p.attempts(q.Attempts, v.Lang),
		Body: p.quizForm(sheet, q, p.proses(v, asked.Rendered), v, i.Key, itemIRI(p.site, i)), Outline: outline,
	}
	if n := len(q.Questions); q.Asks() < n {
		view.Drawn = p.word(v.Lang, "drawn", "n", q.Asks(), "all", n)
	}
	if q.Pass > 0 && q.Purpose == "" {
		view.Pass = percent(q.Pass)
	}
	if q.For.Text != "" {
		view.Activity = p.site.ActivityTitle(q.For.Text, v.Lang)
	}
	view.Prev, view.Next = p.neighbours(i, v.Lang, v.Address)
	return p.execute(b, "quiz", view)
}

func (p *planner) glossary(b *bytes.Buffer, lang string) error {
	a := about{kind: "glossary", address: p.site.Root(lang) + "glossary.html", lang: lang, title: p.word(lang, "glossary"), twin: "glossary.html"}
	v := GlossaryPage{Common: p.common(a)}
	first := p.site.Settings.Languages[0]
	for _, t := range p.site.Glossary {
		term := TermView{ID: t.ID, Term: t.Term.In(lang, first), Meaning: t.Meaning.In(lang, first)}
		for _, other := range p.site.Settings.Languages {
			if w := t.Term[other]; other != lang && w != "" && w != term.Term {
				term.Other = append(term.Other, OtherTerm{other, w})
			}
		}
		v.Terms = append(v.Terms, term)
	}
	sortTerms(v.Terms, lang)
	return p.execute(b, "glossary", v)
}

func (p *planner) siteMap(b *bytes.Buffer, lang string) error {
	a := about{kind: "map", address: p.site.Root(lang) + "map.html", lang: lang, title: p.word(lang, "map"), twin: "map.html"}
	v := MapPage{Common: p.common(a)}
	for _, c := range p.site.Courses {
		v.Courses = append(v.Courses, MapCourse{Link: p.placeLink(&c.Place, lang, a.address), Flights: p.flights(c, lang, a.address)})
	}
	return p.execute(b, "map", v)
}

func (p *planner) records(b *bytes.Buffer, lang string) error {
	a := about{kind: "records", address: p.site.Root(lang) + "records.html", lang: lang, title: p.word(lang, "my_records"), twin: "records.html"}
	v := RecordsPage{Common: p.common(a)}
	if asked := p.ask(); asked != nil {
		first := p.site.Settings.Languages[0]
		v.Ask = &Ask{
			Field: asked.Field, Basis: asked.Basis, Purpose: asked.Purpose.In(lang, first), Keep: asked.Keep.In(lang, first), Contact: asked.Contact.In(lang, first),
		}
	}
	return p.execute(b, "records", v)
}

// ask is what learners are asked for; nil for nothing, and where no records are sent.
func (p *planner) ask() *course.Ask {
	if p.endpoint() == "" {
		return nil
	}
	return p.site.Settings.Ask
}

func (p *planner) notFound(b *bytes.Buffer) error {
	lang := p.site.Settings.Languages[0]
	a := about{kind: "notfound", address: "404.html", lang: lang, title: p.word(lang, "notfound"), twin: "index.html"}
	return p.execute(b, "notfound", NotFoundPage{Common: p.common(a)})
}

func (p *planner) competencies(list []course.Leveled, lang string) []CompetencyView {
	first := p.site.Settings.Languages[0]
	var out []CompetencyView
	for _, l := range list {
		c := l.Competency
		out = append(out, CompetencyView{
			ID: c.ID, Title: c.Title.In(lang, first), Area: c.Area.In(lang, first), Level: l.Level, Levels: c.Framework.LevelCount(),
			LevelName: c.Framework.LevelName(l.Level, lang, first),
		})
	}
	return out
}

func sources(list []course.Source) []SourceView {
	var out []SourceView
	for _, s := range list {
		out = append(out, SourceView(s))
	}
	return out
}
