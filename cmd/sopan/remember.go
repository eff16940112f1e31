package main

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"sopan.dev/sopan/builder"
	"sopan.dev/sopan/builder/cache"
	"sopan.dev/sopan/builder/output"
	"sopan.dev/sopan/internal/diag"
	"sopan.dev/sopan/internal/plain"
	"sopan.dev/sopan/internal/stamp"
)

// cacheFolder names the folder of all caches in the environment, in place of
// the system's own folder for such things.
const cacheFolder = "SOPAN_CACHE"

// cache opens the cache of the site; nil when it is not wanted or has no place.
//
// It stands in the person's own cache folder and not in the site's: a site's
// folder is copied, sent and checked out, and a cache that came with it would
// have to be believed by whoever builds the site next.
func (s *siteDir) cache(wanted bool) *cache.Cache {
	root := os.Getenv(cacheFolder)
	if root == "" {
		if dir, err := os.UserCacheDir(); err == nil {
			root = filepath.Join(dir, "sopan")
		}
	}
	if !wanted || !filepath.IsAbs(root) {
		return nil
	}
	return cache.Open(root, s.path, tool())
}

// tool names this build of the program: two that differ in a byte have other
// names. The file of the program is not read for it.
func tool() string {
	self, err := os.Executable()
	if err != nil {
		return ""
	}
	info, err := os.Stat(self)
	if err != nil {
		return ""
	}
	return fmt.Sprint(version, info.Size(), info.ModTime().UnixNano(), stamp.Of(info))
}

// lastBuild is what the last build of a site said, and what it left in the
// output folder.
type lastBuild struct {
	Request string // what was asked for; "" when the same must be done again
	Sources string // builder.NameOf its tree: a build that failed, or one of another output folder, remembers the files too
	Diags   diag.List
	Told    builder.Told
	Summary string
	Known   builder.Known
	Memory  output.Memory
	Keys    []standingKey
}

// request is what two builds must have in common for the second to have nothing
// to do when no file changed.
func (c *buildCmd) request(out, keys string) string {
	if c.Release {
		return ""
	}
	return fmt.Sprintf("%q %q %v", out, keys, c.Compress)
}

// is tells whether the last build that wrote anything was asked for the same.
func (l *lastBuild) is(request string) bool { return l.Request != "" && l.Request == request }

// untouched tells whether the output folder is as the last build left it.
func (l *lastBuild) untouched(out string, c *cache.Cache) bool {
	untouched, learned := l.Memory.Untouched(out)
	if untouched && learned {
		l.put(c)
	}
	return untouched
}

func lastCoder() *plain.Coder[lastBuild] {
	c, err := plain.New[lastBuild](nil)
	if err != nil {
		panic(err) // a fault of this program, which each test finds
	}
	return c
}

// readLast gives what is remembered of the last build; nothing is an empty one.
// It reads while the caller goes on, to list the site's files.
func readLast(c *cache.Cache) <-chan *lastBuild {
	read := make(chan *lastBuild, 1)
	go func() {
		last, err := lastCoder().Read(c.Get(builder.LastBuild), nil)
		if err != nil {
			last = &lastBuild{}
		}
		read <- last
	}()
	return read
}

func (l *lastBuild) put(c *cache.Cache) {
	const usual = 256 // bytes of a file in the Memory
	c.Put(builder.LastBuild, lastCoder().Append(make([]byte, 0, usual*(len(l.Memory.Files)+16)), l))
}

// result is what WriteDir says when it has nothing to do.
func (l *lastBuild) result() output.Result {
	r := output.Result{Files: len(l.Memory.Files), Kept: len(l.Memory.Files)}
	for _, f := range l.Memory.Files {
		r.Bytes += f.Size
	}
	return r
}

// say prints the outcome of a build.
func (l *lastBuild) say(t *terminal, written output.Result, out string, start time.Time) {
	fmt.Fprintf(t.out, "%s · %s (%s new or changed, %d removed) · %s in %s · %s\n", tally(l.Diags), count(written.Files, "file"),
		fmt.Sprint(written.Written), written.Removed, megabytes(written.Bytes), display(out), seconds(time.Since(start)))
	fmt.Fprint(t.out, l.Summary, l.Told)
}

// sayKeys tells where the keys of sealed quizzes are, if there are any.
func (l *lastBuild) sayKeys(t *terminal, folder string) {
	if len(l.Keys) > 0 {
		fmt.Fprintf(t.out, "the key of each sealed quiz (%d) is in %s; keep this folder off the web server\n", len(l.Keys), display(folder))
	}
}
