// Package runtime holds the browser's side of a site as embedded TypeScript: what marks, remembers and records while
// somebody learns. In goes nothing; out come the files. The builder bundles them with three ways in: base.ts (every
// page), quiz.ts (pages with questions) and case.ts (pages with a case study). Two module names are made by the
// bundler: "sopan:words" (the words of words/LANG.yaml) and "sopan:kinds" (the question kinds).
//
// The scripts never ask another host for anything but the record endpoint that the page names, never write markup from
// text, and run from a disk (file://) as well as from a server.
package runtime

import "embed"

// Files are the scripts and the words they say. Tests (*.test.ts) are in it too; no entry point leads to them.
//
//go:embed *.ts words/*.yaml tsconfig.json
var Files embed.FS
