package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"time"
)

// latency is what an author waits for.
type latency struct {
	ready   time.Duration // from the start of `sopan serve` to the first page
	message time.Duration // median: from saving a lesson to the event that reloads the page
	late    time.Duration // the same at the 95th percentile
	fresh   time.Duration // median: to the page with the new words in it
	peak    int64         // most memory the server held; 0 where the system does not say
}

// previewed starts `sopan serve` on a site, edits one of its lessons a few times and waits for each edit to arrive.
func previewed(bin, site, lesson, address string, edits int) (latency, error) {
	var l latency
	port, err := freePort()
	if err != nil {
		return l, err
	}
	host := "127.0.0.1:" + strconv.Itoa(port)
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	cmd := exec.Command(bin, "serve", site, "--addr", host)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	start := time.Now()
	if err := cmd.Start(); err != nil {
		return l, err
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
	page := "http://" + host + "/" + address
	for {
		if _, err := get(ctx, page); err == nil {
			break
		}
		select {
		case <-ended:
			return l, fmt.Errorf("sopan serve ended:\n%s", said.String())
		case <-ctx.Done():
			return l, fmt.Errorf("sopan serve does not answer:\n%s", said.String())
		case <-time.After(20 * time.Millisecond):
		}
	}
	l.ready = time.Since(start)
	reloads, err := follow(ctx, "http://"+host+"/_sopan/events")
	if err != nil {
		return l, err
	}
	// The stream opens with the state that is; the edits come after it.
	select {
	case <-reloads:
	case <-ctx.Done():
		return l, ctx.Err()
	}
	source, err := os.ReadFile(lesson)
	if err != nil {
		return l, err
	}
	defer os.WriteFile(lesson, source, 0o644)
	var messages, fresh []time.Duration
	for i := range edits {
		mark := fmt.Sprintf("Edit number %d.", i+1)
		edited := append(slices.Clone(source), []byte("\n"+mark+"\n")...)
		saved := time.Now()
		if err := os.WriteFile(lesson, edited, 0o644); err != nil {
			return l, err
		}
		for arrived := false; !arrived; {
			select {
			case <-reloads:
			case <-ctx.Done():
				return l, fmt.Errorf("edit %d has not arrived:\n%s", i+1, said.String())
			}
			heard := time.Since(saved)
			body, err := get(ctx, page)
			if err != nil {
				return l, err
			}
			if arrived = strings.Contains(body, mark); arrived {
				messages, fresh = append(messages, heard), append(fresh, time.Since(saved))
			}
		}
		// The next save comes when the machine is quiet again, as an author's does.
		time.Sleep(300 * time.Millisecond)
	}
	l.message, l.fresh = median(messages), median(fresh)
	l.late = messages[(len(messages)*95-1)/100] // median has sorted them
	l.peak = highWater(cmd.Process.Pid)
	return l, nil
}

func median(all []time.Duration) time.Duration {
	slices.Sort(all)
	return all[len(all)/2]
}

func get(ctx context.Context, url string) (string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
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
		err = fmt.Errorf("%s: %s", url, answer.Status)
	}
	return string(body), err
}

// follow listens to the preview's events and tells of each reload until ctx ends.
func follow(ctx context.Context, url string) (<-chan struct{}, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	if answer.StatusCode != http.StatusOK {
		answer.Body.Close()
		return nil, fmt.Errorf("%s: %s", url, answer.Status)
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
	return reloads, nil
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// highWater reads the most memory a running process has held, from Linux's /proc.
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
