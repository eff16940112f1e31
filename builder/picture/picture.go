// Package picture makes the small versions of a photograph that phones on a poor network are sent.
//
// In go the bytes of a JPEG or PNG file; out come a Plan, which lists the versions that are worth having (their sizes in
// pixels and in bytes), and the bytes of each. The same picture gives the same bytes on every machine.
//
// The package opens no file, knows no address and no page. Drawings (SVG), animations, and formats that phones are sent
// small already (WebP, AVIF) are none of its business: they have no plan.
package picture

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"slices"

	"golang.org/x/image/draw"
)

// widths are how wide, in pixels, a picture is sent at most: the text column of the theme (544 CSS pixels) on a screen of
// two pixels a CSS pixel, a phone (360) of two, and a phone of one.
var widths = [...]int{360, 720, 1088}

const (
	// mostPixels bounds what is decoded: 160 MB in memory. Phones of today take pictures of 12 to 50 million.
	mostPixels = 40 << 20
	// quality of a JPEG: below 75 the edges of letters begin to smear, above 85 the file grows and nobody sees why.
	quality = 80
	// worth is the share of the next larger version's bytes below which a smaller version is worth an entry of its own.
	worth = 0.85
)

// ErrTooLarge is a picture of more pixels than are decoded.
var ErrTooLarge = errors.New("a picture of more than 40 million pixels")

// Plan says how a picture is shown, and in which versions it is sent.
type Plan struct {
	Width, Height int // in pixels, turned as a camera noted it
	Versions      []Version
}

// Version is the picture at one width. A browser picks one.
type Version struct {
	Width, Height int
	Ext           string // ".jpg" or ".png"
	Bytes         int    // of its file
	Original      bool   // the file as it came: nothing smaller could be made of it
}

// Read decodes a picture and makes its plan. A picture with no plan (an animation, another format) has no versions and no
// error; the error is ErrTooLarge, or that of a decoder.
func Read(file []byte) (Plan, error) {
	made, plan, err := versions(file, 0)
	if err != nil || len(made) == 0 {
		return plan, err
	}
	for _, m := range made {
		plan.Versions = append(plan.Versions, m.Version)
	}
	return plan, nil
}

// Make gives the bytes of a version that Read listed for the same file.
func Make(file []byte, want Version) ([]byte, error) {
	if want.Original {
		return file, nil
	}
	made, _, err := versions(file, want.Width)
	if err != nil {
		return nil, err
	}
	for _, m := range made {
		if m.Version == want {
			return m.content, nil
		}
	}
	return nil, fmt.Errorf("a picture has no version %d pixels wide", want.Width)
}

type made struct {
	Version
	content []byte
}

// versions makes all of them down to a width, the largest first and last in the list: a smaller one is scaled from the next
// larger, which costs a fraction.
func versions(file []byte, down int) ([]made, Plan, error) {
	config, format, err := image.DecodeConfig(bytes.NewReader(file))
	if err != nil {
		return nil, Plan{}, err
	}
	if config.Width <= 0 || config.Height <= 0 {
		return nil, Plan{}, errors.New("a picture without width or height")
	}
	turn := 1
	if format == "jpeg" {
		turn = orientation(file)
	}
	plan := Plan{Width: config.Width, Height: config.Height}
	if turn >= 5 { // lying
		plan.Width, plan.Height = plan.Height, plan.Width
	}
	if format != "jpeg" && (format != "png" || animated(file)) {
		return nil, plan, nil
	}
	if config.Width*config.Height > mostPixels {
		return nil, plan, ErrTooLarge
	}
	decoded, _, err := image.Decode(bytes.NewReader(file))
	if err != nil {
		return nil, plan, err
	}
	whole := upright(decoded, turn)
	profile := profileOf(file, format)
	var out []made
	at := whole
	for _, w := range slices.Backward(targets(plan.Width)) {
		if w < down {
			break
		}
		at = scaled(at, w, max(1, (plan.Height*w+plan.Width/2)/plan.Width))
		m, err := smallest(at, format, profile)
		if err != nil {
			return nil, plan, err
		}
		// What came small enough is sent as it came, unless a camera laid it on its side.
		if w == plan.Width && turn == 1 && len(m.content) >= len(file) {
			m = made{Version{Ext: extOf(format), Original: true}, file}
		}
		m.Width, m.Height, m.Bytes = at.Bounds().Dx(), at.Bounds().Dy(), len(m.content)
		if len(out) > 0 && float64(m.Bytes) > worth*float64(out[0].Bytes) {
			continue
		}
		out = append([]made{m}, out...)
	}
	return out, plan, nil
}

// targets are the widths that a picture is wide enough for; its own is the last where it is no wider than the widest.
func targets(own int) []int {
	var out []int
	for _, w := range widths {
		if w < own {
			out = append(out, w)
		}
	}
	if own <= widths[len(widths)-1] {
		out = append(out, own)
	}
	return out
}

func extOf(format string) string {
	if format == "jpeg" {
		return ".jpg"
	}
	return ".png"
}

// smallest encodes a picture: a photograph stays a JPEG; of what came as PNG, and hides nothing behind it, the smaller of
// the two formats is taken.
func smallest(m image.Image, format string, profile []byte) (made, error) {
	var best made
	if format == "png" {
		var b bytes.Buffer
		e := png.Encoder{CompressionLevel: png.BestCompression}
		if err := e.Encode(&b, m); err != nil {
			return best, err
		}
		best = made{Version{Ext: ".png"}, b.Bytes()}
		if !opaque(m) || profile != nil {
			return made{best.Version, withChunk(best.content, profile)}, nil
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: quality}); err != nil {
		return best, err
	}
	if best.content == nil || b.Len() < len(best.content) {
		best = made{Version{Ext: ".jpg"}, b.Bytes()}
		if format == "jpeg" {
			best.content = withSegments(best.content, profile)
		}
	}
	return best, nil
}

func opaque(m image.Image) bool {
	o, ok := m.(interface{ Opaque() bool })
	return ok && o.Opaque()
}

// scaled gives a picture at another size, as it is at its own.
func scaled(m image.Image, w, h int) image.Image {
	if m.Bounds().Dx() == w && m.Bounds().Dy() == h {
		return m
	}
	var to draw.Image = image.NewRGBA(image.Rect(0, 0, w, h))
	if m.ColorModel() == color.GrayModel {
		to = image.NewGray(to.Bounds())
	}
	draw.CatmullRom.Scale(to, to.Bounds(), m, m.Bounds(), draw.Src, nil)
	return to
}
