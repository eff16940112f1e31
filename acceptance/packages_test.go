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

// TestFault75ThePackagesOfPlatformsAskNobodyElse: where no platform is, the shell leads into the course, and neither it nor any
// page asks anybody but its own site for anything.
func TestFault75ThePackagesOfPlatformsAskNobodyElse(t *testing.T) {
	for _, format := range []string{"scorm12", "cmi5"} {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			s := unpacked(t, format)
			walk(t, s, served(t, s))
		})
	}
}

// TestThePagesThatPackagesBeginWithAreValidAndAccessible: the choice of a language, and the shell around a course. Opened
// where there is no learning platform, the shell shows the course all the same, and the course says that nobody is told.
func TestThePagesThatPackagesBeginWithAreValidAndAccessible(t *testing.T) {
	leaveOutWhenShort(t, "Java")
	script := axe(t)
	for _, format := range []string{"web", "scorm12"} {
		t.Run(format, func(t *testing.T) {
			s := unpacked(t, format)
			validHTML(t, s, "index.html")
			p := browser.Open(t)
			p.SetViewport(360, 640, true)
			p.Goto(served(t, s) + "index.html")
			if format != "web" {
				p.WaitFor(`document.querySelector("iframe")?.contentDocument?.querySelector(".no-platform:not([hidden])")`, patience)
				p.WaitFor(`document.querySelector("iframe").getBoundingClientRect().height > 400`, patience)
				p.WaitFor(`document.querySelector("[role=status]").textContent.length > 20 && document.querySelector("[role=status]").getBoundingClientRect().bottom <= document.querySelector("iframe").getBoundingClientRect().top + 1`, patience)
			}
			axeFinds(t, p, script, everyRule, format, &tally{})
			for _, v := range p.CSPViolations() {
				t.Errorf("it breaks its own policy: %s", v)
			}
			for _, e := range p.ConsoleErrors() {
				t.Errorf("console: %s", e)
			}
		})
	}
}
