// Package schema tells editors what may stand in the YAML files of a site.
//
// In goes the name of a kind of file; out comes its JSON Schema (2020-12),
// made of the tables that the readers of these files themselves use, and the
// settings that make Visual Studio Code look there. The package reads and
// writes no file.
package schema

import (
	"encoding/json"

	"sopan.dev/sopan/builder/course"
	"sopan.dev/sopan/internal/format"
	"sopan.dev/sopan/quiz"
)

// files are the kinds of files, with what their schema is called and where such
// files stand in a site. Front matter stands in Markdown, where no editor asks
// for a schema.
var files = []struct{ name, title, says, glob string }{
	{"quiz", "A quiz", "A quiz file of Sopan, NAME.quiz.yaml", "content/**/*.quiz.yaml"},
	{"site", "A site", "The settings of a site, sopan.yaml", "sopan.yaml"},
	{"roles", "Roles", "Positions, roles and activities, content/roles.yaml", "content/roles.yaml"},
	{"competencies", "Competencies", "Competency frameworks, content/competencies.yaml", "content/competencies.yaml"},
	{"glossary", "Glossary", "The terms of a site, content/glossary.yaml", "content/glossary.yaml"},
	{"learner", "A learner", "Somebody who takes a course, learners/NAME.yaml", "learners/*.yaml"},
	{"frontmatter", "Front matter", "The front matter of a lesson, case study or index.md", ""},
}

// Of gives the JSON Schema of a kind of file; nil when there is no such kind.
func Of(name string) []byte {
	for _, f := range files {
		if f.name != name {
			continue
		}
		var t format.Table
		switch name {
		case "quiz":
			t = quiz.Format()
		case "learner":
			t = Learner()
		default:
			t, _ = course.Format(name)
		}
		return format.Schema(f.title, f.says, t)
	}
	return nil
}

// Editor gives the files that make Visual Studio Code check and complete the
// YAML of a site, by their paths in the site's folder. Sopan itself reads no
// folder that begins with a dot.
func Editor() map[string][]byte {
	out := map[string][]byte{}
	schemas := map[string]string{}
	for _, f := range files {
		if f.glob == "" {
			continue
		}
		p := ".sopan/schema/" + f.name + ".json"
		out[p] = Of(f.name)
		schemas["./"+p] = f.glob
	}
	write := func(p string, v any) {
		b, err := json.MarshalIndent(v, "", "  ")
		if err != nil {
			panic("schema: " + err.Error()) // texts alone
		}
		out[p] = append(b, '\n')
	}
	write(".vscode/settings.json", map[string]any{"yaml.schemas": schemas})
	write(".vscode/extensions.json", map[string]any{"recommendations": []string{"redhat.vscode-yaml"}})
	return out
}
