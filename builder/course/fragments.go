package course

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"sopan.dev/sopan/builder/markdown"
	"sopan.dev/sopan/builder/source"
	"sopan.dev/sopan/internal/diag"
)

// Fragment is a piece of Markdown in content/shared, in all its languages. It
// has no page and no address: texts include it. Each version is a Version
// without Item, Place and Address.
type Fragment struct {
	Versions Versions
	included bool // some text includes it, be it a draft
}

// Included is a fragment at a place in a text.
type Included struct {
	Start   int // of the include's file name in the text's file
	Version *Version
	Linked  map[string]bool // glossary terms that the page links before, or in its own words
}

// fragment notes a Markdown file of content/shared, and refuses what could be
// meant for a quiz or a case study.
func (l *layout) fragment(p string, siteLanguages []string) {
	stem := norm.NFC.String(strings.TrimSuffix(p, path.Ext(p)))
	name := path.Base(stem) + "."
	if path.Ext(p) != ".md" || strings.Contains(name, ".quiz.") || strings.Contains(name, ".case.") {
		l.refuse(p, "site/no-rule", "Only fragments of text and files that texts use stand in `content/shared`.", "Move it into a course. A fragment is called `name.md`.")
		return
	}
	stem, lang, ok := l.language(p, stem, siteLanguages)
	if !ok {
		return
	}
	at := slices.IndexFunc(l.shared, func(f *itemFiles) bool { return f.name == stem })
	if at < 0 {
		at = len(l.shared)
		l.shared = append(l.shared, &itemFiles{name: stem, files: make([]string, len(siteLanguages))})
	}
	l.give(l.shared[at], slices.Index(siteLanguages, lang), p)
}

// addFragment makes the versions of a fragment.
func (l *loader) addFragment(files *itemFiles) {
	f := &Fragment{}
	for i, lang := range l.site.Settings.Languages {
		if file := files.files[i]; file != "" {
			v := &Version{Lang: lang, File: file}
			f.Versions = append(f.Versions, v)
			l.site.fragments[file] = f
			l.fragments = append(l.fragments, v)
		}
	}
	if f.Versions.In(l.site.Settings.Languages[0]) == nil {
		l.translationAlone(f.Versions)
	}
}

// readFragment reads a fragment. Whether its headings have a place where it is
// included is found out in Join.
func (s *Survey) readFragment(v *Version, text source.Text) *Reading {
	r := &Reading{Front: noFront, Facts: &markdown.Facts{}}
	_, _, body, diags := splitFront(text)
	if body > 0 || len(diags) > 0 {
		start, end := text.Span(0, 3)
		r.Diags = append(r.Diags, diag.Diagnostic{Start: start, End: end, Code: "include/front-matter",
			Message: "A fragment has no front matter: it is a part of other texts.", Hint: "Delete the lines from the first `---` to the second one."})
	}
	o := s.site.options[v.Lang]
	o.Fragment = true
	doc := markdown.Parse(text, body, o)
	defer doc.Release()
	r.readBody(doc)
	r.mentionRefs(r.Facts.Refs, func(ref markdown.Ref) (diag.Pos, diag.Pos) { return text.Span(ref.Start, ref.End) })
	r.Facts.Refs = nil
	s.pack(r, Questions{}, r.Facts.Sections, s.body(doc))
	r.Facts.Sections = nil
	return r
}

// Fragment finds what an include in a text names: the fragment in the language
// of the text's words, else in the first one. Paths are read as in links.
func (s *Site) Fragment(from *Version, dest string) (*Version, *LinkError) {
	target := norm.NFC.String(unescape(dest))
	candidates, e := s.candidates(from, target, dest)
	if e != nil {
		return nil, e
	}
	for _, file := range candidates {
		f := s.fragments[file]
		if f == nil {
			continue
		}
		first := f.Versions.In(s.Settings.Languages[0])
		if first == nil || first.File != file { // a translation by name is meant
			for _, v := range f.Versions {
				if v.File == file {
					return v, nil
				}
			}
		}
		return s.version(f.Versions, orElse(from.Fallback, from.Lang)), nil
	}
	for _, file := range candidates {
		if s.Tree.Has(file) || s.byFolder[file] != nil {
			return nil, &LinkError{"include/not-shared", fmt.Sprintf("`%s` is no fragment that can be included.", target),
				"Fragments are Markdown files in `content/shared`. Move what both texts say into one, or link to it."}
		}
	}
	e = &LinkError{Code: "include/not-found", Message: fmt.Sprintf("There is no fragment `%s`.", target)}
	var names []string
	for _, file := range slices.Sorted(maps.Keys(s.fragments)) {
		names = append(names, strings.TrimPrefix(file, contentRoot))
	}
	for _, name := range names {
		if path.Base(name) == path.Base(target) {
			e.Hint = fmt.Sprintf("Did you mean `%s`?", name)
			return nil, e
		}
	}
	e.Hint = diag.DidYouMean("/shared/"+path.Base(target), names)
	if e.Hint == "" {
		e.Hint = "Fragments are Markdown files in `content/shared`: `file=\"/shared/name.md\"`."
	}
	return nil, e
}

// include puts the facts of fragments into those of the texts that include
// them, and checks what can only be seen there.
func (l *loader) include() {
	for _, v := range l.texts {
		if len(v.Facts.Includes) > 0 {
			l.includeIn(v)
		}
	}
	for _, v := range l.fragments {
		f := l.site.fragments[v.File]
		if !f.included && (v.Lang == l.site.Settings.Languages[0] || len(f.Versions) == 1) {
			l.diags = append(l.diags, diag.Diagnostic{Start: diag.Pos{File: v.File}, Severity: diag.Note, Code: "include/unused",
				Message: "No text includes this fragment.", Hint: fmt.Sprintf("Include it with `:::include{file=\"%s\"}`, or delete it.", strings.TrimPrefix(v.File, contentRoot))})
		}
	}
}

func (l *loader) includeIn(v *Version) {
	own := v.wholeFacts()
	var places []Mention // one for each of own.Includes, in its order
	for _, m := range v.Mentions {
		if m.What == string(markdown.IncludeRef) {
			places = append(places, m)
		}
	}
	parts := make([]markdown.Facts, len(own.Includes))
	type heading struct {
		id, file string
		start    int
	}
	var headings []heading
	for _, h := range own.Headings {
		headings = append(headings, heading{h.ID, v.File, h.Start})
	}
	linked := map[string]bool{}
	for _, id := range own.Terms {
		linked[id] = true
	}
	level, after := 1, -1
	for i, inc := range own.Includes {
		at := places[i]
		refuse := func(s diag.Severity, code, message, hint string, related ...diag.Related) {
			start, end := at.at.in(v.File)
			l.diags = append(l.diags, diag.Diagnostic{Start: start, End: end, Severity: s, Code: code, Message: message, Hint: hint, Related: related})
		}
		f, e := l.site.Fragment(v, inc.Dest)
		if e != nil {
			refuse(diag.Error, e.Code, e.Message, e.Hint)
			continue
		}
		l.site.fragments[f.File].included = true
		parts[i] = f.wholeFacts()
		v.Included = append(v.Included, Included{inc.Start, f, maps.Clone(linked)})
		if inc.Hidden {
			continue
		}
		for _, id := range f.Facts.Terms {
			linked[id] = true
		}
		if inc.Headings != after {
			level, after = inc.Level, inc.Headings
		}
		name := path.Base(f.File)
		for n, h := range parts[i].Headings {
			where := func() diag.Related {
				return diag.Related{Pos: l.placeOf(f.File, h.Start), Message: "the heading of the fragment"}
			}
			if at := slices.IndexFunc(headings, func(other heading) bool { return other.id == h.ID }); at >= 0 {
				other, message := headings[at], "the heading of the text"
				if other.file != v.File {
					message = "the other heading"
				}
				refuse(diag.Error, "include/heading-twice", fmt.Sprintf("`%s` has a heading with the id `%s`, which this page has already.", name, h.ID),
					"Give one of them another id, `{#other-id}`, and change the links that lead to it.", where(), diag.Related{Pos: l.placeOf(other.file, other.start), Message: message})
			} else {
				headings = append(headings, heading{h.ID, f.File, h.Start})
			}
			if h.Level == 2 && v.Item != nil && v.Item.Type == Case {
				refuse(diag.Error, "include/scene", fmt.Sprintf("`%s` has a heading of level 2, which in a case study would begin a scene.", name),
					"Start the headings of the fragment with `###`.", where())
			} else if n == 0 && h.Level > level+1 {
				refuse(diag.Warning, "include/heading-level", fmt.Sprintf("`%s` starts with a heading of level %d, and stands under one of level %d.", name, h.Level, level),
					fmt.Sprintf("Include it under a heading of level %d: people who listen to a page find their way by levels.", h.Level-1), where())
			}
		}
		if n := len(parts[i].Headings); n > 0 {
			level = parts[i].Headings[n-1].Level
		}
	}
	// Sections are put together when somebody asks for them (Loan.Words).
	bare := own
	bare.Includes = slices.Clone(own.Includes)
	for i := range bare.Includes {
		bare.Includes[i].Sections = 0
	}
	facts := bare.With(parts)
	facts.Includes = own.Includes
	with := *v.Reading // which stays what the file alone says
	with.Headings, facts.Headings = headingsOf(facts.Headings), nil
	with.Facts = &facts
	if v.estimated {
		front := *v.Front
		front.Minutes = max(1, facts.Minutes)
		with.Front = &front
	}
	v.Reading = &with
}

// wholeFacts is those of a text with its headings.
func (r *Reading) wholeFacts() markdown.Facts {
	f := *r.Facts
	f.Headings = slices.Collect(r.Headings.All())
	return f
}

// placeOf gives the place of an offset in a text, for a message.
func (l *loader) placeOf(file string, offset int) diag.Pos {
	text, _, _, err := l.tree.Text(file)
	if err != nil {
		return diag.Pos{File: file}
	}
	return text.Pos(offset)
}

// checkFragments checks where the links of fragments lead, as seen from each
// language whose texts include them. One that drafts alone include is let be.
func (l *loader) checkFragments() {
	uses := map[*Version]map[string]bool{}
	for _, v := range l.texts {
		for _, i := range v.Included {
			if uses[i.Version] == nil {
				uses[i.Version] = map[string]bool{}
			}
			uses[i.Version][v.Lang] = true
		}
	}
	for _, v := range l.fragments {
		langs := slices.Sorted(maps.Keys(uses[v]))
		if len(langs) == 0 && !l.site.fragments[v.File].included {
			langs = []string{v.Lang}
		}
		for _, m := range v.Mentions {
			if len(langs) > 0 {
				l.checkVideo(v, m)
			}
			for _, lang := range langs {
				from := *v
				from.Lang = lang
				if e := l.checkMention(&from, m); e != nil {
					l.diags = append(l.diags, m.problem(v, e))
					break
				}
			}
		}
	}
}
