package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"sopan.dev/sopan/internal/diag"
)

// brokenSite makes a site with one mistake.
func brokenSite(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"sopan.yaml": "title: A site\n", "content/c/10-x.md": "---\ntitle: X\n---\n[gone](gone.md)\n"} {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestThePreviewShowsNotesOnlyWhenAskedForMore: docs/diagnostics.md says so, and each save would print them again.
func TestThePreviewShowsNotesOnlyWhenAskedForMore(t *testing.T) {
	site, err := openSite(brokenSite(t)) // its course has no index.md: a note
	if err != nil {
		t.Fatal(err)
	}
	defer site.close()
	for _, verbose := range []bool{false, true} {
		c := serveCmd{NoCache: true}
		_, diags, err := c.build(&terminal{verbose: verbose}, site, filepath.Join(site.path, "public"))(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if errs, notes := diags.Count(diag.Error), diags.Count(diag.Note); errs != 1 || (notes > 0) != verbose {
			t.Errorf("verbose %v: %d errors and %d notes: %v", verbose, errs, notes, diags)
		}
	}
}

// TestThePreviewIsAskedForWhatTheCommandLineSays: beyond this machine with a token that nobody guesses (fault 37), looking at
// the interval that is wanted (fault 30), and quiet without hiding what is wrong.
func TestThePreviewIsAskedForWhatTheCommandLineSays(t *testing.T) {
	site, err := openSite(brokenSite(t))
	if err != nil {
		t.Fatal(err)
	}
	defer site.close()
	var said bytes.Buffer
	c := serveCmd{NoCache: true, Poll: time.Second, Addr: "127.0.0.1:1"}
	o := c.options(&terminal{err: &said, quiet: true}, site)
	if o.Poll != time.Second || o.LAN || o.Token != "" || o.Addr != c.Addr || !o.Quiet || o.Log != &said || o.Dir != site.path || o.Output != filepath.Join(site.path, "public") {
		t.Errorf("the preview gets %+v", o)
	}
	c.LAN = true
	first, second := c.options(&terminal{err: &said}, site), c.options(&terminal{err: &said}, site)
	if !first.LAN || first.Quiet || len(first.Token) < 16 || first.Token == second.Token {
		t.Errorf("the preview of a network gets %+v, then %+v", first, second)
	}
}

// TestColourFollowsTheStreamThatIsWrittenTo: a check into a file stays plain
// though the errors' stream is a terminal. /dev/null is a device, as one is.
func TestColourFollowsTheStreamThatIsWrittenTo(t *testing.T) {
	device, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer device.Close()
	file, err := os.Create(filepath.Join(t.TempDir(), "out.txt"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	t.Setenv("NO_COLOR", "")
	t.Setenv("TERM", "xterm")
	if color, tty := terminalOf(device); !color || !tty {
		t.Errorf("a terminal: colour %v, terminal %v", color, tty)
	}
	if color, tty := terminalOf(file); color || tty {
		t.Errorf("a file: colour %v, terminal %v", color, tty)
	}
	if color, _ := terminalOf(new(bytes.Buffer)); color {
		t.Error("a pipe is coloured")
	}
	if code := run(context.Background(), []string{"check", brokenSite(t)}, file, device); code != exitContent {
		t.Errorf("exit code %d", code)
	}
	b, err := os.ReadFile(file.Name())
	if err != nil || !bytes.Contains(b, []byte("[link/no-file]")) || bytes.Contains(b, []byte("\x1b")) {
		t.Errorf("the file holds %q, %v", b, err)
	}
	for _, env := range [][2]string{{"NO_COLOR", "1"}, {"TERM", "dumb"}} {
		t.Setenv(env[0], env[1])
		if color, tty := terminalOf(device); color || !tty {
			t.Errorf("%s=%s: colour %v, terminal %v", env[0], env[1], color, tty)
		}
		t.Setenv("NO_COLOR", "")
		t.Setenv("TERM", "xterm")
	}
}

func TestAStoppedBuildChangesNothing(t *testing.T) {
	dir := brokenSite(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var stdout, stderr bytes.Buffer
	if code := run(ctx, []string{"build", dir}, &stdout, &stderr); code != exitMachine {
		t.Errorf("exit code %d", code)
	}
	if got := stderr.String(); got != "sopan: stopped; nothing was changed.\n" || stdout.Len() > 0 {
		t.Errorf("it says %q %q", got, stdout.String())
	}
	if _, err := os.Stat(filepath.Join(dir, "public")); err == nil {
		t.Error("something was written")
	}
}

func TestARunIsSummedUpInWords(t *testing.T) {
	at := func(file string, s diag.Severity) diag.Diagnostic {
		return diag.Diagnostic{Start: diag.Pos{File: file}, Severity: s}
	}
	for _, c := range []struct {
		list diag.List
		want string
	}{
		{nil, "no errors"},
		{diag.List{at("a", diag.Note)}, "no errors"},
		{diag.List{at("a", diag.Error), at("b", diag.Note)}, "1 error in 1 file"},
		{diag.List{at("a", diag.Error), at("a", diag.Error), at("b", diag.Warning)}, "2 errors, 1 warning in 2 files"},
		{diag.List{at("a", diag.Warning), at("b", diag.Warning)}, "2 warnings in 2 files"},
	} {
		if got := tally(c.list); got != c.want {
			t.Errorf("%v: %q, want %q", c.list, got, c.want)
		}
	}
	for n, want := range map[int64]string{0: "0.0 KB", 1536: "1.5 KB", 3 << 20: "3.0 MB"} {
		if got := megabytes(n); got != want {
			t.Errorf("%d bytes: %q, want %q", n, got, want)
		}
	}
	for in, want := range map[string]string{"it failed": "it failed.", "it failed.": "it failed.", "did it?": "did it?", "": "", "one\ntwo": "one\ntwo"} {
		if got := sentence(in); got != want {
			t.Errorf("sentence(%q) = %q, want %q", in, got, want)
		}
	}
}

// TestNoFolderAmongTheSourcesIsWrittenTo: names that only look like one pass.
func TestNoFolderAmongTheSourcesIsWrittenTo(t *testing.T) {
	root := t.TempDir()
	s := &siteDir{path: root}
	for p, want := range map[string]string{
		"content": "content", "content/x": "content", "static/a/b": "static", "themes": "themes",
		"public": "", "content-2": "", "contents/x": "", "sub/content": "", "..content": "", "..": "",
	} {
		if got := s.among(filepath.Join(root, filepath.FromSlash(p))); got != want {
			t.Errorf("%s stands among %q, want %q", p, got, want)
		}
	}
	skip := s.skip(filepath.Join(root, "out", "site"))
	for p, want := range map[string]bool{"out/site": true, "out/site/a.md": true, "out": false, "out/site-2": false, "content/out/site": false} {
		if got := skip(p); got != want {
			t.Errorf("%s is left out: %v, want %v", p, got, want)
		}
	}
	for _, out := range []string{root, filepath.Dir(root), filepath.Join(filepath.Dir(root), "other")} {
		if s.skip(out) != nil {
			t.Errorf("output in %s takes something out of the site", strings.TrimPrefix(out, root))
		}
	}
}

// TestASiteWithSealedQuizzesHasNothingToDoTheSecondTime: its keys are looked at
// in place of being made again.
func TestASiteWithSealedQuizzesHasNothingToDoTheSecondTime(t *testing.T) {
	t.Setenv(cacheFolder, t.TempDir())
	dir := t.TempDir()
	for name, text := range map[string]string{
		"sopan.yaml": "title: A site\n", "content/c/10-x.md": "---\ntitle: X\n---\nWords.\n",
		"content/c/20-q.quiz.yaml": "title: Q\nsealed: true\npass: 50%\nquestions:\n- {id: a, ask: One?, right: true}\n",
	} {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var first, out, complaints bytes.Buffer
	if code := run(t.Context(), []string{"build", dir}, &first, &complaints); code != exitDone {
		t.Fatal(code, complaints.String())
	}
	site, err := openSite(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer site.close()
	kept := site.cache(true)
	last := <-readLast(kept)
	last.Summary = "said from memory\n"
	last.put(kept)
	if code := run(t.Context(), []string{"build", dir}, &out, &complaints); code != exitDone {
		t.Fatal(code, complaints.String())
	}
	sealed := "the key of each sealed quiz (1) is in "
	if runtime.GOOS == "linux" && !strings.Contains(out.String(), "said from memory") || !strings.Contains(out.String(), sealed) || !strings.Contains(first.String(), sealed) {
		t.Errorf("the first build says %q, the second %q", first.String(), out.String())
	}
	if err := os.RemoveAll(filepath.Join(dir, "public.keys")); err != nil {
		t.Fatal(err)
	}
	out.Reset()
	if code := run(t.Context(), []string{"build", dir}, &out, &complaints); code != exitDone || strings.Contains(out.String(), "said from memory") {
		t.Errorf("without its key the site is built with %d: %q", code, out.String())
	}
}
