package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// hugoModule is the Hugo that stands beside ours: the newest that builds with the Go that builds ours.
const hugoModule = "github.com/gohugoio/hugo@v0.165.0"

// findHugo gives the Hugo program to measure, or nothing. Without a named one it installs the one of hugoModule into a folder
// of its own, once; a machine that cannot have it is told so in one line and measures without.
func findHugo(ctx context.Context, choice string) (string, error) {
	if choice == "none" {
		return "", nil
	}
	if choice == "auto" {
		if choice = os.Getenv("SOPAN_BENCH_HUGO"); choice == "" {
			program, err := ownHugo(ctx)
			if err != nil && ctx.Err() != nil {
				return "", ctx.Err()
			}
			if err != nil {
				said, _, _ := strings.Cut(err.Error(), "\n")
				fmt.Fprintln(os.Stderr, "bench: Hugo cannot be had here, so that its columns are left out:", said)
				return "", nil
			}
			return program, nil
		}
	}
	program, err := exec.LookPath(choice)
	if err != nil {
		return "", fmt.Errorf("no Hugo to measure: %w", err)
	}
	return filepath.Abs(program)
}

func ownHugo(ctx context.Context) (string, error) {
	caches, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	_, version, _ := strings.Cut(hugoModule, "@")
	folder := filepath.Join(caches, "sopan-bench", "hugo-"+version)
	if program, err := exec.LookPath(filepath.Join(folder, "hugo")); err == nil {
		return program, nil
	}
	fmt.Fprintf(os.Stderr, "bench: installing %s into %s; this takes some minutes, once\n", hugoModule, folder)
	// Without cgo: what needs it is not asked for here, and a machine may have no compiler of C.
	_, err = timed(ctx, []string{"GOBIN=" + folder, "CGO_ENABLED=0", "GOFLAGS="}, "go", "install", hugoModule)
	if err != nil {
		// The cause stands in the last line of what go says.
		lines := strings.Split(strings.TrimSpace(err.Error()), "\n")
		return "", errors.New(lines[len(lines)-1])
	}
	return exec.LookPath(filepath.Join(folder, "hugo"))
}

func hugoVersion(program string) string {
	said, err := exec.Command(program, "version").Output()
	if err != nil {
		return "Hugo of an unknown version"
	}
	words := strings.Fields(string(said))
	return strings.Join(words[:min(2, len(words))], " ")
}
