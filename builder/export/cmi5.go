package export

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"sopan.dev/sopan/builder/course"
	"sopan.dev/sopan/builder/page"
	"sopan.dev/sopan/internal/diag"
)

// cmi5 is a course for learning platforms that speak cmi5: one assignable unit
// for the whole course, or one a module. The structure is that of the cmi5
// specification, section 13; platforms check it against its schema.
func cmi5() Format {
	return Format{
		Name: "cmi5", Title: "cmi5, for learning platforms with a record store", Profile: "cmi5", Split: true,
		Pack: func(in Input) (map[string][]byte, diag.List, error) {
			b, err := structure(in)
			return map[string][]byte{"cmi5.xml": b}, nil, err
		},
		Checked: []string{"names", "cmi5.xml", "an address, titles and moveOn for each unit"},
	}
}

type cmi5Structure struct {
	XMLName xml.Name   `xml:"https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd courseStructure"`
	Course  cmi5Course `xml:"course"`
	Units   []cmi5Unit `xml:"au"`
}

type cmi5Course struct {
	ID          string     `xml:"id,attr"`
	Title       []langText `xml:"title>langstring"`
	Description []langText `xml:"description>langstring"`
}

type cmi5Unit struct {
	ID           string     `xml:"id,attr"`
	MoveOn       string     `xml:"moveOn,attr"` // always said: without it a platform takes the unit as done
	MasteryScore string     `xml:"masteryScore,attr,omitempty"`
	LaunchMethod string     `xml:"launchMethod,attr"`
	ActivityType string     `xml:"activityType,attr"`
	Title        []langText `xml:"title>langstring"`
	Description  []langText `xml:"description>langstring"`
	URL          string     `xml:"url"`
}

type langText struct {
	Lang string `xml:"lang,attr"`
	Text string `xml:",chardata"`
}

const courseType = "http://adlnet.gov/expapi/activities/course"

func structure(in Input) ([]byte, error) {
	s := cmi5Structure{Course: cmi5Course{
		ID:    page.Shell{Course: in.Course}.ActivityID(in.Site),
		Title: titles(in, page.Shell{Course: in.Course}), Description: summaries(in),
	}}
	for _, shell := range in.Shells {
		unit := cmi5Unit{
			// Not the course's own id: a platform may keep courses and units in one table.
			ID: below(shell.ActivityID(in.Site), "unit"), URL: shell.Address,
			// The course is completed when its rule is met, quizzes that have to be passed among it; a second condition
			// could only be one that no learner can meet.
			MoveOn: "Completed", LaunchMethod: "AnyWindow", ActivityType: courseType,
			Title: titles(in, shell), Description: titles(in, shell),
		}
		if shell.Module == nil {
			unit.Description = summaries(in)
		}
		if pass, ok := mastery(in.Site, in.Course, shell.Items()); ok {
			unit.MasteryScore = strconv.FormatFloat(pass, 'f', -1, 64)
		}
		s.Units = append(s.Units, unit)
	}
	if len(s.Units) == 0 {
		return nil, fmt.Errorf("the course has nothing to launch")
	}
	return document(s)
}

// mastery gives the share of the marks that passes, where there can be no
// doubt: one quiz alone has marks, the rule asks for it, and it has something
// to pass. With two, a learner can pass on the mean and fail in one of them,
// and a platform that knows a mastery score would call the verdict wrong.
func mastery(site *course.Site, c *course.Course, items []*course.Item) (float64, bool) {
	var only *course.QuizFacts
	for _, item := range items {
		switch item.Type {
		case course.Case:
			// It has points of its own, which count in no quiz.
		case course.Quiz:
			q := site.ItemVersion(item, site.Settings.Languages[0]).Quiz
			if q == nil || only != nil {
				return 0, false
			}
			only = q
		}
	}
	if only == nil || only.Pass <= 0 || only.Purpose != "" || only.Sealed || c.Complete.Quizzes == 0 {
		return 0, false
	}
	return only.Pass, true
}

// titles are in the languages that they are written in: what is not translated stands there once.
func titles(in Input, s page.Shell) []langText {
	var out []langText
	for _, lang := range in.Site.Langs(in.Course) {
		v := s.Version(in.Site, lang)
		title, lang := strings.TrimSpace(v.Title), cmp.Or(v.Fallback, v.Lang)
		if title != "" && !slices.ContainsFunc(out, func(t langText) bool { return t.Lang == lang }) {
			out = append(out, langText{lang, title})
		}
	}
	return out
}

// summaries says what the course is about; its title where it does not say.
func summaries(in Input) []langText {
	out := titles(in, page.Shell{Course: in.Course})
	for i, t := range out {
		if about := strings.TrimSpace(in.Site.PlaceVersion(&in.Course.Place, t.Lang).Front.Summary); about != "" {
			out[i].Text = about
		}
	}
	return out
}

// below joins an IRI and a name, as builder/page does with the ids of items.
func below(iri, name string) string {
	if strings.HasPrefix(iri, "urn:") {
		return iri + ":" + name
	}
	return strings.TrimSuffix(iri, "/") + "/" + name
}

func document(v any) ([]byte, error) {
	b, err := xml.MarshalIndent(v, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("writing the package's structure: %w", err)
	}
	return append([]byte(xml.Header), append(b, '\n')...), nil
}
