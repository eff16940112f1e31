package export

import (
	"strings"
	"testing"

	"sopan.dev/sopan/builder/course"
)

// TestFault53NoPackageHoldsACredential plants one in what a course is made of, for each format; the package is refused, and
// what is said does not show it.
func TestFault53NoPackageHoldsACredential(t *testing.T) {
	token := "gl" + "pat-" + strings.Repeat("abcde", 4) // put together here, so that this file holds none itself
	for _, f := range Formats() {
		if p, diags := pack(t, site(), f.Name); p == nil {
			t.Errorf("%s: the course without a credential: %v", f.Name, told(diags))
		}
		for file, text := range map[string]string{
			"content/fees/20-x.md":            "---\ntitle: X\n---\nThe token is " + token + ".\n",
			"static/a.js":                     "const a = '" + token + "'\n",
			"themes/sopan/templates/foo.html": "<p>" + token,
			"sopan.yaml":                      "title: A site\npublisher: " + token + "\n",
		} {
			p, diags := pack(t, site(file, text), f.Name)
			if p != nil || !diags.HasErrors() {
				t.Errorf("%s: a credential in %s is packed", f.Name, file)
			}
			for _, d := range diags {
				if strings.Contains(d.Message+d.Hint, token) {
					t.Errorf("%s: said is %s", f.Name, d.Message)
				}
			}
		}
	}
}

// TestFault53TheFilesOfAPackageAreLookedThroughThemselves: a second door behind that of the sources.
func TestFault53TheFilesOfAPackageAreLookedThroughThemselves(t *testing.T) {
	in := Input{Course: &course.Course{Place: course.Place{Dir: "content/fees"}}}
	address := "https://clerk:" + "counter@lrs.example.gov.in"
	diags := judgeSecrets(in, []File{
		{Path: "a.html", Source: "content/fees/a.md", Content: []byte("<p>" + address)},
		{Path: "assets/a.js", Content: []byte(address)},
		{Path: "a.html", Content: []byte("<p>https://lrs.example.gov.in")},
		{Path: "a.mp4", Content: []byte("\x00\x00 " + address)},
	})
	if len(diags) != 2 || diags[0].Start.File != "content/fees/a.md" || diags[1].Start.File != "content/fees" || !diags[0].Secret || !strings.Contains(diags[1].Message, "assets/a.js") {
		t.Errorf("%+v", diags)
	}
	for _, d := range diags {
		if strings.Contains(d.Message, "counter") {
			t.Errorf("it is shown: %s", d.Message)
		}
	}
}
