package course

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/fstest"

	"sopan.dev/sopan/internal/diag"
)

// grain is a photograph; the coarser, the smaller its file.
func grain(w, h, level int) image.Image {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	r := rand.New(rand.NewPCG(7, 7))
	for i := range m.Pix {
		m.Pix[i] = uint8(i/4*200/(w*h) + r.IntN(level))
		if i%4 == 3 {
			m.Pix[i] = 255
		}
	}
	return m
}

func jpegOf(t *testing.T, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func addresses(a *Asset) string {
	var out []string
	for _, p := range a.Pictures {
		out = append(out, p.Address)
	}
	return strings.Join(out, " ")
}

func assetOf(t *testing.T, s *Site, file string) *Asset {
	t.Helper()
	a := s.assets[file]
	if a == nil {
		t.Fatalf("the site has no %s", file)
	}
	return a
}

// The file itself holds what the camera noted, the place among it; it is published only where a text links to it.
func TestAPhotographIsPublishedInItsWidthsOnly(t *testing.T) {
	files := siteOf("content/c/m/a.md", "---\ntitle: A\n---\n\n![A photo](shown.jpg)\n\n![Another](both.jpg) [open](both.jpg)\n\n[open](linked.jpg)\n\n![One](/free.jpg)\n")
	photo := &fstest.MapFile{Data: jpegOf(t, grain(900, 600, 16))}
	for _, f := range []string{"content/c/m/shown.jpg", "content/c/m/both.jpg", "content/c/m/linked.jpg", "static/free.jpg"} {
		files[f] = photo
	}
	site, diags := load(t, files, LoadOptions{})
	if diags.HasErrors() {
		t.Fatal(text(t, files, diags))
	}
	for file, want := range map[string]struct {
		addresses string
		replaced  bool
	}{
		"content/c/m/shown.jpg":  {"c/m/shown.360w.jpg c/m/shown.720w.jpg c/m/shown.900w.jpg", true},
		"content/c/m/both.jpg":   {"c/m/both.360w.jpg c/m/both.720w.jpg c/m/both.900w.jpg", false},
		"content/c/m/linked.jpg": {"", false},
		"static/free.jpg":        {"free.360w.jpg free.720w.jpg free.900w.jpg", false},
	} {
		a := assetOf(t, site, file)
		if addresses(a) != want.addresses || a.Replaced != want.replaced {
			t.Errorf("%s: versions %q, replaced %v; want %q, %v", file, addresses(a), a.Replaced, want.addresses, want.replaced)
		}
	}
}

func TestAVersionTakesNoOtherFilesAddress(t *testing.T) {
	files := siteOf("content/c/m/a.md", "---\ntitle: A\n---\n\n![A](photo.jpg) ![B](photo.png) ![C](photo.360w.jpg)\n")
	var asPNG bytes.Buffer
	if err := png.Encode(&asPNG, grain(800, 500, 40)); err != nil {
		t.Fatal(err)
	}
	files["content/c/m/photo.jpg"] = &fstest.MapFile{Data: jpegOf(t, grain(800, 500, 16))}
	files["content/c/m/photo.png"] = &fstest.MapFile{Data: asPNG.Bytes()}
	files["content/c/m/photo.360w.jpg"] = &fstest.MapFile{Data: jpegOf(t, grain(500, 300, 16))}
	site, diags := load(t, files, LoadOptions{})
	if diags.HasErrors() {
		t.Fatal(text(t, files, diags))
	}
	seen := map[string]string{}
	for _, a := range site.Assets {
		all := strings.Fields(addresses(a))
		if !a.Replaced {
			all = append(all, a.Address)
		}
		for _, address := range all {
			if other := seen[address]; other != "" && other != a.File {
				t.Errorf("%s and %s are both at %s", other, a.File, address)
			}
			seen[address] = a.File
		}
	}
}

func TestAHeavyPictureIsNamed(t *testing.T) {
	files := siteOf("content/c/m/a.md", "---\ntitle: A\n---\n\n![Noise](noise.jpg)\n\n![Drawing](drawing.svg)\n\n[Not shown](other.svg)\n")
	m := image.NewRGBA(image.Rect(0, 0, 1200, 1200))
	r := rand.New(rand.NewPCG(7, 7))
	for y := range 1200 {
		for x := range 1200 {
			m.SetRGBA(x, y, color.RGBA{uint8(r.IntN(256)), uint8(r.IntN(256)), uint8(r.IntN(256)), 255})
		}
	}
	files["content/c/m/noise.jpg"] = &fstest.MapFile{Data: jpegOf(t, m)}
	drawing := []byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10">` + strings.Repeat("<path d='M0 0L10 10'/>\n", 5000) + "</svg>")
	files["content/c/m/drawing.svg"] = &fstest.MapFile{Data: drawing}
	files["content/c/m/other.svg"] = &fstest.MapFile{Data: drawing}
	_, diags := load(t, files, LoadOptions{})
	var named []string
	for _, d := range diags {
		if d.Code == "image/heavy" {
			named = append(named, d.Start.File)
		}
	}
	if got := strings.Join(named, " "); got != "content/c/m/drawing.svg content/c/m/noise.jpg" {
		t.Errorf("named: %q\n%s", got, text(t, files, diags))
	}
}

func TestAPictureOfTooManyPixelsIsRefused(t *testing.T) {
	var b bytes.Buffer
	if err := png.Encode(&b, grain(10, 10, 16)); err != nil {
		t.Fatal(err)
	}
	file := b.Bytes()
	binary.BigEndian.PutUint32(file[16:], 20_000)
	binary.BigEndian.PutUint32(file[20:], 20_000)
	binary.BigEndian.PutUint32(file[29:], crc32.ChecksumIEEE(file[12:29])) // of the header
	files := siteOf("content/c/m/a.md", "---\ntitle: A\n---\n\n![A](big.png)\n")
	files["content/c/m/big.png"] = &fstest.MapFile{Data: file}
	_, diags := load(t, files, LoadOptions{})
	for _, d := range diags {
		if d.Code == "image/too-large" && d.Severity == diag.Error && d.Start.File == "content/c/m/big.png" {
			return
		}
	}
	t.Error(text(t, files, diags))
}
