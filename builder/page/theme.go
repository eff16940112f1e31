package page

import (
	"errors"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"maps"
	"path"
	"reflect"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"

	"sopan.dev/sopan/builder/source"
	"sopan.dev/sopan/internal/compiled"
	"sopan.dev/sopan/internal/diag"
	"sopan.dev/sopan/internal/yamldoc"
	"sopan.dev/sopan/quiz"
)

// Theme is a theme read and ready: its templates and its words.
type Theme struct {
	templates *template.Template
	compiled  *compiled.Set                // the same
	words     map[string]map[string]string // language -> key -> words; every key of English is there
	questions map[string]map[string]string // language -> what the form of a quiz says
	static    fs.FS
	files     []string // those of static, in order
	dir       string   // where a site keeps it, for messages
}

// kinds are the views that a theme has a template for, and the outline.
var kinds = []string{"site", "course", "module", "lesson", "quiz", "case", "facilitator", "glossary", "records", "certificate", "map", "notfound", "outline", "shell", "gate", "unkept"}

// ReadTheme reads templates/*.html and words/*.yaml of a theme that lies over a
// base. dir is where a site keeps its own theme, for messages. A word that the
// theme or the language lacks is the base's, at last the English one.
func ReadTheme(theme, base fs.FS, dir string, languages []string) (*Theme, diag.List, error) {
	t := &Theme{templates: template.New("").Option("missingkey=error"), words: map[string]map[string]string{}, questions: map[string]map[string]string{}, dir: dir}
	var diags diag.List
	files, err := fs.Glob(theme, "templates/*.html")
	if err != nil {
		return nil, nil, err
	}
	sort.Strings(files)
	for _, f := range files {
		b, err := fs.ReadFile(theme, f)
		if err != nil {
			return nil, nil, fmt.Errorf("reading the theme: %w", err)
		}
		if _, err := t.templates.New(path.Base(f)).Parse(string(b)); err != nil {
			diags = append(diags, templateError(dir+"/"+f, err))
		}
	}
	t.compiled = compiled.NewSet(t.templates)
	if diags.HasErrors() {
		return t, diags, nil
	}
	for _, k := range kinds {
		if t.templates.Lookup(k+".html") == nil {
			diags = append(diags, diag.Diagnostic{Start: diag.Pos{File: dir + "/templates/" + k + ".html"}, Code: "theme/template", Message: fmt.Sprintf("The theme has no template `%s.html`.", k), Hint: "Add it, or take the theme's folder away to use the built-in theme."})
		}
	}
	for _, lang := range languages {
		words := map[string]string{}
		for _, from := range []struct {
			tree fs.FS
			lang string
		}{{base, "en"}, {theme, "en"}, {base, lang}, {theme, lang}} {
			own, wrong, err := readWords(from.tree, "words", from.lang, dir)
			if err != nil {
				return nil, nil, err
			}
			diags = append(diags, wrong...)
			maps.Copy(words, own)
		}
		t.words[lang] = words
		base, _, _ := strings.Cut(lang, "-")
		t.questions[lang] = quiz.Words(base)
	}
	if theme != base {
		unasked, err := t.unaskedWords(theme, base, dir)
		if err != nil {
			return nil, nil, err
		}
		diags = append(append(diags, t.rehearse(dir, languages[0])...), unasked...)
	}
	if sub, err := fs.Sub(theme, "static"); err == nil {
		t.static = sub
		err := fs.WalkDir(sub, ".", func(name string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() {
				t.files = append(t.files, name)
			}
			return err
		})
		if err != nil {
			return nil, nil, fmt.Errorf("reading the theme's static files: %w", err)
		}
	}
	return t, diags, nil
}

// ReadWords reads the flat word list of a language; a language that has none
// takes that of its base ("en-IN": "en"), else the list is empty.
func ReadWords(tree fs.FS, folder, lang string) (map[string]string, error) {
	words, diags, err := readWords(tree, folder, lang, "")
	if err == nil && diags.HasErrors() {
		err = fmt.Errorf("the word list %s: %s", diags[0].Start.File, diags[0].Message)
	}
	return words, err
}

// readWords also says what is wrong with the list; dir is where the tree is.
func readWords(tree fs.FS, folder, lang, dir string) (map[string]string, diag.List, error) {
	base, _, _ := strings.Cut(lang, "-")
	for _, l := range []string{lang, base} {
		file := path.Join(folder, l+".yaml")
		root, r, diags, err := readList(tree, file, dir)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		words := map[string]string{}
		for _, e := range root.Entries() {
			words[e.Key.Raw()] = e.Value.Text()
		}
		return words, append(diags, r.Diags...), nil
	}
	return map[string]string{}, nil, nil
}

// readList reads a file of words; the list is what is wrong with it before anybody
// reads it as YAML. A file that is too large counts as an empty one.
func readList(tree fs.FS, file, dir string) (yamldoc.Value, *yamldoc.Reader, diag.List, error) {
	b, err := fs.ReadFile(tree, file)
	if err != nil {
		return yamldoc.Value{}, nil, nil, fmt.Errorf("reading the words: %w", err)
	}
	name := path.Join(dir, file)
	var text source.Text
	var diags diag.List
	if size := len(b); size > source.MaxTextBytes {
		text = source.NewText(name, nil)
		diags = diag.List{{Start: diag.Pos{File: name}, Code: "source/too-large",
			Message: fmt.Sprintf("The file is %.1f MB; a list of words may have at most %d MB.", float64(size)/(1<<20), source.MaxTextBytes>>20),
			Hint:    "Leave those words in it that pages ask for: they stand in the built-in `words/en.yaml`."}}
	} else {
		text, diags = source.Normalise(name, b)
	}
	root, r := yamldoc.Parse(text, 0, len(text.Bytes), file)
	return root, r, diags, nil
}

// maxUnasked is how many words of a list are told that no page asks for; a list
// with more has one cause.
const maxUnasked = 500

// unaskedWords are words of a theme that no page asks for: keys that the
// built-in list does not have and no template names. A misspelt one leaves the
// built-in word on the page, and nobody would say why.
func (t *Theme) unaskedWords(theme, base fs.FS, dir string) (diag.List, error) {
	words, err := ReadWords(base, "words", "en")
	if err != nil {
		return nil, err
	}
	known := slices.Sorted(maps.Keys(words))
	files, err := fs.Glob(theme, "words/*.yaml")
	if err != nil {
		return nil, err
	}
	spoken := t.spoken()
	var diags diag.List
	for _, file := range files {
		root, r, _, err := readList(theme, file, dir)
		if err != nil {
			return nil, err
		}
		if r.Diags.HasErrors() {
			continue // said where the words are read
		}
		unasked := 0
		for _, e := range root.Entries() {
			key := e.Key.Raw()
			if _, ok := words[key]; ok || strings.Contains(spoken, key) {
				continue
			}
			if unasked++; unasked > maxUnasked {
				diags = append(diags, diag.Diagnostic{Start: e.Key.Pos(), End: e.Key.End(), Severity: diag.Warning, Code: "theme/too-many", Message: "There are more words that no page asks for than can be shown.", Hint: "Mend these first."})
				break
			}
			hint := diag.DidYouMean(key, known)
			if hint == "" {
				hint = "Take it away, or write `{{.Words." + key + "}}` in a template. All keys stand in the built-in `words/en.yaml`."
			}
			diags = append(diags, diag.Diagnostic{Start: e.Key.Pos(), End: e.Key.End(), Severity: diag.Warning, Code: "theme/words", Message: fmt.Sprintf("No page asks for the word `%s`.", key), Hint: hint})
		}
	}
	return diags, nil
}

// spoken is all templates, one after the other, as a whole: a word that one of
// them names stands in it.
func (t *Theme) spoken() string {
	var b strings.Builder
	for _, template := range t.templates.Templates() {
		if template.Tree != nil {
			b.WriteString(template.Tree.Root.String())
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// TemplateError is a template that fails on a page: it asks a view for what it
// does not have. It shows only when the page is rendered.
type TemplateError struct{ diagnostic diag.Diagnostic }

func (e *TemplateError) Error() string {
	d := e.diagnostic
	return fmt.Sprintf("%s:%d:%d: %s", d.Start.File, d.Start.Line, d.Start.Col, d.Message)
}

// Diagnostics tells it as any other mistake of an author.
func (e *TemplateError) Diagnostics() diag.List { return diag.List{e.diagnostic} }

var templatePlace = regexp.MustCompile(`^template: ([^:]*):(\d+)(?::(\d+))?: (.*)$`)

// templateError places what html/template says: "template: x.html:12:5: …".
func templateError(file string, err error) diag.Diagnostic {
	d := diag.Diagnostic{Start: diag.Pos{File: file, Line: 1, Col: 1}, Code: "theme/template", Message: "The template cannot be read: " + err.Error() + ".", Hint: "Correct it; the views that templates get are described in docs/extending.md."}
	if m := templatePlace.FindStringSubmatch(err.Error()); m != nil {
		d.Start.File = path.Join(path.Dir(file), m[1]) // a template may fail in another that it calls
		d.Start.Line, _ = strconv.Atoi(m[2])
		if m[3] != "" {
			d.Start.Col, _ = strconv.Atoi(m[3])
			d.Start.Col++
		}
		d.Message = "The template cannot be read: " + m[4] + "."
	}
	return d
}

// views are the types that templates get, by kind.
var views = map[string]any{
	"site": SitePage{}, "course": CoursePage{}, "module": ModulePage{}, "lesson": LessonPage{}, "quiz": QuizPage{}, "case": CasePage{}, "facilitator": FacilitatorPage{},
	"glossary": GlossaryPage{}, "records": RecordsPage{}, "certificate": CertificatePage{}, "map": MapPage{}, "notfound": NotFoundPage{}, "outline": OutlineView{},
	"shell": ShellPage{}, "gate": GatePage{}, "unkept": UnkeptPage{},
}

// rehearse runs every template of a site's own theme on a view in which
// nothing is empty, so that a field that does not exist is found by a check
// and not by the first page.
func (t *Theme) rehearse(dir, lang string) diag.List {
	var diags diag.List
	for _, kind := range kinds {
		template := t.templates.Lookup(kind + ".html")
		if template == nil {
			continue
		}
		view := reflect.New(reflect.TypeOf(views[kind])).Elem()
		full(view, t.words[lang])
		if err := template.Execute(io.Discard, view.Interface()); err != nil {
			diags = append(diags, templateError(dir+"/templates/"+failedTemplate(err, kind+".html"), err))
		}
	}
	return diags
}

// full gives every field of a view a value that is not empty.
func full(v reflect.Value, words map[string]string) {
	switch v.Kind() {
	case reflect.String:
		v.SetString("x")
	case reflect.Int:
		v.SetInt(2)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Map:
		v.Set(reflect.ValueOf(words))
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		full(v.Elem(), words)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		full(v.Index(0), words)
	case reflect.Struct:
		for i := range v.NumField() {
			full(v.Field(i), words)
		}
	}
}

var templateName = regexp.MustCompile(`^template: ([^:]+\.html):`)

// failedTemplate is the file that an error of html/template names.
func failedTemplate(err error, fallback string) string {
	if m := templateName.FindStringSubmatch(err.Error()); m != nil {
		return m[1]
	}
	return fallback
}
