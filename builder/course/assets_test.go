package course

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"sopan.dev/sopan/builder/source"
	"sopan.dev/sopan/internal/diag"
)

const svgOpen = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 360 200">`

// Fault 13: what could act, or ask another host for something, when a drawing
// is opened by itself is refused.
func TestFault13HostileDrawings(t *testing.T) {
	for _, c := range []string{
		`<script>alert(1)</script>`,
		`<SCRIPT>alert(1)</SCRIPT>`,
		`<x:script xmlns:x="http://www.w3.org/2000/svg">alert(1)</x:script>`,
		`<script xlink:href="a.js"/>`,
		`<g onload="alert(1)"/>`,
		`<g ONCLICK="alert(1)"/>`,
		`<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">x</p></foreignObject>`,
		`<foreignObject><rect/></foreignObject>`,
		`<h:meta xmlns:h="http://www.w3.org/1999/xhtml" http-equiv="refresh" content="0;url=https://evil.example"/>`,
		`<h:img xmlns:h="http://www.w3.org/1999/xhtml" src="https://evil.example/a.png"/>`,
		`<iframe src="https://evil.example"/>`,
		`<a xlink:href="javascript:alert(1)"><rect/></a>`,
		`<a href=" java` + "\t" + `script:alert(1)"><rect/></a>`,
		`<a href="&#106;avascript:alert(1)"><rect/></a>`,
		`<a href="https://evil.example"><rect/></a>`,
		`<a><animate attributeName="href" values="javascript:alert(1)"/></a>`,
		`<a><set attributeName="xlink:href" to="#x"/></a>`,
		`<a><animate attributeName="xlink:href" values="#x"/></a>`,
		`<g data-do=" javascript:alert(1)"/>`,
		`<set attributeName="onclick" to="alert(1)"/>`,
		`<use href="other.svg#a"/>`,
		`<use xlink:href="data:image/svg+xml;base64,PHN2Zy8+#x"/>`,
		`<image href="https://evil.example/a.png"/>`,
		`<image href="//evil.example/a.png"/>`,
		`<image href="data:image/svg+xml,&lt;svg/&gt;"/>`,
		`<feImage href="https://evil.example/a.png"/>`,
		`<style>@import "https://evil.example/a.css";</style>`,
		`<style>@im<!-- -->port "https://evil.example/a.css";</style>`,
		`<style><![CDATA[@import "https://evil.example/a.css";]]></style>`,
		`<style>@\69mport "https://evil.example/a.css";</style>`,
		`<style>@font-face { font-family: x; src: src("https://evil.example/x.woff") }</style>`,
		`<style>rect { fill: url(https://evil.example/a.svg#x) }</style>`,
		`<style>rect { background: image-set("https://evil.example/a.png" 1x) }</style>`,
		`<style>@font-face { font-family: x; src: URL("//evil.example/x.woff") }</style>`,
		`<rect style="fill: url('https://evil.example/a.svg#x')"/>`,
		`<rect style="fill: u\72l(https://evil.example/a.svg#x)"/>`,
		`<rect fill="url(https://evil.example/a.svg#x)"/>`,
		`<rect fill="url( 'other.svg#x')"/>`,
		`<handler xmlns="http://www.w3.org/2001/xml-events">x</handler>`,
	} {
		_, _, diags := readSVG("a.svg", []byte(svgOpen+c+"</svg>"))
		if !hasCode(diags, "image/svg-active") {
			t.Errorf("%s: %v, want an error", c, diags)
		}
	}
	for _, c := range []string{
		`<!DOCTYPE svg [<!ENTITY x "y">]>` + svgOpen + `</svg>`,
		`<!DOCTYPE svg [<!ATTLIST svg onload CDATA "alert(1)">]>` + svgOpen + `</svg>`,
		`<!doctype svg SYSTEM "https://evil.example/x.dtd" [ ]>` + svgOpen + `</svg>`,
		`<?xml-stylesheet href="https://evil.example/a.css"?>` + svgOpen + `</svg>`,
	} {
		if _, _, diags := readSVG("a.svg", []byte(c)); !hasCode(diags, "image/svg-active") {
			t.Errorf("%s: %v, want an error", c, diags)
		}
	}
	for _, c := range []string{
		"", "<svg", "<svg></g>", "<html><svg/></html>", "\x89PNG", "\xff\xfe<\x00s\x00v\x00g\x00",
		svgOpen + strings.Repeat("<g>", 300) + strings.Repeat("</g>", 300) + "</svg>",
		`<?xml version="1.0" encoding="UTF-7"?>` + svgOpen + `</svg>`,
		svgOpen + `&undefined;</svg>`,
	} {
		if _, _, diags := readSVG("a.svg", []byte(c)); !hasCode(diags, "image/broken") {
			t.Errorf("%.60q: %v, want an error", c, diags)
		}
	}
}

func hasCode(list diag.List, code string) bool {
	for _, d := range list {
		if d.Code == code {
			return true
		}
	}
	return false
}

// TestHarmlessDrawingsPass keeps the check from refusing what drawing programs
// write.
func TestHarmlessDrawingsPass(t *testing.T) {
	for _, c := range []string{
		`<?xml version="1.0" encoding="UTF-8" standalone="no"?><!-- Created with Inkscape -->` + svgOpen + `</svg>`,
		`<?xml version="1.0" encoding="utf-8"?>` + svgOpen + `</svg>`,
		"\xef\xbb\xbf" + svgOpen + `</svg>`,
		`<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">` + svgOpen + `</svg>`,
		svgOpen + `<title>चित्र</title><desc>Once &lt;script&gt; was here; src (x), url (y)</desc></svg>`,
		svgOpen + `<defs><linearGradient id="g"/></defs><rect fill="url(#g)" style="stroke: url('#g')"/></svg>`,
		svgOpen + `<style>.a { fill: url(#g); } text > tspan { fill: #123 }</style></svg>`,
		svgOpen + `<use xlink:href="#a"/><use href="#a"/></svg>`,
		svgOpen + `<image href="data:image/png;base64,iVBORw0KGgo="/></svg>`,
		svgOpen + `<metadata><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><cc:Work xmlns:cc="http://creativecommons.org/ns#" rdf:about=""/></rdf:RDF></metadata></svg>`,
		svgOpen + `<animate attributeName="opacity" values="0;1"/></svg>`,
	} {
		if w, h, diags := readSVG("a.svg", []byte(c)); len(diags) > 0 || w != 360 || h != 200 {
			t.Errorf("%s: %d × %d, %v", c, w, h, diags)
		}
	}
}

func TestPicturesAreMeasured(t *testing.T) {
	for _, c := range []struct {
		attributes string
		w, h       int
	}{
		{`width="40" height="30"`, 40, 30},
		{`width="40px" height="30px"`, 40, 30},
		{`viewBox="0 0 40 30"`, 40, 30},
		{`viewBox="0,0,40,30"`, 40, 30},
		{`viewBox="0 0 40 30" width="80"`, 80, 60},
		{`viewBox="0 0 40 30" height="15"`, 20, 15},
		{`viewBox="0 0 40 30" width="100%" height="100%"`, 40, 30},
		{`width="10mm"`, 0, 0},
		{``, 0, 0},
		{`viewBox="0 0 -1 1e9"`, 0, 0},
	} {
		if w, h, _ := readSVG("a.svg", []byte(`<svg xmlns="http://www.w3.org/2000/svg" `+c.attributes+`/>`)); w != c.w || h != c.h {
			t.Errorf("%s: %d × %d, want %d × %d", c.attributes, w, h, c.w, c.h)
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 7, 5))); err != nil {
		t.Fatal(err)
	}
	site, diags := load(t, siteOf("content/c/10-x.md", "---\ntitle: X\n---\nWords. ![A dot](dot.PNG)\n", "content/c/dot.PNG", b.String()), LoadOptions{})
	if len(diags) > 0 || site.assets["content/c/dot.PNG"].Width != 7 || site.assets["content/c/dot.PNG"].Height != 5 {
		t.Errorf("the picture is %+v; %v", site.assets["content/c/dot.PNG"], diags)
	}
}

// refusing is a file system that refuses to open one file, as one without the
// permission to read does.
type refusing struct {
	fs.FS
	file string
}

func (r refusing) Open(name string) (fs.File, error) {
	if name == r.file {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return r.FS.Open(name)
}

// Stat is allowed: it asks the folder, not the file.
func (r refusing) Stat(name string) (fs.FileInfo, error) { return fs.Stat(r.FS, name) }

// Fault 22: a file that cannot be read is an error with its name, and the rest
// is still checked.
func TestFault22UnreadableFiles(t *testing.T) {
	for _, file := range []string{"content/c/10-x.md", "content/c/90-q.quiz.yaml", "content/c/a.svg", "content/c/b.png", "content/glossary.yaml", "sopan.yaml"} {
		files := siteOf(
			"content/c/10-x.md", "---\ntitle: X\n---\nWords.\n", "content/c/20-y.md", "---\ntitle: Y\n---\n[gone](gone.md)\n",
			"content/c/90-q.quiz.yaml", "title: Q\nquestions:\n- id: a\n  ask: Right?\n  right: true\n",
			"content/c/a.svg", svgOpen+"</svg>", "content/c/b.png", "x", "content/glossary.yaml", "terms: []\n")
		tree, _, err := source.Read(context.Background(), refusing{files, file}, nil)
		if err != nil {
			t.Fatal(err)
		}
		_, diags, err := Load(context.Background(), tree, LoadOptions{})
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		got := text(t, fstest.MapFS{}, diags)
		if !strings.Contains(got, file+": error: The file cannot be read. [source/unreadable]") || !strings.Contains(got, "`gone.md` does not exist") {
			t.Errorf("%s: a check prints\n%s", file, got)
		}
	}
}

func TestTranscriptsAreWordsAlone(t *testing.T) {
	vtt := "\ufeffWEBVTT - A talk\r\n\r\nNOTE not said\r\n\r\nSTYLE\n::cue { color: red }\n\n1\n00:00.000 --> 00:02.000 align:start\n<v Asha>Good <b>morning</b>.\nSit down.\n\n" +
		"00:00:02.000 --> 00:00:03.000\nआइए।\n\n00:03.000 --> 00:04.000\n\n00:04.000 --> 00:05.000\nThree.\n\n00:05.000 --> 00:06.000\nFour.\n\n00:06.000 --> 00:07.000\nA new paragraph\n"
	want := "Good morning. Sit down. आइए। Three. Four.\n\nA new paragraph"
	if got := Transcript([]byte(vtt)); got != want {
		t.Errorf("the transcript is\n%q\nwant\n%q", got, want)
	}
	for _, broken := range []string{"", "WEBVTT", "00:00.000 --> ", "-->", "\n\n\n"} {
		if got := Transcript([]byte(broken)); got != "" {
			t.Errorf("Transcript(%q) = %q, want nothing", broken, got)
		}
	}
}

func TestCaptionsBelongToTheirLanguage(t *testing.T) {
	const vtt = "WEBVTT\n\n00:00.000 --> 00:01.000\nWords.\n"
	site, _ := load(t, siteOf("sopan.yaml", "title: A site\nlanguages: [en, hi, ta]\n",
		"content/c/talk.mp4", "x", "content/c/talk.vtt", vtt, "content/c/talk.hi.vtt", vtt,
		"content/c/other.mp4", "x", "content/c/other.en.vtt", vtt, "content/c/other.vtt", vtt), LoadOptions{})
	for video, want := range map[string]string{"talk": "en:talk.vtt hi:talk.hi.vtt", "other": "en:other.en.vtt"} {
		var got []string
		for _, track := range site.Tracks(site.assets["content/c/"+video+".mp4"]) {
			got = append(got, track.Lang+":"+strings.TrimPrefix(track.Asset.File, "content/c/"))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s has the captions %v, want %s", video, got, want)
		}
	}
}

// Fault 39: what only a draft shows is not published; what another text shows
// as well, and what nothing points at, is.
func TestFault39PicturesOfDraftsAreLeftOut(t *testing.T) {
	drawing := svgOpen + "</svg>"
	files := siteOf(
		"content/c/10-x.md", "---\ntitle: X\n---\nWords. ![Shared](shared.svg)\n",
		"content/c/20-y.md", "---\ntitle: Y\nstatus: draft\n---\nWords. ![Shared](shared.svg) ![Own](own.svg) ![Broken](broken.svg) [Form](form.pdf) [Logo](/logo.svg)\n\n![Talk](talk.mp4)\n",
		"content/c/shared.svg", drawing, "content/c/own.svg", drawing, "content/c/broken.svg", "<svg", "content/c/form.pdf", "x", "content/c/alone.pdf", "x",
		"content/c/talk.mp4", "x", "content/c/talk.vtt", "WEBVTT\n", "static/logo.svg", drawing)
	addresses := func(o LoadOptions) string {
		site, diags := load(t, files, o)
		if diags.HasErrors() != o.Drafts {
			t.Errorf("drafts %v: %s", o.Drafts, text(t, files, diags))
		}
		var out []string
		for _, a := range site.Assets {
			out = append(out, a.Address)
		}
		return strings.Join(out, " ")
	}
	if got, want := addresses(LoadOptions{}), "c/alone.pdf c/shared.svg logo.svg"; got != want {
		t.Errorf("published: %s, want %s", got, want)
	}
	if got, want := addresses(LoadOptions{Drafts: true}), "c/alone.pdf c/broken.svg c/form.pdf c/own.svg c/shared.svg c/talk.mp4 c/talk.vtt logo.svg"; got != want {
		t.Errorf("in the preview: %s, want %s", got, want)
	}
}
