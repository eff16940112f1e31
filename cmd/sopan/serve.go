package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"

	"sopan.dev/sopan/builder"
	"sopan.dev/sopan/builder/output"
	"sopan.dev/sopan/internal/diag"
	"sopan.dev/sopan/preview"
)

type serveCmd struct {
	Dir  string        `arg:"" optional:"" help:"Folder that holds sopan.yaml (default: the current folder)." type:"path"`
	Addr string        `help:"Address to listen on." default:"127.0.0.1:1414" placeholder:"HOST:PORT"`
	LAN  bool          `help:"Let other devices in the network look, with a token." name:"lan"`
	Open bool          `help:"Open the preview in the browser."`
	Poll time.Duration `help:"Look at the files at this interval instead of waiting for events (network and WSL disks)." placeholder:"1s"`

	NoCache bool `help:"Use nothing that an earlier build remembered."`
}

// leastPoll is how often a disk may be looked at: more often is all that the machine would do.
const leastPoll = 10 * time.Millisecond

func (serveCmd) Help() string {
	return "Example: sopan serve my-courses --open\n\n" +
		"Drafts are shown, with a banner. Mistakes are laid over the page, or over the last good one where none can be made,\n" +
		"and go away when they are mended.\n\n" +
		"With -v notes are shown as well. Stop with Ctrl+C."
}

func (c *serveCmd) Run(ctx context.Context, t *terminal) error {
	frugal()
	site, err := openSite(c.Dir)
	if err != nil {
		return err
	}
	site.close() // each build opens the folder anew: it may be deleted and made again
	if c.Poll != 0 && c.Poll < leastPoll {
		return usage("--poll=%s is too short.\n  Write %s or more, for example --poll=1s", c.Poll, leastPoll)
	}
	server, err := preview.New(c.options(t, site))
	var addr *preview.AddrError
	if errors.As(err, &addr) {
		return usage("%w.\n  Write --addr 127.0.0.1:1414, or use --lan for other devices", err)
	}
	if err != nil {
		return err
	}
	if c.Open {
		go openBrowser(server.URL())
	}
	fmt.Fprintf(t.out, "Preview: %s (Ctrl+C stops it)\n", server.URL())
	for _, u := range server.ShareURLs() {
		fmt.Fprintf(t.out, "On another device: %s\n", u)
	}
	if err := server.Run(ctx); err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

func (c *serveCmd) options(t *terminal, site *siteDir) preview.Options {
	out := filepath.Join(site.path, "public")
	o := preview.Options{Dir: site.path, Output: out, Build: c.build(t, site, out), Addr: c.Addr, LAN: c.LAN, Poll: c.Poll, Log: t.err, Quiet: t.quiet}
	if c.LAN {
		o.Token = preview.NewToken()
	}
	return o
}

// build makes the site for the preview, which shows what it complains of as a check does: notes only where more was asked for.
func (c *serveCmd) build(t *terminal, site *siteDir, out string) preview.Build {
	b := builder.Remembering(site.cache(!c.NoCache), tool()) // of an earlier build; a preview leaves nothing there but what is packed of texts
	return func(ctx context.Context, changed []string) (*output.Set, diag.List, error) {
		root, err := os.OpenRoot(site.path)
		if err != nil {
			return nil, nil, err
		}
		// The set reads pages' sources for as long as it is served; the
		// garbage collector closes the root with it.
		result, diags, err := b.Build(ctx, root.FS(), builder.Options{Drafts: true, Endpoint: preview.RecordsEndpoint, Skip: site.skip(out), Changed: changed})
		if err != nil {
			return nil, nil, err
		}
		return result.Set, t.shown(diags), nil
	}
}

// openBrowser asks the desktop to show an address; when it cannot, the address
// stands in the terminal anyway.
func openBrowser(url string) {
	switch runtime.GOOS {
	case "windows":
		_ = exec.Command("rundll32", "url.dll,FileProtocolHandler", url).Start()
	case "darwin":
		_ = exec.Command("open", url).Start()
	default:
		_ = exec.Command("xdg-open", url).Start()
	}
}
