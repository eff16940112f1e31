// Package simulate lets learners, as YAML files describe them, take a course in a real browser.
//
// In go learners (Read), a package of their course as `sopan package` makes it, and what it is a package for; out come the
// records that they leave (Run), made equal from run to run: random ids, times, durations and addresses are replaced by
// fixed ones, nothing else is. Golden compares them with those of an earlier run.
//
// A learner clicks, types and waits as a person does, with the scripts of the page alone: nothing is put into the device's
// storage but who learns there, and no question is marked outside of the page. The package changes no course, reaches no
// host but this machine's own, and does not judge whether the records are good: a person does, once, when the golden
// files are written.
package simulate

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"sopan.dev/sopan/builder/course"
	"sopan.dev/sopan/builder/output"
	"sopan.dev/sopan/internal/browser"
)

// Course is what learners take: a package of one course.
type Course struct {
	Site   *course.Site // with this course alone
	Course *course.Course
	Set    *output.Set // the package's files
	As     string      // what it is a package for: one of Platforms
}

// Endpoint is where a package for the web must send its records, so that they come here: builder.Options.Endpoint.
const Endpoint = "/_records/xapi"

// Left is what a learner has left behind.
type Left struct {
	Learner string
	Lines   []string // one JSON object each
}

// Run lets learners take a course, several at a time, and gives what each has left in their order. A *StuckError
// names the learner who could not go on, the step and why.
func Run(ctx context.Context, c Course, learners []Learner, together int) ([]Left, error) {
	open, ok := platforms()[c.As]
	if !ok {
		return nil, fmt.Errorf("nobody can be simulated with a package for %s", c.As)
	}
	if err := browser.Start(); err != nil {
		return nil, err
	}
	left := make([]Left, len(learners))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(max(1, together))
	for i, l := range learners {
		group.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			p, err := open(c, l)
			if err != nil {
				return fmt.Errorf("%s: %w", l.Name, err)
			}
			defer p.close()
			if err := perform(ctx, c, l, p); err != nil {
				return err
			}
			lines, err := p.records()
			if err != nil {
				return fmt.Errorf("%s: %w", l.Name, err)
			}
			left[i] = Left{l.Name, lines}
			return nil
		})
	}
	return left, group.Wait()
}

// Start starts the browser, for who wants to hear first whether there is one; Run starts it as well. End ends it, once no
// learner is to come any more.
func Start() error { return browser.Start() }
func End()         { browser.End() }

// platform is where a learner takes the course: it gives the page to open, and has the records in the end.
type platform interface {
	// url opens the course for the learner. What an LMS calls a launch is a new one each time.
	url() (string, error)
	// begin runs in each new tab, before it opens anything.
	begin(tab *browser.Page)
	// oneWindow tells that the course is open in one window at a time. A change of tab is then leaving and coming back.
	oneWindow() bool
	// left waits until the platform has heard that the course was left; the tab is its own until the next url.
	left(tab *browser.Page) error
	// records are those that the learner has left, once they are out of the course; in the order in which they happened,
	// normalised.
	records() ([]string, error)
	close()
}

// Platforms lists what a package may be for.
func Platforms() []string { return slices.Sorted(maps.Keys(platforms())) }

func platforms() map[string]func(Course, Learner) (platform, error) {
	return map[string]func(Course, Learner) (platform, error){
		"cmi5":      openCmi5,
		"scorm12":   openScorm("1.2"),
		"scorm2004": openScorm("2004"),
		"web":       openWeb,
		"xapi":      openXAPI,
	}
}

// StuckError says that a learner could not go on: their file asks for what the course does not let them do, or the course
// is broken.
type StuckError struct{ Learner, Where, Why string }

func (e *StuckError) Error() string { return e.Learner + ", " + e.Where + ": " + e.Why }

// stop ends a learner's way; it is thrown by steps and caught by perform.
type stop struct{ why string }

// owner lets a learner own browser pages, as a test does.
type owner struct {
	mu    sync.Mutex
	after []func()
}

func (o *owner) Helper() {}

// parameters stand behind the addresses of launches; what lets a learner in is among them.
var parameters = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(https?://[^\s?]+)\?[^\s"]+`) })

func (o *owner) Fatalf(format string, args ...any) {
	panic(stop{parameters().ReplaceAllString(fmt.Sprintf(format, args...), "$1?…")})
}

func (o *owner) Cleanup(f func()) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.after = append(o.after, f)
}

func (o *owner) end() {
	for i := len(o.after) - 1; i >= 0; i-- {
		o.after[i]()
	}
}

// perform takes a learner through all their steps.
func perform(ctx context.Context, c Course, l Learner, p platform) (err error) {
	o := &owner{}
	v := &visit{owner: o, course: c, learner: l, platform: p, lang: l.Lang, tabs: map[int]*browser.Page{}}
	where := "beginning"
	defer func() {
		switch r := recover().(type) {
		case nil:
		case stop:
			err = &StuckError{l.Name, where, strings.TrimSpace(r.why)}
		default:
			panic(r)
		}
		o.end()
	}()
	v.change(1)
	for _, s := range l.steps {
		if err := ctx.Err(); err != nil {
			return err
		}
		where = fmt.Sprintf("line %d (%s)", s.at.Line, s.words)
		s.do(v)
	}
	where = "at the end"
	v.end()
	return nil
}
