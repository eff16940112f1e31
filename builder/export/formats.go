// Package export makes a package of one course: what an upload form or a
// learning platform takes.
//
// In go a site that holds one course (builder.Options.Course and Profile), the
// set of its files, and a Format; out come a set that is ready to be zipped,
// with the manifests that the format wants, and what its takers would refuse,
// as diagnostics. The package changes no page of the course, reads nothing
// from a disk and writes nothing.
package export

import (
	"sopan.dev/sopan/builder/course"
	"sopan.dev/sopan/builder/page"
	"sopan.dev/sopan/internal/diag"
)

// Format is a kind of package.
type Format struct {
	Name    string // as `sopan package --as` takes it
	Title   string // for people
	Profile string // which pages and scripts it needs: builder.Options.Profile
	Split   bool   // it can launch each module by itself

	// Pack makes the files that the format adds to those of the course, by
	// path. It may leave the map empty.
	Pack func(Input) (map[string][]byte, diag.List, error)
	// Judge says what those who take the format would refuse. It gets every
	// file but ManifestName; nil where there is nothing to say.
	Judge func(Input, []File) diag.List
	// Checked says in words what Pack and Judge looked at.
	Checked []string
}

// Formats lists them all; one file a format.
func Formats() []Format {
	return []Format{
		web(),
		scorm12(),
		scorm2004(),
		cmi5(),
		xapi(),
	}
}

// Find gives the format of a name.
func Find(name string) (Format, bool) {
	for _, f := range Formats() {
		if f.Name == name {
			return f, true
		}
	}
	return Format{}, false
}

// Options of a package. The zero value is one unit for the whole course.
type Options struct {
	Split   bool   // launch each module by itself
	Version string // of the program, for manifests that name what made them
}

// Input is what a format makes its files of.
type Input struct {
	Site    *course.Site
	Course  *course.Course // the one that the site holds
	Shells  []page.Shell   // where the package is launched, in order; none without a learning platform
	Paths   []string       // of the course's own files, sorted
	Options Options
}

// File is a file of a package. Its content is not to be changed.
type File struct {
	Path    string
	Source  string // the author's file that it comes from, "" where there is none
	Content []byte
}
