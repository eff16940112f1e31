package simulate

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"sopan.dev/sopan/builder/output"
	"sopan.dev/sopan/internal/browser"
	"sopan.dev/sopan/internal/lms"
)

// xapi is a platform that launches a package as tincan.xml has it, and stores its statements.
type xapi struct {
	learner  Learner
	platform *lms.LMS
}

func openXAPI(c Course, l Learner) (platform, error) {
	p, err := imported(c)
	if err != nil {
		return nil, err
	}
	return &xapi{l, p}, nil
}

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

func (x *xapi) close() { x.platform.Close() }

func (x *xapi) url() (string, error) {
	return x.platform.Launch(lms.Launch{Learner: x.learner.Name, Language: x.learner.Lang}).URL, nil
}

func (x *xapi) begin(*browser.Page) {}

func (x *xapi) oneWindow() bool { return true }

// left has nothing to wait for: there is no end of a session, and all was sent before the course is left.
func (x *xapi) left(*browser.Page) error { return nil }

func (x *xapi) records() ([]string, error) {
	if err := breaches(x.platform, "xAPI"); err != nil {
		return nil, err
	}
	return normalised(raw(x.platform), randomID()), nil
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

func raw(p *lms.LMS) []string {
	var lines []string
	for _, s := range p.Statements() {
		lines = append(lines, string(s.Raw))
	}
	return lines
}
