package export

import (
	"encoding/xml"

	"sopan.dev/sopan/builder/page"
	"sopan.dev/sopan/internal/diag"
)

// xapi is a course for launchers that speak xAPI ("Tin Can") and no cmi5: they
// read tincan.xml for the name of the course and its address.
func xapi() Format {
	return Format{
		Name: "xapi", Title: "xAPI (Tin Can), with a launch by tincan.xml", Profile: "xapi", Split: true,
		Pack: func(in Input) (map[string][]byte, diag.List, error) {
			b, err := tinCan(in)
			return map[string][]byte{"tincan.xml": b}, nil, err
		},
		Checked: []string{"names", "tincan.xml"},
	}
}

type tinCanDocument struct {
	XMLName    xml.Name         `xml:"http://projecttincan.com/tincan.xsd tincan"`
	Activities []tinCanActivity `xml:"activities>activity"`
}

type tinCanActivity struct {
	ID          string       `xml:"id,attr"`
	Type        string       `xml:"type,attr"`
	Name        string       `xml:"name"`
	Description langText     `xml:"description"`
	Launch      []langLaunch `xml:"launch"`
}

// langLaunch is where to begin. The shell finds the language by itself, so
// that one is enough; launchers take the first.
type langLaunch struct {
	Lang string `xml:"lang,attr"`
	URL  string `xml:",chardata"`
}

func tinCan(in Input) ([]byte, error) {
	var d tinCanDocument
	for _, shell := range in.Shells {
		title, about := titles(in, shell)[0], titles(in, shell)[0]
		kind := "http://adlnet.gov/expapi/activities/module"
		if shell.Module == nil {
			about, kind = summaries(in)[0], courseType
		}
		d.Activities = append(d.Activities, tinCanActivity{
			ID: shell.ActivityID(in.Site), Type: kind, Name: title.Text, Description: about,
			Launch: []langLaunch{{title.Lang, shell.Address}},
		})
	}
	if in.Options.Split {
		// Launchers take the first activity for the package's own name: the course stands above its modules, without
		// anything to launch.
		whole := page.Shell{Course: in.Course}
		d.Activities = append([]tinCanActivity{{
			ID: whole.ActivityID(in.Site), Type: courseType, Name: titles(in, whole)[0].Text, Description: summaries(in)[0],
		}}, d.Activities...)
	}
	return document(d)
}
