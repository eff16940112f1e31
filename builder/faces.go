package builder

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"maps"
	"slices"
	"strings"

	"sopan.dev/sopan/builder/course"
	"sopan.dev/sopan/internal/parallel"
)

// Known is what a build says of the courses of a site for the next one, which may
// not read them all (see Amend).
type Known struct {
	Faces  []string // names of the courses' faces (course.Face), in the order of the courses
	Abroad []string // texts that other courses speak of, sorted
}

// known writes down the faces of a site's courses.
func (b *Builder) known(site *course.Site) Known {
	faces := make([]string, len(site.Courses))
	parallel.Each(context.Background(), len(faces), func(i int) error {
		faces[i] = b.kept.putFace(site, site.Courses[i])
		return nil
	})
	return Known{faces, slices.Sorted(maps.Keys(site.Abroad))}
}

// named gives each course the name of its face.
func (k Known) named(site *course.Site) map[*course.Course]string {
	out := make(map[*course.Course]string, len(k.Faces))
	for i, name := range k.Faces {
		out[site.Courses[i]] = name
	}
	return out
}

// putFace writes down a course's face, and gives its name, which is made of the bytes
// alone and stands before them: what is there under a name is the right face.
func (k *kept) putFace(site *course.Site, c *course.Course) (name string) {
	k.written.Use(func(b []byte) []byte {
		b = k.writer.AppendFace(b, site.Face(c))
		sum := sha256.Sum256(b)
		name = hex.EncodeToString(sum[:16])
		if file := k.name("face", name); !strings.HasPrefix(k.cache.Get(file), name) {
			k.cache.Put(file, []byte(name), b)
		}
		return b
	})
	return name
}

// face gives a face by its name.
func (k *kept) face(name string, survey *course.Survey) (*course.Face, error) {
	written, there := strings.CutPrefix(k.cache.Get(k.name("face", name)), name)
	if !there {
		return nil, errLost
	}
	return k.writer.ReadFace(written, survey)
}

var errLost = errors.New("the face of a course is not in the cache")

// faces gives the faces of all courses; none where one is lost.
func (b *Builder) faces(known Known, survey *course.Survey) []*course.Face {
	faces := make([]*course.Face, len(known.Faces))
	err := parallel.Each(context.Background(), len(faces), func(i int) (err error) {
		faces[i], err = b.kept.face(known.Faces[i], survey)
		return err
	})
	if err != nil {
		return nil
	}
	return faces
}

// among gives the site of which a part was read, one course, with the faces of
// all others beside it, and what is known of it by now. ok is false where its own
// face is lost.
func (b *Builder) among(part *course.Site, faces []*course.Face, known Known) (whole *course.Site, now Known, ok bool) {
	if whole, ok = part.Among(faces); ok {
		known.Faces = slices.Clone(known.Faces)
		known.Faces[slices.Index(whole.Courses, part.Courses[0])] = b.kept.putFace(part, part.Courses[0])
	}
	return whole, known, ok
}
