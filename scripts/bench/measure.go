package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// cost is what one run of a command took.
type cost struct {
	wall, cpu time.Duration
	peak      int64 // bytes of memory; 0 where the system does not say
}

// timed runs a command to its end.
func timed(dir, name string, args ...string) (cost, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	start := time.Now()
	err := cmd.Run()
	wall := time.Since(start)
	if err != nil {
		return cost{}, fmt.Errorf("%s %s: %w\n%s", name, strings.Join(args, " "), err, said.String())
	}
	return cost{wall: wall, cpu: cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), peak: peakMemory(cmd.ProcessState)}, nil
}

// best repeats a measurement and keeps the quickest: what else the machine does only ever adds.
func best(times int, f func() (cost, error)) (cost, error) {
	var all []cost
	for range times {
		c, err := f()
		if err != nil {
			return cost{}, err
		}
		all = append(all, c)
	}
	return slices.MinFunc(all, func(a, b cost) int { return int(a.wall - b.wall) }), nil
}

// measured is a tree of files on disk.
type measured struct {
	files int
	bytes int64
}

func tree(dir string) (measured, error) {
	var m measured
	err := filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			m.files++
			m.bytes += info.Size()
		}
		return err
	})
	return m, err
}

// packed is the size of a file as gzip at its usual level sends it.
func packed(path string) (raw, small int, err error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return 0, 0, err
	}
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(data); err != nil {
		return 0, 0, err
	}
	if err := z.Close(); err != nil {
		return 0, 0, err
	}
	return len(data), b.Len(), nil
}
