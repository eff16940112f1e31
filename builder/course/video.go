package course

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"sopan.dev/sopan/internal/diag"
)

// film is what an MP4 file says of itself.
type film struct {
	width, height int    // in CSS pixels, as it is shown
	codec         string // of the pictures, as four letters
}

const (
	// maxMoov is the largest table of contents that is read: an hour of film has 2 MB.
	maxMoov = 16 << 20
	// maxBoxes ends the walk through a file of empty boxes.
	maxBoxes = 10_000
)

var (
	errNoFilm     = errors.New("no film")
	errNoPictures = errors.New("no pictures in the film")
)

// readMP4 finds the size and the codec of a film's pictures: without a size a
// page would jump when the film is loaded. Of the file it reads the heads of
// the outer boxes and the one that lists the tracks, wherever that stands.
// ISO/IEC 14496-12, 4.2 (boxes), 8.3.2 (tkhd), 8.5.2 (stsd).
func readMP4(r io.Reader) (film, error) {
	for n := range maxBoxes {
		name, size, err := boxHead(r)
		if err != nil || n == 0 && name != "ftyp" && name != "moov" && name != "skip" && name != "free" && name != "wide" && name != "mdat" {
			return film{}, errNoFilm
		}
		if name != "moov" {
			if size < 0 || skip(r, size) != nil { // a box to the end of the file, and no moov before it
				return film{}, errNoFilm
			}
			continue
		}
		if size < 0 || size > maxMoov {
			return film{}, errNoFilm
		}
		moov := make([]byte, size)
		if _, err := io.ReadFull(r, moov); err != nil {
			return film{}, errNoFilm
		}
		var found film
		boxes(moov, func(name string, trak []byte) {
			if name == "trak" && (found.width == 0 || found.height == 0) {
				found = readTrack(trak)
			}
		})
		if found.width == 0 || found.height == 0 {
			return film{}, errNoPictures
		}
		return found, nil
	}
	return film{}, errNoFilm
}

// readTrack gives a track's size and codec, no size for sound.
func readTrack(trak []byte) (f film) {
	boxes(trak, func(name string, b []byte) {
		switch name {
		case "tkhd":
			if len(b) >= 84 {
				b = b[len(b)-44:] // version 1 is longer before the matrix
				f.width, f.height = whole(b[36:]), whole(b[40:])
				if whole(b) == 0 && whole(b[4:]) != 0 { // turned by a quarter, as a phone is that is held upright
					f.width, f.height = f.height, f.width
				}
			}
		case "mdia":
			inside(b, "minf", func(b []byte) {
				inside(b, "stbl", func(b []byte) {
					inside(b, "stsd", func(b []byte) {
						if len(b) >= 16 {
							f.codec = string(b[12:16])
						}
					})
				})
			})
		}
	})
	return f
}

// whole reads a number of 16 bits before and 16 after the point, rounded down.
func whole(b []byte) int { return int(binary.BigEndian.Uint32(b) >> 16) }

// boxHead reads the head of a box and gives the length of what follows it, -1
// for the rest of the file.
func boxHead(r io.Reader) (name string, size int64, err error) {
	var head [16]byte
	if _, err := io.ReadFull(r, head[:8]); err != nil {
		return "", 0, err
	}
	name, size = string(head[4:8]), int64(binary.BigEndian.Uint32(head[:4]))
	switch {
	case size == 0:
		return name, -1, nil
	case size == 1:
		if _, err := io.ReadFull(r, head[8:]); err != nil {
			return "", 0, err
		}
		if size = int64(binary.BigEndian.Uint64(head[8:])) - 16; size < 0 {
			return "", 0, errNoFilm
		}
		return name, size, nil
	case size < 8:
		return "", 0, errNoFilm
	}
	return name, size - 8, nil
}

// skip passes over n bytes, without reading them where the file allows it.
func skip(r io.Reader, n int64) error {
	if s, ok := r.(io.Seeker); ok {
		_, err := s.Seek(n, io.SeekCurrent)
		return err
	}
	_, err := io.CopyN(io.Discard, r, n)
	return err
}

// boxes goes over the boxes in b, as far as they are whole.
func boxes(b []byte, each func(name string, content []byte)) {
	for n := 0; len(b) >= 8 && n < maxBoxes; n++ {
		r := bytes.NewReader(b)
		name, size, err := boxHead(r)
		if err != nil || size < 0 || size > int64(r.Len()) {
			return
		}
		rest := b[len(b)-r.Len():]
		each(name, rest[:size])
		b = rest[size:]
	}
}

func inside(b []byte, name string, then func([]byte)) {
	boxes(b, func(n string, content []byte) {
		if n == name {
			then(content)
		}
	})
}

// checkFilm measures a film and says what keeps browsers from playing it.
func (a *Asset) checkFilm(r io.Reader) diag.List {
	f, err := readMP4(r)
	at := diag.Pos{File: a.File}
	switch {
	case errors.Is(err, errNoPictures):
		return diag.List{{Start: at, Code: "video/broken", Message: "The film has no pictures.", Hint: "Export it again as MP4 with H.264 pictures, or link to it as a sound file."}}
	case err != nil:
		return diag.List{{Start: at, Code: "video/broken", Message: "The film cannot be read: it is damaged, or of another type than its name says.", Hint: "Export it again as MP4."}}
	}
	a.Width, a.Height = f.width, f.height
	// What plays on a phone of 2020, and what an iPhone records unless it is told otherwise.
	if slices.Contains([]string{"hvc1", "hev1", "dvh1", "dvhe", "mp4v", "apch", "apcn"}, f.codec) {
		return diag.List{{Start: at, Severity: diag.Warning, Code: "video/codec", Message: fmt.Sprintf("The film's pictures are coded as `%s`, which many browsers cannot show.", f.codec),
			Hint: "Export it again as MP4 with H.264 pictures."}}
	}
	return nil
}

// checkVideo says which captions a video in a text lacks.
func (l *loader) checkVideo(v *Version, m Mention) {
	if m.What != "video" {
		return
	}
	d, e := l.site.Resolve(v, m.Dest)
	if e != nil || d.Asset == nil {
		return // reported
	}
	stem := strings.TrimSuffix(path.Base(d.Asset.File), path.Ext(d.Asset.File))
	first := l.site.Settings.Languages[0]
	name := stem + ".vtt"
	if v.Lang != first {
		name = stem + "." + v.Lang + ".vtt"
	}
	tracks := l.site.Tracks(d.Asset)
	start, end := m.at.in(v.File)
	switch {
	case len(tracks) == 0:
		l.diags = append(l.diags, diag.Diagnostic{Start: start, End: end, Severity: diag.Warning, Code: "video/no-captions",
			Message: "The video has no captions: who cannot hear it, or has no sound where they learn, misses it.", Hint: fmt.Sprintf("Write what is said and shown into `%s`, beside the video.", name)})
	case !slices.ContainsFunc(tracks, func(t Track) bool { return t.Lang == v.Lang }):
		language, _ := LanguageByTag(v.Lang)
		l.diags = append(l.diags, diag.Diagnostic{Start: start, End: end, Severity: diag.Note, Code: "video/captions-untranslated",
			Message: fmt.Sprintf("The video has no captions in this text's language, %s.", language.Name), Hint: fmt.Sprintf("Write them into `%s`, beside the video.", name)})
	}
}
