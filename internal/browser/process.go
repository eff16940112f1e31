// Package browser drives one headless Chromium for a process: for its tests, and for simulated learners.
//
// In goes an owner, mostly a test; out comes a Page: a tab in a browser context of its own, so that two owners share no
// storage, no cookies and no emulation. The Chromium itself is started once, by the first owner that asks, and dies with
// the process.
//
// A test that needs a browser and finds none fails and says how to get one. It is never skipped quietly: a skipped test
// looks like a passed one. `go test -short` asks for the tests that need no browser, and only then are these left out.
//
// The package never downloads a browser, and never reaches a host on its own. Tests import it, and `simulate`, whose
// learners are driven as tests drive a page; nothing else does.
package browser

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"

	"github.com/chromedp/chromedp"
)

// T is what a Page needs of its owner: *testing.T and *testing.B have it, and browse.go adapts a testscript. Fatalf does
// not return.
type T interface {
	Helper()
	Fatalf(format string, args ...any)
	Cleanup(func())
}

const howToGet = "no browser found: install Chromium (Debian: apt-get install chromium), " +
	"or name one in SOPAN_CHROMIUM; `make setup` does it"

// find names the browser's program: the one the environment names, one on the PATH, or one at a usual place.
func find(places []string) (string, error) {
	if named := os.Getenv("SOPAN_CHROMIUM"); named != "" {
		path, err := exec.LookPath(named)
		if err != nil {
			return "", fmt.Errorf("SOPAN_CHROMIUM names no program: %w", err)
		}
		return path, nil
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "msedge", "chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	for _, path := range places {
		if _, err := os.Stat(path); err == nil {
			return path, nil
		}
	}
	return "", errors.New(howToGet)
}

// usualPlaces are where Windows and macOS keep browsers, outside the PATH.
func usualPlaces() []string {
	return []string{
		`C:\Program Files\Google\Chrome\Application\chrome.exe`,
		`C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe`,
		"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
	}
}

// shared is the one Chromium of the process. It is a value computed once, on first use, and never ended by us: Chromium
// leaves when its debugging pipe closes, which the operating system does even when a test process is killed.
var shared = sync.OnceValues(start)

// Start starts the Chromium now, for who wants to hear in words that there is none, or that it does not start.
func Start() error {
	_, err := shared()
	return err
}

// End ends the Chromium that Start started, and removes what it kept. No page can be opened after it: it is for programs,
// which have a last moment; a test process has none (see sweepProfiles).
func End() {
	root, err := shared()
	if err != nil {
		return
	}
	ctx, cancel := context.WithTimeout(root, patience)
	defer cancel()
	_ = chromedp.Cancel(ctx) // it leaves in any case, when its pipe closes
	own, _ := filepath.Glob(filepath.Join(os.TempDir(), profilePrefix+strconv.Itoa(os.Getpid())+"-*"))
	for _, dir := range own {
		os.RemoveAll(dir)
	}
}

const profilePrefix = "sopan-chromium-"

func start() (context.Context, error) {
	path, err := find(usualPlaces())
	if err != nil {
		return nil, err
	}
	sweepProfiles()
	profile, err := os.MkdirTemp("", profilePrefix+strconv.Itoa(os.Getpid())+"-")
	if err != nil {
		return nil, fmt.Errorf("making a folder for the browser's profile: %w", err)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path),
		chromedp.UserDataDir(profile),
		chromedp.DisableGPU,
		// A headless browser on a closed network otherwise fills its log, and its first second, with refused look-ups.
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-domain-reliability", true),
		chromedp.Flag("no-pings", true),
		// A wide range of sizes and colours is judged from screenshots: subpixel text would differ from screen to screen.
		chromedp.Flag("disable-lcd-text", true),
	)
	// chromedp adds --no-sandbox by itself when, and only when, the user is root.
	allocator, _ := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, _ := chromedp.NewContext(allocator, chromedp.WithErrorf(func(string, ...any) {}))
	if err := chromedp.Do(ctx); err != nil {
		return nil, fmt.Errorf("starting %s: %w", path, err)
	}
	return ctx, nil
}

// sweepProfiles removes the profiles of test processes that are gone. A test process has no last moment in which it
// could remove its own: it may be killed.
func sweepProfiles() {
	old, _ := filepath.Glob(filepath.Join(os.TempDir(), profilePrefix+"*"))
	for _, dir := range old {
		pid, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(dir), profilePrefix), "-")
		n, err := strconv.Atoi(pid)
		if err != nil || alive(n) {
			continue
		}
		os.RemoveAll(dir)
	}
}

func alive(pid int) bool {
	process, err := os.FindProcess(pid)
	if err != nil {
		return false
	}
	defer process.Release()
	err = process.Signal(syscall.Signal(0))
	return err == nil || errors.Is(err, os.ErrPermission)
}

// leaveOutWhenShort honours `go test -short`, which asks for the tests that need no browser.
func leaveOutWhenShort(t T) {
	t.Helper()
	// Asked of the flag itself: who is no test links no testing package.
	short := flag.Lookup("test.short")
	if s, ok := t.(interface{ Skip(args ...any) }); ok && short != nil && short.Value.String() == "true" {
		s.Skip("-short: this test needs a browser")
	}
}
