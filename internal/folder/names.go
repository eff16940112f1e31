package folder

import "strings"

// maxName is the longest name, in bytes, that ext4, NTFS (in UTF-16 units, which
// are never more than the bytes) and APFS all take.
const maxName = 255

// UsualName tells of most names, quickly, that each system takes them and keeps
// them apart: they are small letters, digits, `-`, `_` and dots between these,
// and no device of Windows is called so. Of others it says nothing.
func UsualName(name string) bool {
	if len(name) > maxName {
		return false
	}
	stem := len(name)
	for i := range len(name) {
		switch c := name[i]; {
		case 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '-' || c == '_':
		case c == '.' && 0 < i && i < len(name)-1:
			stem = min(stem, i)
		default:
			return false
		}
	}
	switch stem {
	case 0:
		return false
	case 3:
		return !strings.Contains("con prn aux nul", name[:stem])
	case 4:
		return !strings.HasPrefix(name, "com") && !strings.HasPrefix(name, "lpt")
	}
	return true
}
