package preview

import (
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"
)

const (
	// maxStreams is how many event streams are open at once. A page that is
	// hidden gives its stream back, so a person needs one per window.
	maxStreams = 64

	// beat is how often an idle stream is written to, so that a client that is
	// gone is noticed.
	beat = 15 * time.Second

	// patience is how long one write may take before a client counts as gone.
	patience = 5 * time.Second
)

// news is the state that open pages know of. A stream sends the newest state,
// not a queue of states: a slow client costs no memory.
type news struct {
	version          string
	problems         *problems
	problemsRevision int
	records          int
}

// hub holds the open streams. Beyond the limit the oldest one makes room:
// whoever opens thousands cannot keep the author's page out, because a stream
// that lost its place comes back, and hears the newest version when it does.
type hub struct {
	limit int

	mu      sync.Mutex
	news    news
	streams []*stream // oldest first
}

type stream struct {
	wake chan struct{} // holds one signal
	gone chan struct{} // closed when the stream has to make room
}

// announce changes the state and wakes every stream.
func (h *hub) announce(edit func(*news)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	edit(&h.news)
	for _, s := range h.streams {
		select {
		case s.wake <- struct{}{}:
		default: // already has a signal, and will read the newest state
		}
	}
}

func (h *hub) join() *stream {
	s := &stream{wake: make(chan struct{}, 1), gone: make(chan struct{})}
	s.wake <- struct{}{}
	h.mu.Lock()
	defer h.mu.Unlock()
	for len(h.streams) >= h.limit {
		close(h.streams[0].gone)
		h.streams = h.streams[1:]
	}
	h.streams = append(h.streams, s)
	return s
}

func (h *hub) leave(s *stream) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for i, other := range h.streams {
		if other == s {
			h.streams = append(h.streams[:i:i], h.streams[i+1:]...)
			return
		}
	}
}

func (h *hub) latest() news {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.news
}

// serve writes events until the client leaves, is too slow or has to make room.
//
//	reload       {"version": "…"}         the pages of this version are there
//	diagnostics  problems as JSON         all that is wrong now, maybe nothing
//	records      {"count": 3}             statements received so far
func (h *hub) serve(w http.ResponseWriter, r *http.Request) {
	head := w.Header()
	head.Set("Content-Type", "text/event-stream")
	head.Set("Cache-Control", "no-store")
	s := h.join()
	defer h.leave(s)
	out := http.NewResponseController(w)
	send := func(format string, args ...any) bool {
		if out.SetWriteDeadline(time.Now().Add(patience)) != nil {
			return false
		}
		_, err := fmt.Fprintf(w, format, args...)
		return err == nil && out.Flush() == nil
	}
	if !send("retry: 1000\n\n") {
		return
	}
	ticker := time.NewTicker(beat)
	defer ticker.Stop()
	sent := news{problemsRevision: -1, records: -1}
	for {
		select {
		case <-r.Context().Done():
			return
		case <-s.gone:
			return
		case <-ticker.C:
			if !send(": \n\n") {
				return
			}
		case <-s.wake:
			now := h.latest()
			ok := true
			if now.problemsRevision != sent.problemsRevision && now.problems != nil {
				ok = ok && send("event: diagnostics\ndata: %s\n\n", asJSON(now.problems))
			}
			if now.records != sent.records {
				ok = ok && send("event: records\ndata: {\"count\":%d}\n\n", now.records)
			}
			if now.version != sent.version && now.version != "" {
				ok = ok && send("event: reload\ndata: {\"version\":%q}\n\n", now.version)
			}
			if !ok {
				return
			}
			sent = now
		}
	}
}

func asJSON(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // plain structs of strings and numbers
	}
	return b
}
