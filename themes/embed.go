// Package themes holds the built-in theme as files: HTML templates, style
// sheets, the interface's words and the favicon. What comes out is a read-only
// tree; a site's own theme overrides single files of it by path. The package
// renders nothing and knows nothing of a site.
package themes

import "embed"

// Sopan is the built-in theme, rooted at "sopan": templates/NAME.html (one a
// view, named as the view's Kind, and base.html with the parts they share),
// css/main.css, exercise.css, case.css and late.css (the entries; they import the rest), words/LANG.yaml (flat), and
// static/ (copied as it is).
//
//go:embed sopan/templates/*.html sopan/css/*.css sopan/words/*.yaml sopan/static/*
var Sopan embed.FS
