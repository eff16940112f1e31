// Package hostile is a record store that misbehaves on purpose, for tests of whatever sends records.
//
// In go requests to /statements, as a browser on another origin or a program sends them, and a script: acts by name, or a
// seed that draws them. Out come the answers of stores and networks as they are met with, and an account of what was
// stored, of what was sent under one id with two contents, and of which acts were played. What it stores it stores as an
// xAPI record store must: an id once, the first content, nothing invalid. It never forgets and never lies to its owner.
package hostile

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"sopan.dev/sopan/record"
)

// act is one way to treat a request. It holds the store's lock, but where it says so.
type act struct {
	name   string
	weight int // of 100 draws, about
	play   func(s *Store, w http.ResponseWriter, r *http.Request, batch []record.Statement, size int)
}

// acts lists them. "well" is what a good store does.
func acts() []act {
	status := func(code int, header ...string) func(*Store, http.ResponseWriter, *http.Request, []record.Statement, int) {
		return func(s *Store, w http.ResponseWriter, _ *http.Request, _ []record.Statement, _ int) {
			for i := 0; i+1 < len(header); i += 2 {
				w.Header().Set(header[i], header[i+1])
			}
			http.Error(w, "not now", code)
		}
	}
	return []act{
		{"well", 40, (*Store).well},
		{"lost", 10, func(s *Store, w http.ResponseWriter, _ *http.Request, batch []record.Statement, _ int) {
			s.keep(batch)
			cut(w)
		}},
		{"500", 5, status(500)},
		{"503", 4, status(503, "Retry-After", "2")},
		{"429", 5, status(429, "Retry-After", "1")},
		{"dated", 2, func(s *Store, w http.ResponseWriter, r *http.Request, _ []record.Statement, _ int) {
			w.Header().Set("Retry-After", time.Now().Add(time.Second).UTC().Format(http.TimeFormat))
			http.Error(w, "later", http.StatusServiceUnavailable)
		}},
		{"401", 0, status(401)}, // a person has to act: it would end every script
		{"302", 0, status(302, "Location", "https://elsewhere.example.in/")},
		{"409", 5, func(s *Store, w http.ResponseWriter, r *http.Request, batch []record.Statement, size int) {
			// Some stores call a batch a conflict as soon as one of it is there already, and one again as well.
			s.grumble = true
			s.well(w, r, batch, size)
		}},
		{"400", 5, func(s *Store, w http.ResponseWriter, r *http.Request, batch []record.Statement, size int) {
			// One of the batch is at fault, today: it is refused in company, and alone once more.
			if s.refused == "" {
				s.refused, s.refusals = batch[s.random.IntN(len(batch))].ID, 1
			}
			s.well(w, r, batch, size)
		}},
		{"413", 4, func(s *Store, w http.ResponseWriter, r *http.Request, batch []record.Statement, size int) {
			if s.small == 0 {
				s.small, s.smallFor = 4<<10, 12
			}
			s.well(w, r, batch, size)
		}},
		{"hang", 3, func(s *Store, w http.ResponseWriter, r *http.Request, batch []record.Statement, _ int) {
			if s.random.IntN(2) == 0 {
				s.keep(batch)
			}
			s.mu.Unlock()
			select {
			case <-r.Context().Done():
			case <-time.After(10 * time.Second):
			}
			s.mu.Lock()
			cut(w)
		}},
		{"close", 5, func(s *Store, w http.ResponseWriter, _ *http.Request, _ []record.Statement, _ int) { cut(w) }},
		{"html", 4, func(s *Store, w http.ResponseWriter, _ *http.Request, _ []record.Statement, _ int) {
			w.Header().Set("Content-Type", "text/html")
			io.WriteString(w, "<!doctype html><title>Please log in</title><h1>Free Wi-Fi</h1>")
		}},
		{"half", 2, func(s *Store, w http.ResponseWriter, _ *http.Request, batch []record.Statement, _ int) {
			s.keep(batch)
			io.WriteString(w, `["`+batch[0].ID) // and no end
		}},
		{"some", 3, func(s *Store, w http.ResponseWriter, _ *http.Request, batch []record.Statement, _ int) {
			batch = batch[:(len(batch)+1)/2]
			s.keep(batch)
			names(w, batch)
		}},
		{"cors", 3, func(s *Store, w http.ResponseWriter, _ *http.Request, batch []record.Statement, _ int) {
			s.keep(batch)
			w.Header().Del("Access-Control-Allow-Origin")
			names(w, batch)
		}},
	}
}

// Store is the record store, an http.Handler.
type Store struct {
	mu     sync.Mutex
	random *rand.Rand
	script []string // acts to play before all else, in order
	drawn  bool     // acts are drawn when the script is at its end
	acts   []act

	stored   []record.Statement
	byID     map[string]int
	heard    map[string]record.Statement // every id that was ever sent, with its first content
	changed  []string
	played   map[string]int
	requests int
	secrets  []string // Authorization headers, as they came

	grumble  bool   // the next duplicate is a conflict
	refused  string // the id that is invalid for now
	refusals int    // how often more it is refused alone
	small    int    // the most bytes of a body, 0 for no bound
	smallFor int    // requests for which that holds
}

// New draws its acts by a seed: the same sequence for the same seed, request by request.
func New(seed uint64) *Store {
	s := Scripted()
	s.random, s.drawn = rand.New(rand.NewPCG(seed, 0x50BA4)), true
	return s
}

// Scripted plays the named acts, one a request, and then behaves. A name that is none is refused with 500.
func Scripted(script ...string) *Store {
	return &Store{random: rand.New(rand.NewPCG(1, 1)), script: script, acts: acts(), byID: map[string]int{}, heard: map[string]record.Statement{}, played: map[string]int{}}
}

// Peace ends the play: from now on it is a good store.
func (s *Store) Peace() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.script, s.drawn, s.grumble, s.refused, s.small = nil, false, false, "", 0
}

// Statements are those stored, in the order in which they came.
func (s *Store) Statements() []record.Statement {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.stored)
}

// Changed are ids that were sent with more than one content.
func (s *Store) Changed() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.changed)
}

// Played counts the acts.
func (s *Store) Played() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := map[string]int{}
	for name, n := range s.played {
		out[name] = n
	}
	return out
}

// Authorizations are the credentials that were sent, one a request with any.
func (s *Store) Authorizations() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.secrets)
}

// Requests is how many requests with statements came.
func (s *Store) Requests() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.requests
}

func (s *Store) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w.Header().Set("Access-Control-Allow-Origin", "*")
	w.Header().Set("Access-Control-Expose-Headers", "Retry-After")
	if auth := r.Header.Get("Authorization"); auth != "" {
		s.secrets = append(s.secrets, auth)
	}
	switch {
	case !strings.HasSuffix(r.URL.Path, "/statements"):
		http.NotFound(w, r)
	case r.Method == http.MethodOptions:
		w.Header().Set("Access-Control-Allow-Methods", "GET, POST")
		w.Header().Set("Access-Control-Allow-Headers", "Content-Type, X-Experience-API-Version, Authorization")
		w.WriteHeader(http.StatusNoContent)
	case r.Method == http.MethodGet:
		s.get(w, r)
	case r.Method == http.MethodPost:
		s.post(w, r)
	default:
		http.Error(w, "no such method", http.StatusMethodNotAllowed)
	}
}

func (s *Store) get(w http.ResponseWriter, r *http.Request) {
	i, ok := s.byID[strings.ToLower(r.URL.Query().Get("statementId"))]
	if !ok {
		http.NotFound(w, r)
		return
	}
	var statement map[string]any
	if err := json.Unmarshal(s.stored[i].Raw, &statement); err != nil {
		panic("hostile: " + err.Error()) // it was read when it came
	}
	statement["stored"] = "2026-01-01T00:00:00.000Z"
	statement["authority"] = map[string]any{"objectType": "Agent", "account": map[string]any{"homePage": "https://lrs.example.in", "name": "lrs"}}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(statement)
}

func (s *Store) post(w http.ResponseWriter, r *http.Request) {
	// A body that breaks off was never sent whole.
	s.mu.Unlock()
	body, err := io.ReadAll(r.Body)
	s.mu.Lock()
	if err != nil {
		return
	}
	s.requests++
	batch, _, err := record.Read(body)
	if err != nil || len(batch) == 0 || r.Header.Get("X-Experience-API-Version") == "" {
		s.played["invalid"]++
		http.Error(w, fmt.Sprint("not statements: ", err), http.StatusBadRequest)
		return
	}
	for _, one := range batch {
		if first, known := s.heard[one.ID]; !known {
			s.heard[one.ID] = one
		} else if !record.Same(first, one) && !slices.Contains(s.changed, one.ID) {
			s.changed = append(s.changed, one.ID)
		}
	}
	name := s.next()
	if s.refused != "" && slices.ContainsFunc(batch, func(one record.Statement) bool { return one.ID == s.refused }) {
		name = "400" // it stays at fault until it was told so alone
	}
	s.played[name]++
	for _, a := range s.acts {
		if a.name == name {
			a.play(s, w, r, batch, len(body))
			return
		}
	}
	http.Error(w, "no such act", http.StatusInternalServerError)
}

// next is the act of this request.
func (s *Store) next() string {
	if len(s.script) > 0 {
		name := s.script[0]
		s.script = s.script[1:]
		return name
	}
	if !s.drawn {
		return "well"
	}
	whole := 0
	for _, a := range s.acts {
		whole += a.weight
	}
	n := s.random.IntN(whole)
	for _, a := range s.acts {
		if n -= a.weight; n < 0 {
			return a.name
		}
	}
	return "well"
}

// well stores a batch and names it, unless the store is in a mood.
func (s *Store) well(w http.ResponseWriter, _ *http.Request, batch []record.Statement, size int) {
	if s.smallFor--; s.smallFor <= 0 {
		s.small = 0
	}
	if s.small > 0 && size > s.small && len(batch) > 1 {
		http.Error(w, "too large", http.StatusRequestEntityTooLarge)
		return
	}
	if slices.ContainsFunc(batch, func(one record.Statement) bool { return one.ID == s.refused }) {
		if len(batch) == 1 {
			if s.refusals--; s.refusals < 0 {
				s.refused = ""
			}
		}
		if s.refused != "" {
			http.Error(w, "one of them is not to my liking", http.StatusBadRequest)
			return
		}
	}
	for _, one := range batch {
		i, known := s.byID[one.ID]
		if known && (s.grumble || !record.Same(s.stored[i], one)) {
			if len(batch) == 1 {
				s.grumble = false
			}
			http.Error(w, "it is there already", http.StatusConflict)
			return
		}
	}
	s.keep(batch)
	names(w, batch)
}

func (s *Store) keep(batch []record.Statement) {
	for _, one := range batch {
		if _, known := s.byID[one.ID]; !known {
			s.byID[one.ID] = len(s.stored)
			s.stored = append(s.stored, one)
		}
	}
}

func names(w http.ResponseWriter, batch []record.Statement) {
	ids := []string{}
	for _, one := range batch {
		ids = append(ids, one.ID)
	}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(ids)
}

// cut ends the connection without an answer.
func cut(w http.ResponseWriter) {
	c, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		if !errors.Is(err, http.ErrHijacked) {
			panic(http.ErrAbortHandler)
		}
		return
	}
	c.Close()
}
