package acceptance

import (
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// hostingSnippet is a fenced block of docs/hosting.md, as a reader would copy it.
func hostingSnippet(t *testing.T, language string) string {
	t.Helper()
	doc, err := os.ReadFile(filepath.Join(repository(), "docs", "hosting.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(doc), "\n```"+language+"\n")
	snippet, _, closed := strings.Cut(rest, "\n```")
	if !ok || !closed {
		t.Fatalf("docs/hosting.md has no block marked %s", language)
	}
	return snippet
}

// serveWithNginx starts a real nginx with the lines of docs/hosting.md and gives the addresses of the site at a domain's
// root and in a sub-folder, both with a closing slash.
func serveWithNginx(t *testing.T, s *Site) (root, folder string) {
	t.Helper()
	leaveOutWhenShort(t, "nginx")
	nginx, err := exec.LookPath("nginx")
	if err != nil {
		nginx, err = exec.LookPath("/usr/sbin/nginx")
	}
	if err != nil {
		t.Fatalf("nginx is not here, run `make setup`: %v", err)
	}
	dir := t.TempDir()
	// The sub-folder holds the same bytes: a link to the same folder.
	parent := filepath.Join(dir, "www", "training", "2026")
	if err := os.MkdirAll(parent, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(s.Dir, filepath.Join(parent, "karmayogi")); err != nil {
		t.Fatal(err)
	}
	snippet := hostingSnippet(t, "nginx")
	user := ""
	if os.Getuid() == 0 {
		user = "user root;" // its workers must read a folder that only this user may
	}
	portA, portB := freePort(t), freePort(t)
	for portB == portA {
		portB = freePort(t)
	}
	conf := fmt.Sprintf(`%s
daemon off; worker_processes 1; pid %[2]s/pid; error_log %[2]s/error.log warn;
events {}
http {
	access_log off;
	client_body_temp_path %[2]s/body; proxy_temp_path %[2]s/proxy; fastcgi_temp_path %[2]s/fastcgi;
	uwsgi_temp_path %[2]s/uwsgi; scgi_temp_path %[2]s/scgi;
	server { listen 127.0.0.1:%[3]d; root %[4]s;
%[6]s
	}
	server { listen 127.0.0.1:%[5]d; root %[2]s/www;
%[6]s
	}
}
`, user, dir, portA, s.Dir, portB, snippet)
	file := filepath.Join(dir, "nginx.conf")
	if err := os.WriteFile(file, []byte(conf), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(nginx, "-e", filepath.Join(dir, "error.log"), "-p", dir, "-c", file)
	var said strings.Builder
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		select {
		case <-ended:
		case <-time.After(patience):
			_ = cmd.Process.Kill()
			<-ended
		}
	})
	root = fmt.Sprintf("http://127.0.0.1:%d/", portA)
	folder = fmt.Sprintf("http://127.0.0.1:%d/training/2026/karmayogi/", portB)
	for deadline := time.Now().Add(patience); ; {
		if conn, err := net.Dial("tcp", strings.TrimSuffix(strings.TrimPrefix(root, "http://"), "/")); err == nil {
			conn.Close()
			return root, folder
		}
		select {
		case err := <-ended:
			ended <- err
			log, _ := os.ReadFile(filepath.Join(dir, "error.log"))
			t.Fatalf("nginx did not start with the lines of docs/hosting.md: %v\n%s%s", err, said.String(), log)
		case <-time.After(20 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			t.Fatal("nginx does not answer")
		}
	}
}

// freePort gives a port for a program that is started later. It is none of those that the system gives out by itself: such a
// one could be somebody else's by then.
func freePort(t *testing.T) int {
	t.Helper()
	for range 100 {
		port := 20_000 + rand.IntN(12_000)
		if l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port)); err == nil {
			l.Close()
			return port
		}
	}
	t.Fatal("no port is free between 20,000 and 32,000")
	return 0
}

// TestTheHostingPageOfNginxSetsWhatItPromises: types, compression, caching and the policy for frames, at the root and below.
func TestTheHostingPageOfNginxSetsWhatItPromises(t *testing.T) {
	s := sampleSite(t)
	root, folder := serveWithNginx(t, s)
	styles, err := filepath.Glob(s.file("assets/*.css"))
	if err != nil || len(styles) == 0 {
		t.Fatalf("no style sheet: %v", err)
	}
	style := "assets/" + filepath.Base(styles[0])
	for _, base := range []string{root, folder} {
		for _, c := range []struct{ path, header, want string }{
			{"index.html", "Content-Type", "text/html; charset=utf-8"},
			{"", "Content-Type", "text/html; charset=utf-8"},
			{"index.html", "Content-Encoding", "gzip"},
			{"index.html", "Cache-Control", "no-cache"},
			{"index.html", "X-Content-Type-Options", "nosniff"},
			{"index.html", "Content-Security-Policy", "frame-ancestors 'self'"},
			{style, "Content-Type", "text/css; charset=utf-8"},
			{style, "Content-Encoding", "gzip"},
			{style, "Cache-Control", "public, max-age=31536000, immutable"},
			{style, "X-Content-Type-Options", "nosniff"},
		} {
			request, err := http.NewRequest("GET", base+c.path, nil)
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set("Accept-Encoding", "gzip")
			answer, err := http.DefaultClient.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			answer.Body.Close()
			if got := answer.Header.Get(c.header); answer.StatusCode != 200 || got != c.want {
				t.Errorf("%s%s: status %d, %s: %q, want %q", base, c.path, answer.StatusCode, c.header, got, c.want)
			}
		}
		if answer, err := http.Get(base + ".sopan-output.json"); err != nil || answer.StatusCode != 404 {
			t.Errorf("%s.sopan-output.json: %v %v, want 404", base, answer.Status, err)
		}
	}
}
