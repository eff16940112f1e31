package simulate

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"sopan.dev/sopan/builder/output"
	"sopan.dev/sopan/internal/lms"
)

// This file is what platforms that take a package and store its statements, for cmi5 and for xAPI, have in common.

// imported is a learning platform that has taken the package.
func imported(c Course) (*lms.LMS, error) {
	var zipped bytes.Buffer
	if err := output.WriteZip(context.Background(), c.Set, &zipped, output.ZipOptions{}); err != nil {
		return nil, err
	}
	p, err := lms.Open(zipped.Bytes())
	if err != nil {
		return nil, fmt.Errorf("the platform refuses the package: %w", err)
	}
	return p, nil
}

// breaches is what the package did that a specification forbids.
func breaches(p *lms.LMS, specification string) error {
	var wrong []string
	for _, v := range p.Violations() {
		wrong = append(wrong, v.String())
	}
	if len(wrong) == 0 {
		return nil
	}
	return fmt.Errorf("the package did what %s forbids:\n  %s", specification, strings.Join(wrong, "\n  "))
}

// raw gives the statements as they are stored.
func raw(p *lms.LMS) []string {
	var lines []string
	for _, s := range p.Statements() {
		lines = append(lines, string(s.Raw))
	}
	return lines
}
