package page

import (
	"sopan.dev/sopan/builder/course"
	"sopan.dev/sopan/builder/markdown"
	photo "sopan.dev/sopan/builder/picture"
	"sopan.dev/sopan/quiz"
)

// This file puts pictures into pages, and into the output in the widths that screens use.

// asset adds a file that is copied, and the versions of a photograph.
func (p *planner) asset(a *course.Asset) {
	if !a.Replaced {
		p.copied(a.Address, a.File, readsFile(a, ""), func() ([]byte, error) { return p.site.Tree.Bytes(a.File) })
	}
	for _, version := range a.Pictures {
		if version.Original {
			continue
		}
		p.copied(version.Address, a.File, readsFile(a, version.Address), func() ([]byte, error) {
			file, err := p.site.Tree.Bytes(a.File)
			if err != nil {
				return nil, err
			}
			return photo.Make(file, version.Version)
		})
	}
}

// widths gives the address of a picture as seen from a page, the widest where there are several, and all of them.
func widths(v *course.Version, a *course.Asset) (string, []markdown.Source) {
	if len(a.Pictures) == 0 {
		return href(v.Address, a.Address, ""), nil
	}
	var out []markdown.Source
	for _, p := range a.Pictures {
		out = append(out, markdown.Source{Href: href(v.Address, p.Address, ""), Width: p.Width})
	}
	return out[len(out)-1].Href, out
}

// imageView is the picture of a question.
func imageView(v *course.Version, a *course.Asset) quiz.ImageView {
	src, all := widths(v, a)
	view := quiz.ImageView{Src: src, Width: a.Width, Height: a.Height}
	if len(all) > 1 {
		view.Srcset, view.Sizes = markdown.Srcset(all), markdown.Sizes
	}
	return view
}
