package course

import (
	"fmt"
	"path"
	"strings"

	"golang.org/x/text/unicode/norm"

	"sopan.dev/sopan/internal/diag"
)

// CaseStudy finds the case study that a question is about, in the course of the
// question: by its name ("the-missing-file"), by module and name, by its key, or
// by the path of its file.
func (s *Site) CaseStudy(from *Version, text string) (Destination, *LinkError) {
	c := from.Course()
	target := norm.NFC.String(strings.TrimSuffix(unescape(text), ".html"))
	if strings.HasSuffix(target, ".md") {
		d, e := s.Resolve(from, text)
		if e == nil && (d.Version == nil || d.Version.Item == nil || d.Version.Item.Type != Case || d.Version.Course() != c) {
			e = s.noCase(c, text)
		}
		return d, e
	}
	var found []*Item
	for _, i := range c.Items() {
		if i.Type != Case {
			continue
		}
		whole := path.Join(i.Module.Slug, i.Slug)
		if target == i.Key || target == whole || target == c.Slug+"/"+whole {
			found = []*Item{i}
			break
		}
		if target == i.Slug {
			found = append(found, i)
		}
	}
	switch len(found) {
	case 0:
		return Destination{}, s.noCase(c, text)
	case 1:
		return s.toVersion(from, s.ItemVersion(found[0], from.Lang), "", text)
	}
	return Destination{}, &LinkError{
		Code: "link/ambiguous-case", Message: fmt.Sprintf("There is more than one case study `%s` in this course.", text),
		Hint: fmt.Sprintf("Write the module before it, such as `%s`.", path.Join(found[0].Module.Slug, found[0].Slug)),
	}
}

// noCase names the nearest case study of the course.
func (s *Site) noCase(c *Course, text string) *LinkError {
	var known []string
	for _, i := range c.Items() {
		if i.Type == Case {
			known = append(known, i.Slug, path.Join(i.Module.Slug, i.Slug))
		}
	}
	hint := diag.DidYouMean(text, known)
	switch {
	case hint == "" && len(known) == 0:
		hint = "The course has none yet: a case study is a file whose name ends in `.case.md`."
	case hint == "":
		hint = fmt.Sprintf("Write the name of a case study of this course, such as `%s`.", known[0])
	}
	return &LinkError{Code: "link/no-case", Message: fmt.Sprintf("There is no case study `%s` in this course.", text), Hint: hint}
}
