package lms

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Course is what a package's structure says of itself.
type Course struct {
	ID     string
	Titles map[string]string // language -> title
	Units  []Unit
	TinCan bool // of a tincan.xml: no rules of cmi5 apply
}

// Unit is an assignable unit: one thing to launch.
type Unit struct {
	ID           string
	Titles       map[string]string
	URL          string // relative to the package
	MoveOn       string
	MasteryScore *float64
	LaunchMethod string
	Parameters   string
}

func unzip(b []byte) (map[string][]byte, error) {
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return nil, Violation{"14.1.0.0-1", "the package is no zip: " + err.Error()}
	}
	files := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			return nil, fmt.Errorf("opening %s in the package: %w", f.Name, err)
		}
		files[f.Name], err = io.ReadAll(r)
		r.Close()
		if err != nil {
			return nil, fmt.Errorf("reading %s in the package: %w", f.Name, err)
		}
	}
	return files, nil
}

// Error lets a violation be an error of the import.
func (v Violation) Error() string { return v.String() }

type xmlText struct {
	Strings []struct {
		Lang string `xml:"lang,attr"`
		Text string `xml:",chardata"`
	} `xml:"langstring"`
}

func (t xmlText) titles() map[string]string {
	m := map[string]string{}
	for _, s := range t.Strings {
		m[s.Lang] = strings.TrimSpace(s.Text)
	}
	return m
}

type xmlUnit struct {
	ID           string  `xml:"id,attr"`
	MoveOn       string  `xml:"moveOn,attr"`
	Mastery      *string `xml:"masteryScore,attr"`
	LaunchMethod string  `xml:"launchMethod,attr"`
	Title        xmlText `xml:"title"`
	Description  xmlText `xml:"description"`
	URL          string  `xml:"url"`
	Parameters   string  `xml:"launchParameters"`
}

type xmlBlock struct {
	ID          string     `xml:"id,attr"`
	Title       xmlText    `xml:"title"`
	Description xmlText    `xml:"description"`
	Units       []xmlUnit  `xml:"au"`
	Blocks      []xmlBlock `xml:"block"`
}

type xmlStructure struct {
	XMLName xml.Name   `xml:"https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd courseStructure"`
	Course  xmlBlock   `xml:"course"`
	Units   []xmlUnit  `xml:"au"`
	Blocks  []xmlBlock `xml:"block"`
}

var (
	moveOns = []string{"NotApplicable", "Passed", "Completed", "CompletedAndPassed", "CompletedOrPassed"}
	methods = []string{"AnyWindow", "OwnWindow"}
	// taken are the names that a launch adds to an address.
	taken = []string{"endpoint", "fetch", "actor", "registration", "activityId"}
)

// importCourse reads cmi5.xml (or tincan.xml) and checks what an LMS has to check on import.
func importCourse(files map[string][]byte) (Course, error) {
	source, ok := files["cmi5.xml"]
	if !ok {
		if source, ok = files["tincan.xml"]; ok {
			return importTinCan(source, files)
		}
		return Course{}, Violation{"14.1.0.0-2", "there is no cmi5.xml at the package's root"}
	}
	var s xmlStructure
	if err := xml.Unmarshal(source, &s); err != nil {
		return Course{}, Violation{"13.2.0.0-1", "cmi5.xml cannot be read: " + err.Error()}
	}
	i := importer{files: files, seen: map[string]bool{}}
	i.iri("course", s.Course.ID)
	i.text("course title", s.Course.Title)
	i.text("course description", s.Course.Description)
	i.units(s.Units)
	i.blocks(s.Blocks)
	if len(i.found) == 0 {
		i.wrong("13.2.0.0-1", "the course has no assignable unit")
	}
	return Course{ID: strings.TrimSpace(s.Course.ID), Titles: s.Course.Title.titles(), Units: i.found}, errors.Join(i.errors...)
}

type importer struct {
	files  map[string][]byte
	seen   map[string]bool
	found  []Unit
	errors []error
}

func (i *importer) wrong(requirement, what string, args ...any) {
	i.errors = append(i.errors, Violation{requirement, fmt.Sprintf(what, args...)})
}

func (i *importer) iri(what, id string) {
	if u, err := url.Parse(strings.TrimSpace(id)); err != nil || !u.IsAbs() {
		i.wrong("3.0.0.0-1", "the id of the %s, %q, is not a whole IRI", what, id)
	}
}

func (i *importer) text(what string, t xmlText) {
	if len(t.Strings) == 0 {
		i.wrong("13.2.0.0-1", "the %s has no langstring", what)
	}
	for _, s := range t.Strings {
		if strings.TrimSpace(s.Text) == "" {
			i.wrong("13.2.0.0-1", "the %s in %q is empty", what, s.Lang)
		}
	}
}

func (i *importer) own(requirement, kind, id string) {
	if i.seen[kind+id] {
		i.wrong(requirement, "two of kind %s have the id %s", kind, id)
	}
	i.seen[kind+id] = true
}

func (i *importer) blocks(list []xmlBlock) {
	for _, b := range list {
		i.iri("block", b.ID)
		i.own("13.1.2.0-1", "block", b.ID)
		i.text("title of block "+b.ID, b.Title)
		i.text("description of block "+b.ID, b.Description)
		if len(b.Units)+len(b.Blocks) == 0 {
			i.wrong("13.2.0.0-1", "the block %s is empty", b.ID)
		}
		i.units(b.Units)
		i.blocks(b.Blocks)
	}
}

func (i *importer) units(list []xmlUnit) {
	for _, x := range list {
		i.iri("au", x.ID)
		i.own("13.1.4.0-1", "au", x.ID)
		i.text("title of "+x.ID, x.Title)
		i.text("description of "+x.ID, x.Description)
		u := Unit{ID: strings.TrimSpace(x.ID), Titles: x.Title.titles(), URL: strings.TrimSpace(x.URL), MoveOn: x.MoveOn,
			LaunchMethod: x.LaunchMethod, Parameters: x.Parameters}
		if u.MoveOn == "" {
			u.MoveOn = "NotApplicable"
		}
		if u.LaunchMethod == "" {
			u.LaunchMethod = "AnyWindow"
		}
		if !slices.Contains(moveOns, u.MoveOn) {
			i.wrong("13.2.0.0-1", "moveOn %q", u.MoveOn)
		}
		if !slices.Contains(methods, u.LaunchMethod) {
			i.wrong("13.2.0.0-1", "launchMethod %q", u.LaunchMethod)
		}
		if x.Mastery != nil {
			score, err := strconv.ParseFloat(strings.TrimSpace(*x.Mastery), 64)
			if err != nil || score < 0 || score > 1 {
				i.wrong("13.2.0.0-1", "masteryScore %q", *x.Mastery)
			}
			u.MasteryScore = &score
		}
		i.address(u.URL)
		i.found = append(i.found, u)
	}
}

func (i *importer) address(address string) {
	at, err := url.Parse(address)
	if err != nil || address == "" {
		i.wrong("13.1.4.0-2", "the address %q of a unit", address)
		return
	}
	for _, name := range taken {
		if at.Query().Has(name) {
			i.wrong("8.1.0.0-6", "the address %s has a %s of its own", address, name)
		}
	}
	if at.IsAbs() {
		return
	}
	if _, ok := i.files[at.Path]; !ok {
		i.wrong("14.1.0.0-3", "the address %s leads to no file of the package", address)
	}
}

func importTinCan(source []byte, files map[string][]byte) (Course, error) {
	var t struct {
		XMLName    xml.Name `xml:"http://projecttincan.com/tincan.xsd tincan"`
		Activities []struct {
			ID     string `xml:"id,attr"`
			Type   string `xml:"type,attr"`
			Name   string `xml:"name"`
			Launch []struct {
				Lang string `xml:"lang,attr"`
				URL  string `xml:",chardata"`
			} `xml:"launch"`
		} `xml:"activities>activity"`
	}
	if err := xml.Unmarshal(source, &t); err != nil {
		return Course{}, Violation{"xapi", "tincan.xml cannot be read: " + err.Error()}
	}
	i := importer{files: files, seen: map[string]bool{}}
	c := Course{TinCan: true}
	for _, a := range t.Activities {
		i.iri("activity", a.ID)
		i.own("xapi", "activity", a.ID)
		if c.ID == "" {
			c.ID = a.ID
		}
		for _, at := range a.Launch[:min(1, len(a.Launch))] {
			i.address(strings.TrimSpace(at.URL))
			c.Units = append(c.Units, Unit{ID: a.ID, Titles: map[string]string{"": a.Name}, URL: strings.TrimSpace(at.URL)})
		}
	}
	if len(c.Units) == 0 {
		i.wrong("xapi", "tincan.xml has nothing to launch")
	}
	return c, errors.Join(i.errors...)
}
