package acceptance

import (
	"archive/zip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sopan.dev/sopan/internal/browser"
)

// unpacked is the sample course as a package, unpacked as a learning platform would.
func unpacked(t *testing.T, format string) *Site {
	t.Helper()
	sampleSite(t) // whose sources are packed
	file := filepath.Join(t.TempDir(), "course.zip")
	sopan(t, "package", "mission-karmayogi", "--as", format, "--site", sources(), "--out", file)
	sopan(t, "verify", file)
	z, err := zip.OpenReader(file)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	dir := filepath.Join(t.TempDir(), "course")
	if err := os.CopyFS(dir, z); err != nil {
		t.Fatal(err)
	}
	s, err := readSite(dir)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestFault75APackageOfPagesWorksFromADisk walks it as the site is walked: every page is met, and nobody else is asked for
// anything.
func TestFault75APackageOfPagesWorksFromADisk(t *testing.T) {
	s := unpacked(t, "web")
	walk(t, s, strings.TrimSuffix(browser.FileURL(s.file("index.html")), "index.html"))
}
