package picture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"testing"
)

// photograph is a picture with something like the detail of one.
func photograph(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	r := rand.New(rand.NewPCG(1, 2))
	for y := range h {
		for x := range w {
			n := uint8(r.IntN(24))
			m.SetRGBA(x, y, color.RGBA{uint8(x*200/w) + n, uint8(y*200/h) + n, uint8((x+y)*100/(w+h)) + n, 255})
		}
	}
	return m
}

func asJPEG(t *testing.T, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asPNG(t *testing.T, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// made reads a plan and makes each of its versions, which must be what the plan says.
func madeOf(t *testing.T, file []byte) (Plan, []image.Image) {
	t.Helper()
	plan, err := Read(file)
	if err != nil {
		t.Fatal(err)
	}
	var out []image.Image
	for _, v := range plan.Versions {
		b, err := Make(file, v)
		if err != nil {
			t.Fatal(err)
		}
		m, format, err := image.Decode(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		if len(b) != v.Bytes || m.Bounds().Dx() != v.Width || m.Bounds().Dy() != v.Height || extOf(format) != v.Ext {
			t.Errorf("version %+v is %d bytes of %s, %v", v, len(b), format, m.Bounds())
		}
		out = append(out, m)
	}
	return plan, out
}

func widthsOf(p Plan) (out []int) {
	for _, v := range p.Versions {
		out = append(out, v.Width)
	}
	return out
}

func TestAPhotographIsSentInTheWidthsThatScreensUse(t *testing.T) {
	for _, c := range []struct {
		own  int
		want []int
	}{{1200, []int{360, 720, 1088}}, {1000, []int{360, 720, 1000}}, {200, []int{200}}} {
		plan, _ := madeOf(t, asJPEG(t, photograph(c.own, c.own/3)))
		got := widthsOf(plan)
		if len(got) != len(c.want) {
			t.Errorf("%d pixels wide: versions %v, want %v", c.own, got, c.want)
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%d pixels wide: versions %v, want %v", c.own, got, c.want)
			}
		}
	}
}

func TestASmallerVersionIsASmallerFile(t *testing.T) {
	file := asJPEG(t, photograph(1200, 600))
	plan, _ := madeOf(t, file)
	last := 0
	for _, v := range plan.Versions {
		if v.Bytes <= last {
			t.Errorf("version of %d pixels has %d bytes, the one before %d", v.Width, v.Bytes, last)
		}
		last = v.Bytes
	}
	if last >= len(file) {
		t.Errorf("largest version has %d bytes, the file %d", last, len(file))
	}
}

// A photograph saved as PNG is sent as JPEG; a drawing, which JPEG would blur and blow up, as PNG; glass stays glass.
func TestOfAPNGTheSmallerFormatIsSent(t *testing.T) {
	photo, _ := madeOf(t, asPNG(t, photograph(400, 300)))
	if v := photo.Versions[len(photo.Versions)-1]; v.Ext != ".jpg" {
		t.Errorf("a photograph: %+v", v)
	}
	flat := image.NewRGBA(image.Rect(0, 0, 300, 200))
	for i := range flat.Pix {
		flat.Pix[i] = 255
	}
	drawing, _ := madeOf(t, asPNG(t, flat))
	if v := drawing.Versions[0]; v.Ext != ".png" {
		t.Errorf("a drawing: %+v", v)
	}
	glass := photograph(400, 300)
	glass.SetRGBA(3, 3, color.RGBA{})
	clear, made := madeOf(t, asPNG(t, glass))
	for i, v := range clear.Versions {
		if v.Ext != ".png" || opaque(made[i]) {
			t.Errorf("a picture with a hole: %+v", v)
		}
	}
}

func TestAFileThatIsSmallAlreadyIsSentAsItCame(t *testing.T) {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, photograph(300, 200), &jpeg.Options{Quality: 40}); err != nil {
		t.Fatal(err)
	}
	plan, _ := madeOf(t, b.Bytes())
	if len(plan.Versions) != 1 || !plan.Versions[0].Original {
		t.Errorf("plan %+v", plan)
	}
}

// exif is the note of a camera that was held so, with a place behind it.
func exif(file []byte, orientation uint16) []byte {
	note := []byte("Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x00\x00\x00SECRET PLACE")
	binary.BigEndian.PutUint16(note[6+8+2+8:], orientation)
	segment := append([]byte{0xff, 0xe1, byte((len(note) + 2) >> 8), byte(len(note) + 2)}, note...)
	return withSegments(file, segment)
}

// In the picture the top left corner is red, and nothing else: after turning it must be where a browser shows it.
func TestAPictureThatLiesOnItsSideIsTurned(t *testing.T) {
	const w, h = 400, 200
	for orientation, want := range map[uint16][2]string{
		1: {"left", "top"}, 2: {"right", "top"}, 3: {"right", "bottom"}, 4: {"left", "bottom"},
		5: {"left", "top"}, 6: {"right", "top"}, 7: {"right", "bottom"}, 8: {"left", "bottom"},
	} {
		m := image.NewRGBA(image.Rect(0, 0, w, h))
		for y := range h {
			for x := range w {
				c := color.RGBA{255, 255, 255, 255}
				if x < 60 && y < 60 {
					c = color.RGBA{220, 0, 0, 255}
				}
				m.SetRGBA(x, y, c)
			}
		}
		plan, made := madeOf(t, exif(asJPEG(t, m), orientation))
		if lying := orientation >= 5; lying != (plan.Height > plan.Width) {
			t.Errorf("orientation %d: plan %+v", orientation, plan)
		}
		shown := made[len(made)-1]
		b := shown.Bounds()
		x, y := 20, 20
		if want[0] == "right" {
			x = b.Dx() - 20
		}
		if want[1] == "bottom" {
			y = b.Dy() - 20
		}
		if orientation == 1 {
			continue // nothing to turn
		}
		if _, g, _, _ := shown.At(x, y).RGBA(); g>>8 > 100 {
			t.Errorf("orientation %d: the corner is not %v", orientation, want)
		}
	}
}

func TestWhereAPictureWasTakenStaysOutOfItsVersions(t *testing.T) {
	file := exif(asJPEG(t, photograph(900, 600)), 1)
	plan, _ := madeOf(t, file)
	for _, v := range plan.Versions {
		if b, _ := Make(file, v); bytes.Contains(b, []byte("SECRET")) {
			t.Errorf("version %+v holds the camera's note", v)
		}
	}
}

func TestAColourProfileIsKept(t *testing.T) {
	profile := append([]byte{0xff, 0xe2, 0, 2 + 12 + 2 + 4}, "ICC_PROFILE\x00\x01\x01test"...)
	file := withSegments(asJPEG(t, photograph(900, 600)), profile)
	plan, _ := madeOf(t, file)
	for _, v := range plan.Versions {
		if b, _ := Make(file, v); !bytes.Contains(b, profile) {
			t.Errorf("version %+v lost the profile", v)
		}
	}
}

func TestWhatMovesAndOtherFormatsHaveNoVersions(t *testing.T) {
	var b bytes.Buffer
	if err := gif.Encode(&b, photograph(500, 300), nil); err != nil {
		t.Fatal(err)
	}
	moving := withChunk(asPNG(t, photograph(500, 300)), []byte("\x00\x00\x00\x08acTL\x00\x00\x00\x02\x00\x00\x00\x00\xf3\x8d\x93\x70"))
	for name, file := range map[string][]byte{"GIF": b.Bytes(), "animated PNG": moving} {
		plan, err := Read(file)
		if err != nil || len(plan.Versions) > 0 || plan.Width != 500 {
			t.Errorf("%s: %+v, %v", name, plan, err)
		}
	}
}

func TestAPictureThatWouldFillTheMemoryIsRefusedUnread(t *testing.T) {
	file := asPNG(t, photograph(10, 10))
	binary.BigEndian.PutUint32(file[16:], 60_000)
	binary.BigEndian.PutUint32(file[20:], 60_000)
	// The header's checksum covers the size.
	binary.BigEndian.PutUint32(file[29:], crc(file[12:29]))
	if _, err := Read(file); !errors.Is(err, ErrTooLarge) {
		t.Errorf("error %v", err)
	}
}

func crc(b []byte) uint32 { return crc32.ChecksumIEEE(b) }
