package main

import (
	"fmt"
	"io"
	"math"
	"strings"
	"time"
)

// A row is one line of the table: medians of several runs.
type row struct {
	lessons int // 0 where they make no difference
	work    string
	ours    cost
	late    time.Duration // the 95th percentile, where people wait
	hugo    cost          // zero where it was not measured
	half    cost          // ours for half as many lessons, where growth is asked for
	aims    []aim
}

// An aim is what a row is held against.
type aim struct {
	says  string
	holds func(row) bool
	known func(row) bool // whether what it needs was measured
}

func (r row) timesHugo() float64 { return ratio(r.hugo.wall, r.ours.wall) }

func (r row) timesHalf() float64 { return ratio(r.ours.wall, r.half.wall) }

func ratio(a, b time.Duration) float64 { return a.Seconds() / b.Seconds() }

func faster(times float64) aim {
	return aim{fmt.Sprintf("%g times as fast", times),
		func(r row) bool { return r.timesHugo() >= times },
		func(r row) bool { return r.hugo.wall > 0 }}
}

func within(d time.Duration) aim {
	return aim{span(d), func(r row) bool { return r.ours.wall <= d }, func(row) bool { return true }}
}

func lateWithin(d time.Duration) aim {
	return aim{span(d) + " at 95 %", func(r row) bool { return r.late <= d }, func(row) bool { return true }}
}

// remembering is the aim for the memory of a cold build of n lessons.
func remembering(n int) []aim {
	below := func(limit int64) []aim {
		return []aim{{fmt.Sprintf("below %d MB", limit),
			func(r row) bool { return r.ours.peak < limit*1e6 },
			func(r row) bool { return r.ours.peak > 0 }}}
	}
	switch {
	case n <= 10_000:
		return below(400)
	case n <= 40_000:
		return below(600)
	}
	return nil
}

func growing(times float64) aim {
	return aim{fmt.Sprintf("at most %g times half as many", times),
		func(r row) bool { return r.timesHalf() <= times },
		func(r row) bool { return r.half.wall > 0 }}
}

// A table prints its rows as they come, because the last comes half an hour after the first.
type table struct {
	to   io.Writer
	hugo bool // with Hugo's columns
}

func (t table) head() {
	cells, under := []string{"lessons", "work", "wall", "CPU s", "peak MB"}, []string{"--:", "---", "--:", "--:", "--:"}
	if t.hugo {
		cells, under = append(cells, "Hugo: wall", "CPU s", "peak MB"), append(under, "--:", "--:", "--:")
	}
	cells, under = append(cells, "ratio", "of CPU", "aim", ""), append(under, "--:", "--:", "---", "---")
	t.line(cells)
	fmt.Fprintf(t.to, "|%s|\n", strings.Join(under, "|"))
}

func (t table) row(r row) {
	wall := span(r.ours.wall)
	if r.late > 0 {
		wall += ", " + span(r.late) + " at 95 %"
	}
	cells := []string{thousands(r.lessons), r.work, wall, seconds(r.ours.cpu), megabytes(r.ours.peak)}
	if t.hugo {
		if r.hugo.wall > 0 {
			cells = append(cells, span(r.hugo.wall), seconds(r.hugo.cpu), megabytes(r.hugo.peak))
		} else {
			cells = append(cells, "", "", "")
		}
	}
	wallRatio, cpuRatio := "", ""
	switch {
	case r.hugo.wall > 0:
		wallRatio, cpuRatio = times(r.timesHugo()), times(ratio(r.hugo.cpu, r.ours.cpu))
	case r.half.wall > 0:
		wallRatio, cpuRatio = times(r.timesHalf()), times(ratio(r.ours.cpu, r.half.cpu))
	}
	var aims, kept []string
	for _, a := range r.aims {
		if !a.known(r) {
			continue
		}
		aims = append(aims, a.says)
		if a.holds(r) {
			kept = append(kept, "holds")
		} else {
			kept = append(kept, "does not hold")
		}
	}
	t.line(append(cells, wallRatio, cpuRatio, strings.Join(aims, "; "), strings.Join(kept, "; ")))
}

func (t table) line(cells []string) { fmt.Fprintf(t.to, "| %s |\n", strings.Join(cells, " | ")) }

// span says short times in milliseconds, longer ones in seconds.
func span(d time.Duration) string {
	if d < time.Second {
		return fmt.Sprintf("%d ms", d.Round(time.Millisecond).Milliseconds())
	}
	return fmt.Sprintf("%.2f s", d.Seconds())
}

func seconds(d time.Duration) string {
	if d == 0 {
		return "?"
	}
	if d < 100*time.Millisecond {
		return fmt.Sprintf("%.3f", d.Seconds())
	}
	return fmt.Sprintf("%.2f", d.Seconds())
}

func megabytes(bytes int64) string {
	if bytes == 0 {
		return "?"
	}
	return fmt.Sprint((bytes + 5e5) / 1e6)
}

func times(f float64) string {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return "?" // a system that does not tell, or less than it counts
	}
	if f < 10 {
		return fmt.Sprintf("%.2f", f)
	}
	return fmt.Sprintf("%.0f", f)
}

func thousands(n int) string {
	if n == 0 {
		return ""
	}
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%d,%03d", n/1000, n%1000)
}
