package markdown

import (
	"path"
	"strings"
)

// videoTypes is which files `![caption](file)` shows as a video.
var videoTypes = map[string]string{
	".mp4":  "video/mp4",
	".webm": "video/webm",
}

func videos() construct { return construct{} }

// video writes a figure with the player and its captions, and after it the
// transcript, for which a figure has no place. Nothing is loaded but the length
// and the first picture before it is played. No captions are on by themselves
// (`default`): on a page that is read from a disk Chromium may not load them,
// and would report an error each time the page is opened.
func (w *writer) video(ref Ref, caption string) {
	t := w.r.target(ref)
	if t.Href == "" {
		w.text("<p>")
		w.escaped(caption)
		w.text("</p>\n")
		return
	}
	w.text(`<figure class="video"><video controls preload="metadata"`)
	w.size(t)
	w.attr("aria-label", caption)
	w.text("><source")
	w.attr("src", t.Href)
	file, _, _ := strings.Cut(ref.Dest, "#")
	file, _, _ = strings.Cut(file, "?")
	w.attr("type", videoTypes[strings.ToLower(path.Ext(file))])
	w.text(">")
	for _, track := range t.Tracks {
		w.text(`<track kind="captions"`)
		w.attr("srclang", track.Lang)
		w.attr("label", track.Label)
		w.attr("src", track.Href)
		w.text(">")
	}
	w.text("<a")
	w.attr("href", t.Href)
	w.text(">")
	w.escaped(caption)
	w.text("</a></video><figcaption>")
	w.escaped(caption)
	w.text("</figcaption></figure>\n")
	if t.Transcript != "" {
		w.text(`<details class="transcript"><summary>`)
		w.word("transcript")
		w.text("</summary>")
		for _, p := range strings.Split(t.Transcript, "\n\n") {
			if p = strings.TrimSpace(p); p != "" {
				w.text("<p>")
				w.escaped(p)
				w.text("</p>")
			}
		}
		w.text("</details>\n")
	}
}
