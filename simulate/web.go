package simulate

import (
	"bytes"
	"crypto/sha1"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"sopan.dev/sopan/builder/output"
	"sopan.dev/sopan/internal/browser"
	"sopan.dev/sopan/record"
)

// web is a web server with the package's files, and a record store at Endpoint. Each learner has their own.
type web struct {
	course  Course
	learner Learner
	server  *http.Server
	origin  string

	mu   sync.Mutex
	list []record.Statement
	byID map[string]record.Statement
}

func openWeb(c Course, l Learner) (platform, error) {
	w := &web{course: c, learner: l, byID: map[string]record.Statement{}}
	var err error
	w.server, w.origin, err = listen(w)
	return w, err
}

// listen serves on a free port of this machine; the address has no slash at its end.
func listen(h http.Handler) (*http.Server, string, error) {
	at, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, "", fmt.Errorf("listening for the browser: %w", err)
	}
	s := &http.Server{Handler: h}
	go s.Serve(at) // ends with Close
	return s, "http://" + at.Addr().String(), nil
}

func (w *web) close() { w.server.Close() }

func (w *web) url() (string, error) {
	return w.origin + "/" + w.course.Site.PlaceVersion(&w.course.Course.Place, w.learner.Lang).Address, nil
}

func (w *web) oneWindow() bool { return false }

func (w *web) left(*browser.Page) error { return nil }

// blank is an address without a page of the course.
const blank = "/_records/blank"

// begin says who learns on the device, in the place of a random id: the row that runtime/learner.ts reads.
func (w *web) begin(tab *browser.Page) {
	tab.Goto(w.origin + blank)
	tab.EvalAsync(fmt.Sprintf(`new Promise((done, fail) => {
		const open = indexedDB.open("sopan", 1);
		open.onupgradeneeded = () => open.result.createObjectStore("rows");
		open.onerror = () => fail(open.error);
		open.onsuccess = () => {
			const into = open.result.transaction("rows", "readwrite");
			into.objectStore("rows").put({ current: { id: %q }, others: [] }, %q);
			into.oncomplete = () => { open.result.close(); done(); };
			into.onerror = () => fail(into.error);
		};
	})`, learnerID(w.learner.Name), "learners "+w.course.Site.Settings.ID), nil)
}

// learnerID is the pseudonym of a learner: a UUID made of the name, always the same.
func learnerID(name string) string {
	b := sha1.Sum([]byte("learner " + name))
	b[6], b[8] = b[6]&0x0f|0x50, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:16])
}

func (w *web) ServeHTTP(out http.ResponseWriter, r *http.Request) {
	switch {
	case r.URL.Path == Endpoint+"/statements":
		w.statements(out, r)
	case r.URL.Path == blank:
		out.Header().Set("Content-Type", "text/html")
		io.WriteString(out, `<!doctype html><title>blank</title><link rel="icon" href="data:,">`)
	default:
		serveFile(w.course.Set, out, r)
	}
}

// serveFile answers with a file of the package.
func serveFile(set *output.Set, w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, "/")
	if name == "" || strings.HasSuffix(name, "/") {
		name += "index.html"
	}
	entry, ok := set.Entry(name)
	if !ok {
		http.NotFound(w, r)
		return
	}
	content, err := entry.Content()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	if path.Ext(name) == ".js" {
		w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
	}
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(content))
}

// statements is the record store: it takes statements as strictly as record.Read does, all of a batch or none.
func (w *web) statements(out http.ResponseWriter, r *http.Request) {
	out.Header().Set("X-Experience-API-Version", "1.0.3")
	if r.Method == http.MethodGet {
		w.mu.Lock()
		s, ok := w.byID[strings.ToLower(r.URL.Query().Get("statementId"))]
		w.mu.Unlock()
		if !ok {
			http.NotFound(out, r)
			return
		}
		out.Header().Set("Content-Type", "application/json")
		out.Write(s.Raw)
		return
	}
	if r.Method != http.MethodPost {
		http.Error(out, "statements are posted", http.StatusMethodNotAllowed)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(out, r.Body, 4<<20))
	if err != nil {
		http.Error(out, err.Error(), http.StatusBadRequest)
		return
	}
	list, _, err := record.Read(body)
	if err != nil {
		http.Error(out, err.Error(), http.StatusBadRequest)
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	ids := []string{}
	for _, s := range list {
		if old, there := w.byID[s.ID]; there && !record.Same(old, s) {
			http.Error(out, "another statement has this id", http.StatusConflict)
			return
		}
	}
	for _, s := range list {
		if _, there := w.byID[s.ID]; !there {
			w.list = append(w.list, s)
		}
		w.byID[s.ID] = s
		ids = append(ids, s.ID)
	}
	out.Header().Set("Content-Type", "application/json")
	json.NewEncoder(out).Encode(ids)
}

// records gives the statements in the order in which they happened on the device: batches of two tabs may overtake each
// other.
func (w *web) records() ([]string, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	key := strings.TrimSuffix(w.course.Site.Settings.ID, "/") + "/profile/sequence"
	if strings.HasPrefix(key, "urn:") {
		key = w.course.Site.Settings.ID + ":profile:sequence"
	}
	place := func(s record.Statement) int {
		n := 0
		if s.Context != nil {
			json.Unmarshal(s.Context.Extensions[key], &n)
		}
		return n
	}
	slices.SortStableFunc(w.list, func(a, b record.Statement) int { return place(a) - place(b) })
	var lines []string
	for _, s := range w.list {
		if place(s) == 0 {
			return nil, fmt.Errorf("the statement %s does not say when it happened among the others", s.ID)
		}
		lines = append(lines, string(s.Raw))
	}
	return normalised(lines, randomID()), nil
}
