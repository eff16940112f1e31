package simulate

import (
	"fmt"
	"time"

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
	p, err := imported(c)
	if err != nil {
		return nil, err
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
	if err := breaches(c.platform, "cmi5"); err != nil {
		return nil, err
	}
	// Ids are derived of the activity's, which holds the platform's address.
	return normalised(raw(c.platform), anyID()), nil
}
