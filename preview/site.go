package preview

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path"
	"strings"
	"sync"
	"sync/atomic"

	"sopan.dev/sopan/builder/output"
)

// maxMemo bounds the bytes of rendered pages that a site keeps; what is beyond
// is rendered again at each request.
const maxMemo = 64 << 20

// site is one build as the server shows it: an immutable set, and the pages
// that were asked for so far.
type site struct {
	set     *output.Set
	version string
	pages   sync.Map // path -> *page
	kept    atomic.Int64
}

// page is one file, made once however many requests ask for it at a time.
type page struct {
	once sync.Once
	key  string
	body []byte
	etag string
	err  error
}

// newSite takes over the pages of the build before whose key is the same.
func newSite(set *output.Set, version string, before *site) *site {
	s := &site{set: set, version: version}
	if before == nil {
		return s
	}
	before.pages.Range(func(name, value any) bool {
		old := value.(*page)
		entry, ok := set.Entry(name.(string))
		if ok && old.key != "" && old.key == entry.Key && old.etag != "" {
			s.pages.Store(name, old)
			s.kept.Add(int64(len(old.body)))
		}
		return true
	})
	return s
}

// open gives a file of the set with its tag. ok is false when there is none.
func (s *site) open(name string) (p *page, ok bool) {
	entry, ok := s.set.Entry(name)
	if !ok {
		return nil, false
	}
	value, _ := s.pages.LoadOrStore(name, &page{key: entry.Key})
	p = value.(*page)
	p.once.Do(func() {
		// A page that brings its renderer down is that page's trouble alone.
		defer func() {
			if r := recover(); r != nil {
				p.err = fmt.Errorf("the renderer gave up: %v", r)
			}
		}()
		if p.body, p.err = entry.Content(); p.err != nil {
			return
		}
		sum := sha256.Sum256(p.body)
		p.etag = hex.EncodeToString(sum[:12])
		if entry.Render != nil && s.kept.Add(int64(len(p.body))) > maxMemo {
			s.kept.Add(-int64(len(p.body)))
			s.pages.Delete(name)
		}
	})
	return p, true
}

// contentTypes is our own table: the operating system's says different things
// on different machines (a Windows registry may call .js text/plain).
var contentTypes = map[string]string{
	".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8",
	".json": "application/json", ".webmanifest": "application/manifest+json", ".xml": "application/xml",
	".txt": "text/plain; charset=utf-8", ".md": "text/plain; charset=utf-8", ".csv": "text/csv; charset=utf-8", ".vtt": "text/vtt; charset=utf-8",
	".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif",
	".webp": "image/webp", ".avif": "image/avif", ".ico": "image/x-icon",
	".woff2": "font/woff2", ".woff": "font/woff", ".ttf": "font/ttf", ".otf": "font/otf",
	".mp4": "video/mp4", ".webm": "video/webm", ".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".ogg": "audio/ogg", ".wav": "audio/wav",
	".pdf": "application/pdf", ".zip": "application/zip", ".epub": "application/epub+zip",
}

func contentType(name string) string {
	if t, ok := contentTypes[strings.ToLower(path.Ext(name))]; ok {
		return t
	}
	return "application/octet-stream"
}
