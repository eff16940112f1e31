package lms_test

import (
	"slices"
	"strings"
	"testing"

	"sopan.dev/sopan/internal/browser"
	"sopan.dev/sopan/internal/lms"
	"sopan.dev/sopan/record"
)

func about(list []record.Statement) []string {
	var out []string
	for _, st := range list {
		out = append(out, st.Verb.ID[strings.LastIndex(st.Verb.ID, "/")+1:]+" "+strings.TrimPrefix(st.Object.ID, theCourse))
	}
	return out
}

// An xAPI package records what a site records, of the learner and in the enrolment that the launcher names, also where it
// names less than it may.
func TestAnXAPILaunchRecordsWhatASiteRecords(t *testing.T) {
	l := platform(t, "xapi")
	s := l.Launch(lms.Launch{})
	p := browser.Open(t)
	who := launch(t, p, s)
	who.read()
	who.answer(true)
	who.leave()
	enough := func(list []record.Statement) bool { return slices.Contains(about(list), "passed ") }
	got, ok := l.Wait(patience, enough)
	if !ok {
		t.Fatalf("stored are %v; violations: %v", about(got), l.Violations())
	}
	want := []string{"initialized /one", "completed /one", "progressed ", "initialized /check", "answered /check/days", "completed /check", "passed /check", "progressed ", "completed ", "passed "}
	if have := about(got); !slices.Equal(sorted(have), sorted(want)) {
		t.Errorf("stored are %q, want %q", have, want)
	}
	for _, st := range got {
		if st.Actor.Account.Name != "learner-1" || st.Context.Registration != s.Registration {
			t.Errorf("of another learner or enrolment: %s", st.Raw)
		}
	}
	judgedByOthers(t, got)
	without(t, l)
	twice(t, got)

	// Another device goes on, and tells nothing again.
	who = launch(t, browser.Open(t), l.Launch(lms.Launch{}))
	who.waitIn(`d.querySelectorAll(".step[data-state=done]").length === 2`)
	who.leave()
	if n := len(l.Statements()); n != len(got) {
		t.Errorf("%d statements more", n-len(got))
	}
}

func TestAnXAPILaunchMayNameLess(t *testing.T) {
	l := platform(t, "xapi")
	p := browser.Open(t)
	who := launch(t, p, l.Launch(lms.Launch{Without: []string{"registration", "activity_id"}}))
	who.read()
	who.leave()
	got, ok := l.Wait(patience, func(list []record.Statement) bool { return slices.Contains(about(list), "completed /one") })
	if !ok {
		t.Fatalf("stored are %v; violations: %v", about(got), l.Violations())
	}
	for _, st := range got {
		if !record.IsUUID(st.Context.Registration) {
			t.Errorf("without an attempt: %s", st.Raw)
		}
	}
	without(t, l)

	// Without authorization the store refuses: the course goes on and says so.
	who = launch(t, p, l.Launch(lms.Launch{Without: []string{"auth"}, Learner: "other"}))
	who.read()
	who.waitIn(`d.querySelector(".records-line.needs-you")`)
	who.leave()

	for _, less := range []string{"endpoint", "actor"} {
		p.Goto(l.Launch(lms.Launch{Without: []string{less}}).URL)
		launchedAgain(t, p).waitIn(`d.querySelector(".no-platform:not([hidden])")`)
	}
}

func sorted(list []string) []string {
	list = slices.Clone(list)
	slices.Sort(list)
	return list
}
