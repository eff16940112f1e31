package quiz

import (
	"bytes"
	"encoding/json"
	"html/template"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"sopan.dev/sopan/builder/source"
	"sopan.dev/sopan/internal/diag"
)

// Texts that look like markup end no element and come back whole.
func TestFault04HostileTextsRoundTrip(t *testing.T) {
	for _, hostile := range []string{
		"</script><script>alert(1)</script>", "<!--<script", "]]>", "a\u2028b\u2029c", "&lt;/script&gt;", `"'><img onerror=alert(1) src=x>`, "{{.}}", "</template></form>",
	} {
		quoted, err := json.Marshal(hostile)
		if err != nil {
			t.Fatal(err)
		}
		in := string(quoted)
		q := quizFrom(t, []byte("title: "+in+"\nquestions:\n- id: a\n  ask: "+in+"\n  right: "+in+"\n  wrong:\n  - x\n  - "+quoteYAML("y")+": "+in+"\n  why: "+in+"\n  hint: "+in+"\n- id: b\n  ask: b\n  answer: "+in+"\n- id: c\n  ask: c\n  number: 5\n  unit: "+in+"\n"))
		if got := q.Questions[0].Ask.Text; got != hostile {
			t.Errorf("read as %q, want %q", got, hostile)
		}
		form := Form(q, FormOptions{})
		doc, err := html.Parse(bytes.NewReader(form))
		if err != nil {
			t.Fatal(err)
		}
		var scripts []string
		elements := map[string]int{}
		for n := range doc.Descendants() {
			if n.Type != html.ElementNode {
				continue
			}
			elements[n.Data]++
			if n.Data == "script" {
				scripts = append(scripts, n.FirstChild.Data)
			}
		}
		if len(scripts) != 1 || elements["img"] != 0 || elements["form"] != 1 {
			t.Fatalf("%q: %v in\n%s", hostile, elements, form)
		}
		var data struct {
			Title     string
			Questions []struct {
				Choices  []Component
				Accepted []string
			}
		}
		if err := json.Unmarshal([]byte(scripts[0]), &data); err != nil {
			t.Fatalf("%q: %v", hostile, err)
		}
		if data.Title != hostile || data.Questions[0].Choices[0].Text != hostile || data.Questions[1].Accepted[0] != hostile {
			t.Errorf("%q came back as %+v", hostile, data)
		}
	}
}

// A U+2028 that stands in the file as it is comes back, and does not shift what
// is said about the lines below.
func TestLineSeparatorsAreText(t *testing.T) {
	block := []byte("- id: a\n  ask: one\u2028two\u2029three\n  right: true\n  whi: x\n")
	q, finds := ReadBlock(source.NewText("l.md", block), 0, len(block))
	if len(q) != 1 || q[0].Ask.Text != "one\u2028two\u2029three" || len(finds) != 1 || finds[0].Start.Line != 4 {
		t.Errorf("%+v %s", q, spoken(finds))
	}
}

// The page shows no key: nothing outside of the inert templates and the data
// tells which choice is right.
func TestTheKeyIsNotInTheMarkup(t *testing.T) {
	q := quizFrom(t, []byte("title: T\nquestions:\n- id: a\n  ask: A?\n  right: [rightone, righttwo]\n  wrong: [wrong1, wrong2, wrong3]\n- {id: b, ask: B?, answer: secret}\n- {id: c, ask: C?, number: 4711}\n- {id: d, ask: D?, right: false}\n"))
	form := string(Form(q, FormOptions{}))
	shown := regexp.MustCompile(`(?s)<script.*?</script>|<template.*?</template>`).ReplaceAllString(form, "")
	for _, key := range []string{"secret", "4711", "checked", "data-right"} {
		if strings.Contains(shown, key) {
			t.Errorf("%q can be seen in\n%s", key, shown)
		}
	}
	// Written first, the right choices would be known by their place.
	first := []string{}
	for _, m := range regexp.MustCompile(`q-text">(\w+)<`).FindAllStringSubmatch(shown, 5) {
		first = append(first, m[1])
	}
	if slices.Equal(first[:2], []string{"rightone", "righttwo"}) {
		t.Errorf("the choices stand in the order of the source: %v", first)
	}
}

// Every control has a name, a label and what it is described by; ids are unique.
func TestTheFormIsLabelled(t *testing.T) {
	var yaml strings.Builder
	yaml.WriteString("title: T\nquestions:\n")
	for _, kind := range KindNames() {
		for _, p := range archive(t, "testdata/"+kind+".txtar") {
			if strings.HasSuffix(p.Name, ".yaml") {
				yaml.WriteString("- id: " + kind + "-" + slug(p.Name) + "\n  hint: [one, two]\n  why: Because.\n  " + strings.ReplaceAll(strings.TrimSpace(string(p.Data)), "\n", "\n  ") + "\n")
			}
		}
	}
	yaml.WriteString("- id: block\n  ask: |\n    One paragraph.\n\n    Another.\n  answer: x\n  image: {map.svg: A map}\n  reread: a/b#c\n")
	q := quizFrom(t, []byte(yaml.String()))
	form := Form(q, FormOptions{
		Render: func(p Prose, block bool) template.HTML {
			s := template.HTML(template.HTMLEscapeString(p.Text)) //nolint:gosec // escaped
			if block {
				return "<p>" + s + "</p>"
			}
			return s
		},
		Reread: func(ref Ref) (string, string) { return "../" + ref.Text, "Time limits" },
		Image:  func(Ref) ImageView { return ImageView{Src: "../map.svg", Width: 640, Height: 480} },
	})
	doc, err := html.Parse(bytes.NewReader(form))
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]*html.Node{}
	attr := func(n *html.Node, key string) string {
		for _, a := range n.Attr {
			if a.Key == key {
				return a.Val
			}
		}
		return ""
	}
	for n := range doc.Descendants() {
		if id := attr(n, "id"); n.Type == html.ElementNode && id != "" {
			if ids[id] != nil {
				t.Errorf("the id %s stands twice", id)
			}
			ids[id] = n
		}
	}
	labels := map[string]bool{}
	controls := 0
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		for _, id := range strings.Fields(attr(n, "aria-describedby")) {
			if ids[id] == nil {
				t.Errorf("%s is described by %s, which is not there", n.Data, id)
			}
		}
		switch n.Data {
		case "label":
			labels[attr(n, "for")] = true
		case "input", "select", "textarea":
			controls++
			inLabel := false
			for p := n.Parent; p != nil; p = p.Parent {
				inLabel = inLabel || p.Data == "label"
			}
			if !inLabel && !labels[attr(n, "id")] && attr(n, "aria-label") == "" {
				t.Errorf("a control without a label: %v", n.Attr)
			}
			if !strings.HasPrefix(attr(n, "name"), "q-") {
				t.Errorf("a control named %q could hide a property of the form", attr(n, "name"))
			}
		case "fieldset":
			first := n.FirstChild
			for first != nil && first.Type != html.ElementNode {
				first = first.NextSibling
			}
			if first == nil || first.Data != "legend" {
				t.Errorf("a fieldset that does not begin with its legend: %v", n.Attr)
			}
		case "p":
			if attr(n, "class") == "q-how" && (n.FirstChild == nil || strings.HasPrefix(n.FirstChild.Data, "quiz-")) {
				t.Errorf("%s does not say how to answer", attr(n, "id"))
			}
		}
	}
	if controls < 3*len(KindNames()) {
		t.Errorf("%d controls", controls)
	}
	for _, want := range []string{
		`<a href="../a/b#c">Time limits</a>`, `<img src="../map.svg" alt="A map" width="640" height="480"`,
		`<div class="q-ask" id="q-block.ask"><p>One paragraph.`, `<template data-part="hint">two</template>`,
	} {
		if !bytes.Contains(form, []byte(want)) {
			t.Errorf("no %s in\n%s", want, form)
		}
	}
}

func TestWordsAreThereInEachLanguage(t *testing.T) {
	files, err := wordFiles.ReadDir("words")
	if err != nil || len(files) < 2 {
		t.Fatal(files, err)
	}
	english := Words("en")
	for _, f := range files {
		mine := Words(strings.TrimSuffix(f.Name(), ".yaml"))
		if a, b := slices.Sorted(maps.Keys(english)), slices.Sorted(maps.Keys(mine)); !slices.Equal(a, b) {
			t.Errorf("%s has other keys than en.yaml:\n%v\n%v", f.Name(), b, a)
		}
		placeholder := regexp.MustCompile(`\{\w+\}`)
		for k, v := range mine {
			if a, b := placeholder.FindAllString(english[k], -1), placeholder.FindAllString(v, -1); !slices.Equal(a, b) || strings.TrimSpace(v) == "" {
				t.Errorf("%s: %s: %q", f.Name(), k, v)
			}
		}
	}
	if Words("xx")["quiz-check"] != english["quiz-check"] {
		t.Error("an unknown language does not fall back to English")
	}
}

func TestTheSameQuizGivesTheSameBytes(t *testing.T) {
	yaml := read(t, "../content/mission-karmayogi/60-ethics-and-service/90-check.quiz.yaml")
	first := Form(quizFrom(t, yaml), FormOptions{})
	for range 5 {
		if again := Form(quizFrom(t, yaml), FormOptions{}); !bytes.Equal(first, again) {
			t.Fatal("two forms of one quiz differ")
		}
	}
}

// Settings, competencies and mentions come out as they were meant.
func TestSettingsAreUnderstood(t *testing.T) {
	q := quizFrom(t, []byte(`title: Answering
for: Public Information Officer > Dispose of RTI applications
tests: RTI timelines, level 1        # default
pass: 60%
time: 1 hour 30 minutes, strict
attempts: 3, last counts
show: after the last attempt
draw: 1 from RTI timelines level 1, 1 from RTI exemptions
marking: fair guess
questions:
- id: a
  ask: A?
  right: x
  wrong: [y, z]
  marks: 2.5
  reread: rti/limits#days
- id: b
  ask: B?
  tests: [RTI exemptions level 3, Integrity]
  right: false
`))
	if q.Pass != 0.6 || q.Time != (Time{90, true}) || q.Attempts != (Attempts{3, "last"}) || q.Show != ShowLast || len(q.Draw.From) != 2 || q.Marks() != 3.5 {
		t.Errorf("%+v", q)
	}
	want := []string{"1: choose one of 3, 2.5 marks, RTI timelines level 1", "2: true or false, 1 mark, RTI exemptions level 3, Integrity"}
	if got := q.Summary(); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	var refs []string
	for _, r := range q.Refs() {
		refs = append(refs, r.What+" "+r.Text)
	}
	if want := []string{"activity Public Information Officer > Dispose of RTI applications", "competency RTI timelines", "competency RTI timelines", "competency RTI exemptions", "reread rti/limits#days", "competency RTI exemptions", "competency Integrity"}; !slices.Equal(refs, want) {
		t.Errorf("got %q", refs)
	}
	data := string(Data(q, DataOptions{ID: "https://example.org/q", Competency: func(c Competency) string { return slug(c.String()) }}).JSON())
	wantData := `{"v":1,"key":"","id":"https://example.org/q","title":"Answering","pass":0.6,"show":"last","attempts":{"most":3,"counts":"last"},"time":{"seconds":5400,"strict":true},"draw":{"from":[{"count":1,"of":[0]},{"count":1,"of":[1]}]},"questions":[` +
		`{"id":"a","kind":"choice","marks":2.5,"tests":["rti-timelines-level-1"],"penalty":0.5,"choices":[{"id":"` + textID("x") + `","text":"x"},{"id":"` + textID("y") + `","text":"y"},{"id":"` + textID("z") + `","text":"z"}],"right":["` + textID("x") + `"]},` +
		`{"id":"b","kind":"truefalse","marks":1,"tests":["rti-exemptions-level-3","integrity"],"penalty":1,"right":false}]}`
	if data != wantData {
		t.Errorf("got\n%s\nwant\n%s", data, wantData)
	}
}

// Positions of a block refer to the lesson, whatever its indentation.
func TestABlockInALessonHasTheLessonsPositions(t *testing.T) {
	lesson := "# पाठ\n\n1. text\n\n   ```quiz\n   - id: a\n     ask: पूछो?\n     whi: x\n     right: true\n   ```\n"
	start, end := strings.Index(lesson, "- id"), strings.LastIndex(lesson, "   ```")
	_, finds := ReadBlock(source.NewText("lesson.md", []byte(lesson)), start, end)
	if len(finds) != 1 || finds[0].Start != (diag.Pos{File: "lesson.md", Line: 8, Col: 6}) {
		t.Errorf("%s", spoken(finds))
	}
}

// An id keeps when choices change places, and changes with the words.
func TestIdentityDependsOnWordsAlone(t *testing.T) {
	ids := func(yaml string) map[string]string {
		out := map[string]string{}
		for _, c := range oneQuestion(t, "q", []byte(yaml)).Interaction(nil).Choices {
			out[c.Text] = c.ID
		}
		return out
	}
	a := ids("id: a\nask: A?\nright: thirty days\nwrong: [x, y]")
	b := ids("id: a\nask: A?\nright: y\nwrong: [X, thirty  days, z]")
	if a["x"] != b["X"] || a["y"] != b["y"] || a["thirty days"] == "" || a["x"] == a["y"] || len(a["x"]) != 8 {
		t.Errorf("%v %v", a, b)
	}
	if textID("ज़्यादा") != textID("ज\u093c्यादा") {
		t.Error("NFC and NFD are two")
	}
}

// A question `a` with its parts and a question `a-how` share no id and no name.
func TestIDsOfPartsAreNobodyElses(t *testing.T) {
	var yaml strings.Builder
	yaml.WriteString("title: T\nquestions:\n")
	for _, id := range []string{"a", "a-how", "a-result", "a-in", "a-ask", "a-in1", "a-sure", "a-" + textID("x")} {
		yaml.WriteString("- {id: " + id + ", ask: \"A\\nB\", certainty: asked, right: x, wrong: [y]}\n- {id: " + id + "-2, ask: A?, order: [x, y, z]}\n- {id: " + id + "-3, ask: A?, fill: \"[[x]]\"}\n")
	}
	doc, err := html.Parse(bytes.NewReader(Form(quizFrom(t, []byte(yaml.String())), FormOptions{})))
	if err != nil {
		t.Fatal(err)
	}
	owners := map[string]string{}
	var walk func(n *html.Node, question string)
	walk = func(n *html.Node, question string) {
		for _, a := range n.Attr {
			if a.Key == "data-q" {
				question = a.Val
			}
		}
		for _, a := range n.Attr {
			if a.Key != "id" && a.Key != "name" {
				continue
			}
			key := a.Key + " " + a.Val
			if owner, taken := owners[key]; taken && (a.Key == "id" || owner != question) {
				t.Errorf("%s belongs to %s and to %s", key, owner, question)
			}
			owners[key] = question
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c, question)
		}
	}
	walk(doc, "")
	if len(owners) < 100 {
		t.Errorf("%d ids and names", len(owners))
	}
}

// What is not translated says so to everyone, not to a screen reader alone.
func TestATextThatIsNotTranslatedNamesItsLanguage(t *testing.T) {
	q := quizFrom(t, []byte("title: T\nquestions:\n- {id: a, ask: A?, right: x, wrong: [y]}\n- {id: b, ask: \"B\\n\\nC\", match: {k: v, l: w}}\n- {id: c, ask: C?, fill: \"one [[two]] three [[four | five]].\"}\n"))
	hindi, _ := q.Translate(source.NewText("q.hi.yaml", []byte("title: त\nquestions:\n  a: {ask: क?}\n")))
	form := string(Form(hindi, FormOptions{SourceLang: "en", SourceName: "English"}))
	for _, want := range []string{
		`<span class="q-ask">क?</span>`, `<span lang="en">x <small class="q-lang">(English)</small></span>`, `<div lang="en">B`,
		`<p><small class="q-lang">(English)</small></p></div>`, `">v (English)</option>`, `<span lang="en">.`, `<span lang="en">one</span>`,
	} {
		if !strings.Contains(form, want) {
			t.Errorf("no %s in\n%s", want, form)
		}
	}
	if strings.Contains(string(Form(q, FormOptions{SourceLang: "en", SourceName: "English"})), "(English)") {
		t.Error("the original names its language")
	}
}

// A form that is drawn where another one stood, or behind it, is the form that is made by itself.
func TestFormsOnOneSheetHoldOnlyTheirOwn(t *testing.T) {
	var want [][]byte
	var quizzes []*Quiz
	for _, kind := range KindNames() {
		for _, part := range archive(t, "testdata/"+kind+".txtar") {
			if strings.HasSuffix(part.Name, ".yaml") {
				question := "- id: a\n  hint: [one, two]\n  " + strings.ReplaceAll(strings.TrimSpace(string(part.Data)), "\n", "\n  ") + "\n"
				q := quizFrom(t, []byte("title: T\nquestions:\n"+question+strings.Replace(question, "id: a", "id: b", 1)))
				quizzes, want = append(quizzes, q), append(want, Form(q, FormOptions{}))
			}
		}
	}
	var easel Easel
	var sheet bytes.Buffer
	for round := range 3 {
		for i, q := range quizzes {
			if round < 2 {
				sheet.Reset()
			}
			at := easel.Draw(&sheet, q, FormOptions{})
			if got := sheet.Bytes()[at:]; !bytes.Equal(got, want[i]) {
				t.Fatalf("round %d, form %d:\n got %s\nwant %s", round, i, got, want[i])
			}
		}
	}
}
