package lms

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
)

// document is what stands under a key of the State or the Agent Profile resource.
type document struct {
	content []byte
	kind    string // Content-Type
	etag    string
}

func newDocument(content []byte) document {
	return document{content, "application/json", etag(content)}
}

func etag(content []byte) string { return fmt.Sprintf(`"%x"`, sha256.Sum256(content)) }

func stateKey(s *Session, id string) string {
	return strings.Join([]string{"state", s.activity, s.Learner, s.Registration, id}, "\x00")
}

func profileKey(s *Session, id string) string {
	return strings.Join([]string{"profile", s.Learner, id}, "\x00")
}

// Document is the content of the session's State document, nil where there is none.
func (s *Session) Document(id string) []byte {
	s.lms.mu.Lock()
	defer s.lms.mu.Unlock()
	return s.lms.documents[stateKey(s, id)].content
}

// Documents are the ids of the documents that the unit has put there.
func (s *Session) Documents() []string {
	s.lms.mu.Lock()
	defer s.lms.mu.Unlock()
	var ids []string
	for key := range s.lms.documents {
		if id, ok := strings.CutPrefix(key, stateKey(s, "")); ok && id != launchData {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

func (l *LMS) serveState(w http.ResponseWriter, r *http.Request, s *Session) {
	q := r.URL.Query()
	if !l.concerns(w, q, s) {
		return
	}
	id := q.Get("stateId")
	switch {
	case q.Get("activityId") != s.activity:
		l.refuse(w, http.StatusForbidden, l.violate("8.1.5.0-6", "a state of the activity %q", q.Get("activityId")))
		return
	case id == launchData && r.Method != http.MethodGet:
		l.refuse(w, http.StatusForbidden, l.violate("10.2.1.0-5", "%s of %s", r.Method, launchData))
		return
	case id == "" && r.Method != http.MethodGet:
		l.refuse(w, http.StatusBadRequest, l.violate("xapi", "%s of a state without stateId", r.Method))
		return
	}
	if id == launchData {
		s.readData = true
	}
	l.serveDocument(w, r, stateKey(s, id))
}

func (l *LMS) serveProfile(w http.ResponseWriter, r *http.Request, s *Session) {
	q := r.URL.Query()
	if !same(q.Get("agent"), s.actor) {
		l.refuse(w, http.StatusForbidden, l.violate("11.0.0.0-1", "a profile of the agent %s", q.Get("agent")))
		return
	}
	if q.Get("profileId") != preferences {
		l.refuse(w, http.StatusBadRequest, l.violate("11.0.0.0-4", "a profile called %q", q.Get("profileId")))
		return
	}
	if r.Method != http.MethodGet {
		http.Error(w, "the learner's preferences are not to be changed here", http.StatusForbidden)
		return
	}
	s.readSettings = true
	l.serveDocument(w, r, profileKey(s, preferences))
}

// concerns tells whether a request for a document is about the learner and the enrolment that were launched.
func (l *LMS) concerns(w http.ResponseWriter, q url.Values, s *Session) bool {
	if !same(q.Get("agent"), s.actor) {
		l.refuse(w, http.StatusForbidden, l.violate("8.1.3.0-3", "a state of the agent %s", q.Get("agent")))
		return false
	}
	if q.Get("registration") != s.Registration && !s.lms.Course.TinCan {
		l.refuse(w, http.StatusForbidden, l.violate("8.1.4.0-3", "a state of the registration %q", q.Get("registration")))
		return false
	}
	return true
}

func (l *LMS) serveDocument(w http.ResponseWriter, r *http.Request, key string) {
	have, there := l.documents[key]
	if m := r.Header.Get("If-Match"); m != "" && (!there || m != "*" && m != have.etag) ||
		there && r.Header.Get("If-None-Match") == "*" {
		http.Error(w, "it was changed meanwhile", http.StatusPreconditionFailed)
		return
	}
	switch r.Method {
	case http.MethodGet:
		if !there {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("ETag", have.etag)
		w.Header().Set("Content-Type", have.kind)
		w.Write(have.content)
	case http.MethodPut:
		content, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		kind := r.Header.Get("Content-Type")
		if strings.HasPrefix(kind, "application/json") && !json.Valid(content) {
			l.refuse(w, http.StatusBadRequest, l.violate("xapi", "a document that is called JSON and is none"))
			return
		}
		l.documents[key] = document{content, kind, etag(content)}
		w.Header().Set("ETag", etag(content))
		w.WriteHeader(http.StatusNoContent)
		l.tell()
	case http.MethodDelete:
		delete(l.documents, key)
		w.WriteHeader(http.StatusNoContent)
	default:
		http.Error(w, "not so", http.StatusMethodNotAllowed)
	}
}

// same tells whether a text is the same JSON value.
func same(text string, value []byte) bool {
	var a, b any
	return json.Unmarshal([]byte(text), &a) == nil && json.Unmarshal(bytes.TrimSpace(value), &b) == nil && reflect.DeepEqual(a, b)
}
