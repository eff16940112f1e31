package picture

import (
	"bytes"
	"encoding/binary"
	"image"

	"golang.org/x/image/draw"
)

// This file is what is read beside the pixels: how a camera was held (a browser obeys that, so a version without the note
// must be turned), the colour profile, which a version keeps, and whether a PNG moves. All else that a camera notes, the
// place among it, stays out of the versions.

// orientation is the number from 1 (upright) to 8 of a JPEG's Exif note, 1 where there is none. Exif 2.3, 4.6.4 A.
func orientation(file []byte) int {
	found := 1
	segments(file, func(marker byte, body []byte) {
		if marker != 0xe1 || !bytes.HasPrefix(body, []byte("Exif\x00\x00")) || found != 1 {
			return
		}
		tiff := body[6:]
		if len(tiff) < 8 {
			return
		}
		var order binary.ByteOrder = binary.LittleEndian
		if string(tiff[:2]) == "MM" {
			order = binary.BigEndian
		} else if string(tiff[:2]) != "II" {
			return
		}
		at := int(order.Uint32(tiff[4:]))
		if at < 8 || at+2 > len(tiff) {
			return
		}
		entries := int(order.Uint16(tiff[at:]))
		for i := range entries {
			entry := at + 2 + 12*i
			if entry+12 > len(tiff) {
				return
			}
			if order.Uint16(tiff[entry:]) == 0x0112 {
				if n := int(order.Uint16(tiff[entry+8:])); n >= 1 && n <= 8 {
					found = n
				}
				return
			}
		}
	})
	return found
}

// upright turns a picture as its orientation says.
func upright(m image.Image, orientation int) image.Image {
	if orientation == 1 {
		return m
	}
	b := m.Bounds()
	w, h := b.Dx(), b.Dy()
	from := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(from, from.Bounds(), m, b.Min, draw.Src)
	ow, oh := w, h
	if orientation >= 5 {
		ow, oh = h, w
	}
	to := image.NewRGBA(image.Rect(0, 0, ow, oh))
	for y := range oh {
		for x := range ow {
			sx, sy := x, y
			switch orientation {
			case 2:
				sx = w - 1 - x
			case 3:
				sx, sy = w-1-x, h-1-y
			case 4:
				sy = h - 1 - y
			case 5:
				sx, sy = y, x
			case 6:
				sx, sy = y, h-1-x
			case 7:
				sx, sy = w-1-y, h-1-x
			case 8:
				sx, sy = w-1-y, x
			}
			copy(to.Pix[to.PixOffset(x, y):][:4], from.Pix[from.PixOffset(sx, sy):][:4])
		}
	}
	return to
}

// maxProfile is the largest colour profile that is kept: those of cameras and phones have some hundred bytes, those of
// printing presses half a megabyte.
const maxProfile = 4096

// profileOf gives the parts of a file that hold its colour profile, as they stand there; nil where there is none.
func profileOf(file []byte, format string) []byte {
	var out []byte
	if format == "jpeg" {
		segments(file, func(marker byte, body []byte) {
			if marker == 0xe2 && bytes.HasPrefix(body, []byte("ICC_PROFILE\x00")) {
				out = append(out, 0xff, marker, byte((len(body)+2)>>8), byte(len(body)+2))
				out = append(out, body...)
			}
		})
	} else {
		chunks(file, func(name string, whole []byte) {
			if name == "iCCP" {
				out = append(out, whole...)
			}
		})
	}
	if len(out) > maxProfile {
		return nil
	}
	return out
}

// withSegments puts segments behind a JPEG's first marker.
func withSegments(file, extra []byte) []byte {
	if len(extra) == 0 || len(file) < 2 {
		return file
	}
	return append(append(bytes.Clone(file[:2]), extra...), file[2:]...)
}

// pngHead is the signature and the header chunk of a PNG.
const pngHead = 8 + 4 + 4 + 13 + 4

// withChunk puts a chunk behind a PNG's header.
func withChunk(file, extra []byte) []byte {
	if len(extra) == 0 || len(file) < pngHead {
		return file
	}
	return append(append(bytes.Clone(file[:pngHead]), extra...), file[pngHead:]...)
}

// animated tells a PNG that moves by its acTL chunk.
func animated(file []byte) bool {
	found := false
	chunks(file, func(name string, _ []byte) { found = found || name == "acTL" })
	return found
}

// segments walks the markers before a JPEG's pixels.
func segments(file []byte, see func(marker byte, body []byte)) {
	for at := 2; at+4 <= len(file) && file[at] == 0xff; {
		marker := file[at+1]
		if marker == 0xff { // a fill byte
			at++
			continue
		}
		size := int(binary.BigEndian.Uint16(file[at+2:]))
		if marker == 0xda || size < 2 || at+2+size > len(file) {
			return
		}
		see(marker, file[at+4:at+2+size])
		at += 2 + size
	}
}

// chunks walks a PNG up to its pixels.
func chunks(file []byte, see func(name string, whole []byte)) {
	for at := 8; at+12 <= len(file); {
		size := int(binary.BigEndian.Uint32(file[at:]))
		name := string(file[at+4 : at+8])
		if name == "IDAT" || size < 0 || size > len(file)-at-12 {
			return
		}
		see(name, file[at:at+12+size])
		at += 12 + size
	}
}
