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

func main() {
	lessons := flag.String("lessons", "2000", "sizes to measure beside Hugo, as many quizzes each; growth goes to four times the largest")
	rounds := flag.Int("rounds", 3, "how often each build is timed; medians count")
	hugo := flag.String("hugo", "auto", "a Hugo program; auto takes $SOPAN_BENCH_HUGO or installs "+hugoModule+"; none leaves it out")
	only := flag.String("only", "", "measure only these, of "+strings.Join(measurements(), ","))
	seed := flag.Int("seed", 1, "what the lessons are made from")
	sopan := flag.String("sopan", "", "a sopan program; built from this repository when empty")
	write := flag.String("corpus", "", "only write the sites, into this folder")
	flag.Parse()
	// An interrupted run deletes its folder, which is large.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, *lessons, *only, *sopan, *hugo, *write, *rounds, *seed)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, lessons, only, sopan, hugo, writeTo string, rounds, seed int) error {
	sizes, err := numbers(lessons)
	if err != nil {
		return err
	}
	b := &bench{rounds: max(rounds, 1), seed: seed, out: os.Stdout}
	if writeTo != "" {
		b.work = writeTo
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
	if b.only, err = chosen(only); err != nil {
		return err
	}
	if b.work, err = os.MkdirTemp("", "sopan-bench-"); err != nil {
		return err
	}
	defer os.RemoveAll(b.work)
	if b.sopan = sopan; sopan == "" {
		b.sopan = filepath.Join(b.work, "sopan")
		if _, err := timed(ctx, nil, "go", "build", "-trimpath", "-buildvcs=false", "-o", b.sopan, "./cmd/sopan"); err != nil {
			return err
		}
	}
	if b.hugo, err = findHugo(ctx, hugo); err != nil {
		return err
	}
	return b.all(ctx, sizes)
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
