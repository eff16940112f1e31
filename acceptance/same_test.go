package acceptance

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"sopan.dev/sopan/builder/export"
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

// elsewhere is a machine on which the sample is built: what a build could see of it, and must not show.
type elsewhere struct {
	place   string // of the sources, below a new folder
	changed time.Time
	env     []string
	umask   string
}

func machines() []elsewhere {
	return []elsewhere{
		{"दूसरी जगह", time.Date(1999, 12, 31, 23, 59, 59, 0, time.UTC),
			[]string{"TZ=Pacific/Kiritimati", "LANG=tr_TR.UTF-8", "LC_ALL=tr_TR.UTF-8", "GOMAXPROCS=1", "HOME=/nowhere", "XDG_CACHE_HOME=", "USER=somebody"}, "077"},
		{"a/deep/er/place", time.Date(2029, 2, 28, 0, 0, 0, 0, time.UTC),
			[]string{"TZ=America/St_Johns", "LANG=C", "LC_ALL=C", "GOMAXPROCS=7", "SOURCE_DATE_EPOCH=0", "HOSTNAME=other", "GOGC=20"}, "000"},
	}
}

// run runs the command there, in the folder of the sources, with a cache of its own.
func (m elsewhere) run(t *testing.T, source, cache string, args ...string) {
	t.Helper()
	bin, err := command()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("sh", append([]string{"-c", "umask " + m.umask + `; exec "$0" "$@"`, bin}, args...)...)
	cmd.Dir = source
	cmd.Env = slices.Concat(os.Environ(), []string{"SOPAN_CACHE=" + cache}, m.env)
	if said, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v umask %s: %v\n%s", m.env, m.umask, err, said)
	}
}

// copyBackwards copies the sources of a site as copySources does, and makes the last file first: the order that a disk lists
// them in is another one.
func copyBackwards(t *testing.T, from, to string, changed time.Time) {
	t.Helper()
	forwards := t.TempDir()
	if err := copySources(from, forwards, changed); err != nil {
		t.Fatal(err)
	}
	for _, name := range slices.Backward(slices.Sorted(maps.Keys(sums(t, forwards)))) {
		target := filepath.Join(to, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(target), 0o755), os.Rename(filepath.Join(forwards, name), target)); err != nil {
			t.Fatal(err)
		}
	}
}

// TestFault23TwoBuildsGiveTheSameBytes under another time zone, locale, umask, home, working folder, number of cores, place,
// order and time of the sources; without a cache, with a new one, and with one that knows everything. Of the clock and the
// machine's name nothing can be seen: the builder does not ask for them (see its own test of this number).
func TestFault23TwoBuildsGiveTheSameBytes(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Fatal("this test speaks to a Unix shell")
	}
	first := sums(t, sampleSite(t).Dir)
	for _, m := range machines() {
		dir := t.TempDir()
		source, cache := filepath.Join(dir, filepath.FromSlash(m.place)), filepath.Join(dir, "cache")
		copyBackwards(t, sources(), source, m.changed)
		for _, c := range []struct {
			name string
			args []string
		}{
			{"without a cache", []string{"build", ".", "--no-cache"}},
			{"with a new cache", []string{"build", "."}},
			{"with an old cache", []string{"build", source}},
		} {
			out := filepath.Join(dir, c.name)
			m.run(t, source, cache, append(c.args, "--out", out)...)
			if diff := differences(first, sums(t, out)); len(diff) > 0 {
				t.Errorf("%v umask %s, %s: another tree:\n  %s", m.env, m.umask, c.name, strings.Join(diff[:min(10, len(diff))], "\n  "))
			}
		}
	}
}

// TestFault23APackageIsTheSameBytes in each format, on the same two machines.
func TestFault23APackageIsTheSameBytes(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Fatal("this test speaks to a Unix shell")
	}
	sampleSite(t) // whose sources are packed
	dir := t.TempDir()
	var made []map[string]string
	for i, m := range machines() {
		source, out := filepath.Join(dir, fmt.Sprint(i), filepath.FromSlash(m.place)), filepath.Join(dir, fmt.Sprint(i), "out")
		copyBackwards(t, sources(), source, m.changed)
		if err := os.Mkdir(out, 0o755); err != nil {
			t.Fatal(err)
		}
		for _, f := range export.Formats() {
			m.run(t, source, filepath.Join(dir, fmt.Sprint(i), "cache"), "package", "mission-karmayogi", "--as", f.Name, "--out", filepath.Join(out, f.Name+".zip"))
		}
		made = append(made, sums(t, out))
	}
	if diff := differences(made[0], made[1]); len(diff) > 0 || len(made[0]) < 5 {
		t.Errorf("of %d packages these differ: %v", len(made[0]), diff)
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
