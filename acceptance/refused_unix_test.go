//go:build unix

package acceptance

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// refusal is what the command did with a site that it must not build.
type refusal struct {
	code   int
	said   string
	cpu    time.Duration // of all cores: the clock on the wall says more of the machine than of the program
	memory int64         // at most, in bytes
}

// refuses runs the command over a site, and looks that it ends with an error in the content and writes nothing.
func refuses(t *testing.T, source string) refusal {
	t.Helper()
	bin, err := command()
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(t.Context(), patience)
	defer stop()
	out := filepath.Join(t.TempDir(), "out")
	cmd := exec.CommandContext(ctx, bin, "build", source, "--no-cache", "--out", out)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended, most := make(chan struct{}), make(chan int64)
	go func() { most <- mostMemory(cmd.Process.Pid, ended) }()
	err = cmd.Wait()
	close(ended)
	memory := <-most
	var exit *exec.ExitError
	if ctx.Err() != nil || err != nil && !errors.As(err, &exit) {
		t.Fatalf("%v %v\n%.2000s", err, ctx.Err(), &said)
	}
	if _, err := os.Stat(out); !os.IsNotExist(err) {
		t.Errorf("an output was written: %v", err)
	}
	return refusal{cmd.ProcessState.ExitCode(), said.String(), cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), memory}
}

// mostMemory looks at a process until it has ended, and gives the most memory that it had in bytes; 0 on systems without
// /proc. What wait4 says is of no use: a process begins with the memory of the one that started it.
func mostMemory(pid int, ended <-chan struct{}) int64 {
	look := time.NewTicker(time.Millisecond)
	defer look.Stop()
	most := int64(0)
	for {
		select {
		case <-ended:
			return most
		case <-look.C:
		}
		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
		if err != nil {
			continue
		}
		var kilobytes int64
		if _, after, found := strings.Cut(string(status), "VmHWM:"); found {
			fmt.Sscan(after, &kilobytes)
		}
		most = max(most, kilobytes<<10)
	}
}

// TestFault06BombsAreRefusedSoonAndInLittleMemory: an error at a place in the file, in little more than what a build takes
// that has nothing to do. The fault's own numbers are one second and 512 MB.
func TestFault06BombsAreRefusedSoonAndInLittleMemory(t *testing.T) {
	bomb := "a0: &a0 [x,x,x,x,x,x,x,x,x]\n"
	for i := range 30 {
		bomb += fmt.Sprintf("a%d: &a%d [%s]\n", i+1, i+1, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d,", i), 9), ","))
	}
	deep := "title: " + strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000) + "\n"
	var blocks strings.Builder
	for i := range 5_000 {
		blocks.WriteString(strings.Repeat(" ", i%2_000) + "a:\n")
	}
	large := "title: A\nquestions:\n" + strings.Repeat("- ask: A?\n  right: true\n", 50<<20/24)
	wrap := map[string]func(string) string{
		"content/c/m/a.quiz.yaml":   func(s string) string { return s },
		"content/c/m/a.md":          func(s string) string { return "---\n" + s + "---\n\nWords.\n" },
		"content/c/m/a.case.md":     func(s string) string { return "---\n" + s + "---\n\n## A {#a}\n\nWords.\n" },
		"content/glossary.yaml":     func(s string) string { return s },
		"content/competencies.yaml": func(s string) string { return s },
		"sopan.yaml":                func(s string) string { return s },
	}
	for name, text := range map[string]string{"an alias bomb": bomb, "10,000 deep": deep, "5,000 blocks deep": blocks.String(), "50 MB": large} {
		for file, as := range wrap {
			source := t.TempDir()
			writeFiles(t, source, map[string]string{"sopan.yaml": "title: A\n", "content/c/index.md": "---\ntitle: C\n---\n\nWords.\n", "content/c/m/b.md": "---\ntitle: B\n---\n\nWords.\n", file: as(text)})
			r := refuses(t, source)
			if r.code != 1 || !regexp.MustCompile(regexp.QuoteMeta(file)+`:(\d+:\d+:)? error: `).MatchString(r.said) {
				t.Errorf("%s in %s: code %d\n%.500s", name, file, r.code, r.said)
			}
			if r.cpu > 3*time.Second || r.memory > 512<<20 || r.memory == 0 && runtime.GOOS == "linux" {
				t.Errorf("%s in %s took %v and %d MB, want little of both", name, file, r.cpu, r.memory>>20)
			}
		}
	}
}

// TestFault22WhatIsNoFileIsAnErrorAndNotAWait: pipes, devices, links that lead out or round, and a file that may not be read.
func TestFault22WhatIsNoFileIsAnErrorAndNotAWait(t *testing.T) {
	for name, make := range map[string]func(path string) error{
		"a pipe":            func(p string) error { return syscall.Mkfifo(p, 0o644) },
		"a device":          func(p string) error { return os.Symlink("/dev/zero", p) },
		"a link out":        func(p string) error { return os.Symlink("/etc/hostname", p) },
		"a link to itself":  func(p string) error { return os.Symlink(filepath.Base(p), p) },
		"a link to its own": func(p string) error { return os.Symlink("..", p) },
		"a folder": func(p string) error {
			return errors.Join(os.Mkdir(p, 0o755), os.Symlink("../..", filepath.Join(p, "round.md")))
		},
	} {
		for _, file := range []string{"content/c/m/a.md", "content/c/m/a.quiz.yaml", "content/c/m/a.svg", "static/a.md"} {
			source := t.TempDir()
			writeFiles(t, source, map[string]string{"sopan.yaml": "title: A\n", "static/robots.txt": "", "content/c/m/b.md": "---\ntitle: B\n---\n\nWords.\n"})
			if err := make(filepath.Join(source, file)); err != nil {
				t.Fatal(err)
			}
			r := refuses(t, source)
			if r.code != 1 || !strings.Contains(r.said, file) || !strings.Contains(r.said, "error: ") {
				t.Errorf("%s as %s: code %d\n%.500s", name, file, r.code, r.said)
			}
			if r.cpu > 5*time.Second { // one that waits for what never comes is ended when patience is
				t.Errorf("%s as %s took %v", name, file, r.cpu)
			}
		}
	}
	if os.Getuid() == 0 { // to whom every file is readable: the builder's own test of this number stands for it
		return
	}
	source := t.TempDir()
	writeFiles(t, source, map[string]string{"sopan.yaml": "title: A\n", "content/c/m/b.md": "---\ntitle: B\n---\n\nWords.\n"})
	if err := os.Chmod(filepath.Join(source, "content/c/m/b.md"), 0); err != nil {
		t.Fatal(err)
	}
	if r := refuses(t, source); r.code != 1 || !strings.Contains(r.said, "content/c/m/b.md: error: The file cannot be read.") {
		t.Errorf("a file without the right to read it: code %d\n%.500s", r.code, r.said)
	}
}
