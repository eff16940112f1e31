package export_test

import (
	"encoding/xml"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"sopan.dev/sopan/builder"
	"sopan.dev/sopan/builder/export"
)

// hardNames has what a manifest could break on: markup in titles, a long one, Devanagari, a slug of digits.
var hardNames = fstest.MapFS{
	"sopan.yaml":                               {Data: []byte("title: {en: S, hi: स}\nid: https://example.org/s\nlanguages: [en, hi]\n")},
	"content/2026-rules/index.md":              {Data: []byte("---\ntitle: Rules & \"rights\" <of 2026> " + strings.Repeat("and more ", 40) + "\nsummary: S.\n---\n\nText.\n")},
	"content/2026-rules/index.hi.md":           {Data: []byte("---\ntitle: नियम\n---\n\nपाठ।\n")},
	"content/2026-rules/10-a/index.md":         {Data: []byte("---\ntitle: A\n---\n\nText.\n")},
	"content/2026-rules/10-a/10-one.md":        {Data: []byte("---\ntitle: One\n---\n\nText.\n")},
	"content/2026-rules/10-a/10-one.hi.md":     {Data: []byte("---\ntitle: एक\n---\n\nपाठ।\n")},
	"content/2026-rules/20-b/index.md":         {Data: []byte("---\ntitle: B\n---\n\nText.\n")},
	"content/2026-rules/20-b/10-two.quiz.yaml": {Data: []byte("title: Two\npass: 50%\nquestions:\n- {id: q, ask: Is it?, right: true}\n")},
}

type manifest struct {
	XMLName       xml.Name
	Schema        string `xml:"metadata>schema"`
	SchemaVersion string `xml:"metadata>schemaversion"`
	Organizations struct {
		Default      string `xml:"default,attr"`
		Organization []struct {
			Identifier string `xml:"identifier,attr"`
			Title      string `xml:"title"`
			Items      []struct {
				Identifier string `xml:"identifier,attr"`
				Ref        string `xml:"identifierref,attr"`
				Title      string `xml:"title"`
			} `xml:"item"`
		} `xml:"organization"`
	} `xml:"organizations"`
	Resources []struct {
		Identifier string     `xml:"identifier,attr"`
		Attributes []xml.Attr `xml:",any,attr"`
		Href       string     `xml:"href,attr"`
		Files      []struct {
			Href string `xml:"href,attr"`
		} `xml:"file"`
		Dependencies []struct {
			Ref string `xml:"identifierref,attr"`
		} `xml:"dependency"`
	} `xml:"resources>resource"`
}

// TestScormManifestsHold checks references, files and names; and the schemas, where SOPAN_XSD names their folder.
func TestScormManifestsHold(t *testing.T) {
	schemas := os.Getenv("SOPAN_XSD")
	if schemas == "" {
		t.Log("SOPAN_XSD does not name a folder with scorm/scorm12edition and scorm/scorm20044thedition: schemas are not checked")
	}
	for _, version := range []struct{ format, schema, attribute, driver string }{
		{"scorm12", "1.2", "scormtype", "scorm/scorm12edition/driver12.xsd"},
		{"scorm2004", "2004 4th Edition", "scormType", "scorm/scorm20044thedition/driver2004.xsd"},
	} {
		for _, split := range []bool{false, true} {
			t.Run(fmt.Sprint(version.format, " split ", split), func(t *testing.T) {
				format, _ := export.Find(version.format)
				result, diags, err := builder.New().Build(t.Context(), hardNames, builder.Options{Course: "2026-rules", Profile: format.Profile, Split: split})
				if err != nil || diags.HasErrors() {
					t.Fatalf("building: %v %v", err, diags)
				}
				p, diags, err := export.Make(t.Context(), format, result.Site, result.Set, export.Options{Split: split, Version: "test"})
				if err != nil || diags.HasErrors() {
					t.Fatalf("packing: %v %v", err, diags)
				}
				var paths []string
				var content []byte
				for _, f := range p.Files {
					if f.Path == "imsmanifest.xml" {
						content = f.Content
						continue
					}
					paths = append(paths, f.Path)
				}
				paths = append(paths, export.ManifestName)
				judge(t, content, paths, version.schema, version.attribute, map[bool]int{false: 1, true: 2}[split])
				if schemas == "" {
					return
				}
				file := filepath.Join(t.TempDir(), "imsmanifest.xml")
				if err := os.WriteFile(file, content, 0o644); err != nil {
					t.Fatal(err)
				}
				if out, err := exec.Command("xmllint", "--nonet", "--noout", "--schema", filepath.Join(schemas, version.driver), file).CombinedOutput(); err != nil {
					t.Errorf("the schema refuses it: %v\n%s", err, out)
				}
			})
		}
	}
}

func judge(t *testing.T, content []byte, paths []string, schema, attribute string, units int) {
	t.Helper()
	var m manifest
	if err := xml.Unmarshal(content, &m); err != nil {
		t.Fatalf("imsmanifest.xml: %v", err)
	}
	if m.Schema != "ADL SCORM" || m.SchemaVersion != schema {
		t.Errorf("it says %s %s, want ADL SCORM %s", m.Schema, m.SchemaVersion, schema)
	}
	if len(m.Organizations.Organization) != 1 || m.Organizations.Organization[0].Identifier != m.Organizations.Default {
		t.Fatalf("the organization %q is not there once", m.Organizations.Default)
	}
	ids := map[string]bool{}
	types := map[string]string{}
	hrefs := map[string]string{}
	listed := map[string]int{}
	for _, r := range m.Resources {
		if ids[r.Identifier] {
			t.Errorf("the identifier %s stands twice", r.Identifier)
		}
		ids[r.Identifier], hrefs[r.Identifier] = true, r.Href
		for _, a := range r.Attributes {
			if a.Name.Local == attribute {
				types[r.Identifier] = a.Value
			}
		}
		for _, f := range r.Files {
			listed[f.Href]++
		}
	}
	for _, r := range m.Resources {
		for _, d := range r.Dependencies {
			if !ids[d.Ref] {
				t.Errorf("%s depends on %s, which is not there", r.Identifier, d.Ref)
			}
		}
	}
	org := m.Organizations.Organization[0]
	if len(org.Items) != units {
		t.Errorf("it has %d items, want %d", len(org.Items), units)
	}
	for _, item := range org.Items {
		if types[item.Ref] != "sco" || !slices.Contains(paths, hrefs[item.Ref]) {
			t.Errorf("%s launches %q (%s), which is no unit of the package", item.Identifier, hrefs[item.Ref], types[item.Ref])
		}
		if n := len([]rune(item.Title)); n == 0 || n > 200 {
			t.Errorf("a title of %d characters", n)
		}
	}
	for _, file := range paths {
		if listed[file] != 1 {
			t.Errorf("%s is listed %d times", file, listed[file])
		}
		delete(listed, file)
	}
	for file := range listed {
		t.Errorf("%s is listed and not there", file)
	}
}
