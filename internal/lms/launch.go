package lms

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"sopan.dev/sopan/record"
)

// Launch says how a learner comes to a unit. The zero value is an ordinary launch of the first unit.
type Launch struct {
	Unit         int
	Learner      string   // name of the account; "" is "learner-1"
	Registration string   // "" is the learner's first enrolment, always the same
	Mode         string   // Normal, Browse, Review
	Language     string   // the learner's preference: "hi-IN,en"; "" for no preferences, which is usual
	Audio        string   // "on", "off"
	MasteryScore *float64 // set by an administrator, over that of the package
	NoReturn     bool     // without a returnURL
	NoData       bool     // the platform forgets its LMS.LaunchData
	Without      []string // launch parameters to leave out, for what happens then
}

// Session is one launch.
type Session struct {
	ID  string
	URL string // to open in a browser
	Launch

	lms          *LMS
	unit         Unit
	actor        json.RawMessage
	activity     string
	template     map[string]any
	mastery      *float64
	code         string // of the fetch address
	token        string
	launchedAt   time.Time
	endedAt      time.Time
	fetched      bool
	asked        int // how often the token was asked for
	readData     bool
	readSettings bool
	initialized  bool
	terminated   bool
	abandoned    bool
	expired      bool
	used         map[string]bool // defined verbs of this session
}

// The names that cmi5 gives things.
const (
	cmi5Category   = "https://w3id.org/xapi/cmi5/context/categories/cmi5"
	moveOnCategory = "https://w3id.org/xapi/cmi5/context/categories/moveon"
	sessionID      = "https://w3id.org/xapi/cmi5/context/extensions/sessionid"
	masteryScore   = "https://w3id.org/xapi/cmi5/context/extensions/masteryscore"
	launchData     = "LMS.LaunchData"
	preferences    = "cmi5LearnerPreferences"
)

// Launch prepares a session and gives it with the address to open.
func (l *LMS) Launch(how Launch) *Session {
	l.mu.Lock()
	defer l.mu.Unlock()
	if how.Learner == "" {
		how.Learner = "learner-1"
	}
	if how.Registration == "" {
		how.Registration = derived("registration", how.Learner, l.Course.ID)
	}
	if how.Mode == "" {
		how.Mode = "Normal"
	}
	unit := l.Course.Units[how.Unit]
	s := &Session{
		ID: fmt.Sprintf("session-%d", len(l.sessions)+1), Launch: how, lms: l, unit: unit,
		activity: l.API + "unit/" + derived(how.Registration, unit.ID), launchedAt: l.now(), used: map[string]bool{},
		mastery: unit.MasteryScore,
	}
	if how.MasteryScore != nil {
		s.mastery = how.MasteryScore
	}
	s.code = derived("code", s.ID, how.Registration)
	s.token = base64.StdEncoding.EncodeToString([]byte("session:" + derived("token", s.ID, how.Registration)))
	s.actor, _ = json.Marshal(map[string]any{"objectType": "Agent", "account": map[string]string{"homePage": "https://lms.example.org", "name": how.Learner}})
	query := url.Values{}
	if l.Course.TinCan {
		s.activity = unit.ID
		s.fetched, s.readData, s.readSettings = true, true, true
		query.Set("endpoint", l.API+"xapi/")
		query.Set("auth", "Basic "+s.token)
		query.Set("actor", string(s.actor))
		query.Set("registration", how.Registration)
		query.Set("activity_id", unit.ID)
	} else {
		s.template = map[string]any{
			"contextActivities": map[string]any{"grouping": []any{map[string]any{"objectType": "Activity", "id": unit.ID}}},
			"extensions":        map[string]any{sessionID: s.ID, "https://lms.example.org/cohort": map[string]any{"name": "2026", "of": []any{1.0, nil}}},
		}
		l.prepare(s)
		query.Set("endpoint", l.API+"xapi/")
		query.Set("fetch", l.API+"fetch?code="+s.code)
		query.Set("actor", string(s.actor))
		query.Set("registration", how.Registration)
		query.Set("activityId", s.activity)
	}
	for _, name := range how.Without {
		query.Del(name)
	}
	address := unit.URL
	if at, err := url.Parse(address); err != nil || !at.IsAbs() {
		address = l.Content + address
	}
	joint := "?"
	if strings.Contains(address, "?") {
		joint = "&"
	}
	s.URL = address + joint + query.Encode()
	l.sessions = append(l.sessions, s)
	return s
}

// prepare lays the launch data and the preferences down, and records that the unit was launched.
func (l *LMS) prepare(s *Session) {
	data := map[string]any{"contextTemplate": s.template, "launchMode": s.Mode, "launchMethod": s.unit.LaunchMethod, "moveOn": s.unit.MoveOn}
	extensions := map[string]any{
		sessionID: s.ID,
		"https://w3id.org/xapi/cmi5/context/extensions/launchmode": s.Mode,
		"https://w3id.org/xapi/cmi5/context/extensions/launchurl":  l.Content + s.unit.URL,
		"https://w3id.org/xapi/cmi5/context/extensions/moveon":     s.unit.MoveOn,
	}
	if s.mastery != nil {
		data["masteryScore"] = *s.mastery
		extensions[masteryScore] = *s.mastery
	}
	if s.unit.Parameters != "" {
		data["launchParameters"] = s.unit.Parameters
		extensions["https://w3id.org/xapi/cmi5/context/extensions/launchparameters"] = s.unit.Parameters
	}
	if !s.NoReturn {
		data["returnURL"] = l.API + "return"
	}
	key := stateKey(s, launchData)
	delete(l.documents, key)
	if !s.NoData {
		content, _ := json.Marshal(data)
		l.documents[key] = newDocument(content)
	}
	if s.Language != "" {
		audio := s.Audio
		if audio == "" {
			audio = "on"
		}
		content, _ := json.Marshal(map[string]string{"languagePreference": s.Language, "audioPreference": audio})
		l.documents[profileKey(s, preferences)] = newDocument(content)
	}
	l.own(s, "http://adlnet.gov/expapi/verbs/launched", nil, extensions)
}

// own stores a statement of the platform itself.
func (l *LMS) own(s *Session, verb string, result map[string]any, extensions map[string]any) {
	statement := map[string]any{
		"id": record.NewID(), "actor": s.actor, "verb": map[string]any{"id": verb},
		"object":    map[string]any{"objectType": "Activity", "id": s.activity},
		"timestamp": l.now().UTC().Format(time.RFC3339Nano),
		"context": map[string]any{
			"registration": s.Registration, "extensions": extensions,
			"contextActivities": map[string]any{"category": []any{map[string]any{"id": cmi5Category}}, "grouping": []any{map[string]any{"id": s.unit.ID}}},
		},
	}
	if result != nil {
		statement["result"] = result
	}
	text, _ := json.Marshal(statement)
	list, _, err := record.Read(text)
	if err != nil {
		panic("the platform's own statement is wrong: " + err.Error())
	}
	l.store(list[0])
}

// Abandon ends a session that the platform has lost.
func (s *Session) Abandon() {
	s.lms.mu.Lock()
	defer s.lms.mu.Unlock()
	if s.terminated || s.abandoned {
		return
	}
	s.abandoned = true
	duration := fmt.Sprintf("PT%.0fS", s.lms.now().Sub(s.launchedAt).Seconds())
	s.lms.own(s, "https://w3id.org/xapi/adl/verbs/abandoned", map[string]any{"duration": duration}, map[string]any{sessionID: s.ID})
}

// Expire makes the platform forget the session's token, as after a night.
func (s *Session) Expire() {
	s.lms.mu.Lock()
	defer s.lms.mu.Unlock()
	s.expired = true
}

// Open tells whether the session has begun and not ended.
func (s *Session) Open() bool {
	s.lms.mu.Lock()
	defer s.lms.mu.Unlock()
	return s.initialized && !s.terminated
}

// Met tells whether a learner has met the moveOn criterion of a unit.
func (l *LMS) Met(s *Session) bool {
	completed, passed := false, false
	for _, st := range l.Statements() {
		if st.Object.ID == s.activity && st.Context.Registration == s.Registration && isDefined(st) {
			completed = completed || st.Verb.ID == verbs["completed"]
			passed = passed || st.Verb.ID == verbs["passed"]
		}
	}
	switch s.unit.MoveOn {
	case "Passed":
		return passed
	case "Completed":
		return completed
	case "CompletedAndPassed":
		return completed && passed
	case "CompletedOrPassed":
		return completed || passed
	}
	return true
}

// serveToken gives the token of a session away, once.
func (l *LMS) serveToken(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	answer := func(v map[string]string) { json.NewEncoder(w).Encode(v) }
	for _, s := range l.sessions {
		if s.code == "" || r.URL.Query().Get("code") != s.code {
			continue
		}
		if r.Method != http.MethodPost {
			l.refuse(w, http.StatusMethodNotAllowed, l.violate("8.1.2.0-4", "%s to the fetch address", r.Method))
			return
		}
		if s.asked++; s.asked > 1 {
			l.violate("8.2.3.0-1", "the token was asked for %d times", s.asked)
			answer(map[string]string{"error-code": "1", "error-text": "The token was fetched already."})
			return
		}
		s.fetched = true
		answer(map[string]string{"auth-token": s.token})
		return
	}
	answer(map[string]string{"error-code": "3", "error-text": "There is no such session."})
}

// derived is a UUID made of names: the platform's own ids are the same in each run.
func derived(names ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(names, "\x00")))
	b := sum[:16]
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
