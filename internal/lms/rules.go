package lms

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"sopan.dev/sopan/record"
)

// verbs are those that a unit may use in a defined statement.
var verbs = map[string]string{
	"initialized": "http://adlnet.gov/expapi/verbs/initialized",
	"completed":   "http://adlnet.gov/expapi/verbs/completed",
	"passed":      "http://adlnet.gov/expapi/verbs/passed",
	"failed":      "http://adlnet.gov/expapi/verbs/failed",
	"terminated":  "http://adlnet.gov/expapi/verbs/terminated",
}

func has(list record.Activities, id string) bool {
	return slices.ContainsFunc(list, func(o record.Object) bool { return o.ID == id })
}

func category(st record.Statement) record.Activities {
	if st.Context == nil || st.Context.ContextActivities == nil {
		return nil
	}
	return st.Context.ContextActivities.Category
}

// isDefined tells a cmi5-defined statement from a cmi5-allowed one.
func isDefined(st record.Statement) bool { return has(category(st), cmi5Category) }

// Defined gives the verb of a cmi5-defined statement in a word, "" for any other statement.
func Defined(st record.Statement) string {
	if !isDefined(st) {
		return ""
	}
	return st.Verb.ID[strings.LastIndex(st.Verb.ID, "/")+1:]
}

// judge tells whether a statement may be stored, after those of its batch that stand before it, and moves the session on.
func (l *LMS) judge(s *Session, st record.Statement, before []record.Statement) (Violation, bool) {
	var v Violation
	no := func(requirement, what string, args ...any) bool {
		v = Violation{requirement, fmt.Sprintf("%s %s: ", st.Verb.ID, st.Object.ID) + fmt.Sprintf(what, args...)}
		return true
	}
	if l.everyStatement(s, st, no) {
		return v, false
	}
	if l.Course.TinCan {
		return v, true
	}
	if l.order(s, st, no) || l.context(s, st, no) {
		return v, false
	}
	if isDefined(st) {
		if l.defined(s, st, before, no) {
			return v, false
		}
	} else if st.Object.ID == s.activity && knownVerb(st.Verb.ID) {
		no("9.6.2.1-1", "about the unit itself, without the category cmi5")
		return v, false
	}
	return v, true
}

type refusal func(requirement, what string, args ...any) bool

func knownVerb(id string) bool {
	for _, one := range verbs {
		if one == id {
			return true
		}
	}
	return false
}

func (l *LMS) everyStatement(s *Session, st record.Statement, no refusal) bool {
	var raw struct{ Actor, Result json.RawMessage }
	json.Unmarshal(st.Raw, &raw)
	at, err := time.Parse(time.RFC3339, st.Timestamp)
	_, offset := at.Zone()
	switch {
	case st.ID == "":
		return no("9.1.0.0-1", "without an id")
	case !same(string(raw.Actor), s.actor):
		return no("8.1.3.0-3", "of the actor %s", raw.Actor)
	case st.Verb.ID == "http://adlnet.gov/expapi/verbs/voided":
		return no("6.3.0.0-1", "voids another statement")
	case st.Timestamp == "":
		return no("9.7.0.0-1", "without a timestamp")
	case err != nil || offset != 0:
		return no("9.7.0.0-2", "at %s, which is not UTC", st.Timestamp)
	case st.Result != nil && st.Result.Score != nil && st.Result.Score.Raw != nil && (st.Result.Score.Min == nil || st.Result.Score.Max == nil):
		return no("9.5.1.0-3", "raw without min and max")
	}
	return false
}

func (l *LMS) order(s *Session, st record.Statement, no refusal) bool {
	first := isDefined(st) && st.Verb.ID == verbs["initialized"]
	switch {
	case s.terminated:
		return no("7.1.2.0-1", "after terminated")
	case !s.initialized && !first:
		return no("9.3.0.0-4", "before initialized")
	case first && s.initialized:
		return no("9.3.2.0-3", "a second time in the session")
	case first && !s.readData:
		return no("10.2.1.0-4", "before the launch data was read")
	case first && !s.readSettings:
		return no("11.0.0.0-3", "before the learner's preferences were read")
	}
	if first {
		s.initialized = true
	}
	return false
}

func (l *LMS) context(s *Session, st record.Statement, no refusal) bool {
	var raw struct{ Context map[string]any }
	json.Unmarshal(st.Raw, &raw)
	if raw.Context == nil {
		return no("10.2.1.0-6", "without a context")
	}
	extensions, _ := raw.Context["extensions"].(map[string]any)
	if extensions[sessionID] != s.ID {
		return no("9.6.3.1-4", "with the session id %v, not %s", extensions[sessionID], s.ID)
	}
	if got := st.Context.Registration; got != s.Registration {
		return no("9.6.1.0-1", "with the registration %q", got)
	}
	if missing := contains(raw.Context, s.template, "context"); missing != "" {
		return no("10.2.1.0-7", "%s is not as in the contextTemplate", missing)
	}
	// The category moveon stands nowhere but where a unit's own success or completion does.
	result := st.Result != nil && (st.Result.Success != nil || st.Result.Completion != nil)
	around := st.Context.ContextActivities
	if around == nil {
		return no("9.6.2.0-1", "without contextActivities")
	}
	for _, list := range []record.Activities{around.Parent, around.Grouping, around.Category, around.Other} {
		if has(list, moveOnCategory) && !(isDefined(st) && result) {
			return no("9.6.2.2-2", "with the category moveon")
		}
	}
	return false
}

// contains gives the place where a value lacks something of a template, "" where it has all of it. Lists of activities may
// have more than the template's.
func contains(value, template any, at string) string {
	switch want := template.(type) {
	case map[string]any:
		got, ok := value.(map[string]any)
		if !ok {
			return at
		}
		for key, part := range want {
			if missing := contains(got[key], part, at+"."+key); missing != "" {
				return missing
			}
		}
		return ""
	case []any:
		got, _ := value.([]any)
		if !strings.HasPrefix(at, "context.contextActivities.") {
			break
		}
		for i, part := range want {
			if !slices.ContainsFunc(got, func(one any) bool { return reflect.DeepEqual(one, part) }) {
				return fmt.Sprintf("%s[%d]", at, i)
			}
		}
		return ""
	}
	if !reflect.DeepEqual(value, template) {
		return at
	}
	return ""
}

// defined judges a cmi5-defined statement.
func (l *LMS) defined(s *Session, st record.Statement, before []record.Statement, no refusal) bool {
	verb := Defined(st)
	if verbs[verb] != st.Verb.ID {
		return no("9.3.0.0-1", "a unit has no such verb in defined statements")
	}
	var result record.Result
	if st.Result != nil {
		result = *st.Result
	}
	verdict := verb == "passed" || verb == "failed"
	earlier := func(verb string) bool {
		is := func(one record.Statement) bool {
			return isDefined(one) && one.Verb.ID == verbs[verb] && one.Object.ID == s.activity && one.Context.Registration == s.Registration
		}
		return slices.ContainsFunc(l.statements, is) || slices.ContainsFunc(before, is)
	}
	var scaled *float64
	if result.Score != nil {
		scaled = result.Score.Scaled
	}
	switch {
	case st.Actor.ObjectType != "Agent":
		return no("9.2.0.0-2", "of the actor type %q", st.Actor.ObjectType)
	case st.Object.ID != s.activity:
		return no("8.1.5.0-6", "not about the activityId of the launch")
	case s.used[verb]:
		return no("9.3.0.0-2", "a second time in the session")
	case verdict && (s.used["passed"] || s.used["failed"]):
		return no("9.3.0.0-3", "a second verdict in the session")
	case verb == "completed" && earlier("completed"):
		return no("9.3.0.0-6", "a second time in the registration")
	case verb == "passed" && earlier("passed"):
		return no("9.3.0.0-7", "a second time in the registration")
	case verb == "failed" && earlier("passed"):
		return no("9.3.0.0-8", "after passed")
	case s.Mode != "Normal" && verb != "initialized" && verb != "terminated":
		return no(map[string]string{"Browse": "10.2.2.0-9", "Review": "10.2.2.0-11"}[s.Mode], "in the mode %s", s.Mode)
	case result.Score != nil && !verdict:
		return no("9.5.1.0-2", "with a score")
	case verb == "passed" && s.mastery != nil && scaled != nil && *scaled < *s.mastery:
		return no("9.3.4.0-2", "with %v, where %v is needed", *scaled, *s.mastery)
	case verb == "failed" && s.mastery != nil && scaled != nil && *scaled >= *s.mastery:
		return no("9.3.5.0-2", "with %v, where %v is enough", *scaled, *s.mastery)
	case verdict && s.mastery != nil && result.Score != nil && !s.tellsMastery(st):
		return no("9.6.3.2-2", "without the masteryScore")
	case verb == "passed" && (result.Success == nil || !*result.Success):
		return no("9.5.2.0-1", "without success: true")
	case verb == "failed" && (result.Success == nil || *result.Success):
		return no("9.5.2.0-2", "without success: false")
	case !verdict && result.Success != nil:
		return no("9.5.2.0-3", "with success")
	case verb == "completed" && (result.Completion == nil || !*result.Completion):
		return no("9.5.3.0-1", "without completion: true")
	case verb != "completed" && result.Completion != nil:
		return no("9.5.3.0-2", "with completion")
	case verb != "initialized" && result.Duration == "":
		number := map[string]string{"terminated": "9.5.4.1-1", "completed": "9.5.4.1-2", "passed": "9.5.4.1-3", "failed": "9.5.4.1-4"}
		return no(number[verb], "without duration")
	case (verdict || verb == "completed") && !has(category(st), moveOnCategory):
		return no("9.6.2.2-1", "without the category moveon")
	}
	s.used[verb] = true
	if verb == "terminated" {
		s.terminated, s.endedAt = true, l.now()
	}
	return false
}

func (s *Session) tellsMastery(st record.Statement) bool {
	var told float64
	return json.Unmarshal(st.Context.Extensions[masteryScore], &told) == nil && told == *s.mastery
}
