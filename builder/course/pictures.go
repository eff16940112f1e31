package course

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"sopan.dev/sopan/builder/picture"
	"sopan.dev/sopan/internal/diag"
)

// Picture is a photograph at one width, as a file of the output.
type Picture struct {
	picture.Version
	Address string
}

// heavyPicture is what a picture may weigh without a word: two seconds and more on a slow line (400 kbit/s).
const heavyPicture = 100_000

// readPictures finds out, for each picture that a text shows, in which widths it is sent. The file as it came is published
// only where a text links to it, or where nothing smaller could be made of it: a camera notes in it where it was taken.
func (l *loader) readPictures(read func(file string) (picture.Plan, error)) error {
	if read == nil {
		read = l.readPicture
	}
	taken := map[string]bool{}
	for _, a := range l.site.Assets {
		taken[a.Address] = true
	}
	for _, a := range l.site.Assets {
		if !a.shown || !photograph(a.File) || a.Width == 0 {
			l.weigh(a, -1)
			continue
		}
		plan, err := read(a.File)
		switch {
		case errors.Is(err, picture.ErrTooLarge):
			l.diags = append(l.diags, diag.Diagnostic{Start: diag.Pos{File: a.File}, Code: "image/too-large",
				Message: fmt.Sprintf("The picture is %d × %d pixels, which is more than 40 million.", a.Width, a.Height),
				Hint:    "Make it smaller in an image editor: 2,000 pixels of width are plenty."})
			continue
		case errors.Is(err, fs.ErrPermission) || errors.Is(err, fs.ErrNotExist):
			continue // said already
		case err != nil:
			var machine *fs.PathError
			if errors.As(err, &machine) {
				return fmt.Errorf("reading %s: %w", a.File, err)
			}
			l.diags = append(l.diags, brokenPicture(a.File))
			continue
		}
		a.Width, a.Height = plan.Width, plan.Height
		stem := strings.TrimSuffix(a.Address, path.Ext(a.Address))
		for _, v := range plan.Versions {
			p := Picture{v, a.Address}
			if !v.Original {
				p.Address = stem + "." + strconv.Itoa(v.Width) + "w" + v.Ext
				for taken[p.Address] { // an author's file is called so, or photo.jpg stands beside photo.png
					p.Address = strings.TrimSuffix(p.Address, v.Ext) + "-" + v.Ext
				}
				taken[p.Address] = true
			}
			a.Pictures = append(a.Pictures, p)
		}
		if n := len(a.Pictures); n > 0 {
			a.Replaced = !a.linked && strings.HasPrefix(a.File, contentRoot+"/") && !slices.ContainsFunc(plan.Versions, func(v picture.Version) bool { return v.Original })
			l.weigh(a, int64(a.Pictures[n-1].Bytes))
		} else {
			l.weigh(a, -1)
		}
	}
	return nil
}

func (l *loader) readPicture(file string) (picture.Plan, error) {
	b, err := l.tree.Bytes(file)
	if err != nil {
		return picture.Plan{}, err
	}
	return picture.Read(b)
}

func brokenPicture(file string) diag.Diagnostic {
	return diag.Diagnostic{Start: diag.Pos{File: file}, Code: "image/broken", Message: "The picture cannot be read: it is damaged, or of another type than its name says.", Hint: "Open it in an image editor and save it again."}
}

// photograph tells by its name a picture that is sent in several widths.
func photograph(file string) bool {
	switch strings.ToLower(path.Ext(file)) {
	case ".jpg", ".jpeg", ".png":
		return true
	}
	return false
}

// weigh warns of a picture that keeps a learner on a slow line waiting. size is what is sent, -1: the file.
func (l *loader) weigh(a *Asset, size int64) {
	if !a.shown || !isImage(a.File) {
		return
	}
	if size < 0 {
		file, _ := l.tree.Find(a.File)
		size = file.Size
	}
	if size <= heavyPicture {
		return
	}
	hint := "Save it with fewer details or colours, or crop it."
	if len(a.Pictures) == 0 {
		hint = "Save it as a JPEG or PNG, of which smaller versions are made, or simplify it."
	}
	l.diags = append(l.diags, diag.Diagnostic{Start: diag.Pos{File: a.File}, Severity: diag.Warning, Code: "image/heavy",
		Message: fmt.Sprintf("The picture weighs %d KB, even at the width that a page shows.", (size+999)/1000), Hint: hint})
}
