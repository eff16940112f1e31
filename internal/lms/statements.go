package lms

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"sopan.dev/sopan/record"
)

// serveStatements is the Statement resource. A batch is stored whole or not at all, as xAPI has it.
func (l *LMS) serveStatements(w http.ResponseWriter, r *http.Request, s *Session) {
	switch r.Method {
	case http.MethodGet:
		l.giveStatements(w, r)
	case http.MethodPost, http.MethodPut:
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		l.takeStatements(w, r, s, body)
	default:
		http.Error(w, "not so", http.StatusMethodNotAllowed)
	}
}

func (l *LMS) giveStatements(w http.ResponseWriter, r *http.Request) {
	id := strings.ToLower(r.URL.Query().Get("statementId"))
	if id == "" {
		http.Error(w, "only single statements are given here", http.StatusBadRequest)
		return
	}
	at, ok := l.byID[id]
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Write(l.statements[at].Raw)
}

func (l *LMS) takeStatements(w http.ResponseWriter, r *http.Request, s *Session, body []byte) {
	if kind := r.Header.Get("Content-Type"); !strings.HasPrefix(kind, "application/json") {
		l.refuse(w, http.StatusBadRequest, l.violate("xapi", "statements with the content type %q", kind))
		return
	}
	list, _, err := record.Read(body)
	if err != nil {
		l.refuse(w, http.StatusBadRequest, l.violate("xapi", "%v", err))
		return
	}
	if r.Method == http.MethodPut {
		id := strings.ToLower(r.URL.Query().Get("statementId"))
		if len(list) != 1 || list[0].ID != "" && list[0].ID != id || id == "" {
			l.refuse(w, http.StatusBadRequest, l.violate("xapi", "a PUT of %d statements under the id %q", len(list), id))
			return
		}
		list[0].ID = id
	}
	// What a statement does to the session counts only when all of the batch are taken.
	before := *s
	s.used = map[string]bool{}
	for verb := range before.used {
		s.used[verb] = true
	}
	undo := func() { *s = before }
	var fresh []record.Statement
	ids := []string{}
	for _, st := range list {
		ids = append(ids, st.ID)
		if at, known := l.byID[st.ID]; known && st.ID != "" {
			if record.Same(st, l.statements[at]) {
				continue
			}
			undo()
			http.Error(w, "another statement has the id "+st.ID, http.StatusConflict)
			return
		}
		if v, ok := l.judge(s, st, fresh); !ok {
			undo()
			l.violations = append(l.violations, v)
			status := http.StatusBadRequest
			if s.terminated {
				status = http.StatusForbidden
			}
			l.refuse(w, status, v)
			return
		}
		fresh = append(fresh, st)
	}
	for _, st := range fresh {
		l.store(st)
	}
	if r.Method == http.MethodPut {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(ids)
}

// store keeps a statement with what a store adds. The lock is held.
func (l *LMS) store(st record.Statement) {
	st.Stored = l.now().UTC().Format(time.RFC3339Nano)
	raw := strings.TrimSpace(string(st.Raw))
	st.Raw = []byte(fmt.Sprintf(`%s,"stored":%q,"authority":{"objectType":"Agent","account":{"homePage":"https://lms.example.org","name":"platform"}}}`,
		strings.TrimSuffix(raw, "}"), st.Stored))
	l.byID[st.ID] = len(l.statements)
	l.statements = append(l.statements, st)
	l.tell()
}
