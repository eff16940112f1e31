package course

import (
	"fmt"
	"path"
	"strings"

	"golang.org/x/text/unicode/norm"
	"sopan.dev/sopan/builder/source"
	"sopan.dev/sopan/internal/diag"
	"sopan.dev/sopan/internal/yamldoc"
)

// This file turns folders into courses, modules and items, all without content.

// layout turns folders into courses, modules and items, all without content.
func (l *loader) layout() {
	lay := readLayout(l.tree, l.site.Settings.Languages)
	l.diags = append(l.diags, lay.diags...)
	for _, cd := range lay.courses {
		if len(cd.index) == 0 && len(cd.items) == 0 && len(cd.modules) == 0 {
			continue // a folder of pictures is no course
		}
		c := &Course{Place: Place{Dir: cd.dir, Slug: placeSlug(cd.name)}}
		c.Course = c
		l.place(&c.Place, cd.name, cd.index)
		var loose *Module
		closeRun := func() {
			if loose != nil {
				c.Modules = append(c.Modules, loose)
				loose = nil
			}
		}
		apart(cd.items)
		// Items of the course folder and modules share one order.
		items, modules := cd.items, cd.modules
		for len(items) > 0 || len(modules) > 0 {
			if len(modules) == 0 || len(items) > 0 && byOrder(items[0].name, modules[0].name) < 0 {
				if loose == nil {
					loose = &Module{Place: Place{Dir: cd.dir, Course: c}}
					loose.Module = loose
				}
				l.item(loose, items[0])
				items = items[1:]
				continue
			}
			closeRun()
			m := &Module{Place: Place{Dir: modules[0].dir, Slug: placeSlug(modules[0].name), Course: c}}
			m.Module = m
			l.place(&m.Place, modules[0].name, modules[0].index)
			apart(modules[0].items)
			for _, f := range modules[0].items {
				l.item(m, f)
			}
			c.Modules = append(c.Modules, m)
			modules = modules[1:]
		}
		closeRun()
		l.site.Courses = append(l.site.Courses, c)
	}
	for _, f := range lay.shared {
		l.addFragment(f)
	}
	for _, a := range lay.assets {
		l.site.addAsset(a, l.assetAddress(a))
	}
	for _, f := range l.tree.Under("static") {
		l.site.addAsset(f.Path, strings.TrimPrefix(f.Path, "static/"))
	}
}

func placeSlug(name string) string {
	_, rest, _ := splitOrder(name)
	return orElse(Slug(rest), Slug(name))
}

// place makes the versions of a course or module, one for each language of
// the site that has an index.md, and always one in the first language.
func (l *loader) place(p *Place, folder string, index map[string]string) {
	l.site.byFolder[p.Dir] = p
	first := l.site.Settings.Languages[0]
	for _, lang := range l.site.Settings.Languages {
		file := index[lang]
		if file == "" && lang != first {
			continue
		}
		v := &Version{Lang: lang, File: file, Place: p, Address: l.address(lang, p.Course, p.Module, "index"), Title: titleOf(folder), Reading: &Reading{Front: &Front{Status: Published, Complete: readComplete(yamldoc.Value{})}, Facts: noFacts}}
		p.Versions = append(p.Versions, v)
		if file == "" {
			l.diags = append(l.diags, diag.Diagnostic{
				Start: diag.Pos{File: p.Dir}, Severity: diag.Note, Code: "site/no-index",
				Message: fmt.Sprintf("The folder has no `index.md`; its title is made from its name: “%s”.", v.Title),
				Hint:    "Add an `index.md` with a `title:` to give it another one.",
			})
			continue
		}
		l.text(v)
	}
}

// apart gives a quiz or case that is called as a lesson beside it an address
// of its own: "fees.md" is fees.html, "fees.quiz.yaml" then fees.quiz.html.
func apart(items []*itemFiles) {
	lessons := map[string]bool{}
	for _, f := range items {
		f.slug = placeSlug(f.name)
		if f.typ == Lesson {
			lessons[f.slug] = true
		}
	}
	for _, f := range items {
		if f.typ != Lesson && lessons[f.slug] {
			f.slug += "." + string(f.typ)
		}
	}
}

func (l *loader) item(m *Module, f *itemFiles) {
	i := one(&l.room.items)
	*i = Item{Type: f.typ, Slug: f.slug, Module: m, Versions: l.room.none(len(f.files))}
	for n, lang := range l.site.Settings.Languages {
		if file := f.files[n]; file != "" {
			v := one(&l.room.versions)
			*v = Version{Lang: lang, File: file, Item: i, Address: l.address(lang, m.Course, m, i.Slug), Title: titleOf(f.name)}
			i.Versions = append(i.Versions, v)
			l.text(v)
		}
	}
	first := l.site.Settings.Languages[0]
	if i.Versions.In(first) == nil {
		l.translationAlone(i.Versions)
		return
	}
	m.Items = append(m.Items, i)
}

// translationAlone reports a text that has no version in the first language.
func (l *loader) translationAlone(versions Versions) {
	for _, lang := range l.site.Settings.Languages {
		if v := versions.In(lang); v != nil {
			want := strings.Replace(path.Base(v.File), "."+lang+".", ".", 1)
			l.diags = append(l.diags, diag.Diagnostic{
				Start: diag.Pos{File: v.File}, Code: "site/translation-alone",
				Message: fmt.Sprintf("This is a translation, but `%s`, which it translates, does not exist.", want),
				Hint:    fmt.Sprintf("Add `%s`, or make `%s` the first of `languages` in `sopan.yaml`.", want, lang),
			})
			return
		}
	}
}

func (l *loader) text(v *Version) {
	l.texts = append(l.texts, v)
	l.site.byFile[v.File] = v
}

// address is where a text stands in the output.
func (l *loader) address(lang string, c *Course, m *Module, name string) string {
	folder, module := "", ""
	if lang != l.site.Settings.Languages[0] {
		folder = lang + "/"
	}
	if m != nil && m.Slug != "" {
		module = m.Slug + "/"
	}
	return l.room.join(folder, c.Slug, "/", module, name, ".html")
}

// assetAddress puts a file of a course beside the pages of its folder.
func (l *loader) assetAddress(file string) string {
	parts := strings.Split(strings.TrimPrefix(file, contentRoot+"/"), "/")
	for i := range parts[:len(parts)-1] {
		parts[i] = placeSlug(parts[i])
	}
	last := len(parts) - 1
	parts[last] = strings.ReplaceAll(parts[last], " ", "-")
	return path.Join(parts...)
}

// spellings finds files and folders whose names are not in NFC, as those of a
// zip made on a Mac are: an author's link to them is.
func spellings(tree *source.Tree) map[string]string {
	out := map[string]string{}
	for _, f := range tree.Files() {
		for p := f.Path; p != "." && !norm.NFC.IsNormalString(p); p = path.Dir(p) {
			out[norm.NFC.String(p)] = p
		}
	}
	return out
}
