package main

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"strings"
	"time"
)

// previews measures what an author waits for: from writing a lesson's file to the event that reloads the page in the browser,
// and beside it from writing the file to the page with the new words, as `hugo server` serves it.
func (b *bench) previews(ctx context.Context, p *pair, t table) error {
	if err := b.primed(ctx, p); err != nil {
		return err
	}
	kinds := []struct {
		work string
		how  edit
	}{{"preview: a lesson's text saved", editText}, {"preview: a lesson's title saved", editTitle}}
	rows := make([]row, len(kinds))
	err := served(ctx, []string{"SOPAN_CACHE=" + p.cache}, address(0), func(host string) []string {
		return []string{b.sopan, "serve", p.ours.dir, "--addr", host}
	}, func(s server) error {
		reloads, err := s.follow()
		if err != nil {
			return err
		}
		for i, kind := range kinds {
			if rows[i], err = b.saved(s, p, kind.how, reloads); err != nil {
				return err
			}
			rows[i].work, rows[i].aims = kind.work, previewAims(p.lessons)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if b.hugo != "" {
		err := served(ctx, nil, address(0), func(host string) []string {
			name, port, _ := net.SplitHostPort(host)
			return []string{b.hugo, "server", "--source", p.theirs.dir, "--bind", name, "--port", port, "--renderToMemory", "--cacheDir", p.hugoCache}
		}, func(s server) error {
			for i, kind := range kinds {
				var err error
				if rows[i].hugo, err = b.hugoSaved(s, p, kind.how); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	for _, r := range rows {
		t.row(r)
	}
	return nil
}

func previewAims(n int) []aim {
	switch {
	case n <= 2000:
		return []aim{within(40 * time.Millisecond), lateWithin(100 * time.Millisecond)}
	case n <= 10_000:
		return []aim{within(80 * time.Millisecond), lateWithin(160 * time.Millisecond)}
	}
	return nil
}

// saves is how many saved files a preview hears of for a row: enough for a 95th percentile.
const saves = 20

// saved edits a lesson at a time, and waits for each edit to arrive.
func (b *bench) saved(s server, p *pair, how edit, reloads <-chan struct{}) (row, error) {
	var waits []time.Duration
	used := processor(s.pid)
	for range saves {
		// The next save comes when the machine is quiet again, as an author's does.
		time.Sleep(300 * time.Millisecond)
		e := b.next(p)
		start := time.Now()
		if err := p.ours.edit(e.lesson, how, e.mark); err != nil {
			return row{}, err
		}
		// An event can come for the file as it was half written: its page says so, and another event follows.
		var shown error
		for arrived := false; !arrived; {
			if err := s.wait(reloads); err != nil {
				return row{}, fmt.Errorf("%s has not arrived: %w", e.mark, cmp.Or(shown, err))
			}
			heard := time.Since(start)
			var page string
			page, shown = s.get(address(e.lesson))
			if arrived = shown == nil && strings.Contains(page, e.mark); arrived {
				waits = append(waits, heard)
			}
		}
	}
	return row{lessons: p.lessons, late: late(waits), ours: cost{median(waits), (processor(s.pid) - used) / saves, highWater(s.pid)}}, nil
}

// hugoSaves is as many saves as show how long Hugo's preview takes: there is a second between two of them.
const hugoSaves = 5

// hugoSaved edits a lesson at a time, and asks for its page until it has changed. The page was open before, as Hugo renders
// only what was looked at lately.
func (b *bench) hugoSaved(s server, p *pair, how edit) (cost, error) {
	var waits []time.Duration
	used := processor(s.pid)
	for range hugoSaves {
		e := b.next(p)
		if _, err := s.get(address(e.lesson)); err != nil {
			return cost{}, err
		}
		time.Sleep(time.Second)
		start := time.Now()
		if err := p.theirs.edit(e.lesson, how, e.mark); err != nil {
			return cost{}, err
		}
		for {
			page, err := s.get(address(e.lesson))
			if err == nil && strings.Contains(page, e.mark) {
				break
			}
			if time.Since(start) > 2*time.Minute {
				return cost{}, fmt.Errorf("hugo server: %s has not arrived:\n%s", e.mark, s.said())
			}
			time.Sleep(5 * time.Millisecond)
		}
		waits = append(waits, time.Since(start))
	}
	return cost{median(waits), (processor(s.pid) - used) / hugoSaves, highWater(s.pid)}, nil
}
