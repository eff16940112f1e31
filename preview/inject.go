package preview

import "bytes"

// inject adds the preview's script to a page on its way out, so that nothing
// of the preview can ever be in a published page. It is an external script of
// the page's own origin, which every page's content security policy allows.
func inject(html []byte, version string) []byte {
	tag := []byte(`<script defer src="` + scriptPath + `" data-version="` + version + `"></script>`)
	at := lastBodyEnd(html)
	out := make([]byte, 0, len(html)+len(tag))
	out = append(out, html[:at]...)
	out = append(out, tag...)
	return append(out, html[at:]...)
}

// lastBodyEnd is the offset of the last </body>, or the page's end.
func lastBodyEnd(html []byte) int {
	end := []byte("</body>")
	for i := len(html) - len(end); i >= 0; i-- {
		if html[i] == '<' && bytes.EqualFold(html[i:i+len(end)], end) {
			return i
		}
	}
	return len(html)
}
