package picture

import (
	"bytes"
	"image"
	"image/jpeg"
	"image/png"
	"testing"

	"sopan.dev/sopan/internal/mutate"
)

func FuzzRead(f *testing.F) {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, photograph(40, 30), nil); err != nil {
		f.Fatal(err)
	}
	empty := bytes.Replace(b.Bytes(), []byte{0, 30, 0, 40}, []byte{0, 30, 0, 0}, 1) // no pixels wide, as it says
	seeds := [][]byte{b.Bytes(), empty, exif(b.Bytes(), 6)}
	b = bytes.Buffer{}
	if err := png.Encode(&b, photograph(40, 30)); err != nil {
		f.Fatal(err)
	}
	mutate.Add(f, 300, append(seeds, b.Bytes())...)
	f.Fuzz(func(t *testing.T, file []byte) {
		if c, _, err := image.DecodeConfig(bytes.NewReader(file)); err == nil && c.Width*c.Height > 1<<20 {
			return // slow, and no other code
		}
		plan, err := Read(file)
		if err != nil {
			return
		}
		for _, v := range plan.Versions {
			if out, err := Make(file, v); err != nil || len(out) != v.Bytes {
				t.Errorf("version %+v: %d bytes, %v", v, len(out), err)
			}
		}
	})
}
