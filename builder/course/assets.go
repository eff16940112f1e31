package course

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"image"
	_ "image/gif"  // dimensions of GIF, JPEG and PNG files
	_ "image/jpeg" //
	_ "image/png"  //
	"io"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"sopan.dev/sopan/internal/diag"
)

// Asset is a file that reaches the output as it is.
type Asset struct {
	File          string // source path
	Address       string
	Width, Height int       // of a picture or a video, in CSS pixels; 0 where unknown
	Pictures      []Picture // of a photograph that a text shows, narrowest first
	Replaced      bool      // by its Pictures: the file itself is not published
	used          bool      // a text speaks of it
	shown, linked bool      // as a picture, or as something to open
}

// Track is the captions of a video in one language.
type Track struct {
	Lang  string
	Asset *Asset
}

func (s *Site) addAsset(file, address string) {
	a := &Asset{File: file, Address: address}
	s.Assets = append(s.Assets, a)
	s.assets[file] = a
}

// imageTypes are what an <img> may show.
var imageTypes = []string{".svg", ".png", ".jpg", ".jpeg", ".webp", ".avif", ".gif"}

func isImage(file string) bool {
	return slices.Contains(imageTypes, strings.ToLower(path.Ext(file)))
}

// readAssets measures pictures and films, refuses drawings that could run
// script, and looks into captions.
func (l *loader) readAssets() error {
	for _, a := range l.site.Assets {
		switch strings.ToLower(path.Ext(a.File)) {
		case ".svg":
			b, err := l.tree.Bytes(a.File)
			if errors.Is(err, fs.ErrPermission) {
				l.unreadable(a.File)
				continue
			}
			if err != nil {
				return err
			}
			var diags diag.List
			a.Width, a.Height, diags = readSVG(a.File, b)
			l.diags = append(l.diags, diags...)
		case ".png", ".jpg", ".jpeg", ".gif":
			f, err := l.tree.Open(a.File)
			if errors.Is(err, fs.ErrPermission) {
				l.unreadable(a.File)
				continue
			}
			if err != nil {
				return fmt.Errorf("reading %s: %w", a.File, err)
			}
			config, _, err := image.DecodeConfig(f)
			f.Close()
			if err != nil {
				l.diags = append(l.diags, brokenPicture(a.File))
				continue
			}
			a.Width, a.Height = config.Width, config.Height
		case ".mp4":
			f, err := l.tree.Open(a.File)
			if errors.Is(err, fs.ErrPermission) {
				l.unreadable(a.File)
				continue
			}
			if err != nil {
				return fmt.Errorf("reading %s: %w", a.File, err)
			}
			l.diags = append(l.diags, a.checkFilm(f)...)
			f.Close()
		case ".vtt":
			b, err := l.tree.Bytes(a.File)
			if errors.Is(err, fs.ErrPermission) {
				l.unreadable(a.File)
				continue
			}
			if err != nil {
				return err
			}
			l.diags = append(l.diags, checkCaptions(a.File, b)...)
		}
	}
	return nil
}

func (l *loader) unreadable(file string) {
	l.diags = append(l.diags, diag.Diagnostic{Start: diag.Pos{File: file}, Code: "source/unreadable", Message: "The file cannot be read.", Hint: "Give yourself the permission to read it."})
}

// Tracks lists the captions beside a video: talk.vtt in the site's first
// language, talk.hi.vtt in Hindi.
func (s *Site) Tracks(video *Asset) []Track {
	stem := strings.TrimSuffix(video.File, path.Ext(video.File))
	var out []Track
	for n, lang := range s.Settings.Languages {
		if a := s.assets[stem+"."+lang+".vtt"]; a != nil {
			out = append(out, Track{lang, a})
		} else if a := s.assets[stem+".vtt"]; a != nil && n == 0 {
			out = append(out, Track{lang, a})
		}
	}
	return out
}

// activeSVG are elements that run script, load documents or hold HTML.
var activeSVG = []string{"script", "foreignobject", "iframe", "object", "embed", "audio", "video", "handler", "listener"}

var errNotUTF8 = errors.New("the drawing is not saved as UTF-8")

// readSVG gives a drawing's size from its attributes or its viewBox, and an
// error for everything in it that could act when the file is opened by itself
// (a browser then treats it as a document of the site).
func readSVG(file string, b []byte) (width, height int, diags diag.List) {
	text := lineIndex(file, b)
	dec := xml.NewDecoder(bytes.NewReader(b))
	dec.Strict = true
	dec.CharsetReader = func(string, io.Reader) (io.Reader, error) { return nil, errNotUTF8 }
	refuse := func(offset int64, code, message, hint string) {
		diags = append(diags, diag.Diagnostic{Start: text(int(offset)), Code: code, Message: message, Hint: hint})
	}
	depth, root := 0, false
	var style strings.Builder // what stands in the <style> at hand
	styleAt := int64(0)
	for {
		before := dec.InputOffset()
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if errors.Is(err, errNotUTF8) {
			refuse(before, "image/broken", "The drawing is not saved as UTF-8.", "Save it again as plain SVG; its first line says `encoding=\"UTF-8\"`.")
			return width, height, diags
		}
		if err != nil {
			refuse(dec.InputOffset(), "image/broken", "The drawing cannot be read: it is not well-formed SVG.", "Open it in a drawing program and save it again as plain SVG.")
			return width, height, diags
		}
		switch t := token.(type) {
		case xml.Directive:
			// An internal subset may define entities, and attributes such as
			// onload for elements that do not show them.
			if bytes.IndexByte(t, '[') >= 0 {
				refuse(before, "image/svg-active", "The drawing's DOCTYPE defines something of its own, which is not allowed.", "Save it again as plain SVG.")
				return width, height, diags
			}
		case xml.ProcInst:
			if t.Target != "xml" {
				refuse(before, "image/svg-active", fmt.Sprintf("The drawing loads something else (`<?%s …?>`).", t.Target), "Save it again as plain SVG.")
			}
		case xml.StartElement:
			depth++
			if depth > 200 {
				refuse(before, "image/broken", "The drawing is nested more than 200 deep.", "Simplify it.")
				return width, height, diags
			}
			name := strings.ToLower(t.Name.Local)
			if !root {
				root = true
				if name != "svg" {
					refuse(before, "image/broken", "The file is not an SVG drawing.", "Save it again as plain SVG.")
					return width, height, diags
				}
				width, height = sizeOf(t)
			}
			if name == "style" {
				style.Reset()
				styleAt = before
			}
			if slices.Contains(activeSVG, name) || t.Name.Space == "http://www.w3.org/1999/xhtml" {
				refuse(before, "image/svg-active", fmt.Sprintf("The drawing holds a `<%s>`, which could run when the file is opened.", t.Name.Local), "Save it again as plain SVG, without script.")
			}
			for _, a := range t.Attr {
				if why := activeAttribute(name, a); why != "" {
					refuse(before, "image/svg-active", "The drawing "+why+".", "Save it again as plain SVG, with everything it shows inside it.")
				}
			}
		case xml.EndElement:
			depth--
			// A style is judged whole: comments may cut it into pieces.
			if strings.EqualFold(t.Name.Local, "style") && loadsFromElsewhere(style.String()) {
				refuse(styleAt, "image/svg-active", "The drawing's style loads something from elsewhere.", "Save it again as plain SVG, with everything it shows inside it.")
			}
		case xml.CharData:
			style.Write(t)
		}
	}
	if !root {
		refuse(0, "image/broken", "The file is not an SVG drawing.", "Save it again as plain SVG.")
	}
	return width, height, diags
}

// activeAttribute says what is wrong with an attribute, or "".
func activeAttribute(element string, a xml.Attr) string {
	name := strings.ToLower(a.Name.Local)
	value := strings.ToLower(strings.Join(strings.Fields(a.Value), ""))
	switch {
	case strings.HasPrefix(name, "on"):
		return fmt.Sprintf("holds the script attribute `%s`", a.Name.Local)
	case name == "href" || name == "src":
		if a.Name.Space == "xmlns" || strings.HasPrefix(value, "#") || value == "" {
			return ""
		}
		if element == "image" && (strings.HasPrefix(value, "data:image/png") || strings.HasPrefix(value, "data:image/jpeg")) {
			return ""
		}
		return fmt.Sprintf("refers to `%.40s`", a.Value)
	case (element == "set" || strings.HasPrefix(element, "animate")) && name == "attributename" && (strings.HasSuffix(value, "href") || strings.HasPrefix(value, "on")):
		return "animates a link"
	case strings.Contains(value, "javascript:"):
		return "holds a script address"
	case name == "style" && loadsFromElsewhere(value) || strings.Contains(value, "url(") && !onlyLocalURLs(value):
		return "loads something from elsewhere"
	}
	return ""
}

// loadsFromElsewhere tells whether a style may ask for another file. A
// backslash can spell any of the words in another way, and no drawing needs it.
func loadsFromElsewhere(style string) bool {
	s := strings.ToLower(style)
	for _, word := range []string{"@import", "image-set(", "src(", `\`} {
		if strings.Contains(s, word) {
			return true
		}
	}
	return !onlyLocalURLs(s)
}

// onlyLocalURLs tells whether each url(…) in a lower-case style points into
// the drawing itself.
func onlyLocalURLs(s string) bool {
	for _, part := range strings.Split(s, "url(")[1:] {
		if !strings.HasPrefix(strings.TrimLeft(part, ` '"`), "#") {
			return false
		}
	}
	return true
}

func sizeOf(t xml.StartElement) (width, height int) {
	var w, h float64
	var box []string
	for _, a := range t.Attr {
		switch a.Name.Local {
		case "width":
			w = pixels(a.Value)
		case "height":
			h = pixels(a.Value)
		case "viewBox":
			box = strings.FieldsFunc(a.Value, func(r rune) bool { return r == ' ' || r == ',' })
		}
	}
	if len(box) == 4 && (w == 0 || h == 0) {
		bw, bh := pixels(box[2]), pixels(box[3])
		switch {
		case w > 0 && bw > 0:
			h = w * bh / bw
		case h > 0 && bh > 0:
			w = h * bw / bh
		default:
			w, h = bw, bh
		}
	}
	return int(w + 0.5), int(h + 0.5)
}

func pixels(s string) float64 {
	f, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(s), "px"), 64)
	if err != nil || f < 0 || f > 1e6 {
		return 0
	}
	return f
}

// lineIndex gives positions in a file that is no source.Text because it need
// not be UTF-8 text.
func lineIndex(file string, b []byte) func(offset int) diag.Pos {
	return func(offset int) diag.Pos {
		head := b[:max(0, min(offset, len(b)))]
		line := bytes.Count(head, []byte("\n"))
		return diag.Pos{File: file, Line: line + 1, Col: 1 + len([]rune(string(head[bytes.LastIndexByte(head, '\n')+1:])))}
	}
}
