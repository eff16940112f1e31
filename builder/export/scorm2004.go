package export

import (
	"encoding/xml"

	"sopan.dev/sopan/internal/diag"
)

// scorm2004 is a course for learning platforms that speak SCORM 2004, 4th
// edition, which keeps completion and success apart.
func scorm2004() Format {
	return Format{
		Name: "scorm2004", Title: "SCORM 2004, 4th edition", Profile: "scorm2004", Split: true,
		Pack: func(in Input) (map[string][]byte, diag.List, error) {
			return imsPackage(in, scormVersion{
				namespace: "http://www.imsglobal.org/xsd/imscp_v1p1",
				attributes: []xml.Attr{
					attr("xmlns:adlcp", "http://www.adlnet.org/xsd/adlcp_v1p3"),
					attr("xmlns:imsss", "http://www.imsglobal.org/xsd/imsss"),
				},
				version: "2004 4th Edition", typeName: "adlcp:scormType",
				// The learner chooses freely among units; a unit says itself what it comes to.
				course: &sequencing{Control: &controlMode{Choice: true, Flow: true}},
				unit:   &sequencing{Delivery: &deliveryControls{Completion: true, Objective: true}},
			})
		},
		Checked: []string{"names", "imsmanifest.xml, with every file in it"},
	}
}

type sequencing struct {
	XMLName  xml.Name `xml:"imsss:sequencing"`
	Control  *controlMode
	Delivery *deliveryControls
}

type controlMode struct {
	XMLName xml.Name `xml:"imsss:controlMode"`
	Choice  bool     `xml:"choice,attr"`
	Flow    bool     `xml:"flow,attr"`
}

type deliveryControls struct {
	XMLName    xml.Name `xml:"imsss:deliveryControls"`
	Completion bool     `xml:"completionSetByContent,attr"`
	Objective  bool     `xml:"objectiveSetByContent,attr"`
}
