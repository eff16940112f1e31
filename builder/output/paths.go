package output

import (
	"io/fs"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"sopan.dev/sopan/internal/folder"
)

// Marker is the name of the file that makes a folder Sopan's own: it lists
// every file of the site with its size and SHA-256.
const Marker = ".sopan-output.json"

// maxName is the longest file name, in bytes, that ext4, NTFS (in UTF-16
// units, which are never more than the bytes) and APFS all take.
const maxName = 255

// PathError is a path that cannot be published: it is broken in itself, or it
// and Other would be one file on a disk that ignores case.
type PathError struct {
	Path, Other string
	Reason      string // plain words, a whole sentence
}

func (e *PathError) Error() string { return "output path " + e.Path + ": " + e.Reason }

type notFound struct{ path string }

func (e *notFound) Error() string { return "no file " + e.path + " in the site" }
func (e *notFound) Unwrap() error { return fs.ErrNotExist }

// CheckPath returns the reason why a path cannot be published, or nil. A path is
// slash-separated, relative, clean, of valid UTF-8, and each of its names can
// be made on Windows, macOS and Linux alike: a site is built on one and hosted
// on another.
func CheckPath(p string) *PathError {
	bad := func(reason string) *PathError { return &PathError{Path: p, Reason: reason} }
	switch {
	case p == "" || p == ".":
		return bad("The path is empty.")
	case !utf8.ValidString(p):
		return bad("The path is not valid UTF-8.")
	case strings.HasPrefix(p, "/"):
		return bad("The path is absolute; it must be relative to the site.")
	case strings.Contains(p, `\`):
		return bad("The path holds a backslash; folders are separated by /.")
	case path.Clean(p) != p || p == ".." || strings.HasPrefix(p, "../"):
		return bad("The path is not in its shortest form, or leaves the site.")
	case p == Marker:
		return bad("This name is kept for Sopan's own list of files.")
	}
	for name := range strings.SplitSeq(p, "/") {
		if reason := checkName(name); reason != "" {
			return bad(reason)
		}
	}
	return nil
}

func checkName(name string) string {
	if len(name) > maxName {
		return "A name in it is longer than 255 bytes."
	}
	for _, r := range name {
		if r < 0x20 || r == 0x7f || unicode.Is(unicode.Cc, r) {
			return "A name in it holds a control character."
		}
		if strings.ContainsRune(`<>:"|?*`, r) {
			return "Windows does not allow the character " + string(r) + " in a file name."
		}
	}
	if strings.HasSuffix(name, ".") || strings.HasSuffix(name, " ") {
		return "Windows drops a dot or a space at the end of a name."
	}
	stem, _, _ := strings.Cut(name, ".")
	if reserved(strings.ToUpper(strings.TrimRight(stem, " "))) {
		return "Windows keeps the name " + stem + " for a device."
	}
	return ""
}

// reserved follows Microsoft's "Naming Files, Paths, and Namespaces": the
// superscript digits count as well.
func reserved(stem string) bool {
	switch stem {
	case "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$":
		return true
	}
	digit, ok := strings.CutPrefix(stem, "COM")
	if !ok {
		digit, ok = strings.CutPrefix(stem, "LPT")
	}
	return ok && utf8.RuneCountInString(digit) == 1 && strings.Contains("0123456789¹²³", digit)
}

// usual tells of most sets' paths, sorted and each there once, that checkPaths has
// nothing to say of them: usual names are one only where they are equal, so that
// what is left is a file that is called as a folder.
func usual(paths []string) bool {
	last := ""
	for _, p := range paths {
		dir, name := path.Split(p)
		if !folder.UsualName(name) {
			return false
		}
		if dir == last || dir == "" {
			continue
		}
		last = dir
		for at := range prefixes(strings.TrimSuffix(dir, "/")) {
			if _, isFile := slices.BinarySearch(paths, at); isFile || !folder.UsualName(at[strings.LastIndexByte(at, '/')+1:]) {
				return false
			}
		}
	}
	return true
}

// checkPaths judges sorted paths by themselves and against each other: no two
// are the same after NFC and case folding, none is both a file and a folder,
// and a folder is spelt one way.
func checkPaths(paths []string) []*PathError {
	if usual(paths) {
		return nil
	}
	var problems []*PathError
	fold := cases.Fold()
	spelling := make(map[string]string, len(paths)) // folded path or folder -> as first written
	isFile := make(map[string]bool, len(paths))     // folded path -> it is a file
	first := make(map[string]string, len(paths))    // folded path or folder -> the path that brought it
	for _, p := range paths {
		if err := CheckPath(p); err != nil {
			problems = append(problems, err)
			continue
		}
		ascii := isASCII(p)
		for at := range prefixes(p) {
			file := len(at) == len(p)
			key := strings.ToLower(at)
			if !ascii {
				key = fold.String(norm.NFC.String(at))
			}
			seen, taken := spelling[key]
			switch {
			case !taken:
				spelling[key], isFile[key], first[key] = at, file, p
				continue
			case file || isFile[key]:
				reason := "It is the same file as " + first[key] + " on a disk that ignores case."
				if file != isFile[key] {
					reason = "It makes " + at + " a file and a folder at once, with " + first[key] + "."
				}
				problems = append(problems, &PathError{Path: p, Other: first[key], Reason: reason})
			case seen != at:
				problems = append(problems, &PathError{Path: p, Other: first[key],
					Reason: "Its folder " + at + " is written " + seen + " in " + first[key] + "."})
			default:
				continue
			}
			break
		}
	}
	return problems
}

// isASCII tells whether folding a path is no more than writing it in lower case.
func isASCII(p string) bool {
	for i := range len(p) {
		if p[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// prefixes yields every folder of a path, outermost first, then the path.
func prefixes(p string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for i := range len(p) {
			if p[i] == '/' && !yield(p[:i]) {
				return
			}
		}
		yield(p)
	}
}
