package preview

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"sopan.dev/sopan/builder/output"
	"sopan.dev/sopan/internal/diag"
)

// patienceOfTests is how long a test waits for a signal before it calls it
// missing; nothing waits that long when it works.
const patienceOfTests = 60 * time.Second

// copySite is a build for tests: every file of the folder is a page as it is,
// and a file that holds BROKEN is an author's mistake at that word. What is not
// named as changed is not read again, as in a real build: a change that the
// watch forgets never shows.
func copySite(dir string) Build {
	kept := map[string][]byte{}
	read := func(at string) error {
		maps.DeleteFunc(kept, func(rel string, _ []byte) bool {
			return at == "." || rel == at || strings.HasPrefix(rel, at+"/")
		})
		err := filepath.WalkDir(filepath.Join(dir, filepath.FromSlash(at)), func(p string, e fs.DirEntry, err error) error {
			if err == nil && !e.IsDir() {
				rel, _ := filepath.Rel(dir, p)
				kept[filepath.ToSlash(rel)], err = os.ReadFile(p)
				if err != nil {
					delete(kept, filepath.ToSlash(rel))
				}
			}
			if errors.Is(err, fs.ErrNotExist) {
				return nil // gone since; another event is on its way
			}
			return err
		})
		return err
	}
	return func(ctx context.Context, changed []string) (*output.Set, diag.List, error) {
		entries := map[string]output.Entry{}
		var list diag.List
		if changed == nil {
			changed = []string{"."}
		}
		for _, at := range changed {
			if err := read(at); err != nil {
				return nil, nil, err
			}
		}
		for _, rel := range slices.Sorted(maps.Keys(kept)) {
			b := kept[rel]
			for i, line := range strings.Split(string(b), "\n") {
				if before, _, bad := strings.Cut(line, "BROKEN"); bad {
					col := len([]rune(before)) + 1
					list = append(list, diag.Diagnostic{
						Start: diag.Pos{File: rel, Line: i + 1, Col: col}, End: diag.Pos{File: rel, Line: i + 1, Col: col + 6},
						Code: "test/broken", Message: "This is broken.", Hint: "Mend it.",
					})
				}
			}
			entries[rel] = output.Entry{Bytes: b}
		}
		if list.HasErrors() {
			return nil, list, nil
		}
		set, err := output.NewSet(entries)
		return set, list, err
	}
}

// live is a preview that runs for a test.
type live struct {
	t   *testing.T
	s   *Server
	dir string
	log *logBuffer

	stop func() // ends it before the test does
}

type logBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
	at chan struct{} // holds one signal when something was written
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	select {
	case l.at <- struct{}{}:
	default:
	}
	return l.b.Write(p)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func run(t *testing.T, files map[string]string, o Options) *live {
	t.Helper()
	l := &live{t: t, dir: filepath.Join(t.TempDir(), "site"), log: &logBuffer{at: make(chan struct{}, 1)}}
	if o.Dir == "" {
		o.Dir = l.dir
	}
	if o.Build == nil {
		o.Build = copySite(l.dir)
	}
	if o.Addr == "" {
		o.Addr = "127.0.0.1:0"
	}
	o.Log = l.log
	if err := os.MkdirAll(l.dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		l.write(name, text)
	}
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	l.s = s
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	l.stop = sync.OnceFunc(func() {
		stop()
		select {
		case err := <-ended:
			if err != nil {
				t.Errorf("Run ended with %v", err)
			}
		case <-time.After(patienceOfTests):
			t.Error("Run does not end with its context")
		}
	})
	t.Cleanup(func() {
		l.stop()
		if t.Failed() {
			t.Logf("the preview said:\n%s", l.log)
		}
	})
	return l
}

func (l *live) write(name, text string) {
	l.t.Helper()
	p := filepath.Join(l.dir, filepath.FromSlash(name))
	if err := errors.Join(os.MkdirAll(filepath.Dir(p), 0o755), os.WriteFile(p, []byte(text), 0o644)); err != nil {
		l.t.Fatal(err)
	}
}

// save replaces a file in one step: between the old text and the new one there is no empty file, which a build may see where
// the writer is stopped in between, and take for what the author wants.
func (l *live) save(name, text string) {
	l.t.Helper()
	whole := filepath.Join(l.t.TempDir(), "whole")
	p := filepath.Join(l.dir, filepath.FromSlash(name))
	if err := errors.Join(os.WriteFile(whole, []byte(text), 0o644), os.Rename(whole, p)); err != nil {
		l.t.Fatal(err)
	}
}

// says waits until the terminal shows some words.
func (l *live) says(words string) {
	l.t.Helper()
	late := time.After(patienceOfTests)
	for !strings.Contains(l.log.String(), words) {
		select {
		case <-l.log.at:
		case <-late:
			l.t.Fatalf("the preview never said %q", words)
		}
	}
}

func (l *live) do(r *http.Request) (int, http.Header, string) {
	l.t.Helper()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	defer client.CloseIdleConnections()
	answer, err := client.Do(r)
	if err != nil {
		l.t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.Header.Get("Content-Type") == "text/event-stream" { // has no end to wait for
		return answer.StatusCode, answer.Header, ""
	}
	b, err := io.ReadAll(answer.Body)
	if err != nil {
		l.t.Fatal(err)
	}
	return answer.StatusCode, answer.Header, string(b)
}

func (l *live) request(method, path, body string, header ...string) *http.Request {
	l.t.Helper()
	r, err := http.NewRequest(method, strings.TrimSuffix(l.s.URL(), "/")+path, strings.NewReader(body))
	if err != nil {
		l.t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		if header[i] == "Host" {
			r.Host = header[i+1]
		} else {
			r.Header.Set(header[i], header[i+1])
		}
	}
	return r
}

func (l *live) get(path string, header ...string) (int, http.Header, string) {
	l.t.Helper()
	return l.do(l.request("GET", path, "", header...))
}

// listener is an open page: it hears events.
type listener struct {
	t      *testing.T
	events chan event
	close  func()
}

type event struct{ name, data string }

func (l *live) listen() *listener {
	l.t.Helper()
	r := l.request("GET", "/_sopan/events", "")
	ctx, cancel := context.WithCancel(context.Background())
	answer, err := (&http.Client{Transport: &http.Transport{}}).Do(r.WithContext(ctx))
	if err != nil {
		l.t.Fatal(err)
	}
	if answer.StatusCode != 200 || answer.Header.Get("Content-Type") != "text/event-stream" {
		l.t.Fatalf("event stream: %d %s", answer.StatusCode, answer.Header.Get("Content-Type"))
	}
	out := &listener{t: l.t, events: make(chan event, 100), close: cancel}
	go func() {
		defer close(out.events)
		defer answer.Body.Close()
		lines := bufio.NewScanner(answer.Body)
		lines.Buffer(nil, 1<<20)
		var e event
		for lines.Scan() {
			if name, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
				e.name = name
			}
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				e.data = data
				out.events <- e
			}
		}
	}()
	l.t.Cleanup(cancel)
	return out
}

// next waits for an event of a name, past others.
func (l *listener) next(name string) event {
	l.t.Helper()
	late := time.After(patienceOfTests)
	for {
		select {
		case e, ok := <-l.events:
			if !ok {
				l.t.Fatalf("the stream ended before an event %q", name)
			}
			if e.name == name {
				return e
			}
		case <-late:
			l.t.Fatalf("no event %q came", name)
		}
	}
}

// until waits for reloads until the page at path satisfies done.
func (l *live) until(events *listener, path string, done func(status int, body string) bool) {
	l.t.Helper()
	late := time.After(patienceOfTests)
	for {
		status, _, body := l.get(path)
		if done(status, body) {
			return
		}
		select {
		case _, ok := <-events.events:
			if !ok {
				l.t.Fatal("the stream ended")
			}
		case <-late:
			l.t.Fatalf("%s stays %d %q", path, status, body)
		}
	}
}

func has(text string) func(int, string) bool {
	return func(status int, body string) bool { return status == 200 && strings.Contains(body, text) }
}

func (e event) problems(t *testing.T) problems {
	t.Helper()
	var p problems
	if err := json.Unmarshal([]byte(e.data), &p); err != nil {
		t.Fatalf("diagnostics event %q: %v", e.data, err)
	}
	return p
}

func TestASavedFileIsServedAndAnnounced(t *testing.T) {
	l := run(t, map[string]string{"index.html": "<p>one</p></body>"}, Options{})
	events := l.listen()
	first := events.next("reload")
	if status, _, body := l.get("/"); status != 200 || !strings.Contains(body, "<p>one</p>") {
		t.Fatalf("front page: %d %q", status, body)
	}
	l.save("index.html", "<p>two</p></body>")
	second := events.next("reload")
	if first.data == second.data {
		t.Errorf("the version did not change: %s", first.data)
	}
	if _, _, body := l.get("/"); !strings.Contains(body, "<p>two</p>") {
		t.Errorf("announced before it was there: %q", body)
	}
}
