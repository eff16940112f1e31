package preview

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"sopan.dev/sopan/internal/diag"
)

// change is what the watch found: paths, or that anything may have changed.
type change struct {
	paths []string
	all   bool
}

// and joins two changes.
func (c change) and(d change) change {
	if c.all || d.all {
		return change{all: true}
	}
	paths := slices.Concat(c.paths, d.paths)
	slices.Sort(paths)
	return change{paths: slices.Compact(paths)}
}

// loop builds, one build at a time. What changes during a build waits in the
// watch and comes as one change.
func (s *Server) loop(ctx context.Context, changes <-chan change) {
	due := change{all: true}
	select { // the watch stands before the first build reads a file
	case <-changes:
	case <-ctx.Done():
		return
	}
	for {
		if s.build(ctx, due) {
			due = change{}
		}
		select {
		case c := <-changes:
			due = due.and(c)
		case <-ctx.Done():
			return
		}
	}
}

// build runs one build and tells the open pages. It reports false when the
// machine failed, so that the same changes are tried again with the next ones.
func (s *Server) build(ctx context.Context, c change) bool {
	start := time.Now()
	changed := c.paths
	if c.all {
		changed = nil
	}
	set, list, err := s.options.Build(ctx, changed)
	if ctx.Err() != nil {
		return false
	}
	if err != nil {
		list = append(list, diag.Diagnostic{Severity: diag.Error, Code: "preview/build-failed",
			Message: fmt.Sprintf("The build stopped: %v.", err),
			Hint:    "Save a file to try again.",
		})
	}
	s.builds++
	good := set != nil && err == nil
	if good {
		s.site.Store(newSite(set, s.boot+"-"+strconv.Itoa(s.builds), s.site.Load()))
	}
	found := newProblems(s.dir, list.Sort())
	found.Kept = !good
	s.problems.Store(found)
	s.note(found, set.Len(), time.Since(start))
	if s.builds == 1 {
		close(s.first)
	}
	version := ""
	if now := s.site.Load(); now != nil {
		version = now.version
	}
	s.hub.announce(func(n *news) {
		n.version = version
		if !found.equal(n.problems) {
			n.problems = found
			n.problemsRevision++
		}
	})
	return err == nil
}

// note tells the terminal how a build ended.
func (s *Server) note(p *problems, pages int, took time.Duration) {
	took = took.Round(time.Millisecond)
	if len(p.list) > 0 {
		var text strings.Builder
		diag.WriteText(&text, p.list, diag.TextOptions{Lines: p.lines})
		s.say("%s", text.String())
	}
	if p.Errors > 0 {
		state := "the pages are shown as they are"
		switch {
		case p.Kept && s.site.Load() == nil:
			state = "there is no page to show yet"
		case p.Kept:
			state = "the last good pages stay"
		}
		s.say("%s to mend · %s · %s", count(p.Errors, "error"), state, took)
		return
	}
	if !s.options.Quiet {
		s.say("%s · %s", count(pages, "file"), took)
	}
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return strconv.Itoa(n) + " " + what + "s"
}
