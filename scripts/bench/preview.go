package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
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

// hugoSaved edits a lesson at a time, and asks for its page until it has changed. The page was open before, as Hugo renders
// only what was looked at lately.
func (b *bench) hugoSaved(s server, p *pair, how edit) (cost, error) {
	var waits []time.Duration
	used := processor(s.pid)
	for range edits {
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
	return cost{median(waits), (processor(s.pid) - used) / edits, highWater(s.pid)}, nil
}

// A server is a preview that runs.
type server struct {
	ctx  context.Context
	host string
	pid  int
	said func() string
}

// served starts a preview, waits for its first page, and ends it when do has returned.
func served(ctx context.Context, env []string, first string, command func(host string) []string, do func(server) error) error {
	port, err := freePort()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Minute)
	defer cancel()
	host := "127.0.0.1:" + strconv.Itoa(port)
	args := command(host)
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Env = append(os.Environ(), env...)
	log, err := os.CreateTemp("", "sopan-bench-said-")
	if err != nil {
		return err
	}
	defer os.Remove(log.Name())
	defer log.Close()
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		return err
	}
	ended := make(chan struct{})
	go func() { cmd.Wait(); close(ended) }()
	defer func() {
		cmd.Process.Signal(os.Interrupt)
		select {
		case <-ended:
		case <-time.After(5 * time.Second):
			cmd.Process.Kill()
			<-ended
		}
	}()
	s := server{ctx, host, cmd.Process.Pid, func() string { said, _ := os.ReadFile(log.Name()); return string(bytes.TrimSpace(said)) }}
	for {
		if _, err := s.get(first); err == nil {
			return do(s)
		}
		select {
		case <-ended:
			return fmt.Errorf("%s ended:\n%s", args[0], s.said())
		case <-ctx.Done():
			return fmt.Errorf("%s does not answer:\n%s", args[0], s.said())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func (s server) get(address string) (string, error) {
	request, err := http.NewRequestWithContext(s.ctx, http.MethodGet, "http://"+s.host+"/"+address, nil)
	if err != nil {
		return "", err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s\n%s", address, answer.Status, body)
	}
	return string(body), err
}

// follow listens to the events of `sopan serve` and tells of each reload. The stream opens with the state that is; what comes
// out here is later.
func (s server) follow() (<-chan struct{}, error) {
	request, err := http.NewRequestWithContext(s.ctx, http.MethodGet, "http://"+s.host+"/_sopan/events", nil)
	if err != nil {
		return nil, err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	if answer.StatusCode != http.StatusOK {
		answer.Body.Close()
		return nil, fmt.Errorf("the preview's events: %s", answer.Status)
	}
	reloads := make(chan struct{}, 100)
	go func() {
		defer answer.Body.Close()
		for lines := bufio.NewScanner(answer.Body); lines.Scan(); {
			if lines.Text() == "event: reload" {
				reloads <- struct{}{}
			}
		}
	}()
	return reloads, s.wait(reloads)
}

func (s server) wait(reloads <-chan struct{}) error {
	select {
	case <-reloads:
		return nil
	case <-s.ctx.Done():
		return fmt.Errorf("%w:\n%s", s.ctx.Err(), s.said())
	}
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// highWater reads the most memory that a running process has held, from Linux's /proc; 0 on other systems.
func highWater(pid int) int64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	fields := strings.Fields(rest)
	if len(fields) == 0 {
		return 0
	}
	kilobytes, err := strconv.ParseInt(fields[0], 10, 64)
	if err != nil {
		return 0
	}
	return kilobytes << 10
}

// processor reads what a running process has used of the processor, from Linux's /proc, in steps of a hundredth of a second.
func processor(pid int) time.Duration {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	// The program's name stands in brackets and may hold anything; user and system time are the 12th and 13th field after it.
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	if len(fields) < 13 {
		return 0
	}
	var used time.Duration
	for _, field := range fields[11:13] {
		ticks, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			return 0
		}
		used += time.Duration(ticks) * 10 * time.Millisecond
	}
	return used
}
