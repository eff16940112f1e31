package page

import (
	"net/url"
	"path"
	"strings"

	"sopan.dev/sopan/builder/bundle"
	"sopan.dev/sopan/builder/course"
)

// This file writes addresses as they stand in a page: relative to it and
// percent-encoded.

// href gives the relative, percent-encoded address from one page to another:
// what course.Relative gives, without taking either address to pieces.
func href(from, to, fragment string) string {
	shared := 0 // how much of both is the same folders
	for i := 0; i < len(from) && i < len(to) && from[i] == to[i]; i++ {
		if from[i] == '/' {
			shared = i + 1
		}
	}
	out := ""
	if folders := strings.Count(from[shared:], "/"); folders > 0 {
		out = up(folders) + encoded(to[shared:])
	} else {
		out = escapePath(to[shared:])
	}
	if fragment != "" {
		out += "#" + url.PathEscape(fragment)
	}
	return out
}

// up leads to a folder above.
func up(folders int) string {
	const ten = "../../../../../../../../../../"
	if 3*folders <= len(ten) {
		return ten[:3*folders]
	}
	return strings.Repeat("../", folders)
}

// escapePath encodes a relative path; a first segment with a colon would read
// as a scheme.
func escapePath(p string) string {
	out := encoded(p)
	if first, _, _ := strings.Cut(out, "/"); strings.Contains(first, ":") {
		return "./" + out
	}
	return out
}

func encoded(p string) string {
	if !needsEscape(p) {
		return p
	}
	parts := strings.Split(p, "/")
	for i, s := range parts {
		parts[i] = url.PathEscape(s)
	}
	return strings.Join(parts, "/")
}

// needsEscape tells whether there is anything in a path that url.PathEscape may
// change: most have nothing.
func needsEscape(p string) bool {
	for i := range len(p) {
		switch c := p[i]; {
		case c >= 'a' && c <= 'z', c >= '-' && c <= '9', c >= 'A' && c <= 'Z', c == '_': // from - to 9: - . / and digits
		default:
			return true
		}
	}
	return false
}

// root is the relative way from a page to the output's root, "./" at the root.
func root(address string) string {
	if n := strings.Count(address, "/"); n > 0 {
		return up(n)
	}
	return "./"
}

// searchAddress is where the search index of a course, or the site's list of
// titles (c == nil), stands. Its name has no hash: it is asked for by name
// when the box is used, and a changed lesson must not change every page.
func searchAddress(c *course.Course, lang string) string {
	name := "site"
	if c != nil {
		name = "course-" + c.Slug
	}
	return path.Join(bundle.Folder, "search", name+"."+lang+".js")
}
