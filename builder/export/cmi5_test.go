package export

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"sopan.dev/sopan/builder"
)

// aCourse is a course of two modules, in two languages; `with` adds files or changes them.
func aCourse(with map[string]string) fstest.MapFS {
	files := map[string]string{
		"sopan.yaml":                      "title: {en: Site, hi: साइट}\nid: https://example.org/s\nlanguages: [en, hi]\n",
		"content/rti/index.md":            "---\ntitle: RTI <for> officers\nsummary: What the Act asks & when.\n---\n\nText.\n",
		"content/rti/index.hi.md":         "---\ntitle: आरटीआई\n---\n\nपाठ।\n",
		"content/rti/10-a/index.md":       "---\ntitle: First\n---\n\nText.\n",
		"content/rti/10-a/10-one.md":      "---\ntitle: One\n---\n\nText.\n",
		"content/rti/20-b/index.md":       "---\ntitle: Second\n---\n\nText.\n",
		"content/rti/20-b/10-two.md":      "---\ntitle: Two\n---\n\nText.\n",
		"content/rti/20-b/90-x.quiz.yaml": "title: X\npass: 75%\nquestions:\n- id: a\n  ask: How many?\n  right: 30\n  wrong: [15, 45]\n",
	}
	for name, text := range with {
		files[name] = text
	}
	fsys := fstest.MapFS{}
	for name, text := range files {
		if text != "" {
			fsys[name] = &fstest.MapFile{Data: []byte(text)}
		}
	}
	return fsys
}

// contentOf gives a file of a package.
func contentOf(t *testing.T, as, file string, split bool, with map[string]string) string {
	t.Helper()
	f, ok := Find(as)
	if !ok {
		t.Fatalf("there is no format %s", as)
	}
	result, diags, err := builder.New().Build(context.Background(), aCourse(with), builder.Options{Course: "rti", Profile: f.Profile, Split: split})
	if err != nil || diags.HasErrors() {
		t.Fatalf("building: %v %v", err, diags)
	}
	p, diags, err := Make(context.Background(), f, result.Site, result.Set, Options{Split: split})
	if err != nil || diags.HasErrors() {
		t.Fatalf("packing: %v %v", err, diags)
	}
	for _, one := range p.Files {
		if one.Path == file {
			return string(one.Content)
		}
	}
	t.Fatalf("there is no %s", file)
	return ""
}

func has(t *testing.T, text string, wanted ...string) {
	t.Helper()
	for _, w := range wanted {
		if !strings.Contains(text, w) {
			t.Errorf("there is no\n  %s\nin\n%s", w, text)
		}
	}
}

func TestACmi5StructureNamesTheCourseInEachLanguage(t *testing.T) {
	got := contentOf(t, "cmi5", "cmi5.xml", false, nil)
	has(t, got, `<course id="https://example.org/s/rti">`, `<langstring lang="en">RTI &lt;for&gt; officers</langstring>`, `<langstring lang="hi">आरटीआई</langstring>`,
		`<langstring lang="en">What the Act asks &amp; when.</langstring>`, `<url>index.html</url>`,
		`<au id="https://example.org/s/rti/unit" moveOn="Completed" masteryScore="0.75" launchMethod="AnyWindow"`)
	if n := strings.Count(got, "<au "); n != 1 {
		t.Errorf("there are %d units", n)
	}
	valid(t, got)
}

func TestACmi5StructureMayHaveAUnitForEachModule(t *testing.T) {
	got := contentOf(t, "cmi5", "cmi5.xml", true, nil)
	has(t, got, `<au id="https://example.org/s/rti/a/unit" moveOn="Completed" launchMethod`, `<au id="https://example.org/s/rti/b/unit" moveOn="Completed" masteryScore="0.75"`,
		`<url>module-1.html</url>`, `<url>module-2.html</url>`, `<langstring lang="en">Second</langstring>`)
	if strings.Contains(got, `lang="hi">Second`) {
		t.Errorf("an English title is said to be Hindi:\n%s", got)
	}
	valid(t, got)
}

// A platform that knows a mastery score holds each verdict against it.
func TestAMasteryScoreIsNamedOnlyWhereNoVerdictCanDisagree(t *testing.T) {
	const question = "questions:\n- id: b\n  ask: How many?\n  right: 30\n  wrong: [15, 45]\n"
	for name, with := range map[string]map[string]string{
		"two quizzes have marks":    {"content/rti/10-a/90-y.quiz.yaml": "title: Y\npass: 75%\n" + question},
		"nothing is to be passed":   {"content/rti/20-b/90-x.quiz.yaml": "title: X\n" + question},
		"it is a survey":            {"content/rti/20-b/90-x.quiz.yaml": "title: X\nkind: survey\nquestions:\n- id: b\n  ask: How was it?\n  rate: [Not at all, A little, Quite, Very]\n"},
		"there is no quiz":          {"content/rti/20-b/90-x.quiz.yaml": ""},
		"the rule asks for no quiz": {"content/rti/index.md": "---\ntitle: RTI\ncomplete: {quizzes: none}\n---\n\nText.\n"},
	} {
		t.Run(name, func(t *testing.T) {
			got := contentOf(t, "cmi5", "cmi5.xml", false, with)
			if strings.Contains(got, "masteryScore") {
				t.Errorf("%s", got)
			}
			valid(t, got)
		})
	}
}

func TestATinCanStructureNamesTheCourseAndItsAddress(t *testing.T) {
	has(t, contentOf(t, "xapi", "tincan.xml", false, nil), `<tincan xmlns="http://projecttincan.com/tincan.xsd">`,
		`<activity id="https://example.org/s/rti" type="http://adlnet.gov/expapi/activities/course">`, `<name>RTI &lt;for&gt; officers</name>`,
		`<description lang="en">What the Act asks &amp; when.</description>`, `<launch lang="en">index.html</launch>`)
	has(t, contentOf(t, "xapi", "tincan.xml", true, nil), `<activity id="https://example.org/s/rti/b" type="http://adlnet.gov/expapi/activities/module">`,
		`<launch lang="en">module-2.html</launch>`)
}

// valid holds a structure against the specification's schema, where SOPAN_XSD says where that is.
func valid(t *testing.T, structure string) {
	t.Helper()
	schemas := os.Getenv("SOPAN_XSD")
	if schemas == "" {
		return
	}
	file := filepath.Join(t.TempDir(), "cmi5.xml")
	if err := os.WriteFile(file, []byte(structure), 0o644); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("xmllint", "--nonet", "--noout", "--schema", filepath.Join(schemas, "cmi5", "CourseStructure.xsd"), file).CombinedOutput()
	if err != nil {
		t.Errorf("xmllint: %v\n%s\n%s", err, out, structure)
	}
}
