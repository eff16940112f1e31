package cache

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestWhatIsPutIsGotByTheSameProgramForTheSameSiteAlone(t *testing.T) {
	root := t.TempDir()
	Open(root, "/site", "tool 1").Put("texts", []byte("abc"))
	if got := Open(root, "/site", "tool 1").Get("texts"); got != "abc" {
		t.Errorf("put abc, got %q", got)
	}
	for _, other := range []*Cache{Open(root, "/site", "tool 2"), Open(root, "/other", "tool 1"), Open("", "/site", "tool 1"), nil} {
		if got := other.Get("texts"); got != "" {
			t.Errorf("another program or site got %q", got)
		}
		other.Put("texts", nil) // nobody minds
	}
}

func TestWhatWasCutOffOrChangedIsNotThere(t *testing.T) {
	c := Open(t.TempDir(), "/site", "tool")
	c.Put("x", []byte("some bytes"))
	file := filepath.Join(c.dir, "x")
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	check := func(what string, b []byte) {
		t.Helper()
		if err := os.WriteFile(file, b, 0o600); err != nil {
			t.Fatal(err)
		}
		if got := c.Get("x"); got != "" {
			t.Errorf("%s: got %q", what, got)
		}
	}
	for n := range whole {
		check("cut off", whole[:n])
		wrong := append([]byte{}, whole...)
		wrong[n] ^= 1
		check("changed", wrong)
	}
	check("longer", append(whole, 0))
}

func TestARoomServesOneFileAfterAnother(t *testing.T) {
	c := Open(t.TempDir(), "/site", "tool")
	c.Put("long", []byte("many more bytes"))
	c.Put("short", []byte("few"))
	var room []byte
	long := c.GetIn("long", &room)
	if long != "many more bytes" {
		t.Fatalf("got %q", long)
	}
	if short := c.GetIn("short", &room); short != "few" || long != "fewy more bytes" {
		t.Errorf("got %q, and where the first stood there is %q", short, long)
	}
	if none, again := c.GetIn("none", &room), c.GetIn("long", &room); none != "" || again != "many more bytes" {
		t.Errorf("got %q of what is not there, then %q", none, again)
	}
}

// Bytes that are there are not written over: a new file takes their place, so that a build that is killed leaves the one or the other.
func TestANewFileTakesTheOldOnesPlaceAtOnce(t *testing.T) {
	c := Open(t.TempDir(), "/site", "tool")
	c.Put("x", []byte("old"))
	old, err1 := os.Stat(filepath.Join(c.dir, "x"))
	if !c.Put("x", []byte("new"), []byte("er")) {
		t.Fatal("nothing was put")
	}
	now, err2 := os.Stat(filepath.Join(c.dir, "x"))
	if err1 != nil || err2 != nil || os.SameFile(old, now) {
		t.Errorf("the old file was written over (%v, %v)", err1, err2)
	}
	if got := c.Get("x"); got != "newer" {
		t.Errorf("got %q", got)
	}
	if entries, err := os.ReadDir(c.dir); err != nil || len(entries) != 2 {
		t.Errorf("the folder holds %v (%v), want x and %s", entries, err, used)
	}
}

func TestOldSitesAndLeftoversGo(t *testing.T) {
	root := t.TempDir()
	for i := range mostSites + 5 {
		c := Open(root, fmt.Sprint("/site", i), "tool")
		c.Put("x", []byte("x"))
		when := time.Now().Add(time.Duration(i-100) * time.Hour)
		if err := os.Chtimes(filepath.Join(c.dir, used), when, when); err != nil {
			t.Fatal(err)
		}
	}
	last := Open(root, "/one more", "tool")
	if entries, err := os.ReadDir(root); err != nil || len(entries) > mostSites {
		t.Errorf("%d sites are remembered, the limit is %d (%v)", len(entries), mostSites, err)
	}
	if Open(root, "/site0", "tool").Get("x") != "" {
		t.Error("the site that was not built for longest is still there")
	}
	last.Put("a", nil)
	last.Put("b", nil)
	if err := os.WriteFile(filepath.Join(last.dir, ".a-123"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	last.Keep(func(name string) bool { return name == "a" })
	var names []string
	entries, _ := os.ReadDir(last.dir)
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if fmt.Sprint(names) != "[a used]" {
		t.Errorf("left: %v", names)
	}
}

func TestAFolderThatCannotBeMadeIsNoError(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	c := Open(file, "/site", "tool")
	c.Put("x", []byte("y"))
	if c.Get("x") != "" {
		t.Error("something is remembered nowhere")
	}
}
