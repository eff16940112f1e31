package record

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

var (
	uuidShape = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	})
	iriShape = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"{}|\\^` + "`" + `]+$`)
	})
	mailShape     = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^mailto:[^\s@]+@[^\s@]+$`) })
	sha1Shape     = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?i)^[0-9a-f]{40}$`) })
	languageShape = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$`) })
	durationShape = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^P(\d+(\.\d+)?W|(\d+(\.\d+)?Y)?(\d+(\.\d+)?M)?(\d+(\.\d+)?D)?(T(\d+(\.\d+)?H)?(\d+(\.\d+)?M)?(\d+(\.\d+)?S)?)?)$`)
	})
	versionShape = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(1\.0(\.\d+)?|2\.0(\.\d+)?)$`) })
)

// IsUUID tells whether a text is a UUID in its usual spelling.
func IsUUID(s string) bool { return uuidShape().MatchString(s) }

func wrong(at, reason string, args ...any) *Error {
	return &Error{At: at, Reason: fmt.Sprintf(reason, args...)}
}

// check judges what the types alone do not say.
func (s *Statement) check() *Error {
	if s.ID != "" && !IsUUID(s.ID) {
		return wrong("/id", "%q is not a UUID", s.ID)
	}
	if err := s.Actor.check("/actor"); err != nil {
		return err
	}
	if err := s.Verb.check(); err != nil {
		return err
	}
	if err := s.Object.check("/object"); err != nil {
		return err
	}
	if s.Verb.ID == "http://adlnet.gov/expapi/verbs/voided" && s.Object.ObjectType != "StatementRef" {
		return wrong("/object", "only another statement can be voided")
	}
	if s.Result != nil {
		if err := s.Result.check(); err != nil {
			return err
		}
	}
	if s.Context != nil {
		if err := s.Context.check(s.Object); err != nil {
			return err
		}
	}
	if err := checkTime("/timestamp", s.Timestamp); err != nil {
		return err
	}
	if err := checkTime("/stored", s.Stored); err != nil {
		return err
	}
	if s.Authority != nil {
		if err := s.Authority.check("/authority"); err != nil {
			return err
		}
	}
	if s.Version != "" && !versionShape().MatchString(s.Version) {
		return wrong("/version", "version %q is not known", s.Version)
	}
	if s.Attachments != nil {
		return wrong("/attachments", "attachments are not taken")
	}
	return nil
}

func checkTime(at, t string) *Error {
	if t == "" {
		return nil
	}
	if _, err := time.Parse(time.RFC3339, strings.ToUpper(t)); err != nil || strings.HasSuffix(t, "-00:00") {
		return wrong(at, "%q is not a time with its zone, like 2025-02-03T10:20:30.456Z", t)
	}
	return nil
}

func (a *Actor) check(at string) *Error {
	names := 0
	for _, is := range []bool{a.Account != nil, a.Mbox != "", a.MboxSHA1Sum != "", a.OpenID != ""} {
		if is {
			names++
		}
	}
	anonymous := a.ObjectType == "Group" && names == 0
	switch {
	case a.ObjectType != "" && a.ObjectType != "Agent" && a.ObjectType != "Group":
		return wrong(at+"/objectType", "an actor is an Agent or a Group, not %q", a.ObjectType)
	case anonymous && len(a.Member) == 0:
		return wrong(at, "a group without a name has members")
	case names != 1 && !anonymous:
		return wrong(at, "an actor is named in exactly one way: account, mbox, mbox_sha1sum or openid; here are %d", names)
	case a.ObjectType != "Group" && a.Member != nil:
		return wrong(at+"/member", "only a Group has members")
	case a.Account != nil && !iriShape().MatchString(a.Account.HomePage):
		return wrong(at+"/account/homePage", "%q is not an IRI", a.Account.HomePage)
	case a.Account != nil && a.Account.Name == "":
		return wrong(at+"/account/name", "the name is empty")
	case a.Mbox != "" && !mailShape().MatchString(a.Mbox):
		return wrong(at+"/mbox", "%q is not mailto: and an address", a.Mbox)
	case a.MboxSHA1Sum != "" && !sha1Shape().MatchString(a.MboxSHA1Sum):
		return wrong(at+"/mbox_sha1sum", "it is not a SHA-1 in hexadecimal")
	case a.OpenID != "" && !iriShape().MatchString(a.OpenID):
		return wrong(at+"/openid", "%q is not an IRI", a.OpenID)
	}
	for i := range a.Member {
		if a.Member[i].ObjectType == "Group" {
			return wrong(fmt.Sprintf("%s/member/%d", at, i), "a group has no groups in it")
		}
		if err := a.Member[i].check(fmt.Sprintf("%s/member/%d", at, i)); err != nil {
			return err
		}
	}
	return nil
}

func (v *Verb) check() *Error {
	if !iriShape().MatchString(v.ID) {
		return wrong("/verb/id", "%q is not an IRI", v.ID)
	}
	return v.Display.check("/verb/display")
}

func (l Language) check(at string) *Error {
	for _, tag := range slices.Sorted(maps.Keys(l)) {
		if !languageShape().MatchString(tag) {
			return wrong(at, "%q is not a language tag", tag)
		}
	}
	return nil
}

func (e Extensions) check(at string) *Error {
	for _, key := range slices.Sorted(maps.Keys(e)) {
		if !iriShape().MatchString(key) {
			return wrong(at, "the extension %q is not an IRI", key)
		}
	}
	return nil
}

func (o *Object) check(at string) *Error {
	if o.ObjectType != "" && o.ObjectType != "Activity" {
		return nil // judged when it was read
	}
	if !iriShape().MatchString(o.ID) {
		return wrong(at+"/id", "%q is not an IRI", o.ID)
	}
	if o.Definition == nil {
		return nil
	}
	return o.Definition.check(at + "/definition")
}

func (d *Definition) check(at string) *Error {
	if err := d.Name.check(at + "/name"); err != nil {
		return err
	}
	if err := d.Description.check(at + "/description"); err != nil {
		return err
	}
	if err := d.Extensions.check(at + "/extensions"); err != nil {
		return err
	}
	if d.Type != "" && !iriShape().MatchString(d.Type) {
		return wrong(at+"/type", "%q is not an IRI", d.Type)
	}
	if d.MoreInfo != "" && !iriShape().MatchString(d.MoreInfo) {
		return wrong(at+"/moreInfo", "%q is not an IRI", d.MoreInfo)
	}
	switch d.InteractionType {
	case "", "true-false", "choice", "fill-in", "long-fill-in", "matching", "performance", "sequencing", "likert", "numeric", "other":
	default:
		return wrong(at+"/interactionType", "%q is not an interaction type", d.InteractionType)
	}
	lists := []struct {
		name  string
		parts []Component
	}{{"choices", d.Choices}, {"scale", d.Scale}, {"source", d.Source}, {"target", d.Target}, {"steps", d.Steps}}
	interactive := d.CorrectResponsesPattern != nil
	for _, l := range lists {
		interactive = interactive || l.parts != nil
		seen := map[string]bool{}
		for i, part := range l.parts {
			here := fmt.Sprintf("%s/%s/%d", at, l.name, i)
			if part.ID == "" || seen[part.ID] {
				return wrong(here+"/id", "each has an id of its own; this one is %q", part.ID)
			}
			seen[part.ID] = true
			if err := part.Description.check(here + "/description"); err != nil {
				return err
			}
		}
	}
	if interactive && d.InteractionType == "" {
		return wrong(at, "an interaction needs its interactionType")
	}
	return nil
}

func (r *Result) check() *Error {
	if r.Duration != "" && (!durationShape().MatchString(r.Duration) || strings.HasSuffix(r.Duration, "P") || strings.HasSuffix(r.Duration, "T")) {
		return wrong("/result/duration", "%q is not a duration like PT1M30S", r.Duration)
	}
	if err := r.Extensions.check("/result/extensions"); err != nil {
		return err
	}
	s := r.Score
	switch {
	case s == nil:
	case s.Scaled != nil && (*s.Scaled < -1 || *s.Scaled > 1):
		return wrong("/result/score/scaled", "%v is not between -1 and 1", *s.Scaled)
	case s.Min != nil && s.Max != nil && *s.Min >= *s.Max:
		return wrong("/result/score", "min %v is not below max %v", *s.Min, *s.Max)
	case s.Raw != nil && s.Min != nil && *s.Raw < *s.Min, s.Raw != nil && s.Max != nil && *s.Raw > *s.Max:
		return wrong("/result/score/raw", "%v is not between min and max", *s.Raw)
	}
	return nil
}

func (c *Context) check(object Object) *Error {
	activity := object.ObjectType == "" || object.ObjectType == "Activity"
	switch {
	case c.Registration != "" && !IsUUID(c.Registration):
		return wrong("/context/registration", "%q is not a UUID", c.Registration)
	case c.Language != "" && !languageShape().MatchString(c.Language):
		return wrong("/context/language", "%q is not a language tag", c.Language)
	case !activity && (c.Revision != "" || c.Platform != ""):
		return wrong("/context", "revision and platform belong to activities")
	}
	if err := c.Extensions.check("/context/extensions"); err != nil {
		return err
	}
	if c.Statement != nil {
		if err := c.Statement.check("/context/statement"); err != nil {
			return err
		}
	}
	if c.Instructor != nil {
		if err := c.Instructor.check("/context/instructor"); err != nil {
			return err
		}
	}
	if c.Team != nil {
		if c.Team.ObjectType != "Group" {
			return wrong("/context/team", "a team is a Group")
		}
		if err := c.Team.check("/context/team"); err != nil {
			return err
		}
	}
	if c.ContextActivities == nil {
		return nil
	}
	around := c.ContextActivities
	lists := []struct {
		name string
		list Activities
	}{{"parent", around.Parent}, {"grouping", around.Grouping}, {"category", around.Category}, {"other", around.Other}}
	for _, l := range lists {
		for i := range l.list {
			at := fmt.Sprintf("/context/contextActivities/%s/%d", l.name, i)
			if t := l.list[i].ObjectType; t != "" && t != "Activity" {
				return wrong(at, "only activities stand here")
			}
			if err := l.list[i].check(at); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *Reference) check(at string) *Error {
	if r.ObjectType != "StatementRef" || !IsUUID(r.ID) {
		return wrong(at, "a reference has the objectType StatementRef and a UUID")
	}
	return nil
}
