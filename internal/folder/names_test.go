package folder

import (
	"strings"
	"testing"
)

func TestNoNameIsUsualThatSomeSystemHasTroubleWith(t *testing.T) {
	for _, name := range []string{"lesson-1.html", "index.html", "module_01", "a-b.c.d", "0", "conin.md", "img", "hi", "comb1.md", strings.Repeat("a", 255)} {
		if !UsualName(name) {
			t.Errorf("%q is not usual", name)
		}
	}
	for _, name := range []string{
		"", ".", "..", ".hidden", "con", "con.md", "com1", "com1.md", "lpt9.x.y", "aux.html", "nul.tar.gz", "ends.", "Index.html",
		"a b.html", "ends ", "कमल.html", "com¹.html", "a/b.html", `back\slash`, "colon:x", "x\x00yzz", "percent%20", strings.Repeat("a", 256), "abc." + strings.Repeat("a", 252), "conin$", "\xffabcd",
	} {
		if UsualName(name) {
			t.Errorf("%q is usual", name)
		}
	}
}
