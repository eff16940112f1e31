// Bench measures the sopan command on a generated site and prints Markdown tables.
//
//	go run ./scripts/bench -lessons 2000
//
// It measures a cold build (into a folder that is not there), a build of the same sources once more, one after an edit of one
// lesson, the preview's way from a saved lesson to a reloaded page, how all this grows from N to 2N lessons, and what pages
// weigh. With SOPAN_BENCH_HUGO (a Hugo program) and SOPAN_BENCH_HUGO_SITE (a site for it, of as many pages) it times that
// beside, in turns, on the same machine. It decides nothing: numbers of a clock are for people and for benchstat.
package main

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

func main() {
	lessons := flag.Int("lessons", 2000, "lessons of the generated site; as many quizzes")
	rounds := flag.Int("rounds", 3, "how often each build is timed; the quickest counts, beside Hugo the median")
	double := flag.Bool("double", true, "measure 2N lessons too")
	bin := flag.String("sopan", "", "a sopan program; built from this repository when empty")
	only := flag.String("corpus", "", "only write the site into this folder")
	flag.Parse()
	var err error
	if *only != "" {
		err = corpus(*only, *lessons)
	} else {
		err = bench(*bin, *lessons, *rounds, *double)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func bench(bin string, lessons, rounds int, double bool) error {
	work, err := os.MkdirTemp("", "sopan-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	// What builds remember stays in here, and out of the person's own cache.
	if err := os.Setenv("SOPAN_CACHE", filepath.Join(work, "cache")); err != nil {
		return err
	}
	if bin == "" {
		bin = filepath.Join(work, "sopan")
		if _, err := timed(".", "go", "build", "-trimpath", "-buildvcs=false", "-o", bin, "./cmd/sopan"); err != nil {
			return err
		}
	}
	fmt.Printf("%s/%s, %d cores, %s\n\n", runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), runtime.Version())
	fmt.Println("| lessons | what | wall s | CPU s | peak MiB | files | output MB |")
	fmt.Println("|--:|---|--:|--:|--:|--:|--:|")
	sizes := []int{lessons}
	if double {
		sizes = append(sizes, 2*lessons)
	}
	var colds []cost
	var waits []latency
	for _, n := range sizes {
		site := filepath.Join(work, fmt.Sprint("site-", n))
		if err := corpus(site, n); err != nil {
			return err
		}
		cold, err := builds(bin, site, n, rounds)
		if err != nil {
			return err
		}
		colds = append(colds, cold)
		wait, err := previewed(bin, site, lessonPath(site, n/2), lessonAddress(n/2), 20)
		if err != nil {
			return err
		}
		waits = append(waits, wait)
	}
	fmt.Println("\n| lessons | preview ready s | save to reload event ms, median | 95th percentile | save to new page ms | peak MiB |\n|--:|--:|--:|--:|--:|--:|")
	for i, n := range sizes {
		w := waits[i]
		fmt.Printf("| %d | %.2f | %d | %d | %d | %s |\n", n, w.ready.Seconds(), w.message.Milliseconds(), w.late.Milliseconds(), w.fresh.Milliseconds(), mib(w.peak))
	}
	if double {
		fmt.Printf("\nFrom %d to %d lessons a cold build takes %.2f times the time and %.2f times the memory.\n", sizes[0], sizes[1],
			colds[1].wall.Seconds()/colds[0].wall.Seconds(), float64(colds[1].peak)/float64(max(colds[0].peak, 1)))
	}
	return weights(filepath.Join(work, fmt.Sprint("site-", lessons)+"-out"))
}

// builds times the three builds of a site and gives the cold one. The output of the last stays, beside the site.
func builds(bin, site string, n, rounds int) (cost, error) {
	out := site + "-out"
	build := func() (cost, error) { return timed(site, bin, "build", site, "--out", out) }
	hugo, hugoSite := os.Getenv("SOPAN_BENCH_HUGO"), os.Getenv("SOPAN_BENCH_HUGO_SITE")
	hugoOut := site + "-hugo"
	// ratio says how many times longer Hugo takes for its own site: its builds
	// stand between ours, because a shared machine is slower at one time than at
	// another.
	ratio := func(what string, do func() (cost, error)) error {
		var ours, theirs []time.Duration
		for range rounds {
			c, err := do()
			if err != nil {
				return err
			}
			ours = append(ours, c.wall)
			if hugo == "" || hugoSite == "" {
				continue
			}
			h, err := timed(hugoSite, hugo, "--quiet", "--destination", hugoOut)
			if err != nil {
				return err
			}
			theirs = append(theirs, h.wall)
		}
		if len(theirs) > 0 {
			fmt.Printf("| %d | Hugo beside “%s”, medians: %.2f s and %.2f s, %.0f times | | | | | |\n", n, what,
				median(theirs).Seconds(), median(ours).Seconds(), median(theirs).Seconds()/median(ours).Seconds())
		}
		return nil
	}
	var beside []cost
	cold, err := best(rounds, func() (cost, error) {
		for _, dir := range []string{out, os.Getenv("SOPAN_CACHE")} {
			if err := os.RemoveAll(dir); err != nil {
				return cost{}, err
			}
		}
		c, err := build()
		if err == nil && hugo != "" && hugoSite != "" {
			// In turns: a shared machine is slower at one time than at another.
			if err := os.RemoveAll(hugoOut); err != nil {
				return c, err
			}
			h, err := timed(hugoSite, hugo, "--quiet", "--destination", hugoOut)
			if err != nil {
				return c, err
			}
			beside = append(beside, h)
		}
		return c, err
	})
	if err != nil {
		return cost{}, err
	}
	made, err := tree(out)
	if err != nil {
		return cost{}, err
	}
	row(n, "cold", cold, made)
	if len(beside) > 0 {
		h, _ := best(len(beside), func() (cost, error) { h := beside[0]; beside = beside[1:]; return h, nil })
		m, err := tree(hugoOut)
		if err != nil {
			return cost{}, err
		}
		row(n, "Hugo, its own site, cold", h, m)
		if err := os.RemoveAll(hugoOut); err != nil {
			return cost{}, err
		}
	}
	again, err := best(rounds, build)
	if err != nil {
		return cost{}, err
	}
	row(n, "nothing changed", again, made)
	edits := 0
	edit := func() (cost, error) {
		edits++
		lesson, err := os.OpenFile(lessonPath(site, n/2), os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			return cost{}, err
		}
		_, err = fmt.Fprintf(lesson, "\nOne more sentence, number %d.\n", edits)
		if err := cmp.Or(err, lesson.Close()); err != nil {
			return cost{}, err
		}
		return build()
	}
	edited, err := best(rounds, edit)
	if err != nil {
		return cost{}, err
	}
	row(n, "one lesson edited", edited, made)
	retitle := func() (cost, error) {
		edits++
		b, err := os.ReadFile(lessonPath(site, n/2))
		if err != nil {
			return cost{}, err
		}
		at, rest, _ := strings.Cut(string(b), "\n")
		_, rest, _ = strings.Cut(rest, "\n") // the title stands in the second line
		if err := os.WriteFile(lessonPath(site, n/2), []byte(fmt.Sprintf("%s\ntitle: Title %d\n%s", at, edits, rest)), 0o644); err != nil {
			return cost{}, err
		}
		return build()
	}
	titled, err := best(rounds, retitle)
	if err != nil {
		return cost{}, err
	}
	row(n, "one lesson's title changed", titled, made)
	if err := cmp.Or(ratio("nothing changed", build), ratio("one lesson edited", edit)); err != nil {
		return cost{}, err
	}
	if err := os.RemoveAll(hugoOut); err != nil {
		return cost{}, err
	}
	return cold, nil
}

func row(n int, what string, c cost, m measured) {
	fmt.Printf("| %d | %s | %.2f | %.2f | %s | %d | %.1f |\n", n, what, c.wall.Seconds(), c.cpu.Seconds(), mib(c.peak), m.files, float64(m.bytes)/1e6)
}

func mib(bytes int64) string {
	if bytes == 0 {
		return "?"
	}
	return fmt.Sprint(bytes >> 20)
}

// weights prints what a lesson and a quiz of the site make a browser fetch.
func weights(out string) error {
	fmt.Println("\n| page | HTML | CSS | script | together, gzip |\n|---|--:|--:|--:|--:|")
	sum := func(pattern ...string) (int, error) {
		total := 0
		for _, p := range pattern {
			found, err := filepath.Glob(filepath.Join(out, filepath.FromSlash(p)))
			if err != nil || len(found) == 0 {
				return 0, fmt.Errorf("no file fits %s: %v", p, err)
			}
			_, small, err := packed(found[0])
			if err != nil {
				return 0, err
			}
			total += small
		}
		return total, nil
	}
	for _, page := range []struct {
		name, file string
		scripts    []string
	}{
		{"lesson", lessonAddress(1), []string{"assets/base.*.js"}},
		{"quiz", "course-1/module-1/check-2.html", []string{"assets/base.*.js", "assets/quiz.*.js"}},
	} {
		html, err := sum(page.file)
		if err != nil {
			return err
		}
		css, err := sum("assets/*.css")
		if err != nil {
			return err
		}
		script, err := sum(page.scripts...)
		if err != nil {
			return err
		}
		fmt.Printf("| %s | %d | %d | %d | %d |\n", page.name, html, css, script, html+css+script)
	}
	return nil
}
