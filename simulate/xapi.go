package simulate

import (
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

func (x *xapi) close() { x.platform.Close() }

func (x *xapi) url() (string, error) {
	return x.platform.Launch(lms.Launch{Learner: x.learner.Name, Language: x.learner.Lang}).URL, nil
}

func (x *xapi) begin(*browser.Page) {}

func (x *xapi) oneWindow() bool { return true }

// left has nothing to wait for: there is no end of a session, and all was sent before the course is left.
func (x *xapi) left(*browser.Page) error { return nil }

// records gives all statements of the platform. What the specification forbids is an error.
func (x *xapi) records() ([]string, error) {
	if err := breaches(x.platform, "xAPI"); err != nil {
		return nil, err
	}
	return normalised(raw(x.platform), randomID()), nil
}
