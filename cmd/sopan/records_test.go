package main

import (
	"net/http/httptest"
	"strconv"
	"sync"

	"github.com/rogpeppe/go-internal/testscript"

	"sopan.dev/sopan/internal/hostile"
)

// recordStores are those that scripts have started, the last one of each.
type recordStores struct {
	mu sync.Mutex
	by map[*testscript.TestScript]*hostile.Store
}

func (s *recordStores) start(ts *testscript.TestScript, neg bool, args []string) {
	store := hostile.Scripted(args...)
	server := httptest.NewServer(store)
	ts.Defer(server.Close)
	ts.Setenv("ENDPOINT", server.URL+"/xapi")
	s.mu.Lock()
	defer s.mu.Unlock()
	s.by[ts] = store
}

func (s *recordStores) of(ts *testscript.TestScript) *hostile.Store {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.by[ts] == nil {
		ts.Fatalf("no record store was started")
	}
	return s.by[ts]
}

func (s *recordStores) stored(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 1 || neg {
		ts.Fatalf("usage: stored N")
	}
	if got := strconv.Itoa(len(s.of(ts).Statements())); got != args[0] {
		ts.Fatalf("%s statements are stored, want %s", got, args[0])
	}
}

func (s *recordStores) admitted(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 1 || neg {
		ts.Fatalf("usage: admitted HEADER")
	}
	all := s.of(ts).Authorizations()
	got := ""
	if len(all) > 0 {
		got = all[len(all)-1]
	}
	if got != args[0] {
		ts.Fatalf("the store saw the Authorization %q, want %q", got, args[0])
	}
}
