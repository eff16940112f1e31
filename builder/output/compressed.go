package output

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"maps"
	"path"
	"strings"

	"github.com/andybalholm/brotli"
)

const (
	// brotliQuality 10 makes pages a sixth smaller than gzip does, in 16 ms each; 11 takes three times as long for 3 % more,
	// and 9 saves half as much.
	brotliQuality = 10
	// leastCompressed is the size below which a compressed file saves no packet on the way to a browser.
	leastCompressed = 1024
)

// Compressed is a set with a .gz and a .br file beside each text of it, for web servers that send such files as they are
// (nginx's gzip_static and brotli_static, Apache's MultiViews). What is small, or compressed already, gets none: a twin
// of it is not in the set.
//
// Whether a page is worth it is known only when it was made, so each text has both twins; a short one's are longer than
// it, and still right.
func Compressed(set *Set) (*Set, error) {
	entries := maps.Collect(set.All())
	for name, e := range set.All() {
		if !compressible(name) || e.Render == nil && e.Late == nil && len(e.Bytes) < leastCompressed {
			continue
		}
		for ext, encode := range map[string]func([]byte) []byte{".gz": gzipped, ".br": brotlied} {
			twin := Entry{Near: e.Near, Render: func() ([]byte, error) {
				b, err := e.Content()
				if err != nil {
					return nil, err
				}
				return encode(b), nil
			}}
			if e.Key != "" {
				twin.Key = fmt.Sprintf("%s%s%d", e.Key, ext, brotliQuality)
			}
			if e.Late != nil {
				twin.Late = func(sum func(string) (Sum, bool)) ([]byte, error) {
					b, err := e.Late(sum)
					if err != nil {
						return nil, err
					}
					return encode(b), nil
				}
			}
			if _, taken := entries[name+ext]; !taken {
				entries[name+ext] = twin
			}
		}
	}
	return NewSet(entries)
}

// compressible tells by name what is text.
func compressible(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".html", ".css", ".js", ".json", ".svg", ".txt", ".xml", ".vtt", ".csv", ".md":
		return true
	}
	return false
}

// gzipped has no name and no time in its header: same in, same out.
func gzipped(b []byte) []byte {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		panic(err) // the level is a constant
	}
	w.Write(b) // a bytes.Buffer takes all
	w.Close()
	return out.Bytes()
}

func brotlied(b []byte) []byte {
	var out bytes.Buffer
	w := brotli.NewWriterLevel(&out, brotliQuality)
	w.Write(b)
	w.Close()
	return out.Bytes()
}
