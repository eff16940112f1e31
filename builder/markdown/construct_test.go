package markdown

import (
	"flag"
	"fmt"
	"html/template"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sopan.dev/sopan/builder/source"
	"sopan.dev/sopan/internal/diag"
)

var update = flag.Bool("update", false, "rewrite what the cases in testdata expect")

// TestConstructs runs the cases of testdata/*.txtar: a file a construct, and in
// it Markdown files, each followed by what is expected of it. The Markdown
// file's name says how it is read:
//
//	words of the claim.md            a lesson
//	words of the claim.sanitised.md  with the sanitised subset of HTML
//	words of the claim.hindi.md      a lesson in Hindi
//	words of the claim.terms.md      with the glossary of caseTerms
//	words of the claim.case.md       a case study
//	words of the claim.inline.md     a run of inline text
//	words of the claim.fragment.md   a text that others include
//
// .html holds the HTML, .diag the diagnostics, .facts the facts (only where a
// case has such a file).
func TestConstructs(t *testing.T) {
	paths, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatal("no cases", err)
	}
	for _, path := range paths {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		archive := parseArchive(string(raw))
		expected := map[string]string{}
		for _, f := range archive.files {
			expected[f.name] = f.data
		}
		out := archive.comment
		cases := 0
		for _, f := range archive.files {
			name, ok := strings.CutSuffix(f.name, ".md")
			if !ok {
				continue
			}
			cases++
			got := runCase(name, []byte(f.data))
			out += "-- " + f.name + " --\n" + f.data
			for _, ext := range []string{".html", ".diag", ".facts"} {
				want, there := expected[name+ext]
				if ext == ".facts" && !there {
					continue
				}
				if got[ext] != "" {
					out += "-- " + name + ext + " --\n" + got[ext]
				}
				if !*update && got[ext] != want {
					t.Errorf("%s: %s%s\n--- input\n%s--- got\n%s--- want\n%s", path, name, ext, f.data, got[ext], want)
				}
			}
		}
		if cases == 0 {
			t.Errorf("%s has no cases", path)
		}
		if *update {
			if err := os.WriteFile(path, []byte(out), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// archive is txtar (golang.org/x/tools/txtar): a comment, then files, each
// after a line `-- name --`.
type archive struct {
	comment string
	files   []archiveFile
}

type archiveFile struct{ name, data string }

func parseArchive(s string) archive {
	var a archive
	for line := range strings.Lines(s) {
		name, ok := strings.CutPrefix(strings.TrimRight(line, "\n"), "-- ")
		if name, marked := strings.CutSuffix(name, " --"); ok && marked {
			a.files = append(a.files, archiveFile{name: name})
		} else if len(a.files) == 0 {
			a.comment += line
		} else {
			a.files[len(a.files)-1].data += line
		}
	}
	return a
}

var hindi = map[string]string{
	"note": "ध्यान दें", "activity": "गतिविधि", "minutes": "{n} मिनट", "table": "तालिका",
	"footnotes": "टिप्पणियाँ", "back_to_text": "पाठ पर लौटें", "transcript": "लिखित रूप",
}

func caseTerms() *Terms {
	return NewTerms([]GlossaryTerm{
		{ID: "rti", Forms: []string{"RTI", "Right to Information", "सूचना का अधिकार"}, Meaning: `The right to ask for "records" & copies.`},
		{ID: "mission-karmayogi", Forms: []string{"Mission Karmayogi"}, Meaning: "The programme."},
		{ID: "karmayogi", Forms: []string{"Karmayogi", "कर्मयोगी", "karmayogis"}, Meaning: "A person who does the work."},
		{ID: "vuca", Forms: []string{"वूका (VUCA)", "VUCA"}, Meaning: "Four kinds of trouble."},
		{ID: "zila", Forms: []string{"ज़िला"}, Meaning: "A district."},
		{ID: "e-office", Forms: []string{"e-Office"}, Meaning: "Files on a screen."},
	})
}

// caseResolver knows a few files, and leaves the others as they are written.
func caseResolver() Resolver {
	return Resolver{
		Include: func(r Ref) []byte { return fmt.Appendf(nil, "<p>(%s)</p>\n", template.HTMLEscapeString(r.Dest)) },
		Quiz:    func(i int) []byte { return fmt.Appendf(nil, "<form class=\"quiz\">%d</form>", i) },
		Target: func(r Ref) Target {
			switch {
			case r.Kind == TermRef:
				return Target{Href: "../glossary.html#" + r.Dest}
			case r.Dest == "missing.md" || r.Dest == "missing.svg":
				return Target{}
			case r.Dest == "hindi.md":
				return Target{Href: "../hi/hindi.html", Lang: "hi"}
			case r.Kind == VideoRef:
				return Target{
					Href: "talk.mp4", Width: 640, Height: 360, Transcript: "Good morning.\n\nLet us <begin>.",
					Tracks: []Track{{"en", "English", "talk.en.vtt"}, {"hi", "हिन्दी", "talk.hi.vtt"}},
				}
			case r.Kind == ImageRef:
				return Target{Href: r.Dest, Width: 360, Height: 200}
			}
			return Target{Href: strings.Replace(r.Dest, ".md", ".html", 1)}
		},
	}
}

// runCase reads one text and gives what became of it by file ending.
func runCase(name string, md []byte) map[string]string {
	o, r := Options{Lang: "en"}, caseResolver()
	kind := filepath.Ext(name)
	switch kind {
	case ".sanitised":
		o.RawHTML = Sanitised
	case ".hindi":
		o.Lang, r.Words = "hi", hindi
	case ".terms":
		o.Terms = caseTerms()
	case ".fragment":
		o.Fragment = true
	case ".case":
		o.Case, o.Terms = true, caseTerms()
	}
	var d *Doc
	if kind == ".inline" {
		d = ParseInline(strings.TrimSuffix(string(md), "\n"), o)
	} else {
		d = Parse(source.NewText("lesson.md", md), 0, o)
	}
	got := map[string]string{".diag": listing(d.Diagnostics()), ".facts": factsListing(d)}
	if kind == ".case" {
		got[".html"] = caseListing(d)
	} else {
		got[".html"] = string(d.HTML(r))
		if f := d.FacilitatorHTML(r); len(f) > 0 {
			got[".html"] += "(for the facilitator)\n" + string(f)
		}
	}
	if h := got[".html"]; h != "" && !strings.HasSuffix(h, "\n") {
		got[".html"] += "\n"
	}
	return got
}

func listing(l diag.List) string {
	var b strings.Builder
	for _, d := range l {
		fmt.Fprintf(&b, "%d:%d-%d:%d %s %s: %s %s\n", d.Start.Line, d.Start.Col, d.End.Line, d.End.Col, d.Severity, d.Code, d.Message, d.Hint)
		for _, r := range d.Related {
			fmt.Fprintf(&b, "    %d:%d %s\n", r.Pos.Line, r.Pos.Col, r.Message)
		}
	}
	return b.String()
}

func factsListing(d *Doc) string {
	var b strings.Builder
	f := d.Facts()
	at := func(start, end int) string {
		p := d.text.Pos(start)
		return fmt.Sprintf("%d:%d %q", p.Line, p.Col, d.text.Bytes[start:end])
	}
	fmt.Fprintf(&b, "words %d, minutes %d, blocks %v, terms %v, code %v\n", f.Words, f.Minutes, f.Human, f.Terms, f.Langs)
	for _, h := range f.Headings {
		fmt.Fprintf(&b, "heading %d %q #%s at %s\n", h.Level, h.Text, h.ID, at(h.Start, h.End))
	}
	for _, r := range f.Refs {
		fmt.Fprintf(&b, "%s %q external %v at %s\n", r.Kind, r.Dest, r.External, at(r.Start, r.End))
	}
	for _, q := range f.Quizzes {
		fmt.Fprintf(&b, "quiz at %s\n", at(q.Start, q.End))
	}
	for _, i := range f.Includes {
		fmt.Fprintf(&b, "include %s after %d headings and %d sections, level %d, hidden %v\n", i.Dest, i.Headings, i.Sections, i.Level, i.Hidden)
	}
	for _, s := range f.Sections {
		fmt.Fprintf(&b, "section #%s %q: %s\n", s.ID, s.Heading, s.Text)
	}
	return b.String()
}

func caseListing(d *Doc) string {
	var b strings.Builder
	r := caseResolver()
	intro := d.IntroHTML(r)
	fmt.Fprintf(&b, "intro: %s\nfacilitator: %s\nnotes: %s\n", intro.Body, intro.Facilitator, intro.Notes)
	for i, s := range d.Scenes() {
		h := d.SceneHTML(i, r)
		fmt.Fprintf(&b, "scene #%s %q ending %v\ntitle: %s\nwhere: %s\nbody: %s\nfacilitator: %s\n", s.ID, s.Title, s.Ending, h.Title, h.Where, h.Body, h.Facilitator)
		for j, c := range s.Decisions {
			fmt.Fprintf(&b, "decision %q to %s (%s): %s\n", c.Text, c.Target, d.text.Bytes[c.Start:c.End], h.Decisions[j])
			for _, p := range c.Points {
				fmt.Fprintf(&b, "    %s %+d (%s)\n", p.Competency, p.Value, d.text.Bytes[p.Start:p.End])
			}
		}
	}
	return b.String()
}
