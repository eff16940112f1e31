package course

import (
	"encoding/binary"
	"io"
	"os"
	"strings"
	"testing"
)

// box makes a box of an MP4 file.
func box(name string, content ...string) string {
	all := strings.Join(content, "")
	return string(binary.BigEndian.AppendUint32(nil, uint32(8+len(all)))) + name + all
}

func be(n ...int) string {
	var b []byte
	for _, v := range n {
		b = binary.BigEndian.AppendUint32(b, uint32(int32(v)))
	}
	return string(b)
}

// track makes a trak: of pictures of a size with a matrix, or of sound (0 × 0).
func track(version, w, h int, matrix []int, codec string) string {
	times := 20 // creation, modification, id, reserved, duration
	if version == 1 {
		times = 32
	}
	head := be(version<<24) + strings.Repeat("\x00", times+16) + be(matrix...) + be(w<<16, h<<16)
	return box("trak", box("tkhd", head), box("mdia", box("minf", box("stbl", box("stsd", be(0, 1), box(codec, "rest"))))))
}

var (
	upright = []int{1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30}
	quarter = []int{0, 1 << 16, 0, -1 << 16, 0, 0, 0, 0, 1 << 30}
)

func TestFilmsAreMeasured(t *testing.T) {
	sound := track(0, 0, 0, upright, "mp4a")
	mdat := box("mdat", strings.Repeat("x", 5000))
	large := be(1) + "mdat" + be(0, 16+3000) + strings.Repeat("y", 3000) // a box with a size of 64 bits
	for _, c := range []struct {
		claim, film string
		w, h        int
		codec       string
	}{
		{"its table first", box("ftyp", "isom") + box("moov", track(0, 640, 360, upright, "avc1")) + mdat, 640, 360, "avc1"},
		{"its table last", box("ftyp", "isom") + mdat + large + box("moov", sound, track(0, 640, 360, upright, "avc1")), 640, 360, "avc1"},
		{"without ftyp, as old cameras write it", box("wide") + mdat + box("moov", track(0, 320, 240, upright, "mp4v")), 320, 240, "mp4v"},
		{"with long times", box("ftyp", "isom") + box("moov", track(1, 1280, 720, upright, "hvc1")), 1280, 720, "hvc1"},
		{"held upright", box("ftyp", "isom") + box("moov", track(0, 1920, 1080, quarter, "avc1")), 1080, 1920, "avc1"},
		{"the first of two", box("ftyp", "isom") + box("moov", track(0, 64, 36, upright, "avc1"), track(0, 9, 9, upright, "avc1")), 64, 36, "avc1"},
	} {
		for _, r := range []io.Reader{strings.NewReader(c.film), io.MultiReader(strings.NewReader(c.film))} { // one cannot seek
			if f, err := readMP4(r); err != nil || f != (film{c.w, c.h, c.codec}) {
				t.Errorf("%s: %+v, %v, want %d × %d %s", c.claim, f, err, c.w, c.h, c.codec)
			}
		}
	}
	for _, c := range []string{
		"", "x", "film", "<html>", "\x00\x00\x00\x00ftyp", be(4) + "ftyp", be(1) + "ftyp" + be(0, 3), be(-1) + "moov",
		box("ftyp", "isom"), box("ftyp", "isom") + mdat, box("ftyp", "isom") + be(0) + "mdatx",
		box("ftyp", "isom") + box("moov"), box("ftyp", "isom") + box("moov", sound), box("ftyp", "isom") + box("moov", box("trak", box("tkhd", "short"))),
		box("ftyp", "isom") + be(maxMoov+100) + "moov",
		(box("ftyp", "isom") + box("moov", track(0, 640, 360, upright, "avc1")))[:80],
		strings.Repeat(box("free"), maxBoxes+1),
		box("ftyp", "isom") + box("moov", strings.Repeat(box("free"), maxBoxes), track(0, 1, 1, upright, "avc1")),
	} {
		if f, err := readMP4(strings.NewReader(c)); err == nil {
			t.Errorf("%.40q is a film: %+v", c, f)
		}
	}
}

// TestTheSampleFilmIsMeasured reads a film that a coder wrote, not our test.
func TestTheSampleFilmIsMeasured(t *testing.T) {
	f, err := os.Open("../../content/mission-karmayogi/30-learning-anywhere/three-steps.mp4")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got, err := readMP4(f); err != nil || got != (film{640, 360, "avc1"}) {
		t.Errorf("%+v, %v", got, err)
	}
	if info, err := f.Stat(); err != nil || info.Size() > 120_000 {
		t.Errorf("the film is large for a phone: %d bytes, %v", info.Size(), err)
	}
}

func TestAFilmThatManyBrowsersCannotShowIsNamed(t *testing.T) {
	for codec, want := range map[string]bool{"hvc1": true, "hev1": true, "mp4v": true, "avc1": false, "avc3": false, "av01": false, "vp09": false} {
		a := &Asset{File: "a.mp4"}
		diags := a.checkFilm(strings.NewReader(box("ftyp", "isom") + box("moov", track(0, 640, 360, upright, codec))))
		if hasCode(diags, "video/codec") != want || a.Width != 640 || a.Height != 360 {
			t.Errorf("%s: %v, %d × %d", codec, diags, a.Width, a.Height)
		}
	}
}
