package main

import (
	"fmt"

	"sopan.dev/sopan/builder/scaffold"
)

type newCmd struct {
	What string `arg:"" enum:"site,course,module,lesson,quiz,case" help:"site, course, module, lesson, quiz or case."`
	Path string `arg:"" help:"Where to make it, for example content/my-course/10-first-module/20-a-lesson." type:"path"`
}

func (newCmd) Help() string {
	return "Examples:\n  sopan new site my-courses\n  sopan new lesson content/my-course/10-basics/20-fees.md\n\n" +
		"What is made builds without a complaint and shows the format by example. Nothing that exists is overwritten."
}

func (c *newCmd) Run(t *terminal) error {
	made, err := scaffold.New(c.What, c.Path)
	if err != nil {
		if scaffold.IsUsage(err) {
			return usage("%w", err)
		}
		return err
	}
	if !t.quiet {
		for _, f := range made.Files {
			fmt.Fprintf(t.out, "made %s\n", display(f))
		}
		if c.What == "site" {
			made.Next = fmt.Sprintf("Now run `sopan serve %s` and open the address that it prints.", argument(display(c.Path)))
		}
		fmt.Fprintln(t.out, made.Next)
	}
	return nil
}
