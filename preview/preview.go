// Package preview shows a site while it is being written.
//
// In go the site's folder and a function that builds it; out comes a web
// server on this machine whose pages reload when a file is saved and keep
// their place, lay the diagnostics of a broken save over the page, or over the
// last good one where none can be made, and show the records that a page sends.
//
// File events are hints: after a short quiet the folders they name are read
// again, one build runs at a time, the new set of pages is swapped in by one
// pointer, and only then the open pages are told.
//
// The package never writes a file, never changes what a build made (its
// script is added to a page on the way out, see inject.go), and never answers
// another origin, another host name or, beyond this machine, anybody without
// the token.
package preview

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/netip"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"sopan.dev/sopan/builder/output"
	"sopan.dev/sopan/internal/diag"
)

// RecordsEndpoint is what a page in the preview has as its xAPI endpoint,
// instead of the site's own: a path from the root of the preview's origin. The
// caller has its build put it into the pages; statements go to
// RecordsEndpoint + "statements".
const RecordsEndpoint = "/_sopan/xapi/"

// Build makes the site as it is now on disk. It opens the site's folder anew
// each time, since the folder may have been deleted and made again.
//
// changed are the files that may differ from the last call, slash-separated
// and relative to the folder, sorted; nil means any file may. They are hints: a
// named file may be unchanged, and a folder stands for all below it.
//
// A nil set with diagnostics is a site too broken to show. The error is for
// the machine (a disk, a cancelled context).
type Build func(ctx context.Context, changed []string) (*output.Set, diag.List, error)

// Options of a preview. Dir and Build are needed.
type Options struct {
	Dir    string // the site's folder, watched
	Output string // the folder of `sopan build`, left out of the watch; "" means Dir/public
	Build  Build

	Addr  string // host:port; "" means 127.0.0.1:4000. A taken port leads to the next one, port 0 to any.
	LAN   bool   // listen on every address of this machine
	Token string // needed to listen beyond this machine; see NewToken

	// Poll makes the watch look at the files at this interval instead of
	// waiting for events, for disks that send none. Zero means events.
	Poll time.Duration

	Log   io.Writer // lines for the author; nil means nobody reads them
	Quiet bool      // the lines say only what is wrong
}

// Server is a running preview.
type Server struct {
	options  Options
	dir      string // absolute
	listener net.Listener
	door     door
	site     atomic.Pointer[site] // nil until the first good build
	first    chan struct{}        // closed when the first build is over
	problems atomic.Pointer[problems]
	hub      hub
	records  records
	boot     string // tells this run's versions from those of the run before
	builds   int    // of the build loop alone
	logLock  sync.Mutex
}

// NewToken makes a token that nobody guesses.
func NewToken() string { return rand.Text() }

// AddrError says that Options.Addr is no address to listen on.
type AddrError struct{ Problem string }

func (e *AddrError) Error() string { return e.Problem }

// New checks the options and takes the port; nothing is built or served before
// Run.
func New(o Options) (*Server, error) {
	if o.Addr == "" {
		o.Addr = "127.0.0.1:4000"
	}
	if o.Log == nil {
		o.Log = io.Discard
	}
	dir, err := filepath.Abs(o.Dir)
	if err != nil {
		return nil, fmt.Errorf("finding %s: %w", o.Dir, err)
	}
	if o.Output == "" {
		o.Output = filepath.Join(dir, "public")
	}
	host, port, err := net.SplitHostPort(o.Addr)
	if err != nil {
		return nil, &AddrError{fmt.Sprintf("the address %q is not a host, a colon and a port", o.Addr)}
	}
	if o.LAN {
		host = ""
	}
	if !loopback(host) && len(o.Token) < 16 {
		return nil, &AddrError{"a preview that other devices can reach needs a token of at least 16 characters"}
	}
	s := &Server{
		options: o, dir: dir, boot: rand.Text()[:8],
		first: make(chan struct{}),
		hub:   hub{limit: maxStreams},
	}
	s.problems.Store(&problems{})
	if s.listener, err = s.listen(host, port); err != nil {
		return nil, err
	}
	at := s.listener.Addr().(*net.TCPAddr)
	s.door = door{port: strconv.Itoa(at.Port), lan: !loopback(host)}
	if s.door.lan {
		s.door.token = o.Token
	}
	return s, nil
}

func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

// triedPorts is how many ports are tried from the asked one on: as many as
// previews that a person might have forgotten in other windows.
const triedPorts = 20

func (s *Server) listen(host, port string) (net.Listener, error) {
	n, err := strconv.Atoi(port)
	if err != nil || n < 0 || n > 65535 {
		return nil, &AddrError{fmt.Sprintf("%q is not a port: it is a number up to 65535", port)}
	}
	for try := n; ; try++ {
		l, err := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(try)))
		if err == nil {
			if try != n {
				s.say("Port %d is taken; using %d.", n, try)
			}
			return l, nil
		}
		if !taken(err) || n == 0 || try == n+triedPorts || try == 65535 {
			return nil, fmt.Errorf("listening on port %d: %w", try, err)
		}
	}
}

func taken(err error) bool {
	const windowsAddrInUse = syscall.Errno(10048) // WSAEADDRINUSE; syscall.EADDRINUSE is another number there
	return errors.Is(err, syscall.EADDRINUSE) || errors.Is(err, windowsAddrInUse)
}

// URL is the address on this machine, without the token.
func (s *Server) URL() string {
	host := "127.0.0.1"
	if at := s.listener.Addr().(*net.TCPAddr); at.IP.IsLoopback() {
		host = at.IP.String()
	}
	return "http://" + net.JoinHostPort(host, s.door.port) + "/"
}

// ShareURLs are the addresses for other devices in the network, with the token:
// for the author's eyes, never for a log. None on a loopback preview.
func (s *Server) ShareURLs() []string {
	if !s.door.lan {
		return nil
	}
	var urls []string
	addrs, _ := net.InterfaceAddrs()
	for _, a := range addrs {
		n, ok := a.(*net.IPNet)
		if !ok || n.IP.IsLoopback() || n.IP.IsLinkLocalUnicast() {
			continue
		}
		urls = append(urls, "http://"+net.JoinHostPort(n.IP.String(), s.door.port)+"/?token="+s.door.token)
	}
	return urls
}

// Run builds, serves and watches until the context ends, which is no error.
func (s *Server) Run(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	w := s.watch()
	server := s.server(ctx)
	var running sync.WaitGroup
	running.Go(func() { w.run(ctx) })
	running.Go(func() { s.loop(ctx, w.changes) })
	running.Go(func() {
		<-ctx.Done()
		// Event streams end with ctx; pages in flight get a moment.
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		if server.Shutdown(grace) != nil {
			server.Close()
		}
	})
	err := server.Serve(s.listener)
	stop()
	running.Wait()
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return fmt.Errorf("serving the preview: %w", err)
}

func (s *Server) watch() *watch { return newWatch(s.dir, s.options.Poll, s.leftOut, s.say) }

// server answers with what bounds a slow, idle or talkative client.
func (s *Server) server(ctx context.Context) *http.Server {
	return &http.Server{
		Handler:           s.Handler(),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		IdleTimeout:       time.Minute,
		MaxHeaderBytes:    16 << 10,
		BaseContext:       func(net.Listener) context.Context { return ctx },
		ErrorLog:          log.New(io.Discard, "", 0), // what strangers send is no news to an author
		ConnState:         newCrowd(maxConnections).state,
	}
}

// leftOut keeps the output folder, hidden files and editors' working files out
// of the watch: a build that answered to them would run for ever, or twice.
func (s *Server) leftOut(rel string) bool {
	name := rel[strings.LastIndexByte(rel, '/')+1:]
	if strings.HasPrefix(name, ".") || strings.HasSuffix(name, "~") || name == "4913" ||
		strings.HasPrefix(name, "#") && strings.HasSuffix(name, "#") {
		return true
	}
	return filepath.Join(s.dir, filepath.FromSlash(rel)) == filepath.Clean(s.options.Output)
}

func (s *Server) say(format string, args ...any) {
	s.logLock.Lock()
	defer s.logLock.Unlock()
	fmt.Fprintf(s.options.Log, format+"\n", args...)
}
