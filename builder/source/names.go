package source

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"sopan.dev/sopan/internal/folder"
)

// checkName refuses names that a learner's or an author's Windows machine, a
// USB stick (exFAT) or a web server could not hold or serve.
func (w *walker) checkName(p, name string) {
	if why := BadName(name); why != "" {
		w.refuse(p, "source/bad-name", fmt.Sprintf("The name `%s` %s.", name, why), "Rename it. Letters of any script, digits, `-`, `_` and `.` are safe.")
	}
}

// BadName says why a file or folder name cannot be used on every system that
// a site is copied to, or "" when it can.
// https://learn.microsoft.com/windows/win32/fileio/naming-a-file
func BadName(name string) string {
	if folder.UsualName(name) {
		return ""
	}
	switch {
	case name == "" || name == "." || name == "..":
		return "is not a name"
	case len(name) > MaxNameBytes:
		return fmt.Sprintf("is longer than %d bytes", MaxNameBytes)
	case strings.HasSuffix(name, ".") || strings.HasSuffix(name, " "):
		return "ends in a dot or a space, which Windows drops"
	case strings.HasPrefix(name, " "):
		return "starts with a space"
	}
	for _, r := range name {
		switch {
		case strings.ContainsRune(`<>:"|?*\`, r):
			return fmt.Sprintf("holds the character `%c`, which Windows refuses", r)
		case r == '%' || r == '#':
			return fmt.Sprintf("holds the character `%c`, which has a meaning of its own in addresses", r)
		case unicode.IsControl(r) || r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069:
			return fmt.Sprintf("holds the invisible character U+%04X", r)
		}
	}
	stem, _, _ := strings.Cut(name, ".")
	switch u := strings.ToUpper(stem); u {
	case "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$":
		return "is reserved on Windows"
	default:
		if r := []rune(u); len(r) == 4 && (strings.HasPrefix(u, "COM") || strings.HasPrefix(u, "LPT")) && strings.ContainsRune("0123456789¹²³", r[3]) {
			return "is reserved on Windows"
		}
	}
	if !norm.NFC.IsNormalString(name) && len(norm.NFC.String(name)) > MaxNameBytes {
		return "is too long"
	}
	return ""
}
