// Bench measures the sopan command, with Hugo beside it, and prints one Markdown table.
//
//	go run ./scripts/bench -lessons 2000,10000
//
// In goes a seed. From it the same lessons and quizzes are written for both programs (corpus.go, sites.go, hugo/), and both
// build them in turns as processes of their own: from nothing, with nothing changed, after an edit; their previews hear of a
// saved file. Out comes a row for each of these with what is aimed at. Bench decides nothing: a clock's numbers are for people,
// and an aim that does not hold is no failure of the program.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// wish is what the command line asks for.
type wish struct {
	lessons, only, sopan, hugo, corpus string
	rounds, seed                       int
}

func main() {
	var w wish
	flag.StringVar(&w.lessons, "lessons", "2000", "sizes to measure beside Hugo, as many quizzes each; growth goes to four times the largest")
	flag.IntVar(&w.rounds, "rounds", 3, "how often each build is timed; medians count")
	flag.StringVar(&w.hugo, "hugo", "auto", "a Hugo program; auto takes $SOPAN_BENCH_HUGO or installs "+hugoModule+"; none leaves it out")
	flag.StringVar(&w.only, "only", "", "measure only these, of "+strings.Join(measurements(), ","))
	flag.IntVar(&w.seed, "seed", 1, "what the lessons are made from")
	flag.StringVar(&w.sopan, "sopan", "", "a sopan program; built from this repository when empty")
	flag.StringVar(&w.corpus, "corpus", "", "only write the sites, into this folder")
	flag.Parse()
	// An interrupted run deletes its folder, which is large.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, w)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, w wish) error {
	sizes, err := numbers(w.lessons)
	if err != nil {
		return err
	}
	b := &bench{rounds: max(w.rounds, 1), seed: w.seed, out: os.Stdout}
	if w.corpus != "" {
		b.work = w.corpus
		for _, n := range sizes {
			for _, code := range []bool{true, false} {
				p := b.pair(n, code)
				if err := p.written(p.ours, p.theirs); err != nil {
					return err
				}
			}
		}
		return nil
	}
	if b.only, err = chosen(w.only); err != nil {
		return err
	}
	const ram = "/dev/shm"
	if b.work, err = os.MkdirTemp(folderFor(4*slices.Max(sizes), os.Getenv("TMPDIR"), ram, diskOf(ram)), "sopan-bench-"); err != nil {
		return err
	}
	defer os.RemoveAll(b.work)
	if b.sopan = w.sopan; b.sopan == "" {
		b.sopan = filepath.Join(b.work, "sopan")
		if err := release(ctx, b.work, b.sopan); err != nil {
			return err
		}
	}
	if b.hugo, err = findHugo(ctx, w.hugo); err != nil {
		return err
	}
	return b.all(ctx, sizes)
}

// release builds the program as `make release` does: static, and ready soon after its start.
func release(ctx context.Context, work, to string) error {
	workspace := filepath.Join(work, "release")
	if _, err := timed(ctx, nil, "go", "run", "./scripts/lexers", workspace); err != nil {
		return err
	}
	env := []string{"CGO_ENABLED=0", "GOWORK=" + filepath.Join(workspace, "go.work")}
	_, err := timed(ctx, env, "go", "build", "-trimpath", "-buildvcs=false", "-o", to, "./cmd/sopan")
	return err
}

func numbers(s string) ([]int, error) {
	var all []int
	for part := range strings.SplitSeq(s, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(part))
		if err != nil || n < 1 {
			return nil, fmt.Errorf("-lessons %s: %q is no number of lessons", s, part)
		}
		all = append(all, n)
	}
	slices.Sort(all)
	return slices.Compact(all), nil
}

// measurements are the names that -only takes.
func measurements() []string {
	return []string{"start", "cold", "plain", "young", "same", "text", "title", "serve", "growth"}
}

// chosen reads -only; nothing means everything.
func chosen(only string) (func(string) bool, error) {
	if only == "" {
		return func(string) bool { return true }, nil
	}
	names := strings.Split(only, ",")
	for _, name := range names {
		if !slices.Contains(measurements(), name) {
			return nil, fmt.Errorf("-only %s: there is no %q, only %s", only, name, strings.Join(measurements(), ", "))
		}
	}
	return func(name string) bool { return slices.Contains(names, name) }, nil
}

func machine() string {
	return fmt.Sprintf("%s/%s, %d cores, %s", runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), runtime.Version())
}
