package record_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"sopan.dev/sopan/internal/hostile"
	"sopan.dev/sopan/record"
)

func unsent(n int) []record.Unsent {
	var list []record.Unsent
	for i := range n {
		raw := fmt.Sprintf(`{"id":"%08d-0000-4000-8000-000000000000","timestamp":"2026-03-01T10:00:00.000Z","actor":{"account":{"homePage":"https://courses.example.in/k","name":"a"}},"verb":{"id":"http://adlnet.gov/expapi/verbs/experienced"},"object":{"id":"https://courses.example.in/k/l%d"}}`, i, i)
		list = append(list, record.Unsent{ID: fmt.Sprintf("%08d-0000-4000-8000-000000000000", i), Raw: []byte(raw)})
	}
	return list
}

// Faults 40 to 44: through any weather each statement arrives once; what was refused and what was left is sent by the next
// run.
func TestFault40To44FromAFileThroughAnyWeather(t *testing.T) {
	for seed := range uint64(4) {
		store := hostile.New(seed)
		server := httptest.NewServer(store)
		list := unsent(120)
		sender := record.Sender{
			Endpoint: server.URL + "/xapi/", Client: &http.Client{Timeout: 200 * time.Millisecond},
			Wait: func(context.Context, time.Duration) error { return nil },
		}
		runs := 0
		for ; runs < 60; runs++ {
			o := sender.Deliver(t.Context(), list)
			if o.Count(record.Stored)+o.Count(record.There) == len(list) {
				break
			}
		}
		stored := store.Statements()
		if len(stored) != len(list) || len(store.Changed()) > 0 {
			t.Errorf("seed %d: after %d runs %d of %d are stored, %d were sent with two contents", seed, runs, len(stored), len(list), len(store.Changed()))
		}
		for _, s := range stored {
			if !slices.ContainsFunc(list, func(u record.Unsent) bool { return u.ID == s.ID && string(u.Raw) == string(s.Raw) }) {
				t.Errorf("seed %d: stored is what was not sent: %s", seed, s.Raw)
			}
		}
		server.CloseClientConnections()
		server.Close()
	}
}

func TestRetryAfterIsKeptAndALongOneEndsTheRun(t *testing.T) {
	var waits []time.Duration
	after := []string{"2", "7200"}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After", after[0])
		after = after[1:]
		w.WriteHeader(http.StatusTooManyRequests)
	}))
	defer server.Close()
	sender := record.Sender{Endpoint: server.URL, Wait: func(_ context.Context, d time.Duration) error { waits = append(waits, d); return nil }}
	o := sender.Deliver(t.Context(), unsent(1))
	if !slices.Equal(waits, []time.Duration{2 * time.Second}) || o.Stop == nil || !strings.Contains(o.Stop.Error(), "2h0m0s") || o.Count(record.Left) != 1 {
		t.Errorf("waited %v, stopped by %v, %d left", waits, o.Stop, o.Count(record.Left))
	}
}

func TestARunThatIsStoppedSaysWhatWasReached(t *testing.T) {
	store := hostile.Scripted("well", "500")
	server := httptest.NewServer(store)
	defer server.Close()
	ctx, cancel := context.WithCancel(t.Context())
	sender := record.Sender{Endpoint: server.URL, Wait: func(ctx context.Context, _ time.Duration) error { cancel(); return ctx.Err() }}
	o := sender.Deliver(ctx, unsent(80))
	if o.Stop == nil || o.Count(record.Stored) != 50 || o.Count(record.Left) != 30 {
		t.Errorf("stopped by %v, %d stored, %d left", o.Stop, o.Count(record.Stored), o.Count(record.Left))
	}
}

func TestAStoreMayAddToAStatementAndWriteItsTimeItsOwnWay(t *testing.T) {
	list := unsent(1)
	for name, c := range map[string]struct {
		change func(map[string]any)
		want   record.Fate
	}{
		"added":      {func(m map[string]any) { m["stored"] = "x"; m["timestamp"] = "2026-03-01T15:30:00+05:30" }, record.There},
		"other verb": {func(m map[string]any) { m["verb"] = map[string]any{"id": "http://other.example"} }, record.Refused},
		"gone":       {func(m map[string]any) { delete(m, "object") }, record.Refused},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPost {
				w.WriteHeader(http.StatusConflict)
				return
			}
			var m map[string]any
			json.Unmarshal(list[0].Raw, &m)
			c.change(m)
			json.NewEncoder(w).Encode(m)
		}))
		o := (&record.Sender{Endpoint: server.URL}).Deliver(t.Context(), list)
		if got := o.Fates[list[0].ID]; got != c.want {
			t.Errorf("%s: fate %d, want %d (%v)", name, got, c.want, o.Why)
		}
		server.Close()
	}
}

// What a stranger answers reaches a terminal: no control characters, no page, one line.
func TestARefusalIsOneLine(t *testing.T) {
	for answer, want := range map[string]string{
		"bad\n  score":           "the store calls it invalid (400): bad score",
		"\x1b[2J":                "the store calls it invalid (400)",
		"<html>":                 "the store calls it invalid (400)",
		strings.Repeat("न", 300): "the store calls it invalid (400): " + strings.Repeat("न", 200) + "…",
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusBadRequest)
			w.Write([]byte(answer))
		}))
		list := unsent(1)
		o := (&record.Sender{Endpoint: server.URL}).Deliver(t.Context(), list)
		if got := o.Why[list[0].ID]; got != want {
			t.Errorf("%q is told as %q, want %q", answer, got, want)
		}
		server.Close()
	}
}

func TestOnlyASavedFileIsRead(t *testing.T) {
	for _, file := range []string{"", "x", "[]", "{}", `{"format":"sopan-learner"}`, `{"format":"sopan-learner","v":2}`, `{"format":"sopan-learner","v":1,"waiting":{}}`} {
		if _, err := record.ReadSaved([]byte(file)); err == nil {
			t.Errorf("%s was read", file)
		}
	}
	s, err := record.ReadSaved([]byte("\ufeff" + `{"format":"sopan-learner","v":1,"site":"s","learner":{"id":"l"},"waiting":[{"id":"A0000000-0000-4000-8000-000000000000", "b": 1}, {"id":"7"}, 3],"setAside":[]}`))
	if err != nil || len(s.Waiting) != 1 || s.Waiting[0].ID != "a0000000-0000-4000-8000-000000000000" || len(s.Shape) != 2 || s.Learner != "l" {
		t.Errorf("read %+v, %v", s, err)
	}
}

// A store that gives back in its error what it was sent, or leads elsewhere with it, does not bring the credential to a
// terminal, in whichever of its forms.
func TestFault53ACredentialThatAStoreGivesBackIsNotTold(t *testing.T) {
	const authorization = "Basic a2V5OnMzY3JldC93b3JkPQ==" // key:s3cret/word=
	for name, answer := range map[string]http.HandlerFunc{
		"in its reason": func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprintf(w, "no: %s, that is key:s3cret/word= or %s", r.Header.Get("Authorization"), url.QueryEscape("s3cret/word="))
		},
		"cut off": func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprint(w, strings.Repeat("n", 190)+r.Header.Get("Authorization"))
		},
		"in an address": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", "/login?was="+url.QueryEscape(r.Header.Get("Authorization")))
			w.WriteHeader(http.StatusFound)
		},
	} {
		server := httptest.NewServer(answer)
		list := unsent(1)
		o := (&record.Sender{Endpoint: server.URL, Authorization: authorization}).Deliver(t.Context(), list)
		told := fmt.Sprint(o.Why[list[0].ID], o.Stop)
		for _, secret := range []string{"s3cret", "a2V5", "word"} {
			if strings.Contains(told, secret) {
				t.Errorf("%s: it is told: %s", name, told)
			}
		}
		if !strings.Contains(told, "(400)") && !strings.Contains(told, "/login") {
			t.Errorf("%s: the rest is not told: %s", name, told)
		}
		server.Close()
	}
}

// A busy store is waited for, and whoever waits hears how long and why.
func TestEachWaitIsTold(t *testing.T) {
	store := hostile.Scripted("503", "429")
	server := httptest.NewServer(store)
	defer server.Close()
	var told []string
	sender := record.Sender{
		Endpoint: server.URL, Wait: func(context.Context, time.Duration) error { return nil },
		Waiting: func(reason string, wait time.Duration) { told = append(told, fmt.Sprint(reason, " ", wait)) },
	}
	sender.Deliver(t.Context(), unsent(1))
	if want := []string{"the store is busy (503) 2s", "the store is busy (429) 2s"}; !slices.Equal(told, want) {
		t.Errorf("told %q, want %q", told, want)
	}
}

func TestEachRequestSaysTheVersionOfTheStore(t *testing.T) {
	for given, want := range map[string]string{"": "1.0.3", "2.0.0": "2.0.0"} {
		got := ""
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { got = r.Header.Get("X-Experience-API-Version") }))
		(&record.Sender{Endpoint: server.URL, Version: given}).Deliver(t.Context(), unsent(1))
		if got != want {
			t.Errorf("with version %q a request says %q", given, got)
		}
		server.Close()
	}
}
