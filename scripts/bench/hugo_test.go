package main

import (
	"context"
	"path/filepath"
	"testing"
)

func TestHugoIsLeftOutOrNamed(t *testing.T) {
	if got, err := findHugo(context.Background(), "none"); got != "" || err != nil {
		t.Errorf("none: %q, %v", got, err)
	}
	missing := filepath.Join(t.TempDir(), "hugo")
	if got, err := findHugo(context.Background(), missing); err == nil {
		t.Errorf("a program that is not there: %q", got)
	}
	t.Setenv("SOPAN_BENCH_HUGO", missing)
	if got, err := findHugo(context.Background(), "auto"); err == nil {
		t.Errorf("a program named by the environment that is not there: %q", got)
	}
}

func TestWithoutANetworkHugoIsLeftOut(t *testing.T) {
	empty := t.TempDir()
	for name, value := range map[string]string{"SOPAN_BENCH_HUGO": "", "XDG_CACHE_HOME": empty, "HOME": empty, "LocalAppData": empty,
		"GOPROXY": "off", "GOMODCACHE": filepath.Join(empty, "modules"), "GOCACHE": filepath.Join(empty, "built")} {
		t.Setenv(name, value)
	}
	if got, err := findHugo(context.Background(), "auto"); got != "" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}
