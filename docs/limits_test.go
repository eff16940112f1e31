package docs_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"go/constant"
	"go/token"
	"go/types"
	"hash/crc32"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"sopan.dev/sopan/builder"
	"sopan.dev/sopan/internal/diag"
)

// A row of limits.md is held to the program in one of three ways: a site with as many of the thing as the row says has no
// finding, and one more gives the row's code (tried); the row's figure is that of a constant (written); or nothing but
// reading can tell, and the row says with which test it is tried, or speaks of other programs (told).

// tried makes sites: of n, in the row's own unit.
var tried = map[string]func(n int) fstest.MapFS{
	"a Markdown or YAML file":                 func(n int) fstest.MapFS { return with("content/glossary.yaml", padded("terms: []\n#", n)) },
	"the length of a file's or folder's name": func(n int) fstest.MapFS { return with("content/course/"+strings.Repeat("a", n-4)+".pdf", "x") },
	"folders in each other":                   func(n int) fstest.MapFS { return with("static/"+strings.Repeat("a/", n-1)+"x.txt", "x") },
	"names":                                   func(n int) fstest.MapFS { return with([]string{"static/a.txt", "static/CON.txt"}[n], "x") },
	"two names": func(n int) fstest.MapFS {
		return with("static/one.txt", "x", []string{"static/two.txt", "static/ONE.txt"}[n], "x")
	},
	"characters": func(n int) fstest.MapFS { return texts([]string{"Words.", "Wor\u202eds."}[n]) },
	"a photograph": func(n int) fstest.MapFS {
		return with("content/course/a.md", lesson("![A road](a.png)"), "content/course/a.png", photograph(n))
	},
	"a picture that is shown": func(n int) fstest.MapFS {
		return with("content/course/a.md", lesson("![A road](a.svg)"), "content/course/a.svg", drawing(padded("<!--", n-svgAround-3)+"-->"))
	},

	"the text of a lesson or case study":          func(n int) fstest.MapFS { return texts(strings.Repeat("words\n", n/6) + strings.Repeat("\n", n%6)) },
	"a run of text without a space":               func(n int) fstest.MapFS { return texts(strings.Repeat("x", n)) },
	"lines that start with a square bracket":      func(n int) fstest.MapFS { return texts(strings.Repeat("[x\n", n)) },
	"lists and quotations in each other":          func(n int) fstest.MapFS { return texts(strings.Repeat("> ", n) + "x") },
	"`:::` blocks in each other":                  func(n int) fstest.MapFS { return texts(nested(n, ":::example\n", "x\n", ":::\n")) },
	"marks and HTML tags in each other, all told": func(n int) fstest.MapFS { return texts("x " + nested(n, "<b>", " x ", "</b>")) },
	"cells of a table":                            func(n int) fstest.MapFS { return texts(table(n)) },
	"footnotes of a text":                         func(n int) fstest.MapFS { return texts(footnotes(n)) },
	"front matter": func(n int) fstest.MapFS {
		return with("content/course/a.md", "---\n"+padded("title: A\n#", n-1)+"\n---\n\nWords.\n")
	},
	"groups and lists in each other in YAML": func(n int) fstest.MapFS {
		return with("content/glossary.yaml", "terms: "+nested(n-1, "[", "", "]")+"\n")
	},
	"findings about settings, data or front matter": func(n int) fstest.MapFS {
		return with("content/glossary.yaml", counted(n, "unknown-%d: x\n"))
	},
	"findings about the words of a theme that no page asks for": func(n int) fstest.MapFS {
		return with("themes/sopan/words/en.yaml", counted(n, "unknown-%d: x\n"))
	},
	"elements in each other in an SVG drawing": func(n int) fstest.MapFS { return with("content/course/a.svg", drawing(nested(n-1, "<g>", "", "</g>"))) },
	"points that a decision gives or takes":    func(n int) fstest.MapFS { return casestudy(fmt.Sprintf("- [B](#b) {people-first +%d}", n)) },
	"findings shown for a text":                func(n int) fstest.MapFS { return plain(strings.Repeat("<b>\n\n", n)) },
	"a quiz file":                              func(n int) fstest.MapFS { return quizzes(padded(oneQuestion+"#", n)) },
	"lists in each other":                      func(n int) fstest.MapFS { return quizzes("title: " + nested(n, "[", "", "]") + "\n") },
	"findings about a file": func(n int) fstest.MapFS {
		return quizzes("title: Q\nquestions:\n" + counted(n, "- id: q%[1]d\n  ask: Question %[1]d?\n  right: true\n  rihgt: true\n"))
	},
	"an id": func(n int) fstest.MapFS {
		return quizzes(strings.Replace(oneQuestion, "id: a", "id: "+strings.Repeat("a", n), 1))
	},
	"marks of a question":    func(n int) fstest.MapFS { return quizzes(oneQuestion + fmt.Sprintf("  marks: %d\n", n)) },
	"attempts":               func(n int) fstest.MapFS { return quizzes(fmt.Sprintf("attempts: %d\n", n) + oneQuestion) },
	"the time of an attempt": func(n int) fstest.MapFS { return quizzes(fmt.Sprintf("time: %d minutes\n", n) + oneQuestion) },
	"languages of a site": func(n int) fstest.MapFS {
		return with("sopan.yaml", "title: A\nlanguages: ["+strings.Join(tags[:n], ", ")+"]\n")
	},
	"figures of an ordering number": func(n int) fstest.MapFS {
		return with("content/course/"+strings.Repeat("1", n)+"-a.md", lesson("Words."))
	},
	"lessons of a module, modules of a course": func(n int) fstest.MapFS {
		return many(n, "content/course/m%[1]d/l%[1]d.md", lesson("Words."), "content/course/m/x%d.md", lesson("Words."))
	},
	"courses of a site": func(n int) fstest.MapFS { return many(n, "content/c%d/index.md", lesson("Words.")) },
	"questions of a quiz": func(n int) fstest.MapFS {
		return quizzes("title: Q\nquestions:\n" + counted(n, "- id: q%[1]d\n  ask: Question %[1]d?\n  right: true\n"))
	},
	"texts of a question: choices, pairs, gaps, with its words and all": func(n int) fstest.MapFS {
		return quizzes("title: Q\nquestions:\n- id: a\n  ask: A?\n  right: yes\n  wrong:\n" + counted(n-7, "  - w%d\n"))
	},
	"terms of the glossary, competencies, sources": func(n int) fstest.MapFS {
		return with("content/glossary.yaml", "terms:\n"+counted(n, "- id: t%[1]d\n  term: Term %[1]d\n  meaning: Words.\n"))
	},
}

// units are those of rows whose figure is not counted in ones.
var units = map[string]int{"KB": 1 << 10, "MB": 1 << 20, "million": 1 << 20, "hours": 60}

// written are rows whose figures are constants of the program.
var written = map[string][]string{
	"code that is coloured":                     {"16 KB", "../builder/markdown/code.go maxHighlighted"},
	"how often an address may be encoded":       {"6 times", "../builder/markdown/address.go maxDecoded"},
	"a film's table of contents":                {"16 MB", "../builder/course/video.go maxMoov", "10,000", "../builder/course/video.go maxBoxes"},
	"findings of one kind about the characters": {"20", "../builder/source/normalise.go most"},
	"open connections":                          {"512", "../preview/crowd.go maxConnections"},
	"pages that are told of a change":           {"64", "../preview/hub.go maxStreams"},
	"findings laid over a page":                 {"50", "../preview/problems.go maxItems"},
	"records in the panel":                      {"500", "../preview/records.go keptRecords"},
	"a request with records":                    {"1 MB", "../preview/records.go maxStatements"},
	"rendered pages kept":                       {"64 MB", "../preview/site.go maxMemo"},
	"records in one request":                    {"50 statements", "../runtime/outbox.ts most", "256 KB", "../runtime/outbox.ts mostBytes", "60 KB", "../runtime/outbox.ts lastBreath"},
	"files of a package that is imported":       {"100,000", "../builder/export/hostile.go mostFiles", "4096 MB", "../builder/export/hostile.go mostUnpacked", "200 times", "../builder/export/hostile.go mostRatio"},
	"the search for points of a case study":     {"200,000", "../builder/course/graph_score.go mostSteps"},
}

// told are rows that no test of this file can hold: what they speak of is tried where the words behind them say.
var told = map[string]string{
	"symbolic links":      "TestFault21And22LinksOutPipesAndLoopsAreRefusedQuickly",
	"a film that is kept": "the device's memory",
	"time that a page's network may take before the kept page is shown": "TestFault57AReleaseThatComesBrokenLeavesTheOldOneInUse",
	"room left for answers and records":                                 "TestFault60WithLittleRoomTheTextComesFirstAndNoRecordGoes",
	"browsers":                                                          "the browsers' own",
	"the pause before records are tried again":                          "TestFault40To49NothingIsLostAndNothingComesTwice",
	"the memory of a build":                                             "make bench",
}

var tags = strings.Fields("en en-IN as bn brx doi gu hi kn ks-Arab ks-Deva kok mai ml mni-Mtei mr ne or pa sa sat-Olck sd-Arab sd-Deva ta te ur xx")

func with(pairs ...string) fstest.MapFS {
	site := fstest.MapFS{"sopan.yaml": {Data: []byte("title: A\nhtml: sanitised\n")}, "content/course/index.md": {Data: []byte("---\ntitle: C\n---\n\nWords.\n")}}
	for i := 0; i < len(pairs); i += 2 {
		site[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return site
}

func lesson(body string) string { return "---\ntitle: A\n---\n\n" + body + "\n" }

// texts is a lesson with exactly this body.
func texts(body string) fstest.MapFS { return with("content/course/a.md", "---\ntitle: A\n---\n"+body) }

func plain(body string) fstest.MapFS {
	site := texts(body)
	site["sopan.yaml"] = &fstest.MapFile{Data: []byte("title: A\n")}
	return site
}

func padded(start string, to int) string { return start + strings.Repeat("x", max(0, to-len(start))) }

func nested(n int, open, middle, end string) string {
	return strings.Repeat(open, n) + middle + strings.Repeat(end, n)
}

func counted(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

func many(n int, pairs ...string) fstest.MapFS {
	site := with()
	for i := 0; i < len(pairs); i += 2 {
		for k := range n {
			site[fmt.Sprintf(pairs[i], k)] = &fstest.MapFile{Data: []byte(pairs[i+1])}
		}
	}
	return site
}

// table has n cells, rounded up to whole lines; those of the line of dashes count too.
func table(n int) string {
	const columns = 100
	row, rule := strings.Repeat("a | ", columns-1)+"a\n", strings.Repeat("---|", columns-1)+"---\n"
	lines := (n + columns - 1) / columns
	return row + rule + strings.Repeat(row, lines-2)
}

func footnotes(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "Words[^%[1]d].\n\n[^%[1]d]: Words.\n\n", i)
	}
	return b.String()
}

const (
	svgStart  = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 360 200">`
	svgAround = len(svgStart) + len("</svg>")
)

func drawing(inside string) string { return svgStart + inside + "</svg>" }

// photograph is the head of a PNG picture of so many pixels.
func photograph(pixels int) string {
	head := append([]byte("IHDR"), binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, uint32(pixels)), 1)...)
	head = append(head, 8, 2, 0, 0, 0)
	return "\x89PNG\r\n\x1a\n\x00\x00\x00\x0d" + string(binary.BigEndian.AppendUint32(head, crc32.ChecksumIEEE(head)))
}

const oneQuestion = "title: Q\nquestions:\n- id: a\n  ask: A?\n  right: true\n"

func quizzes(text string) fstest.MapFS { return with("content/course/q.quiz.yaml", text) }

func casestudy(decision string) fstest.MapFS {
	return with("content/competencies.yaml", "frameworks:\n- id: f\n  title: F\n  levels: [A, B]\n  areas:\n  - title: Ethos\n    competencies:\n    - id: people-first\n      title: People First\n",
		"content/course/k.case.md", "---\ntitle: K\ncompetencies: [\"People First, level 1\"]\n---\n\n## A {#a}\n\n"+decision+"\n- [C](#b)\n\n## B {#b}\n\nEnd.\n\n:::debrief\nWords.\n:::\n")
}

// row is a line of a table of limits.md.
type row struct{ limit, value, beyond string }

func rows(t *testing.T) (all []row) {
	t.Helper()
	for line := range strings.Lines(read(t, "limits.md")) {
		cells := strings.Split(strings.ReplaceAll(strings.TrimSpace(line), `\|`, "\x00"), "|")
		if len(cells) < 4 || strings.Trim(cells[1], " -") == "" || strings.TrimSpace(cells[1]) == "limit" {
			continue
		}
		all = append(all, row{strings.TrimSpace(cells[1]), strings.TrimSpace(cells[2]), strings.TrimSpace(cells[3])})
	}
	return all
}

var figure = regexp.MustCompile(`([0-9][0-9,]*)(?: (KB|MB|million|hours)\b)?`)

// count is the figure of a row, in ones.
func (r row) count(t *testing.T) int {
	t.Helper()
	m := figure.FindStringSubmatch(r.value)
	if m == nil {
		return 0
	}
	n, err := strconv.Atoi(strings.ReplaceAll(m[1], ",", ""))
	if err != nil {
		t.Fatal(err)
	}
	switch r.limit {
	case "a picture that is shown":
		return n * 1000
	case "names", "two names", "characters": // the figures in them are names
		return 0
	}
	return n * max(1, units[m[2]])
}

func TestEachLimitIsWhatThePageSays(t *testing.T) {
	b := builder.New()
	seen := map[string]bool{}
	for _, r := range rows(t) {
		seen[r.limit] = true
		site, isTried := tried[r.limit]
		constants, isWritten := written[r.limit]
		_, isTold := told[r.limit]
		switch {
		case isTried:
			t.Run(r.limit, func(t *testing.T) { r.try(t, b, site) })
		case isWritten:
			for i := 0; i < len(constants); i += 2 {
				if !strings.Contains(r.value, constants[i]) {
					t.Errorf("%s: the page says %q and not %s", r.limit, r.value, constants[i])
				}
				if want := (row{r.limit, constants[i], ""}).count(t); valueOf(t, constants[i+1]) != want {
					t.Errorf("%s: %s is %d, and the page says %s", r.limit, constants[i+1], valueOf(t, constants[i+1]), constants[i])
				}
			}
		case !isTold:
			t.Errorf("the row %q is held to nothing", r.limit)
		}
	}
	for name := range tried {
		if !seen[name] {
			t.Errorf("the page has no row %q", name)
		}
	}
	for name := range written {
		if !seen[name] {
			t.Errorf("the page has no row %q", name)
		}
	}
	for name := range told {
		if !seen[name] {
			t.Errorf("the page has no row %q", name)
		}
	}
}

// try builds a site at the limit and one beyond it. Where there is no limit, the figure is how many were tried.
func (r row) try(t *testing.T, b *builder.Builder, site func(n int) fstest.MapFS) {
	found := func(n int) diag.List {
		_, diags, err := b.Build(context.Background(), site(n), builder.Options{Drafts: true})
		if err != nil {
			t.Fatalf("with %d: %v", n, err)
		}
		return diags
	}
	n := r.count(t)
	_, code, _ := strings.Cut(r.beyond, "`")
	code, _, _ = strings.Cut(code, "`")
	if !codeForm.MatchString(code) {
		if diags := found(n); diags.HasErrors() {
			t.Errorf("with %d there are errors: %v", n, diags[:min(3, len(diags))])
		}
		return
	}
	if at := find(found(n), code); at != nil {
		t.Errorf("with %d, which the page allows: %v", n, *at)
	}
	if diags := found(n + 1); find(diags, code) == nil {
		t.Errorf("with %d, which is more than the page allows, there is no %s: %v", n+1, code, diags[:min(3, len(diags))])
	}
}

func find(diags diag.List, code string) *diag.Diagnostic {
	for i := range diags {
		if diags[i].Code == code {
			return &diags[i]
		}
	}
	return nil
}

// valueOf reads a constant from the source, Go or TypeScript: "file name".
func valueOf(t *testing.T, where string) int {
	t.Helper()
	file, name, _ := strings.Cut(where, " ")
	source, err := os.ReadFile(filepath.FromSlash(file))
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`(?m)\b` + name + `\s*=\s*([0-9_ *<]+)`).FindStringSubmatch(string(source))
	if m == nil {
		t.Fatalf("there is no constant %s in %s", name, file)
	}
	v, err := types.Eval(token.NewFileSet(), nil, token.NoPos, m[1])
	if err != nil {
		t.Fatalf("%s: %v", where, err)
	}
	n, exact := constant.Int64Val(v.Value)
	if !exact {
		t.Fatalf("%s is %s", where, v.Value)
	}
	return int(n)
}
