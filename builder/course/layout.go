package course

import (
	"cmp"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/unicode/norm"

	"sopan.dev/sopan/builder/source"
	"sopan.dev/sopan/internal/diag"
)

// This file says what a file is from where it stands. No file is opened here.

const contentRoot = "content"

// layout is the folder structure of a site, read from paths alone.
type layout struct {
	tree    *source.Tree
	courses []*courseDir
	assets  []string     // files in content that are copied
	shared  []*itemFiles // Markdown fragments
	diags   diag.List
}

type courseDir struct {
	name    string
	dir     string
	index   map[string]string // language -> file
	items   []*itemFiles
	modules []*moduleDir
}

type moduleDir struct {
	name  string
	dir   string
	index map[string]string
	items []*itemFiles
}

type itemFiles struct {
	name  string // with its number, without language and extension
	slug  string // last part of its address; see apart
	typ   ItemType
	files []string // in the order of the site's languages; "" where there is none
}

// dataFiles are the files that may stand directly in content.
var dataFiles = []string{"competencies.yaml", "roles.yaml", "glossary.yaml"}

// assetTypes are the files that a course may hold beside its texts, with the
// types that web servers must know.
var assetTypes = map[string]bool{
	".svg": true, ".png": true, ".jpg": true, ".jpeg": true, ".webp": true, ".gif": true, ".avif": true,
	".mp4": true, ".webm": true, ".mp3": true, ".ogg": true, ".m4a": true, ".vtt": true,
	".pdf": true, ".csv": true, ".txt": true, ".json": true, ".zip": true,
	".xlsx": true, ".docx": true, ".pptx": true, ".ods": true, ".odt": true, ".odp": true, ".ics": true,
}

var languageForm = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$`) })

var onlyLetters = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z]{2,}(-[A-Za-z]+)*$`) })

// readLayout sorts the files below content into courses, modules and items.
func readLayout(tree *source.Tree, siteLanguages []string) *layout {
	l := &layout{tree: tree}
	courses := map[string]*courseDir{}
	modules := map[string]*moduleDir{}
	type itemName struct {
		folder, stem string
		typ          ItemType
	}
	known := map[itemName]*itemFiles{}
	for _, f := range tree.Under(contentRoot) {
		rel := strings.TrimPrefix(f.Path, contentRoot+"/")
		parts := strings.Split(rel, "/")
		if len(parts) == 1 {
			if !slices.Contains(dataFiles, parts[0]) {
				l.outOfPlace(f.Path, parts[0])
			}
			continue
		}
		if parts[0] == "shared" {
			if ext := path.Ext(rel); ext == ".md" || ext == ".yaml" {
				l.fragment(f.Path, siteLanguages)
			} else {
				l.other(f.Path)
			}
			continue
		}
		if l.nameless(parts) {
			continue
		}
		c := courses[parts[0]]
		if c == nil {
			c = &courseDir{name: parts[0], dir: contentRoot + "/" + parts[0], index: map[string]string{}}
			courses[parts[0]] = c
			l.courses = append(l.courses, c)
		}
		name := parts[len(parts)-1]
		stem, lang, typ := l.classify(f.Path, name, siteLanguages)
		if typ == "" {
			continue
		}
		var index map[string]string
		var items *[]*itemFiles
		switch len(parts) {
		case 2:
			index, items = c.index, &c.items
		case 3:
			key := c.dir + "/" + parts[1]
			m := modules[key]
			if m == nil {
				m = &moduleDir{name: parts[1], dir: key, index: map[string]string{}}
				modules[key] = m
				c.modules = append(c.modules, m)
			}
			index, items = m.index, &m.items
		default:
			l.refuse(f.Path, "site/too-deep", "A text belongs into a course folder or a module folder, not deeper.",
				fmt.Sprintf("Move it to `%s/`.", strings.Join(append([]string{contentRoot}, parts[:2]...), "/")))
			continue
		}
		if typ == indexType {
			if other, twice := index[lang]; twice {
				l.twice(f.Path, other)
				continue
			}
			index[lang] = f.Path
			continue
		}
		is := itemName{path.Dir(f.Path), stem, typ}
		item := known[is]
		if item == nil {
			item = &itemFiles{name: stem, typ: typ, files: make([]string, len(siteLanguages))}
			known[is] = item
			*items = append(*items, item)
		}
		l.give(item, slices.Index(siteLanguages, lang), f.Path)
	}
	l.empty()
	slices.SortStableFunc(l.courses, func(a, b *courseDir) int { return byOrder(a.name, b.name) })
	for _, c := range l.courses {
		slices.SortStableFunc(c.items, func(a, b *itemFiles) int { return byOrder(a.name, b.name) })
		slices.SortStableFunc(c.modules, func(a, b *moduleDir) int { return byOrder(a.name, b.name) })
		for _, m := range c.modules {
			slices.SortStableFunc(m.items, func(a, b *itemFiles) int { return byOrder(a.name, b.name) })
		}
	}
	return l
}

// empty says that a site has no course: its folder is misspelt, or was not copied
// along. What is refused already, or has no settings either, is told once.
func (l *layout) empty() {
	if len(l.courses) == 0 && len(l.diags) == 0 && l.tree.Has("sopan.yaml") {
		l.diags = append(l.diags, diag.Diagnostic{Start: diag.Pos{File: contentRoot}, Severity: diag.Warning, Code: "site/no-course",
			Message: "There is no course in `content`: the site is empty.", Hint: "Make one with `sopan new course content/my-course`."})
	}
}

// nameless refuses a text or a folder whose name gives no address: one without
// a letter or a digit. A folder is named once.
func (l *layout) nameless(parts []string) bool {
	for i, name := range parts[:min(len(parts), 3)] {
		if i == len(parts)-1 {
			if ext := path.Ext(name); ext != ".md" && ext != ".yaml" {
				continue // a picture keeps its name
			}
			name, _, _ = strings.Cut(name, ".")
		}
		if placeSlug(name) != "" {
			continue
		}
		p := contentRoot + "/" + strings.Join(parts[:i+1], "/")
		if !slices.ContainsFunc(l.diags, func(d diag.Diagnostic) bool { return d.Start.File == p }) {
			l.refuse(p, "site/no-address", fmt.Sprintf("The name `%s` gives no address: it holds no letter and no digit.", parts[i]), "Rename it, for example to `10-first-steps`.")
		}
		return true
	}
	return false
}

// byOrder sorts numbered names by number, then the rest by name.
func byOrder(a, b string) int {
	na, ra, hasA := splitOrder(a)
	nb, rb, hasB := splitOrder(b)
	switch {
	case hasA && hasB:
		return cmp.Or(cmp.Compare(na, nb), cmp.Compare(fold(ra), fold(rb)), cmp.Compare(a, b))
	case hasA != hasB:
		if hasA {
			return -1
		}
		return 1
	}
	return cmp.Or(cmp.Compare(fold(a), fold(b)), cmp.Compare(a, b))
}

func fold(s string) string { return strings.ToLower(norm.NFC.String(s)) }

// indexType marks an index.md; it is no item.
const indexType ItemType = "index"

// classify says what a file in a course is: its name without language and
// extension, its language, its type. An asset is noted; for it, and for what
// fits no rule, the type is "".
func (l *layout) classify(p, name string, siteLanguages []string) (stem, lang string, typ ItemType) {
	ext := path.Ext(name)
	switch ext {
	case ".md", ".yaml":
	default:
		l.other(p)
		return "", "", ""
	}
	stem, lang, ok := l.language(p, norm.NFC.String(strings.TrimSuffix(name, ext)), siteLanguages)
	if !ok {
		return "", "", ""
	}
	if strings.HasSuffix(stem, ".quiz") || strings.HasSuffix(stem, ".case") {
		kind := stem[len(stem)-5:]
		stem = stem[:len(stem)-5]
		if at := strings.LastIndexByte(stem, '.'); at > 0 && slices.Contains(siteLanguages, stem[at+1:]) {
			l.refuse(p, "site/no-rule", "The language stands last in a name, before the ending.", fmt.Sprintf("Rename it to `%s%s.%s%s`.", stem[:at], kind, stem[at+1:], ext))
			return "", "", ""
		}
		switch {
		case kind == ".quiz" && ext == ".yaml":
			return stem, lang, Quiz
		case kind == ".case" && ext == ".md":
			return stem, lang, Case
		case kind == ".quiz":
			l.refuse(p, "site/no-rule", "A quiz is a YAML file.", fmt.Sprintf("Rename it to `%s.quiz.yaml`.", stem))
		default:
			l.refuse(p, "site/no-rule", "A case study is a Markdown file.", fmt.Sprintf("Rename it to `%s.case.md`.", stem))
		}
		return "", "", ""
	}
	if ext == ".yaml" {
		l.refuse(p, "site/no-rule", "A YAML file in a course is a quiz, and its name says so.", fmt.Sprintf("Rename it to `%s.quiz.yaml`.", stem))
		return "", "", ""
	}
	if fold(stem) == "index" {
		return stem, lang, indexType
	}
	return stem, lang, Lesson
}

// language takes the language off a name: "vuca.hi" is "vuca" in Hindi. What is
// in none of the site's languages is refused.
func (l *layout) language(p, name string, siteLanguages []string) (stem, lang string, ok bool) {
	stem, lang = name, siteLanguages[0]
	if at := strings.LastIndexByte(stem, '.'); at > 0 {
		tag := stem[at+1:]
		switch {
		case slices.Contains(siteLanguages, tag):
			lang, stem = tag, stem[:at]
		case knownLanguage(tag):
			l.refuse(p, "site/language-not-listed", fmt.Sprintf("This is a translation into `%s`, but the site's languages do not list it.", tag),
				fmt.Sprintf("Add `%s` to `languages` in `sopan.yaml`, or rename the file.", tag))
			return "", "", false
		case sameFold(tag, siteLanguages) != "":
			l.refuse(p, "site/unknown-language", fmt.Sprintf("`%s` in the name is not a language of this site.", tag), fmt.Sprintf("Did you mean `%s`?", sameFold(tag, siteLanguages)))
			return "", "", false
		case tag == "quiz" || tag == "case":
		case languageForm().MatchString(tag) && diag.Nearest(tag, siteLanguages) != "":
			l.refuse(p, "site/unknown-language", fmt.Sprintf("`%s` in the name is not a language of this site.", tag), diag.DidYouMean(tag, siteLanguages))
			return "", "", false
		case onlyLetters().MatchString(tag):
			if !l.strangeTranslation(p, tag) {
				return "", "", false
			}
		}
	}
	return stem, lang, true
}

// strangeTranslation is a text whose name ends as that of a translation does,
// in a language that is none: false where it can be nothing else. Beside a text
// of its name, or as a front page, a quiz or a case study, it is meant to be
// one; else the name may have a dot in it.
func (l *layout) strangeTranslation(p, tag string) bool {
	ext := path.Ext(p)
	stem, kind := strings.TrimSuffix(p, "."+tag+ext), ""
	for _, k := range []string{".quiz", ".case"} {
		if strings.HasSuffix(stem, k) {
			stem, kind = strings.TrimSuffix(stem, k), k
		}
	}
	known := "Known tags: " + strings.Join(languageTags(), ", ") + "."
	if same := sameFold(tag, languageTags()); same != "" {
		known = fmt.Sprintf("Did you mean `%s`?", same)
	}
	hint := fmt.Sprintf("%s A text of its own is better called `%s-%s%s%s`.", known, path.Base(stem), tag, kind, ext)
	if l.tree.Has(stem+kind+ext) || kind != "" || fold(path.Base(stem)) == "index" {
		l.refuse(p, "site/unknown-language", fmt.Sprintf("By its name this is `%s` in the language `%s`, which Sopan does not know.", path.Base(stem)+kind+ext, tag), hint)
		return false
	}
	l.diags = append(l.diags, diag.Diagnostic{Start: diag.Pos{File: p}, Severity: diag.Note, Code: "site/unknown-language",
		Message: fmt.Sprintf("`%s` is no language that Sopan knows, so it is taken for a part of the name.", tag), Hint: hint})
	return true
}

// sameFold gives the tag that differs in case alone, "" where there is none.
func sameFold(tag string, tags []string) string {
	for _, t := range tags {
		if strings.EqualFold(t, tag) {
			return t
		}
	}
	return ""
}

// other notes an asset, or says what is wrong with a file of another type.
func (l *layout) other(p string) {
	ext := strings.ToLower(path.Ext(p))
	name := path.Base(p)
	switch {
	case ext == ".txt" && (strings.HasSuffix(strings.ToLower(name), ".md.txt") || strings.HasSuffix(strings.ToLower(name), ".yaml.txt")):
		l.refuse(p, "site/no-rule", fmt.Sprintf("`%s` is not read: it ends in `.txt`, which Notepad adds and Explorer hides.", name), fmt.Sprintf("Rename it to `%s`.", name[:len(name)-len(ext)]))
	case assetTypes[ext]:
		l.assets = append(l.assets, p)
	case ext == ".html" || ext == ".htm" || ext == ".js" || ext == ".mjs" || ext == ".css" || ext == ".xhtml":
		l.refuse(p, "site/html-file", fmt.Sprintf("A `%s` file does not belong into a course: it could bring script of its own.", ext), "Write the text as Markdown (`.md`).")
	case ext == ".yml":
		l.refuse(p, "site/no-rule", "A quiz ends in `.quiz.yaml`.", fmt.Sprintf("Rename it to `%s.quiz.yaml`.", strings.TrimSuffix(strings.TrimSuffix(name, ext), ".quiz")))
	case ext == ".markdown" || ext == ".mdown" || ext == ".mkd":
		l.refuse(p, "site/no-rule", "A lesson ends in `.md`.", fmt.Sprintf("Rename it to `%s.md`.", strings.TrimSuffix(name, path.Ext(name))))
	default:
		types := make([]string, 0, len(assetTypes))
		for t := range assetTypes {
			types = append(types, t)
		}
		slices.Sort(types)
		hint := diag.DidYouMean(ext, append(types, ".md", ".yaml"))
		l.refuse(p, "site/no-rule", fmt.Sprintf("Sopan does not know what `%s` is.", name),
			orElse(hint, "A lesson ends in `.md`, a case study in `.case.md`, a quiz in `.quiz.yaml`; pictures, sound, film and documents may stand beside them. Move other files out of `content`."))
	}
}

// outOfPlace is a file directly in content.
func (l *layout) outOfPlace(p, name string) {
	hint := diag.DidYouMean(name, dataFiles)
	if hint == "" {
		hint = "Move it into a course's folder, for example `content/my-course/`."
	}
	l.refuse(p, "site/no-rule", fmt.Sprintf("`%s` stands directly in `content`, where only competencies.yaml, roles.yaml and glossary.yaml belong.", name), hint)
}

// give makes a file the item's in a language.
func (l *layout) give(item *itemFiles, language int, file string) {
	if other := item.files[language]; other != "" {
		l.twice(file, other)
		return
	}
	item.files[language] = file
}

func (l *layout) twice(p, other string) {
	l.diags = append(l.diags, diag.Diagnostic{
		Start: diag.Pos{File: p}, Code: "site/file-twice",
		Message: fmt.Sprintf("`%s` and `%s` are the same text in the same language.", path.Base(p), path.Base(other)),
		Hint:    "Delete or rename one of them.",
		Related: []diag.Related{{Pos: diag.Pos{File: other}, Message: "the other file"}},
	})
}

func (l *layout) refuse(p, code, message, hint string) {
	l.diags = append(l.diags, diag.Diagnostic{Start: diag.Pos{File: p}, Code: code, Message: message, Hint: hint})
}
