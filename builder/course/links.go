package course

import (
	"fmt"
	"maps"
	"net/url"
	"path"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"sopan.dev/sopan/internal/diag"
)

// Destination is where a link leads.
type Destination struct {
	Address  string // path in the output
	Fragment string // heading id, "" for the page
	Lang     string // of the target
	Version  *Version
	Asset    *Asset
}

// LinkError says why a link leads nowhere, as a diagnostic without its place.
type LinkError struct{ Code, Message, Hint string }

// Resolve finds what a destination written in a source file means. from is the
// text that holds it. Destinations are relative to the file's folder; with a
// leading "/" they are meant from the site's folder, from content or from
// static. A link to a text leads to its translation in the language of from,
// where there is one.
func (s *Site) Resolve(from *Version, dest string) (Destination, *LinkError) {
	target, fragment, _ := strings.Cut(dest, "#")
	target, _, _ = strings.Cut(target, "?")
	fragment = norm.NFC.String(unescape(fragment))
	if target == "" {
		return s.toVersion(from, from, fragment, dest)
	}
	target = norm.NFC.String(unescape(target))
	candidates, e := s.candidates(from, target, dest)
	if e != nil {
		return Destination{}, e
	}
	for _, file := range candidates {
		if v := s.byFile[file]; v != nil {
			return s.toVersion(from, s.translated(v, from.Lang, file), fragment, dest)
		}
		if a := s.assets[file]; a != nil {
			return Destination{Address: a.Address, Fragment: fragment, Asset: a}, nil
		}
		if p := s.byFolder[strings.TrimSuffix(file, "/index.md")]; p != nil {
			return s.toVersion(from, s.PlaceVersion(p, from.Lang), fragment, dest)
		}
		if s.fragments[file] != nil {
			return Destination{}, &LinkError{"link/no-page", fmt.Sprintf("`%s` has no page of its own: it is a fragment, a part of other pages.", target), "Include it with `:::include{file=\"…\"}`, or link to a page that includes it."}
		}
		if s.draft(file) {
			return Destination{}, &LinkError{"link/draft", fmt.Sprintf("`%s` is a draft, which learners will not see.", target), "Take the link out, or give the draft another `status`."}
		}
	}
	return Destination{}, s.missing(from, dest, target, candidates)
}

// candidates are the files that a path in a text may mean. dest is the path as
// it was written.
func (s *Site) candidates(from *Version, target, dest string) ([]string, *LinkError) {
	if strings.Contains(target, `\`) {
		return nil, &LinkError{"link/backslash", fmt.Sprintf("`%s` is written with a backslash.", dest), fmt.Sprintf("Write `%s`.", strings.ReplaceAll(dest, `\`, "/"))}
	}
	var files []string
	if strings.HasPrefix(target, "/") {
		clean := strings.TrimPrefix(path.Clean(target), "/")
		files = []string{clean, path.Join(contentRoot, clean), path.Join("static", clean)}
	} else {
		joined := path.Join(path.Dir(from.File), target)
		if joined == ".." || strings.HasPrefix(joined, "../") {
			return nil, &LinkError{"link/outside", fmt.Sprintf("`%s` leads out of the site's folder.", dest), "Copy the file into the site and link to the copy."}
		}
		files = []string{joined}
	}
	for i := range files {
		if len(s.spelt) > 0 {
			files[i] = orElse(s.spelt[norm.NFC.String(files[i])], files[i])
		}
	}
	return files, nil
}

// draft tells whether a file, or a folder, was left out as a draft, alone or
// with the module or course that it stands in.
func (s *Site) draft(file string) bool {
	for p := file; len(s.drafts) > 0 && p != "." && p != "/"; p = path.Dir(p) {
		if s.drafts[p] {
			return true
		}
	}
	return false
}

// translated gives v, or its twin in lang when v is the untranslated file and
// the twin exists. Whoever links to a translation by name means just that.
func (s *Site) translated(v *Version, lang, file string) *Version {
	if twin := v.versions().In(lang); twin != nil && v.Lang == s.Settings.Languages[0] {
		return twin
	}
	return v
}

func (s *Site) toVersion(from, to *Version, fragment, dest string) (Destination, *LinkError) {
	if fragment != "" && to.Quiz != nil && !to.anchor(fragment) {
		var ids []string
		for _, id := range to.Quiz.IDs() {
			ids = append(ids, "q-"+id)
		}
		hint := diag.DidYouMean(fragment, ids)
		if hint == "" && len(ids) > 0 {
			hint = "Its questions are: #" + strings.Join(ids[:min(len(ids), 8)], ", #") + "."
		}
		return Destination{}, &LinkError{"link/no-heading", fmt.Sprintf("There is no question `#%s` in `%s`.", fragment, path.Base(to.File)), orElse(hint, "Link to the page without `#`.")}
	}
	if fragment != "" && !to.anchor(fragment) {
		ids := slices.Compact(to.headingIDs())
		hint := diag.DidYouMean(fragment, ids)
		if hint == "" && len(ids) > 0 {
			hint = "Its headings are: #" + strings.Join(ids[:min(len(ids), 8)], ", #") + "."
		}
		if hint == "" {
			hint = "It has no headings; link to the page without `#`."
		}
		return Destination{}, &LinkError{"link/no-heading", fmt.Sprintf("There is no heading `#%s` in `%s`.", fragment, orElse(path.Base(to.File), to.Title)), hint}
	}
	return Destination{Address: to.Address, Fragment: fragment, Lang: to.Lang, Version: to}, nil
}

// anchor tells whether a fragment names a heading, or a question of a quiz
// ("q-ID").
func (v *Version) anchor(fragment string) bool {
	if v.Quiz == nil {
		for h := range v.Headings.All() {
			if h.ID == fragment {
				return true
			}
		}
		return false
	}
	id, named := strings.CutPrefix(fragment, "q-")
	return named && slices.Contains(v.Quiz.IDs(), id)
}

// missing explains a target that does not exist, with the nearest one.
func (s *Site) missing(from *Version, dest, target string, candidates []string) *LinkError {
	e := &LinkError{Code: "link/no-file", Message: fmt.Sprintf("`%s` does not exist.", target)}
	if strings.HasSuffix(target, ".html") || strings.HasSuffix(target, ".htm") {
		e.Message = fmt.Sprintf("`%s` is the address of a page, not a file of the site.", target)
		for _, f := range slices.Sorted(maps.Keys(s.byFile)) {
			v := s.byFile[f]
			if v.Lang == from.Lang && strings.TrimSuffix(path.Base(v.Address), ".html") == strings.TrimSuffix(path.Base(target), ".html") {
				e.Hint = "Link to its source: `" + relativeFile(from.File, f) + "`."
				break
			}
		}
		if e.Hint == "" {
			e.Hint = "Link to the source file, which ends in `.md` or `.quiz.yaml`."
		}
		return e
	}
	if strings.HasPrefix(strings.ToLower(target), "www.") {
		e.Hint = "If you mean a page on the web, write `https://" + target + "`."
		return e
	}
	dir, name := path.Split(candidates[0])
	here, elsewhere := s.nearby.called(name, dir)
	if len(here) > 0 {
		e.Hint = fmt.Sprintf("Did you mean `%s`?", path.Join(path.Dir(target), path.Base(here[0])))
		return e
	}
	if near := diag.Nearest(name, s.nearby.in(dir)); near != "" {
		e.Hint = fmt.Sprintf("Did you mean `%s`?", path.Join(path.Dir(target), near))
	} else if len(elsewhere) > 0 {
		e.Hint = fmt.Sprintf("Did you mean `%s`?", relativeFile(from.File, elsewhere[0]))
	} else if strings.HasPrefix(target, "/") {
		e.Hint = "A path that starts with `/` is meant from the site's folder, from `content` or from `static`."
	} else {
		e.Hint = fmt.Sprintf("The path is meant from the folder `%s`. Check the spelling, or add the file.", path.Dir(from.File))
	}
	return e
}

func relativeFile(from, to string) string { return Relative(from, to) }

func unescape(s string) string {
	if u, err := url.PathUnescape(s); err == nil {
		return u
	}
	return s
}

// Course is the course that a version belongs to.
func (v *Version) Course() *Course {
	if v.Item != nil {
		return v.Item.Module.Course
	}
	return v.Place.Course
}
