package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// A bench is one run of everything.
type bench struct {
	work        string // a folder of its own
	sopan, hugo string // the programs; no Hugo when empty
	rounds      int
	seed        int
	only        func(string) bool
	out         io.Writer
	folders     int      // how many fresh folders there are
	spent       []string // those of them that nobody looks at any more
	edits       int      // how many edits there were
}

// settled is how long files must lie before their stamps are believed: longer than a clock of a file system ticks.
const settled = 3 * time.Second

func (b *bench) all(ctx context.Context, sizes []int) error {
	fmt.Fprint(b.out, machine())
	if b.hugo != "" {
		fmt.Fprint(b.out, ", ", hugoVersion(b.hugo))
	}
	fmt.Fprintf(b.out, "; medians of %d rounds in turns; seed %d; in %s; started %s\n\n", b.rounds, b.seed, filepath.Dir(b.work), time.Now().UTC().Format("2006-01-02 15:04 MST"))
	t := table{b.out, b.hugo != ""}
	t.head()
	if b.only("start") {
		r, err := b.start(ctx)
		if err != nil {
			return err
		}
		t.row(r)
	}
	// Growth comes before Hugo's builds, which leave a virtual machine's memory in another state for what follows.
	if b.only("growth") {
		if err := b.growth(ctx, sizes, t); err != nil {
			return err
		}
	}
	for _, n := range sizes {
		if err := b.size(ctx, n, t); err != nil {
			return err
		}
	}
	return nil
}

// A pair is one corpus as both programs have it, with what their last builds left.
type pair struct {
	corpus
	ours, theirs       site
	run                string // the folder of our last build from nothing, and in it
	out, cache         string // what it wrote; empty before the first
	hugoOut, hugoCache string
}

func (b *bench) pair(n int, code bool) *pair {
	dir := filepath.Join(b.work, fmt.Sprintf("site-%d-code", n))
	if !code {
		dir = filepath.Join(b.work, fmt.Sprintf("site-%d-plain", n))
	}
	return &pair{
		corpus: corpus{seed: b.seed, lessons: n, code: code},
		ours:   site{filepath.Join(dir, "sopan"), sopanForm()},
		theirs: site{filepath.Join(dir, "hugo"), hugoForm()},
	}
}

// written writes the corpus for each of the sites that is not there yet.
func (p *pair) written(sites ...site) error {
	for _, s := range sites {
		if _, err := os.Stat(s.dir); err == nil {
			continue
		}
		if err := p.write(s.dir, s.form); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) fresh() string {
	b.folders++
	return filepath.Join(b.work, fmt.Sprint("run-", b.folders))
}

// build is one run of ours, into what the last one left.
func (b *bench) build(ctx context.Context, p *pair) (cost, error) {
	return timed(ctx, []string{"SOPAN_CACHE=" + p.cache}, b.sopan, "build", p.ours.dir, "--quiet", "--out", p.out)
}

// hugoBuild is one run of Hugo, into what its last one left; nothing without a Hugo.
func (b *bench) hugoBuild(ctx context.Context, p *pair) ([]cost, error) {
	if b.hugo == "" {
		return nil, nil
	}
	if p.hugoOut == "" {
		p.hugoOut, p.hugoCache = b.fresh(), b.fresh()
	}
	c, err := timed(ctx, nil, b.hugo, "--quiet", "--source", p.theirs.dir, "--destination", p.hugoOut, "--cacheDir", p.hugoCache)
	return []cost{c}, err
}

// cold builds from nothing: no output, no cache.
func (b *bench) cold(ctx context.Context, p *pair) (cost, error) {
	if err := b.makeRoom(ctx, p, p.run); err != nil {
		return cost{}, err
	}
	p.run = b.fresh()
	p.out, p.cache = filepath.Join(p.run, "public"), filepath.Join(p.run, "cache")
	return b.build(ctx, p)
}

func (b *bench) hugoCold(ctx context.Context, p *pair) ([]cost, error) {
	if err := b.makeRoom(ctx, p, p.hugoOut, p.hugoCache); err != nil {
		return nil, err
	}
	p.hugoOut = ""
	// What Hugo keeps in the site itself.
	if err := os.RemoveAll(filepath.Join(p.theirs.dir, "resources")); err != nil {
		return nil, err
	}
	return b.hugoBuild(ctx, p)
}

// primed makes sure that there was a build.
func (b *bench) primed(ctx context.Context, p *pair) error {
	if p.out != "" {
		return nil
	}
	if _, err := b.cold(ctx, p); err != nil {
		return err
	}
	_, err := b.hugoCold(ctx, p)
	return err
}

// size measures all that is compared at one number of lessons.
func (b *bench) size(ctx context.Context, n int, t table) error {
	p := b.pair(n, true)
	if err := p.written(p.ours, p.theirs); err != nil {
		return err
	}
	if b.only("cold") || b.only("young") {
		if err := b.colds(ctx, p, t); err != nil {
			return err
		}
	}
	if b.only("plain") {
		bare := b.pair(n, false)
		if err := bare.written(bare.ours, bare.theirs); err != nil {
			return err
		}
		r, err := b.inTurns(bare, b.rounds, func() (cost, error) { return b.cold(ctx, bare) }, func() ([]cost, error) { return b.hugoCold(ctx, bare) })
		if err != nil {
			return err
		}
		r.work, r.aims = "cold build, lessons without code", []aim{faster(4)}
		t.row(r)
	}
	aims := []aim{faster(70)}
	if n <= 10_000 {
		aims = append(aims, within(500*time.Millisecond))
	}
	if err := b.warm(ctx, p, t, "same", row{work: "nothing changed", aims: aims}, nil); err != nil {
		return err
	}
	if err := b.warm(ctx, p, t, "text", row{work: "a lesson's text changed", aims: []aim{faster(50)}}, editText); err != nil {
		return err
	}
	if err := b.warm(ctx, p, t, "title", row{work: "a lesson's title changed", aims: []aim{faster(50)}}, editTitle); err != nil {
		return err
	}
	if b.only("serve") {
		return b.previews(ctx, p, t)
	}
	return nil
}

// warmRuns is how often a build of a few tens of milliseconds is timed; where it is after an edit, of another lesson each time.
const warmRuns = 9

// inTurns times ours as often as asked for, and Hugo after each of the first rounds.
func (b *bench) inTurns(p *pair, runs int, ours func() (cost, error), theirs func() ([]cost, error)) (row, error) {
	var mine, other []cost
	for i := range runs {
		c, err := ours()
		if err != nil {
			return row{}, err
		}
		mine = append(mine, c)
		if i < b.rounds {
			h, err := theirs()
			if err != nil {
				return row{}, err
			}
			other = append(other, h...)
		}
	}
	return row{lessons: p.lessons, ours: middle(mine), hugo: middle(other)}, nil
}

// colds builds from nothing, and once more right after it: then no stamp is old enough to be believed.
func (b *bench) colds(ctx context.Context, p *pair, t table) error {
	var young []cost
	r, err := b.inTurns(p, b.rounds, func() (cost, error) {
		c, err := b.cold(ctx, p)
		if err != nil || !b.only("young") {
			return c, err
		}
		again, err := b.build(ctx, p)
		young = append(young, again)
		return c, err
	}, func() ([]cost, error) { return b.hugoCold(ctx, p) })
	if err != nil {
		return err
	}
	if err := b.samePages(p); err != nil {
		return err
	}
	r.work, r.aims = "cold build", append([]aim{faster(2.5)}, remembering(p.lessons)...)
	if b.only("cold") {
		t.row(r)
	}
	if b.only("young") {
		t.row(row{lessons: p.lessons, work: "nothing changed, right after a cold build", ours: middle(young)})
	}
	return nil
}

// warm builds a site that was built before, after an edit or after none.
func (b *bench) warm(ctx context.Context, p *pair, t table, name string, about row, how edit) error {
	if !b.only(name) {
		return nil
	}
	if err := b.primed(ctx, p); err != nil {
		return err
	}
	r, err := b.inTurns(p, max(b.rounds, warmRuns), func() (cost, error) {
		time.Sleep(settled)
		if how != nil {
			e := b.next(p)
			if err := cmp.Or(p.ours.edit(e.lesson, how, e.mark), p.theirs.edit(e.lesson, how, e.mark)); err != nil {
				return cost{}, err
			}
		}
		return b.build(ctx, p)
	}, func() ([]cost, error) { return b.hugoBuild(ctx, p) })
	if err != nil {
		return err
	}
	r.work, r.aims = about.work, about.aims
	t.row(r)
	return nil
}

// An edited lesson, and what stands in its page afterwards.
type edited struct {
	lesson int
	mark   string
}

// next chooses the lesson for an edit, another one each time.
func (b *bench) next(p *pair) edited {
	b.edits++
	return edited{lesson: b.edits * 37 % p.lessons, mark: fmt.Sprintf("edit %d", b.edits)}
}

// start is how long the program takes to say its version.
func (b *bench) start(ctx context.Context) (row, error) {
	r, err := b.inTurns(&pair{}, 20, func() (cost, error) { return timed(ctx, nil, b.sopan, "version") }, func() ([]cost, error) {
		if b.hugo == "" {
			return nil, nil
		}
		c, err := timed(ctx, nil, b.hugo, "version")
		return []cost{c}, err
	})
	r.work, r.aims = "start: the program says its version", []aim{within(20 * time.Millisecond)}
	return r, err
}

// growth builds from nothing at N and 2N lessons for each size, and at 4N for the largest: all of them in each round, so that a
// size and half of it meet the same machine.
func (b *bench) growth(ctx context.Context, sizes []int, t table) error {
	at := map[int]bool{4 * sizes[len(sizes)-1]: true}
	for _, n := range sizes {
		at[n], at[2*n] = true, true
	}
	var pairs []*pair
	for _, n := range slices.Sorted(maps.Keys(at)) {
		p := b.pair(n, true)
		if err := p.written(p.ours); err != nil {
			return err
		}
		pairs = append(pairs, p)
	}
	costs := map[int][]cost{}
	for range b.rounds {
		// The largest first: it has the most memory to touch, which is cheaper where it was used a moment ago.
		for _, p := range slices.Backward(pairs) {
			c, err := b.cold(ctx, p)
			if err != nil {
				return err
			}
			costs[p.lessons] = append(costs[p.lessons], c)
		}
	}
	for _, p := range pairs {
		b.spent = append(b.spent, p.run)
		n := p.lessons
		t.row(row{lessons: n, work: "growth: cold build", ours: middle(costs[n]), half: middle(costs[n/2]), aims: append(remembering(n), growing(2.1))})
	}
	return nil
}

// samePages says what both programs wrote, and refuses to compare them when a page of one has none beside it.
func (b *bench) samePages(p *pair) error {
	for _, out := range []string{p.out, p.hugoOut} {
		if out == "" {
			continue // no Hugo
		}
		for i := range p.lessons {
			for _, page := range []string{address(i), strings.Replace(address(i), "/lesson-", "/check-", 1)} {
				if _, err := os.Stat(filepath.Join(out, filepath.FromSlash(page))); err != nil {
					return fmt.Errorf("the two sites are not alike: %w", err)
				}
			}
		}
		files, bytes, err := tree(out)
		if err != nil {
			return err
		}
		fmt.Fprintf(os.Stderr, "bench: %d lessons: %d files, %.0f MB in %s\n", p.lessons, files, float64(bytes)/1e6, out)
	}
	return nil
}

func tree(dir string) (files int, bytes int64, err error) {
	err = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			files++
			bytes += info.Size()
		}
		return err
	})
	return files, bytes, err
}
