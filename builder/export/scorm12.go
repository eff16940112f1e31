package export

import (
	"encoding/xml"

	"sopan.dev/sopan/internal/diag"
)

// scorm12 is a course for learning platforms that speak SCORM 1.2, which
// nearly all do: one SCO for the whole course, or one a module.
func scorm12() Format {
	return Format{
		Name: "scorm12", Title: "SCORM 1.2, for nearly every learning platform", Profile: "scorm12", Split: true,
		Pack: func(in Input) (map[string][]byte, diag.List, error) {
			return imsPackage(in, scormVersion{
				namespace: "http://www.imsproject.org/xsd/imscp_rootv1p1p2",
				attributes: []xml.Attr{
					attr("xmlns:adlcp", "http://www.adlnet.org/xsd/adlcp_rootv1p2"),
				},
				version: "1.2", typeName: "adlcp:scormtype",
			})
		},
		Checked: []string{"names", "imsmanifest.xml, with every file in it"},
	}
}
