package diag

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func TestNearestFindsWhatWasMeantAndNothingFarAway(t *testing.T) {
	words := []string{"fee.md", "title", "summary", "status", "competencies"}
	for word, want := range map[string]string{
		"fees.md": "fee.md", "Titel": "title", "sumary": "summary", "competences": "competencies", "zebra": "", "x": "",
	} {
		if got := Nearest(word, words); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", word, got, want)
		}
	}
}

func TestTextPutsTheCaretUnderTheDevanagariWord(t *testing.T) {
	line := "यह कड़ी [नियम](niyam.md) टूटी है"
	col := len([]rune("यह कड़ी [नियम](")) + 1
	d := Diagnostic{
		Start: Pos{"a.md", 3, col}, End: Pos{"a.md", 3, col + len("niyam.md")},
		Code: "link/missing", Message: "Broken.", Hint: "Mend it.",
	}
	var b strings.Builder
	if err := WriteText(&b, List{d}, TextOptions{Lines: func(string, int) (string, bool) { return line, true }}); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(b.String(), "\n")
	if lines[0] != "a.md:3:"+itoa(col)+": error: Broken. [link/missing]" {
		t.Errorf("first line: %q", lines[0])
	}
	before, _, _ := strings.Cut(lines[1], "niyam")
	caret, _, _ := strings.Cut(lines[2], "^")
	if got, want := len(caret), cells([]rune(before)); got != want {
		t.Errorf("caret in cell %d, word in cell %d:\n%s", got, want, b.String())
	}
	if strings.Count(lines[2], "^") != len("niyam.md") {
		t.Errorf("carets: %q", lines[2])
	}
	if lines[3] != "  Mend it." {
		t.Errorf("hint: %q", lines[3])
	}
}

func itoa(n int) string { b, _ := json.Marshal(n); return string(b) }

func TestTextOfAHostileLineHoldsNoControlCharacters(t *testing.T) {
	hostile := "\x1b[2Jgone\u202E"
	at := Pos{"a" + hostile + ".md", 1, 1}
	whole := Diagnostic{Start: Pos{File: at.File}, Code: "x/y", Message: "M."}
	d := Diagnostic{Start: at, Code: "x/y", Message: hostile, Hint: hostile, Related: []Related{{Pos: at, Message: hostile}}}
	var b strings.Builder
	if err := WriteText(&b, List{whole, d}, TextOptions{Lines: func(string, int) (string, bool) { return "\x1b[2Jgone\u202E", true }}); err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(b.String(), "\x1b\u202E") {
		t.Errorf("control characters passed: %q", b.String())
	}
}

func TestLongLinesAreCutToAWindowAroundTheSpan(t *testing.T) {
	line := strings.Repeat("word ", 200) + "HERE" + strings.Repeat(" word", 200)
	d := Diagnostic{Start: Pos{"a.md", 1, 1001}, End: Pos{"a.md", 1, 1005}, Code: "x/y", Message: "M."}
	var b strings.Builder
	if err := WriteText(&b, List{d}, TextOptions{Lines: func(string, int) (string, bool) { return line, true }}); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(b.String(), "\n")
	at := strings.Index(lines[2], "^^^^")
	if at < 0 || len([]rune(lines[1])) > 110 {
		t.Fatalf("excerpt:\n%s", b.String())
	}
	if got := string([]rune(lines[1])[at : at+4]); got != "HERE" {
		t.Errorf("carets stand under %q:\n%s", got, b.String())
	}
}

func TestSortOrdersByPlaceAndDropsRepeats(t *testing.T) {
	a := Diagnostic{Start: Pos{"a.md", 2, 1}, Code: "b"}
	b := Diagnostic{Start: Pos{"a.md", 1, 9}, Code: "z"}
	c := Diagnostic{Start: Pos{"a.md", 2, 1}, Code: "a"}
	got := List{a, b, c, a}.Sort()
	if len(got) != 3 || got[0].Code != "z" || got[1].Code != "a" || got[2].Code != "b" {
		t.Errorf("got %+v", got)
	}
}

// What a translation lacks is said of each question at one place.
func TestSortCountsTheQuestionsOfOnePlace(t *testing.T) {
	want := []string{"Question 2 is one.", "Question 3 (`a10`)", "Question 3 (`a`)", "Question 03 (`b`)", "Question 9", "Question 10", "Question 10 is longer", "Question 100", "Questions", "प्रश्न 2", "प्रश्न 10"}
	for range 20 {
		var l List
		for _, i := range rand.Perm(len(want)) {
			l = append(l, Diagnostic{Start: Pos{"a.md", 2, 1}, Code: "a", Message: want[i]})
		}
		var got []string
		for _, d := range l.Sort() {
			got = append(got, d.Message)
		}
		if !slices.Equal(got, want) {
			t.Fatalf("got  %q\nwant %q", got, want)
		}
	}
}

func TestJSONHasTheDocumentedFields(t *testing.T) {
	var b strings.Builder
	d := Diagnostic{Start: Pos{"content/अ.md", 4, 2}, Severity: Warning, Code: "x/y", Message: "M.", Hint: "H."}
	if err := WriteJSON(&b, List{d}); err != nil {
		t.Fatal(err)
	}
	var got []map[string]any
	if err := json.Unmarshal([]byte(b.String()), &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"file": "content/अ.md", "line": 4.0, "col": 2.0, "endLine": 4.0, "endCol": 3.0, "severity": "warning", "code": "x/y", "message": "M.", "hint": "H."}
	for k, v := range want {
		if got[0][k] != v {
			t.Errorf("%s = %v, want %v", k, got[0][k], v)
		}
	}
	b.Reset()
	if err := WriteJSON(&b, nil); err != nil || strings.TrimSpace(b.String()) != "[]" {
		t.Errorf("an empty list is %q", b.String())
	}
}

func TestGitHubCommandsEscapeWhatWouldEndThem(t *testing.T) {
	var b strings.Builder
	d := Diagnostic{Start: Pos{"a,b:c.md", 4, 2}, Code: "x/y", Message: "one\n::error::two", Hint: "100%"}
	if err := WriteGitHub(&b, List{d}); err != nil {
		t.Fatal(err)
	}
	want := "::error file=a%2Cb%3Ac.md,line=4,col=2,endLine=4,endColumn=3,title=x/y::one%0A::error::two%0A100%25\n"
	if b.String() != want {
		t.Errorf("got  %q\nwant %q", b.String(), want)
	}
}

func TestSARIFNamesRulesOnceAndCountsCodePoints(t *testing.T) {
	var b strings.Builder
	list := List{
		{Start: Pos{"a b.md", 1, 1}, Code: "x/y", Message: "M."},
		{Start: Pos{"a b.md", 2, 1}, Code: "x/y", Message: "N.", Severity: Note},
	}
	if err := WriteSARIF(&b, list, "1.0"); err != nil {
		t.Fatal(err)
	}
	var log struct {
		Runs []struct {
			ColumnKind string
			Tool       struct {
				Driver struct{ Rules []struct{ ID string } }
			}
			Results []struct {
				RuleID    string
				Level     string
				Locations []struct {
					PhysicalLocation struct{ ArtifactLocation struct{ URI string } }
				}
			}
		}
	}
	if err := json.Unmarshal([]byte(b.String()), &log); err != nil {
		t.Fatal(err)
	}
	run := log.Runs[0]
	if len(run.Tool.Driver.Rules) != 1 || len(run.Results) != 2 || run.ColumnKind != "unicodeCodePoints" ||
		run.Results[1].Level != "note" || run.Results[0].Locations[0].PhysicalLocation.ArtifactLocation.URI != "a%20b.md" {
		t.Errorf("log: %s", b.String())
	}
}
