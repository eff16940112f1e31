package main

import (
	"sopan.dev/sopan/builder/schema"
)

type schemaCmd struct {
	Of string `arg:"" enum:"quiz,site,roles,competencies,glossary,learner,frontmatter" help:"quiz, site, roles, competencies, glossary, learner or frontmatter."`
}

func (schemaCmd) Help() string {
	return "Example: sopan schema quiz > quiz.json\n\n" +
		"An editor that knows JSON Schema completes and checks the YAML with it. `sopan new site` sets Visual Studio Code up\n" +
		"so. `sopan check` says more than any schema can."
}

func (c *schemaCmd) Run(t *terminal) error {
	_, err := t.out.Write(schema.Of(c.Of))
	return err
}
