package preview

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
	"sync"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"sopan.dev/sopan/record"
)

const (
	// keptRecords is how many statements the panel shows at most: the newest.
	keptRecords = 500

	// maxStatements bounds one request's body; a batch of 50 is some 100 KB.
	maxStatements = 1 << 20
)

// records is what the pages have sent to the preview's own endpoint, in memory.
type records struct {
	mu    sync.Mutex
	list  []record.Statement // in the order they came
	byID  map[string]record.Statement
	count int // ever received
}

// errConflict: the id is taken by a statement that says something else.
var errConflict = errors.New("this id belongs to another statement")

// add keeps all statements of a request or none. A statement that came before
// is acknowledged again and not counted twice, as an LRS does.
func (r *records) add(statements []record.Statement) (ids []string, count int, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range statements {
		if old, ok := r.byID[s.ID]; ok && s.ID != "" && !record.Same(old, s) {
			return nil, 0, errConflict
		}
	}
	if r.byID == nil {
		r.byID = map[string]record.Statement{}
	}
	for _, s := range statements {
		if s.ID == "" {
			s.ID = record.NewID()
		}
		ids = append(ids, s.ID)
		if _, ok := r.byID[s.ID]; ok {
			continue
		}
		r.byID[s.ID] = s
		r.list = append(r.list, s)
		r.count++
	}
	if over := len(r.list) - keptRecords; over > 0 {
		for _, s := range r.list[:over] {
			delete(r.byID, s.ID)
		}
		r.list = append([]record.Statement(nil), r.list[over:]...)
	}
	return ids, r.count, nil
}

// newestFirst gives the statements as they were sent, as a JSON array of
// {"id", "statement"}.
func (r *records) newestFirst() []byte {
	type shown struct {
		ID        string         `json:"id"`
		Statement jsontext.Value `json:"statement"`
	}
	r.mu.Lock()
	all := make([]shown, 0, len(r.list))
	for i := len(r.list) - 1; i >= 0; i-- {
		all = append(all, shown{r.list[i].ID, r.list[i].Raw})
	}
	r.mu.Unlock()
	b, err := json.Marshal(all)
	if err != nil {
		panic(err) // the values were read as valid JSON
	}
	return b
}

// statements is the endpoint that pages in the preview send to. It answers as
// an LRS does (xAPI 1.0.3, part three, 2.1), but for the queries.
func (s *Server) statements(w http.ResponseWriter, r *http.Request) {
	head := w.Header()
	head.Set("X-Experience-API-Version", "1.0.3")
	head.Set("Cache-Control", "no-store")
	switch r.Method {
	case http.MethodGet:
		head.Set("Content-Type", "application/json")
		w.Write(s.records.newestFirst())
		return
	case http.MethodPost, http.MethodPut:
	default:
		head.Set("Allow", "GET, POST, PUT")
		plain(w, http.StatusMethodNotAllowed, "Statements are sent with POST or PUT.")
		return
	}
	// A JSON content type cannot be sent by a form of another site.
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		plain(w, http.StatusBadRequest, "Statements are sent as application/json.")
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxStatements))
	if err != nil {
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			plain(w, http.StatusRequestEntityTooLarge, "The request is larger than 1 MiB; send fewer statements at once.")
		} else {
			plain(w, http.StatusBadRequest, "The request broke off.")
		}
		return
	}
	list, batch, err := record.Read(body)
	if err != nil {
		plain(w, http.StatusBadRequest, err.Error())
		return
	}
	if r.Method == http.MethodPut {
		id := r.URL.Query().Get("statementId")
		if batch || !record.IsUUID(id) || list[0].ID != "" && list[0].ID != strings.ToLower(id) {
			plain(w, http.StatusBadRequest, "A PUT carries one statement, and its id in statementId.")
			return
		}
		list[0].ID = strings.ToLower(id)
	}
	ids, count, err := s.records.add(list)
	if err != nil {
		plain(w, http.StatusConflict, err.Error())
		return
	}
	s.hub.announce(func(n *news) { n.records = max(n.records, count) })
	if r.Method == http.MethodPut {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	head.Set("Content-Type", "application/json")
	w.Write(asJSON(ids))
}
