package builder

import (
	"bytes"
	"encoding/json"
	"net/url"
	"path"
	"regexp"
	"strings"
	"testing"
)

type searchDoc struct {
	Title    string      `json:"t"`
	Address  string      `json:"u"`
	Course   string      `json:"c"`
	Sections [][3]string `json:"h"`
}

// index takes the JSON out of a search index, which is a script.
func index(t *testing.T, files map[string][]byte, name string) []searchDoc {
	t.Helper()
	b, ok := files[name]
	if !ok {
		t.Fatalf("there is no %s", name)
	}
	at := bytes.LastIndex(b, []byte("sopanSearch({"))
	if at < 0 || !bytes.HasSuffix(b, []byte(");\n")) {
		t.Fatalf("%s calls no sopanSearch: %.200s", name, b)
	}
	var x struct {
		V    int
		Docs []searchDoc
	}
	if err := json.Unmarshal(b[at+len("sopanSearch("):len(b)-len(");\n")], &x); err != nil || x.V != 1 {
		t.Fatalf("%s: version %d, %v", name, x.V, err)
	}
	return x.Docs
}

func TestTheSearchIndexHoldsWhatIsPublished(t *testing.T) {
	files, diags := build(t, warm, siteWith(
		"sopan.yaml", "title: {en: A site, hi: साइट}\nlanguages: [en, hi]\n",
		"content/c/10-x.md", "---\ntitle: X\nsummary: In short.\n---\n## Part one {#one}\n\nSome **bold** words, a [link](20-y.md) and `code`.\n\n:::details{title=\"More\"}\nInside a box.\n:::\n",
		"content/c/10-x.hi.md", "---\ntitle: एक्स\n---\n## भाग एक {#one}\n\nहिन्दी पाठ।\n",
		"content/c/20-y.md", "---\ntitle: Y </script><img src=x onerror=alert(1)>\n---\nWords.\n",
		"content/c/30-d.md", "---\ntitle: SECRET\nstatus: draft\n---\nSECRET\n",
		"content/c/80-z.case.md", "---\ntitle: Case\n---\nThe story.\n\n:::facilitator\nFor the FACILITATOR.\n:::\n\n## Start {#start}\n\nA scene.\n\n:::debrief\nThe end.\n:::\n",
		"content/c/90-q.quiz.yaml", "title: Q\nquestions:\n- {id: a, ask: \"What is **bold** and `code`?\", right: ANSWER, wrong: [WRONG], why: BECAUSE}\n",
	), Options{})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	for name, b := range files {
		if !strings.HasPrefix(name, "assets/search/") {
			continue
		}
		if m := regexp.MustCompile(`SECRET|FACILITATOR|ANSWER|WRONG|BECAUSE|</script|<img`).Find(b); m != nil {
			t.Errorf("%s holds %s", name, m)
		}
	}
	docs := map[string]searchDoc{}
	for _, d := range index(t, files, "assets/search/course-c.en.js") {
		docs[d.Address] = d
		if _, there := files[d.Address]; !there {
			t.Errorf("the index leads to %s, which does not exist", d.Address)
		}
	}
	if x := docs["c/x.html"]; x.Title != "X" || !has(x, "one", "Part one", "Some bold words, a link and code.") || !has(x, "", "", "Inside a box.") {
		t.Errorf("the lesson in the index: %+v", x)
	}
	if q := docs["c/q.html"]; !has(q, "q-a", "", "What is bold and code?") {
		t.Errorf("the quiz in the index: %+v", q)
	}
	if y := docs["c/y.html"]; y.Title != "Y </script><img src=x onerror=alert(1)>" {
		t.Errorf("a hostile title does not come back as it was: %q", y.Title)
	}
	hindi := index(t, files, "assets/search/course-c.hi.js")
	found := false
	for _, d := range hindi {
		found = found || d.Address == "hi/c/x.html" && has(d, "one", "भाग एक", "हिन्दी पाठ।")
	}
	if !found || len(hindi) != 4 {
		t.Errorf("the Hindi index: %+v", hindi)
	}
	site := index(t, files, "assets/search/site.en.js")
	if len(site) != 4 || site[0].Course != "A course" || !has(site[0], "", "", "In short.") {
		t.Errorf("the site's index: %+v", site)
	}
}

// has tells whether a section of a document holds the words.
func has(d searchDoc, id, heading, words string) bool {
	for _, s := range d.Sections {
		if (id == "" || s[0] == id) && (heading == "" || s[1] == heading) && strings.Contains(s[2], words) {
			return true
		}
	}
	return false
}

// TestEveryLinkOfTheSampleLeadsToAFile walks all pages without a browser:
// files and fragments.
func TestEveryLinkOfTheSampleLeadsToAFile(t *testing.T) {
	files, _ := build(t, warm, sampleFS(t), Options{})
	links := regexp.MustCompile(`\s(?:href|src|poster)="([^"]*)"`)
	ids := regexp.MustCompile(`\sid="([^"]*)"`)
	known := map[string]map[string]bool{}
	unescape := strings.NewReplacer("&#39;", "'", "&#34;", `"`, "&amp;", "&", "&#43;", "+")
	for name, b := range files {
		if strings.HasSuffix(name, ".html") {
			known[name] = map[string]bool{}
			for _, m := range ids.FindAllSubmatch(b, -1) {
				known[name][unescape.Replace(string(m[1]))] = true
			}
		}
	}
	checked := 0
	for name, b := range files {
		if !strings.HasSuffix(name, ".html") {
			continue
		}
		for _, m := range links.FindAllSubmatch(b, -1) {
			raw := unescape.Replace(string(m[1]))
			u, err := url.Parse(raw)
			if err != nil {
				t.Errorf("%s: %q: %v", name, raw, err)
				continue
			}
			if u.Scheme != "" {
				continue
			}
			checked++
			to := name
			if u.Path != "" {
				to = path.Join(path.Dir(name), u.Path)
			}
			if _, there := files[to]; !there {
				t.Errorf("%s leads to %s, which does not exist", name, raw)
			} else if u.Fragment != "" && known[to] != nil && !known[to][u.Fragment] {
				t.Errorf("%s leads to %s, but there is no #%s", name, raw, u.Fragment)
			}
		}
	}
	if checked < 500 {
		t.Errorf("only %d links were found", checked)
	}
}

// TestPageDataIsWhatTheScriptExpects parses the data of pages of each kind.
func TestPageDataIsWhatTheScriptExpects(t *testing.T) {
	files, _ := build(t, warm, siteWith(
		"sopan.yaml", "title: {en: A site, hi: साइट}\nlanguages: [en, hi]\nid: https://courses.example.gov.in/\n",
		"content/c/index.md", "---\ntitle: A course\nid: course-one\ncomplete: {lessons: 80%, cases: none, pass: 50%}\n---\nWords.\n",
		"content/c/10-m/index.md", "---\ntitle: M\n---\n", "content/c/10-m/10-x.md", "---\ntitle: X\nid: renamed\nminutes: 7\n---\nWords.\n",
		"content/c/10-m/10-x.hi.md", "---\ntitle: एक्स\n---\nपाठ।\n",
		"content/c/10-m/90-q.quiz.yaml", "title: Q\nquestions:\n- {id: a, ask: One?, right: true}\n"), Options{})
	element := regexp.MustCompile(`<script type="application/json" id="sopan-page">(.*?)</script>`)
	data := func(page string) (d struct {
		V                int
		Kind, Lang, Root string
		Site             struct{ ID, Title string }
		Course           *struct {
			Key, ID, Title, Href string
			Complete             map[string]any
		}
		Item *struct {
			Key, ID, Type, Title string
			Minutes              int
		}
		Records *struct{ Endpoint string }
		Search  string
		Draft   bool
	}) {
		all := element.FindAllSubmatch(files[page], -1)
		if len(all) != 1 {
			t.Fatalf("%s holds %d data elements", page, len(all))
		}
		if err := json.Unmarshal(all[0][1], &d); err != nil {
			t.Fatal(err)
		}
		if d.V != 1 || d.Records != nil || d.Draft {
			t.Errorf("%s: %+v", page, d)
		}
		if _, there := files[d.Search]; !there {
			t.Errorf("%s: its search index %s does not exist", page, d.Search)
		}
		return d
	}
	d := data("hi/c/m/x.html")
	if d.Kind != "lesson" || d.Lang != "hi" || d.Root != "../../../" || d.Site.ID != "https://courses.example.gov.in" || d.Site.Title != "साइट" {
		t.Errorf("the page: %+v", d)
	}
	if i := d.Item; i == nil || i.Key != "m/renamed" || i.ID != "https://courses.example.gov.in/course-one/m/renamed" || i.Type != "lesson" || i.Title != "एक्स" {
		t.Errorf("the item: %+v", d.Item)
	}
	if c := d.Course; c == nil || c.Key != "course-one" || c.ID != "https://courses.example.gov.in/course-one" || c.Href != "../index.html" || c.Complete["pass"] != 0.5 {
		t.Errorf("the course: %+v", d.Course)
	}
	var course struct {
		V        int
		Items    [][2]string
		Complete map[string]any
	}
	if own, ok := strings.CutPrefix(string(files["assets/course/c.js"]), "sopanCourse="); !ok {
		t.Errorf("the course's own script is %q", files["assets/course/c.js"])
	} else if err := json.Unmarshal([]byte(own), &course); err != nil {
		t.Fatal(err)
	}
	if course.V != 1 || len(course.Items) != 3 || course.Items[0] != [2]string{"m/renamed", "lesson"} {
		t.Errorf("the course's items: %+v", course)
	}
	if c := course.Complete; c["lessons"] != 0.8 || c["quizzes"] != "all" || c["cases"] != "none" {
		t.Errorf("the completion rule: %v", c)
	}
	// One item has one key and one IRI in every language: progress is kept.
	if en := data("c/m/x.html"); en.Item.Key != d.Item.Key || en.Item.ID != d.Item.ID || en.Item.Minutes != 7 {
		t.Errorf("in English the item is %+v, in Hindi %+v", en.Item, d.Item)
	}
	for page, kind := range map[string]string{"index.html": "site", "c/index.html": "course", "c/m/index.html": "module", "c/m/q.html": "quiz", "map.html": "map", "records.html": "records", "404.html": "notfound"} {
		if d := data(page); d.Kind != kind {
			t.Errorf("%s is of the kind %s, want %s", page, d.Kind, kind)
		}
	}
}
