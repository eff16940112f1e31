package compiled

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"math/rand/v2"
	"strings"
	"testing"
)

type base struct {
	Words map[string]string
	Title string
}

type item struct {
	base
	Href, Lang string
	Count      int
	On         bool
}

type page struct {
	base
	Body  template.HTML
	Next  *item
	Items []item
	Level int
	Then  string
}

func view(text string) page {
	words := map[string]string{"next": "Next & " + text, "lesson": "L"}
	one := item{base{words, "<" + text}, "a/b.html", "", 0, false}
	two := item{base{words, text}, text, "hi", 3, true}
	return page{base: base{words, text}, Body: "<b>bold</b> & more", Next: &two, Items: []item{one, two, one}, Level: 2, Then: "x y"}
}

// templates are what templates of themes are made of.
var templates = map[string]string{
	"text and attributes":        `<title>{{.Title}}</title><p class="{{.Title}}" title='{{.Then}}'>{{.Title}} {{.Body}} {{.Level}}</p>`,
	"addresses":                  `<a href="{{.Title}}">x</a><a href="#{{.Title}}">y</a><a href="a/{{.Title}}">z</a><img src="{{.Then}}" srcset="{{.Title}}"><img srcset="{{.Then}}"><meta http-equiv="refresh" content="0; url={{.Title}}"><a href="b?q={{.Title}}">q</a>`,
	"words":                      `{{.Words.next}} {{$.Words.lesson}} {{index .Words "lesson"}} {{index .Words "none"}} {{index .Words (print "less" "on")}} {{print .Title "-" .Then}}{{range $i, $x := .Items}}{{with index $.Items $i}}{{.Href}}{{end}}{{end}}`,
	"if and else":                `{{if .Title}}a{{else}}b{{end}}{{if .Then}}c{{end}}{{if not .Next}}d{{else if .Items}}e{{end}}`,
	"and, or, not":               `{{if and .Title .Next}}a{{end}}{{if or .Then (not .Items)}}b{{end}}{{if not (or .Title .Then)}}c{{end}}`,
	"comparisons":                `{{if eq .Level 1 2}}a{{end}}{{if ne .Title "x"}}b{{end}}{{if gt (len .Items) 2}}c{{end}}{{if lt .Level 2}}d{{end}}{{if le .Level 2}}e{{end}}{{if ge .Level 3}}f{{end}}`,
	"with":                       `{{with .Next}}<i{{with .Lang}} lang="{{.}}"{{end}}>{{.Title}} {{$.Title}}</i>{{else}}none{{end}}{{with .Title}}{{.}}{{else}}{{.Level}}{{end}}`,
	"range":                      `{{range .Items}}<li{{if .On}} class="on"{{end}}>{{.Title}} {{.Count}}{{with .Words}}{{.next}}{{end}}</li>{{else}}none{{end}}`,
	"range with variables":       `{{range $i, $x := .Items}}{{if $i}}, {{end}}{{$x.Href}}{{$y := $x.Count}}{{range $n := $y}}{{$n}}{{if lt $n $x.Count}}!{{end}}{{end}}{{end}}`,
	"range over a number":        `{{range $n := .Level}}<i{{if lt $n 1}} class="on"{{end}}></i>{{end}}{{range .Level}}{{.}}{{end}}`,
	"other templates":            `{{define "part"}}<h2>{{.Title}}</h2>{{with .Lang}}{{.}}{{end}}{{end}}{{define "mark"}}<svg></svg>{{end}}{{template "mark"}}{{range .Items}}{{template "part" .}}{{end}}{{with .Next}}{{template "part" .}}{{end}}`,
	"variables":                  `{{$a := .Title}}{{range .Items}}{{$a}}{{$b := .Title}}{{$b}}{{end}}{{with $x := .Next}}{{$x.Title}}{{.Href}}{{end}}{{if $z := .Then}}{{$z}}{{end}}`,
	"comments and trimmed space": "a {{- /* no */ -}} b\n{{- if .Title}} c {{- end}}",
}

var texts = []string{"", "plain", `a<b>"c"&'d'+e`, "नियम", "java script:alert(1)", "javascript:alert(1)", "HTTP://x.in/?a=b&c=%20%zz(d)", "mailto:a@b.in", "a/b:c", "\x00\xff\u00a0\U0001f600", "../x y/'z'.html#f", "a.png 1x, b.png 2x", "a 10w,javascript:x 2w, c d!e", "#ZgotmplZ", ",, ,"}

func TestTheBytesAreThoseOfHTMLTemplate(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	signs := []rune("aZ09<>&\"'+%:/?#[]()!$*,;=@-._~ \t\n\x00\u00e9\u0915\ufffd\ufdd0{}|\\^`")
	all := append([]string{}, texts...)
	for range 300 {
		var b strings.Builder
		for range random.IntN(12) {
			b.WriteRune(signs[random.IntN(len(signs))])
		}
		all = append(all, b.String())
	}
	for name, text := range templates {
		set := template.Must(template.New("t").Option("missingkey=error").Parse(text))
		run, err := Compile(set, "t", page{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, s := range all {
			for _, v := range []page{view(s), {base: base{Words: view(s).Words}}} {
				var got, want bytes.Buffer
				if err := set.Execute(&want, v); err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				if err := run.Execute(&got, v); err != nil || got.String() != want.String() {
					t.Errorf("%s with %q: %v\n got %q\nwant %q", name, s, err, got.String(), want.String())
				}
			}
		}
	}
}

type shouting string

func (s shouting) String() string { return strings.ToUpper(string(s)) }

type odd struct {
	S    shouting
	URL  template.URL
	Any  any
	HTML template.HTML
	M    map[string]int
	Text string
}

func (odd) Method() string { return "m" }

func TestWhatIsNotUnderstoodIsRefused(t *testing.T) {
	for _, text := range []string{
		`{{.S}}`, `<a href="{{.URL}}">x</a>`, `{{.Any}}`, `{{if .Any}}x{{end}}`, `<p title="{{.HTML}}">x</p>`, `{{.M.x}}`, `{{.Method}}`, `{{.Nothing}}`, `{{printf "%s" .Text}}`,
		`<script>{{.Text}}</script>`, `<p style="color:{{.Text}}">x</p>`, `<p {{.Text}}="x">x</p>`, `<p title={{.Text}}>x</p>`, `{{.Text | len}}`, `{{and .Text .Text}}`,
		`{{range .Text}}x{{end}}`, `{{range .M}}x{{end}}`, `{{$x := .Text}}{{$x = .Text}}{{$x}}`, `{{1.5}}`, `{{range $i, $x := .Any}}{{end}}`, `{{template "none" .}}`,
	} {
		set := template.Must(template.New("t").Parse(text))
		if _, err := Compile(set, "t", odd{}); !errors.Is(err, ErrCannot) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestWhatGoesWrongOnAPageAddsNothing(t *testing.T) {
	for _, text := range []string{`a{{.Words.none}}`, `b{{.Next.Title}}`, `{{range $n := .Level}}{{with index $.Items 7}}{{.Href}}{{end}}{{end}}`, `c{{range .Items}}{{.Words.none}}{{end}}`} {
		set := template.Must(template.New("t").Option("missingkey=error").Parse(text))
		run, err := Compile(set, "t", page{})
		if err != nil {
			t.Fatal(text, err)
		}
		v := view("x")
		v.Next = nil
		out := bytes.NewBufferString("before ")
		if err := run.Execute(out, v); !errors.Is(err, ErrCannot) || out.String() != "before " {
			t.Errorf("%s: %v, %q", text, err, out)
		}
		if err := set.Execute(&bytes.Buffer{}, v); err == nil {
			t.Errorf("%s: html/template is content", text)
		}
	}
	if run, err := Compile(template.Must(template.New("t").Parse("x")), "t", page{}); err != nil || !errors.Is(run.Execute(&bytes.Buffer{}, odd{}), ErrCannot) {
		t.Error("a view of another type was taken", err)
	}
}

func BenchmarkPage(b *testing.B) {
	var text strings.Builder
	for _, part := range []string{"text and attributes", "addresses", "if and else", "with", "range", "range with variables", "variables"} {
		text.WriteString(templates[part])
	}
	set := template.Must(template.New("t").Parse(text.String()))
	run, err := Compile(set, "t", page{})
	if err != nil {
		b.Fatal(err)
	}
	v := view("a lesson's title")
	for name, execute := range map[string]func(out *bytes.Buffer) error{
		"compiled":      func(out *bytes.Buffer) error { return run.Execute(out, v) },
		"html-template": func(out *bytes.Buffer) error { return set.Execute(out, v) },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				var out bytes.Buffer
				if err := execute(&out); err != nil {
					b.Fatal(fmt.Errorf("%s: %w", name, err))
				}
			}
		})
	}
}
