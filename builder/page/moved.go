package page

import (
	"bytes"
	"html/template"

	"sopan.dev/sopan/builder/course"
)

// movedTemplate leads from an old address to the new one, without script, also
// from a disk.
var movedTemplate = template.Must(template.New("moved").Parse(`<!doctype html>
<html lang="{{.Lang}}" dir="{{.Dir}}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'self'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="0; url={{.Href}}">
<title>{{.Title}}</title>
<link rel="canonical" href="{{.Href}}">
</head>
<body><main><h1><a href="{{.Href}}">{{.Title}}</a></h1></main></body>
</html>
`))

func (p *planner) moved(b *bytes.Buffer, m course.Moved) error {
	language, _ := course.LanguageByTag(m.To.Lang)
	return movedTemplate.Execute(b, struct{ Lang, Dir, Href, Title string }{m.To.Lang, language.Dir, href(m.Address, m.To.Address, ""), m.To.Title})
}
