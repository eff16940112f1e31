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
	"strconv"
	"time"
)

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
