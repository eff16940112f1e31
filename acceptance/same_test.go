package acceptance

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// sums gives the hash of each file below dir.
func sums(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		rel, _ := filepath.Rel(dir, path)
		all[filepath.ToSlash(rel)] = fmt.Sprintf("%x", sha256.Sum256(data))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func differences(a, b map[string]string) []string {
	var all []string
	for name, sum := range a {
		switch other, ok := b[name]; {
		case !ok:
			all = append(all, name+" is only in the first")
		case other != sum:
			all = append(all, name+" differs")
		}
	}
	for name := range b {
		if _, ok := a[name]; !ok {
			all = append(all, name+" is only in the second")
		}
	}
	slices.Sort(all)
	return all
}

// TestFault23TwoBuildsGiveTheSameBytes under another time zone, locale, umask, working folder, number of cores, place and
// time of the sources.
func TestFault23TwoBuildsGiveTheSameBytes(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Fatal("this test speaks to a Unix shell")
	}
	bin, err := command()
	if err != nil {
		t.Fatal(err)
	}
	first := sums(t, sampleSite(t).Dir)
	for i, c := range []struct {
		env   []string
		umask string
	}{
		{[]string{"TZ=Pacific/Kiritimati", "LANG=tr_TR.UTF-8", "LC_ALL=tr_TR.UTF-8", "GOMAXPROCS=1"}, "077"},
		{[]string{"TZ=America/St_Johns", "LANG=C", "LC_ALL=C", "GOMAXPROCS=7", "SOURCE_DATE_EPOCH=0"}, "000"},
	} {
		dir := t.TempDir()
		source, out := filepath.Join(dir, "दूसरी जगह"), filepath.Join(dir, "out")
		if err := copySources(sources(), source, time.Date(1999+i*30, 12, 31, 23, 59, 59, 0, time.UTC)); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command("sh", "-c", `umask `+c.umask+`; exec "$0" build . --out "$1"`, bin, out)
		cmd.Dir = source
		cmd.Env = append(os.Environ(), c.env...)
		if said, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v umask %s: %v\n%s", c.env, c.umask, err, said)
		}
		if diff := differences(first, sums(t, out)); len(diff) > 0 {
			t.Errorf("%v umask %s: another tree:\n  %s", c.env, c.umask, strings.Join(diff[:min(10, len(diff))], "\n  "))
		}
	}
}

// TestFault18ADeletedSourceLeavesNoPage: not its page, not a link to it, not its words in the search index.
func TestFault18ADeletedSourceLeavesNoPage(t *testing.T) {
	dir := t.TempDir()
	source, out := filepath.Join(dir, "source"), filepath.Join(dir, "out")
	files := map[string]string{
		"sopan.yaml":              "title: Less\n",
		"content/c/index.md":      "---\ntitle: Course\n---\n\nText.\n",
		"content/c/10-m/index.md": "---\ntitle: Module\n---\n\nText.\n",
		"content/c/10-m/10-a.md":  "---\ntitle: Staying\n---\n\nText.\n",
		"content/c/10-m/20-b.md":  "---\ntitle: Goingaway\n---\n\nVanishingwords.\n",
		"content/c/10-m/30-c.md":  "---\ntitle: Staying too\n---\n\nText.\n",
	}
	writeFiles(t, source, files)
	sopan(t, "build", source, "--out", out)
	gone := filepath.Join("c", "m", "b.html")
	if _, err := os.Stat(filepath.Join(out, gone)); err != nil {
		t.Fatalf("before: %v", err)
	}
	if err := os.Remove(filepath.Join(source, "content", "c", "10-m", "20-b.md")); err != nil {
		t.Fatal(err)
	}
	sopan(t, "build", source, "--out", out)
	if _, err := os.Stat(filepath.Join(out, gone)); !os.IsNotExist(err) {
		t.Errorf("%s is still there: %v", gone, err)
	}
	after, err := readSite(out)
	if err != nil {
		t.Fatal(err)
	}
	for file, body := range readable(t, after) {
		for _, mark := range []string{"Goingaway", "Vanishingwords", "b.html"} {
			if strings.Contains(body, mark) {
				t.Errorf("%s still holds %q", file, mark)
			}
		}
	}
	// And what is left is what a clean build gives.
	clean := filepath.Join(dir, "clean")
	sopan(t, "build", source, "--out", clean)
	if diff := differences(sums(t, clean), sums(t, out)); len(diff) > 0 {
		t.Errorf("the second build differs from a clean one: %v", diff)
	}
}

// TestFault25ABuildNeedsNoNetwork: with every way out closed the sample builds the same. Proxies that lead nowhere stand in
// for a closed network where no namespace can be made.
func TestFault25ABuildNeedsNoNetwork(t *testing.T) {
	bin, err := command()
	if err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "out")
	args := []string{bin, "build", sources(), "--out", out}
	if _, err := run(work, "unshare", "-rn", "true"); err == nil {
		args = append([]string{"unshare", "-rn"}, args...)
	}
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Env = append(os.Environ(), "HTTP_PROXY=http://127.0.0.1:1", "HTTPS_PROXY=http://127.0.0.1:1", "ALL_PROXY=http://127.0.0.1:1")
	if said, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(args, " "), err, said)
	}
	if diff := differences(sums(t, sampleSite(t).Dir), sums(t, out)); len(diff) > 0 {
		t.Errorf("another tree: %v", diff)
	}
}
