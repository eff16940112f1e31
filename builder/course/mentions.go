package course

import (
	"fmt"

	"sopan.dev/sopan/internal/diag"
)

// checkMentions checks what every text says of things outside its file: links,
// pictures, competencies, activities, what to read again.
func (l *loader) checkMentions() {
	for _, v := range l.texts {
		for _, m := range v.Mentions {
			if e := l.checkMention(v, m); e != nil {
				l.diags = append(l.diags, m.problem(v, e))
			}
			l.checkVideo(v, m)
		}
	}
	l.checkFragments()
}

// problem places what is wrong with what a text mentions.
func (m Mention) problem(v *Version, e *LinkError) diag.Diagnostic {
	start, end := m.at.in(v.File)
	return diag.Diagnostic{Start: start, End: end, Code: e.Code, Message: e.Message, Hint: e.Hint}
}

// heard notes that a text speaks of one of another course, in whatever language:
// what is not translated is shown in others too. A fragment may stand in any course.
func (s *Site) heard(from *Version, d Destination) {
	if d.Version == nil || s.fragments[from.File] == nil && d.Version.Course() == from.Course() {
		return
	}
	for _, twin := range d.Version.versions() {
		s.Abroad[twin.File] = true
	}
}

func (l *loader) checkMention(v *Version, m Mention) *LinkError {
	switch m.What {
	case "competency":
		if _, code, message, hint := l.site.competencies.at(m.Dest, m.Level); code != "" {
			return &LinkError{code, message, hint}
		}
		return nil
	case "activity":
		if _, _, code, message, hint := findRole(l.site.Positions, m.Dest); code != "" {
			return &LinkError{code, message, hint}
		}
		return nil
	case "include": // see include
		return nil
	case "reread":
		d, e := l.site.Reread(v, m.Dest)
		l.site.heard(v, d)
		return e
	case "case":
		d, e := l.site.CaseStudy(v, m.Dest)
		l.site.heard(v, d)
		return e
	}
	d, e := l.site.Resolve(v, m.Dest)
	l.site.heard(v, d)
	switch {
	case e != nil:
		return e
	case m.What == "image" && (d.Asset == nil || !isImage(d.Asset.File)):
		return &LinkError{"link/no-image", fmt.Sprintf("`%s` is not a picture.", m.Dest), "Pictures end in .svg, .png, .jpg, .webp, .avif or .gif; for a link write it without the `!` in front."}
	case d.Asset != nil:
		d.Asset.used = true
		d.Asset.shown = d.Asset.shown || m.What == "image"
		d.Asset.linked = d.Asset.linked || m.What != "image"
	}
	return nil
}
