package main

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// With fakeLog in its environment this test's program is a sopan: it writes a page, and into the named file the site that it
// was to build.
const fakeLog = "SOPAN_BENCH_TEST_LOG"

func TestMain(m *testing.M) {
	if log := os.Getenv(fakeLog); log != "" {
		if err := fakeBuild(log, os.Args[1:]); err != nil {
			panic(err)
		}
		return
	}
	os.Exit(m.Run())
}

func fakeBuild(log string, args []string) error {
	site, out := args[1], args[4]
	if _, err := os.Stat(out); err == nil {
		return fs.ErrExist
	}
	if err := write(filepath.Join(out, "index.html"), "a page"); err != nil {
		return err
	}
	said, err := os.OpenFile(log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer said.Close()
	_, err = said.WriteString(filepath.Base(filepath.Dir(site)) + "\n")
	return err
}

func TestGrowthBuildsAllSizesInEachRoundTheLargestFirst(t *testing.T) {
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	log := filepath.Join(t.TempDir(), "log")
	t.Setenv(fakeLog, log)
	var rows strings.Builder
	b := &bench{work: t.TempDir(), sopan: program, rounds: 2, seed: 1, out: &rows}
	if err := b.growth(context.Background(), []int{10, 20}, table{to: &rows}); err != nil {
		t.Fatal(err)
	}
	round := "site-80-code\nsite-40-code\nsite-20-code\nsite-10-code\n"
	if got := read(t, log); got != round+round {
		t.Errorf("built:\n%swant twice:\n%s", got, round)
	}
	var sizes []string
	for line := range strings.Lines(rows.String()) {
		sizes = append(sizes, strings.Fields(line)[1])
	}
	if !slices.Equal(sizes, []string{"10", "20", "40", "80"}) {
		t.Errorf("rows of %v, want of 10, 20, 40, 80:\n%s", sizes, rows.String())
	}
	// What is spent is no more than stands there, and all of the rounds is spent.
	stands, err := filepath.Glob(filepath.Join(b.work, "run-*"))
	if err != nil {
		t.Fatal(err)
	}
	if slices.Sort(b.spent); !slices.Equal(b.spent, slices.Sorted(slices.Values(stands))) {
		t.Errorf("spent %v, and there are %v", b.spent, stands)
	}
}

func TestEarlierBuildsStayWhereThereIsRoomOnADisk(t *testing.T) {
	for _, test := range []struct {
		disk disk
		want bool
	}{
		{disk{free: 5e9}, true},
		{disk{free: 3e9}, false},
		{disk{free: 5e9, inRAM: true}, false},
	} {
		if got := test.disk.keeps(40_000); got != test.want {
			t.Errorf("%+v: stay %t, want %t", test.disk, got, test.want)
		}
	}
}

func TestARunIsInRAMWhereThatHasPlentyOfRoom(t *testing.T) {
	for _, test := range []struct {
		tmpdir string
		disk   disk
		want   string
	}{
		{"", disk{free: 5e9, inRAM: true}, "/ram"},
		{"", disk{free: 3e9, inRAM: true}, ""},
		{"", disk{free: 5e9}, ""}, // not RAM, or not there
		{"/elsewhere", disk{free: 5e9, inRAM: true}, ""},
	} {
		if got := folderFor(10_000, test.tmpdir, "/ram", test.disk); got != test.want {
			t.Errorf("%+v: %q, want %q", test, got, test.want)
		}
	}
}
