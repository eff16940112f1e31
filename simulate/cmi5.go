package simulate

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"time"

	"sopan.dev/sopan/builder/output"
	"sopan.dev/sopan/internal/browser"
	"sopan.dev/sopan/internal/lms"
)

// cmi5 is a learning platform that imports the package, and launches it each time the learner comes.
type cmi5 struct {
	learner  Learner
	platform *lms.LMS
	session  *lms.Session
}

func openCmi5(c Course, l Learner) (platform, error) {
	var zipped bytes.Buffer
	if err := output.WriteZip(context.Background(), c.Set, &zipped, output.ZipOptions{}); err != nil {
		return nil, err
	}
	p, err := lms.Open(zipped.Bytes())
	if err != nil {
		return nil, fmt.Errorf("the platform refuses the package: %w", err)
	}
	return &cmi5{learner: l, platform: p}, nil
}

func (c *cmi5) close() { c.platform.Close() }

func (c *cmi5) url() (string, error) {
	c.session = c.platform.Launch(lms.Launch{Learner: c.learner.Name, Language: c.learner.Lang})
	return c.session.URL, nil
}

func (c *cmi5) begin(*browser.Page) {}

func (c *cmi5) oneWindow() bool { return true }

// left waits for "terminated", which comes when the page is gone already.
func (c *cmi5) left(*browser.Page) error {
	for end := time.Now().Add(patience); c.session.Open(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			return fmt.Errorf("the course was left, and the platform has not heard `terminated`")
		}
	}
	return nil
}

// records gives all statements of the platform, its own among them. What the specification forbids is an error.
func (c *cmi5) records() ([]string, error) {
	var wrong []string
	for _, v := range c.platform.Violations() {
		wrong = append(wrong, v.String())
	}
	if len(wrong) > 0 {
		return nil, fmt.Errorf("the package did what cmi5 forbids:\n  %s", strings.Join(wrong, "\n  "))
	}
	var lines []string
	for _, s := range c.platform.Statements() {
		lines = append(lines, string(s.Raw))
	}
	// Ids are derived of the activity's, which holds the platform's address.
	return normalised(lines, anyID), nil
}
