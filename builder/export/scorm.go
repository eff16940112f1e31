package export

import (
	"encoding/xml"
	"fmt"
	"slices"
	"strings"

	"sopan.dev/sopan/builder/page"
	"sopan.dev/sopan/internal/diag"
)

// This file is what the manifests of SCORM 1.2 and 2004 have in common: the
// content packaging of the IMS, one organization, an item and a resource for
// each thing that is launched, and every file of the package under a resource.
// The versions differ in namespaces and in what they say of a learner's way.

// manifestName is where an LMS looks for it.
const manifestName = "imsmanifest.xml"

type imsManifest struct {
	XMLName       xml.Name
	Attributes    []xml.Attr `xml:",any,attr"`
	Identifier    string     `xml:"identifier,attr"`
	Version       string     `xml:"version,attr"`
	Schema        string     `xml:"metadata>schema"`
	SchemaVersion string     `xml:"metadata>schemaversion"`
	Organizations imsOrganizations
	Resources     []imsResource `xml:"resources>resource"`
}

type imsOrganizations struct {
	XMLName      xml.Name `xml:"organizations"`
	Default      string   `xml:"default,attr"`
	Organization imsOrganization
}

type imsOrganization struct {
	XMLName    xml.Name   `xml:"organization"`
	Identifier string     `xml:"identifier,attr"`
	Attributes []xml.Attr `xml:",any,attr"`
	Title      string     `xml:"title"`
	Items      []imsItem  `xml:"item"`
	Sequencing *sequencing
}

type imsItem struct {
	Identifier string `xml:"identifier,attr"`
	Resource   string `xml:"identifierref,attr"`
	Visible    bool   `xml:"isvisible,attr"`
	Title      string `xml:"title"`
	Sequencing *sequencing
}

type imsResource struct {
	Identifier   string     `xml:"identifier,attr"`
	Type         string     `xml:"type,attr"`
	Attributes   []xml.Attr `xml:",any,attr"`
	Href         string     `xml:"href,attr,omitempty"`
	Files        []imsFile  `xml:"file"`
	Dependencies []imsDependency
}

type imsFile struct {
	Href string `xml:"href,attr"`
}

type imsDependency struct {
	XMLName xml.Name `xml:"dependency"`
	To      string   `xml:"identifierref,attr"`
}

// scormVersion is what SCORM 1.2 and 2004 say in different words.
type scormVersion struct {
	namespace  string
	attributes []xml.Attr
	version    string
	typeName   string // of the attribute that tells a SCO from an asset
	course     *sequencing
	unit       *sequencing
}

func attr(name, value string) xml.Attr { return xml.Attr{Name: xml.Name{Local: name}, Value: value} }

// imsPackage makes imsmanifest.xml. All files that a unit does not own alone
// stand under one resource, which every unit depends on.
func imsPackage(in Input, v scormVersion) (map[string][]byte, diag.List, error) {
	if len(in.Shells) == 0 {
		return nil, nil, fmt.Errorf("the course has nothing to launch")
	}
	lang := in.Site.Langs(in.Course)[0]
	title := page.Shell{Course: in.Course}.Title(in.Site, lang)
	name := identifier(in.Course.Slug)
	m := imsManifest{
		XMLName: xml.Name{Local: "manifest"}, Attributes: slices.Concat([]xml.Attr{attr("xmlns", v.namespace)}, v.attributes),
		Identifier: name, Version: "1", Schema: "ADL SCORM", SchemaVersion: v.version,
		Organizations: imsOrganizations{Default: name + "-course", Organization: imsOrganization{
			Identifier: name + "-course", Title: cut(title, 200), Sequencing: v.course,
		}},
	}
	shared := imsResource{Identifier: name + "-files", Type: "webcontent", Attributes: []xml.Attr{attr(v.typeName, "asset")}}
	alone := map[string]bool{}
	for n, s := range in.Shells {
		unit := fmt.Sprintf("%s-unit-%d", name, n+1)
		item := imsItem{Identifier: unit, Resource: unit + "-page", Visible: true, Title: cut(s.Title(in.Site, lang), 200), Sequencing: v.unit}
		m.Organizations.Organization.Items = append(m.Organizations.Organization.Items, item)
		m.Resources = append(m.Resources, imsResource{
			Identifier: item.Resource, Type: "webcontent", Attributes: []xml.Attr{attr(v.typeName, "sco")}, Href: s.Address,
			Files: []imsFile{{s.Address}}, Dependencies: []imsDependency{{To: shared.Identifier}},
		})
		alone[s.Address] = true
	}
	for _, file := range slices.Sorted(slices.Values(append(slices.Clone(in.Paths), ManifestName))) {
		if !alone[file] {
			shared.Files = append(shared.Files, imsFile{file})
		}
	}
	m.Resources = append(m.Resources, shared)
	b, err := document(m)
	return map[string][]byte{manifestName: b}, nil, err
}

// identifier makes an XML name of a course's: a letter first, and no colon.
func identifier(slug string) string {
	return "course-" + strings.Map(func(r rune) rune {
		if r == '-' || r == '.' || r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return '-'
	}, slug)
}

// cut keeps to the characters that the standard lets a title have.
func cut(text string, most int) string {
	r := []rune(strings.TrimSpace(text))
	return string(r[:min(len(r), most)])
}
