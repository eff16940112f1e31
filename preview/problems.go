package preview

import (
	"bytes"
	"fmt"
	"html/template"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"sopan.dev/sopan/internal/diag"
)

const (
	// maxItems is how many diagnostics a page is told of at once; the terminal
	// has them all.
	maxItems = 50

	// maxExcerpt is how many characters of a line an excerpt shows on either
	// side of what it points at.
	maxExcerpt = 120
)

// problems is what the open pages hear of a build: the overlay's content.
type problems struct {
	Items    []problem `json:"items"`
	More     int       `json:"more"` // beyond maxItems
	Errors   int       `json:"errors"`
	Warnings int       `json:"warnings"`
	Kept     bool      `json:"kept"` // no pages could be made: those of an earlier build stay

	list  diag.List
	lines diag.Lines
}

// problem is a diagnostic with the line it speaks of, cut into what stands
// before, in and behind the marked place.
type problem struct {
	Severity string    `json:"severity"`
	Code     string    `json:"code"`
	File     string    `json:"file"`
	Line     int       `json:"line"`
	Col      int       `json:"col"`
	Message  string    `json:"message"`
	Hint     string    `json:"hint"`
	Before   string    `json:"before"`
	Marked   string    `json:"marked"`
	After    string    `json:"after"`
	Related  []related `json:"related"`
}

type related struct {
	Where   string `json:"where"`
	Message string `json:"message"`
}

// newProblems reads the excerpts at once, so that they fit the positions even
// when the file is saved again a moment later. Errors come first.
func newProblems(dir string, list diag.List) *problems {
	lines := readLines(dir)
	p := &problems{
		Items: []problem{}, list: list, lines: lines,
		Errors: list.Count(diag.Error), Warnings: list.Count(diag.Warning),
	}
	for _, severity := range []diag.Severity{diag.Error, diag.Warning, diag.Note} {
		for _, d := range list {
			switch {
			case d.Severity != severity:
			case len(p.Items) == maxItems:
				p.More++
			default:
				p.Items = append(p.Items, newProblem(d, lines))
			}
		}
	}
	return p
}

func newProblem(d diag.Diagnostic, lines diag.Lines) problem {
	p := problem{
		Severity: d.Severity.String(), Code: d.Code, Message: d.Message, Hint: d.Hint,
		File: d.Start.File, Line: d.Start.Line, Col: d.Start.Col, Related: []related{},
	}
	for _, r := range d.Related {
		p.Related = append(p.Related, related{Where: where(r.Pos), Message: r.Message})
	}
	text, ok := lines(d.Start.File, d.Start.Line)
	if !ok || d.Secret {
		return p
	}
	line := []rune(text)
	start := min(max(d.Start.Col-1, 0), len(line))
	end := start + 1
	if d.End.Line > d.Start.Line {
		end = len(line)
	} else if d.End.Line == d.Start.Line && d.End.Col > d.Start.Col {
		end = d.End.Col - 1
	}
	end = min(end, len(line))
	from, to := max(0, start-maxExcerpt), min(len(line), end+maxExcerpt)
	p.Before, p.Marked, p.After = string(line[from:start]), string(line[start:end]), string(line[end:to])
	return p
}

func where(p diag.Pos) string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Col)
}

// equal tells whether pages would show the same.
func (p *problems) equal(q *problems) bool {
	return q != nil && bytes.Equal(asJSON(p), asJSON(q))
}

// readLines gives lines of the site's files; it never leaves the folder, and
// reads each file once.
func readLines(dir string) diag.Lines {
	const largest = 8 << 20 // no text of a course comes near
	files := map[string][]string{}
	return func(file string, line int) (string, bool) {
		if file == "" || line < 1 {
			return "", false
		}
		lines, seen := files[file]
		if !seen {
			if root, err := os.OpenRoot(dir); err == nil {
				name := filepath.FromSlash(file)
				if info, err := root.Stat(name); err == nil && info.Mode().IsRegular() && info.Size() <= largest {
					b, _ := root.ReadFile(name)
					text := strings.TrimPrefix(string(b), "\ufeff")
					lines = strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text), "\n")
				}
				root.Close()
			}
			files[file] = lines
		}
		if line > len(lines) {
			return "", false
		}
		return strings.ToValidUTF8(lines[line-1], "\uFFFD"), true
	}
}

func alone(d diag.Diagnostic) *problems {
	return newProblems("", diag.List{d})
}

func notFound(path string) *problems {
	return alone(diag.Diagnostic{Severity: diag.Error, Code: "preview/no-page",
		Message: "There is no page at " + path + ".",
		Hint:    "Look at the address, or start from the front page. When the page is written, this one turns into it.",
	})
}

func renderFailed(name string, err error) *problems {
	return alone(diag.Diagnostic{Severity: diag.Error, Code: "preview/page-failed",
		Message: fmt.Sprintf("The page %s cannot be shown: %v.", name, err),
		Hint:    "Save a file to try again.",
	})
}

var errorTemplate = sync.OnceValue(func() *template.Template { return template.Must(template.ParseFS(client, "client/error.html")) })

// errorPage stands where there is no page to show. It is read without script;
// with it, it turns into the page as soon as there is one.
func (s *Server) errorPage(w http.ResponseWriter, status int, p *problems, version string) {
	var b bytes.Buffer
	err := errorTemplate().Execute(&b, struct {
		Title   string
		Version string
		*problems
	}{http.StatusText(status), version, p})
	if err != nil {
		panic(err) // an embedded template over plain strings
	}
	head := w.Header()
	head.Set("Content-Type", "text/html; charset=utf-8")
	head.Set("Cache-Control", "no-store")
	head.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'")
	w.WriteHeader(status)
	w.Write(b.Bytes())
}
