package course

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"sopan.dev/sopan/internal/diag"
)

// reservedAddresses are what a site's pages of their own are called, by the
// first part of the address.
var reservedFolders = []string{"assets"}

// GeneratedPages are the addresses, in each language's root, of the pages
// that no source file stands for.
var GeneratedPages = []string{"index.html", "glossary.html", "map.html", "records.html"}

// Root is the folder of a language's pages in the output: "" for the first
// language, "hi/" for another.
func (s *Site) Root(lang string) string {
	if lang == s.Settings.Languages[0] {
		return ""
	}
	return lang + "/"
}

// Certificate is the address of a course's certificate in a language.
func (s *Site) Certificate(c *Course, lang string) string {
	return s.Root(lang) + c.Slug + "/certificate.html"
}

// checkAddresses refuses two sources with one address, also where addresses
// differ only in case, and aliases that lead nowhere good.
func (l *loader) checkAddresses() {
	s := l.site
	taken := make(map[string]string, len(l.texts)+len(s.Assets)+len(s.Courses))
	taken["404.html"], taken[fold(".sopan-output.json")] = "", ""
	for _, lang := range s.Settings.Languages {
		for _, p := range GeneratedPages {
			taken[s.Root(lang)+p] = ""
		}
	}
	twins := l.twinFolders()
	claim := func(address, file string) {
		key := fold(address)
		other, twice := taken[key]
		for twice {
			dir := twins.explain(file, other)
			if dir == "" {
				break
			}
			key = dir + " " + key // what the folder's own files claim
			other, twice = taken[key]
		}
		if !twice {
			taken[key] = file
			return
		}
		d := diag.Diagnostic{
			Start: diag.Pos{File: file}, Code: "site/address-twice",
			Message: fmt.Sprintf("Its address `%s` belongs to a page that Sopan makes itself.", address),
			Hint:    "Rename the file.",
		}
		if other != "" {
			a, b := path.Base(other), path.Base(file)
			if a == b {
				a, b = path.Join(path.Base(path.Dir(other)), a), path.Join(path.Base(path.Dir(file)), b)
			}
			d.Message = fmt.Sprintf("`%s` and `%s` would both have the address `%s`.", a, b, address)
			d.Related = []diag.Related{{Pos: diag.Pos{File: other}, Message: "the other file"}}
		}
		l.diags = append(l.diags, d)
	}
	first := s.Settings.Languages[0]
	for _, c := range s.Courses {
		langs := append([]string{first}, s.Langs(c)...)
		slices.Sort(langs)
		langs = slices.Compact(langs)
		for _, lang := range langs {
			taken[fold(s.Certificate(c, lang))] = ""
		}
		place := func(p *Place) {
			for _, lang := range langs {
				v := s.PlaceVersion(p, lang)
				claim(s.Root(lang)+strings.TrimPrefix(v.Address, s.Root(v.Lang)), orElse(v.File, p.Dir))
			}
		}
		for _, reserved := range reservedFolders {
			if c.Slug == reserved {
				l.diags = append(l.diags, diag.Diagnostic{Start: diag.Pos{File: c.Dir}, Code: "site/address-twice", Message: fmt.Sprintf("A course cannot be called `%s`: Sopan keeps its own files there.", reserved), Hint: "Rename the folder."})
			}
		}
		for _, lang := range s.Settings.Languages {
			if c.Slug == lang {
				l.diags = append(l.diags, diag.Diagnostic{Start: diag.Pos{File: c.Dir}, Code: "site/address-twice", Message: fmt.Sprintf("A course cannot be called `%s`: the pages in that language stand there.", lang), Hint: "Rename the folder."})
			}
		}
		for _, m := range c.Modules {
			if m.Slug == "" {
				continue
			}
			place(&m.Place)
		}
		place(&c.Place)
	}
	for _, v := range l.texts {
		if v.Item != nil {
			claim(v.Address, v.File)
		}
		if v.Graph != nil {
			claim(v.Facilitator(), v.File)
		}
	}
	for _, a := range s.Assets {
		if first, _, _ := strings.Cut(a.Address, "/"); first == "assets" {
			l.diags = append(l.diags, diag.Diagnostic{Start: diag.Pos{File: a.File}, Code: "site/address-twice", Message: "The folder `assets` of the output is Sopan's own.", Hint: "Call the folder something else."})
			continue
		}
		claim(a.Address, a.File)
	}
	for _, v := range l.texts {
		for _, alias := range v.Front.Aliases {
			address := strings.TrimPrefix(path.Clean("/"+alias.Address), "/")
			if strings.HasSuffix(alias.Address, "/") {
				address = path.Join(address, "index.html")
			}
			switch _, clash := taken[fold(address)]; {
			case alias.Address == "" || slices.Contains(strings.Split(alias.Address, "/"), "..") || strings.Contains(alias.Address, "://") || !strings.HasSuffix(address, ".html"):
				l.diags = append(l.diags, diag.Diagnostic{Start: alias.Start, End: alias.End, Code: "front/alias", Message: fmt.Sprintf("`%s` is not an address of a page.", alias.Address), Hint: "Write the old address from the site's root: `my-course/old-name.html`."})
			case clash:
				l.diags = append(l.diags, diag.Diagnostic{Start: alias.Start, End: alias.End, Code: "front/alias", Message: fmt.Sprintf("At `%s` stands a page already.", alias.Address), Hint: "Delete the alias, or rename the page."})
			default:
				taken[fold(address)] = v.File
				s.Moved = append(s.Moved, Moved{address, v})
			}
		}
	}
}

// twins are folders with the address of another one: each by that other one.
type twins map[string]string

// explain names the folder because of which two files have one address, if
// there is one: whoever renames it needs no word of each file in it.
func (t twins) explain(file, other string) string {
	for dir := file; dir != "."; dir = path.Dir(dir) {
		if first, ok := t[dir]; ok && (other == first || strings.HasPrefix(other, first+"/")) {
			return dir
		}
	}
	return ""
}

// twinFolders refuses courses, and modules of a course, that would have one
// address, once for each folder.
func (l *loader) twinFolders() twins {
	found := twins{}
	compare := func(places []*Place) {
		first := map[string]*Place{}
		for _, p := range places {
			address := path.Dir(l.site.PlaceVersion(p, l.site.Settings.Languages[0]).Address) + "/"
			other, twice := first[fold(address)]
			if !twice {
				first[fold(address)] = p
				continue
			}
			found[p.Dir] = other.Dir
			l.diags = append(l.diags, diag.Diagnostic{
				Start: diag.Pos{File: p.Dir}, Code: "site/address-twice",
				Message: fmt.Sprintf("The folders `%s` and `%s` would both have the address `%s`.", path.Base(other.Dir), path.Base(p.Dir), address),
				Hint:    "Rename one of them: the number before the name does not count, nor do capitals.",
				Related: []diag.Related{{Pos: diag.Pos{File: other.Dir}, Message: "the other folder"}},
			})
		}
	}
	var courses []*Place
	for _, c := range l.site.Courses {
		courses = append(courses, &c.Place)
		var modules []*Place
		for _, m := range c.Modules {
			if m.Slug != "" {
				modules = append(modules, &m.Place)
			}
		}
		compare(modules)
	}
	compare(courses)
	return found
}

// Relative gives the relative address from one page of the output to another:
// ("hi/a/b.html", "hi/a/c.html") -> "c.html"; to == from gives the file's own
// name. Both are paths in the output.
func Relative(from, to string) string {
	f := strings.Split(path.Dir(from), "/")
	if f[0] == "." {
		f = nil
	}
	t := strings.Split(to, "/")
	n := 0
	for n < len(f) && n < len(t)-1 && f[n] == t[n] {
		n++
	}
	return strings.Repeat("../", len(f)-n) + strings.Join(t[n:], "/")
}
